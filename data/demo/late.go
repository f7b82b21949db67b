package demo

import (
	"cmp"
	"maps"
	"slices"

	"citykpi/pipeline/kpi"
)

// What reaches the office after the last quarter was closed stands behind the last
// export: its listed is c.late().
func (c *city) late() int { return len(c.ends) }

// What reaches it last of all stands behind that.
func (c *city) last() int { return c.late() + 1 }

// Restated is a figure of a closed quarter as it was published when the exports of
// the last quarter were in, and as it reads with what came afterwards.
type Restated struct {
	Quarter kpi.Quarter `json:"quarter"`
	ID      string      `json:"id"`
	Measure string      `json:"measure,omitempty"`
	Region  string      `json:"region_code"`
	Old     float64     `json:"old"`
	New     float64     `json:"new"`
	Cause   string      `json:"cause"` // late_data | corrected_data | withdrawn_data | changed_definition
}

// Correction is a row that withdraws another, or takes its place.
type Correction struct {
	File   string   `json:"file"`
	Source string   `json:"source"`
	Step   string   `json:"step"`  // withdraw | replace
	Was    kpi.Date `json:"was"`   // the day by which it names the other row
	Found  string   `json:"found"` // row | moved: that had been replaced already | late: the other came afterwards
}

// What 处理方式 says.
const (
	voided   = "作废"
	replaced = "更正"
)

// amend makes what comes late: contracts registered in the last quarter, other
// contracts of it with a corrected amount, skilled workers placed in it, and technical
// deputies who were never engaged, or a year earlier than was said.
func (c *city) amend() {
	q := len(c.ends) - 1
	if len(c.employers[q].recognised) == 0 {
		return
	}
	r := stream(c.seed, "after the close")
	n := c.scaled(6, 2)
	var registered []contract
	for _, k := range c.contracts {
		if k.listed == q && !k.rejected() && c.quarterOf(k.on) == q {
			registered = append(registered, k)
		}
	}
	for i := range min(n, len(registered)) {
		k := registered[i*len(registered)/n]
		k.foreign = [2]string{} // it was settled in yuan
		k.amount += int64(r.between(20, 900)) * wan
		k.technical = k.amount / 1000 * 7 * 100
		k.listed = c.late()
		c.contracts = append(c.contracts, k)
	}
	for i := range n {
		k := c.newContract(r, q, 90_000+i)
		k.listed = c.late()
		c.contracts = append(c.contracts, k)
	}
	c.recant(n)
	c.mistake()
	c.overlook()
	vocational := c.schoolsBy(true, vocationalSchool)
	for i := range c.scaled(20, 2) {
		p := placement{event: c.newEvent(r, "RC", q, 90_000+i, c.employer(r, q, true)), school: pick(r, vocational)}
		p.occupation, p.level, p.listed = "电工", "高级工", c.late()
		c.placements = append(c.placements, p)
	}
}

// mistake puts a firm on a list of champions that is none, alone so that nothing else is other than without it.
func (c *city) mistake() {
	q := len(c.ends) - 1
	for _, e := range c.employers[q].ordinary {
		if _, twin := c.twin[e]; twin || c.bears[e] || !c.settled(e, q) || c.firms[e].renames != never {
			continue
		}
		on := c.start(q) + 30
		c.mistaken = &recognition{firm: e, tier: champion, on: on, to: on.threeYears(), listed: q}
		return
	}
}

// Closed are the quarters to close before what is late comes: the one in which most of what was
// promised fell due, where the demo's data go beyond it, and the last one.
func Closed(last kpi.Quarter) []kpi.Quarter {
	if fellDue.End().Before(last.End()) {
		return []kpi.Quarter{fellDue, last}
	}
	return []kpi.Quarter{last}
}

// fellDue is the quarter at whose end it did.
var fellDue = kpi.Quarter{Year: 2025, N: 4}

// overlook leaves a platform that was recognised in time out of the register until that quarter is closed:
// without it what was promised is not kept.
func (c *city) overlook() {
	due := c.quarterAt(fellDue)
	if due < 0 || due == len(c.ends)-1 {
		return
	}
	for i, p := range c.parks.platforms {
		if p.kind == "integrated" && p.listed == due {
			c.parks.platforms[i].listed = c.late()
			return
		}
	}
}

