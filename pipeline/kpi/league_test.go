package kpi

import (
	"slices"
	"testing"
)

func TestLeague(t *testing.T) {
	docs := []Document{{ID: "D", Region: "320100", Commitments: []Commitment{
		{ID: "a", Units: []string{"市科技局", "市工信局"}},
		{ID: "b", Units: []string{"市科技局"}},
		{ID: "c", Units: []string{"市工信局"}},
		{ID: "d", Units: []string{"市教育局"}},
		{ID: "e", Units: []string{"市科技局"}},
	}}}
	got := League(docs, []Attainment{
		{ID: "a", Region: "320100", Light: Met, Gap: ptr(300)}, // held at 100
		{ID: "a", Region: "320115", Light: Red, Gap: ptr(-90)}, // a district's is not the city's
		{ID: "b", Region: "320100", Light: Red, Gap: ptr(-40)},
		{ID: "c", Region: "320100", Light: Green, Gap: ptr(5)},
		{ID: "d", Region: "320100", Light: NoData},
		{ID: "e", Region: "320100", Light: Orange, Gap: ptr(-60)},
	})
	if len(got) != 3 {
		t.Fatalf("%+v", got)
	}
	first, second, last := got[0], got[1], got[2]
	if first.Unit != "市工信局" || first.Rank != 1 || first.Leads != 1 || first.Joins != 1 || first.OnPace != 100 || first.Gap != 5 {
		t.Errorf("first %+v", first)
	}
	if second.Unit != "市科技局" || second.Rank != 2 || second.Judged != 3 || diff(second.OnPace, 100./3) || diff(second.Gap, 0) ||
		!slices.Equal(second.Behind, []string{"e", "b"}) || second.Lights[Red] != 1 {
		t.Errorf("second %+v", second)
	}
	if last.Unit != "市教育局" || last.Rank != 0 || last.Lights[NoData] != 1 {
		t.Errorf("last %+v", last)
	}
}

func TestLeagueSharesPlaces(t *testing.T) {
	docs := []Document{{ID: "D", Region: "r", Commitments: []Commitment{
		{ID: "a", Units: []string{"甲"}}, {ID: "b", Units: []string{"乙"}}, {ID: "c", Units: []string{"丙"}},
	}}}
	got := League(docs, []Attainment{
		{ID: "a", Region: "r", Light: Green, Gap: ptr(1)}, {ID: "b", Region: "r", Light: Green, Gap: ptr(1)}, {ID: "c", Region: "r", Light: Red, Gap: ptr(-50)},
	})
	if got[0].Rank != 1 || got[1].Rank != 1 || got[2].Rank != 3 {
		t.Errorf("%+v", got)
	}
}
