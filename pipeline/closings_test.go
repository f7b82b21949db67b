package pipeline

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"citykpi/pipeline/kpi"
)

// A quarter that was closed twice has both verdicts; a run for an earlier time knows of what was closed, and given
// up, by then. A record of an older version says by its values what it said of its last day.
func TestClosingsOfAQuarter(t *testing.T) {
	three, end := 3.0, kpi.Date{Year: 2025, Month: 12, Day: 31}
	policy := Catalogue{Documents: []kpi.Document{{ID: "D", Region: "320100", Commitments: []kpi.Commitment{
		{ID: "D-1", Kind: kpi.Stock, Target: &kpi.Target{AtLeast: &three, By: end}},
		{ID: "D-2", Kind: kpi.Stock, Target: &kpi.Target{AtLeast: &three, By: end.AddDays(1)}},
		{ID: "D-3", Kind: kpi.AnnualFlow, Target: &kpi.Target{AtLeast: &three, Per: "year", FirstFullYear: 2026}},
	}}}}
	day := func(n int) time.Time { return time.Date(2026, 1, n, 10, 0, 0, 0, time.UTC) }
	said := func(value float64, o kpi.Judgement) []kpi.Judged {
		return []kpi.Judged{{ID: "D-1", Deadline: end, Value: &value, Wanted: 3, Outcome: o}}
	}
	q := &Closed{Quarter: kpi.QuarterOf(end), Release: "second", ClosedAt: day(20), KnownAt: day(19), Judged: said(3, kpi.InTime),
		Reopened: []Reopening{{At: day(1), Reason: "of an older version", Release: "zeroth"},
			{At: day(15), Reason: "wrong", Release: "first", ClosedAt: day(12), KnownAt: day(11), Judged: said(2, kpi.NotDone)}}}
	old := &Closed{Quarter: q.Quarter, Release: "third", ClosedAt: day(12), KnownAt: day(11), Values: []ClosedValue{
		{"D-1", "", "320100", 2}, {"D-1", "", "320115", 1}, {"D-1", "ever", "320100", 9}, {"D-2", "", "320100", 2},
		{"D-3", "", "320100", 2}}}
	for _, c := range []struct {
		q    *Closed
		at   time.Time
		want []string
	}{
		{q, time.Time{}, []string{"2026-01-12 D-1 not_done 2 given up 2026-01-15 wrong", "2026-01-20 D-1 in_time 3"}},
		{q, day(16), []string{"2026-01-12 D-1 not_done 2 given up 2026-01-15 wrong"}},
		{q, day(13), []string{"2026-01-12 D-1 not_done 2"}},
		{q, day(11), nil},
		{old, time.Time{}, []string{"2026-01-12 D-1 not_done 2"}},
		{&Closed{Quarter: q.Quarter, Release: "of nothing due", ClosedAt: day(12), Judged: []kpi.Judged{}, Values: old.Values},
			time.Time{}, nil},
	} {
		var got []string
		for _, was := range c.q.closings(policy, c.at) {
			for _, j := range was.judged {
				text := fmt.Sprint(kpi.DateOf(was.at), " ", j.ID, " ", j.Outcome, " ", *j.Value)
				if !was.reopened.IsZero() {
					text += fmt.Sprint(" given up ", was.reopened, " ", was.reason)
				}
				got = append(got, text)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s at %s: %q, want %q", c.q.Release, c.at, got, c.want)
		}
	}
}
