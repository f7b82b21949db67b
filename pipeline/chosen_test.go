package pipeline_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"citykpi/data/demo"
	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/project"
	"citykpi/pipeline/projecttest"
)

// TestWhatIsNotChosenIsNowhere loads everything and publishes one document of one jurisdiction.
func TestWhatIsNotChosenIsNowhere(t *testing.T) {
	p := projecttest.New(t)
	if _, err := demo.Write(p.Dir, demo.Options{Enterprises: 300, Seed: 2}); err != nil {
		t.Fatal(err)
	}
	choose := "region: \"320100\"\nsince: 2022-09-30\njurisdictions: [\"320100\"]\ndocuments: [NJ88]\n"
	projecttest.Write(t, filepath.Join(p.Dir, project.ConfigFile), choose)
	for document, id := range map[string]string{"NJ88": "NJ88-006", "HLJ": "HLJ-001"} { // the words of each stand in its original
		projecttest.Write(t, filepath.Join(p.Dir, "data", "policies", "originals", document+".txt"), wordsOf(t, p, id)+"。\n")
	}
	p = projecttest.Open(t, p.Dir)
	r, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock})
	if err != nil {
		t.Fatalf("%v %+v", err, r.Failures)
	}
	s := r.Snapshot
	if len(s.Documents) != 1 || len(s.Attainments) < 51 {
		t.Fatalf("%d documents, %d attainments", len(s.Documents), len(s.Attainments))
	}
	for _, c := range slices.Concat(s.Documents[0].Commitments, s.Documents[0].Indicators) {
		if texts := strings.Join(append([]string{c.Name, c.Words, c.Summary, c.Decision},
			slices.Concat(c.Assumed, c.Counts)...), "\n"); regexp.MustCompile(`(NJGT|NJSG|NT|HLJ)-`).MatchString(texts) {
			t.Errorf("%s speaks of a commitment of a document that is left out:\n%s", c.ID, texts)
		}
		if want := "按项目累计拨付校验封顶，含分年度拨付；同一项目只付一次"; c.ID == "NJ88-012" && c.Decision != want {
			t.Errorf("of NJ88-012 is left %q, want %q", c.Decision, want)
		}
	}
	for _, a := range s.Attainments {
		if !strings.HasPrefix(a.ID, "NJ88-") && !strings.HasPrefix(a.ID, "NJ-") || !strings.HasPrefix(a.Region, "3201") {
			t.Errorf("%s in %s", a.ID, a.Region)
		}
	}
	for k := range s.Series {
		if !strings.HasPrefix(k.ID, "NJ88-") && !strings.HasPrefix(k.ID, "NJ-") || !strings.HasPrefix(k.Region, "3201") {
			t.Errorf("a value of %v", k)
		}
	}
	if len(s.Sentences) != 1 || s.Sentences["NJ88-006"] == "" {
		t.Errorf("sentences %q, want one of the document that is chosen", s.Sentences)
	}
	for _, region := range s.Regions {
		if !strings.HasPrefix(region.Code, "3201") {
			t.Errorf("region %s", region.Name)
		}
	}
	// 双高 files parks, the province its projects, 南通 its consortia; platforms and activities answer NJ88 as well
	spare := []string{"park", "joint_graduate", "consortium", "industrialisation_project", "statistics_report", "software_revenue"}
	for _, sub := range s.Submissions {
		if slices.Contains(spare, sub.Source) || sub.Region != "" {
			t.Errorf("submission %s of %q", sub.Source, sub.Region)
		}
	}
	for _, row := range s.Calendar {
		if slices.Contains(spare, row.Source) {
			t.Errorf("calendar row %s", row.Source)
		}
	}
	if others := batchesLike(t, p, r, "黑龙江"); others != 0 {
		t.Errorf("%d batches of a ledger that names only what is left out", others)
	}
	if len(s.Scorecards) > 0 {
		t.Errorf("%d scorecards", len(s.Scorecards))
	}
	for _, f := range s.Findings {
		if f.Finding == "rule_unknown" && f.Rule == "" && !strings.HasPrefix(f.Payment, "DZ2024") {
			t.Errorf("a payment under a rule of another document is a finding: %+v", f)
		}
	}
	for _, c := range r.Checks {
		if strings.HasPrefix(c.Name, "core.consortium") || strings.HasPrefix(c.Name, "mart.park_evaluation") ||
			strings.HasPrefix(c.Name, "lake.statistics_report") {
			t.Errorf("what nothing is answered from is checked: %s", c.Name)
		}
		if c.Name == "ledgers name commitments that are counted from them" && c.Rows > 0 {
			t.Errorf("%d rows of ledgers name what was left out", c.Rows)
		}
	}
	// and back again: nothing was lost
	projecttest.Write(t, filepath.Join(p.Dir, project.ConfigFile), "region: \"320100\"\nsince: 2022-09-30\n")
	p = projecttest.Open(t, p.Dir)
	if r, err = pipeline.Run(t.Context(), p, pipeline.Options{Now: clock.AddDate(0, 0, 1)}); err != nil {
		t.Fatal(err)
	}
	if len(r.Snapshot.Documents) != 5 || len(r.Snapshot.Scorecards) == 0 ||
		!slices.ContainsFunc(r.Snapshot.Attainments, func(a kpi.Attainment) bool { return a.ID == "HLJ-001" && a.Value != nil }) {
		t.Error("what had been left out is not back")
	}
	if others := batchesLike(t, p, r, "黑龙江"); others == 0 {
		t.Error("the demo has no such ledger")
	}
	// another city has no budgets of 南京 and no firms of its universities
	kept := []string{"select count(*) from mart.award_budget", "select count(*) from mart.university_firm",
		"select count(*) from core.school where in_city"}
	for _, query := range kept {
		if countOf(t, p, r, query) == 0 {
			t.Errorf("%s finds nothing in the demo", query)
		}
	}
	projecttest.Write(t, filepath.Join(p.Dir, project.ConfigFile),
		"region: \"320600\"\nsince: 2022-09-30\njurisdictions: [\"320600\"]\ndocuments: [NT]\n")
	p = projecttest.Open(t, p.Dir)
	if r, err = pipeline.Run(t.Context(), p, pipeline.Options{Now: clock.AddDate(0, 0, 2)}); err != nil {
		t.Fatal(err)
	}
	for _, query := range kept {
		if n := countOf(t, p, r, query); n != 0 {
			t.Errorf("%s finds %d where only a document of 南通 is chosen", query, n)
		}
	}
}

