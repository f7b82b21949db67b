package pipeline_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"citykpi/pipeline"
)

// TestARunTellsOfEarlierOnes: a release knows when the runs before it were and how
// long their stages took, but not a run whose manifest is damaged.
func TestARunTellsOfEarlierOnes(t *testing.T) {
	p := newProject(t)
	write(t, p.Var("inbox", "市科技局", "技术经理人认定名单_20260930.csv"), "证书编号,人员编号,认定日期,所属区\nJ1,P1,2026-05-06,江宁区\n")
	run := func(day int, elapsed func() time.Duration) pipeline.Result {
		t.Helper()
		r, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock.AddDate(0, 0, day), Full: true, Version: "test", Elapsed: elapsed})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	var at time.Duration
	first := run(0, func() time.Duration { at += time.Second; return at })
	if len(first.Snapshot.Runs) != 0 {
		t.Errorf("the first run tells of %v", first.Snapshot.Runs)
	}
	second := run(1, nil)
	if n := len(second.Snapshot.Runs); n != 1 {
		t.Fatalf("the second run tells of %d runs, want 1", n)
	}
	told := second.Snapshot.Runs[0]
	if told.Release != first.Release.ID || !told.CreatedAt.Equal(clock) || told.Batches != 1 || told.Passed == 0 || len(told.Took) != 4 {
		t.Errorf("the second run tells %+v", told)
	}
	for i, name := range []string{"load", "model", "check", "render"} {
		if told.Took[i].Name != name || told.Took[i].Seconds != 1 {
			t.Errorf("stage %d is %+v, want %s of one second", i, told.Took[i], name)
		}
	}
	if err := os.WriteFile(filepath.Join(p.Releases().Dir(first.Release.ID), "manifest.json"), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	third := run(2, nil)
	if runs := third.Snapshot.Runs; len(runs) != 1 || runs[0].Release != second.Release.ID || len(runs[0].Took) != 0 {
		t.Errorf("with a damaged release the third run tells %+v", runs)
	}
}
