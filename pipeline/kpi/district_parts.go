package kpi

import (
	"math"
	"slices"
)

// Parts are the days up to which each district filed its part of a figure, by region, in order; nil of
// a figure that is not filed by its districts.
type Parts map[string][]Date

// Newest is the latest day for which a part was filed.
func (p Parts) Newest() Date {
	var newest Date
	for _, days := range p {
		if on := days[len(days)-1]; newest.Before(on) {
			newest = on
		}
	}
	return newest
}

// Filed reports whether a region filed its part for the quarter in which a day lies.
func (p Parts) Filed(region string, on Date) bool {
	return slices.ContainsFunc(p[region], func(filed Date) bool { return QuarterOf(filed) == QuarterOf(on) })
}

// Of is the part of one region.
func (p Parts) Of(region string) Parts {
	if days, ok := p[region]; ok {
		return Parts{region: days}
	}
	return Parts{}
}

// alike reports whether parts were filed for both days, and by the same regions.
func (p Parts) alike(on, then Date) bool {
	any := false
	for region := range p {
		filed := p.Filed(region, on)
		if filed != p.Filed(region, then) {
			return false
		}
		any = any || filed
	}
	return any
}

// CompareAlike drops the changes between days for which not the same parts were filed. A figure whose
// own parts are older than the newest of others says from when it is carried forward.
func (a *Attainment) CompareAlike(own Parts, newest Date) {
	if a.Value == nil || newest.IsZero() {
		return
	}
	q := a.compared()
	if !own.alike(q.End(), q.Add(-4).End()) {
		a.Year = nil
	}
	if !own.alike(q.End(), q.Add(-1).End()) {
		a.Quarter = nil
	}
	if last := own.Newest(); !last.IsZero() && QuarterOf(last) != QuarterOf(newest) {
		a.Data, a.Carried = last, last
	}
}

// Adds reports whether the values of regions add up to that of the whole, but for what belongs to none of them.
func (k Kind) Adds() bool {
	switch k {
	case Stock, Cumulative, AnnualFlow, QuarterSum, AwardRule, Obligation, ScorecardItem, ScorecardRule:
		return true
	}
	return false
}

// Rest is what of the whole belongs to none of its districts (不分区): nil where they add up to it, where
// they are no parts of it, and where none has a value.
func Rest(kind Kind, whole *float64, districts []Attainment) *float64 {
	if !kind.Adds() || whole == nil {
		return nil
	}
	sum, any := 0.0, false
	for _, d := range districts {
		if d.Value != nil {
			sum, any = sum+*d.Value, true
		}
	}
	if !any || sum > *whole || Equal(sum, *whole) {
		return nil
	}
	return ptr(*whole - sum)
}

// Equal reports that two sums are the same but for what adding floats loses.
func Equal(a, b float64) bool {
	return math.Abs(a-b) < 1e-9*max(1, a, b)
}
