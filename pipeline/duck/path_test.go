//go:build duckdb_arrow

package duck

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// From within such a folder a path does not show its signs.
func TestPathsWithinAFolderOfAnyName(t *testing.T) {
	for i, name := range []string{"w?x", "50%", "a#b"} {
		dir := filepath.Join(t.TempDir(), name)
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		t.Chdir(dir)
		if err := makeNumbered(t.Context(), "citykpi.duckdb", i); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		db, err := Open(t.Context(), filepath.Join(dir, "citykpi.duckdb"), Limits{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		var n int
		if err := db.sql.QueryRow("select n from t").Scan(&n); err != nil || n != i {
			t.Errorf("%s: %d, want %d: %v", name, n, i, err)
		}
	}
}

func TestPathsWithoutANameAreRefused(t *testing.T) {
	for _, dir := range []string{`a\[b]`, `\*`, `/srv/x\y/50?`} {
		if UsablePath(dir) == nil {
			t.Errorf("%s is not refused", dir)
		}
	}
	for _, dir := range []string{`a\b`, "kpi[1]", "/srv/a*?"} {
		if err := UsablePath(dir); err != nil {
			t.Error(err)
		}
	}
}

func makeNumbered(ctx context.Context, path string, n int) error {
	db, err := Open(ctx, path, Limits{})
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.sql.ExecContext(ctx, fmt.Sprintf("create table t as select %d as n", n)); err != nil {
		return err
	}
	return db.Checkpoint(ctx)
}
