package project

import (
	"errors"
	"strings"
)

var (
	// ErrLocked is returned by Lock while another command works on the project.
	ErrLocked = errors.New("another run holds the lock")
	// ErrNotProject is returned by Open for a folder without citykpi.yml.
	ErrNotProject = errors.New("no citykpi.yml")
)

// InvalidError lists what is wrong in a project's own files, each as file:line: what, what instead.
type InvalidError struct{ Problems []error }

func (e *InvalidError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives what is wrong singly.
func (e *InvalidError) Unwrap() []error { return e.Problems }
