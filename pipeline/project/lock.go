package project

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"citykpi/pipeline/durable"
)

// askAgain is how often a held lock is asked for: the kernel can wait for it, but not until
// a time or a signal.
const askAgain = 50 * time.Millisecond

// Patience says how a command waits for the run lock. The zero value does not wait.
type Patience struct {
	Verb    string              // what the command is, for whoever waits for it in turn
	Wait    time.Duration       // how long it waits
	Waiting func(holder string) // told once who holds the lock, if it has to wait; may be nil
	Stop    <-chan struct{}     // ends the wait, for calls without a context; may be nil
}

// Lock takes the project's run lock, which the kernel gives back when the process dies,
// however it dies. Whatever writes to the project holds it; nothing that reads does.
// Errors: ErrLocked, that of ctx when it ends first, and that of somebody who is not the project's own user.
func (p *Project) Lock(ctx context.Context) (unlock func(), err error) {
	if err := durable.SameOwner(p.Var()); err != nil {
		return nil, err
	}
	dir, err := durable.PrivateDir(p.Var())
	if err != nil {
		return nil, fmt.Errorf("take the run lock: %w", err)
	}
	path := filepath.Join(dir, "run.lock")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0o600)
	if err != nil {
		return nil, fmt.Errorf("take the run lock: %w", err)
	}
	if err := take(ctx, f, p.Patience); err != nil {
		f.Close()
		return nil, err
	}
	// A remark for whoever waits: without it the lock is held all the same.
	if err := f.Truncate(0); err == nil {
		fmt.Fprintf(f, "%d %s\n", os.Getpid(), p.Patience.Verb)
	}
	return func() { f.Close() }, nil
}

// take asks for the lock until it is given, the patience is at an end, or ctx is.
func take(ctx context.Context, f *os.File, how Patience) error {
	ask := time.NewTicker(askAgain)
	defer ask.Stop()
	enough := time.NewTimer(how.Wait)
	defer enough.Stop()
	for told := false; ; {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, syscall.EINTR):
			continue
		case !errors.Is(err, syscall.EWOULDBLOCK):
			return fmt.Errorf("take the run lock: %w", err)
		case how.Wait <= 0:
			return fmt.Errorf("%w: %s. Try: wait for it (--wait 10m), or citykpi schedule history", ErrLocked, holder(f))
		case !told && how.Waiting != nil:
			how.Waiting(holder(f))
		}
		told = true
		select {
		case <-ask.C:
		case <-enough.C:
			return fmt.Errorf("%w: %s; waited %s. Try: citykpi schedule history", ErrLocked, holder(f), how.Wait)
		case <-ctx.Done():
			return &stoppedError{holder(f), context.Cause(ctx)}
		case <-how.Stop:
			return &stoppedError{holder(f), context.Canceled}
		}
	}
}

// stoppedError says for whom a command waited that was stopped before its turn came. What stopped
// it, its cause, whoever stopped it knows.
type stoppedError struct {
	holder string
	cause  error
}

func (e *stoppedError) Error() string {
	return "stopped while it waited for the run lock, " + e.holder + "; nothing was done. Try: the same again when that has ended"
}

func (e *stoppedError) Unwrap() error { return e.cause }

// holder is who wrote into the lock last, and when: for as long as the lock is held, its holder.
func holder(f *os.File) string {
	text := make([]byte, 100)
	n, _ := f.ReadAt(text, 0) // a remark: what cannot be read is not known
	pid, verb, _ := strings.Cut(strings.TrimSpace(string(text[:n])), " ")
	info, err := f.Stat()
	if err != nil || pid == "" {
		return "held by a process that has not said who it is"
	}
	if verb == "" {
		verb = "citykpi"
	}
	return fmt.Sprintf("held by process %s (%s) since %s", pid, verb, info.ModTime().Format("2006-01-02 15:04:05"))
}
