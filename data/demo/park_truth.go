package demo

import (
	"cmp"
	"fmt"
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
				l.onwards(n, k.district, max(on, k.listed), 1)
			}
		}
		l.onwards(all, k.district, k.listed, 1)
		l.onwards(to, k.district, k.listed, 1)
		has(of, "joint_plan")
		if k.pilot {
			l.onwards(pilot, k.district, k.listed, 1)
			continue
		}
		l.onwards(trial, k.district, k.listed, 1)
		has(plans, "trial_plan")
	}
}

// fiveOne counts trial parks by what they have on the day: of two rows with one number
// the later one holds.
func (l *ledger) fiveOne() {
	last := map[string]parkItem{}
	for _, i := range l.parks.items {
		if slices.Contains(fiveOne, i.topic) {
			last[i.no] = i
		}
	}
	has := func(p int, element string, d day) bool {
		for _, i := range last {
			if i.park == p && i.topic == element && i.holds(d) && l.parks.list[p].listed <= d {
				return true
			}
		}
		return false
	}
	complete := l.open("NJSG-014", "complete")
	for e, element := range fiveOne {
		of, to := l.openRatio(fmt.Sprintf("NJSG-0%d", 15+e))
		for p, k := range l.parks.list {
			if !k.pilot {
				l.stock(of, k.district, func(d day) bool { return has(p, element, d) })
				l.onwards(to, k.district, k.listed, 1)
			}
		}
	}
	for p, k := range l.parks.list {
		if !k.pilot {
			l.stock(complete, k.district, func(d day) bool {
				return !slices.ContainsFunc(fiveOne, func(e string) bool { return !has(p, e, d) })
			})
		}
	}
}

var platformSorts = map[string]string{"key_lab": "NJSG-025", "engineering_centre": "NJSG-025", "innovation_centre": "NJSG-025",
	"concept_verification": "NJSG-028", "pilot_base": "NJSG-028",
	"engineer_school": "NJSG-031", "future_school": "NJSG-031", "speciality_school": "NJSG-031", "graduate_station": "NJSG-031"}

// builtPlatforms counts what parks built with universities since 2025, each at its
// first recognition.
func (l *ledger) builtPlatforms() {
	lines := map[string]*line{}
	for _, id := range []string{"NJSG-002", "NJSG-008", "NJSG-025", "NJSG-028", "NJSG-031"} {
		lines[id] = l.open(id, "")
	}
	first := map[string]platform{}
	for _, p := range l.parks.platforms {
		if f, ok := first[p.no]; !p.spoiled && (!ok || p.on < f.on) {
			first[p.no] = p
		}
	}
	for _, p := range first {
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
		l.platformStock(id, "", kind)
	}
	l.municipalCentres()
	l.platformEver("NJGT-032", "ever", "concept_verification")
	l.platformEver("NJGT-036", "", "pilot_base")
	l.platformEver("NJGT-050", "ever", "finance_station")
}

// platformEver counts the platforms of a kind from their first recognition on.
func (l *ledger) platformEver(id, measure, kind string) {
	n := l.open(id, measure)
	first := map[string]platform{}
	for _, p := range l.parks.platforms {
		if f, ok := first[p.no]; p.kind == kind && !p.spoiled && (!ok || p.on < f.on) {
			first[p.no] = p
		}
	}
	for _, p := range first {
		if measure != "" || p.on >= measuresBegin {
			l.onwards(n, p.district, p.on, 1)
		}
	}
}

// measuresBegin is the day of the draft measures: what they count adds up since then.
var measuresBegin = calendar(2024, 9, 1)

// platformStock counts the platforms of a kind in force: from each recognition to the
// withdrawal, or to the next recognition, which follows on.
func (l *ledger) platformStock(id, measure, kind string) {
	n := l.open(id, measure)
	history := map[string]map[day]platform{}
	for _, p := range l.parks.platforms { // of two rows of one recognition the later one holds
		if p.kind == kind && !p.spoiled {
			if history[p.no] == nil {
				history[p.no] = map[day]platform{}
			}
			history[p.no][p.on] = p
		}
	}
	for _, byDay := range history {
		var rows []platform
		for _, p := range byDay {
			rows = append(rows, p)
		}
		slices.SortFunc(rows, func(a, b platform) int { return cmp.Compare(a.on, b.on) })
		for i, p := range rows {
			until := lasting(p.off)
			if i+1 < len(rows) {
				until = min(until, rows[i+1].on)
			}
			l.standing(n, p.district, p.on, until)
		}
	}
}

