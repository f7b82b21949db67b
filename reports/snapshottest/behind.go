package snapshottest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"citykpi/pipeline/kpi"
)

// Behind is what stands behind the figures of a snapshot: as many facts as a
// commitment's value says, and a little of everything else.
type Behind struct {
	Snapshot *kpi.Snapshot
	Names    []string // for whatever has a name; nil: 示例企业0001
	Map      bool     // outlines of all districts but one are installed
}

func (b Behind) name(i int) string {
	if len(b.Names) > 0 {
		return b.Names[i%len(b.Names)]
	}
	return fmt.Sprintf("示例企业%04d", i)
}

func (b Behind) id(i int) string { return fmt.Sprintf("91320100MA%08d", i) }

// gone is how many counted a quarter ago and do no more.
const gone = 3

// Facts gives a commitment's value in facts of weight one; the newest came in
// this quarter, and three have gone.
func (b Behind) Facts(_ context.Context, c kpi.Commitment, region string, each func(kpi.Fact)) error {
	value := b.Snapshot.Series.At(kpi.Key{ID: c.ID, Region: region}, b.Snapshot.Release.AsOf)
	if value == nil || *value > 20000 {
		return nil
	}
	asOf := b.Snapshot.Release.AsOf
	for i := range int(*value) + gone {
		f := kpi.Fact{EntityID: b.id(i), Name: b.name(i), Region: codes[i%len(codes)], Weight: 1, Now: i < int(*value), Before: i >= 5,
			File: "市工信局/认定名单_2026Q3.xlsx", Sheet: "名单", Row: int64(i + 4)}
		for range kpi.Facets(c.Model) {
			f.Facets = append(f.Facets, b.name(i%3))
		}
		if i%4 > 0 {
			f.Matched = "code"
		}
		if c.Kind.Interval() {
			f.From, f.Until = asOf.AddDays(-i), kpi.OpenEnd
		} else {
			f.On = asOf.AddDays(-i)
		}
		each(f)
	}
	return nil
}

// Contracts gives three contracts of the quarter, and none of other years.
func (b Behind) Contracts(_ context.Context, year int, each func(kpi.Contract)) error {
	if year != b.Snapshot.Release.AsOf.Year {
		return nil
	}
	for i := range min(3, len(b.Snapshot.Contracts)) {
		amount := float64(i+1) * 1e6
		each(kpi.Contract{On: b.Snapshot.Release.AsOf.AddDays(-i), No: fmt.Sprintf("HT%d", i), Seller: b.name(i), Kind: "技术开发", Field: b.name(i + 1), Region: codes[i], To: codes[i],
			Amount: &amount, Tech: &amount, Place: kpi.Place{File: "市科技局/技术合同_2026Q3.csv", Row: int64(i + 2)}})
	}
	return nil
}

