package dashboard

import (
	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/workbook"
)

// periodTable is what an obligation was due and what was done of it, period by period,
// the newest first; without rows where none has ended since the document was issued.
func periodTable(it digest.Item, line map[kpi.Date]float64) workbook.Table {
	t := workbook.Table{Name: it.ID, Columns: []workbook.Column{
		{Title: "期"}, {Title: "应办（期）", Kind: workbook.Count}, {Title: "办成（期）", Kind: workbook.Count},
		{Title: "缺（期）", Kind: workbook.Count}, {Title: "办理（" + it.UnitName() + "）", Kind: workbook.Count},
	}}
	periods := kpi.Periods(it.Doc, it.Commitment, line, it.At.AsOf)
	done, all := 0, 0.0
	for i := len(periods) - 1; i >= 0; i-- {
		p := periods[i]
		all += p.Done
		if p.Done > 0 {
			done++
			t.Add(p.Name, 1, 1, 0, p.Done)
		} else {
			t.Add(p.Name, 1, 0, 1, p.Done)
		}
	}
	if len(periods) > 0 {
		t.AddTotal("合计", len(periods), done, len(periods)-done, all)
	}
	return t
}
