package pipeline_test

import (
	"fmt"
	"slices"
	"testing"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/projecttest"
)

// Universities rank by contract amount within a year; equal ones share a place. What is
// sold to a buyer of the city is local, told by its region code or else by the registry.
func TestUniversityRanking(t *testing.T) {
	p := projecttest.New(t)
	for path, text := range map[string]string{
		"市市场监管局/企业登记_20251231.csv": "统一社会信用代码,企业名称,成立日期,登记状态,所属区\n" +
			"91320115MA1XAMP01U,南京示例精密科技有限公司,2015-03-01,存续,江宁区\n",
		"市科技局/技术合同登记_2025Q4.csv": "合同登记编号,合同类别,合同签订日期,登记日期,卖方名称,卖方所属区,买方名称,买方行政区划代码,合同成交总金额（元）,技术交易额（元）\n" +
			"2025320199000001,技术开发,2025-01-02,2025-01-20,南京大学,鼓楼区,某厂,330106,3000,3000\n" +
			"2025320199000002,技术开发,2025-01-02,2025-02-20,南京大学,鼓楼区,某厂,320115,1000,800\n" +
			"2025320199000003,技术许可,2025-01-02,2025-03-20,东南大学,玄武区,南京示例精密科技有限公司,,4000,3800\n" +
			"2025320199000004,技术许可,2025-01-02,2025-03-21,南京大学科技园有限公司,玄武区,某厂,320115,9000,9000\n" +
			"2025320199000005,技术许可,2024-01-02,2024-03-21,河海大学,鼓楼区,某厂,320115,10,10\n",
		"市科技局/高校科技成果转化创办企业台账_2025Q4.csv": "高校,创办企业,成立日期\n东南大学,某科创公司,2025-05-01\n河海大学,某科创二公司,2025-06-01\n",
	} {
		projecttest.Write(t, p.Var("inbox", path), text)
	}
	r, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock, AsOf: kpi.Date{Year: 2025, Month: 12, Day: 31}})
	if err != nil {
		t.Fatalf("%v %+v", err, r.Failures)
	}
	db := database(t, p, r.Release.ID)
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `select cast(year as integer), cast(place as integer), university_name,
		cast(contracts as integer), cast(amount as double), coalesce(cast(local_share as varchar), '-'), cast(firms as integer)
		from mart.university_ranking order by year, place`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var got []string
	for rows.Next() {
		var year, place, contracts, firms int
		var name, share string
		var amount float64
		if err := rows.Scan(&year, &place, &name, &contracts, &amount, &share, &firms); err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(year, " ", place, " ", name, " ", contracts, " ", amount, " ", share, " ", firms))
	}
	want := []string{
		"2024 1 河海大学 1 10 100.00 0",
		"2025 1 东南大学 1 4000 100.00 1",
		"2025 1 南京大学 2 4000 25.00 0",
		"2025 3 河海大学 0 0 - 1",
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("ranking %q\nwant %q", got, want)
	}
}
