package dashboard

import (
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
)

// TestChangeNumbers holds what 环比 and 同比 say where unlike items stand in one table.
func TestChangeNumbers(t *testing.T) {
	v := func(f float64) *float64 { return &f }
	diff := func(f float64) *kpi.Change { return &kpi.Change{Diff: f} }
	for _, c := range []struct {
		name          string
		kind          kpi.Kind
		unit          string
		at            kpi.Attainment
		quarter, year string
	}{
		{"different bases", kpi.AnnualFlow, "名", kpi.Attainment{Value: v(2054), Quarter: diff(240), Year: diff(-2773)},
			"当季 +240 名", "累计 −2,773 名"},
		{"no base yet", kpi.AnnualFlow, "名", kpi.Attainment{Value: v(2054)}, "—", "—"},
		{"a level", kpi.Stock, "家", kpi.Attainment{Value: v(9535), Quarter: diff(16), Year: diff(0)}, "+16 家", "持平"},
		{"money in the scale of its value", kpi.QuarterSum, "元",
			kpi.Attainment{Value: v(207.77e8), Quarter: diff(8096.5e4), Year: diff(18.9e8)}, "+0.81 亿元", "+18.90 亿元"},
		{"stages are steps", kpi.Milestone, "级", kpi.Attainment{Value: v(2), Quarter: diff(0), Year: diff(1)}, "—", "推进一步"},
		{"two steps and one back", kpi.Milestone, "级", kpi.Attainment{Value: v(2), Quarter: diff(-1), Year: diff(2)}, "退回一步", "推进两步"},
	} {
		it := digest.Item{Commitment: kpi.Commitment{Kind: c.kind, Unit: c.unit}, At: c.at}
		if quarter, year := changeNumbers(it, c.at); quarter.Text != c.quarter || year.Text != c.year {
			t.Errorf("%s: %s and %s, want %s and %s", c.name, quarter.Text, year.Text, c.quarter, c.year)
		}
	}
}

// TestCardSaysWhatItCounts: a card of a yearly flow names both bases, and the unit of its target once.
func TestCardSaysWhatItCounts(t *testing.T) {
	v := func(f float64) *float64 { return &f }
	asOf := kpi.Date{Year: 2026, Month: 9, Day: 30}
	d := digest.Read(&kpi.Snapshot{Release: kpi.Release{AsOf: asOf}, Region: kpi.Region{Code: "320100"}})
	it := digest.Item{
		Commitment: kpi.Commitment{ID: "X", Kind: kpi.AnnualFlow, Target: &kpi.Target{AtLeast: v(5000), Unit: "名", Per: "year"}},
		At:         kpi.Attainment{Value: v(2054), Quarter: &kpi.Change{Diff: 240, Percent: v(38.46)}, Year: &kpi.Change{Diff: -2773}},
	}
	c := newCard(d, it, sparkPeriods(asOf))
	if c.Kind != "年内累计" || c.Target != "5,000" || c.Unit != "名" || len(c.Changes) != 2 ||
		c.Changes[0] != (changed{"当季环比", "+240 名（+38.5%）", "quarter up"}) || c.Changes[1] != (changed{"累计同比", "−2,773 名", "year down"}) {
		t.Errorf("%+v", c)
	}
}
