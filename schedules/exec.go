package schedules

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	tailLines        = 20
	tailBytes        = 4 << 10
	defaultKillAfter = 10 * time.Second
)

// A job says by a word on the file whose number stands in OutcomeEnv what its exit code does not
// tell apart: that it did its work, and only some files were refused or held.
const (
	OutcomeEnv     = "CITYKPI_OUTCOME"
	OutcomeRefused = "refused"
)

// told is what a job that has ended said of itself. It does not wait: whatever the job left
// behind may hold the other end.
func told(outcome *os.File) string {
	fd := int(outcome.Fd())
	if err := unix.SetNonblock(fd, true); err != nil {
		return ""
	}
	word := make([]byte, 32)
	n, _ := unix.Read(fd, word)
	return string(word[:max(n, 0)])
}

// Exec runs jobs as child processes of the citykpi binary.
type Exec struct {
	Binary string    // the citykpi binary
	Args   []string  // before the job's own, e.g. --project DIR
	Dir    string    // working directory
	Output io.Writer // gets what jobs print as well; may be nil; must bear concurrent use

	KillAfter time.Duration // what a job told to stop gets before it is killed; 0 means 10 s
}

// Run is an Execute. The child leads a process group of its own; when ctx ends
// the group is asked to stop (SIGTERM) and after KillAfter killed. Nothing of
// the group is left when Run returns. If this process dies, the child is asked
// to stop by the kernel.
func (e Exec) Run(ctx context.Context, job Job) (exitCode int, tail string, err error) {
	if err := e.inside(job); err != nil {
		return -1, "", err
	}
	// The kernel ties Pdeathsig to the thread that starts the child.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	var last lastLines
	cmd := exec.CommandContext(ctx, e.Binary, append(append([]string(nil), e.Args...), job.Run...)...)
	cmd.Dir = e.Dir
	cmd.Stdout = e.Output
	cmd.Stderr = &last
	if e.Output != nil {
		cmd.Stderr = io.MultiWriter(&last, e.Output)
	}
	outcome, tell, err := os.Pipe()
	if err != nil {
		return -1, "", fmt.Errorf("start job %s: %w", job.Name, err)
	}
	defer outcome.Close()
	defer tell.Close()
	cmd.ExtraFiles = []*os.File{tell} // the child's file 3
	cmd.Env = append(os.Environ(), OutcomeEnv+"=3")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = e.KillAfter
	if cmd.WaitDelay <= 0 {
		cmd.WaitDelay = defaultKillAfter
	}
	if err := cmd.Start(); err != nil {
		return -1, "", fmt.Errorf("start job %s: %w", job.Name, err)
	}
	err = cmd.Wait()
	syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // what the child left behind; usually nothing
	tail = last.String()
	state := cmd.ProcessState
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil && !state.Success():
		return -1, tail, fmt.Errorf("job %s stopped: %w", job.Name, context.Cause(ctx))
	case errors.As(err, &exit) && exit.Exited() && told(outcome) == OutcomeRefused:
		return exit.ExitCode(), tail, ErrRefused
	case errors.As(err, &exit) && exit.Exited():
		return exit.ExitCode(), tail, nil
	case state.Success():
		return 0, tail, nil
	}
	return -1, tail, fmt.Errorf("job %s: %w", job.Name, err)
}

// ownFolders may lie elsewhere by the operator's will, on another disk or a share; the deepest first.
var ownFolders = []string{"var/inbox", "var", "."}

// inside refuses a job of which an argument is a path that a link leads out of its project: whoever
// may write job files may make links beside them.
func (e Exec) inside(job Job) error {
	for _, arg := range job.Run[min(1, len(job.Run)):] {
		if strings.HasPrefix(arg, "-") {
			_, arg, _ = strings.Cut(arg, "=")
		}
		if arg == "" {
			continue
		}
		arg = path.Clean(filepath.ToSlash(arg))
		for _, own := range ownFolders {
			below := arg
			if own != "." {
				rest, ok := strings.CutPrefix(arg+"/", own+"/")
				if !ok {
					continue
				}
				below = path.Clean(rest)
			}
			if escapes(filepath.Join(e.Dir, own), below) {
				return fmt.Errorf("job %s: a link leads %s out of the project. Try: a folder of the project itself", job.Name, arg)
			}
			break
		}
	}
	return nil
}

// escapes reports whether a link leads a path, as far as it exists, out of a folder.
func escapes(dir, below string) bool {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return false // there is nothing to lead anywhere
	}
	defer root.Close()
	for ; below != "."; below = path.Dir(below) {
		_, err := root.Stat(below)
		var errno syscall.Errno // no such file, or no path at all
		if err != nil && !errors.As(err, &errno) {
			return true
		}
		if err == nil {
			return false
		}
		if _, err := root.Lstat(below); err == nil {
			return true // a link to what is not there yet
		}
	}
	return false
}

// lastLines keeps the end of what is written to it.
type lastLines struct{ buf []byte }

func (l *lastLines) Write(p []byte) (int, error) {
	l.buf = append(l.buf, p...)
	if len(l.buf) > 2*tailBytes {
		l.buf = append(l.buf[:0], l.buf[len(l.buf)-tailBytes:]...)
	}
	return len(p), nil
}

// String is the last twenty lines, four KiB at most, as valid UTF-8. Of a line
// redrawn with carriage returns, as a progress bar does, it keeps the last state.
func (l *lastLines) String() string {
	text := l.buf[max(0, len(l.buf)-tailBytes):]
	lines := bytes.Split(bytes.TrimRight(text, "\r\n"), []byte("\n"))
	lines = lines[max(0, len(lines)-tailLines):]
	for i, line := range lines {
		line = bytes.TrimRight(line, "\r")
		if cr := bytes.LastIndexByte(line, '\r'); cr >= 0 {
			line = line[cr+1:]
		}
		lines[i] = line
	}
	return strings.ToValidUTF8(string(bytes.Join(lines, []byte("\n"))), "")
}
