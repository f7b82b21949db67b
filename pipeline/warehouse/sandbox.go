//go:build duckdb_arrow

package warehouse

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
)

// ErrStatement is wrapped by ReadStatement's error for SQL that is not exactly
// one statement that only reads.
var ErrStatement = errors.New("not one statement that only reads")

// SandboxOptions bound what one reader may take. Zero values mean DuckDB's own.
type SandboxOptions struct {
	Threads  int
	MemoryMB int
	Lake     string // a second database, whose schemas lake and staging are read like the first's own; "": none
}

// sandboxSettings close every door DuckDB has to the outside, and the lock
// keeps them closed. Nothing spills: a reader writes no file at all.
var sandboxSettings = []struct{ name, value string }{
	{"autoinstall_known_extensions", "false"},
	{"autoload_known_extensions", "false"},
	{"allow_community_extensions", "false"},
	{"temp_directory", "''"},
	{"TimeZone", "'Asia/Shanghai'"},
	{"enable_external_access", "false"},
	{"lock_configuration", "true"},
}

// OpenReadOnly opens the database at path for somebody else's SQL: read-only,
// without files, network, extensions or settings. That does not bound what a
// statement may cost: run it in a process that can be killed (sql/query does).
func OpenReadOnly(path string, o SandboxOptions) (*sql.DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	plain, opened, err := plainPath(path, false)
	if err != nil {
		return nil, fmt.Errorf("open database %w", err)
	}
	defer opened() // by then
	var settings []string
	if o.Threads > 0 {
		settings = append(settings, fmt.Sprintf("set threads = %d", o.Threads))
	}
	if o.MemoryMB > 0 {
		settings = append(settings, fmt.Sprintf("set memory_limit = '%dMB'", o.MemoryMB))
	}
	if o.Lake != "" {
		settings = append(settings, "attach "+Literal(o.Lake)+" as lake_file (read_only)",
			"set search_path = 'citykpi.main,lake_file.lake,lake_file.staging'")
	}
	for _, s := range sandboxSettings {
		settings = append(settings, "set "+s.name+" = "+s.value)
	}
	locked := false
	connector, err := duckdb.NewConnector(plain+"?access_mode=read_only", func(conn driver.ExecerContext) error {
		if locked { // the configuration is the database's, and locked by now
			return nil
		}
		for _, s := range settings {
			if _, err := conn.ExecContext(context.Background(), s, nil); err != nil {
				return fmt.Errorf("%s: %w", s, err)
			}
		}
		locked = true
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1)
	if err := checkLocked(db); err != nil {
		db.Close()
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	return db, nil
}

// checkLocked asks DuckDB itself, because an option that was not understood is
// an open door.
func checkLocked(db *sql.DB) error {
	var external, locked, readOnly bool
	err := db.QueryRow(`select current_setting('enable_external_access'), current_setting('lock_configuration'),
		(select readonly from duckdb_databases() where database_name = current_database())`).Scan(&external, &locked, &readOnly)
	if err == nil && (external || !locked || !readOnly) {
		err = errors.New("the sandbox settings did not take effect")
	}
	return err
}

// ReadStatement runs exactly one statement that only reads; anything else is
// ErrStatement, by DuckDB's own judgement of what the statement is. A positive
// limit ends the result after so many rows where the statement allows it, so
// that a long result is not computed to be thrown away; the caller counts.
// f gets the rows while they are valid.
func ReadStatement(ctx context.Context, db *sql.DB, query string, limit int, f func(*Rows) error) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(raw any) error {
		stmt, err := prepareReading(raw.(driver.Conn), query)
		if err != nil {
			return err
		}
		defer func() { stmt.Close() }()
		names, err := columnNames(stmt)
		if err != nil {
			return err
		}
		linesBefore := 0
		if limit > 0 {
			if limited, ok := prepareLimited(raw.(driver.Conn), query, limit, len(names)); ok {
				stmt.Close()
				stmt, linesBefore = limited, 1
			}
		}
		rows, err := newRows(ctx, stmt, names)
		var own *duckdb.Error
		switch {
		case errors.As(err, &own):
			return shiftLine(own, linesBefore)
		case err != nil: // a type the driver does not know
			return fmt.Errorf("%w. Try: cast(… as varchar) around the column", err)
		}
		defer rows.close()
		return f(rows)
	})
}

