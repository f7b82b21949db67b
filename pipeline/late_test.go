package pipeline_test

import (
	"slices"
	"strings"
	"testing"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/projecttest"
)

// A list of an earlier day that comes late does not undo what a later one says, whether rows of the source
// correct one another or not; it is told. A file that says it corrects counts, and so does what only the
// older list names.
func TestAnOlderListComesLate(t *testing.T) {
	const head = "平台编号,平台名称,平台类型,级别,所在园区,认定日期,撤销日期,所属区"
	platform := func(no, from, until string) string {
		return no + ",平台" + no + ",公共实习实训中心,市级,," + from + "," + until + ",江宁区"
	}
	file := func(action string, rows ...string) string {
		return strings.Join(slices.Insert(rows, 0, head+action), "\n") + "\n"
	}
	q := kpi.Quarter{Year: 2026, N: 1}
	older := func(r pipeline.Result) int64 {
		t.Helper()
		return checkOf(r, "come late").Rows
	}
	for _, c := range []struct{ name, action, column string }{
		{"no row corrects another", "", ""},
		{"rows correct others", ",处理方式", ",作废"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := projecttest.New(t)
			newest := []string{platform("P1", "2025-11-01", "2026-02-10"), platform("P2", "2025-12-01", "")}
			if c.action != "" {
				for i := range newest {
					newest[i] += ","
				}
				newest = append(newest, platform("P3", "2025-08-01", "")+c.column) // so that settle is asked of P3
			}
			r := put(t, p, 0, map[string]string{
				"市科技局/创新平台名录_2025Q3.csv": file("", platform("X0", "2024-05-01", ""), platform("P3", "2025-08-01", "")),
				"市科技局/创新平台名录_2026Q1.csv": file(c.action, newest...),
			})
			stood := map[string]float64{"": 3, ",作废": 2}[c.column]
			value(t, r, "NJ88-031", q, stood)
			r = put(t, p, 1,
				map[string]string{"市科技局/创新平台名录_2025Q4.csv": file("", platform("P1", "2025-11-01", ""), platform("P4", "2025-12-02", ""))})
			value(t, r, "NJ88-031", q, stood+1) // P4 is new, P1 stays withdrawn
			if n := older(r); n != 1 {
				t.Errorf("%d rows of the older list are told to say otherwise, want that of P1", n)
			}
			r = put(t, p, 2, map[string]string{"市科技局/创新平台名录_2025Q4_更正.csv": file("", platform("P1", "2025-11-01", ""))})
			value(t, r, "NJ88-031", q, stood+2)
		})
	}
}
