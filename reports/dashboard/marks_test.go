package dashboard

import (
	"strings"
	"testing"

	"citykpi/reports/chart"
	"citykpi/reports/snapshottest"
)

// TestWhatIsAssumedIsMarkedAlike: the heading of a commitment's page says 推定 if and only if the lists and
// cards that print its figure do; that the document names no unit is said where the unit stands.
func TestWhatIsAssumedIsMarkedAlike(t *testing.T) {
	s := snapshottest.Full()
	pages := files(t, written(t, s))
	marked := map[bool]int{}
	for _, c := range s.Documents[0].Commitments {
		heading, _, _ := strings.Cut(pages["c-"+c.ID+".html"], "</h1>")
		want := strings.Contains(heading, "推定</abbr>")
		marked[want]++
		for _, file := range []string{"d-NJ88.html", "index.html", "districts.html", "r-320115.html"} {
			for _, cell := range strings.Split(pages[file], `<a href="c-`+c.ID+`.html"`)[1:] {
				end := "</td>" // of a list; a card and a trend end their first line with a paragraph
				if p := strings.Index(cell, "</p>"); p >= 0 && p < strings.Index(cell+end, end) {
					end = "</p>"
				}
				if cell, _, _ = strings.Cut(cell, end); strings.Contains(cell, "</li>") || strings.Contains(cell, "</th>") {
					continue // what only names it
				}
				if got := strings.Contains(cell, "推定</abbr>"); got != want {
					t.Errorf("%s says of %s 推定: %t, its own page: %t", file, c.ID, got, want)
				}
			}
		}
	}
	if marked[true] == 0 || marked[false] == 0 {
		t.Errorf("marked and not: %v; the snapshot should have both", marked)
	}
}

// TestMarksAreThoseDrawn: a level has a dotted pace, a yearly flow short strokes and
// the columns of earlier years lighter.
func TestMarksAreThoseDrawn(t *testing.T) {
	target := 100.0
	pace := []*float64{&target}
	for want, data := range map[string]chart.TrendData{
		"": {},
		"红线为目标，点线为序时进度":           {Target: &target, Pace: pace},
		"红线为目标，短横为序时进度，深色为本年":     {Target: &target, Pace: pace, Columns: true, Current: 4},
		"红线为目标，短横为序时进度":           {Target: &target, Pace: pace, Columns: true},
		"红线为目标，虚线为预测（按近四个季度平均增量）": {Target: &target, Forecast: pace},
		"深色为本年": {Columns: true, Current: 1},
	} {
		if got := marks(data, "按近四个季度平均增量"); got != want {
			t.Errorf("the chart is explained as %q, want %q", got, want)
		}
	}
}
