package demo

import (
	"fmt"
	"slices"
)

// park is one of the 28 key parks of the “双高协同” plan. The plan names a dozen of
// them; the others are stand-ins with visibly made-up names.
type park struct {
	Name           string
	District       int // index of districts
	code, industry string
	pilot          bool
	listed         day
}

// parkItem is one row of a ledger of parks: a plan, a thing of “五个一”, a pairing, a
// student, a talent or a track, from the day it is there to the day it is gone.
type parkItem struct {
	topic    string // as the truth counts it: trial_plan, direction, pairing, graduate, leading, track …
	no, name string
	person   string
	school   School
	park     int // index of doubleHigh.list
	on, off  day // off 0: still there
	listed   int // quarter of the file
	spoiled  bool
}

// holds reports whether the row is accepted and in force on a day.
func (i parkItem) holds(d day) bool {
	return !i.spoiled && i.on <= d && (i.off == 0 || d < i.off)
}

// platform is one recognition of a platform.
type platform struct {
	no, name, kind, level string
	school                School // "" code: none shares it
	park                  int    // -1: in none
	district              int    // -1: the list names none
	on, off               day
	listed                int
	spoiled               bool
}

// parkTask is the status of a task on a day.
type parkTask struct {
	no, version, task, colour string
	city                      bool
	park                      int
	due, on                   day
	listed                    int
}

// doubleHigh is what happens under the plan of 2025—2027.
type doubleHigh struct {
	list      []park
	items     []parkItem
	platforms []platform
	tasks     []parkTask
	begins    int // first quarter that reports under the plan, 2025Q4; -1: the demo ends before it
}

// cooperate makes everything that happens in parks, from streams of its own.
func (c *city) cooperate() {
	h := &c.parks
	h.begins = slices.IndexFunc(c.ends, func(end day) bool { return end >= calendar(2025, 12, 31) })
	h.name()
	c.recognisePlatforms()
	c.earn()
	if h.begins < 0 {
		return
	}
	universities := c.schoolsBy(true, university)
	for q := h.begins; q < len(c.ends); q++ {
		c.filePlans(q, universities)
		c.fillFiveOne(q, universities)
		c.pair(q, universities)
		c.gather(q, universities)
		c.grow(q, universities)
		c.work(q)
		c.report(q)
	}
	c.reformAt(universities[:8])
}

// name lists the parks: pilots first, then the trials.
func (h *doubleHigh) name() {
	add := func(p park, pilot bool, on day) {
		p.pilot, p.listed = pilot, on
		p.code = fmt.Sprintf("YQ%02d", len(h.list)+1)
		p.industry = []string{"生物医药", "高端装备制造", "软件与信息服务", "集成电路", "新材料", "智能电网"}[len(h.list)%6]
		h.list = append(h.list, p)
	}
	for _, p := range stories().PilotParks {
		add(park{Name: p.Name, District: p.District}, true, calendar(2025, 8, 20))
	}
	for _, p := range stories().NamedParks {
		add(park{Name: p.Name, District: p.District}, false, calendar(2025, 12, 15))
	}
	seen := map[int]int{}
	for _, d := range stories().StandInParks {
		seen[d]++
		add(park{Name: districts()[d].Short + "示例园区" + []string{"", "一期", "二期"}[seen[d]], District: d}, false, calendar(2025, 12, 15))
	}
}

// add puts an item on a day of quarter q, and into the file of that quarter or the next.
func (c *city) add(r *rng, q int, i parkItem) {
	if i.on == 0 {
		i.on = c.within(r, q)
	}
	i.listed = q
	if q+1 < len(c.ends) && r.chance(80) {
		i.listed++
	}
	c.parks.items = append(c.parks.items, i)
}

// filePlans files the trial plans, three of them late, and the joint plans, two of them never.
func (c *city) filePlans(q int, universities []School) {
	r := stream(c.seed, fmt.Sprint("park plans ", q))
	k := q - c.parks.begins
	for p, park := range c.parks.list {
		if !park.pilot && (k == 0 && p%8 != 5 || k == 1 && p%8 == 5) {
			on := day(0)
			if k == 0 {
				on = calendar(2025, 12, 16) + day(r.n(16))
			}
			c.add(r, q, parkItem{topic: "trial_plan", no: fmt.Sprintf("SX%04d", p+1), park: p, school: pick(r, universities), on: on})
		}
		if p%4 == k && p < 26 {
			c.add(r, q, parkItem{topic: "joint_plan", no: fmt.Sprintf("FA%04d", p+1), park: p, school: pick(r, universities)})
		}
	}
	if k == 1 { // a plan without a possible day, and a second one of a park that has one
		c.add(r, q, parkItem{topic: "joint_plan", no: "FA0090", park: 26, school: universities[0], spoiled: true})
		c.add(r, q, parkItem{topic: "joint_plan", no: "FA0091", park: 4, school: universities[1]})
	}
}

var fiveOne = []string{"direction", "platform", "talent", "fund", "project"}

