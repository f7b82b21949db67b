package pipeline_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"citykpi/data/demo"
	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/project"
	"citykpi/pipeline/warehouse"
)

// compareScorecards holds every evaluation of the demo's consortia, and those
// that are missing, against the generator's own plan.
func compareScorecards(t *testing.T, want demo.Truth, s *kpi.Snapshot) {
	t.Helper()
	got := map[demo.Scorecard]bool{}
	for _, r := range s.Scorecards {
		got[demo.Scorecard{Consortium: r.Consortium, Year: r.Year, Raw: r.Raw, Score: r.Score, Grade: r.Grade,
			Subsidy: r.Subsidy, Consequence: r.Consequence}] = true
	}
	if len(got) != len(want.Scorecards) {
		t.Errorf("%d evaluations, want %d", len(got), len(want.Scorecards))
	}
	for _, w := range want.Scorecards {
		if !got[w] {
			t.Errorf("no evaluation %+v among %+v", w, s.Scorecards)
		}
	}
}

// scorecardsOpen: the demo shows every grade and consequence, and a score opens to its contracts and experts' points.
func scorecardsOpen(t *testing.T, p *project.Project, want demo.Truth, r pipeline.Result) {
	seen := map[string]bool{}
	for _, s := range r.Snapshot.Scorecards {
		seen[s.Grade], seen[s.Consequence], seen["capped"] = true, true, seen["capped"] || s.Raw > s.Score
	}
	for _, what := range []string{"优秀", "合格", "不合格", "未评价", "摘牌重组", "人工确认", "capped"} {
		if !seen[what] {
			t.Errorf("the demo shows no %s", what)
		}
	}
	v, err := pipeline.OpenView(t.Context(), p, kpi.Date{})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	e, err := v.Explain(t.Context(), "NT-S09", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(e.Facts) == 0 || e.Attainment.Value == nil || len(e.Facts) != int(*e.Attainment.Value) {
		t.Errorf("NT-S09 is %v and opens to %d consortia", e.Attainment.Value, len(e.Facts))
	}
	contracts := 0
	for _, x := range e.Evidence {
		if x.Condition == "签订项目" && x.Counted && x.Row > 0 && x.File != "" {
			contracts++
		}
	}
	if contracts < 10*len(e.Facts) {
		t.Errorf("NT-S09 goes down to %d contracts for %d consortia", contracts, len(e.Facts))
	}

	// an expert's points without a reason do not count, and the item says so
	if e, err = v.Explain(t.Context(), "NT-S15", "", 0); err != nil {
		t.Fatal(err)
	}
	if len(e.Unjustified) != len(want.Unjustified) || len(want.Unjustified) == 0 {
		t.Fatalf("NT-S15 has unjustified points %+v, want %+v", e.Unjustified, want.Unjustified)
	}
	for i, w := range want.Unjustified {
		if u := e.Unjustified[i]; w.Item != "NT-S15" || u.Consortium != w.Consortium || u.Year != w.Year ||
			u.Points != w.Points || u.Row < 2 || u.File == "" ||
			!strings.Contains(u.Words, fmt.Sprintf("给 %.2f 分而未写理由，不采用，仍按佐证计 %.2f 分", w.Given, w.Points)) {
			t.Errorf("unjustified points are %+v, want %+v", u, w)
		}
	}

	// and those that stand for a reason are told with it
	for _, w := range want.Adjusted {
		if e, err = v.Explain(t.Context(), w.Item, "", 0); err != nil {
			t.Fatal(err)
		}
		same := func(u warehouse.ExpertPoints) bool { return u.Consortium == w.Consortium && u.Year == w.Year }
		if i := slices.IndexFunc(e.Adjusted, same); i < 0 || e.Adjusted[i].Points != w.Points || e.Adjusted[i].Row < 2 ||
			!strings.HasSuffix(e.Adjusted[i].Words, fmt.Sprintf("专家调整为 %.2f 分，理由：%s", w.Points, w.Reason)) {
			t.Errorf("%s: the experts' points are %+v, want %+v", w.Item, e.Adjusted, w)
		}
	}
	if len(want.Adjusted) == 0 {
		t.Error("no experts' points to be told")
	}
}
