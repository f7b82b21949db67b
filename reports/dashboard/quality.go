package dashboard

import (
	"fmt"
	"html/template"
	"math"
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
	Held        []held
	Calendars   []calendar
	Records     []record
	Reasons     *rows
	Rejects     *rows
	Matched     *rows
	Unmatched   *rows
	Checks      []checkLine
	Summary     string
	Failed      template.HTML
	All         *rows
	Restated    *rows
	Causes      []stat
}

func (w *site) quality() error {
	v := &qualityView{Sentence: w.d.SubmissionSentence(), Held: heldFiles(w.d.Snapshot.Held),
		Calendars: calendars(w.d.Snapshot.Calendar, w.d.Snapshot.Release.Today), Records: w.records()}
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

// returned lists what of which file is open and why, and rows that wait for a match.
func (w *site) returned(v *qualityView) error {
	names := w.sourceNames()
	var err error
	if v.Rejects, err = w.openFiles("q-rejects", w.detail.Returns); err != nil {
		return err
	}
	if v.Reasons, err = w.openReasons("q-reasons", w.detail.Returns); err != nil {
		return err
	}
	v.Matched = w.rows("q-matched", column{"数据", asWords}, column{"行数", asNumber}, column{"按代码", asNumber}, column{"按注册号", asNumber}, column{"按曾用名", asNumber},
		column{"按名称", asNumber}, column{"按认定", asNumber}, column{"待认定", asNumber}, column{"无匹配", asNumber}, column{"不计入", asNumber}, column{"识别率（%）", asNumber})
	v.Matched.Empty = "没有需识别企业的行"
	for _, m := range w.detail.Matched {
		found := m.ByCode + m.ByNumber + m.ByFormer + m.ByName + m.ByDecision
		v.Matched.add(m.Name, m.Rows, m.ByCode, m.ByNumber, m.ByFormer, m.ByName, m.ByDecision, m.Pending, m.Strange, m.LeftOut,
			math.Round(1000*float64(found)/float64(m.Rows))/10)
	}
	if err := v.Matched.end(); err != nil {
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
