package digest

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline/kpi"
	"citykpi/reports/snapshottest"
)

var update = flag.Bool("update", false, "write golden files instead of comparing with them")

// golden compares got with testdata/<name>, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; run with -update and read the diff. Got:\n%s", file, got)
	}
}

// TestWords holds every sentence the reports make from the data.
func TestWords(t *testing.T) {
	for name, s := range map[string]*kpi.Snapshot{
		"full": snapshottest.Full(), "one_quarter": snapshottest.OneQuarter(),
		"unconnected": snapshottest.Unconnected(), "empty": snapshottest.Empty(),
	} {
		d := Read(s)
		var b strings.Builder
		b.WriteString(d.Summary() + "\n")
		for _, g := range d.Groups() {
			b.WriteString("\n" + g.Title + "\n")
			for _, it := range g.Items {
				b.WriteString("- " + it.Name + "：" + Sentence(it) + "\n")
			}
		}
		b.WriteString("\n" +
			strings.Join([]string{d.ContractSentence(snapshottest.Quarter), d.PayoutSentence(snapshottest.Quarter),
				d.SubmissionSentence()}, "\n") + "\n")
		for _, it := range d.Ranked() {
			b.WriteString(d.LeadersSentence(it) + "\n")
		}
		golden(t, name+".txt", b.String())
	}
}

func ids(items []Item) []string {
	var out []string
	for _, it := range items {
		out = append(out, it.ID)
	}
	return out
}

func TestAttentionIsWorstFirst(t *testing.T) {
	d := Read(snapshottest.Full())
	got := ids(d.Attention())
	want := []string{"NJ88-006", "NJ88-028", "NJ88-031", "NJ88-001", "NJ88-002", "NJ88-020", "NJ88-011"}
	if !slices.Equal(got, want) {
		t.Errorf("attention = %v, want %v", got, want)
	}
	total := 0
	for _, c := range d.Counts() {
		total += c.N
	}
	if total != len(d.Commitments) {
		t.Errorf("the counts add up to %d, there are %d commitments", total, len(d.Commitments))
	}
}

func TestBehindSinceAndOverdue(t *testing.T) {
	d := Read(snapshottest.Full())
	at := func(id string) Item {
		i := slices.IndexFunc(d.Commitments, func(it Item) bool { return it.ID == id })
		return d.Commitments[i]
	}
	if it := at("NJ88-028"); it.BehindSince != (kpi.Date{Year: 2026, Month: time.March, Day: 31}) || it.Overdue() {
		t.Errorf("NJ88-028 is behind since %s, overdue %v; want since 2026-03-31 and not overdue", it.BehindSince, it.Overdue())
	}
	if it := at("NJ88-006"); !it.Overdue() || it.State() != "逾期 9 个月" ||
		!strings.Contains(Sentence(it), "未完成，逾期 9 个月（2025年12月31日到期时 26 家），还差 2 家") {
		t.Errorf("NJ88-006 was due on %s and is not met: %s", it.Deadline(), Sentence(it))
	}
	if it := at("NJ88-004"); !it.BehindSince.IsZero() || it.Overdue() {
		t.Errorf("NJ88-004 is met and cannot be behind: %+v", it.BehindSince)
	}
}

func TestPlacesLeaveOutParksAndPutSilenceLast(t *testing.T) {
	s := snapshottest.Full()
	for i := range s.Attainments {
		if s.Attainments[i].ID == "NJ88-004" && s.Attainments[i].Region == "320115" {
			s.Attainments[i].Value = nil
		}
	}
	places := Read(s).Places("NJ88-004")
	if len(places) != 12 {
		t.Fatalf("%d places, want the 12 districts and no park", len(places))
	}
	if last := places[11]; last.Region.Code != "320115" {
		t.Errorf("the district without a value stands at %v, want last", last.Region)
	}
	for i := 1; i < 11; i++ {
		if *places[i].At.Value > *places[i-1].At.Value {
			t.Errorf("place %d has more than place %d", i+1, i)
		}
	}
}

func TestMoneyAddsUp(t *testing.T) {
	s := snapshottest.Full()
	d := Read(s)
	quarters := d.ContractQuarters()
	last := quarters[len(quarters)-1]
	var amount float64
	contracts := 0
	for _, c := range s.Contracts {
		if c.Quarter == snapshottest.Quarter {
			amount += c.Amount
			contracts += c.Contracts
		}
	}
	if last.Quarter != snapshottest.Quarter || last.Amount != amount || last.Contracts != contracts {
		t.Errorf("last quarter = %+v, want %d contracts and %v", last, contracts, amount)
	}
	var kinds float64
	for _, k := range d.ContractKinds(snapshottest.Quarter) {
		kinds += k.Amount
	}
	if diff := kinds - amount; diff > 1e-3 || diff < -1e-3 {
		t.Errorf("the kinds add up to %v, the quarter to %v", kinds, amount)
	}
	payouts := d.Payouts()
	if got := payouts.Articles; !slices.Equal(got, []string{"2", "3", "4", "8", "10", "12", "15"}) {
		t.Errorf("articles = %v, want them in number order", got)
	}
	if len(payouts.Quarters) != 17 {
		t.Errorf("%d payout quarters, want 17", len(payouts.Quarters))
	}
}

