package query

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline/duck"
)

var update = flag.Bool("update", false, "rewrite golden files")

// The test binary is its own child, as citykpi is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == ChildVerb {
		os.Exit(childOfTest(os.Args))
	}
	os.Exit(m.Run())
}

// release is a small database on disk, as a release holds one.
func release(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "发布", "release.duckdb")
	if err := os.Mkdir(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	db, err := duck.Open(t.Context(), path, duck.Limits{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	setup, err := os.ReadFile("testdata/release.sql")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.SQL().ExecContext(t.Context(), string(setup)); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func request(t *testing.T, database, sql string, f Format) Request {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Request{Binary: self, Database: database, SQL: sql, Format: f, MemoryMB: 256, Timeout: 30 * time.Second}
}

func run(t *testing.T, database, sql string, f Format) (string, Result, error) {
	t.Helper()
	var out bytes.Buffer
	res, err := Run(t.Context(), request(t, database, sql, f), &out)
	return out.String(), res, err
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s\ngot:\n%s\nwant:\n%s", file, got, want)
	}
}

// Each testdata/formats/*.sql is printed in the three formats.
func TestFormats(t *testing.T) {
	db := release(t)
	files, _ := filepath.Glob("testdata/formats/*.sql")
	if len(files) == 0 {
		t.Fatal("no cases")
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range []Format{Table, CSV, JSON} {
			out, _, err := run(t, db, string(text), f)
			if err != nil {
				t.Errorf("%s as %s: %v", file, f, err)
				continue
			}
			golden(t, strings.TrimSuffix(file, ".sql")+"."+string(f), out)
		}
	}
}

func TestAllowedStatements(t *testing.T) {
	db := release(t)
	for _, sql := range []string{
		"select 1;", "select 1 -- no end of line", "/* a */ with a as (select 1) select * from a", "values (1), (2)",
		"from kpi.value", "explain select * from kpi.value", "explain analyze select * from kpi.value", "describe kpi.value",
		"explain (format json) from kpi.value", "EXPLAIN(ANALYZE, FORMAT JSON) select 1", "explain (analyze) select 1",
		"show all tables", "show tables from kpi", "summarize kpi.value", "select table_name from duckdb_tables()", "table kpi.value",
		"(select 1) union all (select 2)", "pivot kpi.value on period in ('2026Q3') using sum(value) group by region_code",
	} {
		for _, max := range []int{0, 1} {
			req := request(t, db, sql, CSV)
			req.MaxRows = max
			var out bytes.Buffer
			if res, err := Run(t.Context(), req, &out); err != nil || res.Rows == 0 || out.Len() == 0 {
				t.Errorf("%s, max %d: %+v, %v", sql, max, res, err)
			}
		}
	}
}

// Whatever a query tries beyond reading the release is refused, and leaves nothing behind.
func TestEscapesAreRefused(t *testing.T) {
	db := release(t)
	dir := t.TempDir()
	before, err := os.ReadFile(db)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("testdata/escapes.sql")
	if err != nil {
		t.Fatal(err)
	}
	var report strings.Builder
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		out, _, err := run(t, db, strings.ReplaceAll(line, "DIR", dir), CSV)
		if err == nil {
			t.Errorf("%s\nwas run and printed %q", line, out)
			continue
		}
		if strings.Contains(err.Error(), "goroutine") || strings.Count(err.Error(), "\n") > 6 {
			t.Errorf("%s\nhas an unreadable error: %v", line, err)
		}
		report.WriteString(line + "\n    " + strings.ReplaceAll(strings.ReplaceAll(err.Error(), dir, "DIR"), "\n", "\n    ") + "\n")
	}
	golden(t, "testdata/escapes.txt", report.String())
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("files were left behind: %v", left)
	}
	if after, err := os.ReadFile(db); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the release has changed: %v", err)
	}
	if beside, _ := os.ReadDir(filepath.Dir(db)); len(beside) != 1 {
		t.Errorf("files appeared beside the release: %v", beside)
	}
}

