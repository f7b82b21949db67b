package pipeline_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/projecttest"
)

// city is how a commitment stands in its jurisdiction.
func city(t *testing.T, r pipeline.Result, id string) kpi.Attainment {
	t.Helper()
	for _, d := range r.Snapshot.Documents {
		for _, a := range r.Snapshot.Attainments {
			if a.ID == id && a.Region == d.Region && strings.HasPrefix(id, d.ID) {
				return a
			}
		}
	}
	t.Fatalf("no %s", id)
	return kpi.Attainment{}
}

// deputiesOf is a quarter's file of n contracts.
func deputiesOf(q kpi.Quarter, n int) string {
	text := deputies
	for i := range n {
		text += fmt.Sprintf("\nR%s%d,甲,南京大学,南京专精有限公司,%d-%02d-%02d", q, i, q.Year, q.Start().Month, i+1)
	}
	return text + "\n"
}

// A quarter that was never filed is no side of a comparison, and nothing that was carried over it is:
// 同比 and 环比 need both days filed, and of a flow the months before them.
func TestChangesCompareWhatWasFiled(t *testing.T) {
	for _, c := range []struct {
		name          string
		missing       kpi.Quarter
		quarter, year bool
	}{
		{"nothing is missing", kpi.Quarter{}, true, true},
		{"the quarter of the year before", kpi.Quarter{Year: 2025, N: 3}, true, false},
		{"months of the year before", kpi.Quarter{Year: 2025, N: 2}, true, false},
		{"months of this year", kpi.Quarter{Year: 2026, N: 1}, true, false},
		{"the quarter before", kpi.Quarter{Year: 2026, N: 2}, false, false},
		{"what neither side counts", kpi.Quarter{Year: 2025, N: 4}, true, true},
	} {
		files := map[string]string{"市市场监管局/企业登记_20241231.csv": registryOf("存续,2016-03-01")}
		for q := (kpi.Quarter{Year: 2024, N: 4}); q.Year < 2026 || q.N < 4; q = q.Add(1) {
			if q != c.missing {
				files["市科技局/技术副总_"+q.String()+".csv"] = deputiesOf(q, 1+q.N+q.Year%5)
			}
		}
		r := put(t, projecttest.New(t), 0, files)
		a := city(t, r, "NJ88-020")
		if a.Value == nil || (a.Quarter != nil) != c.quarter || (a.Year != nil) != c.year {
			t.Errorf("%s: 环比 %+v, 同比 %+v", c.name, a.Quarter, a.Year)
		}
	}
}

// Before its sources were first filed a flow has no value, which is not 0: no year of then is judged, and
// there is nothing to compare with.
func TestNothingIsKnownBeforeTheFirstFiling(t *testing.T) {
	q := kpi.Quarter{Year: 2026, N: 3}
	r := put(t, projecttest.New(t), 0, map[string]string{
		"市市场监管局/企业登记_20251231.csv": registryOf("存续,2016-03-01"),
		"市科技局/技术副总_2026Q3.csv":     deputiesOf(q, 3),
	})
	value(t, r, "NJ88-020", q, 3)
	for _, on := range []kpi.Quarter{{Year: 2025, N: 4}, {Year: 2026, N: 2}} {
		if got := r.Snapshot.Series.At(kpi.Key{ID: "NJ88-020", Region: "320100"}, on.End()); got != nil {
			t.Errorf("%v of %s, before anything was filed", *got, on)
		}
	}
	if a := city(t, r, "NJ88-020"); len(a.Years) > 0 || a.Quarter != nil || a.Year != nil {
		t.Errorf("judged %+v, compared %+v %+v", a.Years, a.Quarter, a.Year)
	}
}

// A share of parks whose plans were first filed in December is not compared with the September before,
// when there was nothing to know, and a district's place has not moved since either.
func TestSharesAreNotComparedWithTheTimeBeforeTheirSources(t *testing.T) {
	parks := "园区代码,园区名称,类别,所在区,纳入日期,退出日期\nYQ01,建邺高新区,省级试点,建邺区,2025-08-20,\nYQ02,六合高新区,市级试行,六合区,2025-12-15,\n"
	plan := "备案编号,园区,方案类型,合作高校,备案日期\n"
	r := put(t, projecttest.New(t), 0, map[string]string{
		"市科技局/重点园区名录_2025Q4.csv": parks,
		"市科技局/园区方案备案_2026Q1.csv": plan + "F1,六合高新区,协同创新实施方案,东南大学,2026-01-15\n",
		"市科技局/园区方案备案_2026Q2.csv": plan + "F2,建邺高新区,协同创新实施方案,东南大学,2026-04-20\n",
		"市科技局/园区方案备案_2026Q3.csv": plan + "F3,六合高新区,协同创新实施方案,东南大学,2026-07-20\n",
	})
	if a := city(t, r, "NJSG-034"); a.Value == nil || a.Year != nil || a.Quarter == nil || a.Quarter.Diff != 0 {
		t.Errorf("%s: 环比 %+v, 同比 %+v", show(a.Value), a.Quarter, a.Year)
	}
}

