package digest

import (
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/snapshottest"
)

// TestTurned moves one figure a quarter back behind its pace and one ahead of it.
func TestTurned(t *testing.T) {
	s := snapshottest.Full()
	before := snapshottest.Quarter.Add(-1).End()
	set := func(id string, v float64) { s.Series[kpi.Key{ID: id, Region: s.Region.Code}][before] = v }
	set("NJ88-005", 100) // 300 are promised: fallen back then, recovered now
	set("NJ88-006", 30)  // completed late by then, 28 of 30 now
	doc := s.Documents[0]
	for i, a := range s.Attainments { // what stands now follows from what stood then
		for _, c := range doc.Commitments {
			if c.ID == a.ID && a.Region == doc.Region && (c.ID == "NJ88-005" || c.ID == "NJ88-006") {
				s.Attainments[i] = kpi.Attain(doc, c, a.Region, s.Release.AsOf, s.Series, kpi.Cover{}, s.Lights)
				s.Before[c.ID] = s.QuarterBefore(doc, c, s.Attainments[i])
			}
		}
	}
	got := map[string][2]kpi.Light{}
	worse := 0
	turned, compared := Read(s).Turned()
	if compared < len(turned) || compared > len(s.Documents[0].Commitments) {
		t.Errorf("%d compared, %d turned", compared, len(turned))
	}
	for _, turn := range turned {
		got[turn.ID] = [2]kpi.Light{turn.Before.Light, turn.Light()}
		if turn.Worse() {
			worse++
		}
	}
	if l := got["NJ88-005"]; l[0] == kpi.Met || l[1] != kpi.Met {
		t.Errorf("NJ88-005 turned %v, want to met", l)
	}
	if l := got["NJ88-006"]; l[0] != kpi.Late || l[1] != kpi.Fallen {
		t.Errorf("NJ88-006 turned %v, want from late to fallen", l)
	}
	if _, ok := got["NJ88-007"]; ok || worse == 0 || worse == len(got) {
		t.Errorf("turned %v, %d for the worse", got, worse)
	}
	if _, compared := Read(snapshottest.OneQuarter()).Turned(); compared != 0 {
		t.Errorf("%d compared with a quarter that has no data", compared)
	}
}

// TestTurnSaysWhatMovedTheLight: 环比 may go up while the light turns worse.
func TestTurnSaysWhatMovedTheLight(t *testing.T) {
	v := func(f float64) *float64 { return &f }
	for _, c := range []struct {
		kind      kpi.Kind
		then, now kpi.Attainment
		want      string
	}{
		{kpi.AnnualFlow, kpi.Attainment{Value: v(1190), Gap: v(-26.2)},
			kpi.Attainment{Value: v(2054), Gap: v(-33.92), Quarter: &kpi.Change{Diff: 240}}, "偏差 −26.2 → −33.9 个百分点"},
		{kpi.Milestone, kpi.Attainment{Value: v(1)}, kpi.Attainment{Value: v(2)}, "推进中 → 完成"},
		{kpi.Obligation, kpi.Attainment{Value: v(7), Gap: v(0)},
			kpi.Attainment{Value: v(7), Gap: v(-12.5), Missed: []string{"2026年上半年"}}, "缺 0 期 → 缺 1 期"},
		{kpi.Obligation, kpi.Attainment{Value: v(7), Gap: v(-100), Missed: []string{"2026年上半年"}},
			kpi.Attainment{Value: v(8), Gap: v(0), Missed: []string{"2026年上半年"}}, "最近一期已办，以往缺 1 期"},
		{kpi.Constraint, kpi.Attainment{Value: v(20)}, kpi.Attainment{Value: v(23)}, "20 → 23 家"},
		{kpi.Stock, kpi.Attainment{}, kpi.Attainment{Value: v(23)}, "—"},
		{kpi.Stock, kpi.Attainment{Value: v(2), Gap: v(-12.5)}, kpi.Attainment{Value: v(2), Gap: v(-33), Light: kpi.Overdue,
			Verdict: &kpi.Verdict{Deadline: kpi.YearEnd(2025), Value: v(2), Outcome: kpi.NotDone, Months: 9}},
			"未完成，逾期 9 个月（2025年12月31日到期时 2 家）"},
	} {
		turn := Turn{Item{Commitment: kpi.Commitment{Kind: c.kind, Unit: "家",
			Target: &kpi.Target{Unit: "家", By: kpi.YearEnd(2025)}}, At: c.now}, c.then}
		if got := turn.Change(); got != c.want {
			t.Errorf("%s: %s, want %s", c.kind, got, c.want)
		}
	}
}
