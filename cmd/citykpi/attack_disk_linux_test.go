package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"citykpi/pipeline/release"
	"citykpi/schedules"

	_ "modernc.org/sqlite"
)

// What disks, neighbours and years do to a project.

// A project's path is no pattern for any verb, whatever stands in it.
func TestProjectPathIsNoPattern(t *testing.T) {
	for _, name := range []string{"kpi[2]", "kpi[", "a*b", "a?", "{a,b}"} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), name)
			if err := os.Rename(withReject(t), dir); err != nil {
				t.Fatal(err)
			}
			for _, sibling := range []string{"kpi2", "aXb", "ab"} { // what a pattern would find
				put(t, filepath.Join(filepath.Dir(dir), sibling, "var", "lake", "small", "x"), nil)
			}
			type line struct {
				says string
				args []string
			}
			lines := []line{{"loaded", []string{"load"}}, {"没有编号", []string{"rejects"}}, {"whole: 2 batches", []string{"verify", "--all"}}}
			if os.Getenv("CITYKPI_SOAK") != "" { // a release takes its time
				lines = append(lines, line{"release ", []string{"run"}}, line{"nothing new", []string{"run"}},
					line{"42", []string{"sql", "-q", "select 42 as a"}})
			}
			for _, c := range lines {
				if said, code := attacked(t, dir, c.args...); code != 0 || !strings.Contains(said, c.says) {
					t.Errorf("%v: exit %d, want %q: %s", c.args, code, c.says, said)
				}
			}
			put(t, filepath.Join(dir, "var", "inbox", "局", "小表_20250630更正.csv"), []byte("编号,名称\nB1,乙\n,没有编号\n"))
			if said, code := attacked(t, dir, "load"); code != 0 || !strings.Contains(said, "known") {
				t.Errorf("the same bytes again: exit %d: %s", code, said)
			}
		})
	}
}

// The disk as it is the moment a load has ended, with whatever was never synced lost, holds
// the batches and their originals, whole.
func TestPowerLossKeepsOriginals(t *testing.T) {
	soak(t)
	place := t.TempDir()
	image, disk, after := filepath.Join(place, "image"), filepath.Join(place, "disk"), filepath.Join(place, "after")
	mount := func(image, at string) {
		t.Helper()
		if err := os.Mkdir(at, 0o700); err != nil {
			t.Fatal(err)
		}
		// Nothing is written of itself while the test looks.
		if out, err := exec.CommandContext(t.Context(), "mount", "-o", "loop,commit=600", image, at).CombinedOutput(); err != nil {
			t.Skipf("SKIPPED: cannot mount an image here: %v %s", err, out)
		}
		t.Cleanup(func() { syscall.Unmount(at, syscall.MNT_DETACH) })
	}
	put(t, image, nil)
	if err := os.Truncate(image, 128<<20); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "mkfs.ext4", "-q", "-F", image).CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: cannot make a file system here: %v %s", err, out)
	}
	mount(image, disk)
	dir := filepath.Join(disk, "city")
	if err := os.CopyFS(dir, os.DirFS(withReject(t))); err != nil {
		t.Fatal(err)
	}
	syscall.Sync()
	versions := [][]byte{rows("C", 20_000), rows("D", 5)}
	for i, v := range versions { // the bureau syncs nothing
		put(t, filepath.Join(dir, "var", "inbox", "局", fmt.Sprintf("小表%d_20250930更正.csv", i)), v)
	}
	if said, code := attacked(t, dir, "load"); code != 0 {
		t.Fatalf("exit %d: %s", code, said)
	}
	lost := filepath.Join(place, "lost")
	if out, err := exec.CommandContext(t.Context(), "cp", "--sparse=always", image, lost).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	mount(lost, after)
	dir = filepath.Join(after, "city")
	holdsAll(t, dir, versions...)
	// the ledger's lines of batches are made durable with a release, or made anew
	for _, args := range [][]string{{"verify", "--all"}, {"load"}, {"run"}} {
		if said, code := attacked(t, dir, args...); code != 0 {
			t.Errorf("%v: exit %d: %s", args, code, said)
		}
	}
	if said, code := attacked(t, dir, "verify", "--all"); code != 0 || !strings.Contains(said, "whole: 4 batches, 4 originals") {
		t.Errorf("exit %d: %s", code, said)
	}
}

