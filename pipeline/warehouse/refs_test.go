package warehouse

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

func TestWhatATextReads(t *testing.T) {
	p := &parser{}
	t.Cleanup(p.close)
	for name, c := range map[string]struct{ sql, want string }{
		"from and join":       {"select a.i\nfrom core.a a\nleft join\n  kpi.b b on a.i = b.i", "core.a:2 kpi.b:4"},
		"a list of tables":    {"select 1\nfrom core.a, core.b x,\n  mart.c as y", "core.a:2 core.b:2 mart.c:3"},
		"quoted names":        {`select 1 from "core"."a", core."b c", "Kpi".D`, "core.a:1 core.b c:1 kpi.d:1"},
		"other case":          {"SELECT 1 FROM Core.A JOIN LAKE.x ON true", "core.a:1 lake.x:1"},
		"comments":            {"-- from core.x\nselect 1 /* from core.y\njoin core.z */ from core.a -- join core.w", "core.a:3"},
		"texts":               {"select 'from core.x', 'it''s from core.y' from core.a where b = ' join core.z'", "core.a:1"},
		"names like from":     {`select "from core.x", f.from_tier from core.a f`, "core.a:1"},
		"extract from":        {"select extract(year from core.on_date) from lake.a core", "lake.a:1"},
		"a part of the query": {"with b as (select 1 from core.a)\nselect 1 from b, core.c", "core.a:1 core.c:2"},
		"a part named like one": {"with batch as (select 1 from core.batch), \"core.y\" as (select 2)\nselect 1 from " +
			"batch, \"core.y\"", "core.batch:1"},
		"parts of a recursion": {"with recursive r as (select 1 from core.a union all select 1 from r join core.b on true) " +
			"select 1 from r", "core.a:1 core.b:1"},
		"a query in a condition": {"select 1 from core.a a\nwhere exists (select 1 from staging.b b where b.i = a.i)\n  and a.i " +
			"in (select i from mart.c)", "core.a:1 staging.b:2 mart.c:3"},
		"a query as a column": {"select (select max(i) from core.b) as m,\n  1\nfrom core.a", "core.b:1 core.a:3"},
		"a query as a table":  {"select 1 from (select 2 from core.a, (select 3 from core.b) y) x", "core.a:1 core.b:1"},
		"a union": {"select 1 from core.a\nunion all\nselect 2 from core.b\nexcept\nselect 3 from core.a",
			"core.a:1 core.b:3 core.a:5"},
		"aliases": {"select core.i from kpi.a as core join core.b as kpi on core.i = kpi.i", "kpi.a:1 core.b:1"},
		"rows of what is given": {"select uuid, today from core.a, unnest(a.list) u, range(3) r, generate_series(1, 2), (values (1)) v, " +
			"lateral (select 1)", "core.a:1"},
		"a database's":       {"select 1 from lake.main.a", "lake.main.a:1"},
		"characters of more": {"select '南京市\n江北新区' as 地区,\n  1\nfrom core.a", "core.a:4"},
	} {
		refs, err := p.refs("kpi/a.sql", c.sql)
		var got []string
		for _, r := range refs {
			got = append(got, fmt.Sprintf("%s:%d", r.Table, r.Line))
		}
		if err != nil || strings.Join(got, " ") != c.want {
			t.Errorf("%s: %s, %v, want %s", name, strings.Join(got, " "), err, c.want)
		}
	}
	for sql, want := range map[string]string{
		"select 1\nfrom core.a\nwhere":              "sql/kpi/a.sql:3: syntax error at end of input. Try:",
		"select '南京市'\nfrom core.a b c":             "sql/kpi/a.sql:2: syntax error at or near",
		"delete from core.a":                        "sql/kpi/a.sql:1: Only SELECT statements",
		"select '\xff' from core.a":                 "sql/kpi/a.sql: ",
		"select 1 from core.a where '" + "\n" + "x": "sql/kpi/a.sql:1: unterminated quoted string",
		"select 1\nfrom batch":                      "sql/kpi/a.sql:2: batch is no table of a layer and no part of the query. Try:",
		"select 1 from citykpi.core.a":              "sql/kpi/a.sql:1: citykpi.core.a is no table of a layer",
		"select 1 from core.a,\n'/data/a.parquet'":  "sql/kpi/a.sql:2: /data/a.parquet is no table of a layer",
		"select 1 from pg_catalog.pg_class":         "sql/kpi/a.sql:1: pg_catalog.pg_class is no table of a layer",
		"with b as (from read_csv('a'))\nfrom b":    "sql/kpi/a.sql:1: read_csv() reads what no batch brought",

		"with \"read_csv()\" as (select 1)\nselect 1 from read_csv('a')":     "sql/kpi/a.sql:2: read_csv() reads what no batch brought",
		"with \"current_date\" as (select 1) select current_date":            "sql/kpi/a.sql:1: current_date says something else",
		"with \"citykpi.core.a\" as (select 1) select 1 from citykpi.core.a": "sql/kpi/a.sql:1: citykpi.core.a is no table of a layer",

		"select 1 from (with \"x.csv\" as (select 1) from \"x.csv\"),\n'x.csv'": "sql/kpi/a.sql:2: x.csv is no table of a layer",
		"with \"x.csv\" as (from 'x.csv')\nfrom \"x.csv\"":                      "sql/kpi/a.sql:1: x.csv is no table of a layer",
		"with a as (from b),\nb as (select 1) from a":                           "sql/kpi/a.sql:1: b is no table of a layer",

		"select 1 from core.a using sample 10%": "sql/kpi/a.sql:1: a sample says something else at each run",
		"select 1 from core.a tablesample 10%":  "sql/kpi/a.sql:1: a sample says something else at each run",

		"select 1\nfrom query('select 1')":       "sql/kpi/a.sql:2: query() reads what no batch brought",
		"select current_date - 1\nfrom core.a":   "sql/kpi/a.sql:1: current_date says something else at each run",
		"select 1 from core.a\nwhere i < NOW()":  "sql/kpi/a.sql:2: now() says something else at each run",
		"select 1 from core.a order by random()": "sql/kpi/a.sql:1: random() says something else at each run",
	} {
		if _, err := p.refs("kpi/a.sql", sql); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %q", sql, err, want)
		}
	}
}

// What is known of a text holds for that text: another is parsed.
func TestRefsOfAnEditedModel(t *testing.T) {
	files := sqlFiles(map[string]string{"core.a": "select id from lake.d", "core.b": "select id from lake.d, core.a"})
	of := func(want string) {
		t.Helper()
		ms, err := LoadModels(files, []string{"lake.d", "lake.e"})
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(ms[0].Refs, ms[1].Refs); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	of("[{lake.d 1}] [{lake.d 1} {core.a 1}]")
	text, err := ListRefs(files)
	if err != nil {
		t.Fatal(err)
	}
	files[RefsFile] = &fstest.MapFile{Data: text}
	of("[{lake.d 1}] [{lake.d 1} {core.a 1}]")
	files[RefsFile].Data = []byte(strings.ReplaceAll(string(text), `"lake.d","Line":1`, `"lake.e","Line":7`))
	of("[{lake.e 7}] [{lake.e 7} {core.a 1}]")
	files["core/b.sql"].Data = []byte("select id from core.a\njoin lake.d on true")
	of("[{lake.e 7}] [{core.a 1} {lake.d 2}]")
	files[RefsFile].Data = []byte("core.a")
	if _, err := LoadModels(files, nil); err == nil || !strings.Contains(err.Error(), "sql/refs.json") {
		t.Error(err)
	}
}
