package pipeline_test

import (
	"fmt"
	"slices"
	"testing"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/projecttest"
)

func TestTierMovement(t *testing.T) {
	p := projecttest.New(t)
	registry := func(last string) string {
		return "统一社会信用代码,企业名称,成立日期,登记状态,所属区\n" +
			"91320115MA1XAMP01U,南京升级有限公司,2015-03-01,存续,江宁区\n" +
			"91320106MA1XAMP02X,南京到期有限公司,2016-03-01,存续,鼓楼区\n" +
			"91320116MA1XAMP04K,南京注销有限公司,2016-03-01," + last + ",六合区\n"
	}
	for path, text := range map[string]string{
		"市市场监管局/企业登记_20251231.csv": registry("存续"),
		"市市场监管局/企业登记_20260630.csv": registry("注销"),
		"市工信局/梯度培育名单_2026Q2.csv": "企业名称,认定层级,认定日期,有效期至\n" +
			"南京升级有限公司,创新型中小企业,2023-07-01,2026-12-31\n" +
			"南京升级有限公司,专精特新中小企业,2026-02-01,2029-01-31\n" +
			"南京到期有限公司,专精特新中小企业,2023-05-01,2026-04-30\n" +
			"南京注销有限公司,创新型中小企业,2024-05-01,2027-04-30\n",
	} {
		projecttest.Write(t, p.Var("inbox", path), text)
	}
	r, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock, AsOf: kpi.Date{Year: 2026, Month: 6, Day: 30}})
	if err != nil {
		t.Fatalf("%v %+v", err, r.Failures)
	}
	db := database(t, p, r.Release.ID)
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `select strftime(as_of, '%Y-%m-%d'), enterprise_name, coalesce(from_tier, '-'),
			coalesce(to_tier, '-'), movement, rule, crosses_rule
		from mart.tier_movement where as_of >= date '2026-01-01' order by all`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var got []string
	for rows.Next() {
		var asOf, name, from, to, movement, rule string
		var crosses bool
		if err := rows.Scan(&asOf, &name, &from, &to, &movement, &rule, &crosses); err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(asOf, " ", name, " ", from, "→", to, " ", movement, " ", rule, " ", crosses))
	}
	want := []string{
		"2026-03-31 南京升级有限公司 innovative→specialised promoted 2022 false",
		"2026-06-30 南京到期有限公司 specialised→- lapsed 2026 true",
		"2026-06-30 南京注销有限公司 innovative→- left 2026 true",
	}
	if !slices.Equal(got, want) {
		t.Errorf("movements %q\nwant %q", got, want)
	}
}
