package main

import (
	"testing"

	"citykpi/pipeline/kpi"
)

// Both figures of a restatement have the decimals of their measure, and what differs looks different.
func TestRestatedFiguresHaveTheDecimalsOfTheirMeasure(t *testing.T) {
	units := unitsOf([]kpi.Document{{Commitments: []kpi.Commitment{
		{ID: "M", Unit: "元", Also: []kpi.Measure{{Name: "n"}, {Name: "people", Unit: "人"}}}, {ID: "R", Unit: "%"},
		{ID: "Y", Target: &kpi.Target{Unit: "年"}},
	}}})
	for _, c := range []struct {
		id, measure string
		old, now    float64
		was, is     string
	}{
		{"M", "", 1234.5, 1234.56, "1,234.50", "1,234.56"},
		{"M", "", 1234, 1234.5, "1,234.00", "1,234.50"},
		{"M", "n", 7, -8, "7.00", "-8.00"},
		{"M", "people", 12439, 12441, "12,439", "12,441"},
		{"R", "", 66.67, 70, "66.67", "70.00"},
		{"Y", "", 3, 2.5, "3.00", "2.50"},
	} {
		r := kpi.Restatement{ID: c.id, Measure: c.measure, Old: &c.old, New: &c.now}
		if was, is := units.published(r, r.Old), units.published(r, r.New); was != c.was || is != c.is {
			t.Errorf("%s %s: %s and %s, want %s and %s", c.id, c.measure, was, is, c.was, c.is)
		}
	}
}
