package contract

import (
	"errors"
	"fmt"
)

// Error is everything that is wrong with one contract file. Returned by Parse.
type Error struct {
	File     string
	Problems []Problem // in line order
}

// Problem is one fault of a contract: its line, what is wrong, and what to write instead.
type Problem struct {
	Line    int
	Message string
}

// Error is one line for each problem.
func (e *Error) Error() string { return errors.Join(e.Unwrap()...).Error() }

// Unwrap gives the problems singly, each with file and line.
func (e *Error) Unwrap() []error {
	lines := make([]error, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = fmt.Errorf("%s:%d: %s", e.File, p.Line, p.Message)
	}
	return lines
}
