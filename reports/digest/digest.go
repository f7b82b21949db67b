// Package digest reads a snapshot for its readers: commitments joined with how
// they stand, the ones that need attention first, rankings, money by quarter,
// sentences and tables. The dashboard and the dispatch report print what it
// says, so both say the same.
package digest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
)

// Digest is one snapshot, indexed.
type Digest struct {
	Snapshot    *kpi.Snapshot
	Commitments []Item // of the reader's own jurisdiction, in the order of the documents
	Indicators  []Item // likewise: watched, promised by nobody
	Elsewhere   []Item // what other jurisdictions' documents promise: listed, and counted nowhere
	attainments map[key]kpi.Attainment
}

type key struct{ id, region string }

// Item is a commitment or an indicator and how it stands in its document's jurisdiction.
type Item struct {
	kpi.Commitment
	Doc kpi.Document
	At  kpi.Attainment
	// BehindSince is the first quarter end of the present run below pace; zero
	// when it is not behind.
	BehindSince kpi.Date
	// Overdue reports that the deadline has passed and the target is not met.
	Overdue bool
}

// Read indexes a snapshot. A commitment without an attainment stands as 无数据,
// 未接入.
func Read(s *kpi.Snapshot) *Digest {
	d := &Digest{Snapshot: s, attainments: map[key]kpi.Attainment{}}
	for _, a := range s.Attainments {
		d.attainments[key{a.ID, a.Region}] = a
	}
	for _, doc := range s.Documents {
		if doc.Region != "" && doc.Region != s.Region.Code {
			for _, c := range slices.Concat(doc.Commitments, doc.Indicators) {
				d.Elsewhere = append(d.Elsewhere, d.item(doc, c))
			}
			continue
		}
		for _, c := range doc.Commitments {
			d.Commitments = append(d.Commitments, d.item(doc, c))
		}
		for _, c := range doc.Indicators {
			d.Indicators = append(d.Indicators, d.item(doc, c))
		}
	}
	return d
}

func (d *Digest) item(doc kpi.Document, c kpi.Commitment) Item {
	it := Item{Commitment: c, Doc: doc, At: d.At(c.ID, cmp.Or(doc.Region, d.Snapshot.Region.Code))}
	it.Overdue = it.Light() != kpi.Met && it.At.Left != nil && *it.At.Left > 0 && !it.deadline().IsZero() &&
		!it.deadline().After(d.AsOf())
	it.BehindSince = d.behindSince(it)
	return it
}

// At is how a commitment stands in a region; an absent attainment is no data.
func (d *Digest) At(id, region string) kpi.Attainment {
	if a, ok := d.attainments[key{id, region}]; ok {
		return a
	}
	return kpi.Attainment{ID: id, Region: region, AsOf: d.AsOf(), Light: kpi.NoData, Source: kpi.SourceNone}
}

// AsOf is the date every figure of the digest is as of.
func (d *Digest) AsOf() kpi.Date { return d.Snapshot.Release.AsOf }

// Series is a commitment's own line in a region.
func (d *Digest) Series(id, region string) map[kpi.Date]float64 {
	return d.Snapshot.Series[kpi.Key{ID: id, Region: region}]
}

// Light is the light of the jurisdiction.
func (it Item) Light() kpi.Light { return it.At.Light }

// UnitName is the unit of the value: the target's, else the commitment's own.
func (it Item) UnitName() string {
	if it.Target != nil && it.Target.Unit != "" {
		return it.Target.Unit
	}
	return it.Unit
}

// Lead is the responsible unit that stands first, or that the policy names none.
func (it Item) Lead() string {
	if len(it.Units) == 0 {
		return "文中未列"
	}
	return it.Units[0]
}

// LeadOf is the lead unit and how many stand behind it: 市科技局等 9 家.
func (it Item) LeadOf() string {
	if len(it.Units) < 3 {
		return it.Responsible()
	}
	return fmt.Sprintf("%s等 %d 家", it.Units[0], len(it.Units))
}

// Responsible is every responsible unit, lead first.
func (it Item) Responsible() string {
	if len(it.Units) == 0 {
		return "文中未列"
	}
	return strings.Join(it.Units, "、")
}

// Ceiling reports that the target is not to be exceeded: less is better and there
// is no pace.
func (it Item) Ceiling() bool { return it.Target != nil && it.Target.Comparator() == "<=" }

// deadline is the day the target is due: the year's end for a yearly one.
func (it Item) deadline() kpi.Date {
	switch {
	case it.Target == nil:
		return kpi.Date{}
	case it.Target.Per == "year":
		return kpi.YearEnd(it.At.AsOf.Year)
	}
	return it.Target.By
}

// Deadline is the day the target is due, zero when there is none.
func (it Item) Deadline() kpi.Date { return it.deadline() }

// ArticleName is 第2条, or what the article field says when it is no number.
func ArticleName(article string) string {
	if article == "" {
		return ""
	}
	for _, r := range article {
		if r < '0' || r > '9' {
			return article
		}
	}
	return "第" + article + "条"
}

