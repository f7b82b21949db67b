package pipeline_test

import (
	"slices"
	"strings"
	"testing"
)

// Rows that a model looks up in the registry wait in mart.unmatched when they are not
// found there: a model that looks up another source has to be added to it.
func TestUnmatchedHasEverySourceLookedUp(t *testing.T) {
	told := map[string]string{ // read beside the registry, but not looked up, or told elsewhere
		"lake.award_payout": "mart.award_finding says payee_unknown", "lake.award_basis": "its payments are audited",
		"lake.consortium_subsidy": "paid to consortia, by their list", "lake.tech_contract": "a buyer may be anywhere",
		"lake.enterprise_registry": "is the registry", "lake.large_industry": "a list by code, counted as it is", "lake.university_spinoff": "counted by its university",
	}
	p := newProject(t)
	unmatched, ok := p.Models.Find("mart.unmatched")
	if !ok {
		t.Fatal("no mart.unmatched")
	}
	var waits []string
	for _, r := range unmatched.Refs {
		waits = append(waits, r.Table)
	}
	looked := 0
	for _, m := range p.Models {
		var sources []string
		byKey := false
		for _, r := range m.Refs {
			byKey = byKey || r.Table == "core.enterprise_key"
			if strings.HasPrefix(r.Table, "lake.") {
				sources = append(sources, r.Table)
			}
		}
		if !byKey || m.Name == unmatched.Name {
			continue
		}
		for _, s := range sources {
			looked++
			if told[s] == "" && !slices.Contains(waits, s) {
				t.Errorf("sql/%s looks %s up in core.enterprise_key, and sql/mart/unmatched.sql does not have it", m.File, s)
			}
		}
	}
	if looked < 8 {
		t.Errorf("only %d sources are looked up", looked)
	}
}