// mistakenFile is the list with the champion that is none, or the one that takes it back.
func (c *city) mistakenFile(back bool) export {
	q, k := len(c.ends)-1, c.looks["sme_tier_mistaken"]
	v := smeRow{at: mention{firm: c.mistaken.firm, name: c.name(c.mistaken.firm, q), code: c.code(c.mistaken.firm)}, on: c.mistaken.on,
		title: tierWords[champion][0]}
	path := k.named(c, q)
	if back {
		path, v.action = path+amended, voided
	} else {
		k = k.without("row_action")
	}
	return sheet(c, k, path, c.quarter(q).End(), k.form(c, q, 0), []smeRow{v})
}

// recant withdraws deputies of the last quarter's year, and moves others into the year before. They are
// persons with one engagement, under which no contract was signed, so that nothing else hangs on it.
func (c *city) recant(n int) {
	q := len(c.ends) - 1
	engagements := map[string]int{}
	for _, v := range c.deputies {
		engagements[v.no]++
	}
	l := c.ledger()
	var more []deputy
	done := map[string]int{}
	for i := len(c.deputies) - 1; i >= 0; i-- { // the newest first
		v := &c.deputies[i]
		_, counts := l.inCity(v.event, false)
		counts = counts && v.listed <= q && year(v.on) == c.quarter(q).Year && v.renewal != "是"
		if !counts || engagements[v.no] > 1 || c.contracted(*v) {
			continue
		}
		about := *v
		about.listed, about.was, about.action = c.late(), v.on, voided
		if before := v.on - 366; before >= c.start(0) && c.settled(v.at.firm, c.quarterOf(before)) && done[replaced] < done[voided] {
			about.action, about.on = replaced, before
		}
		if done[about.action] == n {
			continue
		}
		v.gone, done[about.action] = true, done[about.action]+1
		more = append(more, about)
	}
	if i := slices.IndexFunc(more, func(v deputy) bool { return v.action == replaced }); i >= 0 {
		// the day was still wrong, and the row is called by what it was at first
		about := more[i]
		about.listed, about.on = c.last(), about.on-1
		more[i].gone, more = true, append(more, about)
	}
	if len(more) > 0 { // one is withdrawn before the list comes that it stands in
		r := stream(c.seed, "withdrawn before it came")
		early := deputy{event: c.newEvent(r, "ZJ", q, 90_000, c.employer(r, q, true)), school: more[0].school, gone: true}
		early.listed = c.last()
		about := early
		about.listed, about.was, about.action = c.late(), early.on, voided
		more = append(more, about, early)
	}
	c.deputies = append(c.deputies, more...)
}

// contracted reports whether the deputy's university sold something to the firm within the term.
func (c *city) contracted(v deputy) bool {
	return slices.ContainsFunc(c.contracts, func(k contract) bool {
		return k.buyer.firm == v.at.firm && k.seller.name == v.school.Name && v.on+termFrom <= k.signed && k.signed <= v.on+termTo
	})
}

// What the names of files say that complete or correct others.
const amended = "_补报更正"

// recantedFile is the list of deputies that are withdrawn or replaced, or the last of such lists.
func (c *city) recantedFile(listed int) string {
	return c.looks["technical_deputy"].named(c, len(c.ends)-1) + amended + map[int]string{c.last(): "二"}[listed]
}

// corrections are the rows of those lists.
func (c *city) corrections() []Correction {
	list := []Correction{}
	for _, listed := range []int{c.late(), c.last()} {
		for _, v := range filedIn(c, c.deputies, listed) {
			step, found := map[string]string{voided: "withdraw", replaced: "replace"}[v.action], "row"
			switch {
			case step == "":
				continue
			case listed == c.last():
				found = "moved"
			case slices.ContainsFunc(c.deputies, func(o deputy) bool { return o.no == v.no && o.listed == c.last() && o.action == "" }):
				found = "late"
			}
			list = append(list, Correction{c.recantedFile(listed) + ".csv", "technical_deputy", step, v.was.date(), found})
		}
	}
	if c.mistaken != nil {
		list = append(list, Correction{c.mistakenFile(true).path, "sme_tier_recognition", "withdraw", c.mistaken.on.date(), "row"})
	}
	return list
}