// gained counts students, talents and pairings from their first day.
func (l *ledger) gained() {
	lines := map[string]*line{"graduate pilot": l.open("NJSG-003", ""), "graduate trial": l.open("NJSG-003", "trial"),
		"leading pilot": l.open("NJSG-004", ""), "leading trial": l.open("NJSG-009", ""), "top pilot": l.open("NJSG-005", ""), "top trial": l.open("NJSG-010", "")}
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
				l.onwards(parks, p.district, i.on, 1)
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
			l.onwards(n, p.district, i.on, 1)
		}
	}
}

// byDay are the accepted items in the order of their days.
func (l *ledger) byDay() []parkItem {
	var list []parkItem
	for _, i := range l.parks.items {
		if !i.spoiled {
			list = append(list, i)
		}
	}
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
			once("pilot"+i.name, pilot, p.district, i.on)
		} else {
			once("trial"+i.name, trial, p.district, i.on)
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
	for _, r := range l.parks.revenue {
		year.count(r.district, r.q, r.earned)
		for q := r.q; q < len(l.ends); q++ {
			if l.quarter(r.q).Year == 2025 && (q == r.q || l.quarter(r.q).N == 4) {
				goal.count(r.district, q, r.earned)
			}
		}
	}
}

func (l *ledger) clusters() {
	count, firms, revenue := l.open("NJSG-021", ""), l.open("NJSG-021", "enterprises"), l.money("NJSG-021", "revenue")
	for _, r := range l.parks.clusters {
		count.count(r.district, r.q, 1)
		firms.count(r.district, r.q, int64(r.firms))
		revenue.count(r.district, r.q, r.earned)
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
			region := l.parks.list[t.park].district
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
	rules := map[string][]reform{}
	for _, f := range l.parks.reforms {
		rules[f.school.Code] = append(rules[f.school.Code], f)
	}
	for _, list := range rules {
		l.onwards(to, -1, list[0].since, 1)
		var last day
		for _, f := range list {
			on := max(f.on, f.since)
			if f.on == 0 || f.on > whole {
				last = whole + 1
				continue
			}
			l.onwards(each[f.kind], -1, on, 1)
			last = max(last, on)
		}
		l.onwards(of, -1, last, 1)
	}
}

// deeds are the activities up to the date, what was signed at them and the money.
func (l *ledger) deeds() {
	count, signed, amount := map[string]*line{}, map[string]*line{}, map[string]*line{}
	for _, a := range activities {
		if count[a.id] == nil {
			count[a.id] = l.open(a.id, map[string]string{"NJSG-012": "all", "NJSG-024": "published"}[a.id])
		}
	}
	three := map[string]*line{"关键核心技术": l.open("NJSG-012", ""), "重大科技成果": l.open("NJSG-012", "achievements"), "科技创新企业": l.open("NJSG-012", "enterprises")}
	for id, measure := range map[string]string{"NJSG-024": "taken", "NJSG-027": "findings", "NJSG-029": "matches", "NJSG-038": "approved", "NJSG-039": "approved"} {
		signed[id] = l.open(id, measure)
	}
	for _, id := range []string{"NJSG-030", "NJSG-040"} {
		amount[id] = l.money(id, "amount")
	}
	for _, d := range l.parks.deeds {
		if d.spoiled {
			continue
		}
		if n := count[d.id]; n != nil {
			l.onwards(n, -1, d.on, 1)
		}
		if n := three[d.kind]; n != nil && d.id == "NJSG-012" {
			l.onwards(n, -1, d.on, 1)
		}
		if n := signed[d.id]; n != nil && d.signed >= 0 {
			l.onwards(n, -1, d.on, int64(d.signed))
		}
		if n := amount[d.id]; n != nil {
			l.onwards(n, -1, d.on, d.fen)
		}
	}
	of, to := l.openRatio("NJSG-024")
	of.values, to.values = signed["NJSG-024"].values, count["NJSG-024"].values
}

func (l *ledger) stages() {
	for _, id := range []string{"NJSG-007", "NJSG-013", "NJSG-037", "NJSG-040"} {
		n := l.open(id, "")
		for q, end := range l.ends {
			reached := 0
			for _, s := range l.parks.stages { // in the order of their days
				if s.id == id && s.on <= end {
					reached = s.reached
				}
			}
			n.count(-1, q, int64(reached))
		}
	}
}
