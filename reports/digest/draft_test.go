package digest

import (
	"slices"
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/snapshottest"
)

// TestDraftsJudgeNobody: what a draft names is listed and said, and is in no count, in
// no list of what is behind, and never the worst.
func TestDraftsJudgeNobody(t *testing.T) {
	before := Read(snapshottest.Full())
	s := snapshottest.Full()
	draft := s.Documents[0]
	draft.ID, draft.Status, draft.Commitments, draft.Indicators = "G", "draft", nil, nil
	for _, c := range s.Documents[0].Commitments {
		if a := before.At(c.ID, s.Region.Code); a.Light == kpi.Red || a.Light == kpi.Orange {
			c.ID = "G" + c.ID
			a.ID = c.ID
			draft.Commitments, s.Attainments = append(draft.Commitments, c), append(s.Attainments, a)
		}
	}
	s.Documents = append([]kpi.Document{draft}, s.Documents...)
	d := Read(s)
	if len(d.Drafts) != 4 || len(d.Commitments) != len(before.Commitments) {
		t.Fatalf("%d drafts, %d commitments", len(d.Drafts), len(d.Commitments))
	}
	if !slices.Equal(d.Counts(), before.Counts()) || !slices.Equal(ids(d.Attention()), ids(before.Attention())) {
		t.Errorf("counts %v, attention %v", d.Counts(), ids(d.Attention()))
	}
	if d.Summary() != before.Summary() || d.DraftSentence() != "另有征求意见稿 4 项只报告不考核。" || before.DraftSentence() != "" {
		t.Errorf("summary %s drafts %q", d.Summary(), d.DraftSentence())
	}
	table := d.DocumentTable()
	last := table.Rows[len(table.Rows)-1]
	if name := last.Cells[0].(string); last.Total || !strings.Contains(name, "不计入合计") || table.Rows[1].Cells[1] != len(before.Commitments) {
		t.Errorf("the last row is %v", last.Cells)
	}
	if _, ok := d.Find(draft.Commitments[0].ID); !ok || len(d.All()) != len(before.All())+4 {
		t.Error("a draft's commitment is not found, or not among all")
	}
}

// TestWorstHasATargetOfItsOwn: what is judged by a guess is told, and not first.
func TestWorstHasATargetOfItsOwn(t *testing.T) {
	worst := func(change func(c *kpi.Commitment)) string {
		s := snapshottest.Full()
		for i := range s.Documents[0].Commitments {
			if c := &s.Documents[0].Commitments[i]; c.ID == "NJ88-006" { // the only one that is overdue
				change(c)
			}
		}
		_, after, _ := strings.Cut(Read(s).Summary(), "滞后最多的是")
		name, _, _ := strings.Cut(after, "，")
		return name
	}
	overdue := "“制造业单项冠军企业”"
	for _, c := range []struct {
		name   string
		change func(c *kpi.Commitment)
		first  bool
	}{
		{"as it is", func(*kpi.Commitment) {}, true},
		{"no unit named", func(c *kpi.Commitment) { c.Assumed = []string{"责任单位文中未列"} }, true},
		{"a deadline assumed", func(c *kpi.Commitment) { c.Assumed = []string{"期限取2025-12-31", "责任单位文中未列"} }, false},
		{"no target", func(c *kpi.Commitment) { c.Kind, c.Every, c.Target = kpi.Obligation, "half_year", nil }, false},
	} {
		if got := worst(c.change); got == "" || (got == overdue) != c.first {
			t.Errorf("%s: the worst is %q", c.name, got)
		}
	}
}

func TestUnjudgedSaysWhy(t *testing.T) {
	n := 30.0
	target := &kpi.Target{AtLeast: &n}
	year := &kpi.Target{AtLeast: &n, Per: "year", FirstFullYear: 2027}
	asOf := snapshottest.AsOf
	for _, c := range []struct {
		target *kpi.Target
		light  kpi.Light
		want   string
	}{
		{target, kpi.NoLight, "文中无期限"}, {year, kpi.NoLight, "2027年起评"}, {nil, kpi.NoLight, ""}, {target, kpi.Met, ""},
		{target, kpi.NoData, ""},
	} {
		it := Item{Commitment: kpi.Commitment{Target: c.target}, At: kpi.Attainment{AsOf: asOf, Light: c.light}}
		if got := it.Unjudged(); got != c.want {
			t.Errorf("%+v %s: %q, want %q", c.target, c.light, got, c.want)
		}
	}
}

func TestMove(t *testing.T) {
	for places, want := range map[int]string{2: "↑2", -1: "↓1", 0: "—"} {
		if got := Move(places); got != want {
			t.Errorf("Move(%d) = %s, want %s", places, got, want)
		}
	}
	for want, a := range map[string]kpi.Attainment{"3 ↑2": {Rank: 3, RankMove: 2}, "3": {Rank: 3}, "": {}} {
		if got := RankText(a); got != want {
			t.Errorf("RankText(%+v) = %q, want %q", a, got, want)
		}
	}
}

func TestFilingsSpeakTheCalendarsWords(t *testing.T) {
	s := snapshottest.Full()
	for i := range s.Submissions { // what the lake has says nothing about who is late
		s.Submissions[i].Status = kpi.SourceReady
	}
	d := Read(s)
	want := "应报 7 项，已报 2 项，与上期相同 1 项，迟报 1 项，过期 1 项，未报 2 项，其中 2 项沿用旧数"
	if got := d.Filings(false).Sentence(); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	behind := d.Filings(false).Behind()
	if len(behind) != 3 || behind[0].Current().Word() != "未报" || behind[2].Current().Word() != "过期" {
		t.Errorf("behind: %+v", behind)
	}
	owed := d.Owed()
	for _, part := range []string{"未报：", "过期：", "逾期 1 天"} {
		if !strings.Contains(owed, part) {
			t.Errorf("owed does not say %s: %s", part, owed)
		}
	}
	states := map[string]int{}
	for _, r := range d.SubmissionTable().Rows {
		states[r.Cells[2].(string)]++
	}
	for word, n := range map[string]int{"已报": 2, "与上期相同": 1, "迟报": 1, "过期": 1, "未报": 2} {
		if states[word] != n {
			t.Errorf("%s: the table says %d, want %d", word, states[word], n)
		}
	}
}
