package kpi

import "testing"

func TestAwaited(t *testing.T) {
	doc := Document{Issued: Date{2022, 9, 1}, Region: "320100"}
	key := Key{ID: "X", Region: doc.Region}
	due, filed := YearEnd(2025), Date{2025, 9, 30}
	once := &Target{AtLeast: ptr(5), By: due}
	yearly := &Target{AtLeast: ptr(5), Per: "year", FirstFullYear: 2023}
	for _, c := range []struct {
		name    string
		kind    Kind
		target  *Target
		value   float64
		until   Date
		light   Light
		awaits  Date
		outcome Judgement
	}{
		{"a level that is missing", Stock, once, 4, filed, Awaited, due, ""},
		{"a level that was reached may be lost", Stock, once, 5, filed, Awaited, due, ""},
		{"a sum that was reached cannot be", Cumulative, once, 5, filed, Met, Date{}, InTime},
		{"a sum that is missing", Cumulative, once, 4, filed, Awaited, due, ""},
		{"what is complete stays so", Milestone, &Target{AtLeast: ptr(2), By: due}, 2, filed, Met, Date{}, InTime},
		{"what is under way", Milestone, &Target{AtLeast: ptr(2), By: due}, 1, filed, Awaited, due, ""},
		{"data of the day", Stock, once, 4, due, Overdue, Date{}, NotDone},
		{"a year that was reached", AnnualFlow, yearly, 5, filed, Met, Date{}, InTime},
		{"a year that is missing", AnnualFlow, yearly, 4, filed, Awaited, due, ""},
		{"a year that is told", AnnualFlow, yearly, 4, due, Overdue, Date{}, NotDone},
	} {
		s := Series{key: {filed: c.value, due: c.value}}
		a := Attain(doc, Commitment{ID: "X", Kind: c.kind, Target: c.target}, doc.Region, due, s, Cover{Until: c.until, Every: "quarter"}, DefaultThresholds)
		var outcome Judgement
		if a.Verdict != nil {
			outcome = a.Verdict.Outcome
		}
		if a.Light != c.light || a.Awaits != c.awaits || outcome != c.outcome || a.Light == Awaited && (a.Gap != nil || len(a.Years) > 0) {
			t.Errorf("%s: %s %q, awaits %s", c.name, a.Light, outcome, a.Awaits)
		}
	}
	if Awaited.Concern() != 0 || Awaited.Judges() || Awaited.Order() > Green.Order() {
		t.Errorf("concern %d, judges %v, order %d", Awaited.Concern(), Awaited.Judges(), Awaited.Order())
	}
}
