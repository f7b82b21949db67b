package dispatch

import (
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/snapshottest"
)

// A period that was missed stays in the record of what is due every period, and the rate beside it is of
// the newest: a row that says 缺1期 and 100.0 says of what.
func TestARecordAndARateSayOfWhat(t *testing.T) {
	s := snapshottest.Full()
	d := digest.Read(s)
	v := func(f float64) *float64 { return &f }
	for _, c := range []struct {
		at           kpi.Attainment
		record, rate string
	}{
		{kpi.Attainment{Value: v(7), Due: 7, Missed: []string{"2023年下半年"}, Rate: v(100), Gap: v(0), Light: kpi.Green},
			"应办7期，以往缺1期", "最近一期"},
		{kpi.Attainment{Value: v(6), Due: 7, Missed: []string{"2026年上半年"}, Rate: v(0), Gap: v(-100), Light: kpi.Red}, "应办7期，缺1期", "最近一期"},
	} {
		it := d.Commitments[0]
		it.Commitment = kpi.Commitment{ID: "O", Kind: kpi.Obligation, Every: "half_year", Unit: "次"}
		it.At = c.at
		cells := judgedRow(d, it, nil).Cells
		if cells[3].Small != c.record || cells[4].Small != c.rate {
			t.Errorf("the row says %q and %s %q, want %q and %q", cells[3].Small, cells[4].Text, cells[4].Small, c.record, c.rate)
		}
	}
}

// What lags is printed with its assumptions, as in the tables of all commitments.
func TestLaggingItemsKeepTheirNotes(t *testing.T) {
	s := snapshottest.Full()
	html := string(page(t, s))
	table := tableOf(t, html, "lagging")
	d, marks := digest.Read(s), 0
	for _, it := range d.Attention() {
		if len(it.Doubts()) > 0 {
			marks++
			if !strings.Contains(table, it.Name+"<sup>[") {
				t.Errorf("%s stands without the number of its note", it.Name)
			}
		}
	}
	if marks == 0 {
		t.Fatal("nothing that lags has a note")
	}
}