// While one load has still to record what it sent, no other does: a workbook that was
// mailed and taken away does not come back.
func TestWhatWasSentIsRecordedByAll(t *testing.T) {
	dir := withReject(t)
	first, letGo := held(t, dir, "rename", `var/outbox/\.sent`, "load")
	put(t, filepath.Join(dir, "var", "inbox", "局", "小表_20250930.csv"), []byte("编号,名称\nC1,丙\n,也没有编号\n"))
	if said, code := attacked(t, dir, "--wait", "0s", "load"); code != exitLocked {
		t.Errorf("beside one that has not ended: exit %d: %s", code, said)
	}
	second := start(t, dir, nil, "--wait", "1m", "load")
	time.Sleep(200 * time.Millisecond)
	letGo()
	for _, s := range []*started{first, second} {
		if said, _, code := s.end(); code != 0 {
			t.Errorf("exit %d: %s", code, said)
		}
	}
	sent, err := filepath.Glob(filepath.Join(dir, "var", "outbox", "*", "*.xlsx"))
	if err != nil || len(sent) != 2 {
		t.Fatalf("sent %v, %v; want two", sent, err)
	}
	for _, path := range sent {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	if said, code := attacked(t, dir, "load"); code != 0 {
		t.Errorf("exit %d: %s", code, said)
	}
	if back, _ := filepath.Glob(filepath.Join(dir, "var", "outbox", "*", "*.xlsx")); len(back) > 0 {
		t.Errorf("came back: %v", back)
	}
}

// A release that serves and has lost something is never content: run, doctor and release
// verify name the file, and a run that can make another does.
func TestDamagedReleaseIsNamed(t *testing.T) {
	soak(t)
	for _, lost := range []string{release.DatabaseFile, release.SiteDir + "/index.html"} {
		dir := withReject(t)
		if said, code := attacked(t, dir, "run"); code != 0 {
			t.Fatalf("exit %d: %s", code, said)
		}
		id, err := os.ReadFile(filepath.Join(dir, "var", "CURRENT"))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(dir, "var", "releases", strings.TrimSpace(string(id)), filepath.FromSlash(lost))); err != nil {
			t.Fatal(err)
		}
		// the last makes another
		for _, args := range [][]string{{"doctor"}, {"release", "verify"}, {"check"}, {"run", "--now", "2025-12-01T09:00"}} {
			if said, code := attacked(t, dir, args...); code == 0 || !strings.Contains(said, lost) || !strings.Contains(said, "Try: ") {
				t.Errorf("%s is lost: %v: exit %d: %s", lost, args, code, said)
			}
		}
		for _, args := range [][]string{{"release", "verify"}, {"sql", "-q", "select 1 as a"}, {"run", "--now", "2025-12-01T09:10"}} {
			if said, code := attacked(t, dir, args...); code != 0 {
				t.Errorf("after that run: %v: exit %d: %s", args, code, said)
			}
		}
	}
}

// A job that finds the project locked waits, and has not failed.
func TestScheduledJobWaitsForTheLock(t *testing.T) {
	soak(t)
	dir := withReject(t)
	holder, letGo := held(t, dir, "rename", `var/outbox/\.sent`, "load")
	job := start(t, dir, nil, "schedule", "run", "daily-run")
	ended := make(chan struct{})
	go func() { job.cmd.Process.Wait(); close(ended) }()
	select {
	case <-ended:
		t.Error("it did not wait")
	case <-time.After(1500 * time.Millisecond):
	}
	letGo()
	if said, _, code := holder.end(); code != 0 {
		t.Errorf("exit %d: %s", code, said)
	}
	<-ended
	h, err := schedules.Open(filepath.Join(dir, "var", "state.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	list, err := h.List(context.Background(), schedules.Filter{})
	if err != nil || len(list) != 1 || list[0].Status != schedules.Done {
		t.Errorf("the history says %+v, %v", list, err)
	}
}

// A history of years is pruned by the next run, which needs little for it.
func TestLongHistoryCostsLittle(t *testing.T) {
	soak(t)
	dir := oneDocument(t)
	peak := func(args ...string) int64 {
		t.Helper()
		said, mb, code := start(t, dir, nil, append(args, "--now", faultNow)...).end()
		if code != 0 {
			t.Fatalf("%v: exit %d: %s", args, code, said)
		}
		return mb
	}
	path := filepath.Join(dir, "var", "state.db")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	h, err := schedules.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	h.Close()
	peak("run")
	before := peak("run", "--full")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), `with recursive line (i) as (select 0 union all select i + 1 from line where i < 199999)
		insert into schedule_run (job, due_at, trigger, status, started_at, ended_at, exit_code, output)
		select 'often', strftime('%Y-%m-%dT%H:%M:%S.000Z', '2026-07-01', i || ' minutes'), 'schedule', 'failed',
			'2026-07-01T00:00:00.000Z', '2026-07-01T00:00:01.000Z', 1, ?
		from line`, strings.Repeat("x", 4000))
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	after := peak("run", "--full")
	t.Logf("%d MB without a history, %d MB with one of 200,000 rows", before, after)
	if after > before+100 {
		t.Errorf("the history takes %d MB", after-before)
	}
	if out, stderr, code := citykpi(t, "--project", dir, "--format", "csv", "schedule", "history"); code != 0 ||
		strings.Count(out, "\n") > 10_100 {
		t.Errorf("exit %d: %d lines are left: %s", code, strings.Count(out, "\n"), stderr)
	}
}
