package kpi

import (
	"slices"
	"testing"
)

// A share of several keeps its own figure, target and light, and names who is not in it on the day.
func TestShareNamesWhoIsNotInIt(t *testing.T) {
	all, on := 100.0, Date{2025, 12, 31}
	doc := Document{ID: "D", Issued: Date{2025, 1, 1}, Region: "320100"}
	c := Commitment{ID: "X", Kind: Ratio, Each: "园区", Target: &Target{AtLeast: &all, Unit: "%", By: Date{2026, 12, 31}}}
	duties := []Duty{{ID: "X", Subject: "甲", Period: on, Due: on, Done: on}, {ID: "X", Subject: "乙", Period: on, Due: on}}
	series := Series{{ID: "X", Region: doc.Region}: {on: 50, {2026, 2, 1}: 50}}
	a := Attain(doc, c, doc.Region, on, series, Cover{}, DefaultThresholds)
	plain := a
	a.JudgeEach(doc, c, duties, DefaultThresholds)
	if p := a.Named(); p == nil || p.Had != 2 || p.Did() != 1 || !slices.Equal(p.Not, []string{"乙"}) || p.Name != "2025年第四季度末" {
		t.Fatalf("named %+v", p)
	}
	if v, unit := a.Head("%"); *v != 50 || unit != "%" || a.Newest != nil || a.Light != plain.Light || *a.Gap != *plain.Gap ||
		*a.Rate != 50 {
		t.Errorf("%v %s, %s, gap %v of %v, rate %v: to name its subjects judges nothing anew", *v, unit, a.Light, *a.Gap,
			*plain.Gap, *a.Rate)
	}
	if c.BindsEach() {
		t.Error("a share is not asked of each of them")
	}
	later := Attain(doc, c, doc.Region, Date{2026, 2, 1}, series, Cover{}, DefaultThresholds)
	if later.JudgeEach(doc, c, duties, DefaultThresholds); later.Named() != nil {
		t.Errorf("named on another day %+v", later.Named())
	}
}
