package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A command that waits for another one and is told to stop says in words for whom it waited, that
// the signal ended the wait and that it has done nothing; its exit status is that of a signal.
func TestStoppedWhileItWaits(t *testing.T) {
	dir := t.TempDir()
	if _, stderr, code := citykpi(t, "init", dir); code != 0 {
		t.Fatal(stderr)
	}
	p, err := (&app{project: dir}).open()
	if err != nil {
		t.Fatal(err)
	}
	p.Patience.Verb = "citykpi close"
	unlock, err := p.Lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	for _, c := range []struct {
		verb   string
		signal syscall.Signal
		name   string
		code   int
	}{
		{"run", syscall.SIGTERM, "SIGTERM", 143},
		{"load", syscall.SIGINT, "SIGINT", 130},
		{"close 2026Q3", syscall.SIGTERM, "SIGTERM", 143},
		{"lake begin", syscall.SIGTERM, "SIGTERM", 143},
		{"release unpin", syscall.SIGINT, "SIGINT", 130},
	} {
		t.Run(c.verb, func(t *testing.T) {
			cmd := child(t.Context(), append([]string{"--project", dir, "--wait", "1h"}, strings.Fields(c.verb)...)...)
			said, err := cmd.StderrPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			late := time.AfterFunc(20*time.Second, func() { cmd.Process.Kill() })
			defer late.Stop()
			var lines []string
			for scanner := bufio.NewScanner(said); scanner.Scan(); {
				if lines = append(lines, scanner.Text()); strings.HasPrefix(scanner.Text(), "waiting for the lock") {
					if err := cmd.Process.Signal(c.signal); err != nil {
						t.Fatal(err)
					}
				}
			}
			cmd.Wait()
			text := strings.Join(lines, "\n")
			if code := cmd.ProcessState.ExitCode(); code != c.code {
				t.Errorf("exit status %d, want %d, as of a command that %s ended:\n%s", code, c.code, c.name, text)
			}
			holder := fmt.Sprintf("held by process %d (citykpi close) since ", os.Getpid())
			last := lines[max(0, len(lines)-2):]
			if len(last) < 2 || !strings.Contains(last[0], holder) || !strings.Contains(last[0], "nothing was done") ||
				!strings.Contains(last[1], "stopped by "+c.name) {
				t.Errorf("it does not say who was waited for, or what ended that:\n%s", text)
			}
			if strings.Contains(text, "context") {
				t.Errorf("it speaks of what only programmers know:\n%s", text)
			}
		})
	}
}
