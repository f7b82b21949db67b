package demo

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// doubleHigh are the figures of the “双高协同” plan, each from the events alone.
func (l *ledger) doubleHigh() {
	l.software()
	l.registered()
	if l.parks.begins < 0 {
		return
	}
	l.listedParks()
	l.fiveOne()
	l.builtPlatforms()
	l.gained()
	l.tracks()
	l.clusters()
	l.tasks()
	l.reforms()
	l.deeds()
	l.stages()
	l.same("NJSG-032", "", "NJ88-020", "")
	l.same("NJSG-032", "professors", "NJ88-022", "")
}

// same opens a line that equals another one: two documents ask for one figure.
func (l *ledger) same(id, measure, as, asMeasure string) {
	n := l.open(id, measure)
	for _, o := range l.lines {
		if o.id == as && o.measure == asMeasure {
			n.values, n.fen = o.values, o.fen
		}
	}
}

// stock counts n at every quarter end on which hold says so.
func (l *ledger) stock(n *line, region int, hold func(d day) bool) {
	for q, d := range l.ends {
		if hold(d) {
			n.count(region, q, 1)
		}
	}
}

func (l *ledger) listedParks() {
	all, pilot, trial := l.bound("NJSG-001", ""), l.bound("NJSG-001", "pilot"), l.bound("NJSG-001", "trial")
	plans := l.open("NJSG-014", "")
	of, to := l.openRatio("NJSG-034")
	filed := map[string]day{}
	for _, i := range l.byDay() {
		if k := fmt.Sprint(i.topic, i.park); filed[k] == 0 {
			filed[k] = i.on
		}
	}
	for p, k := range l.parks.list {
		has := func(n *line, topic string) {
			if on := filed[fmt.Sprint(topic, p)]; on != 0 {
				l.onwards(n, k.District, max(on, k.listed), 1)
			}
		}
		l.onwards(all, k.District, k.listed, 1)
		l.onwards(to, k.District, k.listed, 1)
		has(of, "joint_plan")
		if k.pilot {
			l.onwards(pilot, k.District, k.listed, 1)
			continue
		}
		l.onwards(trial, k.District, k.listed, 1)
		has(plans, "trial_plan")
	}
}

// inPlace tells whether a park has a thing of “五个一” on a day: of two rows with one number the later one holds.
func (c *city) inPlace() func(park int, element string, on day) bool {
	last := map[string]parkItem{}
	for _, i := range c.parks.items {
		if slices.Contains(fiveOne, i.topic) {
			last[i.no] = i
		}
	}
	return func(park int, element string, on day) bool {
		for _, i := range last {
			if i.park == park && i.topic == element && i.holds(on) {
				return c.parks.list[park].listed <= on
			}
		}
		return false
	}
}

// fiveOne counts trial parks by what they have on the day.
func (l *ledger) fiveOne() {
	has := l.inPlace()
	complete := l.open("NJSG-014", "complete")
	for e, element := range fiveOne {
		of, to := l.openRatio(fmt.Sprintf("NJSG-0%d", 15+e))
		for p, k := range l.parks.list {
			if !k.pilot {
				l.stock(of, k.District, func(d day) bool { return has(p, element, d) })
				l.onwards(to, k.District, k.listed, 1)
			}
		}
	}
	for p, k := range l.parks.list {
		if !k.pilot {
			l.stock(complete, k.District, func(d day) bool {
				return !slices.ContainsFunc(fiveOne, func(e string) bool { return !has(p, e, d) })
			})
		}
	}
}

var platformSorts = map[string]string{"key_lab": "NJSG-025", "engineering_centre": "NJSG-025", "innovation_centre": "NJSG-025",
	"concept_verification": "NJSG-028", "pilot_base": "NJSG-028",
	"engineer_school": "NJSG-031", "future_school": "NJSG-031", "speciality_school": "NJSG-031", "graduate_station": "NJSG-031"}

// platformRows are the accepted rows of each platform of a kind, of all kinds for "", in the order of their days: of two of one
// day the later one tells how it ended.
func (c *city) platformRows(kind string) [][]platform {
	history := map[string][]platform{}
	for _, p := range c.parks.platforms {
		if p.spoiled || kind != "" && p.kind != kind {
			continue
		}
		rows := history[p.no]
		if i := slices.IndexFunc(rows, func(o platform) bool { return o.on == p.on }); i >= 0 {
			rows[i] = p
		} else {
			rows = append(rows, p)
		}
		slices.SortFunc(rows, func(a, b platform) int { return cmp.Compare(a.on, b.on) })
		history[p.no] = rows
	}
	return slices.Collect(maps.Values(history))
}

