package query

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"citykpi/pipeline/warehouse"
)

// ChildVerb is the hidden verb under which the binary starts itself as a query's process.
const ChildVerb = "sql-child"

// maxRowBytes bounds one row on the pipe, so that one cell cannot fill the parent.
const maxRowBytes = 32 << 20

// order is what the parent writes to the child's standard input, as JSON. The
// query is there and not among the arguments, where every user could read it.
type order struct {
	Database string `json:"database"` // absolute
	Lake     string `json:"lake"`     // likewise, "" for none
	SQL      string `json:"sql"`
	MaxRows  int    `json:"max_rows"` // 0 means all
	MemoryMB int    `json:"memory_mb"`
	Threads  int    `json:"threads"`
	Seconds  int    `json:"seconds"` // wall clock; the parent's is the one that counts
}

// message is one line of the child's output that is not a row: the header
// before the rows, or the end after them. A row is a JSON array.
type message struct {
	Columns []column `json:"columns,omitempty"`
	End     *ending  `json:"end,omitempty"`
}

type column = warehouse.ResultColumn

// ending is the last line. Without it the child has died.
type ending struct {
	Rows      int    `json:"rows"`
	Truncated bool   `json:"truncated"`
	Failure   string `json:"failure,omitempty"` // one of the failures below
	Text      string `json:"text,omitempty"`
}

const (
	failedStatement = "statement" // not one reading statement
	failedSQL       = "sql"       // DuckDB refused or gave up
	failedMemory    = "memory"
	failedOpen      = "open" // the sandbox or the database could not be opened
)

// Child is the other end of Run: it reads one order from stdin, shuts itself
// into its limits, runs the query and writes the rows to stdout. It is 0 also when
// the query failed: the last line says how. It must have a process to itself,
// with args the arguments after ChildVerb: the process starts itself over once
// behind a fence, and its limits cannot be lifted again.
func Child(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		if err := fence(); err != nil {
			fmt.Fprintf(stderr, "citykpi %s: %v\n", ChildVerb, err)
			return 1
		}
	}
	var o order
	if err := json.NewDecoder(stdin).Decode(&o); err != nil {
		fmt.Fprintf(stderr, "citykpi %s: read the order: %v. Try: citykpi sql, which starts this itself\n", ChildVerb, err)
		return 2
	}
	out := bufio.NewWriterSize(stdout, 1<<16)
	end := o.run(out)
	if err := writeLine(out, message{End: &end}); err != nil {
		fmt.Fprintf(stderr, "citykpi %s: write the result: %v\n", ChildVerb, err)
		return 1
	}
	return 0
}

func (o order) run(out *bufio.Writer) ending {
	if err := o.limit(); err != nil {
		return ending{Failure: failedOpen, Text: err.Error()}
	}
	db, err := warehouse.OpenReadOnly(o.Database, warehouse.SandboxOptions{Threads: o.Threads, MemoryMB: o.MemoryMB, Lake: o.Lake})
	if err != nil {
		return ending{Failure: failedOpen, Text: err.Error()}
	}
	defer db.Close()
	limit := 0
	if o.MaxRows > 0 {
		limit = o.MaxRows + 1 // one more, to know whether something was cut
	}
	var end ending
	err = warehouse.ReadStatement(context.Background(), db, o.SQL, limit, func(rows *warehouse.Rows) error {
		var err error
		end, err = o.write(out, rows)
		return err
	})
	switch {
	case err == nil:
	case errors.Is(err, warehouse.ErrStatement):
		end.Failure, end.Text = failedStatement, statementText(err)
	case warehouse.OutOfMemory(err):
		end.Failure = failedMemory
	default:
		end.Failure, end.Text = failedSQL, oneBlock(err.Error())
	}
	return end
}

// statementText is what warehouse said was wrong, without its list of what is allowed.
func statementText(err error) string {
	text := err.Error()
	if tail := ": " + warehouse.ErrStatement.Error(); len(text) > len(tail) {
		text = text[:len(text)-len(tail)]
	}
	return text
}

func (o order) write(out *bufio.Writer, rows *warehouse.Rows) (ending, error) {
	var end ending
	if err := writeLine(out, message{Columns: rows.Columns()}); err != nil {
		return end, err
	}
	var line []byte
	for {
		var err error
		line, err = rows.Next(line[:0])
		if errors.Is(err, io.EOF) {
			return end, nil
		}
		if err != nil {
			return end, err
		}
		if o.MaxRows > 0 && end.Rows == o.MaxRows {
			end.Truncated = true
			return end, nil
		}
		if len(line) > maxRowBytes {
			return end, fmt.Errorf("row %d is larger than %d MB; select less of it, e.g. left(column, 1000)", end.Rows+1, maxRowBytes>>20)
		}
		if _, err := out.Write(append(line, '\n')); err != nil {
			return end, err
		}
		end.Rows++
	}
}

func writeLine(out *bufio.Writer, m message) error {
	line, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if _, err := out.Write(append(line, '\n')); err != nil {
		return err
	}
	return out.Flush()
}
