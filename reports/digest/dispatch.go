package digest

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/reports/figure"
)

// Standing is how the commitments of one document, or of several, stand.
type Standing struct {
	Doc    kpi.Document
	Items  []Item
	Counts map[kpi.Light]int
	Time   *float64 // mean 序时进度 of those that have one; what comes in batches has none, but is due or is not
	OnPace *float64 // percent of those with a light that are done or green
}

// Stand adds items up.
func Stand(doc kpi.Document, items []Item) Standing {
	s := Standing{Doc: doc, Items: items, Counts: map[kpi.Light]int{}}
	var time, timed, onPace, lit float64
	for _, it := range items {
		s.Counts[it.Light()]++
		if it.At.Time != nil && it.Target != nil && it.Target.Every == "" {
			time, timed = time+*it.At.Time, timed+1
		}
		if it.Light().Judges() {
			lit++
		}
		if it.Light().OnPace() {
			onPace++
		}
	}
	if timed > 0 {
		time /= timed
		s.Time = &time
	}
	if lit > 0 {
		onPace *= 100 / lit
		s.OnPace = &onPace
	}
	return s
}

// ByDocument groups items by document, in the order of the documents.
func ByDocument(items []Item) []Standing {
	var list []Standing
	for len(items) > 0 {
		doc, n := items[0].Doc, 1
		for n < len(items) && items[n].Doc.ID == doc.ID {
			n++
		}
		list = append(list, Stand(doc, items[:n]))
		items = items[n:]
	}
	return list
}

// Watched reports that a commitment is followed without being judged: it has
// neither a target nor a light.
func (it Item) Watched() bool {
	return it.Target == nil && (it.Light() == kpi.NoLight || it.Light() == kpi.NoData)
}

// LaggingSentence is one item that is off track: the figure, how far it is
// behind, what is needed per quarter, and who leads, or who files it where the
// document names nobody.
func (d *Digest) LaggingSentence(it Item) string {
	var parts []string
	switch {
	case it.At.Value == nil:
		return AbsentText(it) + "。"
	case it.Kind == kpi.Milestone:
		parts = append([]string{staged(it)}, verdict(it)...)
	case it.Kind == kpi.Obligation:
		parts = append(parts, done(it))
	case it.At.Newest != nil:
		parts = append(parts, Each(it), together(it))
	default:
		parts = standing(it)
	}
	s := strings.Join(parts, "，") + carried(it)
	if len(it.Units) > 0 {
		return s + "。牵头单位：" + it.LeadOf() + "。"
	}
	return s + "。" + d.Owner(it).Full + "。"
}

// Listing names items in one sentence, the pinned ones first and in figures.
func Listing(items []Item) string {
	var figures, names []string
	for _, it := range items {
		if !it.Pinned || it.At.Value == nil {
			names = append(names, it.Name)
			continue
		}
		text := it.Name + " " + quantity(it.At.Value, it.UnitName())
		if it.At.Rate != nil && !it.Ceiling() {
			text += "（完成率 " + figure.Percent(it.At.Rate) + "）"
		}
		figures = append(figures, text)
	}
	return strings.Join(append(figures, names...), "；") + "。"
}

// IDRanges writes ids of one numbering as ranges: NJ88-001—008、010；NJSG-002.
func IDRanges(ids []string) string {
	var out strings.Builder
	prefix := "" // the numbering that is being written
	for i := 0; i < len(ids); {
		head, n, numbered := number(ids[i])
		end := i + 1
		for ; end < len(ids); end++ {
			h, m, ok := number(ids[end])
			if !numbered || !ok || h != head || m != n+end-i {
				break
			}
		}
		switch {
		case i == 0:
			out.WriteString(ids[i])
		case numbered && head == prefix:
			out.WriteString("、" + strings.TrimPrefix(ids[i], head))
		default:
			out.WriteString("；" + ids[i])
		}
		prefix = head
		if last := ids[end-1]; end-i > 1 {
			out.WriteString("—" + strings.TrimPrefix(last, head))
		}
		i = end
	}
	return out.String()
}

// number splits an id into what stands before its trailing digits and their value.
func number(id string) (head string, n int, ok bool) {
	head = strings.TrimRight(id, "0123456789")
	n, err := strconv.Atoi(id[len(head):])
	return head, n, err == nil
}

// Find is a commitment or indicator by its id, of any jurisdiction.
func (d *Digest) Find(id string) (Item, bool) {
	for _, it := range slices.Concat(d.Commitments, d.Drafts, d.Indicators, d.Elsewhere) {
		if it.ID == id {
			return it, true
		}
	}
	return Item{}, false
}

// RegionName is the name of a region of any jurisdiction; its code where it is unknown.
func (d *Digest) RegionName(code string) string {
	if code == "" {
		return ""
	}
	return d.Region(code).Name
}

// Jurisdiction is the topmost region above a code, itself where it has none.
func (d *Digest) Jurisdiction(code string) string {
	for _, r := range slices.Concat(d.Snapshot.Districts, d.Snapshot.Regions) {
		if r.Code == code && r.Parent != "" {
			return d.Jurisdiction(r.Parent)
		}
	}
	return code
}

// MoversSentence names the districts that gained or lost most places since the
// quarter before: at most three each way, and none that moved a single place, as
// one new figure moves many by one. "" when nobody did.
func (d *Digest) MoversSentence(items []Item) string {
	type mover struct {
		text   string
		places int
	}
	var movers []mover
	for _, it := range items {
		for _, r := range d.Districts() {
			a := d.At(it.ID, r.Code)
			if a.RankMove > 1 || a.RankMove < -1 {
				movers = append(movers, mover{fmt.Sprintf("%s（%s，居第 %d）", r.Name, it.Name, a.Rank), a.RankMove})
			}
		}
	}
	slices.SortStableFunc(movers, func(a, b mover) int { return b.places - a.places })
	var up, down []string
	for i, m := range movers {
		last := movers[len(movers)-1-i]
		if m.places > 0 && len(up) < 3 {
			up = append(up, fmt.Sprintf("%s升 %d 位", m.text, m.places))
		}
		if last.places < 0 && len(down) < 3 {
			down = append(down, fmt.Sprintf("%s降 %d 位", last.text, -last.places))
		}
	}
	var parts []string
	if len(up) > 0 {
		parts = append(parts, "较上季度位次上升较多的："+strings.Join(up, "、"))
	}
	if len(down) > 0 {
		parts = append(parts, "下降较多的："+strings.Join(down, "、"))
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, "；") + "。"
}

// ChangeText is 环比 or 同比 as a table holds it, a dash where there is none; money in the
// scale of the figures it stands with.
func ChangeText(c *kpi.Change, unit string, with ...*float64) string {
	switch {
	case c == nil:
		return figure.None
	case math.Abs(c.Diff) < 1e-9:
		return "持平"
	}
	return figure.Difference(c.Diff, unit, with...)
}