// builtPlatforms counts what parks built with universities since 2025, each at its
// first recognition.
func (l *ledger) builtPlatforms() {
	lines := map[string]*line{}
	for _, id := range []string{"NJSG-002", "NJSG-008", "NJSG-025", "NJSG-028", "NJSG-031"} {
		lines[id] = l.open(id, "")
	}
	for _, rows := range l.platformRows("") {
		p := rows[0]
		if p.park < 0 || p.school.Code == "" || p.on < calendar(2025, 1, 1) {
			continue
		}
		id := "NJSG-008"
		if l.parks.list[p.park].pilot {
			id = "NJSG-002"
		}
		l.onwards(lines[id], p.district, p.on, 1)
		if sort := platformSorts[p.kind]; sort != "NJSG-025" || p.level != "市级" { // article 5 asks for provincial laboratories and above
			l.onwards(lines[sort], p.district, p.on, 1)
		}
	}
}

// registered are the platforms other documents count in the same register.
func (l *ledger) registered() {
	for id, kind := range map[string]string{"NJ88-030": "integrated", "NJ88-031": "training_centre", "NJ88-032": "vocational_group",
		"NJGT-041": "public_service", "NJGT-043": "new_rd", "NJGT-050": "finance_station"} {
		n := l.open(id, "")
		for _, rows := range l.platformRows(kind) {
			l.inForce(n, rows)
		}
	}
	l.platformEver("NJGT-032", "ever", "concept_verification", 0)
	l.platformEver("NJGT-036", "", "pilot_base", measuresBegin)
	l.platformEver("NJGT-050", "ever", "finance_station", 0)
	centres := l.open("NJGT-032", "")
	for _, rows := range l.platformRows("concept_verification") { // from the city's first recognition after the opinions on
		i := slices.IndexFunc(rows, func(p platform) bool { return p.level == "市级" })
		if i >= 0 && rows[i].on >= measuresBegin {
			l.inForce(centres, rows[i:])
		}
	}
}

// inForce counts a platform from each recognition to the withdrawal, or to the next recognition, which follows on.
func (l *ledger) inForce(n *line, rows []platform) {
	for i, p := range rows {
		until := lasting(p.off)
		if i+1 < len(rows) {
			until = min(until, rows[i+1].on)
		}
		l.standing(n, p.district, p.on, until)
	}
}

// platformEver counts the platforms of a kind from their first recognition on, if that is not before a day.
func (l *ledger) platformEver(id, measure, kind string, since day) {
	n := l.open(id, measure)
	for _, rows := range l.platformRows(kind) {
		if p := rows[0]; p.on >= since {
			l.onwards(n, p.district, p.on, 1)
		}
	}
}

// measuresBegin is the day of the draft measures: what they count adds up since then.
var measuresBegin = calendar(2024, 9, 1)

// gained counts students, talents and pairings from their first day.
func (l *ledger) gained() {
	lines := map[string]*line{"graduate pilot": l.open("NJSG-003", ""), "graduate trial": l.open("NJSG-003", "trial"),
		"leading pilot": l.open("NJSG-004", ""), "leading trial": l.open("NJSG-009", ""),
		"top pilot": l.open("NJSG-005", ""), "top trial": l.open("NJSG-010", "")}
	parks, universities := l.open("NJSG-027", "parks"), l.open("NJSG-027", "universities")
	seen := map[string]bool{}
	for _, i := range l.byDay() {
		p := l.parks.list[i.park]
		if i.topic == "pairing" {
			if i.on < parks.from {
				continue
			}
			if k := fmt.Sprint("park ", i.park); !seen[k] {
				seen[k] = true
				l.onwards(parks, p.District, i.on, 1)
			}
			if !seen[i.school.Code] {
				seen[i.school.Code] = true
				l.onwards(universities, -1, i.on, 1)
			}
			continue
		}
		n := lines[i.topic+map[bool]string{true: " pilot", false: " trial"}[p.pilot]]
		if k := i.topic + i.no; n != nil && !seen[k] {
			seen[k] = true
			l.onwards(n, p.District, i.on, 1)
		}
	}
}

// byDay are the accepted items in the order of their days.
func (l *ledger) byDay() []parkItem {
	list := filtered(l.parks.items, func(i parkItem) bool { return !i.spoiled })
	slices.SortStableFunc(list, func(a, b parkItem) int { return cmp.Compare(a.on, b.on) })
	return list
}

func (l *ledger) tracks() {
	pilot, trial, plan, named := l.open("NJSG-006", ""), l.open("NJSG-011", ""), l.open("NJSG-022", ""), l.open("NJSG-022", "named")
	seen := map[string]bool{}
	once := func(key string, n *line, region int, on day) {
		if !seen[key] {
			seen[key] = true
			l.onwards(n, region, on, 1)
		}
	}
	for _, i := range l.byDay() {
		if i.topic != "track" {
			continue
		}
		p := l.parks.list[i.park]
		if p.pilot {
			once("pilot"+i.name, pilot, p.District, i.on)
		} else {
			once("trial"+i.name, trial, p.District, i.on)
		}
		if slices.Contains(eightTracks, i.name) {
			once("plan"+i.name, plan, -1, i.on)
			once("named"+i.name, named, -1, i.on)
		}
	}
}

