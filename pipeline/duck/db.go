//go:build duckdb_arrow

// Package duck is DuckDB, an engine for SQL over files: it opens databases, takes streams of Arrow,
// functions and rows from Go, and runs somebody else's SQL behind closed doors (Reader). What a batch
// or a model is it does not know. Nothing else in the project imports the driver.
package duck

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/duckdb/duckdb-go/v2"
)

// DB is one DuckDB database, in memory or in a file.
type DB struct {
	sql    *sql.DB
	lent   atomic.Int64 // numbers the views that streams are read through
	closed func() error // removes what stood in for a file's folder
}

// Limits bound what DuckDB may take from the machine. Zero values mean DuckDB's own.
type Limits struct {
	Threads  int
	MemoryMB int
	TempDir  string // where it spills
	ReadOnly bool   // the file is there, and stays as it is
}

// A database's file is written as DuckDB does since storageVersion, with which texts are compressed in less
// time to less; and in blocks of half the usual size, as of the columns of many small tables each takes one of its own.
const (
	storageVersion = "v1.3.0"
	blockSize      = 128 << 10 // bytes
)

// Open opens or creates the database at path; "" is a database in memory.
// Extensions are never installed or loaded: the machine has no Internet.
// What the disk refuses is a *durable.DiskError.
func Open(ctx context.Context, path string, lim Limits) (*DB, error) {
	options := ""
	switch {
	case lim.ReadOnly:
		options = "?access_mode=read_only"
	case path != "":
		options = fmt.Sprintf("?storage_compatibility_version=%s&default_block_size=%d", storageVersion, blockSize)
	}
	settings := []string{
		"set autoinstall_known_extensions = false",
		"set autoload_known_extensions = false",
		"set enable_external_file_cache = false", // the kernel keeps what was read of files; DuckDB would until memory is full
		"set TimeZone = 'Asia/Shanghai'",
	}
	if lim.Threads > 0 {
		settings = append(settings, fmt.Sprintf("set threads = %d", lim.Threads))
	}
	if lim.MemoryMB > 0 {
		settings = append(settings, fmt.Sprintf("set memory_limit = '%dMB'", lim.MemoryMB))
	}
	if lim.TempDir != "" {
		settings = append(settings, "set temp_directory = "+Literal(lim.TempDir))
	}
	plain, closed, err := plainPath(path, !lim.ReadOnly)
	if err != nil {
		return nil, fmt.Errorf("open database %w", err)
	}
	connector, err := duckdb.NewConnector(plain+options, func(conn driver.ExecerContext) error {
		for _, s := range settings {
			if _, err := conn.ExecContext(ctx, s, nil); err != nil {
				return fmt.Errorf("%s: %w", s, err)
			}
		}
		return nil
	})
	if err != nil {
		_ = closed()
		return nil, Disk(path, fmt.Errorf("open database %s: %w", path, err))
	}
	db := &DB{sql: sql.OpenDB(connector), closed: closed}
	if err := db.sql.PingContext(ctx); err != nil {
		db.Close()
		return nil, Disk(path, fmt.Errorf("open database %s: %w", path, err))
	}
	return db, nil
}

// Close closes the database; a file is checkpointed first, so that no log stays beside it.
func (db *DB) Close() error {
	return errors.Join(db.sql.Close(), db.closed())
}

// Checkpoint writes everything into the database's file. Closing does so too, but
// keeps to itself that it could not, and leaves a log beside the file.
func (db *DB) Checkpoint(ctx context.Context) error {
	if _, err := db.sql.ExecContext(ctx, "checkpoint"); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	return nil
}

// SQL is the database for queries of values.
func (db *DB) SQL() *sql.DB { return db.sql }

// AttachNew creates a database at path and attaches it under a name; closing db puts it in its place.
func (db *DB) AttachNew(ctx context.Context, path, name string) error {
	plain, done, err := plainPath(path, true)
	if err != nil {
		return err
	}
	closed := db.closed
	db.closed = func() error { return errors.Join(closed(), done()) }
	_, err = db.sql.ExecContext(ctx, fmt.Sprintf("attach %s as %s (storage_version %s, block_size %d)",
		Literal(plain), Ident(name), Literal(storageVersion), blockSize))
	return err
}

// Append adds rows to a table; catalog "" is the database itself.
func (db *DB) Append(ctx context.Context, catalog, schema, table string, rows [][]driver.Value) error {
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(c any) error {
		a, err := duckdb.NewAppender(c.(driver.Conn), catalog, schema, table)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := a.AppendRow(r...); err != nil {
				a.Close()
				return err
			}
		}
		return a.Close()
	})
}

// CopyStreams drains the streams, all of one schema, into one file, as the options of COPY say, and returns how many
// rows it wrote. Several streams are read in parallel. The caller asks the streams' owner afterwards whether they ended
// well. A file that was not written whole is removed; what the disk refuses is a *durable.DiskError.
func (db *DB) CopyStreams(ctx context.Context, path, options string, streams []array.RecordReader) (rows int64, err error) {
	conn, err := db.sql.Conn(ctx)
	if err == nil {
		defer conn.Close()
		err = conn.Raw(func(c any) (err error) {
			rows, err = db.copyStreams(ctx, c.(driver.Conn), path, options, streams)
			return err
		})
	}
	if err != nil {
		return 0, Disk(path, fmt.Errorf("write %s: %w", filepath.Base(path), err))
	}
	return rows, nil
}

func (db *DB) copyStreams(ctx context.Context, conn driver.Conn, path, options string, streams []array.RecordReader) (int64, error) {
	selects := make([]string, len(streams))
	for i, s := range streams {
		name := fmt.Sprintf("stream_%d", db.lent.Add(1)) // views are seen by all connections
		takeBack, err := lend(conn, s, name)
		if err != nil {
			return 0, err
		}
		defer func() {
			_, _ = conn.(driver.ExecerContext).ExecContext(context.WithoutCancel(ctx), "drop view if exists "+name, nil)
			takeBack()
		}()
		selects[i] = "select * from " + name
	}
	copied := "copy (" + strings.Join(selects, " union all ") + ") to " + Literal(path) + " (" + options + ")"
	res, err := conn.(driver.ExecerContext).ExecContext(ctx, copied, nil)
	if err != nil {
		os.Remove(path)
		return 0, err
	}
	return res.RowsAffected()
}
