package pipeline_test

import (
	"strings"
	"testing"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/projecttest"
)

// Points that experts give for a reason stand, and the item says so beside the evidence that earns others.
func TestExpertsPointsAreToldWithTheirReason(t *testing.T) {
	p := projecttest.New(t)
	files := of2023()
	files["南通市科技局/产业协同创新联合体绩效评价_2023.csv"] = "联合体编号,评价年度,评价日期,考核项,专家调整得分,调整理由\nNTLH202201,2023,2023-12-20,总评,,\n" +
		"NTLH202202,2023,2023-12-20,总评,,\n" +
		"NTLH202201,2023,2023-12-20,NT-S07,0,报告质量差\nNTLH202202,2023,2023-12-20,NT-S07,3,报告另有一篇\n"
	r := put(t, p, 0, files)
	if a := city(t, r, "NT-S07"); a.Value == nil || *a.Value != 1 {
		t.Errorf("%s earned points, want the second alone", show(a.Value))
	}
	v, err := pipeline.OpenView(t.Context(), p, kpi.Date{})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	e, err := v.Explain(t.Context(), "NT-S07", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"按佐证得 5.00 分，专家调整为 0.00 分，理由：报告质量差", "按佐证得 0.00 分，专家调整为 3.00 分，理由：报告另有一篇"}
	if len(e.Adjusted) != len(want) || len(e.Unjustified) > 0 {
		t.Fatalf("adjusted %+v, unjustified %+v", e.Adjusted, e.Unjustified)
	}
	for i, x := range e.Adjusted {
		if x.Words != want[i] || x.Row != int64(4+i) || !strings.Contains(x.File, "绩效评价_2023") {
			t.Errorf("%+v, want %s in row %d", x, want[i], 4+i)
		}
	}
}
