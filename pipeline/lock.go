package pipeline

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"citykpi/pipeline/lake"
)

// lock takes the project's run lock, which the kernel gives back when the
// process dies, however it dies. Returns ErrLocked if another run holds it.
func lock(p *Project) (unlock func(), err error) {
	path := p.Var("lock")
	if err := lake.MakeDir(filepath.Dir(path)); err != nil {
		return nil, fmt.Errorf("take the run lock: %w", err)
	}
	f, err := lake.OpenFile(path, os.O_CREATE|os.O_RDWR)
	if err != nil {
		return nil, fmt.Errorf("take the run lock: %w", err)
	}
	switch err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
	case errors.Is(err, syscall.EWOULDBLOCK):
		f.Close()
		return nil, fmt.Errorf("%s: %w. Try: wait for it, or citykpi schedule history", path, ErrLocked)
	case err != nil:
		f.Close()
		return nil, fmt.Errorf("take the run lock: %w", err)
	}
	return func() { f.Close() }, nil
}
