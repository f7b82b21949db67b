package dispatch

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
)

// told is how many lagging items are told in sentences; the list holds all.
const told = 15

// line is one commitment in words; Marks are its 推定 notes.
type line struct {
	Name, Text, Marks string
	Light             cell
}

// overall is section 一.
type overall struct {
	Summary   string
	Legend    string // when each light is shown
	Documents table

	LaggingTitle string
	Lagging      []line
	More         int // lagging items that only the list holds
	Groups       []group
}

// group is items that stand alike, in one paragraph.
type group struct{ Title, Text string }

func newOverall(d *digest.Digest) overall {
	o := overall{Summary: d.Summary() + d.DraftSentence(), Documents: onPaper(d.DocumentTable(), "documents"), Legend: legend(d)}
	marks := noteMarks(d)
	behind := d.Attention()
	for i, it := range behind {
		if i == told && len(behind) > told+2 { // nobody turns the page for two
			o.More = len(behind) - told
			break
		}
		o.Lagging = append(o.Lagging, line{it.Name, d.LaggingSentence(it), marks[it.ID], stateOf(it)})
	}
	parts := 0 // of the section so far
	if len(o.Lagging) > 0 {
		o.LaggingTitle, parts = han(0)+"滞后事项", 1
	}
	items := func(l kpi.Light) []digest.Item { return lit(d.Commitments, l) }
	add := func(title string, items []digest.Item, words string) {
		if len(items) > 0 {
			o.Groups = append(o.Groups, group{han(parts) + title, fmt.Sprintf("共 %d 项：%s", len(items), words)})
			parts++
		}
	}
	add("已完成事项", items(kpi.Met), digest.Listing(items(kpi.Met)))
	add("逾期完成事项", items(kpi.Late), verdicts(items(kpi.Late)))
	add("到期待报事项", items(kpi.Awaited), verdicts(items(kpi.Awaited)))
	tail := ""
	if n := len(items(kpi.NoLight)); n > 0 {
		tail = fmt.Sprintf("另有仅监测事项 %d 项，不评价进度，数值见“二、指标完成情况”。", n)
	}
	add("达到序时进度事项", items(kpi.Green), digest.Listing(items(kpi.Green))+tail)
	add("完成后曾回落、已恢复事项", d.Recovered(), verdicts(d.Recovered()))
	add("部分对象未办事项", d.Partly(), subjects(d.Partly()))
	add("到期结论或到期数值与关账时不同的事项", d.Overruled(), digest.OverruledText(d.Overruled()))
	add("无数据事项", d.Silent(), reasons(d.Silent()))
	return o
}

// legend says in one paragraph when each light is shown.
func legend(d *digest.Digest) string {
	var parts []string
	for _, t := range d.Legend() {
		word := t.Light.Symbol() + " " + t.Light.Chinese()
		if t.Light == kpi.NoLight {
			word = "· 仅监测"
		}
		parts = append(parts, word+"："+t.Text)
	}
	return "状态说明　" + strings.Join(parts, "；") + "。"
}

// noteMarks are the numbers of the 推定 notes of each commitment: 1、3. That no unit
// is named is left out: the column of units says it.
func noteMarks(d *digest.Digest) map[string]string {
	marks := map[string]string{}
	for _, n := range d.Notes() {
		for _, id := range n.IDs {
			if it, _ := d.Find(id); !slices.Contains(it.Doubts(), n.Text) {
				continue
			}
			if marks[id] != "" {
				marks[id] += "、"
			}
			marks[id] += strconv.Itoa(n.N)
		}
	}
	return marks
}

// han heads the i-th part of a section: （一）.
func han(i int) string {
	return "（" + string([]rune("一二三四五六七八九十")[min(i, 9)]) + "）"
}

func lit(items []digest.Item, l kpi.Light) []digest.Item {
	var list []digest.Item
	for _, it := range items {
		if it.Light() == l {
			list = append(list, it)
		}
	}
	return list
}

// verdicts names items with what became of them at their deadlines.
func verdicts(items []digest.Item) string {
	var parts []string
	for _, it := range items {
		parts = append(parts, it.Name+"（"+strings.NewReplacer("（", "，", "）", "").Replace(digest.VerdictText(it))+"）")
	}
	return strings.Join(parts, "；") + "。"
}

// subjects names of each item which of its several did not.
func subjects(items []digest.Item) string {
	var parts []string
	for _, it := range items {
		parts = append(parts, it.Name+"（"+strings.NewReplacer("（", "，", "）", "").Replace(digest.Each(it))+"）")
	}
	return strings.Join(parts, "；") + "。"
}

// stateOf is an item's light with its word, and below it what became of it by its deadline.
func stateOf(it digest.Item) cell {
	c := light(it.Light())
	if state := it.State(); it.At.Verdict != nil && state != it.Light().Chinese() {
		c.Small = state
	}
	return c
}

