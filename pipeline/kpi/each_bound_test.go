package kpi

import (
	"slices"
	"testing"
)

// A bound that each of several must keep is judged by each of them on the day: what they have
// together is held against nothing, and one that breaks it is named with how many it has.
func TestEachKeepsABound(t *testing.T) {
	most := 20.0
	doc := Document{ID: "D", Issued: Date{2021, 1, 1}, Region: "320600"}
	c := Commitment{ID: "X", Kind: Constraint, Each: "联合体", Target: &Target{AtMost: &most, Unit: "家"}}
	on, before := Date{2025, 12, 31}, Date{2025, 9, 30}
	var duties []Duty
	for _, day := range []Date{{2020, 12, 31}, before, {2025, 11, 15}, on} { // a deadline is a day as well
		for name, n := range map[string]float64{"甲": 23, "乙": 20} {
			d := Duty{ID: "X", Subject: name, Period: day, Due: day, Number: &n}
			if n <= most || day == before {
				d.Done = day
			}
			duties = append(duties, d)
		}
	}
	judge := func(c Commitment, asOf Date) Attainment {
		a := Attain(doc, c, doc.Region, asOf,
			Series{{ID: "X", Region: doc.Region}: {before: 43, {2025, 11, 15}: 43, on: 43, {2026, 3, 31}: 43}}, Cover{}, DefaultThresholds)
		a.JudgeEach(doc, c, duties, DefaultThresholds)
		return a
	}
	a := judge(c, on)
	if a.Newest == nil || a.Newest.Name != "2025年第四季度末" || a.Newest.Had != 2 || !slices.Equal(a.Newest.Not, []string{"甲"}) ||
		!slices.Equal(a.Newest.Numbers, []float64{23}) {
		t.Fatalf("newest %+v", a.Newest)
	}
	if v, unit := a.Head("家"); *v != 50 || unit != "%" || *a.Value != 43 || *a.Gap != -50 || a.Light != Red || a.Due != 0 || a.Left != nil {
		t.Errorf("at the head %v %s of %v, gap %v, %s, due %d, left %v", *v, unit, *a.Value, *a.Gap, a.Light, a.Due, a.Left)
	}
	if periods := EachPeriods(doc, c, duties, Cover{}, on); len(periods) != 2 {
		t.Errorf("periods %+v: want the two quarter ends since the document", periods)
	}
	if a = judge(c, Date{2025, 11, 15}); a.Newest == nil || a.Newest.Name != "2025年11月15日" ||
		!slices.Equal(a.Newest.Not, []string{"甲"}) || a.Light != Red {
		t.Errorf("in the middle of a quarter the day itself is judged: %s %+v", a.Light, a.Newest)
	}
	if a = judge(c, before); a.Light != Green || *a.Rate != 100 {
		t.Errorf("all keep it: %s %v", a.Light, *a.Rate)
	}
	if c.Expected = true; judge(c, on).Light != Orange {
		t.Errorf("原则上 is told, never red: %s", judge(c, on).Light)
	}
	if a = judge(c, Date{2026, 3, 31}); a.Light != NoLight || a.Newest != nil || a.Rate != nil {
		t.Errorf("nobody is bound: %s %+v", a.Light, a.Newest)
	}
}