func TestSQLErrorsPointAtThePlace(t *testing.T) {
	db := release(t)
	for _, c := range []struct{ sql, want string }{
		{"select\n  region_code,\n  valu\nfrom kpi.value", "LINE 3:   valu\n          ^"},
		{"select a b c", "Parser Error"},
		{"select cast(region_code || 'x' as integer) from kpi.value", "Conversion Error"},
	} {
		for _, max := range []int{0, 10} { // a limited query is wrapped: its lines must not shift
			req := request(t, db, c.sql, JSON)
			req.MaxRows = max
			var out bytes.Buffer
			_, err := Run(t.Context(), req, &out)
			var sqlErr *SQLError
			if !errors.As(err, &sqlErr) || !strings.Contains(sqlErr.Text, c.want) || out.Len() > 0 {
				t.Errorf("%s, max %d: %v", c.sql, max, err)
			}
			if strings.Contains(c.want, "Conversion") && strings.Contains(err.Error(), "LINE 2") {
				t.Errorf("line shifted: %v", err)
			}
		}
	}
}

func TestMemoryBombsDieAlone(t *testing.T) {
	db := release(t)
	bombs := []string{
		"select list(range) from range(100000000)",
		"select a.range, b.range, md5(a.range::varchar) as h from range(100000) a, range(10000) b order by h",
		"select string_agg(repeat('x', 100000), '') from range(100000)",
		"select length(range(0, 1000000000))", // of addresses that were reserved before
	}
	if os.Getenv("CITYKPI_SOAK") != "" {
		// take long to fill the kernel's limit
		bombs = append(bombs, "select repeat('a', 1000000000)", "select length(repeat('a', 4000000000 - range)) from range(3)")
	}
	for _, sql := range bombs {
		t.Run(sql, func(t *testing.T) {
			req := request(t, db, sql, CSV)
			req.MemoryMB = 128            // what is not filled costs nothing
			req.Timeout = 3 * time.Minute // a busy machine fills memory slowly
			var out bytes.Buffer
			_, err := Run(t.Context(), req, &out)
			if !errors.Is(err, ErrMemory) || !strings.Contains(err.Error(), "at 128 MB. Try: ") || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v, printed %d bytes", err, out.Len())
			}
		})
	}
}

// Whatever DuckDB does with a query, who asked reads a few lines that say it and what next.
func TestInternalErrorsArePlain(t *testing.T) {
	db := release(t)
	for sql, want := range map[string]string{
		"select reservoir_quantile(i, 0.5, 1000000000) from range(100) t(i)":                           "out of memory at 256 MB. Try: ",
		"select json_structure('" + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "')": "the query's process died (",
		"from kpi.parquet":     "kpi.parquet is not a table: files are not read",
		`from lake."x.duckdb"`: "lake.x.duckdb is not a table: files are not read",
	} {
		_, _, err := run(t, db, sql, CSV)
		if err == nil || !strings.Contains(err.Error(), want) || strings.ContainsAny(err.Error(), "\n\r") ||
			strings.Contains(err.Error(), "/") || !strings.Contains(err.Error(), "Try: ") {
			t.Errorf("%.80s: %v", sql, err)
		}
	}
}

// A crash while memory is at its end is said to be that.
func TestCrashesOfMemoryAreSaid(t *testing.T) {
	req := Request{MemoryMB: 64}
	const full = 64<<20 + processOverhead
	for _, said := range []string{"SIGSEGV: segmentation violation", "fatal error: runtime: cannot map pages", "SIGABRT: abort"} {
		if err := req.post(said, errors.New("exit status 2"), full); !errors.Is(err, ErrMemory) {
			t.Errorf("%s: %v", said, err)
		}
		if err := req.post(said, errors.New("exit status 2"), 100<<20); !errors.Is(err, ErrKilled) ||
			!strings.Contains(err.Error(), "Try: ") {
			t.Errorf("%s with memory left: %v", said, err)
		}
	}
}

