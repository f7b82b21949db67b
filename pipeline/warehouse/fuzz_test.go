package warehouse

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// A model and its spec are refused with the file they are in, or can be run in an order
// in which each follows what it reads; what it is said to read stands on the line named.
func FuzzModels(f *testing.F) {
	const spec = "model: staging.m\ngrain: one row\nkey: [a]\ncolumns: {a: {not_null: true}}\n"
	f.Add("select a from lake.x join core.y on true -- from core.z\n", spec)
	f.Add("select 'it''s from core.q' as a,\n\"from core.w\" from LAKE.x /* join core.v */", spec)
	f.Add("select 1 from staging.m", spec)
	f.Add("with y as (select 1 from lake.x, \"core\".\"Y\")\nselect a from y", spec)
	f.Add("from core.\xff.. join", "model: staging.m\nkey: [b]\n")
	f.Fuzz(func(t *testing.T, sql, spec string) {
		given := []string{"lake.x", "core.y"}
		list, err := LoadModels(fstest.MapFS{"staging/m.sql": {Data: []byte(sql)}, "staging/m.yml": {Data: []byte(spec)}}, given)
		if err != nil {
			for _, line := range strings.Split(err.Error(), "\nsql/") {
				if !strings.HasPrefix(strings.TrimPrefix(line, "sql/"), "staging/m.") && !strings.Contains(line, "circle") {
					t.Fatalf("%v does not name the file", err)
				}
			}
			return
		}
		m, ok := list.Find("staging.m")
		if !ok || m.Spec.Model != m.Name || len(m.Spec.Key) == 0 || list.Hash(m.Name, Recognition{}, nil) == "" {
			t.Fatalf("accepted %+v", m)
		}
		lines := strings.Split(sql, "\n")
		for _, r := range m.Refs {
			_, name, _ := strings.Cut(r.Table, ".") // quotes may stand between
			if !slices.Contains(given, r.Table) || !strings.Contains(strings.ToLower(strings.Join(lines[r.Line-1:], "\n")), name) {
				t.Fatalf("said to read %+v", r)
			}
		}
		p := &parser{}
		defer p.close()
		if again, err := p.refs("staging/m.sql", "-- x\n"+sql); err != nil || len(again) != len(m.Refs) {
			t.Fatalf("a comment before it changes what it reads: %v, %v", again, err)
		}
	})
}
