package kpi

import (
	"fmt"
	"slices"
	"testing"
)

// quarterly is a stock's values at the quarter ends from 2025Q1 on.
func quarterly(values ...float64) map[Date]float64 {
	line, q := map[Date]float64{}, Quarter{2025, 1}
	for i, v := range values {
		line[q.Add(i).End()] = v
	}
	return line
}

func TestVerdicts(t *testing.T) {
	end := Date{2025, 12, 31}
	now := Date{2026, 9, 30}
	for _, c := range []struct {
		name   string
		target Target
		line   map[Date]float64
		on     Date
		want   string
		light  Light
	}{
		{"in time", Target{By: end}, quarterly(1, 1, 2, 3, 3, 3, 4), now, "in_time of 3", Met},
		{"before the deadline there is none", Target{By: end}, quarterly(1, 1, 2, 3), Date{2025, 9, 30}, "none", Orange},
		{"missed on the day itself", Target{By: end}, quarterly(1, 1, 2, 2), end, "not_done of 2 by 0 months", Overdue},
		{"nine months late", Target{By: end}, quarterly(1, 1, 2, 2, 2, 2, 2), now, "not_done of 2 by 9 months", Overdue},
		{"completed late", Target{By: end}, quarterly(1, 1, 2, 2, 2, 3, 3), now, "too_late of 2 by 6 months on 2026-06-30", Late},
		{"what was complete before and not on the day is late", Target{By: end}, quarterly(3, 3, 3, 2, 3, 3, 3), now,
			"too_late of 2 by 3 months on 2026-03-31", Late},
		{"fallen back", Target{By: end}, quarterly(1, 1, 2, 3, 3, 2, 2), now, "in_time of 3 fell 2026-06-30", Fallen},
		{"fallen back after it came late", Target{By: end}, quarterly(1, 1, 2, 2, 3, 3, 2), now,
			"too_late of 2 by 3 months on 2026-03-31 fell 2026-09-30", Fallen},
		{"fallen back and recovered", Target{By: end}, quarterly(1, 1, 2, 3, 2, 2, 3), now, "in_time of 3", Met},
		{"about three is two and a half", Target{By: end, Tolerance: 0.2}, quarterly(1, 1, 2, 2.5, 2.5, 2.5, 2.5), now,
			"in_time of 2.5", Met},
		{"nothing was computed before it", Target{By: Date{2024, 6, 30}}, quarterly(3, 3, 3, 3, 3, 3, 3), now, "none", Met},
		{"nor was it ever reached", Target{By: Date{2024, 6, 30}}, quarterly(1, 1, 2, 2, 2, 2, 2), now,
			"not_done of nothing by 27 months", Overdue},
		{"a deadline inside a quarter", Target{By: Date{2026, 5, 15}},
			map[Date]float64{{2026, 3, 31}: 2, {2026, 5, 15}: 3, {2026, 9, 30}: 3}, now, "in_time of 3", Met},
	} {
		if c.target.Between == nil {
			c.target.AtLeast = ptr(3)
		}
		doc := Document{ID: "D", Issued: Date{2022, 9, 1}, Region: "320100"}
		k := Commitment{ID: "D-1", Kind: Stock, Target: &c.target}
		a := Attain(doc, k, doc.Region, c.on, Series{{ID: k.ID, Region: doc.Region}: c.line}, Cover{}, DefaultThresholds)
		if got := told(a.Verdict); got != c.want || a.Light != c.light {
			t.Errorf("%s: %s, %s, want %s, %s", c.name, got, a.Light, c.want, c.light)
		}
	}
}

func told(v *Verdict) string {
	if v == nil {
		return "none"
	}
	value := "nothing"
	if v.Value != nil {
		value = fmt.Sprint(*v.Value)
	}
	s := string(v.Outcome) + " of " + value
	if v.Outcome != InTime || v.Months != 0 {
		s += fmt.Sprintf(" by %d months", v.Months)
	}
	if !v.Done.IsZero() {
		s += " on " + v.Done.String()
	}
	if !v.Fell.IsZero() {
		s += " fell " + v.Fell.String()
	}
	return s
}

