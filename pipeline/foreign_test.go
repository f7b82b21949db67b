package pipeline_test

import (
	"testing"

	"citykpi/pipeline"
	"citykpi/pipeline/projecttest"
)

// What was filed in a foreign currency is listed until the office files a rate that was
// in force on the day; the figures stand without it.
func TestForeignAmountsWait(t *testing.T) {
	p := projecttest.New(t)
	projecttest.Write(t, p.Var("inbox", "市科技局/技术合同登记_2025Q1.csv"), `合同登记编号,合同类别,合同签订日期,登记日期,卖方名称,卖方所属区,买方名称,合同成交总金额（万元）,技术交易额（万元）
2025320115000001,技术开发,2025-01-02,2025-01-20,南京示例精密科技有限公司,江宁区,某厂,100,80
2025320115000002,技术服务,2025-02-02,2025-02-28,南京示例精密科技有限公司,江宁区,某厂,10(万美元),4万美元
`)
	for _, step := range []struct {
		file, rates string
		waiting     int64
	}{
		{"", "", 1},
		{"外汇折算率_2025Q2.csv", "币种,月份,外币数量,折合人民币,来源\n美元,2025年3月,1,7.2,外汇管理局\n", 1},
		{"外汇折算率_2025Q1.csv", "币种,月份,外币数量,折合人民币,来源\n美元,2025年2月,1,7.1,外汇管理局\n", 0},
	} {
		if step.file != "" {
			projecttest.Write(t, p.Var("inbox", "领导小组办公室", step.file), step.rates)
		}
		r, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock})
		if err != nil {
			t.Fatalf("%v %+v", err, r.Files)
		}
		found := false
		for _, c := range r.Checks {
			if c.Title == "外币金额均有折算率" {
				found = true
				if c.Rows != step.waiting {
					t.Errorf("after %q: %d rows wait, want %d", step.file, c.Rows, step.waiting)
				}
			}
		}
		if !found && step.waiting > 0 {
			t.Errorf("after %q: no check of rates among %d", step.file, len(r.Checks))
		}
	}
}
