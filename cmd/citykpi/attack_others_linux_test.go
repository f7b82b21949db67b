package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"citykpi/pipeline/lake"

	"golang.org/x/sys/unix"
)

// What other users of the machine see, lock and take away.

// nobody is a user and a group that own nothing.
const nobody = 65534

// asNobody runs f as another user, on a thread that ends with it.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("SKIPPED: only root can be another user for a while")
	}
	done := make(chan syscall.Errno)
	go func() {
		runtime.LockOSThread() // and never unlocked
		// Go's own functions would change every thread.
		_, _, errno := unix.RawSyscall(unix.SYS_SETGROUPS, 0, 0, 0)
		for _, call := range []uintptr{unix.SYS_SETRESGID, unix.SYS_SETRESUID} {
			if errno == 0 {
				_, _, errno = unix.RawSyscall(call, nobody, nobody, nobody)
			}
		}
		if errno == 0 {
			f()
		}
		done <- errno
	}()
	if errno := <-done; errno != 0 {
		t.Skipf("SKIPPED: this thread cannot be another user: %v", errno)
	}
}

// reachable lets everybody come as far as a folder of a test.
func reachable(t *testing.T, dir string) {
	t.Helper()
	for ; dir != filepath.Clean(os.TempDir()) && dir != "/"; dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

// withReject is a project whose inbox holds a row that is loaded and one that is not.
func withReject(t *testing.T) (dir string) {
	t.Helper()
	dir = hostileProject(t)
	put(t, filepath.Join(dir, "var", "inbox", "局", "小表_20250630更正.csv"), []byte("编号,名称\nB1,乙\n,没有编号\n"))
	return dir
}

// Nothing that is made can be read by anybody else, whatever the umask and wherever the
// project lies: what is there was named by no contract, and people are in it.
func TestOtherUsersReachNothing(t *testing.T) {
	for _, umask := range []int{0, 0o022, 0o077} {
		dir := withReject(t)
		reachable(t, dir)
		given := map[string]bool{} // what the test itself made, or the bureau
		for _, path := range filesBelow(t, dir) {
			given[path] = true
		}
		had := syscall.Umask(umask)
		verbs, least := [][]string{{"load"}, {"verify"}, {"schedule", "history"}}, 10
		if os.Getenv("CITYKPI_SOAK") != "" {
			verbs, least = append(verbs, []string{"run"}, []string{"schedule", "run", "daily-run"}, []string{"close", "2025Q2"},
				[]string{"sql", "-q", "show tables"}), 100
		}
		for _, args := range verbs {
			if said, code := attacked(t, dir, args...); code != 0 && args[0] != "close" {
				t.Errorf("%v: exit %d: %s", args, code, said)
			}
		}
		syscall.Umask(had)
		made := 0
		for _, path := range filesBelow(t, dir) {
			if given[path] {
				continue
			}
			made++
			info, err := os.Lstat(path)
			if err != nil {
				t.Fatal(err)
			}
			if info.Mode().Perm()&0o077 != 0 {
				t.Errorf("umask %03o: %s is %v", umask, path, info.Mode())
			}
		}
		if made < least {
			t.Errorf("only %d files were made", made)
		}
		asNobody(t, func() {
			if _, err := os.ReadFile(filepath.Join(dir, "citykpi.yml")); err != nil && umask != 0o077 {
				t.Errorf("the other user comes nowhere at all: %v", err)
			}
			for _, path := range []string{"var/lake/small", "var/lake/originals", "var/outbox/市某局", "var/releases",
				"var/private", "var/inbox-claimed"} {
				if list, err := os.ReadDir(filepath.Join(dir, filepath.FromSlash(path))); err == nil {
					t.Errorf("umask %03o: another user lists %s: %v", umask, path, list)
				}
			}
			if err := os.WriteFile(filepath.Join(dir, "var", "x"), nil, 0o600); err == nil {
				t.Errorf("umask %03o: another user writes into var", umask)
			}
		})
	}
}

// Whatever another user locks, nobody waits for it.
func TestOtherUsersLocksCountNothing(t *testing.T) {
	dir := withReject(t)
	reachable(t, dir)
	// a job's clock is the real one, which is later
	runs := [][]string{{"--wait", "0s", "run", "--full"}, {"release", "verify"}, {"schedule", "run", "daily-run"}}
	if os.Getenv("CITYKPI_SOAK") == "" {
		runs = nil // releases take their time
	}
	for _, args := range append([][]string{{"load"}, {"schedule", "history"}}, runs...) {
		if said, code := attacked(t, dir, args...); code != 0 {
			t.Fatalf("%v: exit %d: %s", args, code, said)
		}
	}
	var paths []string
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && (e.IsDir() || e.Type().IsRegular()) {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var locked []*os.File
	asNobody(t, func() {
		for _, path := range paths {
			f, err := os.Open(path)
			if err != nil {
				continue
			}
			read := unix.Flock_t{Type: unix.F_RDLCK}
			if unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil {
				unix.FcntlFlock(f.Fd(), unix.F_OFD_SETLK, &read)
				locked = append(locked, f)
			}
		}
	})
	defer func() {
		for _, f := range locked {
			f.Close()
		}
	}()
	if len(locked) < 3 { // the project itself, citykpi.yml, …
		t.Fatalf("only %d files could be locked: nothing was tried", len(locked))
	}
	arriveAs(t, filepath.Join(dir, "var", "inbox", "局", "小表_20250930.csv"), rows("C", 2))
	for _, args := range append([][]string{{"--wait", "0s", "load"}, {"schedule", "history"}, {"verify"}}, runs...) {
		began := time.Now()
		said, code := attacked(t, dir, args...)
		if code != 0 || time.Since(began) > patience/2 {
			t.Errorf("%v: exit %d after %s: %s", args, code, time.Since(began), said)
		}
	}
}

// A folder of the lake that cannot be read is an error of every verb that needs it, and no
// empty folder; once it can be, all is there.
func TestUnreadableLakeIsAnError(t *testing.T) {
	dir := withReject(t)
	asOther := func(*exec.Cmd) {}
	if os.Getuid() == 0 { // who reads everything
		program := filepath.Join(t.TempDir(), "citykpi")
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(self)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(program, content, 0o755); err != nil {
			t.Fatal(err)
		}
		reachable(t, filepath.Dir(program))
		reachable(t, dir)
		err = filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
			if err == nil {
				err = os.Lchown(path, nobody, nobody)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		asOther = func(cmd *exec.Cmd) {
			cmd.Path, cmd.Env = program, append(cmd.Env, "HOME="+dir, "TMPDIR="+dir)
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		}
	}
	other := func(args ...string) (said string, code int) {
		said, _, code = start(t, dir, asOther, args...).end()
		return said, code
	}
	if said, code := other("load"); code != 0 {
		t.Fatalf("exit %d: %s", code, said)
	}
	again := filepath.Join(dir, "var", "inbox", "局", "小表_20250630更正.csv")
	put(t, again, []byte("编号,名称\nB1,乙\n,没有编号\n")) // the bytes of a batch
	if err := os.Lchown(again, nobody, nobody); err != nil && os.Getuid() == 0 {
		t.Fatal(err)
	}
	batches, err := filepath.Glob(filepath.Join(dir, "var", "lake", "small", "small-*"))
	if err != nil || len(batches) != 2 {
		t.Fatalf("%v, %v", batches, err)
	}
	for _, folder := range []string{filepath.Join(dir, "var", "lake", "small"), batches[0], filepath.Join(dir, "var", "lake")} {
		if err := os.Chmod(folder, 0); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"rejects"}, {"load"}, {"run"}, {"check"}, {"verify"}} {
			if said, code := other(args...); code == 0 || !strings.Contains(said, "permission denied") || !strings.Contains(said, "Try: ") {
				t.Errorf("%s closed: %v: exit %d: %s", folder, args, code, said)
			}
		}
		if err := os.Chmod(folder, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if said, code := other("rejects"); code != 0 || !strings.Contains(said, "没有编号") {
		t.Errorf("with the cause gone: rejects: exit %d: %s", code, said)
	}
	if said, code := other("load"); code != 0 || !strings.Contains(said, "known") {
		t.Errorf("with the cause gone: load: exit %d: %s", code, said)
	}
}

// An operator who runs a command as root does not shut the user citykpi runs as out of the
// project: nothing is written. What is only closed to a user is never said to be lost.
func TestRootShutsNobodyOut(t *testing.T) {
	dir := withReject(t)
	reachable(t, dir)
	asNobody(t, func() {}) // or it is skipped
	for _, path := range append(filesBelow(t, dir), filepath.Join(dir, "var")) {
		if err := os.Chown(path, nobody, nobody); err != nil {
			t.Fatal(err)
		}
	}
	given := filesBelow(t, dir)
	for _, args := range [][]string{{"load"}, {"run"}, {"schedule", "run", "daily-run"}, {"lake", "begin", "--reason", "x"}} {
		said, code := attacked(t, dir, args...)
		if code != exitFailed || !strings.Contains(said, "belongs to nobody, who could not read what root makes there. Try: ") {
			t.Errorf("%v: exit %d: %s", args, code, said)
		}
	}
	if now := filesBelow(t, dir); len(now) != len(given) {
		t.Errorf("root has left something: %v, was %v", now, given)
	}
	// As it is after a build that did not ask, or after a restore.
	for _, path := range given {
		if err := os.Chown(path, 0, 0); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chown(filepath.Join(dir, "var"), 0, 0); err != nil {
		t.Fatal(err)
	}
	if said, code := attacked(t, dir, "load"); code != 0 {
		t.Fatalf("load: exit %d: %s", code, said)
	}
	if err := os.Chown(filepath.Join(dir, "var"), nobody, nobody); err != nil {
		t.Fatal(err)
	}
	if said, code := attacked(t, dir, "doctor"); code != exitFailed ||
		!strings.Contains(said, "nobody, who owns var, may be shut out of") || !strings.Contains(said, "chown -R nobody ") {
		t.Errorf("doctor: exit %d: %s", code, said)
	}
	asNobody(t, func() {
		_, err := lake.Open(filepath.Join(dir, "var", "lake"))
		if err == nil || strings.Contains(err.Error(), "forget") {
			t.Errorf("what another user may not read: %v", err)
		}
	})
}

// A pipe under the name of a file of ours, also in the outbox, which others may write to, keeps
// nobody waiting.
func TestPipesKeepNobodyWaiting(t *testing.T) {
	for _, c := range []struct {
		path string
		args []string
	}{{"outbox/.sent", []string{"load"}}, {"PINNED", []string{"release", "list"}}, {"clock.json", []string{"load"}},
		{"runs.json", []string{"release", "list"}}} {
		dir := withReject(t)
		path := filepath.Join(dir, "var", filepath.FromSlash(c.path))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
		if said, code := attacked(t, dir, c.args...); code > exitFailed || code == exitFailed &&
			!strings.Contains(said, "no regular file") {
			t.Errorf("%s, %v: exit %d: %s", c.path, c.args, code, said)
		}
	}
}
