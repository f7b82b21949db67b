//go:build duckdb_arrow

package warehouse

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
)

// TestPathsAreNoPatterns reads and writes in folders whose names DuckDB takes for patterns, URLs
// or columns. Each holds its own number, and a pattern would find others' as well.
func TestPathsAreNoPatterns(t *testing.T) {
	root := t.TempDir()
	ctx := t.Context()
	db, err := Open(ctx, "", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	names := []string{"kpi[1]", "kpi1", "kpi[!1]", "a*", "ab", "a?", "a]b", `a\b`, "n=7", "a%20b", "a b", "50%", "a#b",
		"x?access_mode=read_only", "a'b", "{a,b}", "~", "a[", "**"}
	for i, name := range names {
		dir := filepath.Join(root, name)
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if _, err := db.sql.ExecContext(ctx, fmt.Sprintf("copy (select %d as n) to %s (format parquet)", i,
			Literal(lake.Batch{Dir: dir}.Rows()))); err != nil {
			t.Errorf("write %s: %v", name, err)
		}
	}
	for i, name := range names {
		dir := filepath.Join(root, name)
		b := lake.Batch{Dir: dir}
		for _, from := range []string{parquet(b.Rows()), batchRows([]lake.Batch{b})} {
			var n, rows int
			if err := db.sql.QueryRowContext(ctx, "select max(n), count(*) from "+from).Scan(&n, &rows); err != nil || n != i || rows != 1 {
				t.Errorf("read %s: %d in %d rows, want %d: %v", name, n, rows, i, err)
			}
		}
		path := filepath.Join(dir, "citykpi.duckdb")
		if err := makeNumbered(ctx, path, i); err != nil {
			t.Errorf("make a database in %s: %v", name, err)
			continue
		}
		for how, read := range map[string]func() (int, error){
			"site": func() (n int, err error) {
				s, err := OpenSite(ctx, path, nil, kpi.Date{Year: 2025, Month: 9, Day: 30})
				if err != nil {
					return 0, err
				}
				defer s.Close()
				if _, err := s.db.sql.ExecContext(ctx, "create table u (n integer)"); err == nil {
					return 0, fmt.Errorf("it can be written")
				}
				return n, s.db.sql.QueryRow("select n from t").Scan(&n)
			},
			"attached": func() (n int, err error) {
				if _, err := db.sql.ExecContext(ctx, "attach "+Literal(path)+" as release (read_only)"); err != nil {
					return 0, err
				}
				defer db.sql.ExecContext(ctx, "detach release")
				return n, db.sql.QueryRow("select n from release.t").Scan(&n)
			},
		} {
			if n, err := read(); err != nil || n != i {
				t.Errorf("%s in %s: %d, want %d: %v", how, name, n, i, err)
			}
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
			t.Errorf("left in %s: %v %v", name, left, err)
		}
	}
}

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
		site, err := OpenSite(t.Context(), filepath.Join(dir, "citykpi.duckdb"), nil, kpi.Date{Year: 2025, Month: 9, Day: 30})
		if err != nil {
			t.Fatal(err)
		}
		defer site.Close()
		var n int
		if err := site.db.sql.QueryRow("select n from t").Scan(&n); err != nil || n != i {
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
