package schedules

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"citykpi/pipeline/durable"

	"golang.org/x/sys/unix"
)

// owner is a process that runs jobs. For as long as it lives it holds a lock
// on one byte, at the offset of its number, of the file private/<state>.owners. The
// kernel lets go of the lock however the process ends, so whether a run's owner
// still lives is a fact and not a guess from a process number or a heartbeat.
type owner struct {
	id   int64
	file *os.File
}

// own makes this History an owner, once.
func (h *History) own(ctx context.Context, now time.Time) (*owner, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.owner != nil {
		return h.owner, nil
	}
	file, err := openOwners(h.path)
	if err != nil {
		return nil, err
	}
	host, _ := os.Hostname() // only a remark for a person who looks
	res, err := h.db.ExecContext(ctx, "insert into schedule_owner (process, started_at) values (?, ?)",
		fmt.Sprintf("%s:%d", host, os.Getpid()), moment(now))
	if err == nil {
		o := &owner{file: file}
		if o.id, err = res.LastInsertId(); err == nil {
			err = o.lock()
		}
		if err == nil {
			h.owner = o
			return o, nil
		}
	}
	file.Close()
	return nil, fmt.Errorf("register as a runner of jobs: %w", err)
}

// openOwners opens the file of locks, in a folder that only its owner can enter: whoever could
// open it might lock it too.
func openOwners(state string) (*os.File, error) {
	dir, err := durable.PrivateDir(filepath.Dir(state))
	if err != nil {
		return nil, err
	}
	return os.OpenFile(filepath.Join(dir, filepath.Base(state)+".owners"), os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0o600)
}

// Opening a history is a moment's work: whoever still waits after this long waits for a process
// that hangs.
const (
	longestOpening = 10 * time.Second
	askAgain       = 20 * time.Millisecond
)

// oneAtATime runs f while no other process does for this state file: two that
// both turn a new file into WAL mode would not wait for each other in SQLite.
// Owners are numbered from 1, so byte 0 is free for this lock.
func oneAtATime(state string, f func() error) error {
	file, err := openOwners(state)
	if err != nil {
		return err
	}
	defer file.Close()
	for waited := time.Duration(0); ; waited += askAgain {
		err := unix.FcntlFlock(file.Fd(), unix.F_OFD_SETLK, byteLock(0))
		switch {
		case err == nil:
			return f()
		case errors.Is(err, unix.EINTR): // Go interrupts its own threads now and then
			continue
		case !errors.Is(err, unix.EAGAIN) && !errors.Is(err, unix.EACCES):
			return fmt.Errorf("wait for another process to open it: %w", err)
		case waited >= longestOpening:
			return fmt.Errorf("another process has been opening it for %s. Try: see what holds %s (fuser)", longestOpening, file.Name())
		}
		time.Sleep(askAgain)
	}
}

func (o *owner) release() { o.file.Close() }

func (o *owner) lock() error {
	return unix.FcntlFlock(o.file.Fd(), unix.F_OFD_SETLK, byteLock(o.id))
}

// alive tells whether owner id still runs. The lock belongs to the open file
// and not to the process, so two owners in one process see each other too.
func (o *owner) alive(id int64) (bool, error) {
	if id == o.id {
		return true, nil
	}
	lock := byteLock(id)
	if err := unix.FcntlFlock(o.file.Fd(), unix.F_OFD_GETLK, lock); err != nil {
		return false, fmt.Errorf("look for the owner of a run: %w", err)
	}
	return lock.Type != unix.F_UNLCK, nil
}

func byteLock(offset int64) *unix.Flock_t {
	return &unix.Flock_t{Type: unix.F_WRLCK, Whence: io.SeekStart, Start: offset, Len: 1}
}
