package schedules

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The test binary plays citykpi when it is started with this variable set.
const playCitykpi = "CITYKPI_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(playCitykpi) != "" {
		os.Exit(citykpi(os.Args[1:]))
	}
	os.Exit(m.Run())
}

// citykpi behaves as its arguments say.
func citykpi(args []string) int {
	switch args[0] {
	case "exit":
		for n := range 50 {
			fmt.Fprintln(os.Stderr, "line", n+1)
		}
		fmt.Fprint(os.Stderr, " 10%\r 50%\r100%\nlast words of "+strings.Join(args, " "))
		fmt.Println("result")
		code, _ := strconv.Atoi(args[1])
		return code
	case "refused": // did its work, though files were refused, and says so
		os.NewFile(3, "outcome").WriteString(OutcomeRefused)
		return 1
	case "stubborn": // ignores SIGTERM, has a child of its own in its group, says when it is up
		signal.Ignore(syscall.SIGTERM)
		child := exec.Command(os.Args[0], "sleep")
		if err := child.Start(); err != nil {
			return 1
		}
		fmt.Fprintln(os.Stdout, child.Process.Pid)
		select {}
	case "sleep":
		time.Sleep(time.Hour)
	case "hold": // claims a due time as a daemon does and waits to be killed
		h, err := Open(args[1])
		if err != nil {
			return 1
		}
		due := time.Date(2026, 10, 15, 2, 30, 0, 0, time.UTC)
		c, _, err := h.claimDue(context.Background(), "nightly", due, due, OnSchedule)
		fmt.Println(c, err)
		select {}
	}
	return 0
}

// output takes what several goroutines write.
type output struct {
	mu sync.Mutex
	strings.Builder
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.Builder.Write(p)
}

func child(t *testing.T) string {
	t.Helper()
	t.Setenv(playCitykpi, "1")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return self
}

func TestExecKeepsExitCodeAndLastLines(t *testing.T) {
	var out output
	e := Exec{Binary: child(t), Dir: t.TempDir(), Output: &out}
	for _, want := range []int{0, 4} {
		code, tail, err := e.Run(t.Context(), Job{Name: "x", Run: []string{"exit", fmt.Sprint(want)}})
		if err != nil || code != want {
			t.Errorf("exit code %d, %v; want %d", code, err, want)
		}
		lines := strings.Split(tail, "\n")
		if len(lines) != tailLines || lines[0] != "line 33" || lines[18] != "100%" ||
			lines[19] != fmt.Sprintf("last words of exit %d", want) {
			t.Errorf("tail is %q", lines)
		}
	}
	if strings.Count(out.String(), "result\n") != 2 || strings.Count(out.String(), "line 1\n") != 2 {
		t.Errorf("output is %q", out.String())
	}
}

func TestExecHearsOfRefusedFiles(t *testing.T) {
	code, _, err := Exec{Binary: child(t)}.Run(t.Context(), Job{Name: "x", Run: []string{"refused"}})
	if code != 1 || !errors.Is(err, ErrRefused) {
		t.Fatalf("exit code %d, %v; want 1 and ErrRefused", code, err)
	}
	if status, exit, note := verdict(t.Context(), Job{}, code, err); status != Done || *exit != 1 || note == "" {
		t.Errorf("it is %s with %d, %q", status, *exit, note)
	}
}

func TestExecKillsTheWholeGroup(t *testing.T) {
	r, w := io.Pipe()
	e := Exec{Binary: child(t), Output: w, KillAfter: 10 * time.Millisecond}
	ctx, cancel := context.WithCancel(t.Context())
	grandchild := make(chan int, 1)
	go func() {
		var pid int
		fmt.Fscan(r, &pid)
		cancel() // it is up: stop it
		grandchild <- pid
		io.Copy(io.Discard, r)
	}()
	code, _, err := e.Run(ctx, Job{Name: "x", Run: []string{"stubborn"}})
	w.Close()
	if !errors.Is(err, context.Canceled) {
		t.Errorf("code %d, %v; want context.Canceled", code, err)
	}
	pid := <-grandchild
	for gone := false; !gone; { // reaped by init some time after the kill
		state, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		gone = err != nil || strings.Contains(string(state), ") Z ")
		if t.Context().Err() != nil {
			t.Fatalf("the job's own child %d still runs: %s", pid, state)
		}
	}
}

