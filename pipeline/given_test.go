package pipeline_test

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/project"
	"citykpi/pipeline/projecttest"
)

const (
	platforms = "平台编号,平台名称,平台类型,所属区,认定日期\n"
	integrate = "NJ88-030" // 产教融合集成平台
	centres   = "NJ88-031" // 公共实习实训中心
	groups    = "NJ88-032" // 紧密型职教集团
)

// platform is a row of their register.
func platformRow(no, kind, on string) string {
	return fmt.Sprintf("%s,%s%s,%s,,%s\n", no, kind, no, kind, on)
}

func group(no, on string) string { return platformRow(no, "紧密型职教集团", on) }

// promising changes targets of a project's own copy of 宁政发〔2022〕88号, which is all it is computed for.
func promising(t *testing.T, p *project.Project, targets map[string]string) *project.Project {
	t.Helper()
	text, err := fs.ReadFile(p.Data, "policies/nj88.yaml")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	for id, target := range targets {
		at := slices.Index(lines, "  - id: "+id)
		for ; !strings.HasPrefix(lines[at], "    target: "); at++ {
		}
		lines[at] = "    target: {" + target + "}"
	}
	projecttest.Write(t, filepath.Join(p.Dir, "data", "policies", "nj88.yaml"), strings.Join(lines, "\n"))
	projecttest.Write(t, filepath.Join(p.Dir, project.ConfigFile), "region: \"320100\"\nsince: 2025-06-30\ndocuments: [NJ88]\n")
	return projecttest.Open(t, p.Dir)
}

func closing(t *testing.T, p *project.Project, q kpi.Quarter, hours int) {
	t.Helper()
	if _, err := pipeline.Close(t.Context(), p, q, clock.Add(time.Duration(hours)*time.Hour)); err != nil {
		t.Fatal(err)
	}
}

// stands is a commitment's verdict, and what closings said of it otherwise.
func stands(s *kpi.Snapshot, id string) string {
	for _, a := range s.Attainments {
		if a.ID != id || a.Region != "320100" {
			continue
		}
		text := "no verdict"
		if v := a.Verdict; v != nil {
			text = fmt.Sprintf("%s of %s", v.Outcome, show(v.Value))
		}
		for _, y := range a.Years {
			text += fmt.Sprintf(", %d %s of %s", y.Deadline.Year, y.Outcome, show(y.Value))
		}
		for _, g := range a.Given {
			text += fmt.Sprintf("; %s closed %s: %s of %s/%v", g.Quarter, g.On, g.Outcome, show(g.Value), g.Wanted)
			if !g.Done.IsZero() {
				text += " done " + g.Done.String()
			}
			if g.Cause != "" {
				text += " " + string(g.Cause)
			}
			if g.Reason != "" {
				text += fmt.Sprintf(" reopened %s for %s", g.Reopened, g.Reason)
			}
		}
		return text
	}
	return "nothing"
}

func wantStands(t *testing.T, when string, s *kpi.Snapshot, want map[string]string) {
	t.Helper()
	for id, w := range want {
		if got := stands(s, id); got != w {
			t.Errorf("%s: %s stands as %q, want %q", when, id, got, w)
		}
	}
}

var yearEnd = kpi.Quarter{Year: 2025, N: 4}

