package demo

import (
	"fmt"
	"slices"
)

// placement is a graduate of a vocational school who joined a firm.
type placement struct {
	event
	school     School
	occupation string
	level      string
}

// deputy is a professor engaged as a firm's 技术副总 for a term.
type deputy struct {
	event
	school  School
	renewal string // 是, 否 or nothing

	action string // of a row about another: 更正 or 作废
	was    day    // what the other had as the day of signing
	gone   bool   // a later row takes its place, or says that it does not hold
}

// A deputy's term runs from some days after the signing for a year.
const termFrom, termTo = 10, 375

// professorship is a person of a firm appointed 产业教授 by a university.
type professorship struct {
	event
	school School
}

// service is the stay of a doctoral student or young teacher with a firm.
type service struct {
	event
	school School
	role   string
	ended  day
}

const otherRole = "other" // which nothing counts

// manager is one certificate of a technology manager.
type manager struct {
	no, person, certificate string
	trained, on             day
	level, employer         string
	region                  int    // district the list names, -1: none that can be told
	district                string // as written
	listed                  int
	noDate                  bool
}

// employ makes the person events of all quarters.
func (c *city) employ() {
	vocational, elsewhere := c.schoolsBy(true, vocationalSchool), c.schoolsBy(false, vocationalSchool)
	universities := c.schoolsBy(true, university)
	r := stream(c.seed, "people")
	for q := range c.ends {
		p := planned(c.quarter(q))
		c.place(r, q, c.scaled(p.Placed, 2), vocational, elsewhere)
		c.engage(r, q, c.scaled(p.Deputies, 1), universities)
		c.appoint(r, q, c.scaled(p.Taught, 1), universities)
		c.send(r, q, c.scaled(p.Served, 2), universities)
		c.certify(r, q, c.scaled(p.Managers, 1))
	}
}

func (c *city) schoolsBy(inCity bool, kind string) []School {
	return filtered(c.schools, func(s School) bool { return s.City == inCity && s.Kind == kind })
}

func (c *city) personNo(prefix string, q, n int) string {
	return fmt.Sprintf("%s%d%06d", prefix, c.quarter(q).Year, c.quarter(q).N*100_000+n)
}

func (c *city) newEvent(r *rng, prefix string, q, n int, at mention) event {
	return event{no: c.personNo(prefix, q, n), person: personName(r), at: at, on: c.within(r, q), listed: c.filed(r, q)}
}

func (c *city) place(r *rng, q, n int, vocational, elsewhere []School) {
	total := n * 118 / 100
	for i := range total {
		p := placement{event: c.newEvent(r, "RC", q, i, c.employer(r, q, i < n)), school: pick(r, vocational)}
		p.occupation = pick(r, []string{"数控车工", "电工", "工业机器人系统操作员", "电子设备装接工", "软件测试员", "化学检验员", "焊工"})
		p.level = pick(r, []string{"中级工", "高级工", "技师", ""})
		if i >= n && r.chance(300) { // the firm counts, the school does not
			p.at, p.school = c.employer(r, q, true), pick(r, elsewhere)
		}
		p.noDate = i >= n && r.chance(15)
		c.placements = append(c.placements, p)
		if k := len(c.placements) - 1; r.chance(30) && k > 20 { // an earlier person changes the firm
			again := p
			earlier := c.placements[k-r.n(20)]
			again.no, again.person, again.on = earlier.no, earlier.person, p.on
			again.at = c.employer(r, q, true)
			if !slices.ContainsFunc(c.placements, func(v placement) bool { return v.sameDay(again.event) }) {
				c.placements = append(c.placements, again)
			}
		}
	}
}

func (c *city) engage(r *rng, q, n int, universities []School) {
	for i := range n + 1 + n/5 {
		c.deputies = append(c.deputies, deputy{event: c.newEvent(r, "ZJ", q, i, c.resident(r, q, i < n)),
			school: pick(r, universities), renewal: pick(r, []string{"否", "否", ""})})
	}
	for range n * 2 / 5 { // terms that go on, all with firms in the city
		if earlier := pick(r, c.deputies); c.ends[q]-earlier.on > 330 {
			again := earlier
			again.at, again.on, again.listed, again.renewal = c.resident(r, q, true), c.within(r, q), q, "是"
			c.deputies = append(c.deputies, again)
		}
	}
	if q > 0 && q%2 == 0 { // the same person engaged by a second firm in the same year
		earlier := c.deputies[len(c.deputies)-1-r.n(min(len(c.deputies), n))]
		again := earlier
		again.at, again.on, again.listed, again.renewal = c.resident(r, q, true), c.within(r, q), q, "否"
		if !slices.ContainsFunc(c.deputies, func(v deputy) bool { return v.sameDay(again.event) }) {
			c.deputies = append(c.deputies, again)
		}
	}
}

