package project_test

import (
	"io/fs"
	"strings"
	"testing"

	"citykpi/pipeline/projecttest"
	"citykpi/pipeline/source/contract"
)

// TestEveryContractIsDueAndHeld: what is shipped says how often and by when it comes, or
// why it is due at no time, and is held when it is odd as a whole.
func TestEveryContractIsDueAndHeld(t *testing.T) {
	kinds := map[contract.HoldIf]int{}
	p := projecttest.New(t)
	for _, c := range p.Contracts {
		text, err := fs.ReadFile(p.Data, strings.TrimPrefix(c.File, "data/"))
		if err != nil {
			t.Fatal(err)
		}
		never := strings.Contains(string(text), "\n# It is due at no time: ")
		if due := c.Due.Every != "" && c.Due.WithinDays > 0; due == never {
			t.Errorf("%s: due is %+v, says why not: %t", c.File, c.Due, never)
		}
		if !c.Holds().PeriodCovered {
			t.Errorf("%s: a period may be filed twice unseen", c.File)
		}
		kinds[c.Holds()]++
	}
	if len(kinds) != 3 || kinds[contract.HoldIf{RowsFallBy: 0.3, Unchanged: true, PeriodCovered: true}] != 1 {
		t.Errorf("registers, whole lists and what happens in a period: %v", kinds)
	}
}
