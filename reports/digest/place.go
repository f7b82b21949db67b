package digest

import (
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
)

// Placed is a unit's name as readers of another jurisdiction need it, 黑龙江省教育厅
// for 省教育厅; the zero region is the reader's own.
func Placed(of kpi.Region, name string) string {
	if of.Code == "" || strings.HasPrefix(name, of.Name) || of.Short != "" && strings.HasPrefix(name, of.Short) {
		return name
	}
	kind, _ := strings.CutPrefix(of.Name, of.Short) // 省, 市
	if kind != "" && kind != of.Name && strings.HasPrefix(name, kind) && !strings.HasPrefix(name, "市场") {
		return of.Short + name
	}
	return of.Name + name
}

// place gives the units of other jurisdictions their places, in copies of what the
// snapshot has: documents, sources, calendar, the own units first, and held files. What works for the
// reader's own keeps its name wherever it stands.
func (d *Digest) place() {
	s := *d.Snapshot
	d.Snapshot, d.names = &s, map[string]string{}
	own := map[string]bool{}
	for _, sub := range s.Submissions {
		d.names[sub.Bureau] = Placed(d.elsewhere(sub.Region), sub.Bureau)
		own[sub.Bureau] = own[sub.Bureau] || d.Own(sub)
	}
	for name := range own {
		if own[name] {
			d.names[name] = name
		}
	}
	s.Documents = slices.Clone(s.Documents)
	for i := range s.Documents {
		doc := &s.Documents[i]
		if of := d.elsewhere(doc.Region); of.Code != "" {
			doc.Commitments, doc.Indicators = d.placed(of, doc.Commitments), d.placed(of, doc.Indicators)
		}
	}
	s.Submissions, s.Calendar, s.Held = slices.Clone(s.Submissions), slices.Clone(s.Calendar), slices.Clone(s.Held)
	for i := range s.Submissions {
		s.Submissions[i].Bureau = d.Called(s.Submissions[i].Bureau)
	}
	for i := range s.Calendar {
		s.Calendar[i].Unit = d.Called(s.Calendar[i].Unit)
	}
	for i := range s.Held {
		s.Held[i].Unit = d.Called(s.Held[i].Unit)
	}
	slices.SortStableFunc(s.Calendar, func(a, b kpi.CalendarRow) int { return btoi(d.foreign(a.Unit)) - btoi(d.foreign(b.Unit)) })
}

// placed are commitments of another jurisdiction, their units with their places.
func (d *Digest) placed(of kpi.Region, list []kpi.Commitment) []kpi.Commitment {
	list = slices.Clone(list)
	for i := range list {
		list[i].Units = slices.Clone(list[i].Units)
		for n, name := range list[i].Units {
			list[i].Units[n] = Placed(of, name)
			if _, known := d.names[name]; !known {
				d.names[name] = list[i].Units[n]
			}
		}
	}
	return list
}

// Called is how pages call a unit that files or rows name.
func (d *Digest) Called(name string) string {
	if called, ok := d.names[name]; ok {
		return called
	}
	return name
}

// Inboxes are the names of the units that file, as their inboxes have them.
func (d *Digest) Inboxes() map[string]bool {
	names := map[string]bool{}
	for _, s := range d.raw.Submissions {
		names[s.Bureau] = true
	}
	return names
}

// elsewhere is the region of another jurisdiction; zero for the reader's own.
func (d *Digest) elsewhere(code string) kpi.Region {
	if r := d.Region(code); r.Code != d.Snapshot.Region.Code && r.Name != r.Code {
		return r
	}
	return kpi.Region{}
}

// Region is a region of any jurisdiction by its code; "" is the reader's own, and one
// that is not known has its code for a name.
func (d *Digest) Region(code string) kpi.Region {
	if code == "" || code == d.Snapshot.Region.Code {
		return d.Snapshot.Region
	}
	for _, r := range slices.Concat(d.Snapshot.Districts, d.Snapshot.Regions) {
		if r.Code == code {
			return r
		}
	}
	return kpi.Region{Code: code, Name: code}
}

// Own reports whether a source is the reader's own jurisdiction's.
func (d *Digest) Own(s kpi.Submission) bool { return d.elsewhere(s.Region).Code == "" }