// A deadline that the data do not reach has no verdict, whatever was carried on to it: it awaits them, and
// the file that comes decides. What adds up and was reached before stands.
func TestADeadlineAwaitsTheDataThatReachIt(t *testing.T) {
	platforms := "平台编号,平台名称,平台类型,级别,所在园区,认定日期,撤销日期,所属区\n"
	for i := range 4 {
		platforms += fmt.Sprintf("A%d,平台A%d,产教融合集成平台,市级,,2024-01-05,,江宁区\n", i, i)
	}
	signed := "协议编号,高校名称,学校标识码,企业名称,签订日期\n"
	for i := range 2 {
		signed += fmt.Sprintf("X%d,南京大学,4132010284,南京专精有限公司,2025-03-0%d\n", i, i+1)
	}
	p := projecttest.New(t)
	r := put(t, p, 0, map[string]string{
		"市科技局/创新平台名录_2025Q3.csv":     platforms,
		"市工信局/校企协同创新协议台账_2026Q1.csv": signed,
	})
	due := kpi.Date{Year: 2025, Month: 12, Day: 31}
	a := city(t, r, "NJ88-030")
	if a.Light != kpi.Awaited || a.Verdict != nil || a.Awaits != due || a.Gap != nil ||
		a.Data != (kpi.Date{Year: 2025, Month: 9, Day: 30}) ||
		len(a.Cover.Units) != 1 || a.Cover.Units[0] != "市科技局" {
		t.Errorf("%s %+v, awaits %s of %v", a.Light, a.Verdict, a.Awaits, a.Cover.Units)
	}
	if b := city(t, r, "NJ88-002"); b.Light != kpi.Overdue || !b.Awaits.IsZero() { // its data reach the day
		t.Errorf("%s, awaits %s", b.Light, b.Awaits)
	}
	for _, j := range r.Snapshot.Judged() {
		if j.ID == a.ID {
			t.Errorf("a closing would give the verdict %+v", j)
		}
	}
	r = put(t, p, 1, map[string]string{"市科技局/创新平台名录_2025Q4.csv": strings.SplitAfter(platforms, "\n")[0] +
		"A9,平台A9,产教融合集成平台,市级,,2025-12-20,,江宁区\n"})
	if a := city(t, r, "NJ88-030"); a.Light != kpi.Met || a.Verdict == nil || a.Verdict.Outcome != kpi.InTime || !a.Awaits.IsZero() {
		t.Errorf("%s %+v", a.Light, a.Verdict)
	}
}

// What is due every quarter is not missed before its ledger was filed for the first time, and page, JSON and report
// say from when it is known; a quarter of which rows came is known, whatever they are of.
func TestNothingIsMissedBeforeTheFirstFiling(t *testing.T) {
	activities := "活动编号,活动名称,活动类型,主办单位,所在市地,举办日期\n"
	for _, c := range []struct {
		name, rows     string
		meetings, half int // periods that are due
		missed         []string
		unknown        [2]int
	}{
		{"of its own quarter", "H1,对接会,校企对接活动,甲,哈尔滨市,2026-08-10\n", 1, 0, []string{"2026年第三季度"}, [2]int{14, 7}},
		{"rows of before", "H1,对接会,校企对接活动,甲,哈尔滨市,2026-05-10\nH2,见面会,校企见面,甲,哈尔滨市,2025-02-10\n",
			3, 2, []string{"2026年第二季度", "2026年第三季度"}, [2]int{12, 5}},
	} {
		r := put(t, projecttest.New(t), 0, map[string]string{"省教育厅/黑龙江校企协同活动台账_2026Q3.csv": activities + c.rows})
		a, b := city(t, r, "HLJ-015"), city(t, r, "HLJ-028")
		if a.Due != c.meetings || !slices.Equal(a.Missed, c.missed) || b.Due != c.half ||
			[2]int{len(a.Unknown), len(b.Unknown)} != c.unknown ||
			a.Cover.Begun != (kpi.Date{Year: 2026, Month: 7, Day: 1}) {
			t.Errorf("%s: meetings due %d, missed %v; matching due %d, missed %v; unknown %v and %v since %s",
				c.name, a.Due, a.Missed, b.Due, b.Missed, a.Unknown, b.Unknown, a.Cover.Begun)
		}
	}
}

