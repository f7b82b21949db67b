package pipeline_test

import (
	"testing"

	"citykpi/pipeline/source"
)

// TestEveryContractIsDueAndHeld: what is shipped says how often and by when it comes,
// and is held when it is odd as a whole. Decisions come when there are some.
func TestEveryContractIsDueAndHeld(t *testing.T) {
	kinds := map[source.HoldIf]int{}
	for _, c := range newProject(t).Contracts {
		if due := c.Due.Every != "" && c.Due.WithinDays > 0; due == map[string]bool{"match_decision": true, "exchange_rate": true}[c.Source] {
			t.Errorf("%s: due is %+v", c.File, c.Due)
		}
		if !c.Holds().PeriodCovered {
			t.Errorf("%s: a period may be filed twice unseen", c.File)
		}
		kinds[c.Holds()]++
	}
	if len(kinds) != 3 || kinds[source.HoldIf{RowsFallBy: 0.3, Unchanged: true, PeriodCovered: true}] != 1 {
		t.Errorf("registers, whole lists and what happens in a period: %v", kinds)
	}
}
