package kpi

import (
	"cmp"
	"slices"
)

// UnitStanding is how a responsible unit stands with what it leads.
type UnitStanding struct {
	Unit   string        `json:"unit"`
	Leads  int           `json:"leads"`    // commitments it is named first for
	Joins  int           `json:"joins"`    // commitments it is named for after another
	Lights map[Light]int `json:"lights"`   // of those it leads
	Judged int           `json:"judged"`   // of those it leads, how many have a pace
	OnPace float64       `json:"on_pace"`  // percent of Judged that are met or green
	Gap    float64       `json:"mean_gap"` // mean pace gap of Judged, in points, each gap held within ±100
	Behind []string      `json:"behind"`   // ids of those yellow, orange or red, furthest behind first
	Rank   int           `json:"rank"`     // by OnPace, then Gap; 0: nothing to judge
}

// League ranks responsible units by the commitments they lead, at the
// jurisdiction of each document. Units are in the order of their ranks, those
// that have nothing to judge last, by name.
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
	standings := map[string]*UnitStanding{}
	unit := func(name string) *UnitStanding {
		if standings[name] == nil {
			standings[name] = &UnitStanding{Unit: name, Lights: map[Light]int{}, Behind: []string{}}
		}
		return standings[name]
	}
	for _, d := range documents {
		for _, c := range d.Commitments {
			for i, name := range c.Units {
				if i > 0 {
					unit(name).Joins++
					continue
				}
				unit(name).lead(at[c.ID])
			}
		}
	}
	var list []UnitStanding
	for _, s := range standings {
		slices.SortStableFunc(s.Behind, func(a, b string) int { return cmp.Compare(*at[a].Gap, *at[b].Gap) })
		list = append(list, *s)
	}
	return ranked(list)
}

// lead adds one commitment the unit leads.
func (s *UnitStanding) lead(a Attainment) {
	s.Leads++
	light := a.Light
	if a.ID == "" {
		light = NoData
	}
	s.Lights[light]++
	if a.Gap == nil || light == NoLight || light == NoData {
		return
	}
	onPace := 0.0
	if light == Met || light == Green {
		onPace = 100
	} else {
		s.Behind = append(s.Behind, a.ID)
	}
	n := float64(s.Judged)
	s.OnPace = (s.OnPace*n + onPace) / (n + 1)
	s.Gap = (s.Gap*n + max(-100, min(100, *a.Gap))) / (n + 1)
	s.Judged++
}

func ranked(list []UnitStanding) []UnitStanding {
	better := func(a, b UnitStanding) int {
		switch {
		case (a.Judged > 0) != (b.Judged > 0):
			return b.Judged - a.Judged
		case a.Judged == 0:
			return 0
		}
		return cmp.Or(cmp.Compare(b.OnPace, a.OnPace), cmp.Compare(b.Gap, a.Gap))
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
