package demo

import (
	"fmt"
	"slices"

	"citykpi/pipeline/kpi"
)

// members tells, at every quarter end, of each subject that a share is of whether it is in it.
func (c *city) members(had func(id, name string, end day, begins kpi.Date, did bool)) {
	plan := kpi.Date{Year: 2025, Month: 12, Day: 15}
	whole := c.ends[len(c.ends)-1] // what is issued later is in no file
	has := c.inPlace()
	for _, end := range c.ends {
		since := func(on, until day) bool { return on != 0 && on <= end && (until == 0 || end < until) }
		for _, u := range c.ledgers["university_measure"] {
			if since(u.on, 0) {
				had("NJ88-051", u.name, end, schemeBegins.date(), since(u.later[zoneFrom], u.later[zoneTo]))
				had("NJGT-007", u.name, end, measuresBegin.date(), since(u.later[disclosed], 0))
			}
		}
		for _, s := range c.ledgers["service_centre"] {
			if since(s.on, 0) {
				had("NJ88-049", s.name, end, schemeBegins.date(), since(s.later[opened], s.later[closed]))
			}
		}
		for p, k := range c.parks.list {
			if !since(k.listed, 0) {
				continue
			}
			had("NJSG-034", k.Name, end, plan, slices.ContainsFunc(c.parks.items, func(i parkItem) bool {
				return i.topic == "joint_plan" && i.park == p && !i.spoiled && i.on <= end
			}))
			if !k.pilot {
				for e, element := range fiveOne {
					had(fmt.Sprintf("NJSG-0%d", 15+e), k.Name, end, plan, has(p, element, end))
				}
			}
		}
		rules := map[string][]entry{}
		for _, f := range c.ledgers["pilot_university_rule"] {
			rules[f.host] = append(rules[f.host], f)
		}
		for name, list := range rules {
			if since(list[0].on, 0) {
				owed := func(f entry) bool { return f.later[0] > whole || !since(f.later[0], 0) }
				had("NJSG-041", name, end, plan, !slices.ContainsFunc(list, owed))
			}
		}
		for _, e := range c.heilongjiang.accepted("cooperation_task") {
			if since(e.due, 0) {
				had("HLJ-007", e.kind+"："+e.name, end, c.heilongjiang.starts.date(), e.later[0] != 0 && e.later[0] <= min(e.due, whole))
			}
		}
		for _, e := range c.heilongjiang.accepted("cooperation_unit") {
			if since(e.on, 0) {
				had("HLJ-006", e.name, end, c.heilongjiang.starts.date(), since(e.later[0], 0))
			}
		}
	}
}

// shareLedgers are what shares of several are told by.
var shareLedgers = map[string]string{
	"NJ88-049": "service_centre", "NJ88-051": "university_measure", "NJGT-007": "university_measure", "NJSG-034": "park_plan",
	"NJSG-015": "park_five_one", "NJSG-016": "park_five_one", "NJSG-017": "park_five_one", "NJSG-018": "park_five_one",
	"NJSG-019": "park_five_one", "HLJ-007": "cooperation_task", "NJSG-041": "pilot_university_rule", "HLJ-006": "cooperation_unit",
}

// sharesFiled leaves out the quarter ends before a share's ledger was first filed of which that names nobody.
func sharesFiled(periods []SubjectPeriod, files []FileTruth) []SubjectPeriod {
	first := map[string]kpi.Date{}
	for _, f := range files {
		if on, ok := first[f.Source]; !ok || f.DataDate.Before(on) {
			first[f.Source] = f.DataDate
		}
	}
	return slices.DeleteFunc(periods, func(p SubjectPeriod) bool {
		source := shareLedgers[p.ID]
		return source != "" && len(p.Not) == p.Had && p.End.Before(first[source])
	})
}