// A milestone has a deadline as a number has; what must hold at any time has none.
func TestWhatHasAVerdict(t *testing.T) {
	doc := Document{ID: "D", Issued: Date{2022, 9, 1}, Region: "320100"}
	by := Date{2025, 12, 31}
	for _, c := range []struct {
		name  string
		k     Commitment
		line  map[Date]float64
		want  string
		light Light
	}{
		{"a stage that came in time", Commitment{Kind: Milestone, Target: &Target{AtLeast: ptr(2), By: by}},
			quarterly(1, 1, 1, 2, 2, 2, 2), "in_time of 2", Met},
		{"a stage that came late", Commitment{Kind: Milestone, Target: &Target{AtLeast: ptr(2), By: by}},
			quarterly(1, 1, 1, 1, 1, 1, 2), "too_late of 1 by 9 months on 2026-09-30", Late},
		{"a stage that never came", Commitment{Kind: Milestone, Target: &Target{AtLeast: ptr(2), By: by}},
			quarterly(1, 1, 1, 1, 1, 1, 1), "not_done of 1 by 9 months", Overdue},
		{"what is only expected is overdue too",
			Commitment{Kind: Stock, Expected: true, Target: &Target{AtLeast: ptr(3), By: by}}, quarterly(1, 1, 1, 1, 1, 1, 1),
			"not_done of 1 by 9 months", Overdue},
		{"a bound", Commitment{Kind: Constraint, Target: &Target{AtLeast: ptr(3), By: by}}, quarterly(1, 1, 1, 1, 1, 1, 1), "none", Red},
		{"what is done again and again", Commitment{Kind: Obligation, Target: &Target{AtLeast: ptr(3), By: by}},
			quarterly(1, 1, 1, 1, 1, 1, 1), "none", NoLight},
		{"a share that must hold", Commitment{Kind: Ratio, Target: &Target{AtLeast: ptr(3), By: by, Bound: true}},
			quarterly(3, 3, 3, 3, 3, 3, 3), "none", Green},
	} {
		c.k.ID = "D-1"
		a := Attain(doc, c.k, doc.Region, Date{2026, 9, 30}, Series{{ID: "D-1", Region: doc.Region}: c.line}, Cover{}, DefaultThresholds)
		if got := told(a.Verdict); got != c.want || a.Light != c.light {
			t.Errorf("%s: %s, %s, want %s, %s", c.name, got, a.Light, c.want, c.light)
		}
	}
}

// Each year of a yearly target is judged for itself; the one that runs has a pace.
func TestYearsHaveVerdicts(t *testing.T) {
	doc := Document{ID: "D", Issued: Date{2022, 9, 1}, Region: "320100"}
	k := Commitment{ID: "D-1", Kind: AnnualFlow, Target: &Target{AtLeast: ptr(100), Per: "year", FirstFullYear: 2023}}
	line := map[Date]float64{{2022, 12, 31}: 10, {2023, 12, 31}: 120, {2024, 12, 31}: 99, {2025, 9, 30}: 80,
		{2025, 12, 31}: 100, {2026, 9, 30}: 60}
	s := Series{{ID: k.ID, Region: doc.Region}: line}
	a := Attain(doc, k, doc.Region, Date{2026, 9, 30}, s, Cover{}, DefaultThresholds)
	var got []string
	for _, v := range a.Years {
		got = append(got, fmt.Sprint(v.Deadline.Year, " ", *v.Value, " ", v.Outcome))
	}
	if want := []string{"2023 120 in_time", "2024 99 not_done", "2025 100 in_time"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if a.Verdict != nil || a.Light != Orange {
		t.Errorf("the year that runs: %s %s, want no verdict and orange", told(a.Verdict), a.Light)
	}
	a = Attain(doc, k, doc.Region, Date{2024, 12, 31}, s, Cover{}, DefaultThresholds)
	if told(a.Verdict) != "not_done of 99 by 0 months" || a.Light != Overdue {
		t.Errorf("on the last day of a year: %s %s", told(a.Verdict), a.Light)
	}
}

func TestMonthsOverdue(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     int
	}{
		{"2025-12-31", "2026-09-30", 9}, {"2025-12-31", "2026-02-28", 2}, {"2025-12-31", "2026-01-30", 0},
		{"2026-06-15", "2026-07-14", 0}, {"2026-06-15", "2026-07-15", 1}, {"2026-06-30", "2026-06-30", 0},
	} {
		if got := monthsBetween(day(t, c.from), day(t, c.to)); got != c.want {
			t.Errorf("from %s to %s: %d months, want %d", c.from, c.to, got, c.want)
		}
	}
}

// The order of lists, of lights and of concern is one.
func TestLightsAreOrdered(t *testing.T) {
	want := []Light{Overdue, Red, Fallen, Orange, Yellow, Awaited, Green, Late, Met, NoData, NoLight}
	for i, l := range want {
		if l.Order() != i+1 || (l.Concern() > 0) != (i < 5) {
			t.Errorf("%q: order %d, concern %d", l, l.Order(), l.Concern())
		}
		if l != NoLight && !slices.Contains(Lights, l) {
			t.Errorf("%q is in no legend", l)
		}
		for _, o := range want[:i] {
			if o.Chinese() == l.Chinese() && l != NoLight || o.Symbol() == l.Symbol() && l != NoLight {
				t.Errorf("%q and %q look alike", o, l)
			}
		}
	}
}
