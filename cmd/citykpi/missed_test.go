package main

import (
	"strings"
	"testing"
	"time"

	"citykpi/pipeline/kpi"
)

// A target that is missed by less than a decimal shows is not a hundred per cent: 149.96 of 150
// hundred millions are 99.9%.
func TestMissedIsNotAHundredPerCent(t *testing.T) {
	target, on := 15000000000.0, kpi.Date{Year: 2026, Month: time.September, Day: 30}
	c := kpi.Commitment{ID: "HLJ-003", Kind: kpi.Cumulative,
		Target: &kpi.Target{AtLeast: &target, Unit: "元", By: kpi.Date{Year: 2026, Month: time.December, Day: 31}}}
	doc := kpi.Document{ID: "HLJ", Issued: kpi.Date{Year: 2023, Month: time.January, Day: 1}, Region: "230000"}
	for value, want := range map[float64]string{14996353800: "99.9%", 15000000000: "100.0%"} {
		s := kpi.Series{{ID: c.ID, Region: doc.Region}: {on: value}}
		at := kpi.Attain(doc, c, doc.Region, on, s, kpi.Cover{}, kpi.DefaultThresholds)
		words := valueWords(c, at)
		if got := percent(at.Rate); got != want || !strings.Contains(words, "完成率 "+want) || want != "100.0%" &&
			strings.Contains(words, "100.0") {
			t.Errorf("%.0f of %.0f is %s, want %s: %s", value, target, got, want, words)
		}
		if met := at.Light == kpi.Met; met != (value == target) {
			t.Errorf("%.0f of %.0f has the light %s", value, target, at.Light.Chinese())
		}
	}
	for gap, want := range map[float64]string{0.024: "+0.02", -0.024: "-0.02", 0: "+0.0"} {
		if got := points(&gap); got != want {
			t.Errorf("%g points are %s, want %s", gap, got, want)
		}
	}
}

// Of what each of several must do the list says who did of how many, as the pages do, and the share beside it.
func TestListSaysHowManyDid(t *testing.T) {
	share, count := 80.0, 318.0
	c := kpi.Commitment{ID: "HLJ-024", Kind: kpi.Obligation, Every: "quarter", Each: "报送单位", Unit: "份"}
	at := kpi.Attainment{ID: c.ID, Value: &count, Rate: &share,
		Newest: &kpi.EachPeriod{Name: "2026年第二季度", Had: 25, Not: []string{"甲", "乙", "丙", "丁", "戊"}}}
	row := figureListing(nil, []figure{newFigure(kpi.Document{ID: "HLJ"}, c, at)}, false).rows[0]
	if row[2] != "20/25" || row[3] != "个" || row[5] != "80.0%" {
		t.Errorf("%q", row)
	}
}
