package pipeline

import (
	"os"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/project"
)

// The record of a closed quarter and that of runs without a release are read or refused;
// what a run notes after it can be read whatever was there.
func FuzzRecords(f *testing.F) {
	f.Add([]byte(`{"quarter":"2026Q3","closed_at":"2026-10-15T00:00:00Z","release":"r",` +
		`"values":[{"id":"A","region_code":"1","value":1e3}],"definitions":{"A":"x"}}`))
	f.Add([]byte(`[{"outcome":"broke","created_at":"2026-10-15T00:00:00Z","took":[{"name":"load","seconds":1}]}]`))
	f.Add([]byte(`null`))
	p := &project.Project{Dir: f.TempDir(), Config: project.DefaultConfig}
	quarter := kpi.Quarter{Year: 2026, N: 3}
	if err := os.MkdirAll(p.Var("closed"), 0o755); err != nil {
		f.Fatal(err)
	}
	now := time.Date(2026, 10, 16, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, path := range []string{p.Var("closed", quarter.String()+".json"), p.Var(runsFile)} {
			if err := os.WriteFile(path, text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := ClosedQuarter(p, quarter); err != nil && !strings.Contains(err.Error(), quarter.String()) {
			t.Fatalf("%v does not name the quarter", err)
		}
		if err := note(p, Options{Now: now}, Result{}, nil); err != nil {
			t.Fatal(err)
		}
		if list := noted(p); len(list) == 0 || len(list) > p.Config.Retain.Runs || !list[0].CreatedAt.Equal(now) {
			t.Fatalf("after a run %d are told of", len(list))
		}
	})
}
