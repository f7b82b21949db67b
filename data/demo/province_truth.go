package demo

import (
	"cmp"
	"fmt"
	"slices"

	"citykpi/pipeline/kpi"
)

// provinceFact is what counts: in a prefecture (-1: the province alone), from a day
// on, until another (0: for ever).
type provinceFact struct {
	region    int
	on, until day
	weight    int64 // fen for money
}

// provinceFigures collects the province's figures.
type provinceFigures struct {
	*province
	list []Value
}

// values are the figures of the HLJ commitments at every quarter end.
func (p *province) values() []Value {
	f := &provinceFigures{province: p}
	f.projects()
	f.highTech()
	f.reports()
	f.units()
	f.ledgers()
	f.people()
	f.activities()
	f.milestones()
	return f.list
}

// accepted are a source's entries that break no contract.
func (p *province) accepted(source string) []entry {
	return slices.DeleteFunc(slices.Clone(p.entries[source]), func(e entry) bool { return e.spoiled })
}

// levels counts facts at every quarter end for the province and each prefecture.
func (f *provinceFigures) levels(kind kpi.Kind, facts []provinceFact) [len(prefectures) + 1][]int64 {
	var levels [len(prefectures) + 1][]int64
	for i := range levels {
		levels[i] = make([]int64, len(f.ends))
	}
	for _, x := range facts {
		for q, end := range f.ends {
			if x.on > end || x.until != 0 && x.until <= end || kind == kpi.AnnualFlow && x.on.date().Year != end.date().Year {
				continue
			}
			levels[0][q] += x.weight
			if x.region >= 0 {
				levels[x.region+1][q] += x.weight
			}
		}
	}
	return levels
}

func regionCode(i int) string {
	if i == 0 {
		return provinceCode
	}
	return prefectures[i-1].code
}

// line adds a commitment's or a measure's figures; fen says that weights are money.
func (f *provinceFigures) line(id, measure string, kind kpi.Kind, fen bool, facts []provinceFact) {
	if kind == kpi.Obligation && !(f.formerly && id == redefined) { // it counts from the plan's day
		facts = slices.DeleteFunc(slices.Clone(facts), func(x provinceFact) bool { return x.on < f.starts })
	}
	for i, levels := range f.levels(kind, facts) {
		for q, v := range levels {
			value := float64(v)
			if fen {
				value /= 100
			}
			f.list = append(f.list, Value{id, measure, regionCode(i), f.quarter(q).End(), value})
		}
	}
}

// share adds both sides of a ratio and, where there is a whole, the percentage to two places.
func (f *provinceFigures) share(id string, fen bool, of, to []provinceFact) {
	if id != "HLJ-006" { // whose units are asked whenever they were listed; else it counts from the plan's day
		before := func(x provinceFact) bool { return x.on < f.starts }
		of, to = slices.DeleteFunc(slices.Clone(of), before), slices.DeleteFunc(slices.Clone(to), before)
	}
	f.line(id, "of", kpi.Cumulative, fen, of)
	f.line(id, "to", kpi.Cumulative, fen, to)
	part, whole := f.levels(kpi.Cumulative, of), f.levels(kpi.Cumulative, to)
	for i := range whole {
		for q, n := range whole[i] {
			if n != 0 {
				f.list = append(f.list, Value{id, "", regionCode(i), f.quarter(q).End(), percentOf(part[i][q], n)})
			}
		}
	}
}

// facts turns entries into what counts of them; one says on which day and how much,
// or that an entry does not count.
func facts(list []entry, one func(e entry) (on day, weight int64, ok bool)) []provinceFact {
	var out []provinceFact
	for _, e := range list {
		if on, weight, ok := one(e); ok {
			out = append(out, provinceFact{region: e.region, on: on, weight: weight})
		}
	}
	return out
}

// each counts every entry once, of the given kinds only where any are given.
func each(list []entry, kinds ...string) []provinceFact {
	return facts(list, func(e entry) (day, int64, bool) { return e.on, 1, len(kinds) == 0 || slices.Contains(kinds, e.kind) })
}

