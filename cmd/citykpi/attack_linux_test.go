package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"citykpi/pipeline/lake"

	"golang.org/x/sys/unix"
)

// What bureaus do to their inbox while it is read. Each test takes the program from
// outside, as a process of its own; what happens in between is held until it has happened.

// soak says that there is time for what takes long or needs much of the machine.
func soak(t *testing.T) {
	t.Helper()
	if os.Getenv("CITYKPI_SOAK") == "" {
		t.Skip("takes long: make soak")
	}
}

// attackNow is when these tests take place.
const attackNow = "2025-12-01T08:00"

// started is a command line of a project under attack.
type started struct {
	t           *testing.T
	cmd         *exec.Cmd
	out, errout bytes.Buffer
}

func start(t *testing.T, dir string, prepare func(*exec.Cmd), args ...string) *started {
	t.Helper()
	limit := patience
	if os.Getenv("CITYKPI_SOAK") != "" {
		limit *= 10
	}
	ctx, stop := context.WithTimeout(t.Context(), limit)
	t.Cleanup(stop)
	s := &started{t: t, cmd: child(ctx, append([]string{"--project", dir, "--now", attackNow}, args...)...)}
	s.cmd.Stdout, s.cmd.Stderr = &s.out, &s.errout
	if prepare != nil {
		prepare(s.cmd)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return s
}

// end waits for its end: what it said, on which memory, and its exit code.
func (s *started) end() (said string, mb int64, code int) {
	s.t.Helper()
	var exit *exec.ExitError
	err := s.cmd.Wait()
	said = s.out.String() + s.errout.String()
	if err != nil && !errors.As(err, &exit) || s.cmd.ProcessState.ExitCode() < 0 || strings.Contains(said, "goroutine ") {
		s.t.Fatalf("%v\n%.3000s", err, said)
	}
	return said, s.cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss >> 10, s.cmd.ProcessState.ExitCode()
}

// attacked runs one command line of a project, from its start to its end.
func attacked(t *testing.T, dir string, args ...string) (said string, code int) {
	t.Helper()
	said, _, code = start(t, dir, nil, args...).end()
	return said, code
}

// held starts a command line that stops at a system call until it is let go.
func held(t *testing.T, dir, op, path string, args ...string) (s *started, letGo func()) {
	t.Helper()
	f := fault{Root: dir, Op: op, Path: path, Nth: 1, Log: filepath.Join(t.TempDir(), "calls"), Until: filepath.Join(t.TempDir(), "go")}
	text, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	s = start(t, dir, func(cmd *exec.Cmd) { cmd.Env = append(cmd.Env, faultVariable+"="+string(text)) }, args...)
	letGo = func() { put(t, f.Until, nil) }
	for deadline := time.Now().Add(patience); ; time.Sleep(2 * time.Millisecond) {
		if calls, _ := os.ReadFile(f.Log); bytes.Contains(calls, []byte("HELD ")) {
			return s, letGo
		}
		var over unix.Siginfo
		ended := unix.Waitid(unix.P_PID, s.cmd.Process.Pid, &over, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil) == nil && over.Signo != 0
		if ended || time.Now().After(deadline) {
			said, _, code := s.end()
			if code == exitNoFaults {
				t.Skipf("SKIPPED: %s", said)
			}
			t.Fatalf("it never came to %s %s: exit %d\n%s", op, path, code, said)
		}
	}
}

// rows are so many lines of a small table, whose numbers begin with a letter.
func rows(letter string, n int) []byte {
	b := []byte("编号,名称\n")
	for i := range n {
		b = fmt.Appendf(b, "%s%d,第%d家\n", letter, i, i)
	}
	return b
}

// arriveAs gives a whole file a name in the inbox in one step, as careful programs do.
func arriveAs(t *testing.T, path string, content []byte) {
	t.Helper()
	half := filepath.Join(filepath.Dir(path), ".half")
	put(t, half, content)
	if err := os.Rename(half, path); err != nil {
		t.Fatal(err)
	}
}

// holdsAll holds that every one of the versions is one batch with its rows and its original,
// and that the inbox is empty.
func holdsAll(t *testing.T, dir string, versions ...[]byte) {
	t.Helper()
	l, err := lake.Open(filepath.Join(dir, "var", "lake"))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range versions {
		sum := sha256Of(v)
		batches := l.Of(sum)
		if len(batches) != 1 {
			t.Errorf("%.30q… is %d batches", v, len(batches))
			continue
		}
		if want := int64(bytes.Count(v, []byte("\n")) - 1); batches[0].Read != want {
			t.Errorf("%.30q…: %d rows were read of %d", v, batches[0].Read, want)
		}
		kept, err := filepath.Glob(filepath.Join(dir, "var", "lake", "originals", sum[:16], "*"))
		if err != nil || len(kept) != 1 {
			t.Errorf("%.30q… has the originals %v, %v", v, kept, err)
			continue
		}
		if text, err := os.ReadFile(kept[0]); err != nil || !bytes.Equal(text, v) {
			t.Errorf("%s has other bytes: %v", kept[0], err)
		}
	}
	for _, folder := range []string{"inbox", "inbox-claimed"} {
		if left := filesBelow(t, filepath.Join(dir, "var", folder)); len(left) > 0 {
			t.Errorf("left in %s: %v", folder, left)
		}
	}
}

func sha256Of(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func filesBelow(t *testing.T, root string) (list []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			list = append(list, path)
		}
		return err
	})
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return list
}

