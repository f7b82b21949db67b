// Package digest reads a snapshot for its readers: commitments joined with how
// they stand, the ones that need attention first, rankings, money by quarter,
// sentences and tables. The dashboard and the dispatch report print what it
// says, so both say the same.
package digest

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"citykpi/pipeline/kpi"
	"citykpi/reports/figure"
)

// Digest is one snapshot, indexed.
type Digest struct {
	Snapshot    *kpi.Snapshot
	Commitments []Item // of the reader's own jurisdiction, in the order of the documents
	Drafts      []Item // of its drafts: reported, and neither counted nor judged
	Indicators  []Item // likewise: watched, promised by nobody
	Elsewhere   []Item // what other jurisdictions' documents promise: listed, and counted nowhere
	attainments map[key]kpi.Attainment
	raw         *kpi.Snapshot     // as it was given
	names       map[string]string // of units that file or that rows name → as pages call them
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
	// Completed is the quarter by whose end a milestone was complete; zero where the
	// line does not tell.
	Completed kpi.Quarter
}

// Read indexes a snapshot. A commitment without an attainment stands as 无数据,
// 未接入.
func Read(s *kpi.Snapshot) *Digest {
	d := &Digest{Snapshot: s, raw: s, attainments: map[key]kpi.Attainment{}}
	d.place()
	s = d.Snapshot
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
			if doc.Draft() {
				d.Drafts = append(d.Drafts, d.item(doc, c))
			} else {
				d.Commitments = append(d.Commitments, d.item(doc, c))
			}
		}
		for _, c := range doc.Indicators {
			d.Indicators = append(d.Indicators, d.item(doc, c))
		}
	}
	return d
}

