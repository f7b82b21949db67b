package dashboard

import (
	"slices"
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/snapshottest"
)

// A target that is missed by less than a decimal shows is nowhere a hundred per cent.
func TestMissedIsNotAHundredPerCent(t *testing.T) {
	s := snapshottest.Full()
	doc := &s.Documents[0]
	at := slices.IndexFunc(doc.Commitments, func(c kpi.Commitment) bool {
		return c.Kind == kpi.Cumulative && c.Target != nil && c.Target.AtLeast != nil && len(c.Also) == 0
	})
	if at < 0 {
		t.Fatal("no commitment counts up to a target")
	}
	c := &doc.Commitments[at]
	target := 15000000000.0
	c.Target = &kpi.Target{AtLeast: &target, Unit: "元", By: kpi.Date{Year: 2026, Month: 12, Day: 31}}
	key := kpi.Key{ID: c.ID, Region: s.Region.Code}
	s.Series[key] = map[kpi.Date]float64{s.Release.AsOf: 14996353800}
	for i, a := range s.Attainments {
		if a.ID == c.ID && a.Region == s.Region.Code {
			s.Attainments[i] = kpi.Attain(*doc, *c, s.Region.Code, s.Release.AsOf, s.Series, kpi.Cover{}, kpi.DefaultThresholds)
			s.Attainments[i].Source = kpi.SourceReady
		}
	}
	page := files(t, written(t, s))["c-"+c.ID+".html"]
	if !strings.Contains(page, "99.9%") || !strings.Contains(page, "还差") {
		t.Errorf("the page of %s does not say 99.9%% and what is left", c.ID)
	}
	if i := strings.Index(page, "100.0%"); i >= 0 {
		t.Errorf("the page of %s says %q", c.ID, page[max(0, i-80):i+20])
	}
}
