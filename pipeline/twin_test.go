package pipeline_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"citykpi/pipeline/load"
	"citykpi/pipeline/projecttest"
)

// Of files with the same bytes one is read, whichever names the others have, and these become what it becomes: a
// file is known only where a batch has its bytes.
func TestTwinsBecomeWhatTheFirstBecomes(t *testing.T) {
	for name, c := range map[string]struct {
		file  string // the well-named one; the others come before and behind it by name, and no contract wants them
		total string
		want  []string
	}{
		"loaded": {"台账第0号.csv", "合计,3\n", []string{"A.csv known", "台账第0号.csv loaded", "鼠.csv known"}},
		"held":   {"台账第0号.csv", "合计,4\n", []string{"A.csv refused", "台账第0号.csv held", "鼠.csv refused"}},
	} {
		p := projecttest.New(t)
		for source, files := range map[string]string{"own": "台账第*", "other": "账册第*"} { // alike but for the names of their files
			projecttest.Write(t, filepath.Join(p.Dir, "data", "sources", source+".yaml"), `source: `+source+`
name: `+source+`
files: ["`+files+`"]
bureau: 市科技局
mode: append
key: [no]
data_date: [held_on]
columns:
  no: {cn: [编号], type: text, required: true}
  amount: {cn: [数量], type: integer}
  held_on: {cn: [日期], type: date}
`)
		}
		p = projecttest.Open(t, p.Dir)
		for _, file := range []string{"A.csv", c.file, "鼠.csv"} {
			projecttest.Write(t, p.Var("inbox", "市科技局", file), "编号,数量,日期\nD1,1,2024-05-01\nD2,2,2024-05-02\n"+c.total)
		}
		results, err := loadAt(t, p, "2026-11-22T10:00", false)
		if (err == nil) != (name == "loaded") {
			t.Errorf("%s: %v", name, err)
		}
		var got []string
		for _, r := range results {
			got = append(got, filepath.Base(r.File)+" "+r.Status)
			if r.Status == load.StatusKnown && r.BatchID == "" {
				t.Errorf("%s: %s is known, and no batch", name, r.File)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %s, want %s", name, strings.Join(got, ", "), strings.Join(c.want, ", "))
		}
	}
}
