package project_test

import (
	"path/filepath"
	"strings"
	"testing"

	"citykpi/pipeline/project"
	"citykpi/pipeline/projecttest"
)

// A scorecard that cannot be reckoned is refused with its file and line and what to write.
func TestBadScorecards(t *testing.T) {
	const head = "document: ZZ\ntitle: 例\nnumber: 例\nissuer: 例\nissued: 2024-01-01\nregion: \"320100\"\nstatus: in_force\n"
	const rules = "scorecard: {full: 100, cap: 100, subsidy: ZZ-009, failed_years: 2, consequence: 摘牌, review: 确认, " +
		"grades: [{name: 好, at_least: 60, pays: full}, {name: 差, at_least: 0, pays: none}]}\n"
	const award = "\n  - {id: ZZ-009, article: \"1\", name: 例, kind: award_rule, unit: 元, award: {cap: 1, per: project}}\n"
	for _, c := range []struct{ name, rules, item, want string }{
		{"items short of the whole", rules, "scorecard_item, points: 99", "the scorecard's items add up to 99 points, want 100"},
		{"an item worth nothing", rules, "scorecard_item", "points are missing"},
		{"items without a scorecard", "\n", "scorecard_item, points: 100", "a scorecard item needs scorecard:"},
		{"points of another kind", "\n", "obligation, points: 3", "points, bonus and conditions belong to kind scorecard_item"},
		{"an item nothing can be computed for", rules,
			"scorecard_item, points: 100, unit: 家, kpi: scorecard_item, variant: ZZ-S1", "no conditions"},
		{"a condition without a bound", rules,
			"scorecard_item, points: 100, conditions: [{name: 件, evidence: [plan], count: rows, unit: 份}]", "condition 件 has no bound"},
		{"evidence nobody hands in", rules,
			"scorecard_item, points: 100, conditions: [{name: 件, evidence: [plans], count: rows, at_least: 1, unit: 份}]",
			`condition 件: no evidence is of kind "plans"; did you mean plan?`},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := projecttest.Folder(t)
			projecttest.Write(t, filepath.Join(dir, "data/policies/zz.yaml"), head+c.rules+
				"commitments:\n  - {id: ZZ-S1, name: 例, kind: "+c.item+"}"+award)
			_, err := project.Open(dir)
			if err == nil || !strings.Contains(err.Error(), "data/policies/zz.yaml:10: ZZ-S1: "+c.want) {
				t.Errorf("error %v\nwant … zz.yaml:10: ZZ-S1: %s", err, c.want)
			}
		})
	}
}
