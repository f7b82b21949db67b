package dashboard

import (
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/snapshottest"
)

// A commitment's page says what was published of it and why it reads otherwise now; the list has all of them, each
// with the decimals of its measure.
func TestARestatedFigureSaysSoOnItsPage(t *testing.T) {
	s := snapshottest.Full()
	titles, title := 36.0, 35.0
	amount, more := 76543210.0, 76543260.0
	s.Restated = []kpi.Restatement{
		{Quarter: snapshottest.Quarter.Add(-1), ID: "NJ88-006", Region: s.Region.Code, Old: &titles, New: &title, Cause: kpi.WithdrawnData, Went: 1},
		{Quarter: snapshottest.Quarter.Add(-1), ID: "NJ88-011", Region: s.Region.Code, Old: &amount, New: &more, Cause: kpi.CorrectedData},
	}
	pages := files(t, written(t, s))
	for page, want := range map[string]string{
		"c-NJ88-006.html": "已关账季度重述：2026年第二季度公布 36 家，现为 35 家（撤销数据）。",
		"c-NJ88-011.html": "已关账季度重述：2026年第二季度公布 7,654.321 万元，现为 7,654.326 万元（更正数据）。",
		"quality.html":    `>7,654.321</td><td class="n">7,654.326</td><td class="t">万元</td>`,
	} {
		if !strings.Contains(pages[page], want) {
			t.Errorf("%s does not say %s", page, want)
		}
	}
	if strings.Contains(pages["c-NJ88-005.html"], "重述") {
		t.Error("a figure that stands as published is said to be restated")
	}
}
