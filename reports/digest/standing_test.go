package digest

import (
	"testing"

	"citykpi/pipeline/kpi"
)

// A yearly target that comes as one batch is due in December and not before: its 0 is no pace, and a
// document that has nothing else has no mean of them.
func TestBatchesHaveNoMeanPace(t *testing.T) {
	v := func(f float64) *float64 { return &f }
	batch := Item{Commitment: kpi.Commitment{ID: "B", Target: &kpi.Target{Per: "year", Every: "year"}}, At: kpi.Attainment{Time: v(0)}}
	paced := Item{Commitment: kpi.Commitment{ID: "P", Target: &kpi.Target{Per: "year"}}, At: kpi.Attainment{Time: v(75)}}
	if s := Stand(kpi.Document{}, []Item{batch}); s.Time != nil {
		t.Errorf("the mean pace of a batch that is not due is %v, want none", *s.Time)
	}
	if s := Stand(kpi.Document{}, []Item{batch, paced}); s.Time == nil || *s.Time != 75 {
		t.Errorf("the mean pace is %v, want 75", s.Time)
	}
}

// A fall that recovered stays in the report, and whoever of several did not is named there, also where the light
// is no concern; what is behind is told of apart.
func TestWhatLightsDoNotTell(t *testing.T) {
	v, deadline := func(f float64) *float64 { return &f }, kpi.YearEnd(2025)
	verdict := func(back kpi.Date) *kpi.Verdict {
		return &kpi.Verdict{Deadline: deadline, Value: v(3), Outcome: kpi.InTime, Low: kpi.Date{Year: 2026, Month: 2, Day: 1},
			Back: back, ByDay: true}
	}
	some := &kpi.EachPeriod{Name: "2026年第三季度末", Had: 3, Not: []string{"甲园"}}
	target := &kpi.Target{AtLeast: v(3), Unit: "家", By: deadline}
	doc := kpi.Document{ID: "D", Commitments: []kpi.Commitment{
		{ID: "R", Kind: kpi.Stock, Target: target}, {ID: "K", Kind: kpi.Stock, Target: target},
		{ID: "S", Kind: kpi.Ratio, Each: "园区"}, {ID: "A", Kind: kpi.Ratio, Each: "园区"}, {ID: "L", Kind: kpi.Ratio, Each: "园区"},
	}}
	s := &kpi.Snapshot{Documents: []kpi.Document{doc}, Attainments: []kpi.Attainment{
		{ID: "R", Value: v(3), Light: kpi.Met, Verdict: verdict(kpi.Date{Year: 2026, Month: 3, Day: 1})},
		{ID: "K", Value: v(3), Light: kpi.Met, Verdict: &kpi.Verdict{Deadline: deadline, Outcome: kpi.InTime}},
		{ID: "S", Value: v(66.67), Light: kpi.NoLight, Members: some},
		{ID: "A", Value: v(100), Light: kpi.NoLight, Members: &kpi.EachPeriod{Had: 3}},
		{ID: "L", Value: v(66.67), Light: kpi.Red, Members: some},
	}}
	d := Read(s)
	if got := d.Recovered(); len(got) != 1 || got[0].ID != "R" {
		t.Errorf("recovered: %v", got)
	}
	if got := d.Partly(); len(got) != 1 || got[0].ID != "S" || Each(got[0]) != "共 3 个园区，已办 2 个，未办 1 个：甲园" {
		t.Errorf("partly: %v", got)
	}
}

// What was not filed is no 0 of a line, and periods nobody knows of are said.
func TestUnknownPeriods(t *testing.T) {
	q := func(n int) kpi.Date { return kpi.Quarter{Year: 2026, N: n}.End() }
	a := kpi.Attainment{ID: "O", AsOf: q(3), Unknown: []string{"2026年第一季度", "2026年第二季度"},
		Cover: kpi.Cover{Every: "quarter", Begun: kpi.Quarter{Year: 2026, N: 3}.Start(), Filed: []kpi.Date{q(3)}, Until: q(3)}}
	d := Read(&kpi.Snapshot{Attainments: []kpi.Attainment{a}, Series: kpi.Series{{ID: "O"}: {q(1): 0, q(2): 0, q(3): 0}}})
	if line := d.Series("O", ""); len(line) != 1 {
		t.Errorf("the line is %v", line)
	}
	if got, want := UnknownPeriods(a), "另有 2 期未报送、情况不明，不计缺办（2026年第一季度、2026年第二季度；2026年7月1日起有报送）"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