func (d *Digest) item(doc kpi.Document, c kpi.Commitment) Item {
	it := Item{Commitment: c, Doc: doc, At: d.At(c.ID, cmp.Or(doc.Region, d.Snapshot.Region.Code))}
	it.BehindSince, it.Completed = d.behindSince(it), d.completed(it)
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

// Until is when the last of the files came that the release may know; "" where none was left out.
func (d *Digest) Until() string {
	if until := d.Snapshot.Release.Until; !until.IsZero() {
		return figure.Moment(until)
	}
	return ""
}

// Beside is what a report of a release says above itself that does not serve, "" of one that does.
func (d *Digest) Beside() string {
	if why := d.Snapshot.Release.Beside; why != "" {
		return "本报告为" + why
	}
	return ""
}

// Series is a commitment's own line in a region, as far as it is known: what was not filed is no 0.
func (d *Digest) Series(id, region string) map[kpi.Date]float64 {
	return d.At(id, region).Cover.Known(d.Snapshot.Series[kpi.Key{ID: id, Region: region}])
}

// Light is the light of the jurisdiction.
func (it Item) Light() kpi.Light { return it.At.Light }

// Overdue reports that the deadline has passed and the target was never reached.
func (it Item) Overdue() bool { return it.Light() == kpi.Overdue }

// UnitName is the unit of the value: the target's, else the commitment's own.
func (it Item) UnitName() string {
	if it.Target != nil && it.Target.Unit != "" {
		return it.Target.Unit
	}
	return it.Unit
}

// Indicator reports whether it is only watched: no document promises it.
func (it Item) Indicator() bool {
	return slices.ContainsFunc(it.Doc.Indicators, func(c kpi.Commitment) bool { return c.ID == it.ID })
}

// Doubts are the 推定 behind the figure and what it is judged by. That the document
// names no unit is none of them: whoever prints the unit says so.
func (it Item) Doubts() []string {
	return slices.DeleteFunc(slices.Clone(it.Assumed), func(a string) bool { return a == "责任单位"+Unnamed })
}

// Unjudged says why a target gets no light, "" where it is judged or there is none.
func (it Item) Unjudged() string {
	switch {
	case it.Light() != kpi.NoLight || it.Target == nil:
		return ""
	case it.Target.Per == "year" && it.At.AsOf.Year < it.Target.FirstFullYear:
		return fmt.Sprintf("%d年起评", it.Target.FirstFullYear)
	}
	return "文中无期限"
}

// Ceiling reports that the target is not to be exceeded: less is better and there
// is no pace.
func (it Item) Ceiling() bool {
	return it.Target != nil && it.Target.Comparator() == "<=" && !it.BindsEach()
}

// Bound reports that the target must hold at any time, from above or below: what
// is missing is a breach and no work to catch up with. What binds each of several is
// told by who keeps it.
func (it Item) Bound() bool {
	if it.Target == nil || it.Target.Comparator() == "between" || it.BindsEach() {
		return false
	}
	return it.Ceiling() || it.Kind == kpi.Constraint || it.Target.Bound
}

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

// ArticleName is 第十二条, or what the article field says when it is no number below 100.
func ArticleName(article string) string {
	n, err := strconv.Atoi(article)
	if err != nil || n < 1 || n > 99 {
		return article
	}
	digits := []string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	name := digits[n%10]
	switch {
	case n >= 20:
		name = digits[n/10] + "十" + name
	case n >= 10:
		name = "十" + name
	}
	return "第" + name + "条"
}

// behindSince walks back from the as-of date over quarter ends while the line
// stays below its pace.
func (d *Digest) behindSince(it Item) kpi.Date {
	if it.Target == nil || it.At.Newest != nil || it.At.Gap == nil || *it.At.Gap >= 0 || it.Light().Done() || it.At.Verdict != nil {
		return kpi.Date{}
	}
	line, since := d.Series(it.ID, it.At.Region), d.AsOf()
	for on := kpi.LastQuarterEnd(d.AsOf()); ; on = kpi.QuarterOf(on).Add(-1).End() {
		v, ok := line[on]
		progress, dated := kpi.TimeProgress(*it.Target, it.Starts(it.Doc), on)
		if !ok || !dated || v/it.Target.Value()*100 >= progress || on.Before(it.Doc.Issued) {
			return since
		}
		since = on
	}
}

// completed is the first quarter end of the present run at which a milestone was
// complete, if the line begins before it.
func (d *Digest) completed(it Item) kpi.Quarter {
	line, last := d.Series(it.ID, it.At.Region), float64(len(kpi.Stages)-1)
	if it.Kind != kpi.Milestone || it.At.Value == nil || *it.At.Value < last {
		return kpi.Quarter{}
	}
	for q := kpi.QuarterOf(kpi.LastQuarterEnd(d.AsOf())); ; q = q.Add(-1) {
		before, known := line[q.Add(-1).End()]
		if !known {
			return kpi.Quarter{}
		}
		if before < last {
			return q
		}
	}
}

// LightCount is how many commitments show a light.
type LightCount struct {
	Light kpi.Light
	N     int
}

// Counts are the lights of all commitments in legend order, zeros included but of what awaits its data;
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
		if n > 0 || l != kpi.Awaited {
			counts = append(counts, LightCount{l, n})
		}
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

// Attention is what is off track: overdue first, then red to yellow, the widest gap first.
func (d *Digest) Attention() []Item {
	var items []Item
	for _, it := range d.Commitments {
		if it.Behind() {
			items = append(items, it)
		}
	}
	slices.SortStableFunc(items, WorstFirst)
	return items
}

// Behind reports that an item is off track.
func (it Item) Behind() bool { return it.Light().Concern() > 0 }

// WorstFirst orders items by their lights, then by how far they are behind.
func WorstFirst(a, b Item) int {
	return cmp.Or(cmp.Compare(b.Light().Concern(), a.Light().Concern()), cmp.Compare(gap(a), gap(b)))
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

// All is every commitment of the jurisdiction, then those of its drafts, then every indicator.
func (d *Digest) All() []Item { return slices.Concat(d.Commitments, d.Drafts, d.Indicators) }

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
		return !figures || !it.Pinned && !it.Behind()
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

// DistrictsOf are the regions a jurisdiction reports by.
func (d *Digest) DistrictsOf(code string) []kpi.Region {
	if code == d.Snapshot.Region.Code || code == "" {
		return d.Districts()
	}
	return kpi.OnceEach(d.Snapshot.Regions, code)
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