// sums adds up the entries' money.
func sums(list []entry, kinds ...string) []provinceFact {
	return facts(list, func(e entry) (day, int64, bool) {
		return e.on, e.fen, e.fen != 0 && (len(kinds) == 0 || slices.Contains(kinds, e.kind))
	})
}

// after counts entries on which the i-th later thing has happened.
func after(list []entry, i int) []provinceFact {
	return facts(list, func(e entry) (day, int64, bool) { return e.later[i], 1, e.later[i] != 0 })
}

// since are the entries of the plan's time.
func (f *provinceFigures) since(list []entry) []entry {
	return slices.DeleteFunc(slices.Clone(list), func(e entry) bool { return e.on < f.starts })
}

// firsts counts each key at its first entry.
func firsts(list []entry, key func(entry) string) []provinceFact {
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
func (f *provinceFigures) projects() {
	began := slices.DeleteFunc(f.accepted("industrialisation_project"), func(e entry) bool { return e.on < f.starts })
	classes := []string{"four", "five", "six", "seven"}
	classed := map[string]entry{}
	for _, e := range began {
		classed[e.no] = e
	}
	f.line("HLJ-001", "", kpi.Cumulative, false, each(began, classes...))
	f.line("HLJ-001", "unclassified", kpi.Cumulative, false, each(began, "none", ""))
	f.line("HLJ-002", "planned", kpi.Cumulative, true, sums(began, classes...))
	var invested, unclassified, revenue, output []provinceFact
	for _, e := range f.accepted("industrialisation_investment") {
		project, ok := classed[e.name]
		x := provinceFact{region: project.region, on: e.on, weight: e.fen}
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
			revenue = append(revenue, provinceFact{region: project.region, on: e.on, weight: e.fen})
			output = append(output, provinceFact{region: project.region, on: e.on, weight: e.fen2})
		}
	}
	f.line("HLJ-002", "", kpi.Cumulative, true, invested)
	f.line("HLJ-002", "unclassified", kpi.Cumulative, true, unclassified)
	if len(f.entries["industrialisation_output"]) > 0 {
		f.line("HLJ-003", "", kpi.Cumulative, true, revenue)
		f.line("HLJ-003", "output", kpi.Cumulative, true, output)
	}
}

// highTech is HLJ-004: first certificates since the plan began, and of those the
// firms that also stand in a ledger of cooperation, from the later of the two days.
func (f *provinceFigures) highTech() {
	met := map[int]day{}
	for _, source := range []string{"industrialisation_project", "technology_cooperation"} {
		for _, e := range f.accepted(source) {
			if on, ok := met[e.firm]; !ok || e.on < on {
				met[e.firm] = e.on
			}
		}
	}
	certified := f.accepted("high_tech_certificate")
	slices.SortStableFunc(certified, func(a, b entry) int { return cmp.Compare(a.on, b.on) })
	seen := map[int]bool{}
	var newcomers []entry
	for _, e := range certified {
		if !seen[e.firm] && e.on >= f.starts {
			newcomers = append(newcomers, e)
		}
		seen[e.firm] = true
	}
	f.line("HLJ-004", "first", kpi.Cumulative, false, each(newcomers))
	f.line("HLJ-004", "", kpi.Cumulative, false, facts(newcomers, func(e entry) (day, int64, bool) {
		on, ok := met[e.firm]
		return max(on, e.on), 1, ok
	}))
}

