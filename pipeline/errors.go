package pipeline

import (
	"errors"
	"fmt"
	"strings"
)

var (
	// ErrLocked is returned by Load and Run while another run works on the project.
	ErrLocked = errors.New("another run holds the lock")
	// ErrChecks is returned by Run when a blocking check failed and nothing was published.
	ErrChecks = errors.New("a blocking check failed, nothing was published")
	// ErrRefused is returned by Load and Run when files were refused or held; the others were loaded.
	ErrRefused = errors.New("files were refused or held")
	// ErrNotProject is returned by OpenProject for a folder without citykpi.yml.
	ErrNotProject = errors.New("no citykpi.yml")
	// ErrAhead is returned by Run when a release for a day to come is asked to serve.
	ErrAhead = errors.New("a release for a day to come never serves")
	// ErrNoData is returned by Run while the lake is empty, or was at the time it is asked for.
	ErrNoData = errors.New("no data yet")
	// ErrFewer is returned by Load and Run for a lake that lacks what releases were made on.
	ErrFewer = errors.New("the lake is not what was published")
	// ErrForgetReason is returned by Forget and BeginLedger without a reason.
	ErrForgetReason = errors.New("what was kept is given up only for a reason. Try: --reason '…'")
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

// UnknownIDError names an id that no policy file has, and the likely one.
type UnknownIDError struct{ ID, Nearest, NearestName string }

func (e *UnknownIDError) Error() string {
	s := fmt.Sprintf("no commitment %s.", e.ID)
	if e.Nearest != "" {
		s += fmt.Sprintf(" Did you mean %s (%s)?", e.Nearest, e.NearestName)
	}
	return s + " Try: citykpi kpi list"
}
