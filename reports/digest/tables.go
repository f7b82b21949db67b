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

// AsOfNote stands under every table: 截至 2026年9月30日.
func (d *Digest) AsOfNote() string { return "截至 " + d.AsOf().Chinese() }

// CommitmentTable is every commitment and indicator, one row each, in the order
// of the documents; money in 万元, as the unit column says.
func (d *Digest) CommitmentTable() workbook.Table {
	t := workbook.Table{
		Name: "指标完成情况", Title: "指标完成情况表", Note: d.AsOfNote() + " · 完成率、序时进度单位为 %，偏差单位为百分点；年度事项的环比为当季环比、同比为累计同比",
		Columns: []workbook.Column{
			{Title: "编号", Width: 11}, {Title: "条款", Width: 9}, {Title: "事项", Width: 34}, {Title: "单位", Width: 8},
			{Title: "目标", Kind: workbook.Count}, {Title: "完成", Kind: workbook.Count},
			{Title: "完成率（%）", Kind: workbook.Percent}, {Title: "序时进度（%）", Kind: workbook.Percent},
			{Title: "偏差（百分点）", Kind: workbook.Points}, {Title: "还差", Kind: workbook.Count},
			{Title: "每季需完成", Kind: workbook.Count}, {Title: "环比", Kind: workbook.Signed}, {Title: "同比", Kind: workbook.Signed},
			{Title: "状态", Kind: workbook.Light}, {Title: "到期结论", Width: 24}, {Title: "历年结论", Width: 24},
			{Title: "责任单位", Width: 20}, {Title: "数据截至", Width: 14}, {Title: "推定", Width: 12},
		},
		Empty: "尚未载入政策文件",
	}
	marks := d.NoteMarks()
	for _, it := range d.All() {
		t.Rows = append(t.Rows, workbook.Row{ID: it.ID, Cells: append(d.commitmentCells(it), marks[it.ID])})
	}
	return t
}

func (d *Digest) commitmentCells(it Item) []any {
	unit := it.UnitName()
	value, printed := figure.Tabular(it.At.Head(unit))
	reached, goal := workbook.Value(value), tabular(target(it), unit)
	if it.At.Newest != nil && it.Target != nil { // the share has another unit than what is asked of each
		goal = TargetText(it)
	}
	quarter, year := change(it.At.Quarter, unit), change(it.At.Year, unit)
	if it.Kind == kpi.Milestone { // a stage is a word, and stages are not subtracted
		printed, goal, quarter, year = "", nil, nil, nil
		if it.At.Value != nil {
			reached = kpi.Stage(*it.At.Value)
		}
		if it.Target != nil {
			goal = kpi.Stage(it.Target.Value())
		}
	}
	return []any{
		it.ID, ArticleName(it.Article), it.Name, printed,
		goal, reached,
		workbook.Value(it.At.Rate), workbook.Value(it.At.Time), workbook.Value(it.At.Gap),
		tabular(it.At.Left, unit), tabular(it.At.Required, unit),
		quarter, year,
		it.Light(), VerdictText(it), YearsText(it), d.Owner(it).Full, d.DataText(it),
	}
}

func target(it Item) *float64 {
	if it.Target == nil {
		return nil
	}
	v := it.Target.Value()
	return &v
}

func tabular(v *float64, unit string) any {
	scaled, _ := figure.Tabular(v, unit)
	return workbook.Value(scaled)
}

func change(c *kpi.Change, unit string) any {
	if c == nil {
		return nil
	}
	return tabular(&c.Diff, unit)
}

