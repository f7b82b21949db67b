package pipeline_test

import (
	"os"
	"testing"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/projecttest"
)

// What reads takes no lock, and leaves nothing behind.
func TestCheckBesideARun(t *testing.T) {
	p := projecttest.New(t)
	file(t, p, "技术经理人_2025Q1.csv", "C1,J1,甲,2024-01-02,江宁区\n", 0)
	unlock, err := p.Lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	left := p.Var("tmp", "check-left")
	if err := os.MkdirAll(left, 0o755); err != nil {
		t.Fatal(err)
	}
	o := pipeline.Options{Now: clock.Add(time.Hour), DryRun: true, SkipInbox: true}
	if r, err := pipeline.Run(t.Context(), p, o); err != nil || len(r.Checks) == 0 {
		t.Fatalf("checked beside a run: %v", err)
	}
	if entries, err := os.ReadDir(p.Var("tmp")); err != nil || len(entries) != 1 {
		t.Errorf("left in tmp: %v, %v", entries, err)
	}
	unlock()
	if _, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock.Add(time.Hour), Full: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); err == nil {
		t.Error("what a check that died had left is still there")
	}
}
