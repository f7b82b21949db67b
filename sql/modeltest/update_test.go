package modeltest

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"citykpi/pipeline/project"
)

// What is rewritten keeps comments, order and form; what cannot be is told and left alone.
func TestRewritten(t *testing.T) {
	num := func(v float64) *float64 { return &v }
	head := "# 案例\ncase: 一例 # 说明\nas_of: [2024-12-31, 2025-06-30]\nfiles: {市科技局/甲.csv: \"甲\\n\"}\nexpect:\n  values:\n"
	for _, c := range []struct{ name, before, after string }{
		{"a list on one line", "    - {id: 甲一, values: [ 1,2 ], region: \"320100\"} # 为何\n",
			"    - {id: 甲一, values: [null, 3.5], region: \"320100\"} # 为何\n"},
		{"two on one line", "    [{id: 甲, values: [1, 2]}, {id: 乙, values: [1, 2]}]\n",
			"    [{id: 甲, values: [null, 3.5]}, {id: 乙, values: [null, 3.5]}]\n"},
		{"lines of their own", "    - id: A # 甲\n      values: # 两日\n        - 1 # 年末\n        - -20000 # 半年\n  rejects: []\n",
			"    - id: A # 甲\n      values: # 两日\n        - null # 年末\n        - 3.5 # 半年\n  rejects: []\n"},
		{"none yet", "    - {id: A, values: []}\n    - {id: B }\n    - id: C\n      region: \"320100\" # 全市\n",
			"    - {id: A, values: [null, 3.5]}\n    - {id: B, values: [null, 3.5] }\n    - id: C\n      region: " +
				"\"320100\" # 全市\n      values: [null, 3.5]\n"},
		{"no line end", "    - id: C\n      region: \"320100\"", "    - id: C\n      region: \"320100\"\n      values: [null, 3.5]\n"},
		{"carriage returns", "    - {id: A, values: [1, 2]}\r\n", "    - {id: A, values: [null, 3.5]}\r\n"},
		{"what is right already", "    - {id: A, values: [~, 3.50]}\n", "    - {id: A, values: [~, 3.50]}\n"},
		{"a list over lines", "    - {id: A, values: [\n      1, # 年末\n      2]}\n",
			"    - {id: A, values: [\n      null, # 年末\n      3.5]}\n"},
		{"an anchor", "    - {id: A, values: &v [1, 2]}\n    - {id: B, values: *v}\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			parsed, err := Parse("case.test.yaml", []byte(head+c.before))
			if err != nil {
				t.Fatal(err)
			}
			r := Result{Case: parsed}
			for range parsed.Expect.Values {
				r.got = append(r.got, []*float64{nil, num(3.5)})
			}
			text, err := r.rewritten()
			if c.after == "" {
				if err == nil || !strings.Contains(err.Error(), "case.test.yaml") ||
					!strings.Contains(err.Error(), "Try: values: [1, null]") {
					t.Errorf("%v\n%s", err, text)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if string(text) != head+c.after {
				t.Errorf("%s\nwant\n%s", text, head+c.after)
			}
		})
	}
}

// Figures of a shipped case go into a file of the project's own, which wins from then on.
func TestUpdateOfAShippedCase(t *testing.T) {
	dir := t.TempDir()
	if err := write(filepath.Join(dir, project.ConfigFile), "region: \"320100\"\n"); err != nil {
		t.Fatal(err)
	}
	p, err := project.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	cases, err := Find(p)
	if err != nil {
		t.Fatal(err)
	}
	was := cases[slices.IndexFunc(cases, func(c Case) bool { return c.Model == "kpi.technology_manager" })]
	r := Result{Case: was, Differences: []Difference{{ID: "NJ88-023"}}}
	for _, v := range was.Expect.Values {
		r.got = append(r.got, v.Values)
	}
	r.got[0] = []*float64{nil, nil}
	if left, err := Update(p, r); err != nil || left != nil {
		t.Fatal(left, err)
	}
	if cases, err = Find(p); err != nil {
		t.Fatal(err)
	}
	now := cases[slices.IndexFunc(cases, func(c Case) bool { return c.File == was.File })]
	if want := strings.Replace(string(was.text), "values: [1, 2]", "values: [null, null]", 1); string(now.text) != want {
		t.Errorf("%s\nwant\n%s", now.text, want)
	}
}
