package dashboard

import (
	"html/template"
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/workbook"
)

// qualityView is the page about data: who submitted what when, what went back,
// what the checks found and which published figures changed since.
type qualityView struct {
	Sentence    string
	Submissions template.HTML
	Held        []held
	Calendars   []calendar
	Records     []record
	Reasons     *rows
	Rejects     *rows
	Personal    *rows // columns that hold identity numbers unasked for; nil: none does
	Matched     template.HTML
	MatchRows   *rows
	Checks      []checkLine
	Summary     string
	Failed      template.HTML
	All         *rows
	Amended     *rows // rows that withdraw, replace or bring back others
	Restated    *rows
	Causes      []stat
}

func (w *site) quality() error {
	v := &qualityView{Sentence: w.d.SubmissionSentence(), Held: heldFiles(w.d.Snapshot.Held),
		Calendars: calendars(w.d.Snapshot.Calendar, w.d.Snapshot.Release.Today), Records: w.records()}
	var err error
	if v.Submissions, err = w.submissions().SortableHTML(); err != nil {
		return err
	}
	for _, section := range []func(*qualityView) error{w.checked, w.returned, w.amendedAll, w.restated} {
		if err := section(v); err != nil {
			return err
		}
	}
	return w.put(page{file: "quality.html", title: "数据质量", template: "quality", data: v})
}

// submissions is how every bureau's source stands, its numbers leading to the files.
func (w *site) submissions() workbook.Table {
	t := w.d.SubmissionTable()
	for i, s := range w.d.Snapshot.Submissions {
		if s.Batches == 0 || w.behind == nil {
			continue
		}
		cells, files := t.Rows[i].Cells, filesFrom(s.Name, s.Bureau)
		for n := 5; n < len(cells); n++ {
			switch title := t.Columns[n].Title; title {
			case "批次":
				cells[n] = counted(s.Batches, files)
			case "待匹配（行）":
				cells[n] = counted(int(s.Unmatched), where("quality.html", "q-matched", "数据", s.Name, "结果", "待匹配"))
			default:
				cells[n] = summed(float64(cells[n].(int64)), title, files)
			}
		}
	}
	return t
}

// checked lists the checks, those that found something first and in full.
func (w *site) checked(v *qualityView) error {
	part := &view{}
	if err := part.checked(w.d); err != nil {
		return err
	}
	v.Checks, v.Summary = part.Checks, part.ChecksSummary
	found := *w.d.Snapshot
	found.Checks = slices.DeleteFunc(slices.Clone(found.Checks), func(c kpi.Check) bool { return c.Status == kpi.CheckPassed })
	only := *w.d
	only.Snapshot = &found
	table := only.CheckTable()
	table.Empty = "没有未通过或提示的校核"
	var err error
	if v.Failed, err = table.HTML(); err != nil {
		return err
	}
	v.All = w.rows("q-checks", asWords.of("校核"), asText.of("类别", "结果"), asNumber.of("不符（行）"))
	for _, c := range w.d.Snapshot.Checks {
		v.All.add(word(c.Title, c.Name), digest.CheckKind(c.Kind), digest.CheckStatus(c.Status), c.Rows)
	}
	return v.All.end()
}

// returned lists what of which file is open and why, and rows that wait for a match.
func (w *site) returned(v *qualityView) error {
	var err error
	if v.Rejects, err = w.openFiles("q-rejects", w.detail.Returns); err != nil {
		return err
	}
	if v.Reasons, err = w.openReasons("q-reasons", w.detail.Returns); err != nil {
		return err
	}
	if v.Personal, err = w.personal(w.detail.Personal); err != nil {
		return err
	}
	return w.matched(v)
}

// personal lists the columns in which identity numbers were found: the office asks the
// bureau for another number. The numbers themselves stand nowhere.
func (w *site) personal(found []kpi.PersonalFound) (*rows, error) {
	if len(found) == 0 {
		return nil, nil
	}
	t := w.rows("q-personal", asText.of("报送单位"), asWords.of("数据", "文件"), asText.of("列"), asNumber.of("单元格（个）"))
	for _, f := range found {
		t.add(f.Bureau, f.Source, f.File, f.Column, f.Cells)
	}
	return t, t.end()
}

// matchWays are the ways a row's enterprise is told or not: the word of its rows, the
// heading of its column and, beside the word, whether a figure counts the row.
var matchWays = []struct {
	how, word, counts string
	of                func(kpi.MatchQuality) int64
}{
	{"number", "按注册号", "计入", func(m kpi.MatchQuality) int64 { return m.ByNumber }},
	{"former_name", "按曾用名", "计入", func(m kpi.MatchQuality) int64 { return m.ByFormer }},
	{"name", "按名称", "计入", func(m kpi.MatchQuality) int64 { return m.ByName }},
	{"decision", "按认定", "计入", func(m kpi.MatchQuality) int64 { return m.ByDecision }},
	{"pending", "待认定", "待匹配", func(m kpi.MatchQuality) int64 { return m.Pending }},
	{"strange", "无匹配", "待匹配", func(m kpi.MatchQuality) int64 { return m.Strange }},
	{"left_out", "不计入", "不计入", func(m kpi.MatchQuality) int64 { return m.LeftOut }},
}

// matchChunk is how many rows of matches a file holds: names come back all through them,
// and are written once in a file.
const matchChunk = 10000

// matched counts how rows found their enterprises, and lists those that no code told;
// the many that a code told stand in their source's files.
func (w *site) matched(v *qualityView) error {
	names := w.sourceNames()
	t := workbook.New("企业识别", "没有需识别企业的行", workbook.Text.Of("数据"), workbook.Count.Of("行数", "按代码"))
	for _, way := range matchWays {
		t.Columns = append(t.Columns, workbook.Count.Of(way.word)...)
	}
	t.Columns = append(t.Columns, workbook.Percent.Of("识别率（%）")...)
	for _, m := range w.detail.Matched {
		name := word(names[m.Source], m.Name)
		files := filesOf(name)
		cells := []any{name, workbook.Link{Value: m.Rows, Href: files, Sum: true}, workbook.Link{Value: m.ByCode, Href: files, Sum: true}}
		found := m.ByCode
		for _, way := range matchWays {
			n := way.of(m)
			if way.counts == "计入" {
				found += n
			}
			cells = append(cells, counted(int(n), where("quality.html", "q-matched", "数据", name, "识别", way.word)))
		}
		t.Add(append(cells, 100*float64(found)/float64(m.Rows))...)
	}
	var err error
	if v.Matched, err = t.SortableHTML(); err != nil {
		return err
	}
	words := map[string][2]string{}
	for _, way := range matchWays {
		words[way.how] = [2]string{way.word, way.counts}
	}
	v.MatchRows = w.rows("q-matched", asText.of("数据", "识别", "结果"), asWords.of("所写名称"), asText.of("所写代码"),
		asWords.of("企业"), asText.of("统一社会信用代码"), placed)
	v.MatchRows.Chunk = matchChunk
	v.MatchRows.Empty = "没有未按代码识别的行"
	for _, m := range w.detail.MatchRows {
		how := words[m.How]
		if m.NamedAs == m.Name {
			m.NamedAs = ""
		}
		v.MatchRows.add(word(names[m.Source], m.Source), how[0], how[1], m.Name, m.NamedAs, m.Matched, m.EntityID, m.Place)
	}
	return v.MatchRows.end()
}
