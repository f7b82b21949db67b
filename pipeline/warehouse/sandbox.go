//go:build duckdb_arrow

package warehouse

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"

	"github.com/duckdb/duckdb-go/v2"
)

// SandboxOptions bound what one reader may take. Zero values mean DuckDB's own.
type SandboxOptions struct {
	Threads  int
	MemoryMB int
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

func sandboxStatements(o SandboxOptions) (settings []string) {
	if o.Threads > 0 {
		settings = append(settings, fmt.Sprintf("set threads = %d", o.Threads))
	}
	if o.MemoryMB > 0 {
		settings = append(settings, fmt.Sprintf("set memory_limit = '%dMB'", o.MemoryMB))
	}
	for _, s := range sandboxSettings {
		settings = append(settings, "set "+s.name+" = "+s.value)
	}
	return settings
}

// OpenReadOnly opens the database at path for SQL of ours that must not change
// it. Somebody else's goes through a Reader, in a process of its own (sql/query).
func OpenReadOnly(path string, o SandboxOptions) (*sql.DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	plain, opened, err := plainPath(path, false)
	if err != nil {
		return nil, fmt.Errorf("open database %w", err)
	}
	defer func() { _ = opened() }() // by then
	settings := sandboxStatements(o)
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