// behindSince walks back from the as-of date over quarter ends while the line
// stays below its pace.
func (d *Digest) behindSince(it Item) kpi.Date {
	if it.Target == nil || it.At.Gap == nil || *it.At.Gap >= 0 || it.Light() == kpi.Met {
		return kpi.Date{}
	}
	line, since := d.Series(it.ID, it.At.Region), d.AsOf()
	for on := kpi.LastQuarterEnd(d.AsOf()); ; on = kpi.QuarterOf(on).Add(-1).End() {
		v, ok := line[on]
		progress, dated := kpi.TimeProgress(*it.Target, it.Doc.Issued, on)
		if !ok || !dated || v/it.Target.Value()*100 >= progress || on.Before(it.Doc.Issued) {
			return since
		}
		since = on
	}
}

// LightCount is how many commitments show a light.
type LightCount struct {
	Light kpi.Light
	N     int
}

// Counts are the lights of all commitments in legend order, zeros included;
// commitments without a light (no target, no deadline) come last as kpi.NoLight.
func (d *Digest) Counts() []LightCount {
	var counts []LightCount
	for _, l := range append(slices.Clone(kpi.Lights), kpi.NoLight) {
		n := 0
		for _, it := range d.Commitments {
			if it.Light() == l {
				n++
			}
		}
		counts = append(counts, LightCount{l, n})
	}
	return counts
}

func (d *Digest) count(lights ...kpi.Light) int {
	n := 0
	for _, it := range d.Commitments {
		if slices.Contains(lights, it.Light()) {
			n++
		}
	}
	return n
}

// Attention is what is off track: red, orange, yellow, the widest gap first.
func (d *Digest) Attention() []Item {
	var items []Item
	for _, it := range d.Commitments {
		if concern(it.Light()) < 3 {
			items = append(items, it)
		}
	}
	slices.SortStableFunc(items, func(a, b Item) int {
		if c := cmp.Compare(concern(a.Light()), concern(b.Light())); c != 0 {
			return c
		}
		return cmp.Compare(gap(a), gap(b))
	})
	return items
}

func concern(l kpi.Light) int {
	if i := slices.Index([]kpi.Light{kpi.Red, kpi.Orange, kpi.Yellow}, l); i >= 0 {
		return i
	}
	return 3
}

func gap(it Item) float64 {
	if it.At.Gap == nil {
		return 0
	}
	return *it.At.Gap
}

// Pinned are the headline cards: pinned commitments, then pinned indicators.
func (d *Digest) Pinned() []Item {
	var items []Item
	for _, it := range d.All() {
		if it.Pinned {
			items = append(items, it)
		}
	}
	return items
}

// All is every commitment of the jurisdiction, then every indicator.
func (d *Digest) All() []Item { return append(slices.Clone(d.Commitments), d.Indicators...) }

// Judged are the commitments with a target that have a value.
func (d *Digest) Judged() []Item {
	var items []Item
	for _, it := range d.Commitments {
		if it.Target != nil && it.At.Value != nil {
			items = append(items, it)
		}
	}
	return items
}

// Charted are the judged commitments whose course is worth a picture: figures
// that are pinned or off track.
func (d *Digest) Charted() []Item {
	return slices.DeleteFunc(d.Judged(), func(it Item) bool {
		figures := it.Kind == "" || it.Kind == kpi.Stock || it.Kind == kpi.Cumulative || it.Kind == kpi.AnnualFlow || it.Kind == kpi.Ratio
		return !figures || !it.Pinned && concern(it.Light()) == 3
	})
}

// Unanswered are the commitments with a target that have no value.
func (d *Digest) Unanswered() []Item {
	var items []Item
	for _, it := range d.Commitments {
		if it.Target != nil && it.At.Value == nil {
			items = append(items, it)
		}
	}
	return items
}

// Districts are the regions that are counted once each; parks report through
// the district that holds them and are left out.
func (d *Digest) Districts() []kpi.Region {
	var regions []kpi.Region
	for _, r := range d.Snapshot.Districts {
		if r.Kind != "park" {
			regions = append(regions, r)
		}
	}
	return regions
}

// Place is a district's place in the ranking of one commitment.
type Place struct {
	Region kpi.Region
	At     kpi.Attainment
}

// Places ranks the districts by value, best first; districts without a value
// come last, in code order.
func (d *Digest) Places(id string) []Place {
	var places []Place
	for _, r := range d.Districts() {
		places = append(places, Place{r, d.At(id, r.Code)})
	}
	slices.SortStableFunc(places, func(a, b Place) int {
		switch {
		case a.At.Value == nil || b.At.Value == nil:
			return cmp.Compare(btoi(a.At.Value == nil), btoi(b.At.Value == nil))
		case *a.At.Value != *b.At.Value:
			return cmp.Compare(*b.At.Value, *a.At.Value)
		}
		return cmp.Compare(a.Region.Code, b.Region.Code)
	})
	return places
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Ranked are the commitments and indicators of the reader's own jurisdiction
// that at least two districts have a part in.
func (d *Digest) Ranked() []Item {
	var items []Item
	for _, it := range d.All() {
		having := 0
		for _, r := range d.Districts() {
			if v := d.At(it.ID, r.Code).Value; v != nil && *v != 0 {
				having++
			}
		}
		if having > 1 {
			items = append(items, it)
		}
	}
	return items
}
