package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// fault is a system call that a child is to see fail: the Nth one of an
// operation on a path that matches. The kernel asks the child's supervisor about
// every such call (seccomp user notification), so that Go's calls and DuckDB's are
// counted alike, in the whole process, and the one that fails never happens.
type fault struct {
	Root  string     // only paths below it are looked at; they are told relative to it
	Op    string     // of faultCalls
	Path  string     // regular expression
	Nth   int        // from 1; 0: none fails
	Errno unix.Errno // what it fails with
	Until string     // it does not fail but wait until this file is there; the log says "HELD rename var/…"
	Log   string     // file that every call is written to, "" for none, and the one that failed: "FAILED fsync var/…"
	match *regexp.Regexp
}

// faultVariable hands a child its fault, as JSON.
const faultVariable = "CITYKPI_TEST_FAULT"

// faultCalls are the calls that can be made to fail, and how each names its file.
var faultCalls = map[int32]struct {
	op   string
	file int // argument that is a descriptor, or a path
	path bool
}{
	unix.SYS_WRITE:     {op: "write"},
	unix.SYS_PWRITE64:  {op: "write"},
	unix.SYS_FSYNC:     {op: "fsync"},
	unix.SYS_FDATASYNC: {op: "fsync"},
	unix.SYS_FTRUNCATE: {op: "truncate"},
	unix.SYS_OPENAT:    {op: "create", file: 1, path: true},
	unix.SYS_MKDIRAT:   {op: "mkdir", file: 1, path: true},
	unix.SYS_RENAMEAT:  {op: "rename", file: 3, path: true},
	unix.SYS_RENAMEAT2: {op: "rename", file: 3, path: true},
	unix.SYS_UNLINKAT:  {op: "unlink", file: 1, path: true},
}

// The kernel's own shapes: struct seccomp_notif and struct seccomp_notif_resp.
type notice struct {
	id         uint64
	pid, flags uint32
	call       int32
	arch       uint32
	at         uint64
	args       [6]uint64
}

type answer struct {
	id    uint64
	value int64
	errno int32
	flags uint32
}

// failAt makes this process see the fault that the variable holds.
func failAt(text string) {
	if text == "" {
		return
	}
	var f fault
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		panic(err)
	}
	f.match = regexp.MustCompile("^(?:" + f.Path + ")$")
	log := -1
	if f.Log != "" {
		var err error
		if log, err = unix.Open(f.Log, unix.O_CREAT|unix.O_WRONLY|unix.O_APPEND|unix.O_CLOEXEC, 0o644); err != nil {
			panic(err)
		}
	}
	listening := make(chan error)
	go func() {
		runtime.LockOSThread()
		fd, err := listen()
		listening <- err
		if err == nil {
			f.supervise(fd, log)
		}
	}()
	if err := <-listening; err != nil {
		fmt.Fprintln(os.Stderr, errNoFaults.Error()+":", err)
		os.Exit(exitNoFaults)
	}
}

// exitNoFaults says that the kernel does not let a process watch its own calls.
const exitNoFaults = 77

var errNoFaults = errors.New("system calls cannot be made to fail here")

// listen has the kernel ask about the calls of faultCalls, from now on and on all threads.
func listen() (fd int, err error) {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return 0, err
	}
	load := func(at uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: at}
	}
	equal := func(k uint32, yes, no uint8) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jt: yes, Jf: no, K: k}
	}
	left := len(faultCalls)
	// What a thread does for the Go runtime or the C library must not be asked about:
	// the supervisor may be waiting for that thread.
	const changes = unix.O_CREAT | unix.O_WRONLY | unix.O_RDWR
	program := []unix.SockFilter{
		load(0), equal(unix.SYS_WRITE, 0, 2), // the call's number stands first
		load(32), equal(8, uint8(left)+4, 3), // of eight bytes: Go wakes its poller
		equal(unix.SYS_OPENAT, 0, 2),
		load(32), {Code: unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K, Jf: uint8(left) + 1, K: changes}, // to read
		load(0),
	}
	for call := range faultCalls {
		program = append(program, equal(uint32(call), uint8(left), 0))
		left--
	}
	program = append(program,
		unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
		unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_USER_NOTIF})
	whole := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	got, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER,
		unix.SECCOMP_FILTER_FLAG_NEW_LISTENER|unix.SECCOMP_FILTER_FLAG_TSYNC|unix.SECCOMP_FILTER_FLAG_TSYNC_ESRCH,
		uintptr(unsafe.Pointer(&whole)))
	if errno != 0 {
		return 0, errno
	}
	return int(got), nil
}

// supervise answers the kernel's questions. It makes none of the calls it is
// asked about: nobody would answer.
func (f *fault) supervise(fd, log int) {
	left := f.Nth
	for {
		var n notice
		if _, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.SECCOMP_IOCTL_NOTIF_RECV,
			uintptr(unsafe.Pointer(&n))); errno != 0 {
			continue // a signal, or the caller is gone
		}
		a := answer{id: n.id, flags: unix.SECCOMP_USER_NOTIF_FLAG_CONTINUE}
		op, path, ours := f.describe(n)
		fails := ours && left > 0 && op == f.Op && f.match.MatchString(path)
		if fails {
			left--
			switch {
			case left > 0:
			case f.Until != "":
				unix.Writev(log, [][]byte{[]byte("HELD " + op + " " + path + "\n")})
				for unix.Access(f.Until, unix.F_OK) != nil {
					time.Sleep(5 * time.Millisecond)
				}
			default:
				a.flags, a.errno = 0, -int32(f.Errno)
			}
		}
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.SECCOMP_IOCTL_NOTIF_SEND, uintptr(unsafe.Pointer(&a)))
		switch {
		case errno != 0 && fails:
			left++ // a signal came first: the kernel asks again
		case errno == 0 && a.errno != 0:
			unix.Writev(log, [][]byte{[]byte("FAILED " + op + " " + path + "\n")})
		case errno == 0 && ours && f.Nth == 0 && log >= 0:
			unix.Writev(log, [][]byte{[]byte(op + " " + path + "\n")})
		}
	}
}

// describe tells the operation and the file of a call, and whether it is one that changes the project.
func (f *fault) describe(n notice) (op, path string, ours bool) {
	c := faultCalls[n.call]
	if c.path {
		path = textAt(uintptr(n.args[c.file]))
		if !filepath.IsAbs(path) { // in the folder of the descriptor before it
			folder, _ := os.Readlink(fmt.Sprint("/proc/self/fd/", n.args[c.file-1]))
			path = filepath.Join(folder, path)
		}
	} else {
		path, _ = os.Readlink(fmt.Sprint("/proc/self/fd/", n.args[c.file]))
	}
	path, ours = strings.CutPrefix(path, f.Root+string(filepath.Separator))
	return c.op, path, ours
}

// textAt is the C string at an address of this process.
func textAt(address uintptr) string {
	var b [unix.PathMax]byte
	page := uintptr(os.Getpagesize())
	first := int(page - address%page) // what lies behind the page may be nobody's
	n, err := unix.ProcessVMReadv(os.Getpid(),
		[]unix.Iovec{{Base: &b[0], Len: uint64(len(b))}},
		[]unix.RemoteIovec{{Base: address, Len: first}, {Base: address + uintptr(first), Len: len(b)}}, 0)
	if err != nil {
		return ""
	}
	text, _, _ := strings.Cut(string(b[:n]), "\x00")
	return text
}
