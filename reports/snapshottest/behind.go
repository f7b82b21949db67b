package snapshottest

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/template"
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
		f := kpi.Fact{EntityID: b.id(i), Name: b.name(i), Region: codes[i%len(codes)], Weight: 1,
			Now: i < int(*value), Before: i >= 5, File: "市工信局/认定名单_2026Q3.xlsx", Sheet: "名单", Row: int64(i + 4)}
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
		each(kpi.Contract{On: b.Snapshot.Release.AsOf.AddDays(-i), No: fmt.Sprintf("HT%d", i), Seller: b.name(i),
			Kind: "技术开发", Field: b.name(i + 1), Region: codes[i], To: codes[i], Amount: &amount, Tech: &amount,
			Place: kpi.Place{File: "市科技局/技术合同_2026Q3.csv", Row: int64(i + 2)}})
	}
	return nil
}

// detail has one or a few of everything a city lists.
//
//go:embed detail.json.tmpl
var detail string

// Detail is what detail says, and nothing for a city without districts.
func (b Behind) Detail(context.Context) (*kpi.Detail, error) {
	d := &kpi.Detail{}
	if len(b.Snapshot.Series) == 0 {
		return d, nil
	}
	asOf := b.Snapshot.Release.AsOf
	var text bytes.Buffer
	err := template.Must(template.New("detail").Funcs(template.FuncMap{
		"name": func(i int) (string, error) { return inQuotes(b.name(i)) },
		"id":   b.id,
		"day":  asOf.AddDays,
		"year": func(i int) int { return asOf.Year + i },
	}).Parse(detail)).Execute(&text, nil)
	if err == nil {
		err = decode(text.Bytes(), d)
	}
	if err != nil {
		return nil, err
	}
	d.Forms = map[string]kpi.FactForm{}
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

// inQuotes is a text as it stands within the quotes of JSON.
func inQuotes(s string) (string, error) {
	b, err := json.Marshal(s)
	return strings.Trim(string(b), `"`), err
}

// squares are made-up outlines of districts, the last of them left out.
func squares(districts []kpi.Region) []kpi.Shape {
	var list []kpi.Shape
	for _, r := range districts {
		if r.Kind == "park" {
			continue
		}
		x, y := 118+float64(r.Tile[0])*0.3, 33-float64(r.Tile[1])*0.2
		square := [][2]float64{{x, y}, {x + 0.3, y}, {x + 0.3, y - 0.2}, {x, y - 0.2}, {x, y}}
		list = append(list, kpi.Shape{Region: r.Code, Polygons: [][][][2]float64{{square}}})
	}
	return list[:max(0, len(list)-1)]
}

// Reviewed adds what other tests have no use for: an evaluated consortium, a
// finding of the audit and a restated figure.
func Reviewed(s *kpi.Snapshot) *kpi.Snapshot {
	s.Scorecards = append(s.Scorecards, kpi.ScorecardResult{Consortium: "L1", Name: "示例联合体", Region: codes[0],
		Year: 2025, Raw: 58, Score: 58, Grade: "不合格", Consequence: "摘牌重组"})
	s.Findings = append(s.Findings, kpi.AwardFinding{Payment: "DZ1", Finding: "over_cap", Words: "累计兑付超过封顶", Amount: 1e5,
		Enforced: true, Rule: "NJ88-021", Payee: "示例企业0001", Region: codes[0],
		PaidOn: kpi.Date{Year: 2026, Month: time.May, Day: 6}, File: "市财政局/奖补_2026Q2.csv", Row: 9})
	s.Held = held("市科技局", "技术合同_2026Q3_二.csv")
	old, now := 95.0, 96.0
	s.Restated = append(s.Restated, kpi.Restatement{Quarter: Quarter.Add(-1), ID: "NJ88-006", Region: s.Region.Code,
		Old: &old, New: &now, Cause: kpi.LateData, Came: 1})
	return s
}
