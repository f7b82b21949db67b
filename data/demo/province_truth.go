package demo

import (
	"cmp"
	"fmt"
	"slices"

	"citykpi/pipeline/kpi"
)

// provinceFigures collects the province's figures.
type provinceFigures struct {
	*province
	*ledger
}

// values are the figures of the HLJ commitments at every quarter end.
func (p *province) values() []Value {
	f := provinceFigures{p, &ledger{city: p.city, ends: p.ends, regions: []string{provinceCode}}}
	for _, d := range stories().Prefectures {
		f.regions = append(f.regions, d.Code)
	}
	f.projects()
	f.highTech()
	f.reports()
	f.units()
	f.ledgers()
	f.people()
	f.activities()
	f.milestones()
	return f.list()
}

// accepted are a source's entries that break no contract.
func (p *province) accepted(source string) []entry {
	return slices.DeleteFunc(slices.Clone(p.entries[source]), func(e entry) bool { return e.spoiled })
}

// counts adds a commitment's or a measure's facts and obliges those of an obligation, which counts from the plan's day; sum
// and due do the same for money.
func (f provinceFigures) counts(id, measure string, facts []fact) {
	f.ledger.hold(f.open(id, measure), facts...)
}
func (f provinceFigures) sum(id, measure string, facts []fact) {
	f.ledger.hold(f.money(id, measure), facts...)
}

func (f provinceFigures) obliges(id, measure string, facts []fact) {
	if n := f.open(id, measure); !f.province.formerly || id != redefined {
		n.from = f.starts
	}
	f.counts(id, measure, facts)
}

func (f provinceFigures) due(id, measure string, facts []fact) {
	f.obliges(id, measure, facts)
	f.money(id, measure)
}

// share adds both sides of a ratio, which counts from a day.
func (f provinceFigures) share(id string, from day, of, to []fact) {
	part, whole := f.openRatio(id)
	part.from, whole.from = from, from
	f.ledger.hold(part, of...)
	f.ledger.hold(whole, to...)
}

// facts turns entries into what counts of them; one says on which day and how much,
// or that an entry does not count.
func facts(list []entry, one func(e entry) (on day, weight int64, ok bool)) []fact {
	var out []fact
	for _, e := range list {
		if on, weight, ok := one(e); ok {
			out = append(out, fact{region: e.region, on: on, weight: weight})
		}
	}
	return out
}

// each counts every entry once, of the given kinds only where any are given.
func each(list []entry, kinds ...string) []fact {
	return facts(list, func(e entry) (day, int64, bool) { return e.on, 1, len(kinds) == 0 || slices.Contains(kinds, e.kind) })
}

// sums adds up the entries' money.
func sums(list []entry, kinds ...string) []fact {
	return facts(list, func(e entry) (day, int64, bool) {
		return e.on, e.fen, e.fen != 0 && (len(kinds) == 0 || slices.Contains(kinds, e.kind))
	})
}

// after counts entries on which the i-th later thing has happened.
func after(list []entry, i int) []fact {
	return facts(list, func(e entry) (day, int64, bool) { return e.later[i], 1, e.later[i] != 0 })
}

// since are the entries of the plan's time.
func (f provinceFigures) since(list []entry) []entry {
	return slices.DeleteFunc(slices.Clone(list), func(e entry) bool { return e.on < f.starts })
}

// firsts counts each key at its first entry.
func firsts(list []entry, key func(entry) string) []fact {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b entry) int { return cmp.Compare(a.on, b.on) })
	seen := map[string]bool{}
	return facts(list, func(e entry) (day, int64, bool) {
		first := !seen[key(e)]
		seen[key(e)] = true
		return e.on, 1, first
	})
}

// ofKinds selects entries.
func ofKinds(list []entry, kinds ...string) []entry {
	return slices.DeleteFunc(slices.Clone(list), func(e entry) bool { return !slices.Contains(kinds, e.kind) })
}

// projects are HLJ-001 to 003: what began since the plan did, in one of the “4567” classes.
func (f provinceFigures) projects() {
	began := slices.DeleteFunc(f.accepted("industrialisation_project"), func(e entry) bool { return e.on < f.starts })
	classes := []string{"four", "five", "six", "seven"}
	classed := map[string]entry{}
	for _, e := range began {
		classed[e.no] = e
	}
	f.counts("HLJ-001", "", each(began, classes...))
	f.counts("HLJ-001", "unclassified", each(began, "none", ""))
	f.sum("HLJ-002", "planned", sums(began, classes...))
	var invested, unclassified, revenue, output []fact
	for _, e := range f.accepted("industrialisation_investment") {
		project, ok := classed[e.name]
		x := fact{region: project.region, on: e.on, weight: e.fen}
		switch {
		case !ok || e.on < f.starts:
		case slices.Contains(classes, project.kind):
			invested = append(invested, x)
		default:
			unclassified = append(unclassified, x)
		}
	}
	for _, e := range f.accepted("industrialisation_output") {
		if project, ok := classed[e.no]; ok && slices.Contains(classes, project.kind) {
			revenue = append(revenue, fact{region: project.region, on: e.on, weight: e.fen})
			output = append(output, fact{region: project.region, on: e.on, weight: e.fen2})
		}
	}
	f.sum("HLJ-002", "", invested)
	f.sum("HLJ-002", "unclassified", unclassified)
	if len(f.entries["industrialisation_output"]) > 0 {
		f.sum("HLJ-003", "", revenue)
		f.sum("HLJ-003", "output", output)
	}
}

