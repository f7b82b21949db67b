package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// faultNow is when all runs of these tests take place: the same exports give the same batches.
const faultNow = "2026-11-22T06:00"

// serving makes a project that has a release of its first half of exports, with the
// rest in the inbox.
func serving(t *testing.T) string {
	t.Helper()
	dir := oneDocument(t)
	files, err := filepath.Glob(filepath.Join(dir, "var", "inbox", "*", "*"))
	if err != nil || len(files) < 20 {
		t.Fatalf("%d exports: %v", len(files), err)
	}
	// of one per source some wait, rejected rows among them
	var waiting []string
	for i, file := range files {
		if i%8 == 3 {
			waiting = append(waiting, file)
			if err := os.Rename(file, filepath.Join(dir, fmt.Sprint("waiting-", len(waiting)))); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, stderr, code := citykpi(t, "--project", dir, "run", "--now", faultNow); code != 0 && code != exitFailed {
		t.Fatal(stderr)
	}
	for i, file := range waiting {
		if err := os.Rename(filepath.Join(dir, fmt.Sprint("waiting-", i+1)), file); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// state is all that a run leaves that must not depend on what went wrong before it:
// every file of the lake, the workbooks for the bureaus, what is in the inbox, and the
// figures of the release.
func state(t *testing.T, dir string) map[string]string {
	t.Helper()
	held := map[string]string{"figures": values(t, dir)}
	for _, top := range []string{"lake", "outbox", "inbox"} {
		root := filepath.Join(dir, "var")
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			content, err := os.ReadFile(path)
			sum := sha256.Sum256(content)
			name, _ := filepath.Rel(root, path)
			held[name] = hex.EncodeToString(sum[:8])
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return held
}

func differences(got, want map[string]string) []string {
	var list []string
	for name := range got {
		if want[name] != got[name] {
			list = append(list, name)
		}
	}
	for name := range want {
		if _, ok := got[name]; !ok {
			list = append(list, name+" is missing")
		}
	}
	slices.Sort(list)
	return list
}

// faulty runs the project with a fault: what was logged, what was said, and the exit code.
func faulty(t *testing.T, dir string, f fault) (log, said string, code int) {
	t.Helper()
	f.Root, f.Log = dir, filepath.Join(t.TempDir(), "calls")
	text, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	cmd := child(t.Context(), "--project", dir, "run", "--now", faultNow)
	cmd.Env = append(cmd.Env, faultVariable+"="+string(text))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	var exit *exec.ExitError
	if err := cmd.Run(); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	if code == exitNoFaults {
		t.Skipf("SKIPPED: %s", stderr.String())
	}
	calls, err := os.ReadFile(f.Log)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return string(calls), stderr.String(), code
}

// oneError holds what was said against what a failing disk must end in: one line, of
// which file, and what to do.
func oneError(t *testing.T, said, path string) {
	t.Helper()
	said = strings.TrimSpace(said)
	if strings.Count(said, "citykpi:") != 1 || strings.Contains(said, "\n") || !strings.Contains(said, "Try: ") ||
		strings.Count(said, "Try:") != 1 {
		t.Errorf("not one line with the next step:\n%s", said)
	}
	if !strings.Contains(said, path) {
		t.Errorf("it does not name %s:\n%s", path, said)
	}
}

// TestEveryWriteMayFail lets one call fail of each kind that a run makes, on the disk
// being full or broken: the run says so in one line, the release that was there serves
// on, and the next run ends as one that nothing disturbed.
func TestEveryWriteMayFail(t *testing.T) {
	const building = `var/releases/\.building-[^/]*/`
	type failing struct {
		op, path string
		nth      int
		names    string // what the error must name
	}
	cases := []failing{
		{"create", `var/private/run.lock`, 1, "var/private/run.lock"},
		{"mkdir", `var/inbox-claimed`, 1, "var/inbox-claimed"},
		{"mkdir", `var/inbox-claimed/.+`, 2, "var/inbox-claimed/"},
		{"rename", `var/inbox-claimed/.*`, 3, "var/inbox/"},
		{"fsync", `var/inbox-claimed/[^.]*`, 1, "var/inbox-claimed/"},
		{"fsync", `var/inbox-claimed/.*\..*`, 2, "var/inbox-claimed/"},
		{"mkdir", `var/lake/staging/.*`, 3, "var/lake/staging/"},
		{"create", `var/lake/staging/.*rejects.ndjson`, 2, "rejects.ndjson"},
		{"write", `var/lake/staging/.*rejects.ndjson`, 1, "rejects.ndjson"},
		{"create", `var/lake/staging/.*rows.parquet`, 1, "rows.parquet"},
		{"write", `var/lake/staging/.*rows.parquet`, 5, "rows.parquet"},
		{"fsync", `var/lake/staging/.*rows.parquet`, 2, "rows.parquet"},
		{"fsync", `var/lake/staging/.*rejects.ndjson`, 4, "rejects.ndjson"},
		{"write", `var/lake/staging/.*manifest.json.*`, 2, "manifest.json"},
		{"fsync", `var/lake/staging/.*manifest.json.*`, 1, "manifest.json"},
		{"rename", `var/lake/staging/.*manifest.json`, 2, "manifest.json"},
		{"fsync", `var/lake/staging/[^/]*`, 3, "var/lake/staging/"},
		{"rename", `var/lake/[^/]*/[^/]*-2[^/]*`, 4, "var/lake/"},
		{"fsync", `var/lake/[^/]*_[^/]*`, 2, "var/lake/"},
		{"mkdir", `var/lake/originals/.*`, 2, "var/lake/originals/"},
		{"rename", `var/lake/originals/.*`, 3, "var/lake/originals/"},
		{"fsync", `var/lake/originals/.*`, 1, "var/lake/originals/"},
		{"mkdir", building + `?`, 1, ".building-"},
		{"create", building + `citykpi.duckdb`, 1, "citykpi.duckdb"},
		{"write", building + `citykpi.duckdb`, 1, ".building-"},
		{"write", building + `citykpi.duckdb`, 40, ".building-"},
		{"write", building + `citykpi.duckdb.wal`, 30, ".building-"},
		{"fsync", building + `citykpi.duckdb.wal`, 20, ".building-"},
		{"fsync", building + `citykpi.duckdb`, 1, ".building-"},
		{"fsync", building + `citykpi.duckdb`, 2, ".building-"},
		{"write", building + `site/.*`, 100, "site"},
		{"create", building + `site/.*`, 5, "site"},
		{"fsync", building + `site/.*`, 9, "site"},
		{"create", building + `reports/.*`, 1, "reports"},
		{"write", building + `.*catalogue.json.*`, 1, "catalogue.json"},
		{"fsync", building + `.*manifest.json.*`, 1, "manifest.json"},
		{"rename", `var/releases/2[^/]*`, 1, "var/releases/"},
		{"fsync", `var/releases`, 1, "var/releases"},
		{"write", `var/\.CURRENT.*`, 1, "CURRENT"},
		{"rename", `var/CURRENT`, 1, "CURRENT"},
		{"write", `var/outbox/.*`, 1, "var/outbox/"},
		{"rename", `var/outbox/.*`, 1, "var/outbox/"},
	}
	start := serving(t)
	calm := copied(t, start)
	if _, said, code := faulty(t, calm, fault{}); code != 0 {
		t.Fatalf("exit %d: %s", code, said)
	}
	want := state(t, calm)
	for i, tt := range cases {
		errno := []unix.Errno{unix.EIO, unix.ENOSPC}[i%2]
		t.Run(fmt.Sprintf("%s %s %d", tt.op, tt.path, tt.nth), func(t *testing.T) {
			t.Parallel()
			dir := copied(t, start)
			calls, said, code := faulty(t, dir, fault{Op: tt.op, Path: tt.path, Nth: tt.nth, Errno: errno})
			if !strings.Contains(calls, "FAILED") {
				t.Fatalf("nothing failed: the run makes no such call\n%s", said)
			}
			if code != exitFailed {
				t.Errorf("exit %d", code)
			}
			oneError(t, said, tt.names)
			verifyServing(t, dir)
			if _, stderr, code := citykpi(t, "--project", dir, "kpi", "list"); code != 0 {
				t.Errorf("kpi list: %s", stderr)
			}
			if i%7 > 0 && os.Getenv("CITYKPI_SOAK") == "" {
				return
			}
			if _, said, code := faulty(t, dir, fault{}); code != 0 {
				t.Fatalf("with the cause gone: exit %d: %s", code, said)
			}
			if wrong := differences(state(t, dir), want); len(wrong) > 0 {
				t.Errorf("what differs from a run that nothing disturbed: %s", strings.Join(wrong, ", "))
			}
		})
	}
}

// copied is a project of its own with the same content.
func copied(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "demo")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

// TestReadOnlyFolders takes away the right to write, folder by folder.
func TestReadOnlyFolders(t *testing.T) {
	t.Parallel()
	dir := serving(t)
	for _, folder := range []string{"var", "var/inbox", "var/lake", "var/releases", "var/outbox"} {
		t.Run(folder, func(t *testing.T) {
			at := filepath.Join(dir, folder)
			if err := os.Remove(filepath.Join(dir, "var", "outbox", ".sent")); err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Fatal(err)
			}
			if err := syscall.Mount(at, at, "", syscall.MS_BIND, ""); err != nil {
				t.Skipf("SKIPPED: cannot mount here: %v", err)
			}
			mounted := true
			unmount := func() {
				if mounted {
					syscall.Unmount(at, syscall.MNT_DETACH)
					mounted = false
				}
			}
			defer unmount()
			if err := syscall.Mount(at, at, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
				t.Skipf("SKIPPED: cannot make a mount read-only here: %v", err)
			}
			current, _ := os.ReadFile(filepath.Join(dir, "var", "CURRENT"))
			_, stderr, code := citykpi(t, "--project", dir, "run", "--full", "--now", faultNow)
			if code != exitFailed {
				t.Errorf("exit %d", code)
			}
			oneError(t, stderr, at)
			verifyServing(t, dir)
			if _, stderr, code := citykpi(t, "--project", dir, "kpi", "list"); code != 0 {
				t.Errorf("kpi list: %s", stderr)
			}
			if stdout, _, code := citykpi(t, "--project", dir, "doctor"); folder == "var" &&
				(code != exitFailed || !strings.Contains(stdout, "cannot be written")) {
				t.Errorf("doctor: exit %d: %s", code, stdout)
			}
			now, _ := os.ReadFile(filepath.Join(dir, "var", "CURRENT"))
			if folder != "var/outbox" && string(now) != string(current) { // letters are written once a release serves
				t.Errorf("CURRENT was %s and is %s", current, now)
			}
			unmount()
		})
	}
}
