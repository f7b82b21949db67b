package dashboard

import (
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/workbook"
)

// periodTable is what an obligation was due and what was done of it, period by period,
// the newest first; without rows where none has ended since the document was issued.
func periodTable(it digest.Item, line map[kpi.Date]float64, duties []kpi.Duty) workbook.Table {
	if it.At.Named() != nil {
		return eachTable(it, duties)
	}
	t := workbook.New(it.ID, "", workbook.Text.Of("期"), workbook.Count.Of("应办（期）", "办成（期）", "缺（期）", "办理（"+it.UnitName()+"）"))
	periods := kpi.Periods(it.Doc, it.Commitment, line, it.At.Cover, it.At.AsOf)
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

// eachTable is, of what each of several must do, how many had to, how many did, and who did
// not, period by period, the newest first.
func eachTable(it digest.Item, duties []kpi.Duty) workbook.Table {
	word, words := it.Commitment.Each, [5]string{"期", "应办", "办成", "未办", "办成率"}
	if it.Kind == kpi.Constraint {
		words = [5]string{"期末", "共", "符合", "不符合", "符合率"}
	} else if it.Kind == kpi.Ratio {
		words = [5]string{"期末", "共", "已办", "未办", "已办率"}
	}
	t := workbook.New(it.ID, "", workbook.Text.Of(words[0]), workbook.Count.Of(words[1]+"（个）", words[2]+"（个）", words[3]+"（个）"),
		workbook.Percent.Of(words[4]+"（%）"), workbook.Text.Of(words[3]+"的"+word))
	had, did := 0, 0
	for _, p := range slices.Backward(kpi.EachPeriods(it.Doc, it.Commitment, duties, it.At.Cover, it.At.AsOf)) {
		had, did = had+p.Had, did+p.Did()
		name := p.Name
		if data := it.At.CarriedInto(it.Commitment, p); !data.IsZero() {
			name += "（沿用 " + data.String() + "）"
		}
		broken := joined(digest.Broken(it, p))
		if given := digest.GivenOfPeriod(it, p); given != "" {
			broken += "（" + given + "）"
		}
		t.Add(name, p.Had, p.Did(), len(p.Not), float64(p.Did())*100/float64(p.Had), broken)
	}
	if had > 0 && it.At.Newest != nil && it.Kind != kpi.Constraint { // who keeps a bound at several times is one and the same
		t.AddTotal("合计", had, did, had-did, float64(did)*100/float64(had), "")
	}
	return t
}
