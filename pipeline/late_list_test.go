package pipeline_test

import "testing"

// A list that comes after a newer one does not bring back what the newer one had taken back, nor what it said of
// a row before, unless it says that it corrects.
func TestAnOlderListSaysNothingOfANewerOne(t *testing.T) {
	const (
		head  = "平台编号,平台名称,平台类型,级别,认定日期,撤销日期,所属区\n"
		stood = "P1,平台一,公共实习实训中心,市级,2025-11-01,,江宁区\n"
		gone  = "P1,平台一,公共实习实训中心,市级,2025-11-01,2026-02-10,江宁区\n"
		other = "P2,平台二,公共实习实训中心,市级,2025-12-01,,江宁区\n"
		third = "P3,平台三,公共实习实训中心,市级,2025-12-02,,江宁区\n"
	)
	list := func(of, rows string) map[string]string {
		return map[string]string{"市科技局/创新平台认定名录_" + of + ".csv": head + rows}
	}
	p := newProject(t)
	for i, step := range []struct {
		name  string
		files map[string]string
		want  float64
	}{
		{"the newer list comes first", list("2026Q1", gone+other), 1},
		{"the older one, as it was then, with a row that no other has", list("2025Q4", stood+third), 2},
		{"a correction of the older one means what it says", list("2025Q4_更正", stood), 3},
		{"the next list is newer than all", list("2026Q2", gone), 2},
	} {
		r := put(t, p, i, step.files)
		if a := city(t, r, "NJ88-031"); a.Value == nil || *a.Value != step.want {
			t.Errorf("%s: %s platforms stand, want %.0f", step.name, show(a.Value), step.want)
		}
	}
}
