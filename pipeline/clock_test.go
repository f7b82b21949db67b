package pipeline_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/load"
	"citykpi/pipeline/project"
	"citykpi/pipeline/projecttest"
)

// A load and a run refuse a clock that lies before what is there, or years after it, and change
// nothing; told that it is right they work on, and so does what follows.
func TestWrongClock(t *testing.T) {
	p := projecttest.New(t)
	projecttest.Write(t, p.Var("inbox", "市科技局", "技术经理人_2025Q1.csv"), managers+"C1,J1,甲,2024-01-02,江宁区\n")
	for _, at := range []string{"1970-01-01T08:00", "2023-12-31T08:00", "2099-01-01T08:00"} {
		if _, err := loadAt(t, p, at, false); !errors.Is(err, pipeline.ErrClock) {
			t.Errorf("a first load at %s: %v", at, err)
		}
	}
	if _, err := loadAt(t, p, "2026-11-22T10:00", false); err != nil {
		t.Fatal(err)
	}
	for at, right := range map[string]bool{
		"2026-11-22T09:54": false, "2026-11-22T09:56": true, "1970-01-01T08:00": false,
		"2029-11-01T08:00": true, "2031-01-01T08:00": false, "2099-01-01T08:00": false,
	} {
		_, err := loadAt(t, p, at, false)
		if right != (err == nil) || !right && (!errors.Is(err, pipeline.ErrClock) || !strings.Contains(err.Error(), "timedatectl")) {
			t.Errorf("load at %s: %v", at, err)
		}
		if !right {
			if _, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: moment(t, at)}); !errors.Is(err, pipeline.ErrClock) {
				t.Errorf("run at %s: %v", at, err)
			}
		}
	}
	if _, err := os.Stat(p.Var("runs.json")); err == nil {
		t.Error("a run at a wrong time is remembered")
	}
	// A batch of 2029 that a wrong clock made: the right one is trusted once, and then goes on.
	projecttest.Write(t, p.Var("inbox", "市科技局", "技术经理人_2025Q2.csv"), managers+"C2,J2,乙,2025-03-31,江宁区\n")
	if files, err := loadAt(t, p, "2029-01-01T08:00", false); err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	if _, err := loadAt(t, p, "2026-11-23T10:00", false); !errors.Is(err, pipeline.ErrClock) {
		t.Errorf("before a batch of 2029: %v", err)
	}
	if _, err := loadAt(t, p, "2026-11-23T10:00", true); err != nil {
		t.Errorf("trusted: %v", err)
	}
	for at, right := range map[string]bool{"2026-11-24T10:00": true, "2026-11-22T09:00": false} {
		if _, err := loadAt(t, p, at, false); right != (err == nil) {
			t.Errorf("after that, at %s: %v", at, err)
		}
	}
}

func loadAt(t *testing.T, p *project.Project, at string, trust bool) ([]load.FileResult, error) {
	t.Helper()
	return pipeline.Load(t.Context(), p, nil, pipeline.Options{Now: moment(t, at), TrustClock: trust})
}

func moment(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02T15:04", text, clock.Location())
	if err != nil {
		t.Fatal(err)
	}
	return at
}
