// Package query is the analysts' door: SQL of their own on a release database,
// for reading only.
//
// A query is somebody else's program, and DuckDB alone does not contain one:
// its memory limit and its interrupts are advisory. So each runs in a process
// of its own (Child), which opens the database read-only with everything else
// shut, lives under limits of the kernel, and is killed when its time is up.
// Run starts it and prints what it sends.
package query

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

const (
	defaultTimeout  = time.Minute
	defaultMemoryMB = 1024
	mostThreads     = 4
)

// Request is one query.
type Request struct {
	Binary   string // the citykpi binary, which runs Child under the verb ChildVerb
	Database string // release database file
	Lake     string // database file with schemas lake and staging, read beside it; "": none
	SQL      string // one statement
	Format   Format
	MaxRows  int           // 0 means all; a table is never longer than MaxTableRows
	Timeout  time.Duration // wall clock; 0 means one minute
	MemoryMB int           // 0 means 1024
	Walls    bool          // refuse on a kernel that lacks a wall
}

// Result says what was printed.
type Result struct {
	Rows      int
	Truncated bool // there were more rows than these
}

// Note is the sentence for standard error about a cut result, "" for a whole one.
func (r Result) Note() string {
	if !r.Truncated {
		return ""
	}
	return fmt.Sprintf("showing the first %s rows of more; add --max-rows for others, or an aggregate", thousands(r.Rows))
}

// Run runs the query and writes its result to stdout in the wanted format. A
// query that fails before its first row, as almost all do, writes nothing. The
// errors are those of errors.go, ctx's, or stdout's.
func Run(ctx context.Context, req Request, stdout io.Writer) (Result, error) {
	req, err := req.complete()
	if err != nil {
		return Result{}, err
	}
	bounded, cancel := context.WithTimeoutCause(ctx, req.Timeout, timeoutError(req.Timeout))
	defer cancel()
	out, err := newPrinter(req.Format, timely{bounded, stdout})
	if err != nil {
		return Result{}, err
	}
	end, err := req.exchange(bounded, out)
	switch {
	case bounded.Err() != nil && err != nil:
		return Result{}, context.Cause(bounded)
	case err != nil:
		return Result{}, err
	}
	return Result{end.Rows, end.Truncated}, req.verdict(end)
}

func (req Request) complete() (Request, error) {
	if strings.TrimSpace(req.SQL) == "" {
		return req, statementError("an empty query")
	}
	if _, err := os.Stat(req.Database); err != nil {
		return req, fmt.Errorf("query: %w. Try: citykpi run, which publishes a release", err)
	}
	database, err := filepath.Abs(req.Database)
	if err != nil {
		return req, fmt.Errorf("query: %w", err)
	}
	req.Database = database
	if req.Lake != "" {
		if req.Lake, err = filepath.Abs(req.Lake); err != nil {
			return req, fmt.Errorf("query: %w", err)
		}
	}
	if req.Timeout <= 0 {
		req.Timeout = defaultTimeout
	}
	if req.MemoryMB <= 0 {
		req.MemoryMB = defaultMemoryMB
	}
	if req.Format == Table && (req.MaxRows <= 0 || req.MaxRows > MaxTableRows) {
		req.MaxRows = MaxTableRows
	}
	return req, nil
}

// timely is a writer that ends with its context: whatever the child sends, a
// query ends at its time.
type timely struct {
	ctx context.Context
	w   io.Writer
}

func (t timely) Write(p []byte) (int, error) {
	if err := t.ctx.Err(); err != nil {
		return 0, err
	}
	return t.w.Write(p)
}

// Probe starts a child that only builds its walls, and returns which stand.
func Probe(ctx context.Context, binary string) (Walls, error) {
	req := Request{Binary: binary, MemoryMB: defaultMemoryMB}
	last, err := req.converse(ctx, order{Probe: true, MemoryMB: defaultMemoryMB, Threads: 1, Seconds: 60}, nil)
	if err == nil {
		err = req.verdict(last)
	}
	return last.Walls, err
}

