package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"citykpi/pipeline/durable"
	"citykpi/pipeline/project"
)

// scratchStart begins the names of folders in var/tmp that dry runs compute in.
const scratchStart = "check-"

// scratch is a folder for one dry run, which holds a lock on it for as long as it lives: so
// cleanScratch can tell it from one that was left behind.
func scratch(p *project.Project) (dir string, done func(), err error) {
	if err := durable.MakeDir(p.Var("tmp")); err != nil {
		return "", nil, err
	}
	for range 3 { // a run may clean it away before it is locked
		if dir, err = os.MkdirTemp(p.Var("tmp"), scratchStart); err != nil {
			return "", nil, err
		}
		var f *os.File
		if f, err = os.Open(dir); err != nil {
			continue
		}
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB)
		if _, gone := os.Stat(dir); err == nil && gone == nil {
			return dir, func() { os.RemoveAll(dir); f.Close() }, nil
		}
		f.Close()
	}
	return "", nil, fmt.Errorf("make a folder in %s: %w", p.Var("tmp"), err)
}

// cleanScratch removes what dry runs that died left behind.
func cleanScratch(p *project.Project) error {
	entries, err := os.ReadDir(p.Var("tmp"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.IsDir() || !strings.HasPrefix(e.Name(), scratchStart) {
			continue
		}
		dir := p.Var("tmp", e.Name())
		f, err := os.Open(dir)
		if err != nil {
			continue // it has just ended
		}
		if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			err = os.RemoveAll(dir)
		}
		f.Close()
		if err != nil {
			return err
		}
	}
	return nil
}