func (c *city) appoint(r *rng, q, n int, universities []School) {
	for i := range n + 1 + n/4 {
		p := professorship{event: c.newEvent(r, "CY", q, i, c.employer(r, q, i < n)), school: pick(r, universities)}
		c.professors = append(c.professors, p)
		if r.chance(60) { // a second university on another day: still one person
			p.school = pick(r, universities)
			if on := c.within(r, q); on != p.on {
				p.on = on
				c.professors = append(c.professors, p)
			}
		}
	}
}

func (c *city) send(r *rng, q, n int, universities []School) {
	for i := range n + 2 + n/8 {
		s := service{event: c.newEvent(r, "BS", q, i, c.resident(r, q, i < n || r.chance(400))), school: pick(r, universities)}
		s.role = []string{"doctoral_student", "young_teacher"}[draw(r, []int{62, 38})]
		if i >= n && r.chance(600) {
			s.role = otherRole
		}
		s.ended = s.on + day(r.between(20, 300))
		c.services = append(c.services, s)
		if r.chance(120) { // a second stay of the same person
			s.at, s.on = c.resident(r, q, true), c.within(r, q)
			if s.ended = s.on + 60; s.on != c.services[len(c.services)-1].on {
				c.services = append(c.services, s)
			}
		}
	}
}

// certify brings the number of certified managers to total by the end of quarter q.
func (c *city) certify(r *rng, q, total int) {
	people := map[string]bool{}
	for _, m := range c.managers {
		if !m.noDate {
			people[m.no] = true
		}
	}
	for i := 0; len(people) < total; i++ {
		m := manager{no: c.personNo("JL", q, i), person: personName(r), on: c.within(r, q), listed: q}
		m.level = pick(r, []string{"初级", "中级", "高级"})
		m.trained = m.on - day(r.between(20, 120))
		m.region, m.district = c.managerDistrict(r)
		m.employer = pick(r, []string{"南京示例技术转移中心有限公司", "江苏示例技术产权交易服务中心", "南京示例科技服务有限公司", "示例大学技术转移中心"})
		m.certificate = fmt.Sprintf("NJJL%d%04d", c.quarter(q).Year, len(c.managers)+1)
		people[m.no] = true
		c.managers = append(c.managers, m)
	}
	if q > 0 && r.chance(600) { // somebody rises a level: a second certificate, not a second person
		m := pick(r, c.managers)
		if m.on < c.start(q) {
			m.on, m.listed, m.level = c.within(r, q), q, "高级"
			m.trained = m.on - 30
			m.certificate = fmt.Sprintf("NJJL%d%04d", c.quarter(q).Year, len(c.managers)+1)
			c.managers = append(c.managers, m)
		}
	}
	if q%4 == 1 {
		m := manager{no: c.personNo("JL", q, 900), person: personName(r), on: c.ends[q], trained: c.start(q), level: "初级", listed: q}
		m.noDate, m.region = true, -1
		m.certificate = fmt.Sprintf("NJJL%d%04d", c.quarter(q).Year, len(c.managers)+1)
		c.managers = append(c.managers, m)
	}
}

func (c *city) managerDistrict(r *rng) (int, string) {
	switch k := r.n(100); {
	case k < 8:
		return -1, ""
	case k < 12:
		return -1, "市属"
	}
	region := draw(r, []int{10, 8, 9, 10, 8, 9, 10, 14, 4, 3, 2, 13})
	return region, writeDistrict(r, region, r.chance(200))
}

// writeDistrict is one of the words a list uses for a district: its name, its short
// name or a development zone inside it.
func writeDistrict(r *rng, region int, park bool) string {
	d := districts()[region]
	switch {
	case park && d.Park != "":
		return pick(r, []string{d.Park, d.ParkFull})
	case r.chance(120) && region != jiangbei:
		return d.Short
	}
	return d.Name
}