// exchange has the query run and prints its rows.
func (req Request) exchange(ctx context.Context, out printer) (ending, error) {
	o := order{
		Database: req.Database, Lake: req.Lake, SQL: req.SQL, MaxRows: req.MaxRows, MemoryMB: req.MemoryMB, Walls: req.Walls,
		Threads: min(mostThreads, runtime.NumCPU()), Seconds: int(req.Timeout/time.Second) + 1,
	}
	return req.converse(ctx, o, out)
}

// converse starts the child, gives it the order and hears it out.
func (req Request) converse(ctx context.Context, o order, out printer) (ending, error) {
	text, err := json.Marshal(o)
	if err != nil {
		return ending{}, fmt.Errorf("query: %w", err)
	}
	// The kernel ties Pdeathsig to the thread that starts the child.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var said head
	args := []string{ChildVerb}
	for _, file := range []string{o.Database, o.Lake} {
		if file != "" {
			args = append(args, file)
		}
	}
	cmd := exec.CommandContext(ctx, req.Binary, args...)
	cmd.Dir = "/"
	cmd.Env = []string{"GOTRACEBACK=none"} // nothing else, and gone before the query runs
	cmd.Stdin = bytes.NewReader(text)
	cmd.Stderr = &said
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return ending{}, fmt.Errorf("query: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return ending{}, fmt.Errorf("start the query's process: %w", err)
	}
	unwatch := watch(cmd.Process, int64(req.MemoryMB)<<20+processOverhead)
	last, err := receive(pipe, out, o.MaxRows)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) || last.Truncated {
		cmd.Process.Kill() // nobody reads what it has still to say
	}
	died, seen := cmd.Wait(), unwatch()
	if seen.killed {
		return last, memoryError(req.MemoryMB)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		if use, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
			seen.peak = max(seen.peak, use.Maxrss<<10)
		}
		return last, req.post(string(said), died, seen.peak)
	}
	return last, err
}

// head keeps the beginning of what is written to it.
type head []byte

func (h *head) Write(p []byte) (int, error) {
	const most = 64 << 10
	*h = append(*h, p[:min(len(p), most-len(*h))]...)
	return len(p), nil
}

// post says why a child ended without its last line; peak is the memory it had at most.
func (req Request) post(said string, died error, peak int64) error {
	first, _, _ := strings.Cut(strings.TrimSpace(said), "\n")
	// The runtimes' own last words when the kernel refuses them memory: there
	// is no code to tell by.
	for _, words := range []string{"out of memory", "cannot allocate memory", "bad_alloc"} {
		if strings.Contains(said, words) {
			return memoryError(req.MemoryMB)
		}
	}
	// A crash with memory near its limit is one that had no memory left to say so.
	if crashed(said, died) && peak >= (int64(req.MemoryMB)<<20+processOverhead)/2 {
		return memoryError(req.MemoryMB)
	}
	how := "without a word"
	if died != nil {
		how = died.Error()
	}
	if first != "" {
		how += ": " + first
	}
	return killedError(how)
}

// crashed tells whether a process was ended by what it did: Go's runtime says which signal it
// caught, the kernel which it sent.
func crashed(said string, died error) bool {
	for _, signal := range []string{"SIGSEGV", "SIGBUS", "SIGABRT", "fatal error", "pthread_create failed"} {
		if strings.Contains(said, signal) {
			return true
		}
	}
	var exit *exec.ExitError
	if !errors.As(died, &exit) {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled()
}

// verdict turns the child's last line into Run's error.
func (req Request) verdict(end ending) error {
	switch end.Failure {
	case "":
		return nil
	case failedStatement:
		return statementError(end.Text)
	case failedList:
		return listError(end.Text)
	case failedWalls:
		return wallsError(end.Text)
	case failedMemory:
		return memoryError(req.MemoryMB)
	case failedSQL:
		return &SQLError{end.Text}
	}
	return fmt.Errorf("query: %s", end.Text)
}