// fillFiveOne gives parks what they are to have: directions soon, funds slowly; some
// things go again, some parks have two of a kind.
func (c *city) fillFiveOne(q int, universities []School) {
	r := stream(c.seed, fmt.Sprint("five ones ", q))
	names := map[string][]string{"direction": {"生物医药", "工业软件", "智能电网", "集成电路"}, "platform": {"联合创新中心", "公共服务平台"},
		"talent": {"领军人才团队"}, "fund": {"成果转化基金", "概念验证基金"}, "project": {"标杆项目"}}
	k := q - c.parks.begins
	for p := range c.parks.list {
		for e, element := range fiveOne {
			chance := []int{450, 350, 250, 160, 220}[e]
			if k > 3 || !r.chance(chance) {
				continue
			}
			i := parkItem{topic: element, no: fmt.Sprintf("WY%02d%d%d", p+1, e+1, q), park: p, school: pick(r, universities),
				name: fmt.Sprintf("%s%s%d", c.parks.list[p].Name, pick(r, names[element]), q), on: c.within(r, q)}
			if element == "talent" && r.chance(250) {
				i.off = i.on + day(40+r.n(120))
				if i.off > c.ends[len(c.ends)-1] {
					i.off = 0
				}
			}
			if i.off > c.ends[q] { // a later row of the same number says that it has ended
				first := i
				first.off = 0
				c.add(r, q, first)
				end := c.quarterOf(i.off)
				i.listed = max(end, c.parks.items[len(c.parks.items)-1].listed+1)
				if i.listed < len(c.ends) {
					c.parks.items = append(c.parks.items, i)
				}
				continue
			}
			c.add(r, q, i)
		}
	}
	if k == 2 {
		c.add(r, q, parkItem{topic: "project", no: "WY9901", name: "示例标杆项目", park: 9, school: universities[0], spoiled: true})
	}
}

// pair signs parks and universities up with each other, most of them at once.
func (c *city) pair(q int, universities []School) {
	r := stream(c.seed, fmt.Sprint("pairings ", q))
	for p := range c.parks.list {
		if k := q - c.parks.begins; k < 3 && p%3 == k || r.chance(60) {
			with := universities[(p*5+q)%min(18, len(universities))]
			c.add(r, q, parkItem{topic: "pairing", no: fmt.Sprintf("JD%03d%02d", q, p+1), park: p, school: with})
		}
	}
}

// gather brings students and talents to the parks.
func (c *city) gather(q int, universities []School) {
	r := stream(c.seed, fmt.Sprint("park people ", q))
	person := func(topic, prefix string, n int, park int) {
		no, name := fmt.Sprintf("%s%03d%04d", prefix, q, n), personName(r)
		c.add(r, q, parkItem{topic: topic, no: no, person: name, park: park, school: pick(r, universities)})
	}
	trial := func() int { return 4 + r.n(len(c.parks.list)-4) }
	pilot := func() int { return r.n(4) }
	for _, g := range []struct {
		topic, prefix string
		first, count  int
		at            func() int
	}{{"graduate", "YJS", 0, 42, pilot}, {"graduate", "YJS", 500, 12, trial}, {"leading", "LJ", 0, 15, pilot},
		{"leading", "LJ", 500, 22, trial}, {"other", "QT", 0, 4, trial}} {
		for n := range g.count {
			person(g.topic, g.prefix, g.first+n, g.at())
		}
	}
	switch q - c.parks.begins {
	case 0, 2:
		person("top", "DJ", 1, pilot())
	case 1, 3:
		person("top", "DJ", 2, trial())
	}
	again := c.parks.items[len(c.parks.items)-8] // the same person in a second park
	if q > c.parks.begins && again.topic == "leading" && again.on < c.ends[q] {
		again.on, again.park, again.listed = c.ends[q], (again.park+1)%len(c.parks.list), q
		c.parks.items = append(c.parks.items, again)
	}
}

var eightTracks = []string{"合成生物", "原子级制造", "脑机接口", "数智信息", "工业软件", "细胞和基因技术", "量子计算"} // the plan names only seven

// grow opens the tracks the plan names, one after the other, and one it does not name.
// After two quarters nobody files any more.
func (c *city) grow(q int, universities []School) {
	r := stream(c.seed, fmt.Sprint("tracks ", q))
	for _, t := range stories().Tracks {
		if t.Quarter == q-c.parks.begins {
			c.add(r, q, parkItem{topic: "track", no: t.Name, name: t.Name, park: t.Park, school: pick(r, universities)})
		}
	}
}

// work moves the tasks of the list on: each begins green and may fall behind or be done.
func (c *city) work(q int) {
	r := stream(c.seed, fmt.Sprint("tasks ", q))
	k := q - c.parks.begins
	if k < 1 { // the list is drawn up in the quarter after the plan
		return
	}
	version := "2026年第1版"
	if k >= 3 {
		version = "2026年第2版"
	}
	for p := range c.parks.list {
		for n := range 1 + p%2 {
			no := fmt.Sprintf("RW%02d%d", p+1, n+1)
			t := parkTask{no: no, version: version, park: p, city: p < 4 || p%7 == 0, listed: q, on: c.ends[q] - day(p%5),
				due: calendar(2026+p%2, 12, 31), task: c.parks.list[p].Name + []string{"联合攻关任务", "共建平台任务"}[n], colour: "green"}
			switch s := r.n(100); {
			case k > 1 && s < 8:
				t.colour = "done"
			case s < 16:
				t.colour = "red"
			case s < 36:
				t.colour = "yellow"
			}
			c.parks.tasks = append(c.parks.tasks, t)
		}
	}
}

// reformAt gives the pilot universities their rules: most have some, few have all four.
func (c *city) reformAt(pilots []School) {
	r := stream(c.seed, "reforms")
	for i, s := range pilots {
		for e, kind := range []string{"empowerment", "separate", "exemption", "pay_later"} {
			f := entry{host: s.Name, no: s.Code, kind: kind, on: calendar(2025, 12, 15)}
			if i < 3 || r.n(4) > e {
				f.later[0] = calendar(2025, 6, 1) + day(r.n(450))
			}
			c.enter("pilot_university_rule", f)
		}
	}
}
