package kpi

import (
	"slices"
	"testing"
)

// What each must do is judged by each of them: the newest period that is due colours, the
// earlier ones stay in the record.
func TestEachIsJudgedBySubject(t *testing.T) {
	doc := Document{ID: "D", Issued: Date{2025, 1, 1}, Region: "230000"}
	c := Commitment{ID: "X", Kind: Obligation, Every: "quarter", Each: "单位"}
	on := func(q Quarter, n int) Date { return q.End().AddDays(n) }
	var duties []Duty
	for i, done := range [][3]int{{5, 5, 5}, {5, 20, 0}, {5, 5, 5}, {5, 5, 0}, {5, 5, 5}} { // days after the quarter; 0: never
		q := Quarter{2024, 4}.Add(i)
		for j, name := range []string{"甲", "乙", "丙"} {
			d := Duty{ID: "X", Subject: name, Period: q.End(), Due: on(q, 15)}
			if done[j] > 0 {
				d.Done = on(q, done[j])
			}
			duties = append(duties, d)
		}
	}
	duties = append(duties, Duty{ID: "Y", Subject: "甲", Period: on(Quarter{2025, 4}, 0), Due: on(Quarter{2025, 4}, 15)})
	judge := func(asOf Date) Attainment {
		a := Attain(doc, c, doc.Region, asOf, Series{{ID: "X", Region: doc.Region}: {asOf: 12}}, Cover{}, DefaultThresholds)
		a.JudgeEach(doc, c, duties, DefaultThresholds)
		return a
	}
	a := judge(Date{2025, 12, 31}) // the fourth quarter is due on 15 January
	if a.Due != 3 || !slices.Equal(a.Missed, []string{"2025年第一季度", "2025年第三季度"}) || a.Newest.Name != "2025年第三季度" ||
		!slices.Equal(a.Newest.Not, []string{"丙"}) || a.Newest.Did() != 2 || diff(*a.Rate, 200./3) || a.Light != Red {
		t.Errorf("due %d missed %v newest %+v rate %v %s", a.Due, a.Missed, a.Newest, *a.Rate, a.Light)
	}
	if v, unit := a.Head("份"); diff(*v, 200./3) || unit != "%" || *a.Value != 12 {
		t.Errorf("at the head %v %s of %v", *v, unit, *a.Value)
	}
	a = judge(Date{2026, 1, 31})
	if a.Due != 4 || len(a.Missed) != 2 || len(a.Newest.Not) != 0 || *a.Rate != 100 || a.Light != Green {
		t.Errorf("due %d missed %v newest %+v %s", a.Due, a.Missed, a.Newest, a.Light)
	}
}