// highTech is HLJ-004: first certificates since the plan began, and of those the
// firms that also stand in a ledger of cooperation, from the later of the two days.
func (f provinceFigures) highTech() {
	met := map[int32]day{}
	for _, source := range []string{"industrialisation_project", "technology_cooperation"} {
		for _, e := range f.accepted(source) {
			if on, ok := met[e.at.firm]; !ok || e.on < on {
				met[e.at.firm] = e.on
			}
		}
	}
	certified := f.accepted("high_tech_certificate")
	slices.SortStableFunc(certified, func(a, b entry) int { return cmp.Compare(a.on, b.on) })
	seen := map[int32]bool{}
	var newcomers []entry
	for _, e := range certified {
		if !seen[e.at.firm] && e.on >= f.starts {
			newcomers = append(newcomers, e)
		}
		seen[e.at.firm] = true
	}
	f.counts("HLJ-004", "first", each(newcomers))
	f.counts("HLJ-004", "", facts(newcomers, func(e entry) (day, int64, bool) {
		on, ok := met[e.at.firm]
		return max(on, e.on), 1, ok
	}))
}

// reports are what is owed every quarter, half year and year, and the ledger of tasks.
func (f provinceFigures) reports() {
	statistics := filtered(slices.Concat(f.accepted("statistics_report"), f.unlisted), func(e entry) bool {
		return dayOf(kpi.QuarterOf(e.on.date()).Start()) >= f.starts // of a quarter before the plan nothing is owed
	})
	handedIn := func(late bool) []fact {
		return facts(statistics, func(e entry) (day, int64, bool) {
			return e.later[0], 1, e.later[0] != 0 && e.later[0] <= f.last() && (e.later[0] > e.due) == late
		})
	}
	f.obliges("HLJ-024", "", handedIn(false))
	f.obliges("HLJ-024", "late", handedIn(true))
	f.obliges("HLJ-024", "owed", facts(statistics, func(e entry) (day, int64, bool) { return e.due, 1, true }))
	dispatched := f.accepted("dispatch_meeting")
	f.obliges("HLJ-025", "held", each(dispatched))
	f.obliges("HLJ-025", "", facts(dispatched, func(e entry) (day, int64, bool) { return e.on, 1, e.on <= e.due+31 }))
	if assessed := f.accepted("annual_assessment"); len(assessed) > 0 {
		f.obliges("HLJ-026", "", each(assessed))
		f.obliges("HLJ-026", "excellent", each(assessed, "excellent"))
	}
	tasks := f.accepted("cooperation_task")
	due := func(onTime bool) []fact {
		return facts(tasks, func(e entry) (day, int64, bool) {
			return e.due, 1, !onTime || e.later[0] != 0 && e.later[0] <= min(e.due, f.last())
		})
	}
	f.share("HLJ-007", f.starts, due(true), due(false))
	updates := f.accepted("library_update")
	f.obliges("HLJ-011", "", each(updates, "demand"))
	f.obliges("HLJ-017", "", each(updates, "achievement"))
	f.obliges("HLJ-012", "", facts(ofKinds(updates, "demand"), func(e entry) (day, int64, bool) { return e.on, int64(e.m), true }))
	f.obliges("HLJ-012", "matched", facts(ofKinds(updates, "demand"), func(e entry) (day, int64, bool) { return e.on, e.fen, true }))
}

// units are HLJ-006, and the ledgers of HLJ-027.
func (f provinceFigures) units() {
	list := f.accepted("cooperation_unit")
	f.share("HLJ-006", 0, after(list, 0), each(list))
	f.counts("HLJ-006", "team", after(list, 1))
	f.obliges("HLJ-027", "ledgers", after(list, 2))
}

