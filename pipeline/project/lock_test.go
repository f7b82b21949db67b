package project_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline/project"
	"citykpi/pipeline/projecttest"
)

// The lock lies where no other user can open it, also in a project whose var was opened; who
// waits for it is told who holds it, waits as long as it was told, and ends when it is stopped.
func TestLock(t *testing.T) {
	p := projecttest.New(t)
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
	other := projecttest.Open(t, p.Dir)
	if _, err := other.Lock(t.Context()); !errors.Is(err, project.ErrLocked) || !strings.Contains(err.Error(), "(citykpi close) since ") {
		t.Errorf("without waiting: %v", err)
	}
	var told []string
	other.Patience = project.Patience{Wait: 120 * time.Millisecond, Waiting: func(holder string) { told = append(told, holder) }}
	if _, err := other.Lock(t.Context()); !errors.Is(err, project.ErrLocked) || len(told) != 1 ||
		!strings.Contains(told[0], "citykpi close") {
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
