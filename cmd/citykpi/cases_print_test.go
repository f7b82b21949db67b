package main

import (
	"bytes"
	"errors"
	"testing"

	"citykpi/sql/modeltest"
)

// What test prints of a case that holds, of one that does not, and at the end.
func TestCasesAsPrinted(t *testing.T) {
	for format, want := range map[string]string{
		"table": "ok      sql/kpi/a.test.yaml  it holds\n" +
			"FAILED  sql/kpi/b.test.yaml  two\\nlines\n" +
			"        sql/kpi/b.test.yaml:7: 甲.csv: got refused: a\\nb, want loaded\n" +
			"        sql/kpi/b.test.yaml:9: 乙.csv: got not refused, want refused: x\n" +
			"\ncases: 2, failed: 1\nmodels without a case: kpi.c, kpi.d\n",
		"csv": "status,file,line,case,what,want,got\n" +
			"ok,sql/kpi/a.test.yaml,,it holds,,,\n" +
			"failed,sql/kpi/b.test.yaml,7,two\\nlines,甲.csv,loaded,refused: a\\nb\n" +
			"failed,sql/kpi/b.test.yaml,9,two\\nlines,乙.csv,refused: x,not refused\n",
	} {
		var out bytes.Buffer
		r := caseReport{app: &app{out: &out, format: format}, Without: []string{"kpi.c", "kpi.d"}}
		r.tell(modeltest.Result{Case: modeltest.Case{File: "sql/kpi/a.test.yaml", Says: "it holds"}}, nil)
		r.tell(modeltest.Result{
			Case: modeltest.Case{File: "sql/kpi/b.test.yaml", Says: "two\nlines"},
			Differences: []modeltest.Difference{{Line: 7, What: "甲.csv", Want: "loaded", Got: "refused: a\nb"},
				{Line: 9, What: "乙.csv", Want: "refused: x", Got: "not refused"}},
		}, nil)
		if err := r.end(); !errors.Is(err, errCases) || exitCode(err) != exitFailed {
			t.Error(err)
		}
		if out.String() != want {
			t.Errorf("%s:\n%s\nwant\n%s", format, &out, want)
		}
	}
}
