package query

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode"

	"citykpi/pipeline/duck"
)

// reader is the test's release, opened in this process to look at statements without running them.
func reader(t testing.TB) *duck.Reader {
	t.Helper()
	db, err := duck.OpenReader(release(t), "", duck.SandboxOptions{Threads: 1, MemoryMB: 256})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

// lines are the lines of a file of statements, without empty ones and # comments.
func lines(t testing.TB, file string) (all []string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, line)
		}
	}
	return all
}

// What analysts write is allowed, and DuckDB binds it.
func TestAnalystsNeeds(t *testing.T) {
	db := reader(t)
	for _, sql := range lines(t, "testdata/needs.sql") {
		for _, limit := range []int{0, 10} {
			s, err := read(db, sql, limit, false)
			if err != nil {
				t.Errorf("%s\nis refused: %v", sql, err)
				continue
			}
			s.prepared.Close()
		}
	}
}

// acting are functions that do more than compute, with arguments that fit.
var acting = []string{
	"query('select 42')", "query_table('kpi.value')", "query_table(['kpi.value'])",
	"json_execute_serialized_sql('{}')", "arrow_scan(1, 2, 3)", "arrow_scan_dumb(4096, 8192, 12288)", "seq_scan('x')",
	"read_csv('/etc/passwd')", "read_text('/etc/passwd')", "read_blob('/etc/passwd')", "read_parquet('/etc/passwd')",
	"read_json('/etc/passwd')", "read_duckdb('/tmp/x.db')", "glob('/etc/*')", "sniff_csv('/etc/passwd')", "parquet_metadata('/x')",
	"getenv('HOME')", "current_setting('threads')", "getvariable('x')", "which_secret('x', 's3')",
	"duckdb_settings()", "duckdb_secrets()", "duckdb_logs()", "duckdb_views()", "duckdb_databases()", "duckdb_variables()",
	"pragma_table_info('kpi.value')", "pragma_storage_info('value')", "pragma_database_size()", "pragma_version()",
	"checkpoint()", "force_checkpoint()", "enable_logging()", "disable_logging()", "enable_profiling()", "truncate_duckdb_logs()",
	"enable_peg_parser()", "write_log('x')", "setseed(0.5)", "sleep_ms(1)", "pg_sleep(1)", "nextval('s')", "currval('s')",
	"json_serialize_sql('select 1')", "json_deserialize_sql('{}')", "json_serialize_plan('select 1')",
	"sql_auto_complete('sel')", "histogram_values('kpi.value', region_code)", "histogram('kpi.value', region_code)",
	"test_all_types()", "repeat_row(1)", "summary('x')", "pg_get_viewdef(1)", "finalize('x'::blob)", "combine('x'::blob, 'y'::blob)",
	"create_sort_key(1, 'asc')", "__internal_compress_integral_utinyint(1, 1)", "in_search_path('a', 'b')", "txid_current()",
	"current_query()",
	"cast_to_type(1, 2)", "remap_struct(1, 2, 3, 4)", "constant_or_null(1, 2)", "variant_bytes_to_variant('x'::blob)",
}

// spellings are the ways to write one call that DuckDB takes for the same.
func spellings(call string) (all []string) {
	name, rest, _ := strings.Cut(call, "(")
	rest = "(" + rest
	gaps := []string{"", " ", "\t", "\n", "\r", "\f", "\v", "/**/", "/* ( */", "--x\n", "--x\r", "--x\r\n", "\ufeff", "\u200b",
		"\u2060", "\u00a0", "\u3000", "\u180e"}
	for r := rune(0x80); r < 0x3100; r++ { // all that Unicode calls a space, whatever DuckDB thinks
		if unicode.IsSpace(r) {
			gaps = append(gaps, string(r))
		}
	}
	for _, gap := range gaps {
		all = append(all, name+gap+rest)
	}
	for _, spelt := range []string{
		strings.ToUpper(name), `"` + name + `"`, `"` + strings.ToUpper(name[:1]) + name[1:] + `"`,
		"main." + name, "system.main." + name, `"system"."main"."` + name + `"`, "pg_catalog." + name, "main/**/." + name, "main . " + name,
		`U&"` + fmt.Sprintf(`\%04x`, name[0]) + name[1:] + `"`,
	} {
		all = append(all, spelt+rest)
	}
	return all
}

