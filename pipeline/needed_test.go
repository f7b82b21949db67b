package pipeline_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/load"
	"citykpi/pipeline/project"
	"citykpi/pipeline/projecttest"
)

// Files of four consortia: three recognised in 2022, one in 2023, and in the list of 2025 a fifth.
func consortia(year int) string {
	text := "联合体编号,联合体名称,龙头企业,联合体公司,公司成立日期,认定日期,摘牌日期,所在区\n"
	for i := 1; i <= 4; i++ {
		recognised := "2022-03-01"
		if i == 4 {
			recognised = "2023-06-01"
		}
		text += fmt.Sprintf("NTLH2022%02d,沿江科创带示例%d产业协同创新联合体,示例龙头%d,示例联合%d有限公司,2022-01-01,%s,,崇川区\n", i, i, i, i, recognised)
	}
	if year >= 2025 {
		text += "NTLH202205,沿江科创带示例5产业协同创新联合体,示例龙头5,示例联合5有限公司,2025-01-01,2025-07-01,,崇川区\n"
	}
	return text
}

// evidenceOf is a year's file: an agreement of each of the consortia, and a report of the first.
func evidenceOf(year int, consortia ...int) string {
	text := "佐证编号,联合体编号,评价年度,佐证类别,对象编号,材料名称,数量,金额（元）,日期\n"
	for _, c := range consortia {
		text += fmt.Sprintf("A%d-%d,NTLH2022%02d,%d,年度绩效目标协议,,协议,1,,%d-03-01\n", year, c, c, year, year)
	}
	return text + fmt.Sprintf("R%d,NTLH202201,%d,年度产业创新报告,,报告,1,,%d-11-01\n", year, year, year)
}

const (
	reviews = "联合体编号,评价年度,评价日期,考核项\nNTLH202201,2023,2023-12-20,总评\nNTLH202202,2023,2023-12-20,总评\n"
	members = "联合体编号,成员企业,统一社会信用代码,成员类型,是否建有企业工程技术研究中心,加入日期,退出日期\nNTLH202201,示例龙头1,,龙头,是,2022-03-01,\nNTLH202201,企业甲,,成员,是,2022-03-01,\n" +
		"NTLH202202,企业乙,,成员,否,2022-03-01,\n"
)

// of2023 are the files of the first year from which nothing but lists, evidence, reviews and members is known.
func of2023() map[string]string {
	return map[string]string{
		"南通市科技局/产业协同创新联合体名录_2023.csv":   consortia(2023),
		"南通市科技局/联合体年度佐证_2023.csv":       evidenceOf(2023, 1, 2),
		"南通市科技局/产业协同创新联合体绩效评价_2023.csv": reviews,
		"南通市科技局/联合体成员企业名单_2023.csv":     members,
	}
}

func on(t *testing.T, p *project.Project, hours int, files map[string]string, asOf kpi.Date) pipeline.Result {
	t.Helper()
	for path, text := range files {
		projecttest.Write(t, p.Var("inbox", path), text)
	}
	r, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock.Add(time.Duration(hours) * time.Hour), AsOf: asOf})
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

func lacks(a kpi.Attainment) string {
	var list []string
	for _, l := range a.Lacks {
		list = append(list, l.Name+"（"+l.Bureau+"）"+l.Filed.String())
	}
	return strings.Join(list, "、")
}

// A figure stands as soon as the sources that it is answered from were filed, whatever else its model reads for
// others; where one of them was not, it says which and whose it is.
func TestAFigureNeedsItsOwnSources(t *testing.T) {
	r := on(t, projecttest.New(t), 0, of2023(), kpi.Date{Year: 2023, Month: 12, Day: 31})
	for id, value := range map[string]float64{"NT-001": 100, "NT-004": 100, "NT-006": 1.0 / 3 * 100, "NT-011": 4,
		"NT-013": 2.0 / 3 * 100, "NT-014": 2.0 / 3 * 100, "NT-S07": 1} {
		a := city(t, r, id)
		if v, _ := a.Head(""); v == nil || *v-value > 0.001 || value-*v > 0.001 || a.Source != kpi.SourceReady || len(a.Lacks) > 0 {
			t.Errorf("%s is %s, %s, lacks %s; want %.2f", id, show(v), a.Source, lacks(a), value)
		}
	}
	for id, want := range map[string]string{
		"NT-002": "产业协同创新联合体协同创新团队名单（南通市科技局）",
		"NT-007": "产业科技创新指导委员会委员名单（南通市科技局）",
		"NT-015": "产业协同创新联合体运营补助拨付（南通市财政局）",
		"NT-S03": "产业科技创新指导委员会委员名单（南通市科技局）",
		"NT-S09": "产业协同创新联合体产学研合同台账（南通市科技局）、产业协同创新联合体合同支付台账（南通市科技局）",
	} {
		if a := city(t, r, id); a.Value != nil || a.Source != kpi.SourceMissing || lacks(a) != want {
			t.Errorf("%s is %s, %s, lacks %s; want %s", id, show(a.Value), a.Source, lacks(a), want)
		}
	}
}

// A year whose source was not filed is judged by nobody: the one known last stands, with its date and what it waits
// for. What was filed stands as of its own date, and nobody keeps a bound whose members nobody has filed.
func TestAnUnfiledYearHasNoVerdict(t *testing.T) {
	p := projecttest.New(t)
	on(t, p, 0, of2023(), kpi.Date{Year: 2023, Month: 12, Day: 31})
	r := on(t, p, 1, map[string]string{
		"南通市科技局/产业协同创新联合体名录_2025.csv": consortia(2025),
		"南通市科技局/联合体年度佐证_2024.csv":     evidenceOf(2024, 1, 2, 3, 4),
		"南通市科技局/联合体年度佐证_2025.csv":     evidenceOf(2025, 1, 2, 4),
	}, kpi.Date{Year: 2025, Month: 12, Day: 31})
	then := kpi.Date{Year: 2023, Month: 12, Day: 31}
	review := city(t, r, "NT-014")
	if review.Newest == nil || review.Newest.Name != "2023年" || !slices.Equal(review.Newest.Not, []string{"沿江科创带示例3产业协同创新联合体"}) ||
		review.Due != 1 || review.Carried != then || lacks(review) != "产业协同创新联合体绩效评价表（南通市科技局）2023-12-31" {
		t.Errorf("reviews %+v, due %d, carried from %s, lacks %s", review.Newest, review.Due, review.Carried, lacks(review))
	}
	for id, did := range map[string]int{"NT-013": 3, "NT-006": 1} {
		if a := city(t, r, id); a.Newest == nil || a.Newest.Name != "2025年" || a.Newest.Did() != did ||
			a.Source != kpi.SourceReady || a.Data != (kpi.Date{Year: 2025, Month: 12, Day: 31}) {
			t.Errorf("%s: %+v, %s, data of %s", id, a.Newest, a.Source, a.Data)
		}
	}
	if a := city(t, r, "NT-011"); *a.Value != 5 || a.Source != kpi.SourceReady {
		t.Errorf("recognised %s, %s", show(a.Value), a.Source)
	}
	if a := city(t, r, "NT-001"); a.Newest == nil || a.Newest.Had != 4 || a.Carried != then {
		t.Errorf("members bound %+v, carried from %s: nothing was filed of the fifth", a.Newest, a.Carried)
	}
}