// reasons names items with why they have no data.
func reasons(items []digest.Item) string {
	var parts []string
	for _, it := range items {
		parts = append(parts, it.Name+"（"+digest.Absent(it)+"）")
	}
	return strings.Join(parts, "；") + "。"
}

// completion is the two tables of section 二: what is judged, and what is only watched.
func completion(d *digest.Digest) (judged, watched table) {
	judged = table{Class: "judged", Title: "有目标事项", Note: d.AsOfNote() + " · 序时为序时进度；偏差 = 完成率 − 序时进度，单位为百分点", Empty: "暂无事项",
		Columns: columns("..nnnnn..", "编号", "事项", "目标", "完成", "完成率（%）", "序时（%）", "偏差", "状态", "牵头单位")}
	watched = table{Class: "watched", Title: "监测事项", Note: d.AsOfNote() + " · 文件未定目标，只报数值和增减；增减除金额外与完成同单位，比率为百分点", Empty: "暂无事项",
		Columns: columns("..nnn.", "编号", "事项", "完成", "环比", "同比", "牵头单位")}
	marks := noteMarks(d)
	for _, s := range digest.ByDocument(slices.Concat(d.Commitments, d.Drafts)) {
		var a, b []row
		for _, it := range s.Items {
			if it.Watched() {
				b = append(b, watchedRow(d, it, marks))
			} else {
				a = append(a, judgedRow(d, it, marks))
			}
		}
		judged.group(s.Doc, a)
		watched.group(s.Doc, b)
	}
	var indicators []row
	for _, it := range d.Indicators {
		indicators = append(indicators, watchedRow(d, it, marks))
	}
	if len(indicators) > 0 {
		watched.Rows = append(watched.Rows, row{Heading: "监测指标"})
		watched.Rows = append(watched.Rows, indicators...)
	}
	return judged, watched
}

// group appends a document's rows under its name.
func (t *table) group(doc kpi.Document, rows []row) {
	if len(rows) == 0 {
		return
	}
	heading := fmt.Sprintf("《%s》%d 项", doc.Title, len(rows))
	if doc.Draft() {
		heading += "（征求意见稿，只报告不考核）"
	}
	t.Rows = append(t.Rows, row{Heading: heading})
	t.Rows = append(t.Rows, rows...)
}

func judgedRow(d *digest.Digest, it digest.Item, marks map[string]string) row {
	state := stateOf(it)
	if it.Light() == kpi.NoLight {
		state.Text, state.Small = "· 仅监测", it.Unjudged()
	}
	rate := percent(it.At.Rate)
	rate.Small = digest.RateOf(it)
	return row{ID: it.ID, Cells: []cell{
		{Text: it.ID, Class: "id"}, {Text: it.Name, Marks: marks[it.ID]}, {Text: goal(it), Class: "n"}, reached(it),
		rate, percent(it.At.Time), points(it.At.Gap), state, leadUnit(d, it),
	}}
}

func watchedRow(d *digest.Digest, it digest.Item, marks map[string]string) row {
	unit := it.UnitName()
	quarter, year := change(it.At.Quarter, unit, it.At.Value), change(it.At.Year, unit, it.At.Value)
	switch it.Kind {
	case kpi.Milestone: // stages are not subtracted
		quarter, year = exact(figure.None, nil), exact(figure.None, nil)
	case kpi.AnnualFlow: // the two have different bases
		quarter.Small, year.Small = "当季", "累计"
	}
	return row{ID: it.ID, Cells: []cell{
		{Text: it.ID, Class: "id"}, {Text: it.Name, Marks: marks[it.ID]}, reached(it), quarter, year, leadUnit(d, it),
	}}
}

// leadUnit is the lead unit and how many stand behind it, or who files the item.
func leadUnit(d *digest.Digest, it digest.Item) cell {
	return cell{Text: strings.ReplaceAll(d.Owner(it).Short, " ", ""), Class: "unit"}
}

// goal is what was promised: a number, a stage, or a rhythm.
func goal(it digest.Item) string {
	switch {
	case it.Kind == kpi.Milestone && it.Target != nil && it.Target.Value() > 0:
		return kpi.Stage(it.Target.Value())
	case it.Kind == kpi.Milestone:
		return kpi.Stage(float64(len(kpi.Stages) - 1))
	case it.Target != nil && it.Target.Per == "year":
		return "每年 " + digest.TargetText(it)
	case it.Target != nil:
		return digest.TargetText(it)
	}
	return map[string]string{"quarter": "每季度", "half_year": "每半年", "year": "每年"}[it.Every]
}

