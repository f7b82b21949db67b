package schedules

import (
	"errors"
	"fmt"
)

// ErrRunning is returned by RunNow when the job is running already, started
// by hand or by a daemon, in this process or another.
var ErrRunning = errors.New("the job is running already")

// ErrNewerState is returned by Open when the state file was written by a
// newer citykpi than this one.
var ErrNewerState = errors.New("written by a newer citykpi")

// InvalidError lists everything Load found wrong in the job files, in the
// order of files and lines. Its text has one problem a line.
type InvalidError struct{ Problems []Problem }

// Problem is one mistake in a job file and what to write instead.
type Problem struct {
	File string
	Line int // 1-based; 0 when the whole file is meant
	Text string
}

func (p Problem) String() string {
	if p.Line == 0 {
		return fmt.Sprintf("%s: %s", p.File, p.Text)
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text)
}

func (e *InvalidError) Error() string { return errors.Join(e.Unwrap()...).Error() }

// Unwrap gives the problems singly.
func (e *InvalidError) Unwrap() []error {
	lines := make([]error, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = errors.New(p.String())
	}
	return lines
}
