package dashboard

import (
	"cmp"
	"fmt"
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
)

// unit is a responsible unit or a bureau that submits: a page of its own.
type unit struct {
	Name     string
	Region   kpi.Region // the jurisdiction it is of
	Standing kpi.UnitStanding
	Leads    []digest.Item // under documents in force
	Joins    []digest.Item // likewise
	Files    []digest.Item // it files what they are counted from, and the document names no unit
	Drafts   []digest.Item // of any of these, under drafts
	Watches  []digest.Item // indicators, which nobody promised
	Sources  []kpi.Submission
	Owed     []kpi.CalendarRow // what it files and failed to file in the current period
	Tasks    []kpi.ParkTask
}

// unitsOf are all units, in the order of their ranks, those that only submit or have only tasks last.
func unitsOf(d *digest.Digest, tasks []kpi.ParkTask) []unit {
	var list []unit
	at := map[string]int{}
	own := d.Snapshot.Region
	get := func(name string, of kpi.Region) *unit {
		i, ok := at[name]
		if !ok {
			i = len(list)
			at[name], list = i, append(list, unit{Name: name, Region: of})
		}
		if of.Code == own.Code { // who works here is of here, wherever else it is named
			list[i].Region = own
		}
		return &list[i]
	}
	for _, s := range kpi.League(d.Snapshot.Documents, d.Snapshot.Attainments) {
		if u := get(s.Unit, d.Region(s.Region)); u.Standing.Unit == "" || u.Region.Code == s.Region {
			u.Standing = s
		}
	}
	for _, it := range slices.Concat(d.All(), d.Elsewhere) {
		names, of := it.Units, d.Region(it.Doc.Region)
		if len(names) == 0 {
			if bureau := d.Reporter(it); bureau != "" {
				names = []string{bureau}
			}
		}
		for i, name := range names {
			u := get(name, of)
			to := &u.Joins
			switch {
			case it.Indicator():
				to = &u.Watches
			case it.Doc.Draft():
				to = &u.Drafts
			case len(it.Units) == 0:
				to = &u.Files
			case i == 0:
				to = &u.Leads
			}
			*to = append(*to, it)
		}
	}
	for _, s := range d.Snapshot.Submissions {
		u := get(s.Bureau, d.Region(s.Region))
		u.Sources = append(u.Sources, s)
	}
	for _, r := range d.Filings(false).Behind() {
		if i, ok := at[r.Unit]; ok {
			list[i].Owed = append(list[i].Owed, r)
		}
	}
	for _, t := range tasks {
		if t.Unit != "" {
			u := get(t.Unit, own)
			u.Tasks = append(u.Tasks, t)
		}
	}
	for i := range list {
		u := list[i]
		for _, items := range [][]digest.Item{u.Leads, u.Joins, u.Files, u.Drafts} {
			slices.SortStableFunc(items, worstFirst)
		}
	}
	return list
}

// worstFirst orders items by their lights, what is behind first, then by their gaps.
func worstFirst(a, b digest.Item) int {
	return cmp.Or(cmp.Compare(newBadge(a.Light()).Order, newBadge(b.Light()).Order), digest.WorstFirst(a, b))
}

// lagging is what a unit leads, or files for want of anybody named, and is behind.
type lagging struct {
	ID, Name string
	Light    badge
}

// unitLine is a unit in the list of all.
type unitLine struct {
	Name, Rank          string
	Place               string // the jurisdiction it is ranked in
	Leads, Joins, Files int
	Tasks               int
	OnPace, Gap         number
	Counts, Filed       []count // the lights of what it leads, and of what it only files
	Sources, Late       int
	Rejected            number
	Sent                bool // rows went back to it
	Behind              []lagging
	Drafted, Watched    int
}

