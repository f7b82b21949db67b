//go:build duckdb_arrow

package duck

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	duckdb "github.com/duckdb/duckdb-go-bindings"
)

// Reader is a release's database opened for somebody else's SQL: read-only,
// without files, network, extensions or settings. It does not bound what a
// statement may cost or call: sql/query does both. It stands on DuckDB's C
// interface, because the driver keeps a whole result before it hands on the
// first row.
type Reader struct {
	db   duckdb.Database
	conn duckdb.Connection
}

// SQLError is DuckDB's own complaint, with the line and a caret where it knows them.
type SQLError struct{ Text string }

func (e *SQLError) Error() string { return e.Text }

// OutOfMemory tells whether DuckDB gave up at its memory limit, or the kernel refused it memory.
func OutOfMemory(err error) bool {
	var own *SQLError
	return errors.As(err, &own) && (strings.HasPrefix(own.Text, "Out of Memory Error") ||
		strings.Contains(own.Text, "Memory allocation failure") || strings.Contains(own.Text, "bad_alloc"))
}

// sqlError is what DuckDB said. Of what it calls an error of its own only the first line is
// for who asked: its stack names this machine's folders.
func sqlError(said string) *SQLError {
	said, _, _ = strings.Cut(said, "\nStack Trace:")
	return &SQLError{strings.TrimRight(said, "\n")}
}

