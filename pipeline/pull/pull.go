// Package pull fetches a contract's rows from a bureau's database and writes
// them as an export: a Parquet file, which then goes the way of all exports.
//
// A pull with a watermark asks for the rows whose watermark is at least that of
// the newest batch in the lake, which is the only memory there is: a pull that
// never became a batch is simply made again. "At least", because rows with the
// very same watermark may have been written after the last pull; those that
// were seen come again, and are recognised by the hash of all rows that stood
// at the watermark (lake.Pull.Edge) and left out if they are still the same.
// If they are not, all of them are loaded, which the natural key makes harmless.
//
// What a transaction writes with a watermark of its beginning and commits after
// a pull has gone past is not seen: a query on a table with long transactions
// should leave the last minutes to the next pull (where updated_at < now() - interval '10 minutes').
package pull

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"citykpi/pipeline/durable"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/source/contract"
)

// Export is a pulled file under a name that nobody reads: the caller renames or removes it.
type Export struct {
	Path   string
	SHA256 string
	Pull   lake.Pull
}

// Fetch runs the contract's query and writes what is new since the last pull
// (zero: there was none) into a hidden file of the folder dir. With nothing
// new, Export.Path is "". A watermark after the day is an *Error: rows that
// change later would stay below it.
func Fetch(ctx context.Context, conn Connection, c *contract.Contract, last lake.Pull, day kpi.Date, dir string) (Export, error) {
	ctx, cancel := context.WithTimeout(ctx, conn.timeout()+connectWithin)
	defer cancel()
	db, err := conn.open(ctx)
	if err != nil {
		return Export{}, err
	}
	defer db.close()
	f := &fetch{conn: conn, contract: c, db: db, day: day, at: -1, edge: sha256.New()}
	f.pull = lake.Pull{Connection: conn.Name, Query: queryHash(c.Pull), Watermark: c.Pull.Watermark}
	if last.Connection == f.pull.Connection && last.Query == f.pull.Query { // another query may mean rows of long ago
		f.pull.From, f.pull.To, f.pull.Edge = last.To, last.To, last.Edge
	}
	f.known = f.pull.Edge
	if err := f.describe(ctx); err != nil {
		return Export{}, err
	}
	return f.write(ctx, dir)
}

func queryHash(p *contract.Pull) string {
	return shortHash(sha256.New(), []byte(p.Query+"\x00"+p.Watermark))
}

func shortHash(h hash.Hash, b []byte) string {
	h.Write(b)
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// fetch is one pull under way.
type fetch struct {
	conn     Connection
	contract *contract.Contract
	db       database
	day      kpi.Date
	columns  []column
	at       int // the watermark among the columns; -1: there is none
	pull     lake.Pull
	known    string // hash of the rows at From that are in the lake
	sheet    *sheet
	edge     hash.Hash // of the rows at the watermark being read
	reading  bool      // a row was read

	unwritten error // why the file could not be written: then the query is not to blame
}

func (f *fetch) refuse(line int, err error, detail, try string) *Error {
	return &Error{Connection: f.conn.Name, At: at(f.contract, line), Err: err, Detail: detail, Try: try}
}

func (f *fetch) wrapped() string {
	return "select * from (\n" + f.contract.Pull.Query + "\n) as pulled"
}

// describe looks at the query's columns before it is run.
func (f *fetch) describe(ctx context.Context) error {
	var err error
	if f.columns, err = f.db.columns(ctx, f.wrapped()); err != nil {
		return f.failed(err, f.wrapped())
	}
	seen := map[string]bool{}
	var names []string
	for i, c := range f.columns {
		switch {
		case c.refused != "":
			return f.refuse(0, ErrColumns, fmt.Sprintf("column %s is %s", c.name, c.typ), c.refused)
		case seen[c.name]:
			return f.refuse(0, ErrColumns, "two columns are called "+c.name, "give each a name of its own with as")
		case c.name == f.contract.Pull.Watermark:
			f.at = i
		}
		seen[c.name], names = true, append(names, c.name)
	}
	switch w := f.contract.Pull.Watermark; {
	case w == "":
	case f.at < 0:
		return f.refuse(0, ErrWatermark, "no column "+w+" among "+strings.Join(names, ", "),
			"add it to the query, or correct pull.watermark")
	case !f.columns[f.at].rises:
		return f.refuse(0, ErrWatermark, w+" is neither a date nor a moment nor an exact number",
			"choose a column that rises with every change")
	}
	return nil
}

// statement is the whole query: what is new, first what is oldest, and in an
// order that depends on the rows alone.
func (f *fetch) statement() (query string, arguments []string) {
	query = f.wrapped()
	var order []string
	if f.at >= 0 {
		w := f.db.quote(f.columns[f.at].name)
		if f.pull.From != "" { // a row without watermark is an error, wherever it is met
			query += fmt.Sprintf("\nwhere %s >= %s or %s is null", w, f.columns[f.at].bound, w)
			arguments = append(arguments, f.pull.From)
		}
		order = append(order, "case when "+w+" is null then 0 else 1 end", w)
	}
	for i, c := range f.columns {
		if c.order != "" && i != f.at {
			order = append(order, c.order)
		}
	}
	if len(order) > 0 {
		query += "\norder by " + strings.Join(order, ", ")
	}
	return query, arguments
}

func (f *fetch) write(ctx context.Context, dir string) (x Export, err error) {
	file, err := f.create(dir)
	if err != nil {
		return x, err
	}
	defer func() {
		err = errors.Join(err, file.Close())
		if err != nil || x.Path == "" {
			x.Path = ""
			os.Remove(file.Name())
		}
	}()
	if f.sheet, err = newSheet(file, f.columns); err != nil {
		return x, err
	}
	query, arguments := f.statement()
	if err := f.db.rows(ctx, query, arguments, f.row); err != nil {
		return x, f.failed(err, query)
	}
	if err := f.endEdge(); err != nil {
		return x, err
	}
	f.pull.Rows = f.sheet.rows
	x.Pull = f.pull
	if f.sheet.rows == 0 {
		return x, nil
	}
	if f.at >= 0 {
		if err := f.checkWatermark(); err != nil {
			return x, err
		}
	}
	if x.SHA256, err = f.sheet.finish(); err != nil {
		return x, fmt.Errorf("write %s: %w", file.Name(), err)
	}
	x.Path = file.Name()
	return x, nil
}

// create makes the hidden file. Its name is always the same, so that what a kill
// left is removed; it is not followed if it is a link.
func (f *fetch) create(dir string) (*os.File, error) {
	if err := durable.MakeDir(dir); err != nil {
		return nil, err
	}
	name := filepath.Join(dir, "."+f.contract.Source+".pulling")
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return durable.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL)
}

