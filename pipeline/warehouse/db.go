//go:build duckdb_arrow

// Package warehouse is DuckDB: it writes batches to Parquet from Arrow, builds
// a release database from batches and models, and reads one back. Nothing else
// in the project imports the driver.
package warehouse

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"citykpi/pipeline/lake"
	"citykpi/pipeline/source/contract"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/duckdb/duckdb-go/v2"
)

// DB is one DuckDB database, in memory or in a file.
type DB struct {
	sql      *sql.DB
	pages    fs.FS           // sql/, whose queries in page a release is read by
	distinct map[string]bool // sources each row of which counts; set by Build
	batches  []lake.Batch    // likewise: what they were found to hold included
	writes   atomic.Int64    // numbers the views that streams are read through
	closed   func() error    // removes what stood in for the file's folder
}

// Limits bound what DuckDB may take from the machine. Zero values mean DuckDB's own.
type Limits struct {
	Threads  int
	MemoryMB int
	TempDir  string // where it spills
}

// Open opens or creates the database at path; "" is a database in memory.
// Extensions are never installed or loaded: the machine has no Internet.
func Open(ctx context.Context, path string, lim Limits) (*DB, error) {
	return open(ctx, path, false, lim)
}

// A database's file is written as DuckDB does since storageVersion, with which texts are compressed in less
// time to less; and in blocks of half the usual size, as of the columns of many small tables each takes one of its own.
const (
	storageVersion = "v1.3.0"
	blockSize      = 128 << 10 // bytes
)

func open(ctx context.Context, path string, readOnly bool, lim Limits) (*DB, error) {
	options := ""
	switch {
	case readOnly:
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
	plain, closed, err := plainPath(path, !readOnly)
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

// WriteParquet drains the streams, all of one schema, into one zstd Parquet
// file and returns how many rows it wrote. It writes for speed: numbers and lengths of texts are kept as
// differences (version 2 of the format), which takes a fortieth less time and makes files a tenth smaller; a column of
// thousands of different words is no dictionary, zstd's first level makes files a
// thirtieth larger in a fifth less time, and with groups of half the usual size less is left
// to be written when the last row has come; smaller ones cost 2 % more. Several streams are
// read in parallel. The caller asks the streams' owner afterwards whether they ended well.
func (db *DB) WriteParquet(ctx context.Context, path string, streams []array.RecordReader) (int64, error) {
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return 0, Disk(path, fmt.Errorf("write %s: %w", filepath.Base(path), err))
	}
	defer conn.Close()
	var rows int64
	err = conn.Raw(func(c any) (err error) {
		rows, err = db.writeParquet(ctx, c.(driver.Conn), path, streams)
		return err
	})
	return rows, err
}

func (db *DB) writeParquet(ctx context.Context, conn driver.Conn, path string, streams []array.RecordReader) (int64, error) {
	selects := make([]string, len(streams))
	for i, s := range streams {
		name := fmt.Sprintf("stream_%d", db.writes.Add(1)) // views are seen by all connections
		takeBack, err := lend(conn, s, name)
		if err != nil {
			return 0, Disk(path, fmt.Errorf("write %s: %w", filepath.Base(path), err))
		}
		defer func() {
			_, _ = conn.(driver.ExecerContext).ExecContext(context.WithoutCancel(ctx), "drop view if exists "+name, nil)
			takeBack()
		}()
		selects[i] = "select * from " + name
	}
	copied := "copy (" + strings.Join(selects, " union all ") + ") to " + Literal(path) + " (format parquet, " +
		"compression zstd, compression_level 1, parquet_version v2, dictionary_size_limit 4096, row_group_size 61440)"
	res, err := conn.(driver.ExecerContext).ExecContext(ctx, copied, nil)
	if err != nil {
		os.Remove(path)
		return 0, Disk(path, fmt.Errorf("write %s: %w", filepath.Base(path), err))
	}
	return res.RowsAffected()
}

// SameRows reports whether two batches of the same columns and as many rows hold
// the same rows, wherever in their files these stand.
func (db *DB) SameRows(ctx context.Context, a, b string) (bool, error) {
	rows := func(path string) string {
		return "select columns(c -> c not in ('batch_id', 'sheet', 'row_no')) from " + parquet(path)
	}
	var more int64
	err := db.sql.QueryRowContext(ctx, "select count(*) from ("+rows(a)+" except all "+rows(b)+")").Scan(&more)
	if err != nil {
		return false, fmt.Errorf("compare batches: %w", err)
	}
	return more == 0, nil
}

// RowsFiled counts the rows of a batch whose natural key another batch has filed as well. Rows
// that withdraw or replace others, which a batch may have (corrects), file none: what they speak of may be on its way.
func (db *DB) RowsFiled(ctx context.Context, batch, other string, key []string, corrects bool) (int64, error) {
	same := make([]string, len(key))
	for i, k := range key {
		// an older contract may have typed it otherwise
		same[i] = "cast(a." + Ident(k) + " as varchar) is not distinct from cast(b." + Ident(k) + " as varchar)"
	}
	if corrects {
		same = append(same, "coalesce(b."+contract.ActionColumn+", '') not in ('"+contract.Withdraw+"', '"+contract.Replace+"')")
	}
	var n int64
	err := db.sql.QueryRowContext(ctx, "select count(*) from "+parquet(batch)+" a where exists (select 1 from "+parquet(other)+" b where "+
		strings.Join(same, " and ")+")").Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("compare batches: %w", err)
	}
	return n, nil
}
