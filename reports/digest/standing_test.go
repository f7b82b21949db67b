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
