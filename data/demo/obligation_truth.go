package demo

import (
	"cmp"
	"slices"

	"citykpi/pipeline/kpi"
)

// Obligation is how what is due again and again stands on the demo's last day: in how many periods it was due, in
// which nothing was done, by their last days, and of how many nobody knows, as no file of the ledger was of then
// and none names anything of then.
type Obligation struct {
	ID      string     `json:"id"`
	Due     int        `json:"due"`
	Missed  []kpi.Date `json:"missed"`
	Unknown int        `json:"unknown"`
}

// obligations are those of the province's ledgers.
func (c *city) obligations(files []FileTruth) []Obligation {
	p := c.heilongjiang
	list := []Obligation{}
	for _, o := range []struct {
		id, source string
		months     int
		does       func(e entry) bool
	}{
		{"HLJ-011", "library_update", 6, func(e entry) bool { return e.kind == "demand" }},
		{"HLJ-015", "cooperation_activity", 3, func(e entry) bool { return e.kind == "meeting" }},
		{"HLJ-017", "library_update", 6, func(e entry) bool { return e.kind == "achievement" }},
		{"HLJ-025", "dispatch_meeting", 6, func(e entry) bool { return e.on <= e.due+31 }},
	} {
		filed := map[kpi.Date]bool{}
		for _, f := range files {
			if f.Source == o.source {
				filed[f.DataDate] = true
			}
		}
		if len(filed) == 0 {
			continue
		}
		rows := p.accepted(o.source)
		stands := Obligation{ID: o.id, Missed: []kpi.Date{}}
		for _, q := range p.ends {
			end := q.date()
			from := dayOf(kpi.QuarterOf(end).Add(1 - o.months/3).Start())
			within := func(e entry) bool { return e.on >= from && e.on <= q }
			known := true // every quarter of it was filed
			for i := range o.months / 3 {
				known = known && filed[kpi.QuarterOf(end).Add(-i).End()]
			}
			unfiled := func(e entry) bool { return within(e) && !filed[kpi.QuarterOf(e.on.date()).End()] }
			switch {
			case int(end.Month)%o.months != 0 || from < p.starts:
			case slices.ContainsFunc(rows, func(e entry) bool { return within(e) && o.does(e) }):
				stands.Due++
			case !known && !slices.ContainsFunc(rows, unfiled):
				stands.Unknown++
			default:
				stands.Due++
				stands.Missed = append(stands.Missed, end)
			}
		}
		list = append(list, stands)
	}
	slices.SortFunc(list, func(a, b Obligation) int { return cmp.Compare(a.ID, b.ID) })
	return list
}
