package pull

import (
	"errors"
	"strings"
)

// Why a pull gives nothing. Every one is an *Error that wraps one of these; match with errors.Is.
var (
	// ErrConnection: where the database is, or how to log in, is not known.
	ErrConnection = errors.New("the connection is not usable")
	// ErrConnect: the database does not answer, or lets nobody in.
	ErrConnect = errors.New("cannot connect")
	// ErrQuery: the database refused the query, or broke off while answering.
	ErrQuery = errors.New("the query failed")
	// ErrColumns: the query's columns are not those of an export.
	ErrColumns = errors.New("the query's columns cannot be loaded")
	// ErrWatermark: what changed since the last pull cannot be told by the watermark.
	ErrWatermark = errors.New("the watermark does not hold")
)

// Error refuses a pull: over which connection, for which query, why, and what
// to do next. Its text is one line for operators and never holds a password.
type Error struct {
	Connection string
	At         string // the query's contract and line, "" where the query is not to blame
	Err        error  // one of the sentinels above
	Detail     string
	Try        string
}

func (e *Error) Error() string {
	s := "connection " + e.Connection + ": " + e.Err.Error()
	if e.At != "" {
		s = e.At + ": " + s
	}
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	return strings.Join(strings.Fields(s+". Try: "+e.Try), " ")
}

func (e *Error) Unwrap() error { return e.Err }