func TestFutureCellsAreNotShown(t *testing.T) {
	s := snapshottest.Full()
	next := snapshottest.Quarter.Add(1)
	s.Contracts = append(s.Contracts, kpi.ContractCell{Quarter: next, Kind: "技术开发", Contracts: 1, Amount: 1})
	s.Payouts = append(s.Payouts, kpi.PayoutCell{Quarter: next, Article: "2", Payouts: 1, Amount: 1})
	d := Read(s)
	if q := d.ContractQuarters(); q[len(q)-1].Quarter == next {
		t.Error("contracts of a quarter after the as-of date are shown")
	}
	if q := d.Payouts().Quarters; q[len(q)-1] == next {
		t.Error("payouts of a quarter after the as-of date are shown")
	}
}

func TestNotesAreNumberedOnce(t *testing.T) {
	d := Read(snapshottest.Full())
	notes := d.Notes()
	seen := map[string]bool{}
	for i, n := range notes {
		if n.N != i+1 || seen[n.Text] {
			t.Errorf("note %d is %+v", i+1, n)
		}
		seen[n.Text] = true
	}
	if marks := d.NoteMarks(); marks["NJ88-001"] != "注1、2" {
		t.Errorf("NJ88-001 is marked %q, want 注1、2", marks["NJ88-001"])
	}
}

// TestSentencesByKind holds how every kind of commitment is put in words.
func TestSentencesByKind(t *testing.T) {
	v := func(f float64) *float64 { return &f }
	asOf := kpi.Date{Year: 2026, Month: time.September, Day: 30}
	ceiling, floor, rate, flow := &kpi.Target{AtMost: v(20), Unit: "家"}, &kpi.Target{AtLeast: v(10), Unit: "年"},
		&kpi.Target{AtLeast: v(80), Unit: "%", Bound: true}, &kpi.Target{AtLeast: v(5000), Unit: "名", Per: "year"}
	missed := []string{"2023年第一季度", "2023年第二季度", "2023年第三季度", "2023年第四季度", "2024年第一季度"}
	cases := []struct {
		name string
		c    kpi.Commitment
		at   kpi.Attainment
		done kpi.Quarter
		want string
	}{
		{"milestone", kpi.Commitment{Kind: kpi.Milestone, Unit: "级"}, kpi.Attainment{Value: v(1)}, kpi.Quarter{}, "推进中"},
		{"completed before the line", kpi.Commitment{Kind: kpi.Milestone, Unit: "级"}, kpi.Attainment{Value: v(2)}, kpi.Quarter{}, "已完成"},
		{"completed", kpi.Commitment{Kind: kpi.Milestone, Unit: "级"}, kpi.Attainment{Value: v(2)},
			kpi.Quarter{Year: 2025, N: 4}, "已完成（2025年第四季度）"},
		{"no rhythm", kpi.Commitment{Kind: kpi.Obligation, Unit: "次"}, kpi.Attainment{Value: v(9)}, kpi.Quarter{}, "累计 9 次"},
		{"nothing missed", kpi.Commitment{Kind: kpi.Obligation, Unit: "次"}, kpi.Attainment{Value: v(9), Due: 4}, kpi.Quarter{},
			"应办 4 期，办成 4 期，累计 9 次"},
		{"missed", kpi.Commitment{Kind: kpi.Obligation, Unit: "次"}, kpi.Attainment{Value: v(9), Due: 9, Missed: missed}, kpi.Quarter{},
			"应办 9 期，办成 4 期，缺 5 期（2023年第二季度、2023年第三季度、2023年第四季度、2024年第一季度等），累计 9 次"},
		{"ceiling kept", kpi.Commitment{Kind: kpi.Constraint, Target: ceiling}, kpi.Attainment{Value: v(20), Rate: v(100)},
			kpi.Quarter{}, "现为 20 家，未超过上限（20 家）"},
		{"ceiling broken", kpi.Commitment{Kind: kpi.Constraint, Target: ceiling}, kpi.Attainment{Value: v(23), Rate: v(115)},
			kpi.Quarter{}, "现为 23 家，超出上限（20 家）3 家"},
		{"floor kept", kpi.Commitment{Kind: kpi.Constraint, Target: floor},
			kpi.Attainment{Value: v(12), Rate: v(120), Left: v(0)}, kpi.Quarter{}, "最低为 12 年，符合要求（不低于 10 年）"},
		{"floor broken", kpi.Commitment{Kind: kpi.Constraint, Target: floor, Also: []kpi.Measure{{Name: "short", Unit: "项", Breaks: true}}},
			kpi.Attainment{Value: v(8), Rate: v(80), Left: v(2), Also: map[string]*float64{"short": v(1)}}, kpi.Quarter{},
			"最低为 8 年，低于要求（10 年）2 年，涉及 1 项"},
		{"share that must hold", kpi.Commitment{Kind: kpi.Ratio, Target: rate},
			kpi.Attainment{Value: v(78.5), Rate: v(98.1), Left: v(1.5)}, kpi.Quarter{}, "为 78.5%，低于要求（80%）1.5 个百分点"},
		{"several quarters left", kpi.Commitment{Kind: kpi.Ratio, Target: &kpi.Target{AtLeast: v(100), Unit: "%", By: kpi.YearEnd(2027)}},
			kpi.Attainment{Value: v(83.33), Rate: v(83.33), Gap: v(43.3), Left: v(16.67), Required: v(4)}, kpi.Quarter{},
			"达到 83.33%，完成率 83.3%，高于序时进度 43.3 个百分点，还差 16.67 个百分点，此后每季度需提高 4 个百分点"},
		{"yearly flow", kpi.Commitment{Kind: kpi.AnnualFlow, Target: flow},
			kpi.Attainment{Value: v(2054), Rate: v(41.08), Left: v(2946), Required: v(2946), Gap: v(-33.92),
				Quarter: &kpi.Change{Diff: 240}, Year: &kpi.Change{Diff: -2773}}, kpi.Quarter{},
			"本年完成 2,054 名，完成率 41.1%，低于序时进度 33.9 个百分点，还差 2,946 名，须在四季度完成，当季环比增加 240 名，累计同比减少 2,773 名"},
		{"money in one scale", kpi.Commitment{Kind: kpi.QuarterSum, Unit: "元"},
			kpi.Attainment{Value: v(207.77e8), Quarter: &kpi.Change{Diff: 8096.5e4}, Year: &kpi.Change{Diff: -4e5}},
			kpi.Quarter{}, "当季合计 207.77 亿元，环比增加 0.81 亿元，同比减少 40.0 万元"},
		{"award", kpi.Commitment{Kind: kpi.AwardRule, Unit: "元"}, kpi.Attainment{Value: v(70e4), Quarter: &kpi.Change{}},
			kpi.Quarter{}, "累计兑付 70.0 万元，环比持平"},
		{"item of a scorecard", kpi.Commitment{Kind: kpi.ScorecardItem, Unit: "家"}, kpi.Attainment{Value: v(5)}, kpi.Quarter{}, "本项得分 5 家"},
	}
	for _, c := range cases {
		c.at.AsOf = asOf
		got := Sentence(Item{Commitment: c.c, At: c.at, Completed: c.done})
		if want := "截至 2026年9月30日，" + c.want + "。"; got != want {
			t.Errorf("%s: %q, want %q", c.name, got, want)
		}
	}
}