// Detail has one or a few of everything a city lists, and nothing for a city
// without districts.
func (b Behind) Detail(context.Context) (*kpi.Detail, error) {
	if len(b.Snapshot.Series) == 0 {
		return &kpi.Detail{}, nil
	}
	asOf := b.Snapshot.Release.AsOf
	at := kpi.Place{File: "市工信局/复核名单_2026Q3.csv", Row: 12}
	n := func(v float64) *float64 { return &v }
	d := &kpi.Detail{
		Forms: map[string]kpi.FactForm{},
		Batches: []kpi.BatchLine{
			{Batch: "b1", Source: "tech_contract", Bureau: "市科技局", File: "市科技局/技术合同_2026Q3.csv", DataDate: asOf, LoadedAt: "2026-10-15 18:03:00+08", Read: 30, Loaded: 27, Rejected: 2, Dropped: 1},
			{Batch: "b2", Source: "award_payout", Bureau: "市财政局", File: "市财政局/" + b.name(3), DataDate: asOf, LoadedAt: "2026-10-15 18:03:00+08", Read: 10, Loaded: 10},
		},
		TierMoves: []kpi.TierMove{{AsOf: asOf, To: "innovative", Enterprises: 9}, {AsOf: asOf, From: "innovative", To: "specialised", Enterprises: 4, CrossesRule: true}, {AsOf: asOf, From: "specialised", Enterprises: 2}},
		TierMoved: []kpi.TierMoved{{AsOf: asOf, EntityID: b.id(1), Name: b.name(1), Region: codes[0], From: "innovative", To: "specialised", Place: at}},
		Expiring:  []kpi.Expiry{{EntityID: b.id(2), Name: b.name(2), Region: codes[1], Tier: "little_giant", Last: asOf.AddDays(40), Place: at}},
		Industries: []kpi.TierCell{{Tier: "innovative", Industry: "制造业", Enterprises: 900}, {Tier: "specialised", Industry: "制造业", Enterprises: 90},
			{Tier: "innovative", Industry: b.name(4), Enterprises: 300}},
		Awards: []kpi.AwardLine{{Rule: "NJ88-021", Region: codes[0], Year: asOf.Year, Payments: 4, Amount: 1.2e6}, {Region: city, Year: asOf.Year - 1, Payments: 1, Amount: 3e5}},
		Points: []kpi.ScorePoint{{Consortium: "L1", Name: b.name(0), Region: codes[0], Year: 2025, Item: "NT-A1", ItemName: b.name(1), Full: 10, Computed: 8, Points: 10, Reason: b.name(2), Override: b.name(3), Unjustified: b.name(4), Adjusted: b.name(5)},
			{Consortium: "L2", Name: b.name(2), Region: codes[0], Year: 2025, Item: "NJ88-005", ItemName: b.name(1), Full: 10, Points: 4, Unjustified: "专家行给 6 分而未写理由"},
			{Consortium: "L2", Name: b.name(2), Region: codes[0], Year: 2024, Item: "NJ88-005", ItemName: b.name(1), Full: 10, Points: 3, Adjusted: "按佐证得 0.00 分，专家调整为 3.00 分，理由：面积四舍五入"}},
		Conditions: []kpi.ScoreCheck{{Consortium: "L1", Year: 2025, Item: "NT-A1", No: 1, Name: "合同额", Wants: "≥3项", Value: n(2)},
			{Consortium: "L1", Year: 2025, Item: "NT-A1", No: 2, Name: "活动", Wants: "≥1次", Holds: true}},
		Evidence: []kpi.ScoreProof{{Consortium: "L1", Year: 2025, Item: "NT-A1", No: 1, Subject: b.name(4), Name: b.name(5), Quantity: n(2), Amount: n(3e6), Counted: true, Place: at}},
		Parks: []kpi.Park{{Code: "P1", Name: b.name(5), Cohort: "pilot", Region: codes[0], FiveOne: 4, Has: [5]bool{true, true, true, true}, Plan: true, Universities: 2, Green: 3, Yellow: 1, Red: 1},
			{Code: "P2", Name: "示例园区", Cohort: "trial", Region: codes[1], FiveOne: 5, Has: [5]bool{true, true, true, true, true}}},
		Tasks: []kpi.ParkTask{{No: "R1", Level: "park", Task: b.name(2), Park: b.name(5), Region: codes[0], Colour: "red", Unit: b.name(3), Due: asOf, Since: asOf, Place: at}},
		Flows: []kpi.Flow{{Year: asOf.Year, School: b.name(0), To: codes[0], Local: true, Contracts: 4, Amount: 4.2e7, Tech: 4e7}, {Year: asOf.Year, School: "示例大学", To: "", Contracts: 2, Amount: 2e7, Tech: 2e7},
			{Year: asOf.Year, To: city, Local: true, Contracts: 9, Amount: 9e7, Tech: 8e7}},
		Fields:       []kpi.FieldCell{{Quarter: Quarter, Field: b.name(1), Contracts: 3, Amount: 3e7, Tech: 2e7}, {Quarter: Quarter, Contracts: 1, Amount: 1e7, Tech: 1e7}},
		Universities: []kpi.University{{Year: asOf.Year, Place: 1, Name: b.name(0), Contracts: 4, Amount: 4.2e7, Tech: 4e7, Local: 4.2e7, LocalShare: n(100), Firms: 1}, {Year: asOf.Year - 1, Place: 2, Name: b.name(0)}},
		Firms:        []kpi.UniversityFirm{{On: asOf, Name: b.name(1), University: b.name(0), Place: at}},
		Platforms:    []kpi.Platform{{No: "PT1", Name: b.name(3), Kind: "new_rd", Level: "municipal", University: b.name(4), Region: codes[2], From: asOf, Place: at}},
		Returns: []kpi.Returns{{Bureau: "市科技局", Returned: 3, Corrected: 1, Open: 2, Days: 31,
			Files:   []kpi.ReturnedFile{{File: "市科技局/技术合同_2026Q3.csv", Batch: "b1", DataDate: asOf, On: asOf.AddDays(15), Days: 31, Returned: 3, Open: 2}},
			Reasons: []kpi.ReturnedRows{{Source: "tech_contract", Column: b.name(4), Rule: "tech_amount_within_amount", Words: b.name(5), Rows: 2}}}},
		Corrections: []kpi.Correction{{Source: "tech_contract", Name: b.name(3), Step: "withdraw", Words: "作废", Key: b.name(1), On: asOf, File: "市科技局/" + b.name(2), Sheet: b.name(4), Row: 2, OldFile: "市科技局/技术合同_2026Q3.csv", Old: b.name(5), OldRow: 3},
			{Source: "tech_contract", Name: b.name(3), Step: "replace", Words: "更正", Key: b.name(2), On: asOf, File: "市科技局/" + b.name(2), Row: 3}},
		Matched:     []kpi.MatchQuality{{Source: "tech_contract", Name: b.name(3), Rows: 30, ByCode: 20, ByNumber: 1, ByFormer: 2, ByName: 3, ByDecision: 1, Pending: 1, Strange: 1, LeftOut: 1}},
		MatchRows:   []kpi.MatchRow{{Source: "tech_contract", How: "pending", NamedAs: b.name(1), Name: b.name(2), Place: at}, {Source: "tech_contract", How: "name", NamedAs: b.name(3), Name: b.name(3), EntityID: b.id(3), Matched: b.name(3), Place: at}},
		Prefectures: []kpi.Prefecture{{Code: "230100", Name: b.name(3), Achievements: n(12), Invested: n(3e7)}},
	}
	for _, doc := range b.Snapshot.Documents {
		for _, c := range slices.Concat(doc.Commitments, doc.Indicators) {
			d.Forms[c.ID] = kpi.FactForm{Interval: c.Kind.Interval(), Matched: true}
		}
	}
	if b.Map {
		d.Shapes = squares(b.Snapshot.Districts)
	}
	return d, nil
}

