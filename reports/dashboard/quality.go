package dashboard

import (
	"fmt"
	"html/template"
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
)

// qualityView is the page about data: who submitted what when, what went back,
// what the checks found and which published figures changed since.
type qualityView struct {
	Sentence    string
	Submissions template.HTML
	Calendar    calendar
	Reasons     *rows
	Rejects     *rows
	Unmatched   *rows
	Checks      []checkLine
	Summary     string
	Failed      template.HTML
	All         *rows
	Restated    *rows
	Causes      []stat
}

func (w *site) quality() error {
	v := &qualityView{Sentence: w.d.SubmissionSentence(), Calendar: w.calendar()}
	var err error
	if v.Submissions, err = w.d.SubmissionTable().SortableHTML(); err != nil {
		return err
	}
	for _, section := range []func(*qualityView) error{w.checked, w.returned, w.restated} {
		if err := section(v); err != nil {
			return err
		}
	}
	return w.put(page{file: "quality.html", title: "数据质量", template: "quality", data: v})
}

// checked lists the checks, those that found something first and in full.
func (w *site) checked(v *qualityView) error {
	part := &view{}
	if err := part.checked(w.d); err != nil {
		return err
	}
	v.Checks, v.Summary = part.Checks, part.ChecksSummary
	found := *w.d.Snapshot
	found.Checks = slices.DeleteFunc(slices.Clone(found.Checks), func(c kpi.Check) bool { return c.Status == "passed" })
	only := *w.d
	only.Snapshot = &found
	table := only.CheckTable()
	table.Empty = "没有未通过或提示的校核"
	var err error
	if v.Failed, err = table.HTML(); err != nil {
		return err
	}
	v.All = w.rows("q-checks", column{"校核", asWords}, column{"类别", asText}, column{"结果", asText}, column{"不符（行）", asNumber})
	for _, c := range w.d.Snapshot.Checks {
		v.All.add(word(c.Title, c.Name), digest.CheckKind(c.Kind), digest.CheckStatus(c.Status), c.Rows)
	}
	return v.All.end()
}

// returned lists the files with rows that went back, and rows that wait for a match.
func (w *site) returned(v *qualityView) error {
	v.Rejects = w.rows("q-rejects", column{"报送单位", asText}, column{"文件", asWords}, column{"数据日期", asDay}, column{"读取（行）", asNumber},
		column{"入库（行）", asNumber}, column{"退回（行）", asNumber}, column{"剔除（行）", asNumber})
	v.Rejects.Empty = "没有退回的行"
	for _, b := range slices.Backward(w.detail.Batches) {
		if b.Rejected > 0 {
			v.Rejects.add(b.Bureau, b.File, b.DataDate, b.Read, b.Loaded, b.Rejected, b.Dropped)
		}
	}
	if err := v.Rejects.end(); err != nil {
		return err
	}
	names := map[string]string{}
	for _, s := range w.d.Snapshot.Submissions {
		names[s.Source] = s.Name
	}
	v.Reasons = w.rows("q-reasons", column{"报送单位", asText}, column{"数据", asWords}, column{"列", asText}, column{"原因", asWords}, column{"退回（行）", asNumber})
	v.Reasons.Empty = "没有退回的行"
	for _, r := range w.detail.Returned {
		v.Reasons.add(r.Bureau, word(names[r.Source], r.Source), word(r.Column, "整行"), r.Words, r.Rows)
	}
	if err := v.Reasons.end(); err != nil {
		return err
	}
	v.Unmatched = w.rows("q-unmatched", column{"数据", asText}, column{"所写名称", asWords}, column{"所用代码或名称", asText}, column{"文件", asWords}, column{"工作表", asText}, column{"行", asNumber})
	v.Unmatched.Empty = "没有待匹配的行"
	for _, u := range w.detail.Unmatched {
		v.Unmatched.add(word(names[u.Source], u.Source), u.Name, u.NamedAs, u.File, u.Sheet, u.Row)
	}
	return v.Unmatched.end()
}

