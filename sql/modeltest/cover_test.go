package modeltest_test

import (
	"slices"
	"strings"
	"testing"

	"citykpi/sql/modeltest"
)

// Which cases a model's name stands for.
func TestCasesOfAModel(t *testing.T) {
	p := newProject(t)
	all := find(t, p)
	for _, tt := range []struct {
		model     string
		has, hasn []string
	}{
		// beside it, or of a figure it counts
		{"enterprise_tier", []string{"kpi/enterprise_tier.nested", "core/enterprise_match.names"},
			[]string{"kpi/platform.test", "kpi/tier_movement"}},
		{"kpi.talent_application", []string{"kpi/talent_application"}, []string{"kpi/exchange_person"}},
		{"core.enterprise_match", []string{"core/enterprise_match.homonyms"}, []string{"kpi/enterprise_tier.nested"}}, // beside it
		// of the models that read it
		{"core.platform", []string{"kpi/platform.test", "kpi/municipal_centre"}, []string{"kpi/tier_movement"}},
	} {
		cases, err := modeltest.Of(p, all, []string{tt.model})
		if err != nil {
			t.Fatal(err)
		}
		among := func(name string) bool {
			return slices.ContainsFunc(cases, func(c modeltest.Case) bool { return strings.HasPrefix(c.File, "sql/"+name) })
		}
		for _, name := range tt.has {
			if !among(name) {
				t.Errorf("%s: not run: %s", tt.model, name)
			}
		}
		for _, name := range tt.hasn {
			if among(name) {
				t.Errorf("%s: run: %s", tt.model, name)
			}
		}
	}
}
