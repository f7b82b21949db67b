package pipeline

import (
	"errors"
	"fmt"
)

var (
	// ErrChecks is returned by Run when a blocking check failed and nothing was published.
	ErrChecks = errors.New("a blocking check failed, nothing was published")
	// ErrAhead is returned by Run when a release for a day to come is asked to serve.
	ErrAhead = errors.New("a release for a day to come never serves")
	// ErrNoData is returned by Run while the lake is empty, or was at the time it is asked for.
	ErrNoData = errors.New("no data yet")
	// ErrFewer is returned by Load and Run for a lake that lacks what releases were made on.
	ErrFewer = errors.New("the lake is not what was published")
	// ErrForgetReason is returned by Forget and BeginLedger without a reason.
	ErrForgetReason = errors.New("what was kept is given up only for a reason. Try: --reason '…'")
)

// UnknownIDError names an id that no policy file has, and the likely one.
type UnknownIDError struct{ ID, Nearest, NearestName string }

func (e *UnknownIDError) Error() string {
	s := fmt.Sprintf("no commitment %s.", e.ID)
	if e.Nearest != "" {
		s += fmt.Sprintf(" Did you mean %s (%s)?", e.Nearest, e.NearestName)
	}
	return s + " Try: citykpi kpi list"
}