// The verdict that a closed quarter gave stays in sight when the day is judged otherwise, or has another value;
// of a quarter that was not closed nothing is said.
func TestVerdictsOfClosedQuartersStay(t *testing.T) {
	p := promising(t, projecttest.New(t), map[string]string{
		groups: "at_least: 3, unit: 个, by: 2025-12-31", centres: "at_least: 1, unit: 个, by: 2025-12-31",
		integrate:  "at_least: 2, unit: 个, by: 2025-11-15",
		"NJ88-020": "at_least: 5, unit: 名, per: year, first_full_year: 2023",
	})
	put(t, p, 0, map[string]string{
		"市市场监管局/企业登记_20251231.csv": registryOf("存续,2016-03-01"),
		"市科技局/技术副总_2025Q4.csv": deputies + "\nR1,甲,南京大学,南京专精有限公司,2025-10-10\n" + // and of the year's other quarters
			"R7,庚,南京大学,南京专精有限公司,2025-01-10\nR8,辛,南京大学,南京专精有限公司,2025-04-10\nR9,壬,南京大学,南京专精有限公司,2025-07-10\n",
		"市科技局/创新平台认定名录_2025Q4.csv": platforms + group("P1", "2024-03-01") + group("P2", "2025-12-20") +
			platformRow("C1", "公共实习实训中心", "2025-06-01") + platformRow("I1", "产教融合集成平台", "2025-06-01"),
	})
	closing(t, p, yearEnd, 24)
	put(t, p, 48, map[string]string{
		"市科技局/技术副总_2026Q1_补报.csv": deputies + "\nR2,乙,东南大学,南京专精有限公司,2025-11-10\nR3,丙,东南大学,南京专精有限公司,2026-01-10\n",
		"市科技局/创新平台认定名录_2026Q1_补报.csv": platforms + group("P3", "2025-12-31") + group("P4", "2026-01-05") +
			platformRow("C2", "公共实习实训中心", "2025-12-01") +
			platformRow("I2", "产教融合集成平台", "2025-11-15"),
	})
	late := map[string]string{
		groups:     "in_time of 3; 2025Q4 closed 2026-10-17: not_done of 2/3 late_data",
		centres:    "in_time of 2; 2025Q4 closed 2026-10-17: in_time of 1/1 late_data",
		integrate:  "in_time of 2; 2025Q4 closed 2026-10-17: not_done of 1/2 late_data",
		"NJ88-020": "no verdict, 2025 in_time of 5; 2025Q4 closed 2026-10-17: not_done of 4/5 late_data",
	}
	served := func(asOf kpi.Date) *kpi.Snapshot {
		t.Helper()
		v, err := pipeline.OpenView(t.Context(), p, asOf)
		if err != nil {
			t.Fatal(err)
		}
		defer v.Close()
		return v.Snapshot
	}
	wantStands(t, "filed late", served(kpi.Date{}), late)
	wantStands(t, "before the deadline", served(kpi.Date{Year: 2025, Month: 9, Day: 30}),
		map[string]string{groups: "no verdict", centres: "no verdict"})

	r, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock.Add(50 * time.Hour), KnownAt: clock.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	wantStands(t, "known before the close", r.Snapshot, map[string]string{groups: "not_done of 2", centres: "in_time of 1"})

	// what was kept in time was withdrawn since
	put(t, p, 72, map[string]string{"市科技局/创新平台认定名录_2026Q1_更正.csv": "平台编号,平台名称,平台类型,所属区,认定日期,处理方式\n" +
		strings.ReplaceAll(platformRow("C1", "公共实习实训中心", "2025-06-01")+platformRow("C2", "公共实习实训中心", "2025-12-01")+
			group("P3", "2025-12-31"), "\n", ",作废\n")})
	wantStands(t, "withdrawn", served(kpi.Date{}), map[string]string{
		centres: "not_done of 0; 2025Q4 closed 2026-10-17: in_time of 1/1 withdrawn_data",
		groups:  "too_late of 2", // what was said at the close stands again
	})

	// the policy is amended: another deadline, another target
	p = promising(t, p, map[string]string{groups: "at_least: 3, unit: 个, by: 2026-12-31",
		integrate: "at_least: 1, unit: 个, by: 2025-11-15"})
	put(t, p, 96, nil)
	wantStands(t, "amended", served(kpi.Date{}), map[string]string{
		groups:    "no verdict; 2025Q4 closed 2026-10-17: not_done of 2/3",
		integrate: "in_time of 2; 2025Q4 closed 2026-10-17: not_done of 1/2 late_data",
	})
}

// Where later closings judged the day otherwise than the first, each that did is told, in their order.
func TestVerdictsOfSeveralClosings(t *testing.T) {
	p := promising(t, projecttest.New(t), map[string]string{groups: "at_least: 3, unit: 个, by: 2025-12-31"})
	put(t, p, 0, map[string]string{"市科技局/创新平台认定名录_2026Q3.csv": platforms + group("P1", "2024-03-01") + group("P2", "2025-12-20")})
	closing(t, p, yearEnd, 1)
	for i, late := range []string{group("P3", "2025-12-30"), group("P4", "2025-12-31"), group("P5", "2026-01-10")} {
		put(t, p, 24+48*i, map[string]string{fmt.Sprintf("市科技局/创新平台认定名录_2026Q3_补报%d.csv", i): platforms + late})
		closing(t, p, yearEnd.Add(i+1), 48+48*i)
	}
	r := put(t, p, 24*8, map[string]string{"市科技局/创新平台认定名录_2026Q3_补报9.csv": platforms + group("P9", "2025-12-28")})
	wantStands(t, "closed four times", r.Snapshot, map[string]string{
		groups: "in_time of 5; 2025Q4 closed 2026-10-16: not_done of 2/3 late_data; " +
			"2026Q1 closed 2026-10-18: in_time of 3/3 late_data; 2026Q2 closed 2026-10-20: in_time of 4/3 late_data"})
}

