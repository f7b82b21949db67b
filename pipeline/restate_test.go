package pipeline_test

import (
	"database/sql"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/duck"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/load"
	"citykpi/pipeline/project"
	"citykpi/pipeline/projecttest"
	"citykpi/pipeline/release"
)

// database is that of a release, which nothing else may open until it is closed.
func database(t *testing.T, p *project.Project, id string) *sql.DB {
	t.Helper()
	db, err := duck.Open(t.Context(), filepath.Join(pipeline.Releases(p).Dir(id), release.DatabaseFile), duck.Limits{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	return db.SQL()
}

// put writes files and runs, hours after the clock.
func put(t *testing.T, p *project.Project, hours int, files map[string]string) pipeline.Result {
	t.Helper()
	for path, text := range files {
		projecttest.Write(t, p.Var("inbox", path), text)
	}
	r, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock.Add(time.Duration(hours) * time.Hour)})
	if err != nil {
		t.Fatalf("%v %+v %+v", err, r.Failures, r.Files)
	}
	for _, f := range r.Files {
		if f.Status != load.StatusLoaded || f.Rejected > 0 {
			t.Fatalf("%s: %s, %d rejected %s", f.File, f.Status, f.Rejected, f.Error)
		}
	}
	return r
}

func registryOf(last string) string {
	return "统一社会信用代码,企业名称,成立日期,登记状态,核准日期,所属区\n" +
		"91320115MA1XAMP01U,南京专精有限公司,2015-03-01,存续,2015-03-01,江宁区\n" +
		"91320116MA1XAMP04K,南京房租有限公司,2016-03-01,存续,2016-03-01,六合区\n" +
		"91320106MA1XAMP02X,南京吊销有限公司,2016-03-01," + last + ",鼓楼区\n"
}

const tiers = "企业名称,认定层级,认定日期\n"

// A figure is compared by the firms it counts: one whose title was renewed or whose days read
// otherwise has not changed, one that came late did, and one that had closed by then was not
// filed wrongly: it became known late.
func TestRestatementsCompareEntities(t *testing.T) {
	q := kpi.Quarter{Year: 2025, N: 1}
	p := projecttest.New(t)
	put(t, p, 0, map[string]string{
		"市市场监管局/企业登记_20241231.csv": registryOf("存续,2016-03-01"),
		"市工信局/专精特新_2025Q1.csv":     tiers + "南京专精有限公司,专精特新中小企业,2023-08-01\n南京吊销有限公司,专精特新中小企业,2023-08-01\n",
	})
	if _, err := pipeline.Close(t.Context(), p, q, clock); err != nil {
		t.Fatal(err)
	}
	r := put(t, p, 1, map[string]string{
		"市工信局/专精特新_2025Q4.csv": tiers + "南京专精有限公司,专精特新中小企业,2025-12-01\n南京房租有限公司,专精特新中小企业,2025-02-01\n",
	})
	city := restated(t, r, q, "NJ88-004", "320100")
	if *city.Old != 2 || *city.New != 3 || city.Cause != kpi.LateData || city.Came != 1 || city.Went != 0 {
		t.Errorf("a title that came late: %v to %v, %+v", *city.Old, *city.New, city)
	}
	r = put(t, p, 2, map[string]string{"市市场监管局/企业登记_20251231.csv": registryOf("吊销,2025-02-20")})
	city = restated(t, r, q, "NJ88-004", "320106")
	if *city.Old != 1 || *city.New != 0 || city.Cause != kpi.LateData || city.Came != 0 || city.Went != 1 {
		t.Errorf("a firm that had closed by then: %+v", city)
	}
}