// A newer file that is given the name of one that is being loaded, at whatever moment, is
// another file: both become batches, each with its own original.
func TestNewVersionSurvivesBeingRead(t *testing.T) {
	for _, at := range []struct{ op, path string }{
		{"rename", `var/inbox-claimed/.*更正\.csv`},
		{"create", `var/lake/staging/small-20250630-.*/rejects.ndjson`},
		{"create", `var/lake/staging/small-20250630-.*/rows.parquet`},
		{"rename", `var/lake/small/small-20250630-.*`},
		{"rename", `var/lake/originals/.*更正\.csv`},
	} {
		t.Run(at.op+" "+at.path, func(t *testing.T) {
			dir := hostileProject(t)
			path := filepath.Join(dir, "var", "inbox", "局", "小表_20250630更正.csv")
			older, newer := rows("B", 20_000), rows("C", 3)
			arriveAs(t, path, older)
			s, letGo := held(t, dir, at.op, at.path, "load")
			arriveAs(t, path, newer)
			letGo()
			said, _, code := s.end()
			// That it was exchanged in the very moment of the claim may be said, and the newer one wait.
			if again, c := attacked(t, dir, "load"); code != 0 || c != 0 {
				t.Errorf("exit %d and %d: %s%s", code, c, said, again)
			}
			if at.op == "rename" && strings.Contains(at.path, "claimed") {
				if _, err := os.Stat(path); err == nil {
					t.Error("the newer file is left in the inbox")
				}
				holdsAll(t, dir, newer) // the older was overwritten before anybody had it
				return
			}
			holdsAll(t, dir, older, newer)
		})
	}
}

// Likewise while a large file is read, without anything being held.
func TestNewVersionSurvivesALongRead(t *testing.T) {
	soak(t)
	dir := hostileProject(t)
	path := filepath.Join(dir, "var", "inbox", "局", "小表_20250630更正.csv")
	older, newer := rows("B", 2_000_000), rows("C", 3)
	arriveAs(t, path, older)
	s := start(t, dir, nil, "load")
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		if found, _ := filepath.Glob(filepath.Join(dir, "var", "lake", "staging", "small-20250630-*", "rows.parquet")); len(found) > 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("it is never read")
		}
	}
	arriveAs(t, path, newer)
	if found, _ := filepath.Glob(filepath.Join(dir, "var", "lake", "small", "small-20250630-*")); len(found) > 0 {
		t.Fatal("it was read before the newer one had come: nothing was tried")
	}
	if said, _, code := s.end(); code != 0 {
		t.Errorf("exit %d: %s", code, said)
	}
	if said, code := attacked(t, dir, "load"); code != 0 {
		t.Errorf("exit %d: %s", code, said)
	}
	holdsAll(t, dir, older, newer)
}

// A file that somebody has open for writing is left to them, however long it pauses at the
// end of a line; once it is whole, it is loaded as a whole.
func TestGrowingFileIsLoadedWhole(t *testing.T) {
	dir := hostileProject(t)
	path := filepath.Join(dir, "var", "inbox", "局", "小表_20250630更正.csv")
	whole := rows("B", 600)
	half := bytes.Index(whole, []byte("B300,"))
	put(t, path, whole[:half])
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if said, code := attacked(t, dir, "load"); code != 0 || !strings.Contains(said, "waiting: ") {
		t.Fatalf("exit %d: %s", code, said)
	}
	if text, err := os.ReadFile(path); err != nil || !bytes.Equal(text, whole[:half]) {
		t.Fatalf("it was taken from under who writes it: %v", err)
	}
	if _, err := f.Write(whole[half:]); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if said, code := attacked(t, dir, "load"); code != 0 {
		t.Fatalf("exit %d: %s", code, said)
	}
	holdsAll(t, dir, whole)
}

