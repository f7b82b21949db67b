package demo

import (
	"slices"

	"citykpi/pipeline/kpi"
)

// Small ledgers come when the plan begins and at the end, registers once a year until then.
func (c *city) atBothEnds(q int) int {
	if q <= c.parks.begins {
		return c.parks.begins
	}
	return len(c.ends) - 1
}

func (c *city) byYear(q int) int {
	if c.parks.begins >= 0 && q > c.parks.begins {
		return q
	}
	for q < len(c.ends)-1 && c.quarter(q).N < 4 {
		q++
	}
	return q
}

func (v park) in(c *city) int   { return c.parks.begins }
func (v parkTask) in(*city) int { return v.listed }

func (v park) row(*city) row {
	return row{values: values{"park_code": v.code, "park_name": v.Name, "cohort": map[bool]string{true: "pilot", false: "trial"}[v.pilot],
		"district": districtName(v.District), "listed_on": v.listed, "industry": v.industry}}
}

// itemSources are the ledgers made of park items, by what they hold.
var itemSources = map[string][]string{"park_plan": {"trial_plan", "joint_plan"}, "park_five_one": fiveOne, "park_pairing": {"pairing"},
	"joint_graduate": {"graduate"}, "park_talent": {"leading", "top", "other"}, "new_track": {"track"}}

// in is the quarter of the file. Nobody filed the quarter in which the joint plans were due, and what was done in it
// stands in the next file: whether the deadline was kept is not known.
func (v parkItem) in(c *city) int {
	unfiled := slices.Contains(itemSources["park_plan"], v.topic) && c.quarter(v.listed) == kpi.Quarter{Year: 2026, N: 2}
	if unfiled && v.listed+1 < len(c.ends) {
		return v.listed + 1
	}
	return v.listed
}

// row has what any of the ledgers asks for.
func (v parkItem) row(c *city) row {
	at := c.parks.list[v.park].Name
	if v.on%9 == 0 {
		at = c.parks.list[v.park].code // some write the code instead
	}
	line := row{turn: int(v.on), rejected: v.spoiled, values: values{"park": at, "university_name": v.school, "person_name": v.person,
		"student_name": v.person, "item_name": v.name, "track_name": v.name,
		"in_plan": slices.Contains(eightTracks, v.name), "ended_on": v.off}}
	for _, name := range []string{"plan_no", "item_no", "agreement_no", "student_no", "person_no"} {
		line.values[name] = v.no
	}
	for _, name := range []string{"kind", "element", "rank"} {
		line.values[name] = v.topic
	}
	for _, name := range []string{"filed_on", "begun_on", "signed_on", "arrived_on", "recognised_on"} {
		line.values[name] = dateOr(v.on, v.spoiled)
	}
	return line
}

func (v parkTask) row(c *city) row {
	p := c.parks.list[v.park]
	level := map[bool]string{true: "市级清单", false: "园区清单"}[v.city]
	return row{turn: v.park, values: values{"task_no": v.no, "list_version": v.version, "list_level": level,
		"park": p.Name, "task": v.task, "unit": districtName(p.District) + "科技局", "due_on": v.due, "colour": v.colour, "status_on": v.on}}
}

// in: of what comes late, none of the quarters'.
func (v platform) in(c *city) int {
	if v.listed >= c.late() {
		return v.listed
	}
	return c.byYear(v.listed)
}

func (v platform) row(c *city) row {
	at := ""
	if v.park >= 0 {
		at = c.parks.list[v.park].Name
	}
	return row{rejected: v.spoiled, values: values{"platform_no": v.no, "platform_name": v.name, "kind": v.kind, "level": v.level,
		"park": at, "university_name": v.school, "district": districtName(v.district),
		"recognised_on": dateOr(v.on, v.spoiled), "withdrawn_on": v.off}}
}

// parkExports are the files of the “双高协同” plan.
func (c *city) parkExports() []export {
	h := &c.parks
	files := filed(c, "platform", h.platforms)
	for _, l := range doubleHighLedgers {
		files = append(files, filed(c, l.look, l.lines(c.ledgers[l.look]))...)
	}
	if h.begins < 0 {
		return files
	}
	for source, topics := range itemSources {
		files = append(files, filed(c, source, filtered(h.items, func(i parkItem) bool { return slices.Contains(topics, i.topic) }))...)
	}
	return slices.Concat(files, filed(c, "park", h.list), filed(c, "park_task", h.tasks), c.reformExports())
}

// reformExports write the whole ledger of rules twice: what is owed at first is there at
// the end. The second time it ends a month before its quarter does, if nothing is lost by that.
func (c *city) reformExports() []export {
	l := entryLedger{look: "pilot_university_rule", says: "host no on kind later0"}
	rules, k := l.lines(c.ledgers[l.look]), c.looks[l.look]
	first, last := c.parks.begins, len(c.ends)-1
	files := fileOf(c, l.look, first, rules)
	if last == first {
		return files
	}
	early := c.ends[last] - 30
	if slices.ContainsFunc(rules, func(v ledgerEntry) bool { return v.later[0] > early && v.later[0] <= c.ends[last] }) {
		return append(files, fileOf(c, l.look, last, rules)...)
	}
	return append(files, sheet(c, k, k.Path+"_"+compact.write(early), early.date(), k.form(c, last, 0), rules))
}