// LaggingTable is what is off track, the worst first, with who must do how much
// per quarter.
func (d *Digest) LaggingTable() workbook.Table {
	t := workbook.Table{
		Name: "滞后清单", Note: d.AsOfNote() + " · 按状态和偏差排列",
		Columns: []workbook.Column{
			{Title: "序号", Kind: workbook.Count, Width: 6}, {Title: "编号", Width: 11}, {Title: "事项", Width: 34},
			{Title: "状态", Kind: workbook.Light}, {Title: "偏差（百分点）", Kind: workbook.Points}, {Title: "还差", Kind: workbook.Count},
			{Title: "单位", Width: 8}, {Title: "每季需完成", Kind: workbook.Count}, {Title: "期限", Kind: workbook.Day},
			{Title: "到期结论", Width: 24}, {Title: "低于序时自", Kind: workbook.Day}, {Title: "责任单位", Width: 20},
		},
		Empty: "无滞后事项",
	}
	for i, it := range d.Attention() {
		_, unit := figure.Tabular(nil, it.UnitName())
		t.Add(i+1, it.ID, it.Name, it.Light(), workbook.Value(it.At.Gap), tabular(it.At.Left, it.UnitName()), unit,
			tabular(it.At.Required, it.UnitName()), it.Deadline(), VerdictText(it), it.BehindSince, d.Owner(it).Full)
	}
	return t
}

// DistrictTable holds the value of every ranked item by district, one row per
// district in code order and the jurisdiction's own value last.
func (d *Digest) DistrictTable() workbook.Table {
	t := workbook.Table{Name: "各区完成值", Title: "各区指标完成值", Note: d.AsOfNote() + " · 江北新区单列，开发区并入所在区",
		Columns: []workbook.Column{{Title: "区", Width: 12}}, Empty: "各区暂无数据"}
	items := d.Ranked()
	for _, it := range items {
		_, unit := figure.Tabular(nil, it.UnitName())
		t.Columns = append(t.Columns, workbook.Column{Title: it.Name + "（" + unit + "）", Kind: workbook.Count, Width: 14})
	}
	if len(items) == 0 {
		return t
	}
	row := func(r kpi.Region) []any {
		cells := []any{r.Name}
		for _, it := range items {
			cells = append(cells, tabular(d.At(it.ID, r.Code).Value, it.UnitName()))
		}
		return cells
	}
	for _, r := range d.Districts() {
		t.Add(row(r)...)
	}
	if d.HasRest(items) {
		cells := []any{Undivided}
		for _, it := range items {
			cells = append(cells, tabular(d.Rest(it), it.UnitName()))
		}
		t.Add(cells...)
	}
	t.AddTotal(row(d.Snapshot.Region)...)
	return t
}

// Undivided heads what of a figure belongs to none of the districts.
const Undivided = "不分区"

// Rest is what of a figure belongs to none of the districts, nil where they add up to it or are no parts.
func (d *Digest) Rest(it Item) *float64 {
	var list []kpi.Attainment
	for _, r := range d.DistrictsOf(it.Doc.Region) {
		list = append(list, d.At(it.ID, r.Code))
	}
	return kpi.Rest(it.Kind, it.At.Value, list)
}

// HasRest reports whether part of one of the items' figures belongs to no district.
func (d *Digest) HasRest(items []Item) bool {
	return slices.ContainsFunc(items, func(it Item) bool { return d.Rest(it) != nil })
}

// RankTable holds the place of every district in every ranked item and, as
// "3 ↑2", how many places it gained since the quarter before.
func (d *Digest) RankTable() workbook.Table {
	t := workbook.Table{Name: "各区位次", Title: "各区指标位次",
		Note:    d.AsOfNote() + " · 按完成值由高到低，并列同位次；箭头为较上季度升降位次",
		Columns: []workbook.Column{{Title: "区", Width: 12}}, Empty: "各区暂无数据"}
	items := d.Ranked()
	for _, it := range items {
		t.Columns = append(t.Columns, workbook.Column{Title: it.Name, Width: 14})
	}
	if len(items) == 0 {
		return t
	}
	for _, r := range d.Districts() {
		cells := []any{r.Name}
		for _, it := range items {
			cells = append(cells, RankText(d.At(it.ID, r.Code)))
		}
		t.Add(cells...)
	}
	return t
}

// RankText is a place and its move, "" where the district is not ranked.
func RankText(a kpi.Attainment) string {
	if a.Rank == 0 {
		return ""
	}
	if a.RankMove == 0 {
		return strconv.Itoa(a.Rank)
	}
	return fmt.Sprintf("%d %s", a.Rank, Move(a.RankMove))
}