// squares are made-up outlines of districts, the last of them left out.
func squares(districts []kpi.Region) []kpi.Shape {
	var list []kpi.Shape
	for _, r := range districts {
		if r.Kind == "park" {
			continue
		}
		x, y := 118+float64(r.Tile[0])*0.3, 33-float64(r.Tile[1])*0.2
		list = append(list, kpi.Shape{Region: r.Code, Polygons: [][][][2]float64{{{{x, y}, {x + 0.3, y}, {x + 0.3, y - 0.2}, {x, y - 0.2}, {x, y}}}}})
	}
	return list[:max(0, len(list)-1)]
}

// Reviewed adds what other tests have no use for: an evaluated consortium, a
// finding of the audit and a restated figure.
func Reviewed(s *kpi.Snapshot) *kpi.Snapshot {
	s.Scorecards = append(s.Scorecards, kpi.ScorecardResult{Consortium: "L1", Name: "示例联合体", Region: codes[0], Year: 2025, Raw: 58, Score: 58, Grade: "不合格", Consequence: "摘牌重组"})
	s.Findings = append(s.Findings, kpi.AwardFinding{Payment: "DZ1", Finding: "over_cap", Words: "累计兑付超过封顶", Amount: 1e5, Enforced: true, Rule: "NJ88-021", Payee: "示例企业0001", Region: codes[0],
		PaidOn: kpi.Date{Year: 2026, Month: time.May, Day: 6}, File: "市财政局/奖补_2026Q2.csv", Row: 9})
	s.Held = held("市科技局", "技术合同_2026Q3_二.csv")
	old, now := 95.0, 96.0
	s.Restated = append(s.Restated, kpi.Restatement{Quarter: Quarter.Add(-1), ID: "NJ88-006", Region: s.Region.Code, Old: &old, New: &now, Cause: kpi.LateData, Came: 1})
	return s
}
