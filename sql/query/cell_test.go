package query

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// The last argument by which a test asks the child for more than a query.
const (
	beforeSeccomp = "try-before-seccomp"
	behindAll     = "try-behind-all"
	withoutList   = "without-list"
)

// childOfTest is the test binary as a query's process.
func childOfTest(args []string) int {
	switch args[len(args)-1] {
	case beforeSeccomp: // the constructor has run, and nothing else
		attempt(args[2])
		return 0
	case behindAll:
		return child(os.Stdin, os.Stdout, os.Stderr, func() { attempt(args[2]); os.Exit(0) })
	case withoutList:
		return child(os.Stdin, os.Stdout, os.Stderr, func() {})
	}
	return Child(os.Stdin, os.Stdout, os.Stderr)
}

// attempt tries what no query should reach, and prints of each what the kernel said.
func attempt(database string) {
	say := func(what string, err error) {
		var errno unix.Errno
		errors.As(err, &errno)
		fmt.Fprintf(os.Stderr, "%s: %d\n", what, errno)
	}
	try := func(what string, call uintptr, args ...uintptr) {
		var a [6]uintptr
		copy(a[:], args)
		_, _, errno := unix.RawSyscall6(call, a[0], a[1], a[2], a[3], a[4], a[5])
		fmt.Fprintf(os.Stderr, "%s: %d\n", what, errno)
	}
	read := func(path string) error {
		f, err := os.Open(path)
		if err == nil {
			f.Close()
		}
		return err
	}
	say("read database", read(database))
	say("read /etc/passwd", read("/etc/passwd"))
	say("read own memory", read("/proc/self/mem"))
	say("read own environment", read("/proc/self/environ"))
	say("read beside database", read(filepath.Join(filepath.Dir(database), "beside")))
	say("list /", func() error { _, err := os.ReadDir("/"); return err }())
	say("create", os.WriteFile(database+".new", nil, 0o600))
	say("delete", os.Remove(filepath.Join(filepath.Dir(database), "beside")))
	say("connect", func() error { _, err := net.Dial("tcp", "127.0.0.1:9"); return err }())
	try("socket", unix.SYS_SOCKET, unix.AF_UNIX, unix.SOCK_STREAM)
	try("execve", unix.SYS_EXECVE)
	try("fork", unix.SYS_CLONE, uintptr(unix.SIGCHLD)|unix.CLONE_PARENT_SETTID, 0, 1)
	try("ptrace", unix.SYS_PTRACE, unix.PTRACE_PEEKUSR, 1)
	try("process_vm_readv", unix.SYS_PROCESS_VM_READV, 1)
	try("kill", unix.SYS_KILL, 1)
	try("tgkill", unix.SYS_TGKILL, 1, 1, 0)
	try("io_uring_setup", unix.SYS_IO_URING_SETUP, 1)
	try("bpf", unix.SYS_BPF)
	try("keyctl", unix.SYS_KEYCTL)
	try("unshare", unix.SYS_UNSHARE)
	try("mount", unix.SYS_MOUNT)
	try("memfd_create", unix.SYS_MEMFD_CREATE)
	try("userfaultfd", unix.SYS_USERFAULTFD)
	try("perf_event_open", unix.SYS_PERF_EVENT_OPEN)
	try("clone3", unix.SYS_CLONE3)
	try("executable memory", unix.SYS_MMAP, 0, 4096, unix.PROT_READ|unix.PROT_EXEC, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS, ^uintptr(0))
	try("setrlimit", unix.SYS_PRLIMIT64, 0, unix.RLIMIT_NOFILE, 1)
	for fd := 3; fd < 64; fd++ {
		if link, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd)); err == nil && strings.Contains(link, "left-open") {
			fmt.Fprintf(os.Stderr, "left open: %s\n", link)
		}
	}
	fmt.Fprintf(os.Stderr, "environment: %d\n", len(os.Environ()))
}

// attempted starts a child that attempts, and returns what it said of each.
func attempted(t *testing.T, mode string) map[string]string {
	t.Helper()
	db := release(t)
	if err := os.WriteFile(filepath.Join(filepath.Dir(db), "beside"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	leak, err := os.Create(filepath.Join(t.TempDir(), "left-open"))
	if err != nil {
		t.Fatal(err)
	}
	defer leak.Close()
	text, err := json.Marshal(order{Database: db, SQL: "select 1", MemoryMB: 256, Threads: 2, Seconds: 30})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(request(t, "", "", CSV).Binary, ChildVerb, db, mode)
	cmd.Env, cmd.Stdin, cmd.ExtraFiles = []string{}, bytes.NewReader(text), []*os.File{leak}
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, said.String())
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(db), "beside")); err != nil {
		t.Errorf("the child has deleted a file: %v", err)
	}
	answers := map[string]string{}
	for line := range strings.Lines(said.String()) {
		what, errno, _ := strings.Cut(strings.TrimSpace(line), ": ")
		answers[what] = errno
	}
	return answers
}

