package dispatch

import (
	"fmt"
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
)

// scorecards is the latest evaluation of every holder in a jurisdiction beside the
// one before; nothing where there are none.
func scorecards(d *digest.Digest, jurisdiction string) []table {
	t := table{Class: "scorecards", Title: "联合体绩效评价", Note: "最近一次评价与上一次 · 补助金额单位：万元；历年见工作簿“绩效评价”",
		Columns: columns("..nn.nn.", "联合体", "所在地", "上次得分", "评价年度", "等级", "得分", "应补", "后果")}
	s := figure.Scale{Unit: figure.TableMoney, Divisor: figure.TableMoneyDivisor, Decimals: 1}
	elsewhere := func(r kpi.ScorecardResult) bool { return d.Jurisdiction(r.Region) != jurisdiction }
	list := slices.DeleteFunc(slices.Clone(d.Snapshot.Scorecards), elsewhere)
	for i, r := range list {
		if i+1 < len(list) && list[i+1].Consortium == r.Consortium {
			continue // a later year stands for it
		}
		before := cell{Text: figure.None, Class: "n"}
		if i > 0 && list[i-1].Consortium == r.Consortium {
			before = exact(figure.Number(list[i-1].Score, 1), &list[i-1].Score)
			before.Small = list[i-1].Grade
		}
		t.Rows = append(t.Rows, row{Cells: []cell{
			{Text: r.Name, Small: r.Consortium}, text(d.RegionName(r.Region)), before,
			{Text: fmt.Sprint(r.Year), Class: "n"}, text(r.Grade),
			exact(figure.Number(r.Score, 1), &r.Score), amount(r.Subsidy, s), text(r.Consequence),
		}})
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return []table{t}
}
