package pipeline_test

import (
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/projecttest"
)

// A row of the whole city beside those of its districts is their total and not one more of them: what it has beyond
// them belongs to no district. Less than they have is a part of its own, and a check says so.
func TestTheWholeBesideItsDistricts(t *testing.T) {
	const head = "地区,统计截止日期,累计业务收入（元）\n"
	for _, c := range []struct {
		name, rows   string
		whole, named float64
		warned       int64
	}{
		{"districts alone", "江宁区,2025-12-31,900\n玄武区,2025-12-31,60\n", 960, 900, 0},
		{"with their total", "江宁区,2025-12-31,900\n玄武区,2025-12-31,60\n全市,2025-12-31,960\n", 960, 900, 0},
		{"with a total beyond them", "南京市,2025-12-31,1000\n江宁区,2025-12-31,900\n", 1000, 900, 1},
		{"the total alone", "全市,2025-12-31,960\n", 960, -1, 0},
		{"a total behind what districts reported before", "江宁区,2025-09-30,900\n全市,2025-12-31,1200\n", 1200, 900, 0},
		{"with what the city has itself", "江宁区,2025-12-31,900\n玄武区,2025-12-31,60\n市本级,2025-12-31,5\n", 965, 900, 1},
	} {
		r := put(t, projecttest.New(t), 0, map[string]string{"市工信局/软件业务收入_2025Q4.csv": head + c.rows})
		a := city(t, r, "NJSG-020")
		if a.Value == nil || *a.Value != c.whole {
			t.Errorf("%s: the city has %s, want %.0f", c.name, show(a.Value), c.whole)
		}
		if c.name == "the total alone" && a.Light == kpi.Awaited {
			t.Errorf("%s: what districts file is awaited though the whole is known", c.name)
		}
		for _, a := range r.Snapshot.Attainments {
			if a.ID == "NJSG-020" && a.Region == "320115" && (c.named >= 0) != (a.Value != nil && *a.Value == c.named) {
				t.Errorf("%s: 江宁 has %s, want %.0f", c.name, show(a.Value), c.named)
			}
		}
		for _, k := range r.Snapshot.Checks {
			if k.Title == "全市行等于各区之和" && k.Rows != c.warned {
				t.Errorf("%s: %s %d", c.name, k.Name, k.Rows)
			}
		}
	}
}