// reached is the figure, and below it what qualifies it; without one, why there is none.
func reached(it digest.Item) cell {
	if it.At.Value == nil {
		return cell{Text: digest.Absent(it), Class: "n unit"}
	}
	c := quantity(it.At.Value, it.UnitName())
	if it.Kind == kpi.Milestone {
		c.Text = kpi.Stage(*it.At.Value)
	}
	if p := it.At.Newest; p != nil {
		c = exact(digest.Share(it.At), it.At.Rate)
		if it.Kind != kpi.Constraint { // a bound holds as of the data
			c.Small = p.Name
		}
	} else if n := len(it.At.Missed); n > 0 {
		missed := "缺"
		if it.Light().OnPace() { // the newest was done; what was missed before stays in the record
			missed = "以往缺"
		}
		c.Small = fmt.Sprintf("应办%d期，%s%d期", it.At.Due, missed, n)
	}
	if !it.At.Carried.IsZero() && (it.Kind != kpi.Milestone || it.Light() != kpi.Met) { // what is complete stays so
		c.Small = "沿用" + it.At.Carried.String()
	}
	return c
}

// laggingTable is section 三: who must do how much by when, and what is to be expected.
func laggingTable(d *digest.Digest) table {
	t := table{Class: "lagging", Note: d.AsOfNote() + " · 按状态和偏差排列", Empty: "无滞后事项。",
		Columns: columns("..nnnnn..", "序号", "事项", "偏差（百分点）", "还差", "每季度需完成", "到期预计", "期限", "状态", "牵头单位")}
	marks := noteMarks(d)
	for i, it := range d.Attention() {
		unit := it.UnitName()
		forecast := quantity(it.At.Forecast, unit)
		forecast.Small = it.At.Method
		since := ""
		if !it.BehindSince.IsZero() {
			since = "自 " + kpi.QuarterOf(it.BehindSince).String() + " 起低于序时"
		}
		left := quantity(it.At.Left, unit)
		if n := len(it.At.Missed); n > 0 {
			left = cell{Text: fmt.Sprintf("缺 %d 期", n), Class: "n"}
		}
		due := cell{Text: figure.Day(it.Deadline()), Class: "n"}
		if v := it.At.Verdict; v != nil && v.Months > 0 {
			due.Small = fmt.Sprintf("逾期 %d 个月", v.Months)
		}
		t.Rows = append(t.Rows, row{Cells: []cell{
			{Text: strconv.Itoa(i + 1), Class: "id"}, {Text: it.Name, Small: since, Marks: marks[it.ID]}, points(it.At.Gap), left,
			quantity(it.At.Required, unit), forecast, due, stateOf(it), leadUnit(d, it),
		}})
	}
	return t
}

// rankTable is where every region stands in each item: its place, how many places
// it moved since the quarter before, and its figure.
func rankTable(d *digest.Digest, title string, items []digest.Item, regions []kpi.Region, whole kpi.Region) table {
	t := table{Class: "ranks", Title: title, Note: "箭头为较上季度升降位次，其下为完成值；并列同位次", Columns: []column{{Title: "地区"}}}
	if len(items) <= 5 { // place and figure stand side by side
		t.Class += " few"
		t.Note = strings.Replace(t.Note, "其下", "其后", 1)
	}
	scales := make([]figure.Scale, len(items)) // one for a column, of its largest figure
	for i, it := range items {
		values := []*float64{d.At(it.ID, whole.Code).Value}
		for _, r := range regions {
			values = append(values, d.At(it.ID, r.Code).Value)
		}
		scales[i] = figure.ScaleFor(it.UnitName(), values...)
		t.Columns = append(t.Columns, column{it.Name + "（" + scales[i].Unit + "）", true})
	}
	for _, r := range regions {
		line := row{Cells: []cell{{Text: r.Name}}}
		for i, it := range items {
			a := d.At(it.ID, r.Code)
			c := inScale(a.Value, scales[i])
			c.Text, c.Small = rank(a), c.Text
			line.Cells = append(line.Cells, c)
		}
		t.Rows = append(t.Rows, line)
	}
	if d.HasRest(items) {
		rest := row{Cells: []cell{{Text: digest.Undivided}}}
		for i, it := range items {
			rest.Cells = append(rest.Cells, inScale(d.Rest(it), scales[i]))
		}
		t.Rows = append(t.Rows, rest)
	}
	total := row{Total: true, Cells: []cell{{Text: whole.Name}}}
	for i, it := range items {
		total.Cells = append(total.Cells, inScale(d.At(it.ID, whole.Code).Value, scales[i]))
	}
	t.Rows = append(t.Rows, total)
	return t
}

func rank(a kpi.Attainment) string {
	if s := digest.RankText(a); s != "" {
		return s
	}
	return figure.None
}

// ranked are the pinned commitments among the items that at least two regions share in.
func ranked(d *digest.Digest, items []digest.Item, regions []kpi.Region) []digest.Item {
	var list []digest.Item
	for _, it := range items {
		having := 0
		for _, r := range regions {
			if v := d.At(it.ID, r.Code).Value; v != nil && *v != 0 {
				having++
			}
		}
		if it.Pinned && having > 1 {
			list = append(list, it)
		}
	}
	return list
}
