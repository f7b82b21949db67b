package pipeline_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/projecttest"
)

// TestARunTellsOfEarlierOnes: a release knows when the runs before it were and how
// long their stages took, but not a run whose manifest is damaged.
func TestARunTellsOfEarlierOnes(t *testing.T) {
	p := projecttest.New(t)
	projecttest.Write(t, p.Var("inbox", "市科技局", "技术经理人认定名单_20260930.csv"), "证书编号,人员编号,认定日期,所属区\nJ1,P1,2026-05-06,江宁区\n")
	run := func(day int, elapsed func() time.Duration) pipeline.Result {
		t.Helper()
		r, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock.AddDate(0, 0, day), Full: true, Version: "test",
			Elapsed: elapsed})
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
	if err := os.WriteFile(filepath.Join(pipeline.Releases(p).Dir(first.Release.ID), "manifest.json"), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	third := run(2, nil)
	if runs := third.Snapshot.Runs; len(runs) != 1 || runs[0].Release != second.Release.ID || len(runs[0].Took) != 0 {
		t.Errorf("with a damaged release the third run tells %+v", runs)
	}
}

// TestARunThatCannotBeTold: where a folder lies in the way of what is told of runs, it is named
// with what to do.
func TestARunThatCannotBeTold(t *testing.T) {
	p := projecttest.New(t)
	if err := os.MkdirAll(p.Var("runs.json", "kept"), 0o755); err != nil {
		t.Fatal(err)
	}
	_, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock, Version: "test"})
	if want := p.Var("runs.json") + " is a folder, where a file is to be written. Try: move it away"; err == nil ||
		!strings.Contains(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
}

// TestARunTellsOfThoseThatMadeNoRelease: what found nothing new, what a check stopped
// and what broke is told of by the next release, the newest first.
func TestARunTellsOfThoseThatMadeNoRelease(t *testing.T) {
	p := projecttest.New(t)
	projecttest.Write(t, p.Var("inbox", "市科技局", "技术经理人认定名单_20260930.csv"), "证书编号,人员编号,认定日期,所属区\nJ1,P1,2026-05-06,江宁区\n")
	run := func(day int, full bool) (pipeline.Result, error) {
		return pipeline.Run(t.Context(), p, pipeline.Options{Now: clock.AddDate(0, 0, day), Full: full, Version: "test"})
	}
	first, err := run(0, false)
	if err != nil {
		t.Fatal(err)
	}
	if second, err := run(1, false); err != nil || second.New {
		t.Fatalf("the second run made %s, %v; want nothing new", second.Release.ID, err)
	}
	failing := filepath.Join(p.Dir, "sql", "checks", "never_holds.sql")
	projecttest.Write(t, failing, "select 1 as row_no\n")
	model := filepath.Join(p.Dir, "sql", "core", "park_task.yml")
	known, err := os.ReadFile(filepath.Join("..", "sql", "core", "park_task.yml"))
	if err != nil {
		t.Fatal(err)
	}
	projecttest.Write(t, model, string(known)+"checks:\n  - {name: never holds, cn: 恒不成立, rows: checks/never_holds.sql}\n")
	p = projecttest.Open(t, p.Dir)
	if _, err := run(2, false); !errors.Is(err, pipeline.ErrChecks) {
		t.Fatalf("the third run ended with %v, want a failed check", err)
	}
	for _, file := range []string{failing, model} {
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
	p = projecttest.Open(t, p.Dir)
	last, err := run(3, true)
	if err != nil {
		t.Fatal(err)
	}
	var told []kpi.Outcome
	for _, r := range last.Snapshot.Runs {
		told = append(told, r.Outcome)
	}
	if want := []kpi.Outcome{kpi.Stopped, kpi.NothingNew, kpi.Published}; !slices.Equal(told, want) {
		t.Fatalf("the last run tells of %q, want %q", told, want)
	}
	if runs := last.Snapshot.Runs; runs[0].Failed != 1 || runs[1].AsOf != first.Release.AsOf || runs[0].Took != nil {
		t.Errorf("told %+v", runs)
	}
}