// actingFunction finds calls that act, take pointers, or run SQL hidden in a
// text, although they stand in a SELECT. It reads text and not a syntax tree:
// it may refuse a harmless query that quotes such a call, and against somebody
// determined it is a courtesy; what holds is the process sql/query runs this in.
var actingFunction = regexp.MustCompile(`(?is)\b(checkpoint|force_checkpoint|(?:en|dis)able_logging|(?:en|dis)able_profiling` +
	`|(?:en|dis)able_peg_parser|truncate_duckdb_logs|write_log|arrow_scan|arrow_scan_dumb|seq_scan` +
	`|json_execute_serialized_sql|query)"?(?:[\s\p{Z}]|/\*.*?\*/|--[^\n]*\n)*\(`)

// prepareReading prepares one statement and refuses what does not only read.
// The driver's context-less Prepare is meant: PrepareContext would execute all
// statements but the last.
func prepareReading(conn driver.Conn, query string) (*duckdb.Stmt, error) {
	first := strings.ToUpper(firstWord(query))
	// DuckDB turns some PRAGMAs into SELECTs before anybody can see their type.
	if first == "PRAGMA" {
		return nil, fmt.Errorf("PRAGMA: %w", ErrStatement)
	}
	if m := actingFunction.FindStringSubmatch(query); m != nil {
		return nil, fmt.Errorf("%s() does more than read: %w", strings.ToLower(m[1]), ErrStatement)
	}
	prepared, err := conn.Prepare(query)
	if err != nil {
		var own *duckdb.Error
		if errors.As(err, &own) {
			return nil, err
		}
		if first == "PIVOT" {
			return nil, fmt.Errorf("PIVOT without its values, as in ON kind IN ('a', 'b'): %w", ErrStatement)
		}
		return nil, fmt.Errorf("none or several statements: %w", ErrStatement)
	}
	stmt := prepared.(*duckdb.Stmt)
	kind, err := stmt.StatementType()
	if err == nil && kind != duckdb.STATEMENT_TYPE_SELECT && kind != duckdb.STATEMENT_TYPE_EXPLAIN {
		err = fmt.Errorf("%s: %w", first, ErrStatement)
	}
	if err != nil {
		stmt.Close()
		return nil, err
	}
	return stmt, nil
}

// prepareLimited prepares the query as a subquery with a limit. Not everything
// can be one (EXPLAIN), and a query it would change has another width.
func prepareLimited(conn driver.Conn, query string, limit, width int) (*duckdb.Stmt, bool) {
	query = strings.TrimRight(query, "; \t\r\n")
	stmt, err := prepareReading(conn, fmt.Sprintf("select * from (\n%s\n) limit %d", query, limit))
	if err != nil {
		return nil, false
	}
	if names, err := columnNames(stmt); err != nil || len(names) != width {
		stmt.Close()
		return nil, false
	}
	return stmt, true
}

// OutOfMemory tells whether DuckDB gave up at its memory limit.
func OutOfMemory(err error) bool {
	var own *duckdb.Error
	return errors.As(err, &own) && own.Type == duckdb.ErrorTypeOutOfMemory
}

var errorLine = regexp.MustCompile(`(?m)^LINE (\d+): `)

// shiftLine makes DuckDB's "LINE 3:" count from the reader's own first line.
func shiftLine(own *duckdb.Error, by int) error {
	text := errorLine.ReplaceAllStringFunc(own.Msg, func(s string) string {
		n, _ := strconv.Atoi(errorLine.FindStringSubmatch(s)[1])
		return fmt.Sprintf("LINE %d: ", n-by)
	})
	return &duckdb.Error{Type: own.Type, Msg: text}
}

func columnNames(stmt *duckdb.Stmt) ([]string, error) {
	n, err := stmt.ColumnCount()
	if err != nil {
		return nil, err
	}
	names := make([]string, n)
	for i := range names {
		if names[i], err = stmt.ColumnName(i); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// firstWord is the first word of a statement after spaces and comments.
func firstWord(query string) string {
	for {
		query = strings.TrimLeft(query, " \t\r\n\f\v;(")
		switch {
		case strings.HasPrefix(query, "--"):
			_, query, _ = strings.Cut(query, "\n")
		case strings.HasPrefix(query, "/*"):
			_, query, _ = strings.Cut(query, "*/")
		default:
			end := strings.IndexFunc(query, func(r rune) bool {
				return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '_'
			})
			if end < 0 {
				end = len(query)
			}
			return query[:end]
		}
	}
}