// places are statements in which a call can stand.
var places = []string{
	"select * from %s", "from %s", "select %s", "values (%s)", "select 1 where %s is null", "select * from kpi.value, %s",
	"select * from kpi.value, lateral %s", "select * from (select * from %s)", "with a as (from %s) select * from a",
	"with a as materialized (select %s) from a", "with recursive a(n) as (select 1 union all select n + 1 from a, %s) from a",
	"select (select count(*) from %s)", "select exists (from %s)", "select 1 in (from %s)", "select [%s]", "select {'a': %s}",
	"select map {'a': %s}",
	"select [%s for x in [1]]", "select [x for x in [1] if %s is null]", "select list_transform([1], lambda x: %s)",
	"select list_reduce([1], lambda x, y: %s)",
	"select case when true then %s end", "select coalesce(null, %s)", "select try(%s)", "select cast(%s as varchar)",
	"select (%s)::varchar",
	"select sum(1) filter (%s is null)", "select sum(1 order by %s)", "select sum(%s) over ()", "select sum(1) over (partition by %s)",
	"select sum(1) over (order by %s rows between 1 preceding and current row)", "select lag(1, 1, %s) over ()",
	"select 1 order by %s", "select 1 limit (select count(*) from %s)", "select 1 limit %s", "select 1 offset %s",
	"select 1 group by %s", "select 1 having %s is null",
	"select 1 qualify %s is null", "select distinct on (%s) 1", "select * replace (%s as value) from kpi.value",
	"select columns(c -> %s) from kpi.value",
	"select columns(lambda c: %s is null) from kpi.value", "select unnest([%s])", "select * from unnest([%s])", "select * from range(%s)",
	"select * from kpi.value a join kpi.value b on %s is null", "select * from kpi.value a asof join kpi.value b on a.value >= %s",
	"select * from kpi.value positional join %s", "select * from kpi.value semi join (from %s) using (value)",
	"pivot kpi.value on period in ('a') using sum(value), any_value(%s)", "pivot (from %s) on period in ('a') using count(*)",
	"unpivot (from %s) on columns(*)",
	"select 1 union all select %s", "(select 1) union all by name (from %s)", "select 1 except select %s", "explain select %s",
	"explain analyze from %s",
	"EXPLAIN/**/ANALYZE select %s", "describe select %s", "summarize from %s", "describe from %s",
	"select * from (describe from %s)", "select * from (summarize from %s)",
	"select 'x' || %s", "select -%s", "select %s + 1", "select %s between 1 and 2", "select not (%s is null)",
	"select %s is distinct from 1", "select %s collate nocase", "select (%s).a", "select (%s)[1]", "select (%s)[1:2]",
	"select date_part('year', %s)", "select struct_pack(a := %s)", "select union_value(a := %s)",
	"select * from %s with ordinality", "select * from %s tablesample 10%%", "select format('{}', %s)",
}

// No acting function passes, however it is spelt and wherever it stands.
func TestActingFunctionsAreRefused(t *testing.T) {
	db := reader(t)
	try := func(sql string) {
		s, err := read(db, sql, 10, false)
		if err == nil {
			s.prepared.Close()
			t.Errorf("%q is allowed", sql)
		}
	}
	for i, call := range acting {
		for j, place := range places {
			if (i+j)%8 == 0 { // every place and every function, not each with each
				try(fmt.Sprintf(place, call))
			}
		}
		for j, spelt := range spellings(call) {
			if (i+j)%8 == 0 || i == 0 {
				try(fmt.Sprintf([]string{"select * from %s", "select %s"}[j%2], spelt))
			}
		}
		name, rest, _ := strings.Cut(call, "(")
		if arg, more, _ := strings.Cut(strings.TrimSuffix(rest, ")"), ", "); arg != "" {
			try(fmt.Sprintf("select (%s).%s(%s)", arg, name, more))
			try(fmt.Sprintf("select x.%s(%s) from (select %s as x)", name, more, arg))
		}
	}
}

