package query

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

var (
	// ErrStatement is returned by Run for SQL that is not exactly one statement
	// that only reads.
	ErrStatement = errors.New("not one statement that only reads")
	// ErrNotAllowed is returned by Run for SQL that reads by means that are not
	// on the list of what analysts may use.
	ErrNotAllowed = errors.New("not allowed")
	// ErrNoPlace is returned by Run for a value that the format cannot hold.
	ErrNoPlace = errors.New("no place in this format")
	// ErrWalls is returned by Run when the kernel lacks a wall that is required.
	ErrWalls = errors.New("the query's process cannot be walled in")
	// ErrTimeout is returned by Run when the query was stopped at Request.Timeout.
	ErrTimeout = errors.New("stopped at the time limit")
	// ErrMemory is returned by Run when the query needed more than Request.MemoryMB.
	ErrMemory = errors.New("out of memory")
	// ErrKilled is returned by Run when the query's process died for any other
	// reason; other queries and the release are not touched by it.
	ErrKilled = errors.New("the query's process died")
	// ErrDuplicateColumn is returned by Run for JSON: an object holds a name once.
	ErrDuplicateColumn = errors.New("two columns of one name")
)

// SQLError is DuckDB's own complaint about the query: one or a few lines, the
// last two being the line of the query and a caret below the place.
type SQLError struct{ Text string }

func (e *SQLError) Error() string { return "query: " + e.Text }

func timeoutError(d time.Duration) error {
	return fmt.Errorf("query: %w of %s. Try: a narrower where, or a longer --timeout", ErrTimeout, d)
}

func memoryError(mb int) error {
	return fmt.Errorf("query: %w at %d MB. Try: fewer columns or rows, an aggregate, or a larger --memory", ErrMemory, mb)
}

func killedError(how string) error {
	return fmt.Errorf("query: %w (%s). Try: a query that is nested less deep, or a larger --memory", ErrKilled, how)
}

func listError(what string) error {
	return fmt.Errorf("query: %w: %s. Try: show tables, describe TABLE, and the functions that compute", ErrNotAllowed, what)
}

func wallsError(missing string) error {
	return fmt.Errorf("query: %w: this kernel lacks %s. Try: a newer kernel, or require_sandbox: false in citykpi.yml", ErrWalls, missing)
}

func statementError(what string) error {
	return fmt.Errorf("query: %s: %w. Try: one SELECT, WITH, VALUES, FROM, EXPLAIN, DESCRIBE, SHOW or SUMMARIZE", what, ErrStatement)
}

// oneBlock drops the blank lines DuckDB puts between message and caret.
func oneBlock(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, " \t\r\n"); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
