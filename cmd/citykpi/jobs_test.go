package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"citykpi/pipeline/project"
	"citykpi/schedules"
)

// TestScheduledIsToldAsKnown: a release tells what jobs did by the time it was made, and
// how long only where the clock is the machine's; without a history it tells nothing.
func TestScheduledIsToldAsKnown(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "var"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, project.ConfigFile), []byte("region: \"320100\"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	a := &app{project: dir}
	p, err := a.open()
	if err != nil {
		t.Fatal(err)
	}
	by := time.Date(2026, 11, 22, 10, 0, 0, 0, shanghai)
	if list, err := a.scheduled(t.Context(), p, by); err != nil || list != nil {
		t.Fatalf("without a history: %v, %v", list, err)
	}
	if _, err := os.Stat(p.Var("state.db")); err == nil {
		t.Error("a history was made by looking for it")
	}
	jobs, err := loadJobs(p)
	if err != nil {
		t.Fatal(err)
	}
	h, err := schedules.Open(p.Var("state.db"))
	if err != nil {
		t.Fatal(err)
	}
	at := by.Add(-2 * time.Hour)
	s := &schedules.Scheduler{Jobs: jobs, History: h, Log: slog.New(slog.DiscardHandler),
		Now:     func() time.Time { at = at.Add(30 * time.Second); return at },
		Execute: func(context.Context, schedules.Job) (int, string, error) { return 3, "", nil }}
	for range 2 {
		if _, err := s.RunNow(t.Context(), jobs[0]); err != nil {
			t.Fatal(err)
		}
		at = by.Add(time.Hour) // the second run is after the release
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	for _, now := range []string{"", "2026-11-22T10:00"} {
		a.now = now
		list, err := a.scheduled(t.Context(), p, by)
		if err != nil || len(list) != 1 {
			t.Fatalf("told %+v, %v; want the run before %s alone", list, err, by)
		}
		if r := list[0]; r.Job != jobs[0].Title || r.Status != "失败" || r.Trigger != "手动" || r.Started == nil ||
			(r.Seconds != nil) != (now == "") {
			t.Errorf("--now %q: told %+v", now, r)
		}
	}
}
