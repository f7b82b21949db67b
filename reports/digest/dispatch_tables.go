package digest

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/reports/figure"
	"citykpi/reports/workbook"
)

// DocumentTable is one row per document of the jurisdiction, and all of them together.
func (d *Digest) DocumentTable() workbook.Table {
	t := workbook.Table{
		Name: "政策文件", Title: "各政策文件完成情况", Note: d.AsOfNote() + " · 达序时率为已完成、逾期完成和绿灯占已评价事项的比例",
		Columns: []workbook.Column{{Title: "政策文件", Width: 84}, {Title: "事项", Kind: workbook.Count, Width: 7}},
		Empty:   "尚未载入政策文件",
	}
	lights := append(slices.Clone(kpi.Lights), kpi.NoLight)
	for _, l := range lights {
		word := l.Chinese()
		if l == kpi.NoLight {
			word = "仅监测"
		}
		t.Columns = append(t.Columns, workbook.Column{Title: word, Kind: workbook.Count, Width: 8})
	}
	t.Columns = append(t.Columns, workbook.Percent.Of("达序时率（%）", "平均序时进度（%）")...)
	row := func(name string, s Standing) []any {
		cells := []any{name, len(s.Items)}
		for _, l := range lights {
			cells = append(cells, s.Counts[l])
		}
		return append(cells, workbook.Value(s.OnPace), workbook.Value(s.Time))
	}
	for _, s := range ByDocument(d.Commitments) {
		t.Add(row("《"+s.Doc.Title+"》", s)...)
	}
	if len(d.Commitments) > 0 {
		t.AddTotal(row("合计", Stand(kpi.Document{}, d.Commitments))...)
	}
	for _, s := range ByDocument(d.Drafts) {
		t.Add(row("《"+s.Doc.Title+"》（征求意见稿，只报告不考核，不计入合计）", s)...)
	}
	return t
}

// ForecastTable is the lagging table with what each item is forecast to reach by
// its deadline, and by which method.
func (d *Digest) ForecastTable() workbook.Table {
	t := d.LaggingTable()
	t.Columns = append(t.Columns, workbook.Column{Title: "预计到期完成", Kind: workbook.Count}, workbook.Column{Title: "预测方法", Width: 24})
	for i, it := range d.Attention() {
		t.Rows[i].Cells = append(t.Rows[i].Cells, tabular(it.At.Forecast, it.UnitName()), it.At.Method)
	}
	return t
}

// ScorecardTable is every evaluation, by holder and year.
func (d *Digest) ScorecardTable() workbook.Table {
	t := workbook.Table{Name: "绩效评价", Title: "联合体绩效评价", Note: d.AsOfNote() + " · 金额单位：万元", Empty: "无绩效评价",
		Columns: []workbook.Column{
			{Title: "地区", Width: 12}, {Title: "编号", Width: 14}, {Title: "联合体", Width: 44}, {Title: "评价年度", Width: 9},
			{Title: "原始分", Kind: workbook.Count}, {Title: "得分", Kind: workbook.Count}, {Title: "等级", Width: 9},
			{Title: "应补（万元）", Kind: workbook.Money}, {Title: "后果", Width: 14},
		}}
	for _, s := range d.Snapshot.Scorecards {
		t.Add(d.RegionName(s.Region), s.Consortium, s.Name, strconv.Itoa(s.Year), s.Raw, s.Score, s.Grade, wan(s.Subsidy), s.Consequence)
	}
	return t
}

// Findings are the findings of the award audit in the reader's jurisdiction.
func (d *Digest) Findings() []kpi.AwardFinding {
	return slices.DeleteFunc(slices.Clone(d.Snapshot.Findings), func(f kpi.AwardFinding) bool {
		return d.Jurisdiction(f.Region) != d.Snapshot.Region.Code
	})
}

// FindingSum is findings added up; a payment with two findings counts in both.
type FindingSum struct {
	Words           string
	Enforced, Told  int     // under documents in force; under drafts, only told
	Amount, ToldFor float64 // 元, likewise
	New             int     // of both, on payments of the quarter
}

// FindingKinds adds the findings up by kind, the largest enforced amount first,
// and all of them together.
func (d *Digest) FindingKinds(q kpi.Quarter) (kinds []FindingSum, all FindingSum) {
	at := map[string]int{}
	for _, f := range d.Findings() {
		i, ok := at[f.Words]
		if !ok {
			i = len(kinds)
			at[f.Words] = i
			kinds = append(kinds, FindingSum{Words: f.Words})
		}
		kinds[i].add(f, q)
		all.add(f, q)
	}
	slices.SortStableFunc(kinds, func(a, b FindingSum) int {
		return cmp.Or(cmp.Compare(b.Amount, a.Amount), cmp.Compare(b.ToldFor, a.ToldFor), cmp.Compare(a.Words, b.Words))
	})
	return kinds, all
}

func (s *FindingSum) add(f kpi.AwardFinding, q kpi.Quarter) {
	if f.Enforced {
		s.Enforced++
		s.Amount += f.Amount
	} else {
		s.Told++
		s.ToldFor += f.Amount
	}
	if kpi.QuarterOf(f.PaidOn) == q {
		s.New++
	}
}

