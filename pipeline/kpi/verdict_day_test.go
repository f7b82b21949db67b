package kpi

import "testing"

// What came after its deadline came on a day, and so it fell back: the quarter ends between which that
// lies tell neither, and may have seen nothing of it.
func TestVerdictsHaveTheirDay(t *testing.T) {
	end, asOf, least := Date{2025, 12, 31}, Date{2026, 9, 30}, 3.0
	doc := Document{ID: "D", Issued: Date{2025, 1, 1}, Region: "320100"}
	on := func(s string) Date { return day(t, s) }
	for _, c := range []struct {
		name      string
		kind      Kind
		flow      string
		line      [4]float64 // at the deadline and the three quarter ends since
		crossings []Crossing
		want      Verdict
		light     Light
	}{
		{"late, on a day", Stock, "", [4]float64{2, 3, 3, 3}, []Crossing{{on("2026-02-14"), true}},
			Verdict{Outcome: TooLate, Done: on("2026-02-14"), Months: 1, ByDay: true}, Late},
		{"late in between and gone, unseen", Stock, "", [4]float64{2, 2, 2, 2},
			[]Crossing{{on("2026-02-14"), true}, {on("2026-03-01"), false}},
			Verdict{Outcome: TooLate, Done: on("2026-02-14"), Months: 1, Fell: on("2026-03-01"), ByDay: true}, Fallen},
		{"fallen, since a day", Stock, "", [4]float64{3, 3, 2, 2},
			[]Crossing{{on("2025-06-01"), true}, {on("2026-01-02"), false}, {on("2026-01-20"), true}, {on("2026-05-06"), false}},
			Verdict{Outcome: InTime, Fell: on("2026-05-06"), Low: on("2026-01-02"), Back: on("2026-01-20"), ByDay: true}, Fallen},
		{"fallen, and back again", Stock, "", [4]float64{3, 3, 2, 3},
			[]Crossing{{on("2025-06-01"), true}, {on("2026-05-10"), false}, {on("2026-08-20"), true}},
			Verdict{Outcome: InTime, Low: on("2026-05-10"), Back: on("2026-08-20"), ByDay: true}, Met},
		{"fallen and back, by the quarter", Cumulative, "year", [4]float64{3, 3, 2, 3}, nil,
			Verdict{Outcome: InTime, Low: on("2026-06-30"), Back: on("2026-09-30")}, Met},
		{"never", Cumulative, "", [4]float64{1, 1, 2, 2}, nil, Verdict{Outcome: NotDone, Months: 9, ByDay: true}, Overdue},
		{"in time, and what comes after the date is not known", Cumulative, "", [4]float64{3, 3, 3, 3},
			[]Crossing{{end, true}, {on("2026-10-01"), false}}, Verdict{Outcome: InTime, ByDay: true}, Met},
		{"a share of levels, late on a day", Ratio, "", [4]float64{2, 3, 3, 3}, []Crossing{{on("2026-02-14"), true}},
			Verdict{Outcome: TooLate, Done: on("2026-02-14"), Months: 1, ByDay: true}, Late},
		{"a share of what comes in periods has no day", AnnualFlow, "", [4]float64{2, 3, 3, 3},
			[]Crossing{{on("2026-02-14"), true}}, Verdict{Outcome: TooLate, Done: on("2026-03-31"), Months: 3}, Late},
		{"a year's sum has no day", Cumulative, "year", [4]float64{2, 3, 3, 3}, []Crossing{{on("2026-02-14"), true}},
			Verdict{Outcome: TooLate, Done: on("2026-03-31"), Months: 3}, Late},
	} {
		line := map[Date]float64{}
		for i, v := range c.line {
			line[QuarterOf(end).Add(i).End()] = v
		}
		sides := &Part{Kind: Stock}
		if c.kind == AnnualFlow {
			c.kind, sides = Ratio, &Part{Kind: AnnualFlow}
		}
		k := Commitment{ID: "X", Kind: c.kind, Of: sides, To: sides, Flow: c.flow, Target: &Target{AtLeast: &least, By: end}}
		a := Attain(doc, k, doc.Region, asOf, Series{{ID: "X", Region: doc.Region}: line}, Cover{}, DefaultThresholds)
		a.DateVerdict(k, c.crossings)
		c.want.Deadline, c.want.Value = end, a.Verdict.Value
		if *a.Verdict != c.want || a.Light != c.light {
			t.Errorf("%s: %+v %s, want %+v %s", c.name, *a.Verdict, a.Light, c.want, c.light)
		}
	}
}