func (f *fetch) row(values [][]byte) error {
	if f.at >= 0 {
		w := values[f.at]
		if w == nil {
			return f.refuse(0, ErrWatermark, f.contract.Pull.Watermark+" is NULL in a row",
				"write coalesce("+f.contract.Pull.Watermark+", created_at), or whatever says when such a row was written")
		}
		if !f.reading || string(w) != f.pull.To {
			if err := f.endEdge(); err != nil {
				return err
			}
			f.pull.To = string(w)
		}
		f.reading = true
		f.hashRow(values)
	}
	if err := f.sheet.add(values); err != nil {
		f.unwritten = fmt.Errorf("write %s: %w", f.sheet.file.Name(), err)
	}
	return f.unwritten
}

func (f *fetch) hashRow(values [][]byte) {
	for _, v := range values {
		n := uint64(len(v)) + 1
		if v == nil {
			n = 0
		}
		f.edge.Write(binary.AppendUvarint(nil, n))
		f.edge.Write(v)
	}
}

// endEdge is called behind the last row of a watermark. If these are the rows
// that the lake has of it, they are left out.
func (f *fetch) endEdge() error {
	if !f.reading {
		return nil
	}
	f.pull.Edge = shortHash(f.edge, nil)
	f.edge.Reset()
	if f.pull.To == f.pull.From && f.pull.Edge == f.known {
		return f.sheet.restart()
	}
	return nil
}

// checkWatermark refuses one that has not come yet: everything that changes
// until then would stay unseen. Of a day's difference a zone may be the cause.
func (f *fetch) checkWatermark() error {
	if !f.columns[f.at].day {
		return nil
	}
	day, err := kpi.ParseDate(f.pull.To[:min(len(f.pull.To), len("2006-01-02"))])
	if err == nil && len(f.pull.To) > 10 && f.pull.To[10] != ' ' {
		err = errors.New("a year of five digits")
	}
	if err != nil || day.After(f.day.AddDays(1)) {
		return f.refuse(0, ErrWatermark, f.contract.Pull.Watermark+" reaches "+f.pull.To+", a day to come",
			"correct those rows in the database, or leave them out in the query")
	}
	return nil
}

// failed makes a database's refusal one line that names the query.
func (f *fetch) failed(err error, sent string) error {
	var refused *Error
	switch {
	case f.unwritten != nil:
		return f.unwritten
	case errors.As(err, &refused), errors.Is(err, context.Canceled):
		return err
	}
	line, message := f.db.queryError(err, sent)
	if errors.Is(err, context.DeadlineExceeded) {
		message = "no answer within " + f.conn.timeout().String()
	}
	return f.refuse(line, ErrQuery, message, "run the query by hand with the user of the connection; it may only read")
}