// FindingSentence is the award audit in words; "" where there is nothing to audit.
func (d *Digest) FindingSentence(q kpi.Quarter) string {
	if len(d.Snapshot.Payouts) == 0 {
		return ""
	}
	_, all := d.FindingKinds(q)
	if all.Enforced+all.Told == 0 {
		return fmt.Sprintf("截至 %s，兑付审核未发现问题。", d.AsOf().Chinese())
	}
	s := fmt.Sprintf("截至 %s，兑付审核累计发现问题 %d 项，其中按有效文件应核实 %d 项，涉及 %s", d.AsOf().Chinese(),
		all.Enforced+all.Told, all.Enforced, quantity(&all.Amount, figure.Yuan))
	if all.Told > 0 {
		s += fmt.Sprintf("；%s的 %d 项，涉及 %s，只作提示", d.OnlyTold(), all.Told, quantity(&all.ToldFor, figure.Yuan))
	}
	if all.New == 0 {
		return s + "。本季度兑付未发现新问题。"
	}
	return s + fmt.Sprintf("。其中本季度兑付的 %d 项。", all.New)
}

// FindingTable is every finding with the payment and the row that holds it.
func (d *Digest) FindingTable() workbook.Table {
	t := workbook.Table{
		Name: "兑付审核", Title: "奖补兑付审核发现", Note: d.AsOfNote() + " · 金额单位：万元 · 同一笔有多个问题的分别列示", Empty: "未发现问题",
		Columns: []workbook.Column{
			{Title: "兑付日期", Kind: workbook.Day}, {Title: "支付凭证号", Width: 16}, {Title: "收款单位", Width: 34}, {Title: "所属区", Width: 12},
			{Title: "规则编号", Width: 11}, {Title: "规则", Width: 30}, {Title: "问题", Width: 34}, {Title: "涉及金额（万元）", Kind: workbook.Money},
			{Title: "处理", Width: 12}, {Title: "文件", Width: 30}, {Title: "工作表", Width: 12}, {Title: "行号", Kind: workbook.Count, Width: 8},
		},
	}
	for _, f := range d.Findings() {
		rule, _ := d.Find(f.Rule)
		treatment := "应核实"
		if !f.Enforced {
			treatment = "只作提示"
		}
		t.Add(f.PaidOn, f.Payment, f.Payee, d.RegionName(f.Region), f.Rule, rule.Name, f.Words, wan(f.Amount), treatment,
			f.File, f.Sheet, f.Row)
	}
	return t
}

// RestatementSentence says how many published figures are restated, and why.
func (d *Digest) RestatementSentence() string {
	counts := map[kpi.Cause]int{}
	for _, r := range d.Snapshot.Restated {
		counts[r.Cause]++
	}
	var causes []string
	for _, c := range kpi.Causes {
		if counts[c] > 0 {
			causes = append(causes, fmt.Sprintf("%s %d 项", c.Chinese(), counts[c]))
		}
	}
	if len(causes) == 0 {
		return "已公布季度的数据无重述。"
	}
	return fmt.Sprintf("已公布季度的数据重述 %d 项（%s）。已公布数保留备查，本报告按现值列示。", len(d.Snapshot.Restated), strings.Join(causes, "、"))
}

// Measure is what a restatement restates: the commitment's own figure, or a second one beside it.
func (d *Digest) Measure(r kpi.Restatement) string {
	it, _ := d.Find(r.ID)
	for _, m := range it.Also {
		if m.Name == r.Measure {
			return cmp.Or(m.Title, m.Name)
		}
	}
	switch r.Measure {
	case "":
		return "本项"
	case "of":
		return "分子"
	case "to":
		return "分母"
	}
	return r.Measure
}

// RestatementUnit is the unit of the restated figure.
func (d *Digest) RestatementUnit(r kpi.Restatement) string {
	it, _ := d.Find(r.ID)
	for _, m := range it.Also {
		if m.Name == r.Measure && m.Unit != "" {
			return m.Unit
		}
	}
	if r.Measure == "of" || r.Measure == "to" { // parts of a percentage
		return ""
	}
	return it.UnitName()
}

// RestatementChange is how much a figure moved, nil where one of both is missing.
func RestatementChange(r kpi.Restatement) *float64 {
	if r.Old == nil || r.New == nil {
		return nil
	}
	diff := *r.New - *r.Old
	return &diff
}

// RestatementTable is every restated figure of every closed quarter.
func (d *Digest) RestatementTable() workbook.Table {
	t := workbook.Table{Name: "重述", Title: "已公布数据的重述", Note: d.AsOfNote() + " · 已公布数保留备查", Empty: "已公布季度的数据无重述",
		Columns: []workbook.Column{
			{Title: "季度", Width: 10}, {Title: "编号", Width: 11}, {Title: "事项", Width: 34}, {Title: "口径", Width: 16},
			{Title: "地区", Width: 14}, {Title: "单位", Width: 8}, {Title: "已公布", Kind: workbook.Count},
			{Title: "现值", Kind: workbook.Count}, {Title: "增减", Kind: workbook.Signed}, {Title: "原因", Width: 12},
			{Title: "新增（条）", Kind: workbook.Count}, {Title: "减少（条）", Kind: workbook.Count}, {Title: "变动（条）", Kind: workbook.Count},
		}}
	for _, r := range d.Snapshot.Restated {
		it, _ := d.Find(r.ID)
		unit := d.RestatementUnit(r)
		scale := figure.TabularVersus(unit, r.Old, r.New)
		cell := func(v *float64) any {
			if v == nil {
				return nil
			}
			return workbook.Fixed{Value: *v / scale.Divisor, Decimals: scale.Decimals}
		}
		var moved any
		if r.Old != nil && r.New != nil {
			moved = workbook.Fixed{Value: scale.Shown(*r.New) - scale.Shown(*r.Old), Decimals: scale.Decimals}
		}
		t.Add(r.Quarter.String(), r.ID, it.Name, d.Measure(r), d.RegionName(r.Region), scale.Unit,
			cell(r.Old), cell(r.New), moved, r.Reasons(), r.Came, r.Went, r.Changed)
	}
	return t
}
