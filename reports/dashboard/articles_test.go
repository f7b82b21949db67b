package dashboard

import (
	"slices"
	"strconv"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/chart"
	"citykpi/reports/digest"
	"citykpi/reports/snapshottest"
)

// TestArticlesAreNamedInTheirOrder: the smallest are merged, the others keep the order
// of the articles and say what they pay for.
func TestArticlesAreNamedInTheirOrder(t *testing.T) {
	s := snapshottest.Full()
	doc := &s.Documents[0]
	s.Payouts, doc.Commitments = nil, slices.DeleteFunc(slices.Clone(doc.Commitments),
		func(c kpi.Commitment) bool { return c.Award != nil })
	q := kpi.QuarterOf(s.Release.AsOf)
	for n := 1; n <= chart.MaxSeries+2; n++ {
		s.Payouts = append(s.Payouts, kpi.PayoutCell{Quarter: q, Article: strconv.Itoa(n), Payouts: 1, Amount: float64(n)})
	}
	rule := doc.Commitments[0]
	rule.ID, rule.Article, rule.Name, rule.Award = "NJ88-900", "3", "国家级、省级创新中心配套", &kpi.Award{}
	doc.Commitments = append(doc.Commitments, rule)
	second := *doc
	second.ID, second.Commitments, second.Indicators = "NJ99", nil, nil
	rule.ID, rule.Document, rule.Article, rule.Name = "NJ99-001", "NJ99", "5", "市级重大科技专项资助"
	second.Commitments = []kpi.Commitment{rule}
	rule.ID, rule.Document = "NJ88-901", doc.ID
	doc.Commitments = append(doc.Commitments, rule)
	s.Documents = append(s.Documents, second)

	d := digest.Read(s)
	var names []string
	for _, one := range payoutSeries(d, d.Payouts(), []kpi.Quarter{q}) {
		names = append(names, one.Name)
		if one.Name == chart.Rest && one.Values[0] != 1+2 {
			t.Errorf("the rest sums to %v, want 3", one.Values[0])
		}
	}
	want := []string{"第三条 国家级、省级创新…", "第四条", doc.ID + "、NJ99 第五条 市级重大科技专项…", "第六条", "第七条", chart.Rest}
	if !slices.Equal(names, want) {
		t.Errorf("the series are %q, want %q", names, want)
	}
}