// Move is ↑2 for places gained, ↓1 for places lost, a dash for none.
func Move(places int) string {
	switch {
	case places > 0:
		return fmt.Sprintf("↑%d", places)
	case places < 0:
		return fmt.Sprintf("↓%d", -places)
	}
	return figure.None
}

// ContractTable is the technology contracts of a quarter by kind.
func (d *Digest) ContractTable(q kpi.Quarter) workbook.Table {
	t := workbook.Table{
		Name: "技术合同", Title: q.Chinese() + "技术合同认定登记", Note: "按登记日期统计 · 金额单位：万元", Empty: d.NoneOf(ContractSource, "本季度无技术合同登记"),
		Columns: slices.Concat(workbook.Text.Of("合同类别"), workbook.Count.Of("登记数（份）"),
			workbook.Money.Of("成交额（万元）", "技术交易额（万元）"), workbook.Percent.Of("成交额占比（%）")),
	}
	var total ContractSum
	kinds := d.ContractKinds(q)
	for _, k := range kinds {
		total.Contracts += k.Contracts
		total.Amount += k.Amount
		total.TechAmount += k.TechAmount
	}
	for _, k := range kinds {
		t.Add(k.Kind, k.Contracts, wan(k.Amount), wan(k.TechAmount), share(k.Amount, total.Amount))
	}
	if len(kinds) > 0 {
		t.AddTotal("合计", total.Contracts, wan(total.Amount), wan(total.TechAmount), share(total.Amount, total.Amount))
	}
	return t
}

func wan(yuan float64) float64 { return yuan / figure.TableMoneyDivisor }

func share(part, whole float64) any {
	if whole == 0 {
		return nil
	}
	return part / whole * 100
}

// ContractQuarterTable is the technology contracts by quarter, the newest last.
func (d *Digest) ContractQuarterTable() workbook.Table {
	t := workbook.Table{
		Name: "技术合同按季度", Note: d.AsOfNote() + " · 金额单位：万元", Empty: d.NoneOf(ContractSource, "无技术合同登记"),
		Columns: slices.Concat(workbook.Text.Of("季度"), workbook.Count.Of("登记数（份）"),
			workbook.Money.Of("成交额（万元）", "技术交易额（万元）"), workbook.Points.Of("成交额同比（%）")),
	}
	quarters := d.ContractQuarters()
	amounts := map[kpi.Quarter]float64{}
	for _, q := range quarters {
		amounts[q.Quarter] = q.Amount
		var year any
		if before := amounts[q.Quarter.Add(-4)]; before != 0 {
			year = (q.Amount - before) / before * 100
		}
		t.Add(q.Quarter.String(), q.Contracts, wan(q.Amount), wan(q.TechAmount), year)
	}
	return t
}

// PayoutTable is the award money of a quarter by article.
func (d *Digest) PayoutTable(q kpi.Quarter) workbook.Table {
	t := workbook.Table{
		Name: "奖补兑付", Title: q.Chinese() + "奖补资金兑付", Note: "按支付日期统计 · 金额单位：万元", Empty: d.NoneOf(PayoutSource, "本季度无奖补资金兑付"),
		Columns: slices.Concat(workbook.Text.Of("政策条款"), workbook.Count.Of("兑付笔数"), workbook.Money.Of("金额（万元）"),
			workbook.Percent.Of("占比（%）")),
	}
	payouts := d.Payouts()
	total := payouts.Quarter(q)
	for _, a := range payouts.Articles {
		if c := payouts.Cell(q, a); c.Payouts > 0 || c.Amount != 0 {
			t.Add(ArticleName(a), c.Payouts, wan(c.Amount), share(c.Amount, total.Amount))
		}
	}
	if len(t.Rows) > 0 {
		t.AddTotal("合计", total.Payouts, wan(total.Amount), share(total.Amount, total.Amount))
	}
	return t
}

