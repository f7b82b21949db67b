package dashboard

import (
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/snapshottest"
)

// What was published and what it is now stand in one unit, with the decimals of their measure, and more
// where the two would look alike.
func TestRestatedFiguresAreToldApart(t *testing.T) {
	s := snapshottest.Full()
	titles, title := 36.0, 35.0
	amount, more := 76543210.0, 76543260.0
	s.Restated = []kpi.Restatement{
		{Quarter: snapshottest.Quarter.Add(-1), ID: "NJ88-006", Region: s.Region.Code, Old: &titles, New: &title,
			Cause: kpi.WithdrawnData, Went: 1},
		{Quarter: snapshottest.Quarter.Add(-1), ID: "NJ88-011", Region: s.Region.Code, Old: &amount, New: &more, Cause: kpi.CorrectedData},
	}
	pages := files(t, written(t, s))
	for page, want := range map[string]string{
		"c-NJ88-006.html": `<td class="n">36</td><td class="n">35</td>`,
		"c-NJ88-011.html": `<td class="n">0.7654321</td><td class="n">0.7654326</td>`,
		"quality.html":    `>7,654.321</td><td class="n">7,654.326</td><td class="t">万元</td>`,
	} {
		if !strings.Contains(pages[page], want) {
			t.Errorf("%s does not say %s", page, want)
		}
	}
}

// A figure that was restated says so where it stands: its own page names the quarter, the place where it
// is not the whole, both values and the cause. The page of one that stands as published does not.
func TestARestatedFiguresPageSaysSo(t *testing.T) {
	s := snapshottest.Full()
	old, now, part := 12.0, 15.0, 3.0
	s.Restated = []kpi.Restatement{
		{Quarter: snapshottest.Quarter, ID: "NJ88-003", Region: s.Region.Code, Old: &old, New: &now, Cause: kpi.LateData, Came: 3},
		{Quarter: snapshottest.Quarter, ID: "NJ88-003", Region: s.Districts[0].Code, New: &part, Cause: kpi.CorrectedData, Came: 3}}
	pages := files(t, written(t, s))
	page := pages["c-NJ88-003.html"]
	_, section, _ := strings.Cut(page, `<section id="restated">`)
	section, _, _ = strings.Cut(section, "</section>")
	for _, want := range []string{
		`<td class="t">` + snapshottest.Quarter.String() + `</td><td class="w">本项</td><td class="t">` + s.Region.Name +
			`</td><td class="n">12</td><td class="n">15</td>`,
		`<td class="t">` + s.Districts[0].Name + `</td><td class="n">—</td><td class="n">3</td>`,
		"迟报数据", "更正数据", `href="quality.html?%E7%BC%96%E5%8F%B7=NJ88-003#q-restated"`,
	} {
		if !strings.Contains(section, want) {
			t.Errorf("the page of NJ88-003 does not say %s:\n%s", want, section)
		}
	}
	if !strings.Contains(page[:strings.Index(page, "</h1>")], "已重述</abbr>") {
		t.Error("the heading of NJ88-003 does not say that its figure was restated")
	}
	if other := pages["c-NJ88-004.html"]; strings.Contains(other, "重述") {
		t.Error("the page of NJ88-004 speaks of restatements; it has none")
	}
}