func walls(t *testing.T) Walls {
	t.Helper()
	w, err := Probe(t.Context(), request(t, "", "", CSV).Binary)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func number10(e unix.Errno) string { return fmt.Sprintf("%d", e) }

// Landlock alone: the release's database can be read, and nothing else of the file system.
func TestLandlock(t *testing.T) {
	w := walls(t)
	if !w.Landlock {
		t.Skip("this kernel has no Landlock")
	}
	got := attempted(t, beforeSeccomp)
	denied := []string{"read /etc/passwd", "read own memory", "read own environment", "read beside database", "list /", "create", "delete"}
	if w.Network {
		denied = append(denied, "connect")
	}
	for _, what := range denied {
		if got[what] != number10(unix.EACCES) {
			t.Errorf("%s: %q, want permission denied", what, got[what])
		}
	}
	if got["read database"] != "0" {
		t.Errorf("read database: %s", got["read database"])
	}
	if link, ok := got["left open"]; ok {
		t.Errorf("the child holds what its parent left open: %s", link)
	}
	if got["environment"] != "0" {
		t.Errorf("the child has an environment of %s", got["environment"])
	}
}

// Behind all walls not even the database can be opened again; nothing connects,
// starts, or looks at another process.
func TestSeccomp(t *testing.T) {
	if !walls(t).Seccomp {
		t.Skip("this kernel has no seccomp")
	}
	got := attempted(t, behindAll)
	for what, errno := range got {
		want := number10(unix.EPERM)
		switch what {
		case "clone3":
			want = number10(unix.ENOSYS)
		case "environment":
			want = "0"
		}
		if errno != want {
			t.Errorf("%s: errno %s, want %s", what, errno, want)
		}
	}
	if len(got) < 25 {
		t.Errorf("only %d attempts: %v", len(got), got)
	}
}

// Were there no list, what acts could still not act.
func TestNothingActsBehindTheList(t *testing.T) {
	if w := walls(t); w.Missing() != "" {
		t.Skip(w.Missing())
	}
	db := release(t)
	dir := t.TempDir()
	for _, sql := range []string{
		"select * from read_text('/etc/passwd')", "select * from read_csv('" + db + "')", "copy (select 1) to '" + dir + "/out.csv'",
		"attach '" + dir + "/other.db' as other", "install httpfs", "load '" + dir + "/evil.so'", "set enable_external_access = true",
		"export database '" + dir + "/export'", "call enable_logging(storage = 'file', storage_path = '" + dir + "/log')",
		"select * from glob('/etc/*')", "insert into kpi.value values ('x', 'x', 'x', 1, null)", "create table kpi.t as select 1",
		"select * from arrow_scan_dumb(4096::pointer, 1::pointer, 1::pointer)",
	} {
		text, err := json.Marshal(order{Database: db, SQL: sql, MemoryMB: 256, Threads: 2, Seconds: 30})
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(request(t, "", "", CSV).Binary, ChildVerb, db, withoutList)
		cmd.Env, cmd.Stdin = []string{"GOTRACEBACK=none"}, bytes.NewReader(text)
		out, _ := cmd.Output()
		if bytes.Contains(out, []byte("root:")) {
			t.Errorf("%s read a file", sql)
		}
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("files were left: %v", left)
	}
	if beside, _ := os.ReadDir(filepath.Dir(db)); len(beside) != 1 {
		t.Errorf("files appeared beside the release: %v", beside)
	}
}

func TestMissingWallsAreNamed(t *testing.T) {
	if s := (Walls{Landlock: true, Seccomp: true}).Missing(); s != "" {
		t.Errorf("all walls: %s", s)
	}
	if s := (Walls{Seccomp: true}).Missing(); !strings.Contains(s, "Landlock") || strings.Contains(s, "seccomp") {
		t.Errorf("without Landlock: %s", s)
	}
	err := Request{}.verdict(ending{Failure: failedWalls, Text: Walls{}.Missing()})
	if !errors.Is(err, ErrWalls) || !strings.Contains(err.Error(), "require_sandbox") {
		t.Errorf("%v", err)
	}
}
