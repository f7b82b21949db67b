package dashboard

import (
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
	"citykpi/reports/snapshottest"
)

// TestPlacesHaveOneScale: every amount of a column in the unit its header names, and
// the whole below, and between them what belongs to no place; where the places have more
// than the whole neither.
func TestPlacesHaveOneScale(t *testing.T) {
	v := func(f float64) *float64 { return &f }
	s := snapshottest.Full()
	doc := s.Documents[0]
	doc.Commitments = []kpi.Commitment{{ID: "M", Kind: kpi.Cumulative, Unit: figure.Yuan}}
	s.Documents = []kpi.Document{doc}
	regions := map[string]kpi.Region{s.Region.Code: s.Region}
	for _, r := range s.Districts {
		regions[r.Code] = r
	}
	for _, c := range []struct {
		whole       float64
		total, rest string
	}{{1.3e8, "1.30", ""}, {2e8, "2.00", "0.70"}, {1e8, "", ""}} {
		s.Attainments = []kpi.Attainment{
			{ID: "M", Region: s.Region.Code, Value: v(c.whole), Quarter: &kpi.Change{Diff: 5e6}},
			{ID: "M", Region: "320115", Value: v(1.04e8), Quarter: &kpi.Change{Diff: -1.2e7}},
			{ID: "M", Region: "320102", Value: v(2600e4), Quarter: &kpi.Change{}},
		}
		w := &site{d: digest.Read(s), regions: regions}
		p := w.placesOf(w.d.Commitments[0])
		if p.Unit != "亿元" || p.Word != "区" || len(p.List) != 2 || p.List[0].Value.Text != "1.04" || p.List[1].Value.Text != "0.26" ||
			p.List[0].Quarter.Text != "−0.12" || p.List[1].Quarter.Text != "持平" {
			t.Errorf("%+v", p)
		}
		if got := p.Total; (got != nil) != (c.total != "") || got != nil && (got.Value.Text != c.total || got.Quarter.Text != "+0.05") {
			t.Errorf("of %v the total row is %+v, want %q", c.whole, got, c.total)
		}
		if got := p.Rest; (got != nil) != (c.rest != "") || got != nil &&
			(got.Value.Text != c.rest || got.Share.Text != "35.0" || got.Region != "不分区" ||
				// 0.05 of the whole, of it −0.12 in places; nothing is known of the year before
				got.Quarter.Text != "+0.17" || got.Year.Text != figure.None) {
			t.Errorf("of %v what belongs to no place is %+v, want %q", c.whole, got, c.rest)
		}
	}
}

func TestPlaceWord(t *testing.T) {
	for _, c := range []struct {
		names []string
		kind  string
		want  string
	}{
		{[]string{"玄武区", "江宁区"}, "district", "区"},
		{[]string{"哈尔滨市", "大兴安岭地区"}, "district", "地区"},
		{[]string{"崇川区", "如东县"}, "district", "地区"},
		{[]string{"南通经济技术开发区", "某科技城"}, "functional", "区"},
	} {
		var regions []kpi.Region
		for _, n := range c.names {
			regions = append(regions, kpi.Region{Name: n, Kind: c.kind})
		}
		if got := placeWord(regions); got != c.want {
			t.Errorf("%v are called %s, want %s", c.names, got, c.want)
		}
	}
}

// What districts have of an obligation adds up like every other count: with what is done for the whole
// alone between them and it. Where parts are no parts of the whole, the table says so.
func TestPartsAddUpOrSayWhyNot(t *testing.T) {
	v := func(f float64) *float64 { return &f }
	s := snapshottest.Full()
	doc := s.Documents[0]
	regions := map[string]kpi.Region{s.Region.Code: s.Region}
	for _, r := range s.Districts {
		regions[r.Code] = r
	}
	for _, c := range []struct {
		kind  kpi.Kind
		unit  string
		total bool
		apart bool
	}{{kpi.Obligation, "场", true, false}, {kpi.Stock, "家", true, false}, {kpi.ScorecardItem, "家", true, false},
		{kpi.Ratio, "%", false, true}, {kpi.Constraint, "人", false, true}} {
		doc.Commitments = []kpi.Commitment{{ID: "M", Kind: c.kind, Unit: c.unit}}
		s.Documents = []kpi.Document{doc}
		s.Attainments = []kpi.Attainment{
			{ID: "M", Region: s.Region.Code, Value: v(42)}, {ID: "M", Region: "320115", Value: v(15)},
			{ID: "M", Region: "320102", Value: v(6)},
		}
		w := &site{d: digest.Read(s), regions: regions}
		p := w.placesOf(w.d.Commitments[0])
		if c.total && (p.Total == nil || p.Rest == nil || p.Rest.Value.Text != "21" || p.Total.Value.Text != "42" ||
			p.Rest.Share.Text != "50.0") {
			t.Errorf("%s: rest %+v, total %+v: want 21 of 42 in no district", c.kind, p.Rest, p.Total)
		}
		if (p.Apart != "") != c.apart || c.apart && (p.Total != nil || p.Rest != nil) {
			t.Errorf("%s: says %q, total %+v", c.kind, p.Apart, p.Total)
		}
	}
}

// A district's page does not say that there was nothing of what was never filed.
func TestADistrictDoesNotSayNoneOfWhatWasNeverFiled(t *testing.T) {
	s := snapshottest.Full()
	s.Payouts, s.Contracts = nil, nil
	for _, missing := range []bool{false, true} {
		for i, of := range s.Submissions {
			if missing && (of.Source == digest.ContractSource || of.Source == digest.PayoutSource) {
				s.Submissions[i].Status, s.Submissions[i].Batches = kpi.SourceMissing, 0
			}
		}
		text := files(t, written(t, s))["r-320106.html"]
		for _, of := range s.Submissions {
			if of.Source != digest.ContractSource && of.Source != digest.PayoutSource {
				continue
			}
			if got := strings.Contains(text, of.Bureau+"未报送"+of.Name+"。"); got != missing {
				t.Errorf("never filed %v: %s is said to be: %v", missing, of.Source, got)
			}
		}
		if got := strings.Contains(text, "本区暂无奖补兑付。") && strings.Contains(text, "本区暂无技术合同登记。"); got == missing {
			t.Errorf("never filed %v: said to be none: %v", missing, got)
		}
	}
}

// A district whose report is older than the others' says so beside its name.
func TestADistrictOfAnEarlierDaySaysSo(t *testing.T) {
	s := snapshottest.Full()
	v, day := 5.0, kpi.Date{Year: 2025, Month: 9, Day: 30}
	doc := s.Documents[0]
	doc.Commitments = []kpi.Commitment{{ID: "M", Kind: kpi.AnnualFlow, Unit: "元"}}
	s.Documents = []kpi.Document{doc}
	s.Attainments = []kpi.Attainment{{ID: "M", Region: s.Region.Code, Value: &v},
		{ID: "M", Region: "320115", Value: &v, Carried: day, Data: day}}
	regions := map[string]kpi.Region{}
	for _, r := range append(s.Districts, s.Region) {
		regions[r.Code] = r
	}
	w := &site{d: digest.Read(s), regions: regions}
	if p := w.placesOf(w.d.Commitments[0]); len(p.List) != 1 || p.List[0].Region != "江宁区（沿用 2025-09-30）" || p.Total.Region != "南京市" {
		t.Errorf("%+v", p.List)
	}
}
