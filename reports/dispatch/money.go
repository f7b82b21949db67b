package dispatch

import (
	"fmt"
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
)

// contractTable is a quarter's technology contracts by kind, in one unit of money.
func contractTable(d *digest.Digest, q kpi.Quarter) table {
	kinds := d.ContractKinds(q)
	var all digest.ContractSum
	var amounts []float64
	for _, k := range kinds {
		amounts = append(amounts, k.Amount, k.TechAmount)
		all.Contracts += k.Contracts
		all.Amount += k.Amount
		all.TechAmount += k.TechAmount
	}
	s := moneyScale(amounts...)
	t := table{Class: "contracts", Title: "技术合同认定登记", Note: "按登记日期统计 · 金额单位：" + s.Unit,
		Columns: columns(".nnnn", "合同类别", "登记数（份）", "成交额（"+s.Unit+"）", "技术交易额（"+s.Unit+"）", "成交额占比（%）")}
	line := func(name string, c digest.ContractSum) []cell {
		return []cell{text(name), count(c.Contracts), amount(c.Amount, s), amount(c.TechAmount, s), share(c.Amount, all.Amount)}
	}
	for _, k := range kinds {
		t.Rows = append(t.Rows, row{Cells: line(k.Kind, k.ContractSum)})
	}
	t.Rows = append(t.Rows, row{Total: true, Cells: line("合计", all)})
	return t
}

// payoutTable is a quarter's award money by article, in one unit of money.
func payoutTable(d *digest.Digest, q kpi.Quarter) table {
	payouts := d.Payouts()
	all := payouts.Quarter(q)
	var amounts []float64
	for _, a := range payouts.Articles {
		amounts = append(amounts, payouts.Cell(q, a).Amount)
	}
	s := moneyScale(amounts...)
	t := table{Class: "payouts", Title: "奖补资金按条款兑付", Note: "按支付日期统计 · 金额单位：" + s.Unit,
		Columns: columns(".nnn", "政策条款", "兑付笔数", "金额（"+s.Unit+"）", "占比（%）")}
	line := func(name string, c digest.PayoutSum) []cell {
		return []cell{text(name), count(c.Payouts), amount(c.Amount, s), share(c.Amount, all.Amount)}
	}
	for _, a := range payouts.Articles {
		if c := payouts.Cell(q, a); c.Payouts > 0 || c.Amount != 0 {
			t.Rows = append(t.Rows, row{Cells: line(digest.ArticleName(a), c)})
		}
	}
	t.Rows = append(t.Rows, row{Total: true, Cells: line("合计", all)})
	return t
}

func share(part, whole float64) cell {
	if whole == 0 {
		return percent(nil)
	}
	v := part / whole * 100
	return percent(&v)
}

// findingTable is what the audit of awards found, by kind.
func findingTable(d *digest.Digest, q kpi.Quarter) table {
	kinds, all := d.FindingKinds(q)
	t := table{Class: "findings", Title: "兑付审核发现", Note: "累计 · 金额单位：万元 · 同一笔有多个问题的分别计；逐笔见工作簿“兑付审核”",
		Columns: columns(".nnnnn", "问题", "应核实（项）", "涉及金额", "只作提示（项）", "涉及金额", "其中本季度兑付（项）")}
	s := figure.Scale{Unit: figure.TableMoney, Divisor: figure.TableMoneyDivisor, Decimals: 2}
	sum := func(n int, yuan float64) cell {
		if n == 0 {
			return exact(figure.None, nil)
		}
		return amount(yuan, s)
	}
	line := func(name string, f digest.FindingSum) []cell {
		return []cell{text(name), count(f.Enforced), sum(f.Enforced, f.Amount), count(f.Told), sum(f.Told, f.ToldFor), count(f.New)}
	}
	for _, k := range kinds {
		t.Rows = append(t.Rows, row{Cells: line(k.Words, k)})
	}
	t.Rows = append(t.Rows, row{Total: true, Cells: line("合计", all)})
	return t
}

// restatedRows are as many restatements as paper holds.
const restatedRows = 20

// restated is section 八: figures of whole jurisdictions first, each with what was
// published; those of districts only where paper holds them all. More says how
// many only the workbook lists.
func restated(d *digest.Digest) (t table, more string) {
	t = table{Class: "restated", Title: "重述明细", Note: "已公布数保留备查",
		Columns: columns("...nnn.", "季度", "事项", "地区", "已公布", "现值", "增减", "原因")}
	place := func(r kpi.Restatement) int { // the own jurisdiction, others, districts
		switch {
		case d.Jurisdiction(r.Region) != r.Region:
			return 2
		case r.Region != d.Snapshot.Region.Code:
			return 1
		}
		return 0
	}
	all := slices.Clone(d.Snapshot.Restated)
	slices.SortStableFunc(all, func(a, b kpi.Restatement) int { return place(a) - place(b) })
	for _, r := range all {
		if len(t.Rows) < restatedRows && (place(r) < 2 || len(all) <= restatedRows) {
			t.Rows = append(t.Rows, row{Cells: restatedCells(d, r)})
		}
	}
	if left := len(all) - len(t.Rows); left > 0 {
		more = fmt.Sprintf("下表之外的 %d 项见工作簿“重述”。", left)
	}
	return t, more
}

func restatedCells(d *digest.Digest, r kpi.Restatement) []cell {
	it, _ := d.Find(r.ID)
	unit := d.RestatementUnit(r)
	what := cell{Text: it.Name, Small: r.ID}
	if r.Measure != "" {
		what.Small += " " + d.Measure(r)
	}
	scale, moved := figure.Versus(unit, r.Old, r.New), exact(figure.None, nil)
	of := func(v *float64) cell {
		if v == nil {
			return exact(figure.None, nil)
		}
		return exact(scale.Amount(*v).String(), v)
	}
	if diff := digest.RestatementChange(r); diff != nil {
		moved = exact(scale.Moved(*r.Old, *r.New, unit).String(), diff)
	}
	return []cell{{Text: r.Quarter.String(), Class: "id"}, what, text(d.RegionName(r.Region)), of(r.Old), of(r.New), moved,
		text(r.Reasons())}
}