// lateExports are the files of what came late.
func (c *city) lateExports() []export {
	q := len(c.ends) - 1
	end := c.quarter(q).End()
	var files []export
	if rows := filedIn(c, c.contracts, c.late()); len(rows) > 0 {
		k := c.looks["tech_contract"]
		files = append(files, sheet(c, k, k.named(c, q)+amended, end, k.form(c, 0, 0), rows))
	}
	if rows := filedIn(c, c.placements, c.late()); len(rows) > 0 {
		k := c.looks["skilled_worker_placement"]
		files = append(files, sheet(c, k, c.named(k.Path, q, false)+"_补报", end, form{CSV: "utf8"}, rows))
	}
	if c.mistaken != nil {
		files = append(files, c.mistakenFile(true))
	}
	if rows := filedIn(c, c.parks.platforms, c.late()); len(rows) > 0 {
		k := c.looks["platform"]
		files = append(files, sheet(c, k, k.named(c, q)+"_补报", end, k.form(c, q, 0), rows))
	}
	for _, listed := range []int{c.late(), c.last()} {
		if rows := filedIn(c, c.deputies, listed); len(rows) > 0 {
			k := c.looks["technical_deputy_amended"]
			files = append(files, sheet(c, k, c.recantedFile(listed), end, k.form(c, q, 0), rows))
		}
	}
	return files
}

// published is the city as the office knew it when it closed quarters: without what came late, and
// with what is taken back since.
func (c *city) published() *city {
	published := *c
	published.formerly = true
	published.contracts = filtered(c.contracts, func(k contract) bool { return k.listed < c.late() })
	published.placements = filtered(c.placements, func(p placement) bool { return p.listed < c.late() })
	published.deputies = filtered(c.deputies, func(v deputy) bool { return v.listed < c.late() })
	if c.mistaken != nil {
		published.recognitions = append(slices.Clip(c.recognitions), *c.mistaken)
		published.byFirm = maps.Clone(c.byFirm)
		published.byFirm[c.mistaken.firm] = append(slices.Clip(c.byFirm[c.mistaken.firm]), int32(len(c.recognitions)))
	}
	for i := range published.deputies {
		published.deputies[i].gone = false
	}
	published.parks.platforms = filtered(c.parks.platforms, func(p platform) bool { return p.listed < c.late() })
	return &published
}

// restated compares the figures of closed quarters without and with what came late.
func (c *city) restated(values, then []Value) []Restated {
	published := c.published()
	engaged := map[string]string{} // why others are, by region: a replaced row weighs more than a withdrawn one
	for _, v := range published.deputies {
		for _, about := range c.deputies {
			if about.listed < c.late() || about.no != v.no {
				continue
			}
			cause := map[string]string{voided: "withdrawn_data", replaced: "corrected_data"}[about.action]
			for _, region := range []string{cityCode, districts()[c.on(v.at.firm, v.on).region].Code} {
				engaged[region] = min(cmp.Or(engaged[region], cause), cause)
			}
		}
	}
	corrected := map[string]bool{cityCode: true}
	numbers := map[string]bool{}
	for _, k := range published.contracts {
		numbers[k.no] = true
	}
	for _, k := range c.contracts {
		if k.listed == c.late() && numbers[k.no] {
			corrected[districts()[k.region].Code] = true
		}
	}
	closed := map[kpi.Date]kpi.Quarter{}
	for _, q := range Closed(c.quarter(len(c.ends) - 1)) {
		closed[q.End()] = q
	}
	was := map[Value]float64{}
	for _, v := range then {
		was[v.at()] = v.Value
	}
	list := []Restated{}
	for _, v := range values {
		old, ok := was[v.at()]
		q, of := closed[v.AsOf]
		if !of || ok && old == v.Value {
			continue
		}
		cause := "late_data"
		if money := v.ID == "NJ-TC01" || v.ID == "NJ-TC02"; money && corrected[v.Region] {
			cause = "corrected_data"
		}
		if v.ID == "NJ88-020" || v.ID == "NJSG-032" {
			cause = cmp.Or(engaged[v.Region], cause)
		}
		if v.ID == tierIDs[champion] {
			cause = "withdrawn_data"
		}
		if v.ID == redefined {
			cause = "changed_definition"
		}
		list = append(list, Restated{q, v.ID, v.Measure, v.Region, old, v.Value, cause})
	}
	slices.SortFunc(list, func(a, b Restated) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Measure, b.Measure), cmp.Compare(a.Region, b.Region))
	})
	return list
}
