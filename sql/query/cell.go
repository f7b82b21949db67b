package query

// #include "cell_linux.h"
import "C"

import (
	"fmt"
	"runtime"
	"strings"

	seccomp "github.com/elastic/go-seccomp-bpf"
	"github.com/elastic/go-seccomp-bpf/arch"
	"golang.org/x/sys/unix"
)

// Walls are the layers around a query's process. DuckDB's own locks, the list
// of what may be called and the limits on memory and time stand on every
// kernel; these depend on it.
type Walls struct {
	Landlock bool `json:"landlock"` // reads the release's files and no others
	Network  bool `json:"network"`  // Landlock shuts TCP as well
	Scope    bool `json:"scope"`    // and signals and abstract sockets
	Seccomp  bool `json:"seccomp"`  // no system call but those of a computation
}

// Missing says in words which layers that matter are not there; "" is none.
func (w Walls) Missing() string {
	var missing []string
	if !w.Landlock {
		missing = append(missing, "Landlock (Linux 5.13: what breaks out of DuckDB could open files before its system calls are cut)")
	}
	if !w.Seccomp {
		missing = append(missing, "seccomp (what breaks out of DuckDB could open sockets and start programs)")
	}
	return strings.Join(missing, ", ")
}

// standing are the walls the constructor in cell_linux.c could build.
func standing() Walls {
	has := func(bit int) bool { return int(C.citykpi_walls)&bit != 0 }
	return Walls{
		Landlock: has(C.CITYKPI_LANDLOCK), Network: has(C.CITYKPI_LANDLOCK_NET), Scope: has(C.CITYKPI_LANDLOCK_SCOPE),
	}
}

// isChild tells whether the constructor took this process for a query's.
func isChild() bool { return C.citykpi_walls&C.CITYKPI_CHILD != 0 }

// processOverhead is what the process needs beside DuckDB's buffers: two
// runtimes, thread stacks, and what DuckDB does not count against its limit.
const processOverhead = 512 << 20

// limit bounds the process for good. DuckDB's memory limit is no boundary (one
// repeat() goes past it), so the kernel's is set above it: on data and not on
// address space, of which Go and DuckDB reserve far more than they use. No
// byte can be written to a file and no core is dumped.
func (o order) limit() error {
	cpu := (o.Seconds + 10) * max(o.Threads, runtime.NumCPU())
	for _, l := range []struct {
		name     string
		resource int
		value    uint64
	}{
		{"data", unix.RLIMIT_DATA, uint64(o.MemoryMB)<<20 + processOverhead},
		{"cpu", unix.RLIMIT_CPU, uint64(cpu)},
		{"fsize", unix.RLIMIT_FSIZE, 0},
		{"core", unix.RLIMIT_CORE, 0},
		{"nofile", unix.RLIMIT_NOFILE, 64},
	} {
		if err := unix.Setrlimit(l.resource, &unix.Rlimit{Cur: l.value, Max: l.value}); err != nil {
			return fmt.Errorf("limit %s of the query's process: %w", l.name, err)
		}
	}
	return nil
}

// computing are the system calls of a process that computes and writes to the
// pipe it was given. Nothing that opens, connects, starts, or looks at another.
var computing = strings.Fields(`
	read write writev pread64 close lseek fstat newfstatat
	mmap munmap mremap madvise brk mincore
	futex sched_yield sched_getaffinity nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time restart_syscall
	rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack
	epoll_create1 epoll_ctl epoll_pwait epoll_wait epoll_pwait2 eventfd2 poll ppoll
	getpid gettid getrusage sysinfo uname getcpu getrandom
	set_robust_list rseq membarrier exit exit_group`)

// wall cuts the system calls of all threads down to computing. A call that is
// not allowed fails and does not kill: an error has a text. It is false on a
// kernel that cannot; the caller judges.
func wall() (bool, error) {
	if C.citykpi_pin >= 0 {
		_ = unix.Close(int(C.citykpi_pin))
	}
	info, err := arch.GetInfo("")
	if err != nil || !seccomp.Supported() {
		return false, nil
	}
	var names []string
	for _, n := range computing {
		if _, ok := info.SyscallNames[n]; ok { // not every machine has every call
			names = append(names, n)
		}
	}
	refuse := func(errno unix.Errno) seccomp.Action { return seccomp.ActionErrno | seccomp.Action(errno) }
	argument := func(name string, arg uint32, is seccomp.Operation, value uint64) seccomp.NameWithConditions {
		return seccomp.NameWithConditions{Name: name, Conditions: seccomp.ArgumentConditions{{Argument: arg, Operation: is, Value: value}}}
	}
	policy := seccomp.Policy{
		DefaultAction: seccomp.ActionErrno,
		Syscalls: []seccomp.SyscallGroup{
			// Nothing becomes code that was not when the process started.
			{Action: refuse(unix.EPERM), NamesWithCondtions: []seccomp.NameWithConditions{
				argument("mmap", 2, seccomp.BitsSet, unix.PROT_EXEC)}},
			{Action: refuse(unix.ENOSYS), Names: []string{"clone3"}}, // its flags cannot be seen; the C library falls back
			{Action: seccomp.ActionAllow, Names: names, NamesWithCondtions: []seccomp.NameWithConditions{
				argument("mprotect", 2, seccomp.BitsNotSet, unix.PROT_EXEC),
				argument("clone", 0, seccomp.BitsSet, unix.CLONE_THREAD), // threads, no processes
				argument("tgkill", 0, seccomp.Equal, uint64(unix.Getpid())),
				argument("fcntl", 1, seccomp.Equal, unix.F_GETFL),
				argument("prlimit64", 2, seccomp.Equal, 0), // asking, not setting
			}},
		},
	}
	filter := seccomp.Filter{NoNewPrivs: true, Flag: seccomp.FilterFlagTSync, Policy: policy}
	if err := seccomp.LoadFilter(filter); err != nil {
		return false, fmt.Errorf("cut the system calls of the query's process: %w", err)
	}
	return true, nil
}
