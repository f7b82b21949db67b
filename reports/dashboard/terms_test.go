package dashboard

import (
	"slices"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
)

// TestTermsSayFromWhichDay: what adds up says where it begins, and a level does not.
func TestTermsSayFromWhichDay(t *testing.T) {
	doc := kpi.Document{ID: "D", Issued: kpi.Date{Year: 2022, Month: 9, Day: 1}}
	for _, c := range []struct {
		commitment kpi.Commitment
		want       term
		says       bool
	}{
		{kpi.Commitment{Kind: kpi.Cumulative, Model: "m"}, term{"起算", "2022年9月1日"}, true},
		{kpi.Commitment{Kind: kpi.Cumulative, Model: "m", From: kpi.Date{Year: 2025, Month: 1, Day: 1}}, term{"起算", "2025年1月1日"}, true},
		{kpi.Commitment{Kind: kpi.Stock, Model: "m"}, term{"起算", "2022年9月1日"}, false},
		{kpi.Commitment{Kind: kpi.Cumulative}, term{"起算", "2022年9月1日"}, false}, // nothing is counted yet
		{kpi.Commitment{Kind: kpi.AwardRule, Award: &kpi.Award{Times: "once"}}, term{"频次", "只此一次"}, true},
		{kpi.Commitment{Kind: kpi.AwardRule, Award: &kpi.Award{Tier: "specialised", Lead: true}},
			term{"资格", kpi.TierName("specialised") + "（牵头企业）"}, true},
	} {
		if got := terms(digest.Item{Commitment: c.commitment, Doc: doc}); slices.Contains(got, c.want) != c.says {
			t.Errorf("%+v: %v", c.commitment, got)
		}
	}
}
