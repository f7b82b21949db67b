package pipeline_test

import (
	"fmt"
	"slices"
	"testing"

	"citykpi/data/demo"
	"citykpi/pipeline"
	"citykpi/pipeline/project"
)

// findings are the lines of mart.award_finding of a run's release, in order.
func findings(t *testing.T, p *project.Project, r pipeline.Result) []string {
	t.Helper()
	db := database(t, p, r.Release.ID)
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `select payment_no, coalesce(rule_id, ''), finding, cast(amount as double)
		from mart.award_finding order by payment_no, finding`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var f demo.AwardFinding
		if err := rows.Scan(&f.Payment, &f.Rule, &f.Finding, &f.Amount); err != nil {
			t.Fatal(err)
		}
		list = append(list, line(f))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

func line(f demo.AwardFinding) string {
	return fmt.Sprintf("%s %s %s %.2f", f.Payment, f.Rule, f.Finding, f.Amount)
}

// compareAwards: the audit finds what was planted in the demo, and nothing else.
func compareAwards(t *testing.T, p *project.Project, want demo.Truth, r pipeline.Result) {
	got, planted, kinds := findings(t, p, r), []string{}, map[string]bool{}
	for _, f := range want.AwardFindings {
		planted = append(planted, line(f))
		kinds[f.Finding] = true
	}
	if len(kinds) < 10 {
		t.Errorf("the truth plants only the findings %v", kinds)
	}
	for _, f := range planted {
		if !slices.Contains(got, f) {
			t.Errorf("not found: %s", f)
		}
	}
	for _, f := range got {
		if !slices.Contains(planted, f) {
			t.Errorf("found, though nothing is wrong: %s", f)
		}
	}
}
