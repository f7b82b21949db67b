package pipeline_test

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/projecttest"
)

// TestOneTargetChangesOneCommitment: policy is data.
func TestOneTargetChangesOneCommitment(t *testing.T) {
	p := projecttest.New(t)
	before := file(t, p, "技术经理人_2025Q1.csv", "C1,J1,甲,2024-01-02,江宁区\nC2,J2,乙,2025-03-31,\n", 0)
	policy, err := fs.ReadFile(p.Data, "policies/nj88.yaml")
	if err != nil {
		t.Fatal(err)
	}
	projecttest.Write(t, filepath.Join(p.Dir, "data/policies/nj88.yaml"), strings.Replace(string(policy),
		"target: {at_least: 100, unit: 名, by: 2025-12-31}", "target: {at_least: 2, unit: 名, by: 2025-12-31}", 1))
	p = projecttest.Open(t, p.Dir)
	after, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock.Add(1)})
	if err != nil {
		t.Fatal(err)
	}
	if len(before.Snapshot.Attainments) != len(after.Snapshot.Attainments) {
		t.Fatal("another number of attainments")
	}
	var changed []string
	for i, a := range before.Snapshot.Attainments {
		if b := after.Snapshot.Attainments[i]; a.Light != b.Light || show(a.Value) != show(b.Value) || show(a.Rate) != show(b.Rate) {
			changed = append(changed, b.ID+" "+b.Region)
			if b.Light != kpi.Met || *b.Rate != 100 {
				t.Errorf("%+v", b)
			}
		}
	}
	if len(changed) != 1 || changed[0] != "NJ88-023 320100" {
		t.Errorf("changed %v", changed)
	}
}