// A closing that is given up keeps what it said, with the reason. Where the deadline's own quarter was never closed
// the first one that was and that judged it is told of.
func TestVerdictsOfClosingsGivenUp(t *testing.T) {
	p := promising(t, projecttest.New(t), map[string]string{groups: "at_least: 3, unit: 个, by: 2025-12-31",
		centres: "at_least: 2, unit: 个, by: 2025-12-31"})
	put(t, p, 0, map[string]string{"市科技局/创新平台认定名录_2026Q2.csv": platforms + group("P1", "2024-03-01") +
		group("P2", "2025-12-20") + platformRow("C1", "公共实习实训中心", "2025-06-01")})
	closing(t, p, kpi.Quarter{Year: 2026, N: 2}, 1)
	r := put(t, p, 24, map[string]string{"市科技局/创新平台认定名录_2026Q2_补报.csv": platforms + group("P3", "2025-12-30")})
	wantStands(t, "its own quarter was never closed", r.Snapshot,
		map[string]string{groups: "in_time of 3; 2026Q2 closed 2026-10-16: not_done of 2/3 late_data", centres: "not_done of 1"})

	closing(t, p, yearEnd, 48)
	if err := pipeline.Reopen(p, yearEnd, "名单有误", clock.Add(72*time.Hour)); err != nil {
		t.Fatal(err)
	}
	r = put(t, p, 73, map[string]string{"市科技局/创新平台认定名录_2026Q2_补报二.csv": platforms + platformRow("C2", "公共实习实训中心", "2025-12-30")})
	wantStands(t, "given up", r.Snapshot, map[string]string{
		centres: "in_time of 2; 2025Q4 closed 2026-10-18: not_done of 1/2 reopened 2026-10-19 for 名单有误; " +
			"2026Q2 closed 2026-10-16: not_done of 1/2 late_data",
		groups: "in_time of 3; 2026Q2 closed 2026-10-16: not_done of 2/3 late_data", // the one given up said what stands
	})
}

// What a closing said of the days after the deadline stays in sight as well: that the target was reached late,
// and when, though the value on the deadline is the same.
func TestVerdictsOfLateCompletionStay(t *testing.T) {
	p := promising(t, projecttest.New(t), map[string]string{groups: "at_least: 3, unit: 个, by: 2025-12-31"})
	put(t, p, 0, map[string]string{"市科技局/创新平台认定名录_2025Q4.csv": platforms + group("P1", "2024-03-01") + group("P2", "2025-12-20")})
	closing(t, p, yearEnd, 1)
	put(t, p, 24, map[string]string{"市科技局/创新平台认定名录_2026Q1.csv": platforms + group("P3", "2026-02-13")})
	closing(t, p, yearEnd.Add(1), 25)
	put(t, p, 48, map[string]string{"市科技局/创新平台认定名录_2026Q3.csv": platforms + group("P9", "2026-08-01")})
	closing(t, p, yearEnd.Add(3), 49)

	withdrawn := "平台编号,平台名称,平台类型,所属区,认定日期,处理方式\n" + strings.ReplaceAll(group("P3", "2026-02-13")+group("P9", "2026-08-01"), "\n", ",作废\n")
	r := put(t, p, 72, map[string]string{"市科技局/创新平台认定名录_2026Q3_更正.csv": withdrawn})
	published := "; 2026Q1 closed 2026-10-17: too_late of 2/3 done 2026-02-13 withdrawn_data"
	wantStands(t, "withdrawn", r.Snapshot, map[string]string{groups: "not_done of 2" + published})
	var turned []string
	for _, x := range r.Snapshot.RestatedOf(groups, "320100") {
		turned = append(turned, fmt.Sprint(x.Quarter, " ", x.Turned))
	}
	if want := []string{"2026Q1 true", "2026Q3 true"}; !slices.Equal(turned, want) {
		t.Errorf("restated %q, want %q", turned, want)
	}

	r = put(t, p, 96, map[string]string{"市科技局/创新平台认定名录_2026Q3_补报.csv": platforms + group("P4", "2026-04-11")})
	wantStands(t, "completed on another day", r.Snapshot, map[string]string{groups: "too_late of 2" + published})
	r = put(t, p, 120, map[string]string{"市科技局/创新平台认定名录_2026Q3_补报二.csv": platforms + group("P5", "2026-02-13")})
	wantStands(t, "completed on the same day", r.Snapshot, map[string]string{groups: "too_late of 2"})
}

// A closing that said 未完成 is told of where the target was reached by its quarter's end, as became known later.
func TestVerdictsOpenAtTheCloseStay(t *testing.T) {
	p := promising(t, projecttest.New(t), map[string]string{groups: "at_least: 3, unit: 个, by: 2025-12-31"})
	put(t, p, 0, map[string]string{"市科技局/创新平台认定名录_2026Q3.csv": platforms + group("P1", "2024-03-01") + group("P2", "2025-12-20")})
	closing(t, p, yearEnd, 1)
	closing(t, p, yearEnd.Add(1), 2)
	r := put(t, p, 24, map[string]string{"市科技局/创新平台认定名录_2026Q3_补报.csv": platforms + group("P3", "2026-02-13")})
	wantStands(t, "filed late", r.Snapshot, map[string]string{groups: "too_late of 2; 2026Q1 closed 2026-10-16: not_done of 2/3 late_data"})
	r = put(t, p, 48, map[string]string{"市科技局/创新平台认定名录_2026Q3_补报二.csv": platforms + group("P4", "2025-12-30")})
	wantStands(t, "in time after all", r.Snapshot,
		map[string]string{groups: "in_time of 3; 2025Q4 closed 2026-10-16: not_done of 2/3 late_data"})
}
