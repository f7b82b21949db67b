package warehouse

import (
	"strings"
	"testing"
	"testing/fstest"

	"citykpi/pipeline/duck"
)

// Columns are read by their places: a query that gives others than its .yml says is not read, and its file is named.
func TestPagesGiveTheColumnsThatAreRead(t *testing.T) {
	const spec = "page: unmatched\ngrain: one row per source\ncolumns: [source, rows]\n"
	for what, c := range map[string]struct{ query, spec, want string }{
		"as it says":       {"select 'award' as source, 2 as rows", spec, ""},
		"in another order": {"select 2 as rows, 'award' as source", spec, "sql/page/unmatched.sql: its columns are"},
		"one more":         {"select 'award' as source, 2 as rows, 3 as more", spec, "sql/page/unmatched.sql: its columns are"},
		"of another name":  {"select 1", strings.Replace(spec, "unmatched", "waiting", 1), `sql/page/unmatched.yml: page is "waiting"`},
		"with no columns":  {"select 1", "page: unmatched\ngrain: one\n", "sql/page/unmatched.yml: grain and columns"},
	} {
		db, err := Open(t.Context(), "", duck.Limits{Threads: 1})
		if err != nil {
			t.Fatal(err)
		}
		db.pages = fstest.MapFS{"page/unmatched.sql": {Data: []byte(c.query)}, "page/unmatched.yml": {Data: []byte(c.spec)}}
		n, err := db.Unmatched(t.Context())
		if c.want == "" && (err != nil || n["award"] != 2) || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, %v", what, n, err)
		}
		db.Close()
	}
}