// reports are what is owed every quarter, half year and year, and the ledger of tasks.
func (f *provinceFigures) reports() {
	statistics := slices.DeleteFunc(slices.Concat(f.accepted("statistics_report"), f.unlisted), func(e entry) bool { // of a quarter before the plan nothing is owed
		return dayOf(kpi.QuarterOf(e.on.date()).Start()) < f.starts
	})
	handedIn := func(late bool) []provinceFact {
		return facts(statistics, func(e entry) (day, int64, bool) {
			return e.later[0], 1, e.later[0] != 0 && e.later[0] <= f.last() && (e.later[0] > e.due) == late
		})
	}
	f.line("HLJ-024", "", kpi.Obligation, false, handedIn(false))
	f.line("HLJ-024", "late", kpi.Obligation, false, handedIn(true))
	f.line("HLJ-024", "owed", kpi.Obligation, false, facts(statistics, func(e entry) (day, int64, bool) { return e.due, 1, true }))
	dispatched := f.accepted("dispatch_meeting")
	f.line("HLJ-025", "held", kpi.Obligation, false, each(dispatched))
	f.line("HLJ-025", "", kpi.Obligation, false, facts(dispatched, func(e entry) (day, int64, bool) { return e.on, 1, e.on <= e.due+31 }))
	if assessed := f.accepted("annual_assessment"); len(assessed) > 0 {
		f.line("HLJ-026", "", kpi.Obligation, false, each(assessed))
		f.line("HLJ-026", "excellent", kpi.Obligation, false, each(assessed, "excellent"))
	}
	tasks := f.accepted("cooperation_task")
	due := func(onTime bool) []provinceFact {
		return facts(tasks, func(e entry) (day, int64, bool) {
			return e.due, 1, !onTime || e.later[0] != 0 && e.later[0] <= min(e.due, f.last())
		})
	}
	f.share("HLJ-007", false, due(true), due(false))
	updates := f.accepted("library_update")
	f.line("HLJ-011", "", kpi.Obligation, false, each(updates, "demand"))
	f.line("HLJ-017", "", kpi.Obligation, false, each(updates, "achievement"))
	f.line("HLJ-012", "", kpi.Obligation, false, facts(ofKinds(updates, "demand"), func(e entry) (day, int64, bool) { return e.on, int64(e.m), true }))
	f.line("HLJ-012", "matched", kpi.Obligation, false, facts(ofKinds(updates, "demand"), func(e entry) (day, int64, bool) { return e.on, e.fen, true }))
}

// units are HLJ-006, and the ledgers of HLJ-027.
func (f *provinceFigures) units() {
	list := f.accepted("cooperation_unit")
	f.share("HLJ-006", false, after(list, 0), each(list))
	f.line("HLJ-006", "team", kpi.Cumulative, false, after(list, 1))
	f.line("HLJ-027", "ledgers", kpi.Obligation, false, after(list, 2))
}

// ledgers are the commitments that only report numbers.
func (f *provinceFigures) ledgers() {
	school := func(e entry) string { return fmt.Sprint(e.school) }
	firm := func(e entry) string { return fmt.Sprint(e.firm) }
	agreements := f.accepted("technology_cooperation")
	f.line("HLJ-008", "", kpi.Obligation, false, each(agreements))
	f.line("HLJ-008", "amount", kpi.Obligation, true, sums(agreements))
	incentives := f.accepted("university_incentive")
	f.line("HLJ-009", "", kpi.Obligation, false, firsts(f.since(ofKinds(incentives, "fund")), school))
	f.line("HLJ-009", "appraisal", kpi.Obligation, false, firsts(f.since(ofKinds(incentives, "appraisal")), school))
	f.line("HLJ-009", "amount", kpi.Obligation, true, sums(incentives, "fund"))
	talents := f.accepted("talent_application")
	f.line("HLJ-010", "", kpi.Obligation, false, each(talents))
	f.line("HLJ-010", "selected", kpi.Obligation, false, after(talents, 0))
	licences := f.accepted("open_licence_statement")
	f.line("HLJ-018", "", kpi.Obligation, false, each(licences))
	f.line("HLJ-018", "universities", kpi.Obligation, false, firsts(f.since(licences), school))
	teaching := f.accepted("teaching_cooperation")
	f.line("HLJ-019", "", kpi.Obligation, false, each(teaching))
	f.line("HLJ-019", "enterprises", kpi.Obligation, false, firsts(f.since(teaching), firm))
	challenges := f.accepted("challenge_project")
	f.line("HLJ-022", "", kpi.Obligation, false, each(challenges))
	f.line("HLJ-022", "amount", kpi.Obligation, true, sums(challenges))
	spent := f.since(f.accepted("subsidy_use"))
	f.share("HLJ-023", true, sums(spent, "cooperation"), sums(spent))
	carriers := f.accepted("cooperation_carrier")
	standing := func(kinds ...string) []provinceFact {
		var list []provinceFact
		for _, e := range ofKinds(carriers, kinds...) {
			list = append(list, provinceFact{region: e.region, on: e.on, until: e.later[0], weight: 1})
		}
		return list
	}
	f.line("HLJ-013", "", kpi.Stock, false, standing("science_park", "transfer_institution"))
	f.line("HLJ-014", "", kpi.Stock, false, standing("alliance", "laboratory", "technology_centre", "research_base"))
	f.line("HLJ-021", "", kpi.Stock, false, standing("practice_centre", "pilot_base"))
}