// TestRemaining says when what is missing has to come.
func TestRemaining(t *testing.T) {
	on := func(y int, m time.Month, d int) kpi.Date { return kpi.Date{Year: y, Month: m, Day: d} }
	for _, c := range []struct {
		asOf, deadline kpi.Date
		want           string
	}{
		{on(2026, 9, 30), on(2026, 12, 31), "四季度"},
		{on(2026, 6, 30), on(2026, 12, 31), "此后每季度"},
		{on(2026, 12, 31), on(2027, 3, 31), "明年一季度"},
		{on(2026, 11, 15), on(2026, 12, 31), "本季度余下时间"},
	} {
		if got, several := Remaining(c.asOf, c.deadline); got != c.want || several != (got == "此后每季度") {
			t.Errorf("from %s to %s: %s, several %v, want %s", c.asOf, c.deadline, got, several, c.want)
		}
	}
}

// TestCompleted finds the quarter a milestone was completed in, where the line tells.
func TestCompleted(t *testing.T) {
	end := func(y, n int) kpi.Date { return kpi.Quarter{Year: y, N: n}.End() }
	for name, c := range map[string]struct {
		line map[kpi.Date]float64
		want kpi.Quarter
	}{
		"in the quarter": {map[kpi.Date]float64{end(2026, 1): 1, end(2026, 2): 1, end(2026, 3): 2}, kpi.Quarter{Year: 2026, N: 3}},
		"earlier": {map[kpi.Date]float64{end(2025, 4): 1, end(2026, 1): 2, end(2026, 2): 2, end(2026, 3): 2},
			kpi.Quarter{Year: 2026, N: 1}},
		"before the line": {map[kpi.Date]float64{end(2026, 2): 2, end(2026, 3): 2}, kpi.Quarter{}},
		"not yet":         {map[kpi.Date]float64{end(2026, 2): 0, end(2026, 3): 1}, kpi.Quarter{}},
	} {
		s := snapshottest.Full()
		doc := s.Documents[0]
		doc.Commitments = []kpi.Commitment{{ID: "M", Kind: kpi.Milestone}}
		value := c.line[s.Release.AsOf]
		s.Documents, s.Attainments = []kpi.Document{doc}, []kpi.Attainment{{ID: "M", Region: s.Region.Code,
			AsOf: s.Release.AsOf, Value: &value}}
		s.Series[kpi.Key{ID: "M", Region: s.Region.Code}] = c.line
		if got := Read(s).Commitments[0].Completed; got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