// restated lists figures of closed quarters that read differently now.
func (w *site) restated(v *qualityView) error {
	v.Restated = w.rows("q-restated", column{"季度", asText}, column{"编号", asText}, column{"事项", asWords}, column{"地区", asText},
		column{"原公布", asNumber}, column{"现为", asNumber}, column{"单位", asText}, column{"原因", asText}, column{"新增（条）", asNumber}, column{"减少（条）", asNumber})
	v.Restated.Empty = "已关账季度的数字没有变动"
	items := map[string]digest.Item{}
	for _, it := range w.items() {
		items[it.ID] = it
	}
	cell := func(p *float64, unit string) any {
		if p == nil {
			return nil
		}
		scaled, _ := figure.Tabular(p, unit)
		return *scaled
	}
	causes := map[kpi.Cause]int{}
	for _, r := range w.d.Snapshot.Restated {
		it := items[r.ID]
		name, unit := it.Name, it.UnitName()
		for _, m := range it.Also {
			if m.Name == r.Measure {
				name, unit = name+"·"+m.Title, word(m.Unit, unit)
			}
		}
		_, printed := figure.Tabular(nil, unit)
		v.Restated.add(r.Quarter.String(), r.ID, name, w.region(r.Region), cell(r.Old, unit), cell(r.New, unit), printed, r.Cause.Chinese(), r.Came, r.Went)
		causes[r.Cause]++
	}
	for _, c := range []kpi.Cause{kpi.LateData, kpi.CorrectedData, kpi.ChangedDefinition} {
		if causes[c] > 0 {
			v.Causes = append(v.Causes, stat{Name: c.Chinese(), fig: fig{Text: fmt.Sprintf("%d 个数字", causes[c])}})
		}
	}
	return v.Restated.end()
}

// calendar is which source covered which quarter.
type calendar struct {
	Quarters []string
	Rows     []calendarRow
}

type calendarRow struct {
	Name, Bureau string
	Cells        []calendarCell
}

type calendarCell struct{ Class, Symbol, Title string }

// calendarQuarters is how far back the calendar goes.
const calendarQuarters = 8

// calendar marks, for each source and each of the last quarters, whether a file
// with a data date in it was loaded, and whether rows of it went back.
func (w *site) calendar() calendar {
	type slot struct {
		source string
		q      kpi.Quarter
	}
	files, back := map[slot]int{}, map[slot]int64{}
	for _, b := range w.detail.Batches {
		s := slot{b.Source, kpi.QuarterOf(b.DataDate)}
		files[s]++
		back[s] += b.Rejected
	}
	var c calendar
	first := kpi.QuarterOf(w.d.AsOf()).Add(1 - calendarQuarters)
	for i := range calendarQuarters {
		c.Quarters = append(c.Quarters, first.Add(i).String())
	}
	for _, s := range w.d.Snapshot.Submissions {
		row := calendarRow{Name: s.Name, Bureau: s.Bureau}
		for i := range calendarQuarters {
			at := slot{s.Source, first.Add(i)}
			cell := calendarCell{"no", "·", at.q.Chinese() + "没有文件"}
			switch {
			case back[at] > 0:
				cell = calendarCell{"back", "▲", fmt.Sprintf("%s %d 个文件，退回 %d 行", at.q.Chinese(), files[at], back[at])}
			case files[at] > 0:
				cell = calendarCell{"yes", "●", fmt.Sprintf("%s %d 个文件", at.q.Chinese(), files[at])}
			case i == calendarQuarters-1 && s.Status != kpi.SourceReady:
				cell = calendarCell{"late", "○", at.q.Chinese() + s.Status.Chinese()}
			}
			row.Cells = append(row.Cells, cell)
		}
		c.Rows = append(c.Rows, row)
	}
	return c
}
