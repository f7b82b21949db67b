package project

import (
	"slices"

	"citykpi/pipeline/kpi"
)

// award holds what a rule gives against what can be computed from it.
func (v *policyCheck) award(c kpi.Commitment, a kpi.Award) {
	if c.Kind != kpi.AwardRule {
		v.bad(c, "award belongs to kind award_rule")
	}
	if a.Twin != "" {
		v.mentions = append(v.mentions, mention{c, "twin", a.Twin})
	}
	if a.Rate != nil && (*a.Rate <= 0 || *a.Rate > 1) {
		v.bad(c, "award rate %v: write a share above 0 and up to 1; 1:1 is 1", *a.Rate)
	}
	if a.Each != nil && (*a.Each <= 0 || a.Rate != nil) {
		v.bad(c, "award each %v: write an amount in 元 above 0, and no rate beside it", *a.Each)
	}
	if (a.Rate != nil || a.Each != nil) && a.Base == "" {
		v.bad(c, "award has a rate and no base: write base: of what")
	}
	if a.Cap != nil && *a.Cap <= 0 {
		v.bad(c, "award cap %v: write an amount in 元 above 0", *a.Cap)
	}
	if !slices.Contains(kpi.AwardPer, a.Per) {
		v.bad(c, "award per %q: want one of %q", a.Per, kpi.AwardPer[1:])
	}
	if a.Cap != nil && a.Per == "" {
		v.bad(c, "award has a cap and no per: write whose payments it bounds, one of %q", kpi.AwardPer[1:])
	}
	if !slices.Contains(kpi.AwardTimes, a.Times) {
		v.bad(c, "award times %q: write times: year (once a year) or times: once (once only), or leave it out", a.Times)
	}
	if a.Lead && a.Tier == "" {
		v.bad(c, "award lead: say which title the leader must hold: write tier: specialised, or another")
	}
	if a.Months < 0 || a.Months == 0 && a.From != "" || !slices.Contains(kpi.AwardFrom, a.From) {
		v.bad(c, "award window of %d months from %q: write months: 36 and from: payment or basis", a.Months, a.From)
	}
	if !slices.Contains(kpi.AwardTiers, a.Tier) {
		v.bad(c, "award tier %q: want innovative, specialised, little_giant or champion", a.Tier)
	}
}

// awards holds the rules of all documents against each other: twins name each
// other, unless a project goes without one of the two, and no clause means two rules.
func (v *policyCheck) awards(documents []kpi.Document) {
	rules := map[string]kpi.Commitment{}
	clauses := map[string]string{}
	for _, d := range documents {
		for _, c := range d.Commitments {
			if c.Award == nil {
				continue
			}
			rules[c.ID] = c
			for _, clause := range c.Award.Clauses {
				if other, ok := clauses[clause]; ok {
					v.bad(c, "clause %q means %s already: add words that tell them apart", clause, other)
				}
				clauses[clause] = c.ID
			}
		}
	}
	for _, d := range documents {
		for _, c := range d.Commitments {
			if c.Award == nil || c.Award.Twin == "" {
				continue
			}
			if twin, ok := rules[c.Award.Twin]; ok && twin.Award.Twin != c.ID {
				v.bad(c, "twin %q names %q as its own twin: write twin: %s there, or no twin here", c.Award.Twin, twin.Award.Twin, c.ID)
			}
		}
	}
}