// ledgers are the commitments that only report numbers.
func (f provinceFigures) ledgers() {
	school := func(e entry) string { return fmt.Sprint(e.school) }
	firm := func(e entry) string { return fmt.Sprint(e.at.firm) }
	agreements := f.accepted("technology_cooperation")
	f.obliges("HLJ-008", "", each(agreements))
	f.due("HLJ-008", "amount", sums(agreements))
	incentives := f.accepted("university_incentive")
	f.obliges("HLJ-009", "", firsts(f.since(ofKinds(incentives, "fund")), school))
	f.obliges("HLJ-009", "appraisal", firsts(f.since(ofKinds(incentives, "appraisal")), school))
	f.due("HLJ-009", "amount", sums(incentives, "fund"))
	talents := f.accepted("talent_application")
	f.obliges("HLJ-010", "", each(talents))
	f.obliges("HLJ-010", "selected", after(talents, 0))
	licences := f.accepted("open_licence_statement")
	f.obliges("HLJ-018", "", each(licences))
	f.obliges("HLJ-018", "universities", firsts(f.since(licences), school))
	teaching := f.accepted("teaching_cooperation")
	f.obliges("HLJ-019", "", each(teaching))
	f.obliges("HLJ-019", "enterprises", firsts(f.since(teaching), firm))
	challenges := f.accepted("challenge_project")
	f.obliges("HLJ-022", "", each(challenges))
	f.due("HLJ-022", "amount", sums(challenges))
	spent := f.since(f.accepted("subsidy_use"))
	f.share("HLJ-023", f.starts, sums(spent, "cooperation"), sums(spent))
	f.money("HLJ-023", "of")
	f.money("HLJ-023", "to")
	carriers := f.accepted("cooperation_carrier")
	standing := func(kinds ...string) []fact {
		var list []fact
		for _, e := range ofKinds(carriers, kinds...) {
			list = append(list, fact{region: e.region, on: e.on, until: e.later[0], weight: 1})
		}
		return list
	}
	f.counts("HLJ-013", "", standing("science_park", "transfer_institution"))
	f.counts("HLJ-014", "", standing("alliance", "laboratory", "technology_centre", "research_base"))
	f.counts("HLJ-021", "", standing("practice_centre", "pilot_base"))
}

// people are those exchanged, technology managers, and the SMEs universities incubated.
func (f provinceFigures) people() {
	person := func(e entry) string { return e.no }
	list := f.accepted("exchange_person")
	f.counts("HLJ-013", "managers", firsts(f.since(ofKinds(list, "technology_manager")), person))
	f.obliges("HLJ-020", "", firsts(f.since(ofKinds(list, "industry_professor", "mentor", "liaison")), person))
	for _, role := range []string{"industry_professor", "mentor", "liaison"} {
		f.obliges("HLJ-020", role+"s", firsts(f.since(ofKinds(list, role)), person))
	}
	incubated := map[int32]day{}
	for _, e := range f.accepted("university_incubation") {
		incubated[e.at.firm] = e.on
	}
	entered := slices.DeleteFunc(f.accepted("technology_sme"), func(e entry) bool {
		on, ok := incubated[e.at.firm]
		return !ok || on > e.on
	})
	n := f.open("HLJ-016", "")
	for _, x := range firsts(entered, func(e entry) string { return fmt.Sprint(e.at.firm, year(e.on)) }) {
		f.restOfYear(n, x.region, x.on)
	}
}

// activities are HLJ-015, 027, 028 and 030 and what other commitments count of the same ledger.
func (f provinceFigures) activities() {
	list := f.accepted("cooperation_activity")
	for _, k := range []struct{ id, measure, kind string }{
		{"HLJ-015", "", "meeting"}, {"HLJ-027", "", "dispatch"}, {"HLJ-006", "briefings", "briefing"}, {"HLJ-018", "events", "licence"},
		{"HLJ-030", "venture", "venture"}, {"HLJ-030", "camp", "camp"}, {"HLJ-030", "video", "video"},
	} {
		f.obliges(k.id, k.measure, each(list, k.kind))
	}
	f.obliges("HLJ-030", "", each(list, "venture", "camp", "video"))
	matching := ofKinds(list, "matching")
	f.obliges("HLJ-028", "events", each(matching))
	f.due("HLJ-028", "funding", sums(matching))
	local := slices.DeleteFunc(slices.Clone(matching), func(e entry) bool { return e.region < 0 })
	f.obliges("HLJ-028", "", firsts(local, func(e entry) string {
		d := e.on.date()
		return fmt.Sprint(e.region, d.Year, (d.Month-1)/6)
	}))
}

// milestones are the stages reached, each until the next.
func (f provinceFigures) milestones() {
	worth := map[string]int64{"not_started": 0, "under_way": 1, "done": 2}
	stages := map[string][]fact{}
	for _, e := range f.accepted("policy_progress") {
		list := stages[e.no]
		if len(list) > 0 {
			list[len(list)-1].until = e.on
		}
		stages[e.no] = append(list, fact{region: -1, on: e.on, weight: worth[e.kind]})
	}
	if len(f.entries["policy_progress"]) == 0 {
		return
	}
	for _, id := range []string{"HLJ-005", "HLJ-029"} {
		f.counts(id, "", stages[id])
	}
}
