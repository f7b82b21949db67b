package kpi

import (
	"slices"
	"testing"
)

func TestMilestones(t *testing.T) {
	doc := Document{ID: "D", Issued: Date{2022, 9, 1}, Region: "320100"}
	c := Commitment{ID: "M", Kind: Milestone, Target: &Target{AtLeast: ptr(2), Unit: "级", By: Date{2025, 12, 31}}}
	k := Key{ID: "M", Region: "320100"}
	for stage, want := range map[float64]map[Date]Light{
		0: {{2025, 9, 30}: Yellow, {2026, 3, 31}: Overdue},
		1: {{2025, 9, 30}: Green, {2026, 3, 31}: Overdue},
		2: {{2025, 9, 30}: Met, {2026, 3, 31}: Late},
	} {
		for on, light := range want {
			s := Series{k: {{2025, 6, 30}: 0, on: stage}}
			if got := Attain(doc, c, "320100", on, s, Cover{}, DefaultThresholds).Light; got != light {
				t.Errorf("stage %v on %v: %q, want %q", stage, on, got, light)
			}
		}
	}
	c.Target = nil
	if got := Attain(doc, c, "320100", Date{2025, 9, 30}, Series{k: {{2025, 9, 30}: 1}}, Cover{}, DefaultThresholds).Light; got != NoLight {
		t.Errorf("without a deadline: %q", got)
	}
}

func TestObligations(t *testing.T) {
	doc := Document{ID: "D", Issued: Date{2023, 2, 10}, Region: "230000"}
	k := Key{ID: "O", Region: "230000"}
	s := Series{k: {
		{2022, 12, 31}: 0, {2023, 3, 31}: 1, {2023, 6, 30}: 1, {2023, 9, 30}: 2, {2023, 12, 31}: 2,
		{2024, 3, 31}: 2, {2024, 6, 30}: 2, {2024, 9, 30}: 3,
	}}
	cases := []struct {
		every  string
		due    int
		missed []string
		light  Light
	}{
		// the newest was kept: the others stay in the record
		{"quarter", 6, []string{"2023年第二季度", "2023年第四季度", "2024年第一季度", "2024年第二季度"}, Green},
		{"half_year", 2, []string{"2024年上半年"}, Red}, // the second half of 2023, the first of 2024
		{"year", 0, nil, NoLight}, // 2024 has not ended
		{"", 0, nil, NoLight},
	}
	for _, c := range cases {
		a := Attain(doc, Commitment{ID: "O", Kind: Obligation, Every: c.every}, "230000", Date{2024, 9, 30}, s, Cover{}, DefaultThresholds)
		if a.Due != c.due || !slices.Equal(a.Missed, c.missed) || a.Light != c.light || *a.Value != 3 {
			t.Errorf("every %q: due %d missed %v light %q, want %+v", c.every, a.Due, a.Missed, a.Light, c)
		}
	}
}
