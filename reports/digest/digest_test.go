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
		b.WriteString("\n" + strings.Join([]string{d.ContractSentence(snapshottest.Quarter), d.PayoutSentence(snapshottest.Quarter), d.SubmissionSentence()}, "\n") + "\n")
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
	want := []string{"NJ88-028", "NJ88-001", "NJ88-002", "NJ88-020", "NJ88-006", "NJ88-011"}
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
	if it := at("NJ88-028"); it.BehindSince != (kpi.Date{Year: 2026, Month: time.March, Day: 31}) || it.Overdue {
		t.Errorf("NJ88-028 is behind since %s, overdue %v; want since 2026-03-31 and not overdue", it.BehindSince, it.Overdue)
	}
	if it := at("NJ88-006"); !it.Overdue || !strings.Contains(Sentence(it), "已过期限") {
		t.Errorf("NJ88-006 was due on %s and is not met: %s", it.Deadline(), Sentence(it))
	}
	if it := at("NJ88-004"); !it.BehindSince.IsZero() || it.Overdue {
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

func TestSentencesOfLedgers(t *testing.T) {
	one, nine := 1.0, 9.0
	cases := []struct {
		it   Item
		want string
	}{
		{Item{Commitment: kpi.Commitment{Kind: kpi.Milestone, Unit: "级"}, At: kpi.Attainment{Value: &one}}, "推进中。"},
		{Item{Commitment: kpi.Commitment{Kind: kpi.Obligation, Unit: "次"}, At: kpi.Attainment{Value: &nine}}, "累计 9 次。"},
		{Item{Commitment: kpi.Commitment{Kind: kpi.Obligation, Unit: "次"}, At: kpi.Attainment{Value: &nine, Due: 4}}, "累计 9 次，应完成 4 期，无缺期。"},
		{Item{Commitment: kpi.Commitment{Kind: kpi.Obligation, Unit: "次"}, At: kpi.Attainment{Value: &nine, Due: 9,
			Missed: []string{"2023Q1", "2023Q2", "2023Q3", "2023Q4", "2024Q1"}}}, "累计 9 次，应完成 9 期，缺 5 期（2023Q2、2023Q3、2023Q4、2024Q1 等）。"},
	}
	for _, c := range cases {
		if got := Sentence(c.it); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