func (u unit) line() unitLine {
	s, none := u.Standing, number{Text: figure.None}
	l := unitLine{Name: u.Name, Place: u.Region.Name, Rank: figure.None,
		Leads: len(u.Leads), Joins: len(u.Joins), Files: len(u.Files), Tasks: len(u.Tasks), Sources: len(u.Sources),
		Counts: litOf(u.Leads, u.Name, "lead"), Filed: litOf(u.Files, u.Name, "reported"), OnPace: none, Gap: none, Rejected: none,
		Late: len(u.Owed), Drafted: len(u.Drafts), Watched: len(u.Watches)}
	if s.Rank > 0 {
		l.Rank = fmt.Sprint(s.Rank)
		l.OnPace, l.Gap = numberOf(figure.Rate(s.OnPace), &s.OnPace), numberOf(figure.Points(s.Gap), s.Gap)
	}
	rejected := 0.0
	for _, source := range u.Sources {
		rejected += float64(source.Rejected)
	}
	if len(u.Sources) > 0 {
		l.Rejected, l.Sent = numberOf(figure.Count(rejected), &rejected), rejected > 0
	}
	for _, it := range slices.Concat(u.Leads, u.Files) {
		if it.Behind() {
			l.Behind = append(l.Behind, lagging{it.ID, it.Name, badgeOf(it)})
		}
	}
	return l
}

// litOf are the lights that items show, leading to them in a section of the unit's page.
func litOf(items []digest.Item, name, section string) []count {
	lights := map[kpi.Light]int{}
	for _, it := range items {
		lights[it.Light()]++
	}
	return slices.DeleteFunc(countsOf(lights, unitPage(name), section), func(c count) bool { return c.N == 0 })
}

// unitLink is a number in the list of units, leading to that part of the unit's page.
func unitLink(name, part string, n int) any {
	if n == 0 {
		return n
	}
	return link{Href: unitPage(name) + "#" + part, Title: figure.Count(float64(n))}
}

// league is the units of one jurisdiction.
type league struct {
	Name  string
	Units []unitLine
	Draft []unitLine // named by drafts alone
}

// leagues are the units by jurisdiction, the reader's own first.
func (w *site) leagues(lines []unitLine) []league {
	var list []league
	for i, u := range w.units {
		n := slices.IndexFunc(list, func(l league) bool { return l.Name == u.Region.Name })
		if n < 0 {
			n, list = len(list), append(list, league{Name: u.Region.Name})
		}
		if l := lines[i]; l.Leads+l.Joins+l.Files+l.Tasks+l.Sources+l.Watched == 0 {
			list[n].Draft = append(list[n].Draft, l)
		} else {
			list[n].Units = append(list[n].Units, l)
		}
	}
	own := w.d.Snapshot.Region.Name
	slices.SortStableFunc(list, func(a, b league) int { return boolOrder(a.Name == own) - boolOrder(b.Name == own) })
	return list
}

// unitView is the page of one unit.
type unitView struct {
	unitLine
	Lead, Join, Reported []line
	Draft, Watch         []line
	Task                 *rows // nil: it has none
	Source               []source
	Calendars            []calendar
	Held                 []held
	Back                 []record // its own line of the bureaus' record
	Rejects              *rows
	Reasons              *rows
}

// lines are items as rows; lone leaves out the unit, which the page is about.
func (w *site) lines(items []digest.Item, lone bool) []line {
	var list []line
	for _, it := range items {
		l := newLine(w.d, it)
		l.Lone = lone
		list = append(list, l)
	}
	return list
}

// unitPages writes the list of units and one page for each.
func (w *site) unitPages() error {
	var all []unitLine
	records := w.records()
	for _, u := range w.units {
		l := u.line()
		all = append(all, l)
		v := unitView{unitLine: l, Lead: w.lines(u.Leads, true), Join: w.lines(u.Joins, false), Reported: w.lines(u.Files, true),
			Draft: w.lines(u.Drafts, false), Watch: w.lines(u.Watches, false)}
		for _, s := range u.Sources {
			v.Source = append(v.Source, w.newSource(s))
		}
		if err := w.record(&v, records); err != nil {
			return err
		}
		if len(u.Tasks) > 0 {
			var err error
			if v.Task, err = w.tasks("u-tasks-"+u.Name, u.Tasks); err != nil {
				return err
			}
		}
		err := w.put(page{
			file: unitPage(u.Name), title: u.Name, template: "unit", data: v,
			crumbs: []link{{Href: "units.html", Title: "责任单位"}, {Title: u.Name}},
		})
		if err != nil {
			return err
		}
	}
	return w.put(page{file: "units.html", title: "责任单位", template: "units", data: struct {
		Leagues []league
		Drafts  bool // some of the documents are
	}{w.leagues(all), w.uses(kpi.Document.Draft)}})
}
