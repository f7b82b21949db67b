package warehouse

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"citykpi/pipeline/duck"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
)

// TestPathsAreNoPatterns reads and writes in folders whose names DuckDB takes for patterns, URLs
// or columns. Each holds its own number, and a pattern would find others' as well.
func TestPathsAreNoPatterns(t *testing.T) {
	root := t.TempDir()
	ctx := t.Context()
	db, err := Open(ctx, "", duck.Limits{})
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
		if _, err := db.SQL().ExecContext(ctx, fmt.Sprintf("copy (select %d as n) to %s (format parquet)", i,
			duck.Literal(lake.Batch{Dir: dir}.Rows()))); err != nil {
			t.Errorf("write %s: %v", name, err)
		}
	}
	for i, name := range names {
		dir := filepath.Join(root, name)
		b := lake.Batch{Dir: dir}
		for _, from := range []string{duck.Parquet(b.Rows()), batchRows([]lake.Batch{b})} {
			var n, rows int
			err := db.SQL().QueryRowContext(ctx, "select max(n), count(*) from "+from).Scan(&n, &rows)
			if err != nil || n != i || rows != 1 {
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
				if _, err := s.db.SQL().ExecContext(ctx, "create table u (n integer)"); err == nil {
					return 0, fmt.Errorf("it can be written")
				}
				return n, s.db.SQL().QueryRow("select n from t").Scan(&n)
			},
			"attached": func() (n int, err error) {
				if _, err := db.SQL().ExecContext(ctx, "attach "+duck.Literal(path)+" as release (read_only)"); err != nil {
					return 0, err
				}
				defer db.SQL().ExecContext(ctx, "detach release")
				return n, db.SQL().QueryRow("select n from release.t").Scan(&n)
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

func makeNumbered(ctx context.Context, path string, n int) error {
	db, err := Open(ctx, path, duck.Limits{})
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.SQL().ExecContext(ctx, fmt.Sprintf("create table t as select %d as n", n)); err != nil {
		return err
	}
	return db.Checkpoint(ctx)
}
