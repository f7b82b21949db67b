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
	if first.Unit != "市工信局" || first.Rank != 1 || first.Leads != 1 || first.Joins != 1 || first.OnPace != 100 || *first.Gap != 5 {
		t.Errorf("first %+v", first)
	}
	if second.Unit != "市科技局" || second.Rank != 2 || second.Judged != 3 || diff(second.OnPace, 100./3) || diff(*second.Gap, 0) ||
		!slices.Equal(second.Behind, []string{"b", "e"}) || second.Lights[Red] != 1 {
		t.Errorf("second %+v", second)
	}
	if last.Unit != "市教育局" || last.Rank != 0 || last.Lights[NoData] != 1 || last.Gap != nil {
		t.Errorf("last %+v", last)
	}
}

// TestLeagueJudgesByTheLight: what is late or done without a pace counts as much as
// what has one.
func TestLeagueJudgesByTheLight(t *testing.T) {
	for _, c := range []struct {
		name           string
		lights         []Attainment
		judged, behind int
		onPace         float64
		gap            *float64
	}{
		{"a stage that is late", []Attainment{{Light: Orange}}, 1, 1, 0, nil},
		{"a range that is met", []Attainment{{Light: Met}, {Light: Met}, {Light: Yellow, Gap: ptr(-6)}}, 3, 1, 200. / 3, ptr(-6)},
		{"a ceiling that holds", []Attainment{{Light: Green}, {Light: Red}}, 2, 1, 50, nil},
		{"watched and silent", []Attainment{{Light: NoLight, Gap: ptr(-20)}, {Light: NoData}}, 0, 0, 0, nil},
	} {
		doc := Document{ID: "D", Region: "r"}
		for i := range c.lights {
			c.lights[i].ID, c.lights[i].Region = string(rune('a'+i)), "r"
			doc.Commitments = append(doc.Commitments, Commitment{ID: c.lights[i].ID, Units: []string{"甲"}})
		}
		got := League([]Document{doc}, c.lights)[0]
		sameGap := (got.Gap == nil) == (c.gap == nil) && (c.gap == nil || !diff(*got.Gap, *c.gap))
		if got.Judged != c.judged || len(got.Behind) != c.behind || diff(got.OnPace, c.onPace) || !sameGap {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

// TestLeaguesStandApart: every jurisdiction has its ranking, and a draft ranks nobody.
func TestLeaguesStandApart(t *testing.T) {
	docs := []Document{
		{ID: "D", Region: "320100", Commitments: []Commitment{{ID: "a", Units: []string{"市科技局"}}, {ID: "b", Units: []string{"市工信局"}}}},
		{ID: "N", Region: "320600", Commitments: []Commitment{{ID: "n", Units: []string{"市科技局"}}}},
		{ID: "G", Region: "320100", Status: "draft", Commitments: []Commitment{{ID: "g", Units: []string{"市科技局", "市法院"}}}},
	}
	got := League(docs, []Attainment{
		{ID: "a", Region: "320100", Light: Green}, {ID: "b", Region: "320100", Light: Red},
		{ID: "n", Region: "320600", Light: Red}, {ID: "g", Region: "320100", Light: Red},
	})
	type place struct {
		region, unit string
		rank, leads  int
	}
	var places []place
	for _, s := range got {
		places = append(places, place{s.Region, s.Unit, s.Rank, s.Leads})
	}
	want := []place{{"320100", "市科技局", 1, 1}, {"320100", "市工信局", 2, 1}, {"320600", "市科技局", 1, 1}}
	if !slices.Equal(places, want) {
		t.Errorf("%v, want %v", places, want)
	}
}

func TestLeagueSharesPlaces(t *testing.T) {
	docs := []Document{{ID: "D", Region: "r", Commitments: []Commitment{
		{ID: "a", Units: []string{"甲"}}, {ID: "b", Units: []string{"乙"}}, {ID: "c", Units: []string{"丙"}},
	}}}
	got := League(docs, []Attainment{
		{ID: "a", Region: "r", Light: Green, Gap: ptr(1)}, {ID: "b", Region: "r", Light: Green, Gap: ptr(1)},
		{ID: "c", Region: "r", Light: Red, Gap: ptr(-50)},
	})
	if got[0].Rank != 1 || got[1].Rank != 1 || got[2].Rank != 3 {
		t.Errorf("%+v", got)
	}
}