// For how long a recognition holds is data, and so is the least amount that a commitment counts from: whoever changes one changes a
// definition, whichever facts come or go by it.
func TestDefinitionsThatAreData(t *testing.T) {
	q := kpi.Quarter{Year: 2025, N: 1}
	p := projecttest.New(t)
	put(t, p, 0, map[string]string{
		"市市场监管局/企业登记_20241231.csv": registryOf("存续,2016-03-01"),
		"市工信局/专精特新_2025Q1.csv":     tiers + "南京专精有限公司,专精特新中小企业,2023-08-01\n",
		"市科技局/技术副总聘任台账_2024Q4.csv": "人员编号,姓名,高校,受聘企业,签约日期,聘期起,聘期止,是否续聘\n" +
			"P1,甲,南京大学,南京专精有限公司,2024-03-01,2024-03-01,2025-02-28,否\n",
		"市科技局/技术合同登记_2025Q1.csv": "合同登记编号,合同类别,合同签订日期,登记日期,卖方名称,卖方所属区,买方名称,买方统一社会信用代码," +
			"合同成交总金额（万元）,技术交易额（万元）\n" +
			"2024320106000001,技术开发,2024-06-01,2024-06-20,南京大学,鼓楼区,南京专精有限公司,91320115MA1XAMP01U,30,30\n",
	})
	if _, err := pipeline.Close(t.Context(), p, q, clock); err != nil {
		t.Fatal(err)
	}
	for file, edit := range map[string][]string{
		"recognition.yaml":   {"specialised, years: 3", "specialised, years: 1"},
		"policies/nj88.yaml": {"terms: {amount: [300000]}", "terms: {amount: [300001]}", "成交额30万元以上（含）", "成交额300001元以上（含）"},
	} {
		text, err := fs.ReadFile(p.Data, file)
		if err != nil || !strings.Contains(string(text), edit[0]) {
			t.Fatalf("%s says nothing of %s: %v", file, edit[0], err)
		}
		projecttest.Write(t, filepath.Join(p.Dir, "data", file), strings.NewReplacer(edit...).Replace(string(text)))
	}
	r := put(t, projecttest.Open(t, p.Dir), 1, nil)
	for _, id := range []string{"NJ88-004", "NJ88-021"} {
		if city := restated(t, r, q, id, "320100"); *city.Old != 1 || *city.New != 0 || city.Cause != kpi.ChangedDefinition {
			t.Errorf("%s: %+v", id, city)
		}
	}
}

// A row that was corrected, which changed no figure, and withdrawn after it is gone by its withdrawal: so it is when
// it was corrected before the close, after it, or was filed again with something else; not when it comes back.
func TestCorrectedAndThenWithdrawn(t *testing.T) {
	p := promising(t, projecttest.New(t), nil)
	const name = "市科技局/创新平台认定名录_2026Q1"
	steps := func(rows, action string) string {
		return strings.TrimSpace(platforms) + ",处理方式\n" + strings.ReplaceAll(rows, "\n", ","+action+"\n")
	}
	renamed := func(no string) string {
		return strings.Replace(group(no, "2025-06-01"), "紧密型", "新名紧密型", 1)
	}
	all := ""
	for _, no := range []string{"P1", "P2", "P3", "P4", "P5"} {
		all += group(no, "2025-06-01")
	}
	put(t, p, 0, map[string]string{name + ".csv": platforms + all})
	put(t, p, 1, map[string]string{name + "_更正0.csv": steps(renamed("P1"), "更正")})
	closing(t, p, yearEnd, 2)
	r := put(t, p, 24, map[string]string{name + "_更正1.csv": steps(renamed("P2")+renamed("P4"), "更正"),
		name + "_补报1.csv": platforms + renamed("P3")})
	if got := r.Snapshot.RestatedOf(groups, ""); len(got) > 0 {
		t.Errorf("names change no figure: %+v", got)
	}
	r = put(t, p, 48, map[string]string{name + "_更正2.csv": steps(renamed("P1")+renamed("P2")+renamed("P3"), "作废")})
	city := restated(t, r, yearEnd, groups, "320100")
	if city.Cause != kpi.WithdrawnData || city.Went != 3 || city.Withdrawn != 3 || city.Corrected != 0 || *city.Old != 5 || *city.New != 2 {
		t.Errorf("corrected and then withdrawn: %+v", city)
	}
	r = put(t, p, 72, map[string]string{name + "_更正3.csv": steps(platformRow("P4", "公共实习实训中心", "2025-06-01"), "更正")})
	city = restated(t, r, yearEnd, groups, "320100")
	if got, want := city.Reasons(), "更正数据 1 条、撤销数据 3 条"; !strings.HasPrefix(got, want) || *city.New != 1 {
		t.Errorf("another is of another kind: %s, want %s: %v to %v, %+v", got, want, *city.Old, *city.New, city)
	}
}

// A flow of a year of which nothing was filed has no value, in the city and in its districts; what was
// filed and holds nothing that counts is none.
func TestFlowOfAPeriodWithoutFilingsHasNoValue(t *testing.T) {
	p := projecttest.New(t)
	deputy := func(on string) string {
		return deputies + "\nR1,甲,南京大学,南京专精有限公司," + on + "\n"
	}
	r := put(t, p, 0, map[string]string{
		"市市场监管局/企业登记_20260331.csv": registryOf("存续,2016-03-01"),
		"市科技局/技术副总_2025Q4.csv":     deputy("2025-10-10"),
	})
	last := kpi.Quarter{Year: 2025, N: 4}
	value(t, r, "NJ88-020", last, 1)
	for _, region := range []string{"320100", "320115"} {
		if got := r.Snapshot.Series.At(kpi.Key{ID: "NJ88-020", Region: region}, last.Add(1).End()); got != nil {
			t.Errorf("%s: %v of a quarter that nobody filed", region, *got)
		}
	}
	for _, a := range r.Snapshot.Attainments {
		if a.ID == "NJ88-020" && a.Region == "320100" && (a.Light != kpi.NoData || a.Source != kpi.SourceStale || a.Carried != last.End()) {
			t.Errorf("%s %s, carried from %s", a.Light, a.Source, a.Carried)
		}
	}
	r = put(t, p, 1, map[string]string{"市科技局/技术副总_2026Q1.csv": deputy("2024-12-10")})
	value(t, r, "NJ88-020", last.Add(1), 0)
}

