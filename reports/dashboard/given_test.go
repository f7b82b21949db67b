package dashboard

import (
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/snapshottest"
)

// The page of a commitment says beside its verdict, or its year, what a closing said otherwise; where the deadline
// is another one since, that is all there is to say. What is judged as it was says nothing.
func TestTheVerdictOfAClosingStandsBesideIt(t *testing.T) {
	s := snapshottest.Full()
	one := 1.0
	for i := range s.Attainments {
		a := &s.Attainments[i]
		if a.Region == s.Region.Code && (a.ID == "NJ88-032" || a.ID == "NJ88-020" || a.ID == "NJ88-030") {
			a.Given = []kpi.Given{{Judged: kpi.Judged{ID: a.ID, Deadline: kpi.YearEnd(2025), Value: &one, Wanted: 3, Outcome: kpi.NotDone},
				Quarter: kpi.Quarter{Year: 2025, N: 4}, On: kpi.Date{Year: 2026, Month: 1, Day: 12}, Cause: kpi.LateData}}
		}
	}
	pages := files(t, written(t, s))
	for page, want := range map[string]string{
		"c-NJ88-032.html": "；2026年1月12日关账时为未完成，1／3 个，还差 2 个，其后补报）",
		"c-NJ88-020.html": "完成（2026年1月12日关账时为未完成，1／3 名，还差 2 名，其后目标改为 100 名）",
		"c-NJ88-030.html": "2026年1月12日关账时为2025年12月31日到期未完成，1／3 家，还差 2 家，其后期限改为 2026年12月31日",
	} {
		_, stats, _ := strings.Cut(pages[page], `class="stats"`)
		if stats, _, _ = strings.Cut(stats, "</dl>"); !strings.Contains(stats, want) {
			t.Errorf("%s does not say %s beside its figures: %s", page, want, stats)
		}
	}
	if strings.Contains(pages["c-NJ88-031.html"], "关账时") {
		t.Error("NJ88-031 is judged as it was, and its page speaks of a closing")
	}
}

// In the table of periods a closing's count stands by the names of those who did not.
func TestWhoHadNotAtAClosing(t *testing.T) {
	end, one := kpi.YearEnd(2025), 1.0
	doc := kpi.Document{ID: "D", Issued: kpi.Date{Year: 2025, Month: 1, Day: 1}, Region: "320100"}
	c := kpi.Commitment{ID: "D-1", Kind: kpi.Obligation, Each: "区", Every: "year"}
	duties := []kpi.Duty{{ID: "D-1", Subject: "甲", Period: end, Due: end, Done: end}, {ID: "D-1", Subject: "乙", Period: end, Due: end}}
	a := kpi.Attainment{ID: "D-1", Region: doc.Region, AsOf: end, Value: &one}
	a.JudgeEach(doc, c, duties, kpi.DefaultThresholds)
	it := digest.Item{Doc: doc, Commitment: c, At: a}
	last := func() any { return eachTable(it, duties).Rows[0].Cells[5] }
	if got := last(); got != any("乙") {
		t.Errorf("nothing was said otherwise: %v", got)
	}
	none := 0.0
	it.At.Given = []kpi.Given{{Judged: kpi.Judged{ID: "D-1", Deadline: end, Value: &none, Wanted: 2, Outcome: kpi.NotDone,
		Not: []string{"甲", "乙"}},
		Quarter: kpi.QuarterOf(end), On: kpi.Date{Year: 2026, Month: 1, Day: 12}, Cause: kpi.LateData}}
	if got, want := last(), "乙（2026年1月12日关账时为 0／2 个，未办甲、乙，其后补报）"; got != any(want) {
		t.Errorf("%v, want %s", got, want)
	}
}