// OpenReader opens the database at path, and beside it lake when that is not "".
func OpenReader(path, lake string, o SandboxOptions) (*Reader, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	r := &Reader{}
	if err := r.open(path, lake, o); err != nil {
		r.Close()
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	return r, nil
}

// NewReader is a Reader of no database, for what DuckDB's parser makes of a text.
func NewReader() (*Reader, error) {
	r := &Reader{}
	if err := r.connect(":memory:", duckdb.Config{}); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

func (r *Reader) connect(path string, config duckdb.Config) error {
	var said string
	if duckdb.OpenExt(path, &r.db, config, &said) != duckdb.StateSuccess {
		return sqlError(said)
	}
	if duckdb.Connect(r.db, &r.conn) != duckdb.StateSuccess {
		return errors.New("DuckDB does not connect")
	}
	return nil
}

func (r *Reader) open(path, lake string, o SandboxOptions) error {
	var config duckdb.Config
	if duckdb.CreateConfig(&config) != duckdb.StateSuccess {
		return errors.New("DuckDB takes no configuration")
	}
	defer duckdb.DestroyConfig(&config)
	// Threads and memory are given here and not set later, because DuckDB would
	// look for defaults in files under /proc, which a walled process cannot read.
	for _, c := range [][2]string{{"access_mode", "READ_ONLY"}, {"threads", strconv.Itoa(max(1, o.Threads))},
		{"memory_limit", strconv.Itoa(max(64, o.MemoryMB)) + "MB"}} {
		if duckdb.SetConfig(config, c[0], c[1]) != duckdb.StateSuccess {
			return fmt.Errorf("DuckDB does not take %s = %s", c[0], c[1])
		}
	}
	if err := r.connect(path, config); err != nil {
		return err
	}
	if lake != "" {
		if err := r.attach(lake); err != nil {
			return err
		}
	}
	for _, s := range sandboxStatements(o) {
		if err := r.exec(s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	// Asked of DuckDB itself: an option that was not understood is an open door.
	ok, err := r.text(`select not current_setting('enable_external_access') and current_setting('lock_configuration')
		and bool_and(readonly) from duckdb_databases() where not internal`)
	if err == nil && ok != "true" {
		err = errors.New("the sandbox settings did not take effect")
	}
	return err
}

// attach gives the schemas of the lake's file the same short names as those of
// the release: lake.enterprise, staging.award.
func (r *Reader) attach(lake string) error {
	if err := r.exec("attach " + Literal(lake) + " as lake_file (read_only)"); err != nil {
		return err
	}
	path, err := r.text(`select current_database() || '.main' ||
			coalesce(string_agg(',lake_file.' || schema_name, '' order by schema_name), '')
		from duckdb_schemas() where database_name = 'lake_file' and schema_name in ('lake', 'staging')`)
	if err != nil {
		return err
	}
	return r.exec("set search_path = " + Literal(path))
}

// Close closes the database.
func (r *Reader) Close() {
	if r.conn.Ptr != nil {
		duckdb.Disconnect(&r.conn)
	}
	if r.db.Ptr != nil {
		duckdb.Close(&r.db)
	}
}

func (r *Reader) exec(text string) error {
	var res duckdb.Result
	defer duckdb.DestroyResult(&res)
	if duckdb.Query(r.conn, text, &res) != duckdb.StateSuccess {
		return sqlError(duckdb.ResultError(&res))
	}
	return nil
}

// text runs a query of ours and returns its one cell, NULL as "".
func (r *Reader) text(query string, args ...string) (string, error) {
	s, err := r.Prepare("select ("+query+")::varchar", args...)
	if err != nil {
		return "", err
	}
	defer s.Close()
	b, err := s.Run()
	if err != nil {
		return "", err
	}
	defer b.Close()
	rec, err := b.Next()
	if err != nil {
		return "", err
	}
	defer rec.Release()
	column, ok := rec.Column(0).(*array.String)
	if !ok || column.Len() != 1 {
		return "", errors.New("DuckDB's answer is not one text")
	}
	if column.IsNull(0) {
		return "", nil
	}
	return strings.Clone(column.Value(0)), nil
}

// Tree parses text, and binds and runs nothing of it. It returns what DuckDB's
// json_serialize_sql says: {"error": false, "statements": […]}, or the error.
// Only SELECTs have a tree, as which DuckDB takes VALUES, FROM, SHOW, DESCRIBE
// and SUMMARIZE too.
func (r *Reader) Tree(text string) (string, error) {
	return r.text("select json_serialize_sql($1::varchar, skip_null := true, skip_empty := true)", text)
}

// Untree is the text of a tree.
func (r *Reader) Untree(tree string) (string, error) {
	return r.text("select json_deserialize_sql($1::json)", tree)
}

// Statements parses text and counts its statements; the error points at the place.
func (r *Reader) Statements(text string) (int, error) {
	var found duckdb.ExtractedStatements
	defer duckdb.DestroyExtracted(&found)
	n := duckdb.ExtractStatements(r.conn, text, &found)
	if said := duckdb.ExtractStatementsError(found); n == 0 && said != "" {
		return 0, sqlError(said)
	}
	return int(n), nil
}

// Internal tells whether an unqualified name, or one of a schema, is one of
// DuckDB's own views (duckdb_settings, pg_proc), which tell of more than the release.
func (r *Reader) Internal(name string) (bool, error) {
	found, err := r.text("select count(*) > 0 from duckdb_views() where internal and lower(view_name) = lower($1)", name)
	return found == "true", err
}

// HasTable tells whether the release has a table or view of that name.
func (r *Reader) HasTable(schema, name string) (bool, error) {
	found, err := r.text(`select count(*) > 0 from information_schema.tables
		where lower(table_schema) = lower($1) and lower(table_name) = lower($2)`, schema, name)
	return found == "true", err
}

// Prepared is one bound statement.
type Prepared struct {
	stmt    duckdb.PreparedStatement
	Columns []ResultColumn
}

// ResultColumn is one column of a result; names may repeat.
type ResultColumn struct {
	Name string
	Type Type
}

// Prepare binds one statement; several are an error.
func (r *Reader) Prepare(text string, args ...string) (*Prepared, error) {
	p := &Prepared{}
	if duckdb.Prepare(r.conn, text, &p.stmt) != duckdb.StateSuccess {
		err := sqlError(duckdb.PrepareError(p.stmt))
		p.Close()
		return nil, err
	}
	for i, a := range args {
		if duckdb.BindVarchar(p.stmt, duckdb.IdxT(i+1), a) != duckdb.StateSuccess {
			p.Close()
			return nil, errors.New("DuckDB does not take an argument")
		}
	}
	for i := range duckdb.PreparedStatementColumnCount(p.stmt) {
		t := duckdb.PreparedStatementColumnLogicalType(p.stmt, i)
		p.Columns = append(p.Columns, ResultColumn{duckdb.PreparedStatementColumnName(p.stmt, i), typeOf(t)})
		duckdb.DestroyLogicalType(&t)
	}
	return p, nil
}

// Explains tells whether the statement is an EXPLAIN, and Selects whether it is a SELECT.
func (p *Prepared) Explains() bool {
	return duckdb.PreparedStatementType(p.stmt) == duckdb.StatementTypeExplain
}

// Selects tells whether the statement is a SELECT.
func (p *Prepared) Selects() bool {
	return duckdb.PreparedStatementType(p.stmt) == duckdb.StatementTypeSelect
}

// Close frees the statement.
func (p *Prepared) Close() { duckdb.DestroyPrepare(&p.stmt) }

// Run starts the statement. Its rows are computed as they are asked for.
func (p *Prepared) Run() (*Batches, error) {
	b := &Batches{}
	if duckdb.ExecutePreparedStreaming(p.stmt, &b.res) != duckdb.StateSuccess {
		err := sqlError(duckdb.ResultError(&b.res))
		duckdb.DestroyResult(&b.res)
		return nil, err
	}
	b.options = duckdb.ResultGetArrowOptions(&b.res)
	var names []string
	var types []duckdb.LogicalType
	for i := range duckdb.ColumnCount(&b.res) {
		names = append(names, duckdb.ColumnName(&b.res, i))
		types = append(types, duckdb.ColumnLogicalType(&b.res, i))
	}
	schema, failed := duckdb.NewArrowSchema(b.options, types, names)
	for i := range types {
		duckdb.DestroyLogicalType(&types[i])
	}
	if err := dataError(failed); err != nil {
		b.Close()
		return nil, err
	}
	b.schema = schema
	return b, nil
}

// Batches are the rows of one statement as Arrow record batches.
type Batches struct {
	res     duckdb.Result
	options duckdb.ArrowOptions
	schema  *arrow.Schema
}

// Schema is what all batches have.
func (b *Batches) Schema() *arrow.Schema { return b.schema }

// Next returns the next batch, which the caller releases, and nil after the last.
func (b *Batches) Next() (arrow.RecordBatch, error) {
	chunk := duckdb.FetchChunk(b.res)
	if chunk.Ptr == nil {
		if said := duckdb.ResultError(&b.res); said != "" {
			return nil, sqlError(said)
		}
		return nil, nil
	}
	defer duckdb.DestroyDataChunk(&chunk)
	rec, failed := duckdb.DataChunkToArrowArray(b.options, b.schema, chunk)
	if err := dataError(failed); err != nil {
		return nil, err
	}
	return rec, nil
}

// Close frees the result.
func (b *Batches) Close() {
	duckdb.DestroyArrowOptions(&b.options)
	duckdb.DestroyResult(&b.res)
}

func dataError(failed duckdb.ErrorData) error {
	defer duckdb.DestroyErrorData(&failed)
	if !duckdb.ErrorDataHasError(failed) {
		return nil
	}
	return sqlError(duckdb.ErrorDataMessage(failed))
}
