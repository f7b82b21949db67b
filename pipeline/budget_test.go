package pipeline_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"citykpi/data/demo"
	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/project"
	"citykpi/pipeline/projecttest"
	"citykpi/pipeline/release"
	"citykpi/pipeline/warehouse"
)

// TestBudgetsAreUsedByWhatTheirRulesPay: a budget counts the payments of its own
// document, article and year up to the date; an adjusted budget replaces the first.
func TestBudgetsAreUsedByWhatTheirRulesPay(t *testing.T) {
	p := projecttest.New(t)
	for path, text := range map[string]string{
		"市市场监管局/企业登记_20250331.csv": "统一社会信用代码,企业名称,成立日期,登记状态,所属区\n91320115MA1XAMP01U,南京专精有限公司,2015-03-01,存续,江宁区\n",
		"市财政局/政策资金预算_20260131.csv": "文件编号,政策条款,预算年度,主管单位,预算金额（万元）\nNJ88,第4条,2026,市科技局,900\nNJ88,7,2026,市工信局,50.5\n" +
			"NJ88,第4条,2025,市科技局,1\nNJ88,第4款,2026,,3\nNJ88,第5条,2026,,-3\n",
		"市财政局/政策资金预算_20260630.csv": "文件编号,政策条款,预算年度,主管单位,预算金额（万元）\nNJ88,第4条,2026,市科技局,1000\n",
		"市财政局/奖补兑付_2026Q3.csv": "支付凭证号,兑付日期,政策条款,规则编号,项目编号,项目名称,单位名称,奖补金额（万元）,资金层级\n" +
			"A,2025-12-31,见规则编号,NJ88-012,P1,,南京专精有限公司,70,市级\n" + // the year before
			"B,2026-01-01,见规则编号,NJ88-012,P1,,南京专精有限公司,80,市级\n" +
			"C,2026-09-30,见规则编号,NJ88-013,P2,,南京专精有限公司,20,市级\n" + // another rule of the article
			"D,2026-05-01,见规则编号,NJGT-027,P3,,南京专精有限公司,40,市级\n" + // the draft's
			"E,2026-05-01,其他,,P4,,南京专精有限公司,5,市级\n", // nobody's
	} {
		projecttest.Write(t, p.Var("inbox", path), text)
	}
	var detail *kpi.Detail
	asOf := kpi.Date{Year: 2026, Month: 9, Day: 30}
	r, err := pipeline.Run(t.Context(), p,
		pipeline.Options{Now: clock, AsOf: asOf, Render: func(_ string, _ *kpi.Snapshot, behind *pipeline.Site) (err error) {
			detail, err = behind.Detail(t.Context())
			return err
		}})
	if err != nil {
		t.Fatalf("%v %+v %+v", err, r.Failures, r.Files)
	}
	want := "[{NJ88 4 市科技局 1e+07 1e+06 2 {市财政局/政策资金预算_20260630.csv  2}} {NJ88 7 市工信局 505000 0 0 {市财政局/政策资金预算_20260131.csv  3}}]"
	if got := fmt.Sprint(detail.Budgets); got != want {
		t.Errorf("budgets are %s, want %s", got, want)
	}
	for _, f := range r.Files {
		if f.File == "市财政局/政策资金预算_20260131.csv" && f.Rejected != 2 {
			t.Errorf("%s: %d rows went back, want the article that is none and the amount below nothing", f.File, f.Rejected)
		}
	}
}

// compareBudgets: of each budget as much is used as the demo's payments say.
func compareBudgets(t *testing.T, p *project.Project, want demo.Truth, r pipeline.Result) {
	site, err := warehouse.OpenSite(t.Context(), filepath.Join(pipeline.Releases(p).Dir(r.Release.ID), release.DatabaseFile),
		p.SQL, r.Release.AsOf)
	if err != nil {
		t.Fatal(err)
	}
	defer site.Close()
	d, err := site.Detail(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []demo.Budget
	for _, b := range d.Budgets {
		got = append(got, demo.Budget{Document: b.Document, Article: b.Article, Amount: b.Amount, Paid: b.Paid})
	}
	if len(got) == 0 || fmt.Sprint(got) != fmt.Sprint(want.Budgets) {
		t.Errorf("budgets are %v, want %v", got, want.Budgets)
	}
}
