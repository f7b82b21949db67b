package dashboard

import (
	"fmt"
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
)

// unit is a responsible unit or a bureau that submits: a page of its own.
type unit struct {
	Name     string
	Standing kpi.UnitStanding
	Leads    []digest.Item
	Joins    []digest.Item
	Sources  []kpi.Submission
	Tasks    []kpi.ParkTask
}

// unitsOf are all units, in the order of their ranks, those that only submit or have only tasks last.
func unitsOf(d *digest.Digest, tasks []kpi.ParkTask) []unit {
	var list []unit
	at := map[string]int{}
	get := func(name string) *unit {
		i, ok := at[name]
		if !ok {
			i = len(list)
			at[name], list = i, append(list, unit{Name: name})
		}
		return &list[i]
	}
	for _, s := range kpi.League(d.Snapshot.Documents, d.Snapshot.Attainments) {
		get(s.Unit).Standing = s
	}
	for _, it := range slices.Concat(d.All(), d.Elsewhere) {
		for i, name := range it.Units {
			u := get(name)
			if i == 0 {
				u.Leads = append(u.Leads, it)
			} else {
				u.Joins = append(u.Joins, it)
			}
		}
	}
	for _, s := range d.Snapshot.Submissions {
		u := get(s.Bureau)
		u.Sources = append(u.Sources, s)
	}
	for _, t := range tasks {
		if t.Unit != "" {
			u := get(t.Unit)
			u.Tasks = append(u.Tasks, t)
		}
	}
	return list
}

// unitLine is a unit in the list of all.
type unitLine struct {
	Name, Rank    string
	Leads, Joins  int
	Tasks         int
	OnPace, Gap   number
	Counts        []count
	Sources, Late int
	Rejected      number
	Behind        []link
}

func (u unit) line() unitLine {
	s, none := u.Standing, number{Text: figure.None}
	l := unitLine{Name: u.Name, Rank: figure.None, Leads: len(u.Leads), Joins: len(u.Joins), Tasks: len(u.Tasks), Sources: len(u.Sources),
		Counts: lit(countsOf(s.Lights)), OnPace: none, Gap: none, Rejected: none}
	if s.Rank > 0 {
		l.Rank = fmt.Sprint(s.Rank)
		l.OnPace, l.Gap = numberOf(figure.Number(s.OnPace, 1), &s.OnPace), numberOf(figure.Points(&s.Gap), &s.Gap)
	}
	rejected := 0.0
	for _, source := range u.Sources {
		rejected += float64(source.Rejected)
		if source.Status != kpi.SourceReady {
			l.Late++
		}
	}
	if len(u.Sources) > 0 {
		l.Rejected = numberOf(figure.Count(rejected), &rejected)
	}
	for _, id := range s.Behind {
		for _, it := range u.Leads {
			if it.ID == id {
				l.Behind = append(l.Behind, link{Href: commitmentPage(id), Title: it.Name})
			}
		}
	}
	return l
}

// unitLink is a number in the list of units, leading to that part of the unit's page.
func unitLink(name, part string, n int) any {
	if n == 0 {
		return n
	}
	return link{Href: unitPage(name) + "#" + part, Title: figure.Count(float64(n))}
}

// lit leaves out the lights nothing shows.
func lit(counts []count) []count {
	return slices.DeleteFunc(counts, func(c count) bool { return c.N == 0 })
}

// unitView is the page of one unit.
type unitView struct {
	unitLine
	Lead, Join []line
	Task       *rows // nil: it has none
	Source     []source
	Calendars  []calendar
	Held       []held
	Back       []record // its own line of the bureaus' record
	Rejects    *rows
	Reasons    *rows
}

// unitPages writes the list of units and one page for each.
func (w *site) unitPages() error {
	var all []unitLine
	records := w.records()
	for _, u := range w.units {
		l := u.line()
		all = append(all, l)
		v := unitView{unitLine: l}
		for _, it := range u.Leads {
			v.Lead = append(v.Lead, newLine(w.d, it))
		}
		for _, it := range u.Joins {
			v.Join = append(v.Join, newLine(w.d, it))
		}
		for _, s := range u.Sources {
			v.Source = append(v.Source, newSource(s))
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
	return w.put(page{file: "units.html", title: "责任单位", template: "units", data: all})
}