// Whoever may write job files may make links beside them: no job leaves its project by one.
func TestExecFollowsNoLinkOut(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	for _, folder := range []string{"schedules/own", "reports"} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"out": elsewhere, "schedules/out": elsewhere, "schedules/own/deep": "../../..",
		"schedules/later": filepath.Join(elsewhere, "later"),
		"schedules/loop":  "loop", "schedules/near": "../reports", "var": elsewhere} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/", filepath.Join(elsewhere, "root")); err != nil {
		t.Fatal(err)
	}
	run := Exec{Binary: child(t), Dir: dir}.Run
	for arg, out := range map[string]bool{
		"out": true, "out/new": true, "schedules/out/a/b": true, "--out=schedules/out": true, "./schedules//own/deep/x": true,
		"schedules/later": true, "schedules/loop": true,
		"var/root": true, "var/root/etc": true,
		"reports": false, "reports/new/a": false, "schedules/near": false, "--out=reports": false, "2026Q3": false,
		"--all": false, "html,xlsx": false,
		"var/inbox/市某局/名单.csv": false, "var/new": false, ".": false, strings.Repeat("长", 300): false,
	} {
		code, _, err := run(t.Context(), Job{Name: "j", Run: []string{"exit", "0", arg}})
		if out && (err == nil || !strings.Contains(err.Error(), "out of the project. Try: ")) || !out && (err != nil || code != 0) {
			t.Errorf("%q: exit %d, %v", arg, code, err)
		}
	}
}

func TestExecWithoutBinary(t *testing.T) {
	_, _, err := Exec{Binary: filepath.Join(t.TempDir(), "citykpi")}.Run(t.Context(), Job{Name: "x", Run: []string{"run"}})
	if !errors.Is(err, os.ErrNotExist) || !strings.HasPrefix(err.Error(), "start job x: ") {
		t.Errorf("got %v", err)
	}
}

// Two real processes: the other's claim holds while it lives, and is found
// interrupted once it has been killed.
func TestKilledDaemonInAnotherProcess(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state.db")
	other := exec.Command(child(t), "hold", state)
	out, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	defer other.Process.Kill()
	var c int
	var said string
	if fmt.Fscan(out, &c, &said); claim(c) != granted || said != "<nil>" {
		t.Fatalf("the other process got claim %d, %s", c, said)
	}
	h, err := Open(state)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	due := time.Date(2026, 10, 15, 2, 30, 0, 0, time.UTC)
	claims := func(at time.Time) claim {
		t.Helper()
		c, _, err := h.claimDue(t.Context(), "nightly", at, at, OnSchedule)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if c := claims(due); c != taken {
		t.Errorf("the same due time: claim %d, want taken", c)
	}
	if c := claims(due.Add(24 * time.Hour)); c != skipped {
		t.Errorf("the next due time: claim %d, want skipped", c)
	}
	other.Process.Kill()
	other.Wait()
	if c := claims(due.Add(48 * time.Hour)); c != granted {
		t.Errorf("after the kill: claim %d, want granted", c)
	}
	list, err := h.List(t.Context(), Filter{Status: Interrupted})
	if err != nil || len(list) != 1 || !list[0].DueAt.Equal(due) {
		t.Errorf("interrupted runs: %+v, %v", list, err)
	}
}

func TestOpenRefusesWhatItCannotRead(t *testing.T) {
	dir := t.TempDir()
	junk := filepath.Join(dir, "junk.db")
	if err := os.WriteFile(junk, []byte(strings.Repeat("not a database ", 100)), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(junk); err == nil || !strings.Contains(err.Error(), "Try: move the file away") {
		t.Errorf("junk: %v", err)
	}
	if _, err := Open(filepath.Join(dir, "absent", "state.db")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
	newer := filepath.Join(dir, "新?100%.db")
	h, err := Open(newer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(newer); err != nil {
		t.Errorf("the file has another name: %v", err)
	}
	if _, err := h.db.Exec("pragma user_version = 99"); err != nil {
		t.Fatal(err)
	}
	h.Close()
	if _, err := Open(newer); !errors.Is(err, ErrNewerState) {
		t.Errorf("newer: %v, want ErrNewerState", err)
	}
}