func TestEndlessQueryIsKilled(t *testing.T) {
	db := release(t)
	for _, sql := range []string{
		"select count(*) from range(10000000) a, range(10000000) b, range(1000) c where a.range * b.range % 7 = c.range",
		"with recursive r(n) as (select 1 union all select n + 1 - 1 from r) select max(n) from r",
	} {
		req := request(t, db, sql, JSON)
		req.Timeout = 300 * time.Millisecond
		start := time.Now()
		_, err := Run(t.Context(), req, &bytes.Buffer{})
		if !errors.Is(err, ErrTimeout) || !strings.Contains(err.Error(), "of 300ms. Try: ") {
			t.Errorf("%s: %v", sql, err)
		}
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("the kill took %s", took)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Run(ctx, request(t, db, "select 1", JSON), &bytes.Buffer{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestACutResultSaysSo(t *testing.T) {
	db := release(t)
	for _, c := range []struct {
		max, rows int
		note      string
	}{
		{1000, 1000, "showing the first 1,000 rows of more; add --max-rows for others, or an aggregate"},
		{5000, 5000, ""},
		{0, 5000, ""},
	} {
		req := request(t, db, "select range as n from range(5000) order by n desc", CSV)
		req.MaxRows = c.max
		var out bytes.Buffer
		res, err := Run(t.Context(), req, &out)
		lines := strings.Split(strings.TrimSuffix(out.String(), "\r\n"), "\r\n")
		if err != nil || res.Rows != c.rows || res.Note() != c.note || len(lines) != c.rows+1 || lines[1] != "4999" ||
			lines[c.rows] != thousandsFree(5000-c.rows) {
			t.Errorf("max %d: %+v, %q, %d lines, %v", c.max, res, res.Note(), len(lines), err)
		}
	}
	req := request(t, db, "select range from range(20000)", Table)
	if res, err := Run(t.Context(), req, &bytes.Buffer{}); err != nil || res.Rows != MaxTableRows || !res.Truncated {
		t.Errorf("a table: %+v, %v", res, err)
	}
}

func thousandsFree(n int) string { return strings.ReplaceAll(thousands(n), ",", "") }

func TestRunRefusals(t *testing.T) {
	db := release(t)
	if _, _, err := run(t, db, " \n", CSV); !errors.Is(err, ErrStatement) {
		t.Errorf("empty: %v", err)
	}
	if _, _, err := run(t, db, "select 1 as a, 2 as a", JSON); !errors.Is(err, ErrDuplicateColumn) {
		t.Errorf("duplicate names: %v", err)
	}
	if _, _, err := run(t, db, "select 1", "xml"); err == nil || !strings.Contains(err.Error(), "use table, csv, json") {
		t.Errorf("format: %v", err)
	}
	if _, _, err := run(t, db+".absent", "select 1", CSV); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no database: %v", err)
	}
	junk := filepath.Join(t.TempDir(), "junk.duckdb")
	if err := os.WriteFile(junk, bytes.Repeat([]byte("junk"), 5000), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, _, err := run(t, junk, "select 1", CSV); err == nil || !strings.Contains(err.Error(), "junk.duckdb") {
		t.Errorf("junk database: %v", err)
	}
	odd := filepath.Join(t.TempDir(), "a#b?c=%20") // no part of a URL
	if err := os.Mkdir(odd, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(db, filepath.Join(odd, "release.duckdb")); err != nil {
		t.Fatal(err)
	}
	if out, _, err := run(t, filepath.Join(odd, "release.duckdb"), "select count(*) as n from kpi.value", CSV); err != nil ||
		out != "n\r\n3\r\n" {
		t.Errorf("odd path: %q, %v", out, err)
	}
	req := request(t, db, "select 1", CSV)
	req.Binary = "/bin/true"
	if _, err := Run(t.Context(), req, &bytes.Buffer{}); !errors.Is(err, ErrKilled) {
		t.Errorf("a child that says nothing: %v", err)
	}
}

// A reader that goes away (| head) ends the query.
func TestClosedOutputEndsTheQuery(t *testing.T) {
	db := release(t)
	req := request(t, db, "select range, repeat('x', 1000) from range(100000)", CSV)
	if _, err := Run(t.Context(), req, &brokenPipe{}); !errors.Is(err, os.ErrClosed) {
		t.Errorf("got %v", err)
	}
}

type brokenPipe struct{}

func (*brokenPipe) Write([]byte) (int, error) { return 0, os.ErrClosed }
