package query

import (
	"fmt"
	"os"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

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

// fenced is the argument that tells the process that it is behind the fence.
const fenced = "fenced"

// changes are the ways to change a file system that the first Landlock knows.
const changes = unix.LANDLOCK_ACCESS_FS_WRITE_FILE |
	unix.LANDLOCK_ACCESS_FS_REMOVE_DIR | unix.LANDLOCK_ACCESS_FS_REMOVE_FILE |
	unix.LANDLOCK_ACCESS_FS_MAKE_CHAR | unix.LANDLOCK_ACCESS_FS_MAKE_DIR |
	unix.LANDLOCK_ACCESS_FS_MAKE_REG | unix.LANDLOCK_ACCESS_FS_MAKE_SOCK |
	unix.LANDLOCK_ACCESS_FS_MAKE_FIFO | unix.LANDLOCK_ACCESS_FS_MAKE_BLOCK |
	unix.LANDLOCK_ACCESS_FS_MAKE_SYM

// fence takes from the process the right to gain privileges and, by Landlock,
// to change anything in the file system: also to create empty files, which no
// limit forbids. Landlock binds a thread and what it executes, so the process
// starts itself over; fence returns only when it did not. A kernel without
// Landlock (before 5.13) is no error: DuckDB's own lock still stands.
func fence() error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("limit privileges of the query's process: %w", err)
	}
	version, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return nil
	}
	rules := unix.LandlockRulesetAttr{Handled_access_fs: changes}
	if version >= 2 {
		rules.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_REFER
	}
	if version >= 3 {
		rules.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_TRUNCATE
	}
	// The first version's struct ends after Handled_access_fs.
	fd, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&rules)), unsafe.Sizeof(rules.Handled_access_fs), 0)
	if errno != 0 {
		return fmt.Errorf("fence the query's process: %w", errno)
	}
	defer unix.Close(int(fd))
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, fd, 0, 0); errno != 0 {
		return fmt.Errorf("fence the query's process: %w", errno)
	}
	err := unix.Exec("/proc/self/exe", []string{os.Args[0], ChildVerb, fenced}, os.Environ())
	return fmt.Errorf("start the query's process over: %w", err)
}
