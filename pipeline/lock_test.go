package pipeline_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline"
)

// The lock lies where no other user can open it, also in a project whose var was opened; who
// waits for it is told who holds it, waits as long as it was told, and ends when it is stopped.
func TestLock(t *testing.T) {
	p := newProject(t)
	if err := os.MkdirAll(p.Var("private"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(p.Var("private"), 0o777); err != nil {
		t.Fatal(err)
	}
	p.Patience.Verb = "citykpi close"
	unlock, err := p.Lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]os.FileMode{p.Var("private"): 0o700, p.Var("private", "run.lock"): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s is %v, %v; want %v", path, info.Mode(), err, want)
		}
	}
	other := reopen(t, p.Dir)
	if _, err := other.Lock(t.Context()); !errors.Is(err, pipeline.ErrLocked) || !strings.Contains(err.Error(), "(citykpi close) since ") {
		t.Errorf("without waiting: %v", err)
	}
	var told []string
	other.Patience = pipeline.Patience{Wait: 120 * time.Millisecond, Waiting: func(holder string) { told = append(told, holder) }}
	if _, err := other.Lock(t.Context()); !errors.Is(err, pipeline.ErrLocked) || len(told) != 1 || !strings.Contains(told[0], "citykpi close") {
		t.Errorf("after a while: %v, told %q", err, told)
	}
	other.Patience.Wait = time.Hour
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Millisecond)
	defer cancel()
	if _, err := other.Lock(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("stopped: %v", err)
	}
	stop := make(chan struct{})
	close(stop)
	other.Patience.Stop = stop
	if _, err := other.Lock(context.Background()); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped without a context: %v", err)
	}
	other.Patience.Stop = nil
	time.AfterFunc(60*time.Millisecond, unlock)
	again, err := other.Lock(t.Context())
	if err != nil {
		t.Fatalf("once it was given back: %v", err)
	}
	again()
}

// What reads takes no lock, and leaves nothing behind.
func TestCheckBesideARun(t *testing.T) {
	p := newProject(t)
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
