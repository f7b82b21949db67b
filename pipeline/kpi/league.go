package kpi

import (
	"cmp"
	"slices"
)

// UnitStanding is how a responsible unit stands with what it leads, among the units
// of its jurisdiction.
type UnitStanding struct {
	Region string        `json:"region_code"` // the jurisdiction whose documents name it
	Unit   string        `json:"unit"`
	Leads  int           `json:"leads"`    // commitments it is named first for
	Joins  int           `json:"joins"`    // commitments it is named for after another
	Lights map[Light]int `json:"lights"`   // of those it leads
	Judged int           `json:"judged"`   // of those it leads, how many have a light that judges
	OnPace float64       `json:"on_pace"`  // percent of Judged that are done or green
	Gap    *float64      `json:"mean_gap"` // mean pace gap of those of Judged that have one, in points, each within ±100; nil: none has
	Behind []string      `json:"behind"`   // ids of those that are behind, the worst light first, then furthest behind
	Rank   int           `json:"rank"`     // in its jurisdiction, by OnPace, then Gap; 0: nothing to judge

	gaps int // of Judged, how many have a gap
}

// League ranks the responsible units of each jurisdiction by the commitments they
// lead, at the jurisdiction of each document. A draft promises nothing yet: what it
// names is reported and ranks nobody. Jurisdictions come in the order of their
// documents, units in the order of their ranks, those that have nothing to judge
// last, by name.
func League(documents []Document, attainments []Attainment) []UnitStanding {
	at := map[string]Attainment{}
	region := map[string]string{}
	for _, d := range documents {
		for _, c := range d.Commitments {
			region[c.ID] = d.Region
		}
	}
	for _, a := range attainments {
		if region[a.ID] == a.Region {
			at[a.ID] = a
		}
	}
	var regions []string
	standings := map[string]map[string]*UnitStanding{}
	for _, d := range documents {
		if d.Draft() {
			continue
		}
		if standings[d.Region] == nil {
			regions, standings[d.Region] = append(regions, d.Region), map[string]*UnitStanding{}
		}
		for _, c := range d.Commitments {
			for i, name := range c.Units {
				s := standings[d.Region][name]
				if s == nil {
					s = &UnitStanding{Region: d.Region, Unit: name, Lights: map[Light]int{}, Behind: []string{}}
					standings[d.Region][name] = s
				}
				if i > 0 {
					s.Joins++
					continue
				}
				s.lead(c.ID, at[c.ID])
			}
		}
	}
	var all []UnitStanding
	for _, r := range regions {
		var list []UnitStanding
		for _, s := range standings[r] {
			slices.SortStableFunc(s.Behind, func(a, b string) int {
				return cmp.Or(cmp.Compare(at[b].Light.Concern(), at[a].Light.Concern()), cmp.Compare(held(at[a].Gap), held(at[b].Gap)))
			})
			list = append(list, *s)
		}
		all = append(all, ranked(list)...)
	}
	return all
}

// held is a gap within ±100 points, so that one commitment does not outweigh all
// others; 0 where there is none.
func held(gap *float64) float64 {
	if gap == nil {
		return 0
	}
	return max(-100, min(100, *gap))
}

// lead adds one commitment the unit leads. The light judges; the gap only tells
// units apart that are equally often on pace.
func (s *UnitStanding) lead(id string, a Attainment) {
	s.Leads++
	light := a.Light
	if a.ID == "" {
		light = NoData
	}
	s.Lights[light]++
	if !light.Judges() {
		return
	}
	onPace := 100.0
	if light.Concern() > 0 {
		onPace = 0
		s.Behind = append(s.Behind, id)
	}
	n := float64(s.Judged)
	s.OnPace = (s.OnPace*n + onPace) / (n + 1)
	s.Judged++
	if a.Gap != nil {
		n := float64(s.gaps)
		s.Gap = ptr((held(s.Gap)*n + held(a.Gap)) / (n + 1))
		s.gaps++
	}
}

func ranked(list []UnitStanding) []UnitStanding {
	better := func(a, b UnitStanding) int {
		switch {
		case (a.Judged > 0) != (b.Judged > 0):
			return b.Judged - a.Judged
		case a.Judged == 0:
			return 0
		}
		return cmp.Or(cmp.Compare(b.OnPace, a.OnPace), cmp.Compare(held(b.Gap), held(a.Gap)))
	}
	slices.SortFunc(list, func(a, b UnitStanding) int { return cmp.Or(better(a, b), cmp.Compare(a.Unit, b.Unit)) })
	for i := range list {
		switch {
		case list[i].Judged == 0:
		case i > 0 && better(list[i-1], list[i]) == 0:
			list[i].Rank = list[i-1].Rank
		default:
			list[i].Rank = i + 1
		}
	}
	return list
}