// DuckDB's own views are no tables of the release, and what looks like a file is none.
func TestTablesThatAreRefused(t *testing.T) {
	db := reader(t)
	for _, name := range []string{
		"duckdb_settings", "main.duckdb_settings", "system.duckdb_views", "system.main.duckdb_databases", `"DUCKDB_LOGS"`,
		"duckdb_views", "pragma_database_list",
		"sqlite_master", "main.sqlite_schema", "pg_catalog.pg_settings", "pg_settings", "pg_views", "pg_proc",
		"information_schema.nothing", "temp.x", "system.x",
		"'a.csv'", `"/etc/passwd"`, `"a.parquet"`, "'https://example.com/a.json'", "'*.csv'", `"file:x"`, "other.main.x",
		"release.pg_catalog.pg_type",
		"lake.duckdb", "kpi.parquet", `kpi."a.csv"`, `kpi."/etc/a.json.gz"`, "main.db",
	} {
		for _, place := range []string{"from %s", "select (select count(*) from %s)", "describe %s", "summarize %s",
			"with duckdb_x as (select 1) from duckdb_x, %s",
			"with a as (from %[1]s), duckdb_settings as (select 1) from a, %[1]s", "explain from %s"} {
			if s, err := read(db, fmt.Sprintf(place, name), 0, false); err == nil {
				s.prepared.Close()
				t.Errorf(place+" is allowed", name)
			}
		}
	}
	for _, sql := range []string{"show variables", "show settings", "select $1", "select ?", "select $name",
		"select 1::pointer", `select 1::"POINTER"`,
		"select null::my.type", "select 'POINT(1 1)'::geometry", "select cast('POINT(1 1)' as GEOMETRY)",
		"select try_cast(null as geometry[])", "select null::struct(a geometry)", "select sum(1) export_state",
		"select default", "select * from kpi.value at (version => 1)",
		"select 1) union all (select 2", "select 1 /*", "select 1 --\n; select 2", ";", "--",
		"select 1\x00; drop table kpi.value", "select '\xff'",
		"explain explain select 1", "explain copy kpi.value to '/tmp/x'", "explain (format json) select 1; select 2",
		"explain analyze delete from kpi.value"} {
		if s, err := read(db, sql, 0, false); err == nil {
			s.prepared.Close()
			t.Errorf("%q is allowed", sql)
		}
	}
}

// A tree nested without end is refused and brings nothing down.
func TestDepth(t *testing.T) {
	db := reader(t)
	for _, n := range []int{100, 1_500} {
		for _, sql := range []string{
			"select " + strings.Repeat("(", n) + "1" + strings.Repeat(")", n), "select " + strings.Repeat("-", n%2+1) +
				strings.Repeat("[", n) + strings.Repeat("]", n),
			"select 1" + strings.Repeat(" + 1", n), strings.Repeat("select * from (", n) + "select 1" + strings.Repeat(")", n),
			"select " + strings.Repeat("not ", n) + "true", "select 1" + strings.Repeat(" union all select 1", n), "select " +
				strings.Repeat("case when true then ", n) + "1" + strings.Repeat(" end", n),
		} {
			s, err := read(db, sql, 10, false)
			var refused refusal
			var own *duck.SQLError
			var other notReading
			switch {
			case err == nil:
				s.prepared.Close()
			case !errors.As(err, &refused) && !errors.As(err, &own) && !errors.As(err, &other):
				t.Errorf("depth %d of %.40q: %v", n, sql, err)
			}
		}
	}
	if _, err := read(db, "select '"+strings.Repeat("x", MaxText)+"'", 0, false); err == nil {
		t.Error("a query of more than a megabyte is read")
	}
}

// FuzzRead: whatever is read and found allowed, its own tree written out again is
// allowed too, and calls nothing that acts.
func FuzzRead(f *testing.F) {
	for _, place := range places {
		f.Add(fmt.Sprintf(place, "query\ufeff('select 1')"))
		f.Add(fmt.Sprintf(place, "lower('x')"))
	}
	for _, sql := range lines(f, "testdata/needs.sql") {
		f.Add(sql)
	}
	db := reader(f)
	banned := map[string]bool{}
	for _, call := range acting {
		name, _, _ := strings.Cut(call, "(")
		banned[name] = name != "histogram" // an aggregate as well
	}
	f.Fuzz(func(t *testing.T, sql string) {
		if readable(sql) != nil {
			t.Skip()
		}
		inner, _ := cutExplain(sql)
		tree, err := treeOf(db, inner)
		if err != nil || check(tree, db) != nil {
			return
		}
		var look func(v any)
		look = func(v any) {
			switch v := v.(type) {
			case map[string]any:
				if name, ok := v["function_name"].(string); ok && banned[strings.ToLower(name)] {
					t.Fatalf("%q calls %s", sql, name)
				}
				for _, e := range v {
					look(e)
				}
			case []any:
				for _, e := range v {
					look(e)
				}
			}
		}
		look(tree)
	})
}
