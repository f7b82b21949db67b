package dashboard

import (
	"cmp"
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
)

// taskUnit is how the tasks of the parks stand that a unit is responsible for.
type taskUnit struct {
	Unit                          string // figure.None: the list names nobody
	Page                          bool
	All, Red, Yellow, Green, Done int
}

// taskUnits are the units of the tasks that a commitment's second figures count, the
// one with most that lag first; nil where it counts none.
func (w *site) taskUnits(it digest.Item) []taskUnit {
	if !slices.ContainsFunc(it.Also, func(m kpi.Measure) bool { return m.Model == "park_task" }) {
		return nil
	}
	at := map[string]int{}
	var list []taskUnit
	for _, t := range w.detail.Tasks {
		name := cmp.Or(t.Unit, figure.None)
		i, known := at[name]
		if !known {
			i = len(list)
			at[name], list = i, append(list, taskUnit{Unit: name, Page: w.filings.paged[name]})
		}
		list[i].count(t.Colour)
	}
	slices.SortFunc(list, func(a, b taskUnit) int {
		return cmp.Or(cmp.Compare(b.Red, a.Red), cmp.Compare(b.Yellow, a.Yellow), cmp.Compare(b.All, a.All), cmp.Compare(a.Unit, b.Unit))
	})
	return list
}

func (u *taskUnit) count(colour string) {
	u.All++
	switch colour {
	case "red":
		u.Red++
	case "yellow":
		u.Yellow++
	case "green":
		u.Green++
	case "done":
		u.Done++
	}
}

// taskSum is all units together.
func taskSum(list []taskUnit) (sum taskUnit) {
	for _, u := range list {
		sum.All += u.All
		sum.Red += u.Red
		sum.Yellow += u.Yellow
		sum.Green += u.Green
		sum.Done += u.Done
	}
	return sum
}

// tasked is how many tasks a unit has, leading to them.
func tasked(unit string, n int) any {
	return counted(n, where("parks.html", "k-tasks", ownerColumn, unit))
}
