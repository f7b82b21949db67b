package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"citykpi/pipeline/project"
)

// A pipe among the job files is refused by name, and nobody waits for what it would say.
func TestJobFileIsAPipe(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "schedules"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "schedules", "pipe.yaml"), 0o600); err != nil {
		t.Skip(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := loadJobs(&project.Project{Dir: dir})
		done <- err
	}()
	select {
	case err := <-done:
		if err == nil || !strings.Contains(err.Error(), "schedules/pipe.yaml") {
			t.Errorf("a pipe among the job files: %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Error("a pipe among the job files is waited for")
	}
}
