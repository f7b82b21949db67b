package dispatch

import (
	"fmt"
	"time"

	"citykpi/pipeline/kpi"
	"citykpi/reports/snapshottest"
)

func num(v float64) *float64 { return &v }

func day(y int, m time.Month, d int) kpi.Date { return kpi.Date{Year: y, Month: m, Day: d} }

// rich is a full city with everything only some installations have: findings of
// the award audit, restated quarters, evaluations and another jurisdiction.
func rich() *kpi.Snapshot {
	s := snapshottest.Full()
	s.Regions = append([]kpi.Region{s.Region}, s.Districts...)
	s.Regions = append(s.Regions, kpi.Region{Code: "320600", Name: "南通市", Kind: "city"},
		kpi.Region{Code: "320613", Name: "崇川区", Kind: "district", Parent: "320600"},
		kpi.Region{Code: "320681", Name: "启东市", Kind: "district", Parent: "320600"})
	finding := func(no, words string, amount float64, enforced bool, region string, paid kpi.Date) kpi.AwardFinding {
		return kpi.AwardFinding{Payment: no, Finding: "over_cap", Words: words, Amount: amount, Enforced: enforced,
			Rule: "NJ88-021", Payee: "南京甲公司", Region: region, PaidOn: paid, File: "兑付.csv", Row: 7}
	}
	s.Findings = []kpi.AwardFinding{
		finding("P1", "累计兑付超过封顶", 1234567.89, true, "320115", day(2026, time.May, 2)),
		finding("P2", "累计兑付超过封顶", 300000, false, "320104", day(2026, time.August, 9)),
		finding("P3", "超过兑付期限", 50000, true, "320100", day(2025, time.June, 1)),
		finding("P9", "超过兑付期限", 99e8, true, "320613", day(2026, time.July, 1)), // of another city
	}
	q := snapshottest.Quarter.Add(-1)
	s.Restated = []kpi.Restatement{
		{Quarter: q, ID: "NJ88-003", Region: "320115", Old: num(2987), New: num(2991), Cause: kpi.LateData, Came: 4},
		{Quarter: q, ID: "NJ88-003", Region: "320100", Old: num(12439), New: num(12441), Cause: kpi.CorrectedData, Came: 3, Went: 1},
		{Quarter: q, ID: "NJ88-011", Region: "320100", Old: num(7.1818e8), New: nil, Cause: kpi.ChangedDefinition, Went: 9},
		{Quarter: q, ID: "NJ88-025", Measure: "visits", Region: "320100", Old: num(271), New: num(280), Cause: kpi.LateData, Came: 9},
	}
	evaluation := func(no, name, region string, year int, score float64, grade, consequence string) kpi.ScorecardResult {
		return kpi.ScorecardResult{Consortium: no, Name: name, Region: region, Year: year, Raw: score, Score: score,
			Grade: grade, Subsidy: score * 1e4, Consequence: consequence}
	}
	s.Scorecards = []kpi.ScorecardResult{
		evaluation("NT01", "海工联合体", "320681", 2024, 55, "不合格", ""), evaluation("NT01", "海工联合体", "320681", 2025, 47.5, "不合格", "摘牌重组"),
		evaluation("NT02", "纺织联合体", "320613", 2025, 96, "优秀", ""),
	}
	addElsewhere(s)
	return s
}

// addElsewhere adds a document of another city, computed as the pipeline does.
func addElsewhere(s *kpi.Snapshot) {
	doc := kpi.Document{ID: "NT", Title: "南通市联合体管理办法", Number: "通政〔2022〕1号", Issued: day(2022, time.January, 1),
		Region: "320600", Status: "in_force"}
	doc.Commitments = []kpi.Commitment{
		{ID: "NT-001", Document: "NT", Name: "联合体成员企业", Kind: kpi.Stock, Pinned: true, Assumed: []string{"以章程为准"},
			Target: &kpi.Target{AtLeast: num(40), Unit: "家", By: kpi.YearEnd(2027)}},
		{ID: "NT-002", Document: "NT", Name: "年度报告", Kind: kpi.Cumulative, Unit: "篇"},
	}
	for i, q := range []kpi.Quarter{snapshottest.Quarter.Add(-1), snapshottest.Quarter} {
		for region, v := range map[string]float64{"320600": 7, "320613": 4, "320681": 3} {
			k := kpi.Key{ID: "NT-001", Region: region}
			if s.Series[k] == nil {
				s.Series[k] = map[kpi.Date]float64{}
			}
			s.Series[k][q.End()] = v + float64(i)
		}
	}
	for _, c := range doc.Commitments {
		for i, region := range []string{"320600", "320613", "320681"} {
			a := kpi.Attain(doc, c, region, snapshottest.AsOf, s.Series, kpi.Cover{}, kpi.DefaultThresholds)
			a.Source, a.Rank = kpi.SourceReady, i
			s.Attainments = append(s.Attainments, a)
		}
	}
	s.Documents = append(s.Documents, doc)
}

// richHostile is rich with hostile names where the added things have names.
func richHostile() *kpi.Snapshot {
	s, hostile := rich(), snapshottest.Hostile()
	s.Documents[0], s.Districts, s.Submissions = hostile.Documents[0], hostile.Districts, hostile.Submissions
	name := func(i int) string { return snapshottest.HostileNames[i%len(snapshottest.HostileNames)] }
	s.Region.Name = name(0)
	for i := range s.Regions {
		s.Regions[i].Name = name(i)
	}
	for i := range s.Findings {
		f := &s.Findings[i]
		f.Words, f.Payee, f.File, f.Rule = name(i), name(i+1), name(i+2), name(i+3)
	}
	for i := range s.Restated {
		s.Restated[i].Measure = name(i)
	}
	for i := range s.Scorecards {
		r := &s.Scorecards[i]
		r.Name, r.Grade, r.Consequence = name(i), name(i+1), name(i+2)
	}
	s.Documents[1].Title, s.Documents[1].Commitments[0].Name = name(1), name(3)
	return s
}

// crowded is a city with as many commitments as five documents hold: eight of each
// of the full city's, under three documents.
func crowded() *kpi.Snapshot {
	s := rich()
	first := s.Documents[0]
	at := s.Attainments
	for n := range 7 {
		doc := first
		doc.ID, doc.Title, doc.Indicators, doc.Commitments = fmt.Sprint("D", n/3), first.Title+fmt.Sprint(n/3), nil, nil
		id := func(old string) string { return fmt.Sprintf("D%d-%s", n, old[len(old)-3:]) }
		for _, c := range first.Commitments {
			c.ID, c.Pinned, c.Document = id(c.ID), false, doc.ID
			c.Units = []string{"市科技局", "市财政局", "市教育局", "市人社局", "江北新区", "各区"}
			doc.Commitments = append(doc.Commitments, c)
		}
		for _, a := range at {
			for _, c := range first.Commitments {
				if a.ID == c.ID {
					a.ID = id(a.ID)
					s.Attainments = append(s.Attainments, a)
					break
				}
			}
		}
		if n%3 == 0 {
			s.Documents = append(s.Documents, doc)
			continue
		}
		last := &s.Documents[len(s.Documents)-1]
		last.Commitments = append(last.Commitments, doc.Commitments...)
	}
	return s
}
