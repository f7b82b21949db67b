//go:build duckdb_arrow

package duck

import (
	"context"
	"fmt"
	"strings"
)

// About is what doctor reports of the engine.
type About struct {
	Version    string
	Extensions []string // loaded: all of them linked in
	Offline    bool     // neither installs nor loads extensions by itself
}

// Inspect asks a database in memory what it is.
func Inspect(ctx context.Context) (About, error) {
	var a About
	db, err := Open(ctx, "", Limits{})
	if err != nil {
		return a, err
	}
	defer db.Close()
	var list string
	err = db.sql.QueryRowContext(ctx, `select version(),
		(select string_agg(extension_name, ' ' order by extension_name) from duckdb_extensions() where loaded),
		not current_setting('autoinstall_known_extensions')::boolean and not current_setting('autoload_known_extensions')::boolean`,
	).Scan(&a.Version, &list, &a.Offline)
	if err != nil {
		return a, fmt.Errorf("ask DuckDB what it is: %w", err)
	}
	a.Extensions = strings.Fields(list)
	return a, nil
}
