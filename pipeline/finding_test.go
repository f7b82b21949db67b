package pipeline_test

import (
	"testing"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/projecttest"
)

// TestFindingsReachTheSnapshot: a report is handed the findings on payments by the
// as-of date, each with the row of the file that holds the payment.
func TestFindingsReachTheSnapshot(t *testing.T) {
	p := projecttest.New(t)
	projecttest.Write(t, p.Var("inbox", "市市场监管局/企业登记_20240331.csv"),
		"统一社会信用代码,企业名称,成立日期,登记状态,核准日期,所属区\n91320115MA1XAMP01U,南京专精有限公司,2015-03-01,存续,2015-03-01,江宁区\n")
	projecttest.Write(t, p.Var("inbox", "市财政局/奖补兑付_2026Q3.csv"), "支付凭证号,兑付日期,政策条款,规则编号,项目编号,项目名称,单位名称,奖补金额（万元）,资金层级,所属区\n"+
		"O1,2024-07-31,其他,,X13,,南京专精有限公司,20,市级,江宁区\nO2,2026-08-31,其他,,X14,,南京专精有限公司,30,市级,江宁开发区\n")
	run := func(asOf kpi.Date) []kpi.AwardFinding {
		r, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock, AsOf: asOf, Full: true})
		if err != nil {
			t.Fatalf("%v %+v %+v", err, r.Failures, r.Files)
		}
		return r.Snapshot.Findings
	}
	got := run(kpi.Date{Year: 2026, Month: 6, Day: 30})
	want := kpi.AwardFinding{Payment: "O1", Finding: "rule_unknown", Words: "政策条款未对应规则", Amount: 200000, Payee: "南京专精有限公司",
		Region: "320115",
		PaidOn: kpi.Date{Year: 2024, Month: 7, Day: 31}, File: "市财政局/奖补兑付_2026Q3.csv", Row: 2}
	if len(got) != 1 || got[0] != want {
		t.Errorf("findings = %+v\nwant only  %+v", got, want)
	}
	if got := run(kpi.Date{Year: 2026, Month: 9, Day: 30}); len(got) != 2 || got[1].Payment != "O2" ||
		got[1].Amount != 300000 || got[1].Region != "320115" {
		t.Errorf("a quarter later findings = %+v, want both payments, a park's in its district", got)
	}
}