// A share is as new as what it counts: the register of the whole is filed once a year and stands until then.
func TestShareIsDatedByWhatItCounts(t *testing.T) {
	r := put(t, projecttest.New(t), 0, map[string]string{
		"市科技局/重点园区名录_2025Q4.csv": "园区代码,园区名称,类别,所在区,纳入日期,退出日期\nYQ01,建邺高新区,省级试点,建邺区,2025-08-20,\nYQ02,六合高新区,市级试行,六合区,2025-12-15,\n",
		"市科技局/园区方案备案_2026Q1.csv": "备案编号,园区,方案类型,合作高校,备案日期\nF1,六合高新区,协同创新实施方案,东南大学,2026-01-15\n",
	})
	for _, a := range r.Snapshot.Attainments {
		if a.ID == "NJSG-034" && a.Region == "320100" &&
			(a.Value == nil || *a.Value != 50 || a.Data != kpi.Date{Year: 2026, Month: 3, Day: 31}) {
			t.Errorf("%s as of %s", show(a.Value), a.Data)
		}
	}
}

// A share of levels comes to its target on a day, which its facts tell: that on which the last park's plan was filed.
func TestAShareIsCompletedLateOnADay(t *testing.T) {
	r := put(t, projecttest.New(t), 0, map[string]string{
		"市科技局/重点园区名录_2025Q4.csv": "园区代码,园区名称,类别,所在区,纳入日期,退出日期\nYQ01,建邺高新区,省级试点,建邺区,2025-08-20,\nYQ02,六合高新区,市级试行,六合区,2025-12-15,\n",
		"市科技局/园区方案备案_2026Q3.csv": "备案编号,园区,方案类型,合作高校,备案日期\nF1,六合高新区,协同创新实施方案,东南大学,2026-01-15\nF2,建邺高新区,协同创新实施方案,东南大学,2026-08-20\n",
	})
	for _, a := range r.Snapshot.Attainments {
		if a.ID != "NJSG-034" || a.Region != "320100" {
			continue
		}
		want := kpi.Verdict{Deadline: kpi.Date{Year: 2026, Month: 6, Day: 30}, Outcome: kpi.TooLate,
			Done: kpi.Date{Year: 2026, Month: 8, Day: 20}, Months: 1, ByDay: true}
		if v := a.Verdict; v == nil || v.Value == nil || *v.Value != 50 || a.Light != kpi.Late {
			t.Errorf("%s %+v", a.Light, v)
		} else if want.Value = v.Value; *v != want {
			t.Errorf("%+v, want %+v", *v, want)
		}
	}
}

// What could not be published at the close for want of its source is restated when it comes.
func TestFiguresAbsentAtTheCloseAreRestated(t *testing.T) {
	q := kpi.Quarter{Year: 2025, N: 1}
	p := projecttest.New(t)
	put(t, p, 0, map[string]string{"市科技局/技术经理人_2025Q1.csv": managers + "C1,J1,甲,2024-01-02,江宁区\n"})
	if _, err := pipeline.Close(t.Context(), p, q, clock); err != nil {
		t.Fatal(err)
	}
	r := put(t, p, 1, map[string]string{
		"市市场监管局/企业登记_20250331.csv": registryOf("存续,2016-03-01"),
		"市工信局/专精特新_2025Q1.csv":     tiers + "南京专精有限公司,专精特新中小企业,2023-08-01\n",
	})
	city := restated(t, r, q, "NJ88-004", "320100")
	if city.Old != nil || *city.New != 1 || city.Cause != kpi.LateData || city.Came != 1 || city.Went != 0 {
		t.Errorf("its source came after the close: %+v", city)
	}
	if none := restated(t, r, q, "NJ88-006", "320100"); none.Old != nil || *none.New != 0 || none.Cause != kpi.LateData ||
		none.Reasons() != "迟报数据（关账时无此数，现已报送，计为零）" {
		t.Errorf("none is a figure, too, which no entity explains: %+v %s", none, none.Reasons())
	}
}
