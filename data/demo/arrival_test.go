package demo

import (
	"path"
	"slices"
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
)

// Files come after the day they tell of, those of a source in the order of these days,
// on few days in all, most in time; what amends a closed quarter comes last.
func TestFilesComeAsBureausFile(t *testing.T) {
	for _, o := range []Options{{Enterprises: 400, Seed: 3}, {Enterprises: 400, First: kpi.Quarter{Year: 2026, N: 3}}} {
		_, truth := written(t, o)
		days := map[kpi.Date]int{}
		newest := kpi.Date{}
		last := map[string]FileTruth{}
		slices.SortFunc(truth.Files, func(a, b FileTruth) int { return a.DataDate.Compare(b.DataDate) })
		for _, f := range truth.Files {
			if f.Arrives.Before(f.DataDate) {
				t.Errorf("%s of %s comes on %s", f.File, f.DataDate, f.Arrives)
			}
			if strings.Contains(f.File, "补报") {
				continue
			}
			if was := last[f.Source]; was.DataDate.Before(f.DataDate) && was.Arrives.After(f.Arrives) {
				t.Errorf("%s comes on %s, %s before it on %s", f.File, f.Arrives, was.File, was.Arrives)
			}
			last[f.Source] = f
			days[f.Arrives]++
			if f.Arrives.After(newest) {
				newest = f.Arrives
			}
		}
		if len(days) > 11 {
			t.Errorf("%d days of arrival", len(days))
		}
		for _, f := range truth.Files {
			if strings.Contains(f.File, "补报") && !f.Arrives.After(newest) {
				t.Errorf("%s comes on %s, others until %s", f.File, f.Arrives, newest)
			}
		}
		states := map[string]int{}
		for _, f := range truth.Filings {
			states[f.State]++
			if path.Base(f.Unit) != f.Unit || f.Period.IsZero() {
				t.Errorf("%+v", f)
			}
		}
		if states["filed"] <= states["late"]+states["missing"] {
			t.Errorf("%+v: %v", o, states)
		}
	}
}
