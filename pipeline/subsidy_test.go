package pipeline_test

import (
	"slices"
	"testing"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/projecttest"
)

// 南通's subsidies are audited as every other award: against the score of the year
// they are paid for, and against whom they go to.
func TestSubsidiesAreAudited(t *testing.T) {
	p := projecttest.New(t)
	for path, text := range map[string]string{
		"南通市科技局/产业协同创新联合体名录_2025.csv": "联合体编号,联合体名称,龙头企业,联合体公司,公司成立日期,认定日期,摘牌日期,所在区\n" +
			"NTLH2021,沿江科创带示例一产业协同创新联合体,示例龙头一,示例联合一有限公司,2021-05-01,2021-06-01,,崇川区\n" +
			"NTLH2022,沿江科创带示例二产业协同创新联合体,示例龙头二,示例联合二有限公司,2021-05-01,2021-06-01,2025-05-01,海安市\n",
		"南通市科技局/产业协同创新联合体绩效评价_2024.csv": "联合体编号,评价年度,评价日期,考核项\n" +
			"NTLH2021,2024,2024-12-20,总评\nNTLH2022,2024,2024-12-20,总评\n",
		"南通市科技局/联合体年度佐证_2024.csv": "佐证编号,联合体编号,评价年度,佐证类别,对象编号,材料名称,数量,金额（元）,日期\n" +
			"E1,NTLH2021,2024,引进高新技术企业,91,某高企,,,2024-05-01\n",
		"南通市财政局/联合体运营补助拨付_2025.csv": "支付凭证号,联合体编号,评价年度,拨付日期,补助金额（万元）\n" +
			"A1,NTLH2021,2023,2025-05-12,30\nA2,NTLH2021,2024,2025-05-12,70\nA3,NTLH2021,2024,2025-06-12,40\n" +
			"A4,NTLH2022,2024,2025-05-12,1\n",
		"市市场监管局/企业登记_20250331.csv": "统一社会信用代码,企业名称,成立日期,登记状态,核准日期,所属区\n91320115MA1XAMP01U,南京专精有限公司,2015-03-01,存续,2015-03-01,江宁区\n",
		"市工信局/专精特新_2024Q1.csv":     "企业名称,认定层级,认定日期\n南京专精有限公司,专精特新中小企业,2023-08-01\n", // it leads as a specialised firm
		// a voucher of another city may bear the same number
		"市财政局/奖补兑付_2025Q2.csv": "支付凭证号,兑付日期,政策条款,规则编号,项目编号,项目名称,单位名称,奖补金额（万元）,资金层级\nA1,2025-05-10,第15条,,X1,高价值专利培育,南京专精有限公司,60,市级\n",
	} {
		projecttest.Write(t, p.Var("inbox", path), text)
	}
	r, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock, AsOf: kpi.Date{Year: 2026, Month: 6, Day: 30}})
	if err != nil {
		t.Fatalf("%v %+v %+v", err, r.Failures, r.Files)
	}
	want := []string{
		"A1 NT-015 no_basis 300000.00",         // nobody evaluated 2023
		"A2 NT-015 over_entitlement 700000.00", // ten points of a hundred fail
		"A3 NT-015 over_cap 100000.00",
		"A3 NT-015 over_entitlement 300000.00",
		"A4 NT-015 over_entitlement 10000.00",
		"A4 NT-015 payee_inactive 10000.00", // struck off eleven days before
	}
	if got := findings(t, p, r); !slices.Equal(got, want) {
		t.Errorf("found %q\nwant  %q", got, want)
	}
	for _, c := range r.Snapshot.Payouts {
		if c.Amount != 600000 {
			t.Errorf("南京's payouts hold %+v", c)
		}
	}
}