// No text of a chosen document speaks of another that is left out, by its number or by one of its commitments.
func TestNoTextSpeaksOfWhatIsLeftOut(t *testing.T) {
	all := projecttest.New(t)
	for _, d := range all.Documents {
		projecttest.Write(t, filepath.Join(all.Dir, project.ConfigFile),
			"region: \""+d.Region+"\"\nsince: 2022-09-30\njurisdictions: [\""+d.Region+"\"]\ndocuments: ["+d.ID+"]\n")
		chosen := projecttest.Open(t, all.Dir).Documents[0]
		for _, c := range slices.Concat(chosen.Commitments, chosen.Indicators) {
			texts := strings.Join(append([]string{c.Summary, c.Decision, c.SameAs}, slices.Concat(c.Assumed, c.Counts)...), "\n")
			for _, other := range all.Documents {
				called := strings.TrimSuffix(other.Called(), "计划") // 双高协同
				if other.ID != d.ID && other.Region == d.Region &&
					(strings.Contains(texts, other.Number) || strings.Contains(texts, other.ID+"-") ||
						!strings.Contains(c.Words+d.Title, called) && strings.Contains(texts, called)) {
					t.Errorf("%s speaks of %s, which is left out: %s", c.ID, other.ID, texts)
				}
			}
			if c.ID == "NJSG-032" && c.Decision != "无目标值，报当年人数：科技副总为主数，产业教授另列" {
				t.Errorf("of NJSG-032 is left %q", c.Decision)
			}
		}
	}
}

// wordsOf are the words of a commitment in its document.
func wordsOf(t *testing.T, p *project.Project, id string) string {
	t.Helper()
	for _, d := range p.Documents {
		for _, c := range d.Commitments {
			if c.ID == id {
				return c.Words
			}
		}
	}
	t.Fatalf("no commitment %s", id)
	return ""
}

// batchesLike counts the batches of a release whose file's name holds a word.
func batchesLike(t *testing.T, p *project.Project, r pipeline.Result, word string) int {
	t.Helper()
	return countOf(t, p, r, "select count(*) from core.batch where file like '%' || ? || '%'", word)
}

// countOf is the number that a query of a release's database gives.
func countOf(t *testing.T, p *project.Project, r pipeline.Result, query string, args ...any) (n int) {
	t.Helper()
	db := database(t, p, r.Release.ID)
	defer db.Close()
	if err := db.QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// A quarter that was closed with other documents chosen restates nothing of those that were left out
// since, nor of those that were then.
func TestWhatIsNotChosenIsNotRestated(t *testing.T) {
	files := map[string]string{
		"市科技局/技术经理人_2025Q1.csv":  managers + "C1,J1,甲,2024-01-02,江宁区\n",
		"省教育厅/季度统计报送_2025Q1.csv": "报送单位,单位类别,所在市地,统计期末,报送日期\n甲大学,高校,哈尔滨市,2024-12-31,2025-01-10\n",
	}
	q := kpi.Quarter{Year: 2025, N: 1}
	all, few := "region: \"320100\"\nsince: 2022-09-30\n", "region: \"320100\"\nsince: 2022-09-30\njurisdictions: [\"320100\"]\n"
	for _, c := range []struct{ name, closed, now string }{{"fewer", all, few}, {"more", few, all}} {
		p := projecttest.New(t)
		projecttest.Write(t, filepath.Join(p.Dir, project.ConfigFile), c.closed)
		p = projecttest.Open(t, p.Dir)
		put(t, p, 0, files)
		if _, err := pipeline.Close(t.Context(), p, q, clock); err != nil {
			t.Fatal(err)
		}
		projecttest.Write(t, filepath.Join(p.Dir, project.ConfigFile), c.now)
		p = projecttest.Open(t, p.Dir)
		r, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock.AddDate(0, 0, 1)})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range r.Snapshot.Restated {
			t.Errorf("%s documents: %s %s in %s is restated from %s to %s (%s)", c.name, x.ID, x.Measure, x.Region, show(x.Old),
				show(x.New), x.Cause)
			break
		}
	}
}
