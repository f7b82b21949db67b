package dashboard

import (
	"fmt"
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/chart"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
)

// TestPeriodTable counts from the document's issue, not from the first record, and its
// sums are those of the attainment.
func TestPeriodTable(t *testing.T) {
	doc := kpi.Document{ID: "D", Issued: kpi.Date{Year: 2025, Month: 12, Day: 15}, Region: "320100"}
	c := kpi.Commitment{ID: "O", Kind: kpi.Obligation, Every: "quarter", Unit: "次"}
	line := map[kpi.Date]float64{}
	for i, v := range []float64{1, 1, 1, 3, 3} { // by the end of 2025Q3 … 2026Q3
		line[kpi.Quarter{Year: 2025, N: 3}.Add(i).End()] = v
	}
	asOf := kpi.Date{Year: 2026, Month: 9, Day: 30}
	at := kpi.Attain(doc, c, "320100", asOf, kpi.Series{{ID: "O", Region: "320100"}: line}, kpi.Cover{}, kpi.DefaultThresholds)
	table := periodTable(digest.Item{Commitment: c, Doc: doc, At: at}, line, nil)
	var got []string
	for _, r := range table.Rows {
		got = append(got, fmt.Sprint(r.Cells...))
	}
	want := []string{fmt.Sprint("2026年第三季度", 1, 0, 1, 0.0), fmt.Sprint("2026年第二季度", 1, 1, 0, 2.0),
		fmt.Sprint("2026年第一季度", 1, 0, 1, 0.0), fmt.Sprint("合计", at.Due, 1, len(at.Missed), 2.0)}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
	c.Every = ""
	if rows := periodTable(digest.Item{Commitment: c, Doc: doc, At: at}, line, nil).Rows; len(rows) != 0 {
		t.Errorf("without a rhythm there is nothing due: %v", rows)
	}
}

// TestEachTable names who did not, period by period.
func TestEachTable(t *testing.T) {
	doc := kpi.Document{ID: "D", Issued: kpi.Date{Year: 2025, Month: 12, Day: 15}, Region: "230000"}
	c := kpi.Commitment{ID: "O", Kind: kpi.Obligation, Every: "quarter", Each: "报送单位", Unit: "份"}
	var duties []kpi.Duty
	for i, q := range []kpi.Quarter{{Year: 2026, N: 1}, {Year: 2026, N: 2}} {
		for j, name := range []string{"甲局", "乙局"} {
			d := kpi.Duty{ID: "O", Subject: name, Period: q.End(), Due: q.End().AddDays(15)}
			if i+j != 2 {
				d.Done = q.End().AddDays(3)
			}
			duties = append(duties, d)
		}
	}
	asOf := kpi.Date{Year: 2026, Month: 9, Day: 30}
	at := kpi.Attain(doc, c, doc.Region, asOf, kpi.Series{{ID: "O", Region: doc.Region}: {asOf: 3}}, kpi.Cover{}, kpi.DefaultThresholds)
	at.JudgeEach(doc, c, duties, kpi.DefaultThresholds)
	it := digest.Item{Commitment: c, Doc: doc, At: at}
	var got []string
	for _, r := range periodTable(it, nil, duties).Rows {
		got = append(got, fmt.Sprint(r.Cells...))
	}
	want := []string{fmt.Sprint("2026年第二季度", 2, 1, 1, 50.0, "乙局"), fmt.Sprint("2026年第一季度", 2, 2, 0, 100.0, ""),
		fmt.Sprint("合计", 4, 3, 1, 75.0, "")}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
	if s := digest.Sentence(it); s != "截至 2026年9月30日，2026年第二季度应办 2 个报送单位，办成 1 个（50.0%），未办 1 个：乙局；应办 2 期，全部办成 1 期，累计 3 份。" {
		t.Error(s)
	}
	if s := question(digest.Read(&kpi.Snapshot{Release: kpi.Release{AsOf: asOf}}), it); s != "2026年第二季度未办 1 个报送单位，何故？下一期如何安排？" {
		t.Error(s)
	}
}

// A bound is held against the register as it was filed last; of a day that the register does not reach the
// table says so, as every figure that is carried forward does.
func TestABoundsTableSaysWhatItCarries(t *testing.T) {
	most := 20.0
	doc := kpi.Document{ID: "D", Issued: kpi.Date{Year: 2025, Month: 7, Day: 1}, Region: "320600"}
	c := kpi.Commitment{ID: "X", Kind: kpi.Constraint, Each: "联合体", Unit: "家", Target: &kpi.Target{AtMost: &most, Unit: "家"}}
	var duties []kpi.Duty
	for q := (kpi.Quarter{Year: 2025, N: 3}); q.Year < 2026 || q.N < 2; q = q.Add(1) {
		duties = append(duties, kpi.Duty{ID: "X", Subject: "甲", Period: q.End(), Due: q.End(), Done: q.End(), Number: &most})
	}
	asOf := kpi.Date{Year: 2026, Month: 3, Day: 31}
	at := kpi.Attain(doc, c, doc.Region, asOf, kpi.Series{{ID: "X", Region: doc.Region}: {asOf: most}}, kpi.Cover{}, kpi.DefaultThresholds)
	at.JudgeEach(doc, c, duties, kpi.DefaultThresholds)
	at.Data = kpi.Date{Year: 2025, Month: 12, Day: 31}
	var got []any
	for _, r := range periodTable(digest.Item{Commitment: c, Doc: doc, At: at}, nil, duties).Rows {
		got = append(got, r.Cells[0])
	}
	want := []any{"2026年第一季度末（沿用 2025-12-31）", "2025年第四季度末", "2025年第三季度末"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestTrendStartsWhenTheDocumentWasIssued unless that leaves nothing to compare.
func TestTrendStartsWhenTheDocumentWasIssued(t *testing.T) {
	end := func(y, n int) kpi.Date { return kpi.Quarter{Year: y, N: n}.End() }
	line := map[kpi.Date]float64{end(2024, 1): 1, end(2026, 3): 9}
	for _, c := range []struct {
		issued, first kpi.Date
		n             int
	}{
		{kpi.Date{Year: 2025, Month: 12, Day: 15}, end(2025, 4), 4},
		{kpi.Date{Year: 2022, Month: 9, Day: 1}, end(2024, 1), 11},
		{kpi.Date{Year: 2026, Month: 9, Day: 15}, end(2024, 1), 11}, // one point is no trend
	} {
		dates := trendDates(line, c.issued, end(2026, 3))
		if dates[0] != c.first || len(dates) != c.n || dates[len(dates)-1] != end(2026, 3) {
			t.Errorf("issued %s: %d dates from %s, want %d from %s", c.issued, len(dates), dates[0], c.n, c.first)
		}
	}
}

// TestTrendTableHasTheFiguresScale: a figure of 亿元 at the head of a page is in 亿元 in its table.
func TestTrendTableHasTheFiguresScale(t *testing.T) {
	before, now := 9.3e9, 98699996.83e4
	it := digest.Item{Commitment: kpi.Commitment{ID: "M", Kind: kpi.Cumulative, Unit: figure.Yuan}, At: kpi.Attainment{Value: &now}}
	html, err := trendTable(it, chart.TrendData{Unit: figure.Yuan, Names: []string{"2025Q3", "2025Q4"},
		Values: []*float64{&before, &now}}).HTML()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"累计数（亿元）", ">93.00<", ">9,870.00<"} {
		if !strings.Contains(string(html), want) {
			t.Errorf("the table has no %s: %s", want, html)
		}
	}
}
