package demo

import (
	"slices"

	"citykpi/pipeline/kpi"
)

// Verdict is what had become of a commitment by its deadline and since, as a reader of the
// document would judge it: by the days, and by the quarter ends where a figure has only those.
type Verdict struct {
	ID       string    `json:"id"`
	Deadline kpi.Date  `json:"deadline"`
	Value    float64   `json:"value"` // on that day
	Outcome  string    `json:"outcome"`
	Done     *kpi.Date `json:"done,omitempty"` // the first day, or quarter end, that has what came late
	Months   int       `json:"months_overdue"`
	Fell     *kpi.Date `json:"fallen_since,omitempty"`
	Low      *kpi.Date `json:"was_below_from,omitempty"` // the last time it fell below and came back
	Back     *kpi.Date `json:"was_below_until,omitempty"`
	ByDay    bool      `json:"by_day"`
	Given    []Given   `json:"given,omitempty"` // by closings, where they had another verdict or value
}

// Given is what was said of the day when a quarter was closed.
type Given struct {
	Closed  kpi.Quarter `json:"closed"`
	Value   float64     `json:"value"`
	Outcome string      `json:"outcome"`
}

// Awaited is a deadline that has passed and of which no file tells.
type Awaited struct {
	ID       string   `json:"id"`
	Deadline kpi.Date `json:"deadline"`
}

// awaited is that of the joint plans, whose quarter nobody filed, where the demo reaches behind it.
func (c *city) awaited() []Awaited {
	q := kpi.Quarter{Year: 2026, N: 2}
	if last := c.ends[len(c.ends)-1].date(); c.parks.begins < 0 || !q.End().Before(last) {
		return []Awaited{}
	}
	return []Awaited{{"NJSG-034", q.End()}}
}

// verdicts judges what was promised by the values.
func (c *city) verdicts(values, then []Value) []Verdict {
	figures, published := ofTheCity(values), ofTheCity(then)
	last := c.ends[len(c.ends)-1]
	daily := c.daily(dayOf(kpi.YearEnd(2025)), last)
	list := []Verdict{}
	for _, p := range stories().Promised {
		by := dayOf(p.By.End())
		value, known := figures[p.ID][p.By.End()]
		if !known || last < by {
			continue
		}
		v := Verdict{ID: p.ID, Deadline: p.By.End(), Value: value, Outcome: "not_done", ByDay: daily[p.ID] != nil}
		if value >= p.Target {
			v.Outcome = "in_time"
		}
		follow := func(on day, value float64) {
			date := on.date()
			switch enough := value >= p.Target; {
			case enough && v.Outcome == "not_done":
				v.Outcome, v.Done = "too_late", &date
			case enough && v.Fell != nil:
				v.Low, v.Back, v.Fell = v.Fell, &date, nil
			case enough:
			case v.Outcome != "not_done" && v.Fell == nil:
				v.Fell = &date
			}
		}
		for _, end := range c.ends {
			if end > by && !v.ByDay {
				follow(end, figures[p.ID][end.date()])
			}
		}
		for i, value := range daily[p.ID] {
			if on := dayOf(kpi.YearEnd(2025)) + day(i); on > by {
				follow(on, float64(value))
			}
		}
		until := last.date()
		if v.Done != nil {
			until = *v.Done
		}
		if was, known := published[p.ID][v.Deadline]; known && was != value {
			for _, q := range Closed(c.quarter(len(c.ends) - 1)) {
				if said := p.saidAt(q, published[p.ID]); said != "" && (len(v.Given) == 0 || v.Given[len(v.Given)-1].Outcome != said) {
					v.Given = append(v.Given, Given{q, was, said})
				}
			}
		}
		if v.Outcome != "in_time" {
			v.Months = fullMonths(p.By.End(), until)
		}
		list = append(list, v)
	}
	return list
}

// saidAt is how a closing judged the deadline by the figures of the quarter ends until its own, "" before it.
func (p promise) saidAt(closed kpi.Quarter, figures map[kpi.Date]float64) string {
	for q := p.By; !closed.End().Before(q.End()); q = q.Add(1) {
		switch enough := figures[q.End()] >= p.Target; {
		case enough && q == p.By:
			return "in_time"
		case enough:
			return "too_late"
		case q == closed:
			return "not_done"
		}
	}
	return ""
}

// ofTheCity are the city's own figures, by commitment and day.
func ofTheCity(values []Value) map[string]map[kpi.Date]float64 {
	figures := map[string]map[kpi.Date]float64{}
	for _, v := range values {
		if v.Measure == "" && v.Region == cityCode {
			if figures[v.ID] == nil {
				figures[v.ID] = map[kpi.Date]float64{}
			}
			figures[v.ID][v.AsOf] = v.Value
		}
	}
	return figures
}

// fullMonths lie between a month's end and a later day.
func fullMonths(from, to kpi.Date) int {
	n := 0
	for next := from.AddDays(1); !next.MonthEnd().After(to); next = next.MonthEnd().AddDays(1) {
		n++
	}
	return n
}

// daily are the city's levels and sums on every day of a time.
func (c *city) daily(from, to day) map[string][]int64 {
	l := c.ledger()
	l.ends = nil
	for on := from; on <= to; on++ {
		l.ends = append(l.ends, on)
	}
	l.tiers()
	l.signed()
	l.certified()
	l.registered()
	if l.parks.begins >= 0 {
		l.listedParks()
		l.builtPlatforms()
	}
	levels := map[string][]int64{}
	for _, n := range l.lines {
		if n.measure == "" && slices.ContainsFunc(stories().Promised, func(p promise) bool { return p.ID == n.id && !p.OfYear }) {
			levels[n.id] = n.values[0]
		}
	}
	return levels
}
