package query

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"citykpi/pipeline/duck"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
)

// ChildVerb is the hidden verb under which the binary starts itself as a query's
// process. Its arguments are the files it may read; the constructor in
// cell_linux.c knows the verb.
const ChildVerb = "sql-child"

// maxRowBytes bounds one row, so that one cell cannot fill the parent, and
// batchBytes one message.
const (
	maxRowBytes = 32 << 20
	batchBytes  = 8 << 20
)

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
	Walls    bool   `json:"walls"`   // refuse to work without all walls
	Probe    bool   `json:"probe"`   // only build the walls and say which stand
}

// The child's output is one byte, rows or end; after rows an Arrow IPC stream and
// end; after end an ending as JSON. Without it the child has died.
const (
	rows = 'R'
	end  = 'E'
)

// ending is the child's last word.
type ending struct {
	Rows      int    `json:"rows"`
	Truncated bool   `json:"truncated"`
	Failure   string `json:"failure,omitempty"` // one of the failures below
	Text      string `json:"text,omitempty"`
	Walls     Walls  `json:"walls"`
}

const (
	failedStatement = "statement" // not one reading statement
	failedList      = "list"      // something in it is not on the list
	failedSQL       = "sql"       // DuckDB refused or gave up
	failedMemory    = "memory"
	failedOpen      = "open"  // the database could not be opened
	failedWalls     = "walls" // the kernel lacks one that is required
)

// Child is the other end of Run: it reads one order from stdin, shuts itself
// into its limits, runs the query and writes the rows to stdout. It is 0 also when
// the query failed: its last word says how. It must have a process to itself,
// started under ChildVerb; its limits cannot be lifted again.
func Child(stdin io.Reader, stdout, stderr io.Writer) int {
	return child(stdin, stdout, stderr, nil)
}

// child is Child; unchecked, in tests, replaces reading and checking the query.
func child(stdin io.Reader, stdout, stderr io.Writer, unchecked func()) int {
	var o order
	if !isChild() {
		fmt.Fprintf(stderr, "citykpi %s: the process has no walls. Try: citykpi sql, which starts this itself\n", ChildVerb)
		return 2
	}
	if err := json.NewDecoder(stdin).Decode(&o); err != nil {
		fmt.Fprintf(stderr, "citykpi %s: read the order: %v. Try: citykpi sql, which starts this itself\n", ChildVerb, err)
		return 2
	}
	out := bufio.NewWriterSize(stdout, 1<<16)
	said := o.work(out, unchecked)
	text, err := json.Marshal(said)
	if err == nil {
		out.WriteByte(end)
		out.Write(text)
		err = out.Flush()
	}
	if err != nil {
		fmt.Fprintf(stderr, "citykpi %s: write the result: %v\n", ChildVerb, err)
		return 1
	}
	return 0
}

func (o order) work(out *bufio.Writer, unchecked func()) ending {
	said := ending{Walls: standing()}
	fail := func(failure, text string) ending {
		said.Failure, said.Text = failure, text
		return said
	}
	if err := o.limit(); err != nil {
		return fail(failedOpen, err.Error())
	}
	var db *duck.Reader
	if !o.Probe {
		var err error
		db, err = duck.OpenReader(o.Database, o.Lake, duck.SandboxOptions{Threads: o.Threads, MemoryMB: o.MemoryMB})
		if err != nil {
			return fail(failedOpen, err.Error())
		}
		defer db.Close()
	}
	var err error
	if said.Walls.Seccomp, err = wall(); err != nil {
		return fail(failedOpen, err.Error())
	}
	if missing := said.Walls.Missing(); missing != "" && o.Walls {
		return fail(failedWalls, missing)
	}
	if o.Probe {
		return said
	}
	if unchecked != nil {
		unchecked()
	}
	s, err := read(db, o.SQL, o.limitRows(), unchecked != nil)
	if err == nil {
		err = o.send(out, s, &said)
		s.prepared.Close()
	}
	var refused refusal
	var other notReading
	switch {
	case err == nil:
		return said
	case errors.As(err, &refused):
		return fail(failedList, refused.Error())
	case errors.As(err, &other):
		return fail(failedStatement, other.Error())
	case duck.OutOfMemory(err):
		return fail(failedMemory, "")
	}
	return fail(failedSQL, oneBlock(s.shift(err.Error())))
}

// limitRows is the limit of the statement: one row more, to know whether something was cut.
func (o order) limitRows() int {
	if o.MaxRows > 0 {
		return o.MaxRows + 1
	}
	return 0
}

// send runs the statement and writes its rows.
func (o order) send(out *bufio.Writer, s *statement, said *ending) error {
	batches, err := s.prepared.Run()
	if err != nil {
		return err
	}
	defer batches.Close()
	// The first batch is awaited before anything is written: most errors show by then.
	rec, err := batches.Next()
	if err != nil {
		return err
	}
	schema, err := named(batches.Schema(), s.columns)
	if err != nil {
		return err
	}
	out.WriteByte(rows)
	w := ipc.NewWriter(out, ipc.WithSchema(schema))
	defer w.Close() // ends the stream also where the query fails half-way
	for ; rec != nil && err == nil; rec, err = batches.Next() {
		n := rec.NumRows()
		if rest := int64(o.MaxRows - said.Rows); o.MaxRows > 0 && n > rest {
			said.Truncated, n = true, rest
		}
		if n > 0 {
			whole := array.NewRecordBatch(schema, rec.Columns(), rec.NumRows())
			part := whole.NewSlice(0, n)
			err = write(w, part, said.Rows)
			part.Release()
			whole.Release()
		}
		rec.Release()
		if err != nil {
			return err
		}
		said.Rows += int(n)
		if said.Truncated {
			return nil
		}
	}
	return err
}

// named gives DuckDB's schema the names and types of the query's columns.
func named(from *arrow.Schema, columns []duck.ResultColumn) (*arrow.Schema, error) {
	if from.NumFields() != len(columns) {
		return nil, fmt.Errorf("the result has %d columns, not %d", from.NumFields(), len(columns))
	}
	fields := from.Fields()
	for i, c := range columns {
		kind, err := json.Marshal(c.Type)
		if err != nil {
			return nil, err
		}
		fields[i].Name = c.Name
		fields[i].Metadata = arrow.MetadataFrom(map[string]string{typeKey: string(kind)})
	}
	return arrow.NewSchema(fields, nil), nil
}

// write writes a batch as one message, or halves it until each part is small enough.
func write(w *ipc.Writer, rec arrow.RecordBatch, before int) error {
	size, err := messageSize(rec)
	if err != nil {
		return err
	}
	n := rec.NumRows()
	if size <= batchBytes || n == 1 && size <= maxRowBytes {
		return w.Write(rec)
	}
	if n == 1 {
		return fmt.Errorf("row %d is larger than %d MB; select less of it, e.g. left(column, 1000)", before+1, maxRowBytes>>20)
	}
	for _, part := range [][2]int64{{0, n / 2}, {n / 2, n}} {
		half := rec.NewSlice(part[0], part[1])
		err := write(w, half, before+int(part[0]))
		half.Release()
		if err != nil {
			return err
		}
	}
	return nil
}

// messageSize is how many bytes a batch is on the pipe.
func messageSize(rec arrow.RecordBatch) (int64, error) {
	payload, err := ipc.GetRecordBatchPayload(rec)
	if err != nil {
		return 0, err
	}
	defer payload.Release()
	var size counter
	_, err = payload.WritePayload(&size)
	return int64(size), err
}

type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
