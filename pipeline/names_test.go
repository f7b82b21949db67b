package pipeline_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"citykpi/pipeline"
	"citykpi/pipeline/load"
	"citykpi/pipeline/projecttest"
	"citykpi/pipeline/release"
)

// A contract may call its columns what it likes: no name is one of those that rows are settled by. What is withdrawn
// under a key called id was once looked for under the number that the program gave to the key.
func TestColumnsMayHaveAnyName(t *testing.T) {
	p := projecttest.New(t)
	names := []string{"id", "key_id", "seq", "batch", "rows", "said_of", "says", "stands", "place", "filename",
		"last_row", "rows_above", "first_row", "r", "b", "s", "before_says", "often", "order", "hash"}
	for _, key := range names {
		projecttest.Write(t, filepath.Join(p.Dir, "data", "sources", "own_"+key+".yaml"), fmt.Sprintf(`source: own_%s
name: 台账
bureau: 市科技局
files: ["台账-%s-*"]
mode: append
key: [%s]
data_date: [file_name]
columns:
  %s: {cn: [编号], type: integer, required: true}
  amount: {cn: [数量], type: integer}
`, key, key, key, key))
	}
	p = projecttest.Open(t, p.Dir)
	for _, key := range names {
		inbox := func(period, text string) { // no two files have the same bytes
			projecttest.Write(t, p.Var("inbox", "市科技局", "台账-"+key+"-"+period+".csv"), strings.ReplaceAll(text, "\n", ","+key+"\n"))
		}
		inbox("2026Q1", "编号,数量\n0,1\n1,2\n2,4\n3,8\n")
		inbox("2026Q2", "编号,数量,处理方式\n2,,作废\n1,20,更正\n")
		inbox("2026Q3", "编号,数量\n3,80\n")
	}
	r, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock})
	if err != nil {
		t.Fatalf("%v %+v", err, r.Failures)
	}
	for _, f := range r.Files {
		if f.Status != load.StatusLoaded {
			t.Fatalf("%s is %s: %s", f.File, f.Status, f.Error)
		}
	}
	steps := count(t, filepath.Join(pipeline.Releases(p).Dir(r.Release.ID), release.DatabaseFile),
		"select source, string_agg(step || ' ' || key_text, ', ' order by row_no, step) from core.correction group by all")
	extract, err := pipeline.LakeOf(t.Context(), p, r.Release, func() {})
	if err != nil {
		t.Fatal(err)
	}
	var sums []string
	for _, key := range names {
		sums = append(sums, fmt.Sprintf(`select 'own_%[1]s', string_agg("%[1]s" || ' ' || amount, ', ' order by "%[1]s")
			from lake.lake.own_%[1]s`, key))
	}
	rows := count(t, extract, strings.Join(sums, " union all "))
	for _, key := range names {
		if got, want := rows["own_"+key], "0 1, 1 20, 3 80"; got != want {
			t.Errorf("key %s: rows %s, want %s", key, got, want)
		}
		if got, want := steps["own_"+key], "again 3, withdraw 2, replace 1"; got != want {
			t.Errorf("key %s: steps %s, want %s", key, got, want)
		}
	}
}

// count reads two columns of a database, the second by the first.
func count(t *testing.T, database, query string) map[string]string {
	t.Helper()
	db, err := sql.Open("duckdb", database+"?access_mode=read_only")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	got := map[string]string{}
	for rows.Next() {
		var name string
		var what sql.NullString
		if err := rows.Scan(&name, &what); err != nil {
			t.Fatal(err)
		}
		got[name] = what.String
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return got
}