// people are those exchanged, technology managers, and the SMEs universities incubated.
func (f *provinceFigures) people() {
	person := func(e entry) string { return e.no }
	list := f.accepted("exchange_person")
	f.line("HLJ-013", "managers", kpi.Cumulative, false, firsts(f.since(ofKinds(list, "technology_manager")), person))
	f.line("HLJ-020", "", kpi.Obligation, false, firsts(f.since(ofKinds(list, "industry_professor", "mentor", "liaison")), person))
	for _, role := range []string{"industry_professor", "mentor", "liaison"} {
		f.line("HLJ-020", role+"s", kpi.Obligation, false, firsts(f.since(ofKinds(list, role)), person))
	}
	incubated := map[int]day{}
	for _, e := range f.accepted("university_incubation") {
		incubated[e.firm] = e.on
	}
	entered := slices.DeleteFunc(f.accepted("technology_sme"), func(e entry) bool {
		on, ok := incubated[e.firm]
		return !ok || on > e.on
	})
	f.line("HLJ-016", "", kpi.AnnualFlow, false, firsts(entered, func(e entry) string { return fmt.Sprint(e.firm, e.on.date().Year) }))
}

// activities are HLJ-015, 027, 028 and 030 and what other commitments count of the same ledger.
func (f *provinceFigures) activities() {
	list := f.accepted("cooperation_activity")
	for _, k := range []struct{ id, measure, kind string }{
		{"HLJ-015", "", "meeting"}, {"HLJ-027", "", "dispatch"}, {"HLJ-006", "briefings", "briefing"}, {"HLJ-018", "events", "licence"},
		{"HLJ-030", "venture", "venture"}, {"HLJ-030", "camp", "camp"}, {"HLJ-030", "video", "video"},
	} {
		f.line(k.id, k.measure, kpi.Obligation, false, each(list, k.kind))
	}
	f.line("HLJ-030", "", kpi.Obligation, false, each(list, "venture", "camp", "video"))
	matching := ofKinds(list, "matching")
	f.line("HLJ-028", "events", kpi.Obligation, false, each(matching))
	f.line("HLJ-028", "funding", kpi.Obligation, true, sums(matching))
	local := slices.DeleteFunc(slices.Clone(matching), func(e entry) bool { return e.region < 0 })
	f.line("HLJ-028", "", kpi.Obligation, false, firsts(local, func(e entry) string {
		d := e.on.date()
		return fmt.Sprint(e.region, d.Year, (d.Month-1)/6)
	}))
}

// milestones are the stages reached, each until the next.
func (f *provinceFigures) milestones() {
	worth := map[string]int64{"not_started": 0, "under_way": 1, "done": 2}
	stages := map[string][]provinceFact{}
	for _, e := range f.accepted("policy_progress") {
		list := stages[e.no]
		if len(list) > 0 {
			list[len(list)-1].until = e.on
		}
		stages[e.no] = append(list, provinceFact{region: -1, on: e.on, weight: worth[e.kind]})
	}
	if len(f.entries["policy_progress"]) == 0 {
		return
	}
	for _, id := range []string{"HLJ-005", "HLJ-029"} {
		f.line(id, "", kpi.Milestone, false, stages[id])
	}
}
