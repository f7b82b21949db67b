package demo

import (
	"fmt"
	"slices"
	"time"

	"citykpi/pipeline/kpi"
)

func calendar(year, month, d int) day {
	return dayOf(kpi.Date{Year: year, Month: time.Month(month), Day: d})
}

// recognisePlatforms writes the register of platforms: those of the city as planned,
// and from 2025 on those of the parks. A few are withdrawn, a few rise to a higher level.
func (c *city) recognisePlatforms() {
	r := stream(c.seed, "platforms")
	universities := c.schoolsBy(true, university)
	number := 0
	add := func(p platform) platform {
		number++
		p.no = fmt.Sprintf("PT%05d", number)
		p.name = fmt.Sprintf("南京示例%s%d", p.name, number)
		c.parks.platforms = append(c.parks.platforms, p)
		return p
	}
	for _, k := range stories().Platforms {
		for range k.Before {
			at := r.n(len(districts()))
			add(platform{kind: k.Kind, name: k.Words, level: "市级", park: -1, district: at, on: c.start(0) - day(30+r.n(900))})
		}
		for q := range c.ends {
			year := c.quarter(q).Year - 2022
			if year < 0 || year >= len(k.Yearly) {
				continue
			}
			for n := range k.Yearly[year] {
				at := 1 + n%4
				if year == 0 || k.Kind == "integrated" || k.Kind == "training_centre" || k.Kind == "vocational_group" {
					at = 4 - n%2
				}
				if c.quarter(q).Year == 2026 {
					at = 1 + n%3
				}
				if c.quarter(q).N == at {
					in := r.n(len(districts())+1) - 1
					add(platform{kind: k.Kind, name: k.Words, level: "市级", park: -1, district: in, on: c.within(r, q), listed: q})
				}
			}
		}
	}
	for q := range c.ends {
		if c.quarter(q).Year < 2025 || c.quarter(q).Year > 2027 {
			continue
		}
		for n := range 8 { // the pilots' first, then the trials'
			k := stories().ParkPlatforms[(q*5+n*2)%len(stories().ParkPlatforms)]
			p := r.n(4)
			if n > 1 {
				p = 4 + r.n(len(c.parks.list)-4)
			}
			add(platform{kind: k.Kind, name: k.Words, level: []string{"省级", "省级", "市级"}[(q+n)%3], school: pick(r, universities), park: p,
				district: c.parks.list[p].District, on: c.within(r, q), listed: q})
		}
	}
	c.changePlatforms(r)
}

// changePlatforms withdraws some and raises some: later rows of the same register.
func (c *city) changePlatforms(r *rng) {
	last := len(c.ends) - 1
	closed := false // one training centre closes after the deadline that it helped to keep
	for _, p := range c.parks.platforms {
		if q := c.quarterAt(kpi.Quarter{Year: 2026, N: 2}); p.kind == "training_centre" && !closed && q > 0 {
			closed = true
			p.off, p.listed = c.ends[q]-20, q
			c.parks.platforms = append(c.parks.platforms, p)
		}
		from := p.listed + 2
		if from > last || p.kind == "integrated" || p.kind == "training_centre" || p.kind == "vocational_group" {
			continue
		}
		q := r.between(from, last)
		switch k := r.n(100); {
		case k < 6:
			p.off, p.listed = c.within(r, q), q
			c.parks.platforms = append(c.parks.platforms, p)
		case k < 12 && p.kind != "finance_station":
			p.on, p.level, p.listed = c.within(r, q), "国家级", q
			c.parks.platforms = append(c.parks.platforms, p)
		}
	}
	if last > 2 {
		c.parks.platforms = append(c.parks.platforms, platform{no: "PT99001", name: "南京示例中试基地（缺日期）", kind: "pilot_base",
			level: "市级", park: -1, district: 4, on: c.ends[2] - 20, listed: 2, spoiled: true})
	}
}

// quarterAt is the place of a quarter among the demo's, -1 where it is none of them.
func (c *city) quarterAt(at kpi.Quarter) int { return slices.Index(c.ends, dayOf(at.End())) }

// report writes a quarter of the office's ledgers: no dispatch meeting is held in
// 2026Q2, and no exchange in the first half of 2026.
func (c *city) report(q int) {
	r := stream(c.seed, fmt.Sprint("double-high ledgers ", q))
	k := q - c.parks.begins
	number := 0
	note := func(d entry) {
		number++
		d.no = fmt.Sprintf("SG%s%03d", c.quarter(q), number)
		c.enter("deeds", d)
	}
	for _, a := range stories().Activities {
		if a.ID == "NJSG-036" && k == 2 || a.ID == "NJSG-042" && (k == 1 || k == 2) {
			continue
		}
		for n := range a.Each {
			d := entry{id: a.ID, name: fmt.Sprintf("%s（%d）", a.Name, n+1), kind: a.Kind, on: c.within(r, q), m: -1, fen: -1}
			if a.Signed > 0 {
				d.m = r.n(a.Signed + 1)
			}
			if a.Wan > 0 {
				d.fen = int64(a.Wan+r.n(200)) * 1_000_000
			}
			note(d)
		}
	}
	if k == 2 {
		note(entry{id: "NJSG-040", name: "园区引导基金首期认缴", kind: "基金", on: c.within(r, q), m: -1, fen: 300_000_000_00})
		note(entry{id: "NJSG-023", name: "新赛道对接活动（日期待补）", kind: "对接活动", on: c.ends[q], m: -1, fen: -1, spoiled: true})
	}
	for _, m := range stories().Stages {
		if m.Quarter == k {
			c.enter("stages", entry{id: m.ID, kind: m.Words, n: m.Reached, name: m.Evidence, on: c.within(r, q)})
		}
	}
}