// A file that is written to in pieces by somebody who opens it anew each time waits until it
// has settled.
func TestFileWrittenInPiecesIsLoadedWhole(t *testing.T) {
	dir := hostileProject(t)
	put(t, filepath.Join(dir, "citykpi.yml"), []byte("region: \"320100\"\nsince: 2022-09-30\nsettle: 800ms\n"))
	path := filepath.Join(dir, "var", "inbox", "局", "小表_20250630更正.csv")
	whole := rows("B", 300)
	put(t, path, whole[:bytes.Index(whole, []byte("B10,"))])
	stop, done := make(chan struct{}), make(chan error, 1)
	go func() {
		done <- func() error {
			for i := 10; i < 300; i++ {
				select {
				case <-stop: // the rest at once
				default:
					time.Sleep(40 * time.Millisecond)
				}
				end := len(whole)
				if i < 299 {
					end = bytes.Index(whole, fmt.Appendf(nil, "B%d,", i+1))
				}
				f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
				if err != nil {
					return err
				}
				if _, err := f.Write(whole[bytes.Index(whole, fmt.Appendf(nil, "B%d,", i)):end]); err != nil {
					return err
				}
				if err := f.Close(); err != nil {
					return err
				}
			}
			return nil
		}()
	}()
	byOwnClock := func(cmd *exec.Cmd) { cmd.Env = append(cmd.Env, settleVariable+"=1") }
	said, _, code := start(t, dir, byOwnClock, "load").end()
	close(stop)
	if err := <-done; err != nil {
		t.Fatalf("the file was taken from under who writes it: %v\n%s", err, said)
	}
	if code != 0 || !strings.Contains(said, "waiting: ") {
		t.Fatalf("exit %d: %s", code, said)
	}
	if said, _, code := start(t, dir, byOwnClock, "load").end(); code != 0 {
		t.Fatalf("exit %d: %s", code, said)
	}
	holdsAll(t, dir, whole)
}

// An inbox that is another disk cannot be moved from: what takes the name of a file while
// that is being copied is never deleted in its stead.
func TestNewVersionSurvivesBeingCopied(t *testing.T) {
	for _, at := range []struct{ op, path string }{
		{"rename", `var/inbox/局/\.citykpi-claimed/.*`},
		{"write", `var/inbox-claimed/partial`},
		{"fsync", `var/inbox-claimed/partial`},
		{"unlink", `var/inbox/局/\.citykpi-claimed/小表.*更正\.csv`},
	} {
		t.Run(at.op+" "+at.path, func(t *testing.T) {
			dir := hostileProject(t)
			put(t, filepath.Join(dir, "citykpi.yml"), []byte("region: \"320100\"\nsince: 2022-09-30\nsettle: 50ms\n"))
			disk := filepath.Join(dir, "var", "inbox")
			if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=16m"); err != nil {
				t.Skipf("SKIPPED: cannot mount another disk here: %v", err)
			}
			defer syscall.Unmount(disk, syscall.MNT_DETACH)
			path := filepath.Join(disk, "局", "小表_20250630更正.csv")
			older, newer := rows("B", 100), rows("C", 3)
			put(t, path, older)
			s, letGo := held(t, dir, at.op, at.path, "load")
			arriveAs(t, path, newer)
			letGo()
			said, _, code := s.end()
			if again, c := attacked(t, dir, "load"); code != 0 || c != 0 {
				t.Errorf("exit %d and %d: %s%s", code, c, said, again)
			}
			if at.op == "rename" {
				holdsAll(t, dir, newer) // the older was overwritten before anybody had it
				return
			}
			holdsAll(t, dir, older, newer)
		})
	}
}

// However many small files there are, few are open at a time, none is blamed for the
// machine, and memory does not grow with them beyond what is known of each.
func TestManyFilesNeedFewDescriptors(t *testing.T) {
	for _, c := range []struct {
		files       int
		descriptors uint64
		mb          int64
	}{{150, 64, hostileMemory >> 20}, {20_000, 1024, 300}} {
		t.Run(fmt.Sprint(c.files), func(t *testing.T) {
			if c.files > 1000 {
				soak(t)
			}
			dir := hostileProject(t)
			for i := range c.files {
				put(t, filepath.Join(dir, "var", "inbox", "局", fmt.Sprintf("小表%d_20250630更正.csv", i)),
					fmt.Appendf(nil, "编号,名称\nN%d,第%d家\n", i, i))
			}
			s := start(t, dir, nil, "load")
			few := unix.Rlimit{Cur: c.descriptors, Max: c.descriptors}
			if err := unix.Prlimit(s.cmd.Process.Pid, unix.RLIMIT_NOFILE, &few, nil); err != nil {
				t.Fatal(err)
			}
			said, mb, code := s.end()
			if code != 0 {
				t.Errorf("exit %d: %.1000s", code, said)
			}
			l, err := lake.Open(filepath.Join(dir, "var", "lake"))
			if err != nil {
				t.Fatal(err)
			}
			if n := len(l.Batches(time.Time{})); n != c.files+1 {
				t.Errorf("%d of %d files are batches", n, c.files+1)
			}
			if mb > c.mb {
				t.Errorf("%d MB were needed at a time", mb)
			}
			t.Logf("%d MB", mb)
		})
	}
}