// PayoutQuarterTable is the award money by quarter and article, in 万元.
func (d *Digest) PayoutQuarterTable() workbook.Table {
	t := workbook.Table{Name: "奖补兑付按季度", Note: d.AsOfNote() + " · 金额单位：万元",
		Empty: d.NoneOf(PayoutSource, "无奖补资金兑付"), Columns: workbook.Text.Of("季度")}
	payouts := d.Payouts()
	for _, a := range payouts.Articles {
		t.Columns = append(t.Columns, workbook.Column{Title: ArticleName(a), Kind: workbook.Money, Width: 12})
	}
	t.Columns = append(t.Columns, workbook.Column{Title: "合计", Kind: workbook.Money})
	for _, q := range payouts.Quarters {
		cells := []any{q.String()}
		for _, a := range payouts.Articles {
			cells = append(cells, wan(payouts.Cell(q, a).Amount))
		}
		t.Add(append(cells, wan(payouts.Quarter(q).Amount))...)
	}
	return t
}

// CheckTable is every check of the release.
func (d *Digest) CheckTable() workbook.Table {
	t := workbook.Table{
		Name: "数据校核", Note: "放行前的校核；未通过且为“阻断”的，不予发布", Empty: "无校核记录",
		Columns: []workbook.Column{
			{Title: "校核", Width: 44}, {Title: "类别", Width: 12}, {Title: "结果", Width: 10},
			{Title: "不符（行）", Kind: workbook.Count}, {Title: "性质", Width: 9}, {Title: "说明", Width: 40},
		},
	}
	for _, c := range d.Snapshot.Checks {
		nature := "提示"
		if c.Blocking {
			nature = "阻断"
		}
		t.Add(cmp.Or(c.Title, c.Name), CheckKind(c.Kind), CheckStatus(c.Status), c.Rows, nature, c.Detail)
	}
	return t
}

// CheckKind is a check's kind as readers see it.
func CheckKind(kind string) string {
	switch kind {
	case "contract":
		return "报送规范"
	case "model":
		return "模型"
	case "reconciliation":
		return "勾稽"
	}
	return kind
}

// CheckStatus is a check's status as readers see it.
func CheckStatus(status kpi.CheckStatus) string {
	switch status {
	case kpi.CheckPassed:
		return "通过"
	case kpi.CheckWarned:
		return "提示"
	case kpi.CheckFailed:
		return "未通过"
	}
	return string(status)
}

// Note is a numbered 推定 note: the assumption and the commitments it stands by.
type Note struct {
	N    int
	Text string
	IDs  []string
}

// Notes numbers every distinct assumption in the order it first occurs.
func (d *Digest) Notes() []Note {
	var notes []Note
	index := map[string]int{}
	for _, it := range d.All() {
		for _, a := range it.Assumed {
			i, ok := index[a]
			if !ok {
				i = len(notes)
				index[a] = i
				notes = append(notes, Note{N: i + 1, Text: a})
			}
			notes[i].IDs = append(notes[i].IDs, it.ID)
		}
	}
	return notes
}

// NoteMarks are the notes of each commitment: 注1、3.
func (d *Digest) NoteMarks() map[string]string {
	marks := map[string]string{}
	for _, n := range d.Notes() {
		for _, id := range n.IDs {
			if marks[id] == "" {
				marks[id] = fmt.Sprintf("注%d", n.N)
			} else {
				marks[id] += fmt.Sprintf("、%d", n.N)
			}
		}
	}
	return marks
}

// NoteTable is the notes as a table: 推定 assumptions and where they apply.
func (d *Digest) NoteTable() workbook.Table {
	t := workbook.Table{Name: "推定说明", Note: "政策文字未尽明确之处的推定，供审阅", Empty: "无推定事项",
		Columns: []workbook.Column{{Title: "序号", Kind: workbook.Count, Width: 6}, {Title: "推定", Width: 60}, {Title: "涉及事项", Width: 60}}}
	for _, n := range d.Notes() {
		t.Add(n.N, n.Text, strings.Join(n.IDs, "、"))
	}
	return t
}