// software adds up what districts earned in 2025, and in the year so far.
func (l *ledger) software() {
	goal, year := l.money("NJSG-020", ""), l.money("NJSG-020", "year")
	goal.reported = calendar(2025, 3, 31)
	for _, r := range l.ledgers["software_revenue"] {
		at := l.quarterOf(r.on)
		year.count(r.region, at, r.fen)
		for q := at; q < len(l.ends); q++ {
			if l.quarter(at).Year == 2025 && (q == at || l.quarter(at).N == 4) {
				goal.count(r.region, q, r.fen)
			}
		}
	}
}

func (l *ledger) clusters() {
	count, firms, revenue := l.open("NJSG-021", ""), l.open("NJSG-021", "enterprises"), l.money("NJSG-021", "revenue")
	for _, r := range l.ledgers["industry_cluster"] {
		q := l.quarterOf(r.on)
		count.count(r.region, q, 1)
		firms.count(r.region, q, int64(r.n))
		revenue.count(r.region, q, r.fen)
	}
}

// tasks counts each task by its last status, and versions of the list from the first.
func (l *ledger) tasks() {
	lines := map[string]*line{}
	for _, m := range []string{"", "tasks", "city", "green", "yellow", "red", "done"} {
		lines[m] = l.open("NJSG-035", m)
	}
	first := map[string]day{}
	for _, t := range l.parks.tasks {
		if on, ok := first[t.version]; !ok || t.on < on {
			first[t.version] = t.on
		}
	}
	for _, on := range first {
		l.onwards(lines[""], -1, on, 1)
	}
	for q, end := range l.ends {
		last := map[string]parkTask{}
		for _, t := range l.parks.tasks { // in the order of their days
			if t.on <= end {
				last[t.no] = t
			}
		}
		for _, t := range last {
			region := l.parks.list[t.park].District
			lines["tasks"].count(region, q, 1)
			lines[t.colour].count(region, q, 1)
			if t.city {
				lines["city"].count(region, q, 1)
			}
		}
	}
}

func (l *ledger) reforms() {
	of, to := l.openRatio("NJSG-041")
	each := map[string]*line{}
	for _, m := range []string{"empowerment", "separate", "exemption", "pay_later"} {
		each[m] = l.open("NJSG-041", m)
	}
	whole := l.ends[len(l.ends)-1] // what is issued later is in no file
	rules := map[string][]entry{}
	for _, f := range l.ledgers["pilot_university_rule"] {
		rules[f.no] = append(rules[f.no], f)
	}
	for _, list := range rules {
		l.onwards(to, -1, list[0].on, 1)
		var last day
		for _, f := range list {
			issued := f.later[0]
			if issued == 0 || issued > whole {
				last = whole + 1
				continue
			}
			l.onwards(each[f.kind], -1, max(issued, f.on), 1)
			last = max(last, issued, f.on)
		}
		l.onwards(of, -1, last, 1)
	}
}

// deeds are the activities up to the date, what was signed at them and the money.
func (l *ledger) deeds() {
	count, signed, amount := map[string]*line{}, map[string]*line{}, map[string]*line{}
	for _, a := range stories().Activities {
		if count[a.ID] == nil {
			count[a.ID] = l.open(a.ID, map[string]string{"NJSG-012": "all", "NJSG-024": "published"}[a.ID])
		}
	}
	three := map[string]*line{"关键核心技术": l.open("NJSG-012", ""), "重大科技成果": l.open("NJSG-012", "achievements"),
		"科技创新企业": l.open("NJSG-012", "enterprises")}
	for id, measure := range map[string]string{"NJSG-024": "taken", "NJSG-027": "findings", "NJSG-029": "matches", "NJSG-038": "approved",
		"NJSG-039": "approved"} {
		signed[id] = l.open(id, measure)
	}
	for _, id := range []string{"NJSG-030", "NJSG-040"} {
		amount[id] = l.money(id, "amount")
	}
	for _, d := range l.ledgers["deeds"] {
		if d.spoiled {
			continue
		}
		for n, weight := range map[*line]int64{count[d.id]: 1, signed[d.id]: int64(max(d.m, 0)), amount[d.id]: max(d.fen, 0)} {
			if n != nil {
				l.onwards(n, -1, d.on, weight)
			}
		}
		if n := three[d.kind]; n != nil && d.id == "NJSG-012" {
			l.onwards(n, -1, d.on, 1)
		}
	}
	of, to := l.openRatio("NJSG-024")
	of.values, to.values = signed["NJSG-024"].values, count["NJSG-024"].values
}

func (l *ledger) stages() {
	for _, id := range []string{"NJSG-007", "NJSG-013", "NJSG-037", "NJSG-040"} {
		l.reached(id, l.ledgers["stages"])
	}
}

// reached is the last of a commitment's milestones, of entries in the order of their days.
func (l *ledger) reached(id string, entries []entry) {
	n, before := l.open(id, ""), 0
	for _, e := range entries {
		if e.id == id {
			l.onwards(n, -1, e.on, int64(e.n-before))
			before = e.n
		}
	}
}