// A year of which only the last quarter was filed is not judged by that part of it, unless that reached what was
// promised, or its rows show that it has the other quarters as well.
func TestAFirstYearIsNotJudgedByItsLastQuarter(t *testing.T) {
	registry := map[string]string{"市市场监管局/企业登记_20241231.csv": registryOf("存续,2016-03-01")}
	due := kpi.YearEnd(2024)
	for _, c := range []struct {
		name   string
		months []int
		judged bool
	}{
		{"the last quarter", []int{10, 11, 12}, false},
		{"one quarter more", []int{5, 11}, false},
		{"all quarters", []int{1, 4, 7, 10}, true},
	} {
		text := deputies
		for i, m := range c.months {
			text += fmt.Sprintf("\nR%d,甲,南京大学,南京专精有限公司,2024-%02d-%02d", i, m, i+1)
		}
		files := map[string]string{"市科技局/技术副总_2024Q4.csv": text + "\n"}
		maps.Copy(files, registry)
		a := city(t, put(t, projecttest.New(t), 0, files), "NJ88-020")
		if judged := slices.ContainsFunc(a.Years, func(v kpi.Verdict) bool { return v.Deadline == due }); judged != c.judged ||
			(a.Awaits == due) == c.judged {
			t.Errorf("%s: judged %+v, awaits %s", c.name, a.Years, a.Awaits)
		}
	}
}

// A district is compared with its own report of the same months, and the city only where the same districts have
// filed both; what a district filed earlier bears that date and has no place among those that filed.
func TestDistrictsCompareTheirOwnReports(t *testing.T) {
	head := "地区,统计截止日期,累计业务收入（元）\n"
	revenue := func(last string) map[string]string {
		return map[string]string{
			"市工信局/软件业务收入_2024Q4.csv": head + "江宁区,2024-12-31,900\n玄武区,2024-12-31,50\n鼓楼区,2024-12-31,100\n",
			"市工信局/软件业务收入_2025Q3.csv": head + "江宁区,2025-09-30,700\n玄武区,2025-09-30,30\n鼓楼区,2025-09-30,90\n",
			"市工信局/软件业务收入_2025Q4.csv": head + "江宁区,2025-12-31,990\n玄武区,2025-12-31,40\n" + last,
		}
	}
	of := func(r pipeline.Result, region string) kpi.Attainment {
		for _, a := range r.Snapshot.Attainments {
			if a.ID == "NJSG-020" && a.Region == region {
				return a
			}
		}
		return kpi.Attainment{}
	}
	r := put(t, projecttest.New(t), 0, revenue(""))
	city, late, next := of(r, "320100"), of(r, "320106"), of(r, "320104")
	if city.Year != nil || late.Year != nil || late.Rank != 0 || late.Carried != (kpi.Date{Year: 2025, Month: 9, Day: 30}) ||
		late.Data != late.Carried {
		t.Errorf("city %+v, 鼓楼 %+v rank %d carried %s data %s", city.Year, late.Year, late.Rank, late.Carried, late.Data)
	}
	if own, last := of(r, "320115"), of(r, "320102"); own.Year == nil || own.Year.Diff != 90 || own.Rank != 1 ||
		last.Rank != 2 || next.Value != nil {
		t.Errorf("江宁 %+v rank %d, 玄武 rank %d, 秦淮 %s", own.Year, own.Rank, last.Rank, show(next.Value))
	}
	r = put(t, projecttest.New(t), 0, revenue("鼓楼区,2025-12-31,120\n"))
	city, late = of(r, "320100"), of(r, "320106")
	if city.Year == nil || city.Year.Diff != 100 || late.Year == nil || late.Year.Diff != 20 || late.Rank != 2 || !late.Carried.IsZero() {
		t.Errorf("city %+v, 鼓楼 %+v rank %d carried %s", city.Year, late.Year, late.Rank, late.Carried)
	}
}
