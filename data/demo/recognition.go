package demo

// recognition is one row of an announced list that counts: the enterprise is
// resolvable and nothing in the row is wrong.
type recognition struct {
	firm     int32
	tier     tier
	on, to   day  // both inclusive
	explicit bool // the end differs from three years, so the list must state it
	recheck  bool
	listed   int // quarter whose list carries the row, -1 for the lists from before the first export
}

func (rec recognition) valid(d day) bool { return rec.on <= d && d <= rec.to }

// awarding simulates who is recognised when. until holds, per firm and tier, the
// last day of the latest recognition.
type awarding struct {
	*city
	r       *rng
	pool    []int32
	until   map[int32][tierCount]day
	overdue []recognition // re-checks that come a quarter late
	cursor  int           // firms of the pool before it have had their turn
}

// recognise lets recognitions expire, be re-checked and be given so that the stocks
// of the plan are met at each quarter end.
func (c *city) recognise() {
	a := &awarding{city: c, r: stream(c.seed, "recognitions"), pool: c.candidates(), until: map[int32][tierCount]day{}}
	a.history()
	for q := range c.ends {
		a.recheck(q)
		p := planned(c.quarter(q))
		for t := range tierCount {
			t = tierCount - 1 - t // the highest first: lower stocks contain them
			if p.Stock[t] == 0 {
				continue
			}
			least := []int{40, 12, 4, 2}[t]
			a.fill(q, t, c.scaled(p.Stock[t], least)-a.stock(q, t))
		}
	}
	for i, rec := range c.recognitions {
		c.byFirm[rec.firm] = append(c.byFirm[rec.firm], int32(i))
		c.bears[rec.firm] = true
	}
}

func (a *awarding) give(rec recognition) {
	u := a.until[rec.firm]
	u[rec.tier] = max(u[rec.tier], rec.to)
	a.until[rec.firm] = u
	a.recognitions = append(a.recognitions, rec)
}

// history is what had been announced before the first quarter: lists of past years,
// some of it expired before the first export.
func (a *awarding) history() {
	batches := []struct {
		tier  tier
		ago   day // before the first day of the first quarter
		count int
	}{
		{specialised, 1140, 34}, {specialised, 930, 70}, {specialised, 610, 110}, {specialised, 250, 120}, {specialised, 60, 30},
		{littleGiant, 1110, 6}, {littleGiant, 590, 28}, {littleGiant, 340, 40},
		{champion, 1170, 3}, {champion, 560, 5}, {champion, 220, 6},
	}
	for _, b := range batches {
		on := a.start(0) - b.ago
		if on.leap() {
			on++
		}
		given := 0
		for _, e := range a.pool[min(a.cursor, len(a.pool)):] {
			if given == a.scaled(b.count, 1) {
				break
			}
			a.cursor++
			if a.settled(e, 0) && a.firms[e].established+365 <= on {
				a.give(recognition{firm: e, tier: b.tier, on: on, to: on.threeYears(), listed: -1})
				given++
			}
		}
	}
}

// recheck renews most of what expires in quarter q: in time, a quarter late or never.
func (a *awarding) recheck(q int) {
	for _, rec := range a.overdue {
		if a.settled(rec.firm, q) && a.at(rec.firm, q).active() {
			rec.on = a.start(q) + day(a.r.between(10, 70))
			a.renew(rec, q)
		}
	}
	a.overdue = a.overdue[:0]
	for _, rec := range a.recognitions[:len(a.recognitions)] {
		if rec.to < a.start(q) || rec.to > a.ends[q] || !a.at(rec.firm, q).active() {
			continue
		}
		switch k := a.r.n(100); {
		case k < 72 && a.settled(rec.firm, q):
			rec.on = min(a.ends[q], max(a.start(q), rec.to+1-day(a.r.n(20))))
			a.renew(rec, q)
		case k < 88:
			a.overdue = append(a.overdue, rec)
		}
	}
}

func (a *awarding) renew(rec recognition, q int) {
	if rec.on.leap() {
		rec.on--
	}
	rec.to, rec.recheck, rec.listed, rec.explicit = rec.on.threeYears(), true, q, false
	a.give(rec)
}

// stock counts the active firms whose recognition at a tier, or one that contains
// it, is valid at the end of quarter q.
func (a *awarding) stock(q int, t tier) int {
	n := 0
	for e, until := range a.until {
		if holds(until, t, a.ends[q]) && a.at(e, q).active() {
			n++
		}
	}
	return n
}

// holds applies the nesting: a little giant is also specialised, and both innovative.
func holds(until [tierCount]day, t tier, d day) bool {
	if t == champion {
		return until[champion] >= d
	}
	for above := t; above < champion; above++ {
		if until[above] >= d {
			return true
		}
	}
	return false
}

// fill gives n recognitions of a tier in quarter q: to firms one tier below as far
// as there are any, then to newcomers.
func (a *awarding) fill(q int, t tier, n int) {
	if n <= 0 {
		return
	}
	on := a.announced(q, t)
	taken := 0
	try := func(e int32) bool {
		until := a.until[e]
		steady := a.settled(e, q) && a.at(e, q).active() && a.firms[e].established+365 <= on
		if !steady || holds(until, t, a.start(q)) || until[t] >= a.start(q) {
			return taken < n
		}
		a.award(q, t, e, on+day(a.r.n(3)))
		taken++
		return taken < n
	}
	if t == specialised || t == littleGiant {
		share := n * 7 / 10
		if t == littleGiant {
			share = n
		}
		for _, e := range a.pool[:a.cursor] {
			if taken >= share {
				break
			}
			if a.until[e][t-1] >= on && !try(e) {
				return
			}
		}
	}
	if t == champion { // champions are found among all, not by tier
		for i := a.r.n(40); i < len(a.pool); i += 1 + a.r.n(12) {
			if tradeAt(a.nameNumber(a.pool[i], 0)).Industry == "制造业" && !try(a.pool[i]) {
				return
			}
		}
	}
	for ; a.cursor < len(a.pool); a.cursor++ {
		if !try(a.pool[a.cursor]) {
			a.cursor++
			return
		}
	}
	for _, e := range a.pool { // a small city runs out of newcomers: those whose recognition lapsed come back
		if !try(e) {
			return
		}
	}
}

// announced is the day a quarter's list of a tier is dated.
func (a *awarding) announced(q int, t tier) day {
	on := a.start(q) + day([]int{38, 52, 45, 66}[t]+a.r.n(20))
	if on.leap() {
		on++
	}
	return on
}

func (a *awarding) award(q int, t tier, e int32, on day) {
	if on.leap() {
		on++
	}
	rec := recognition{firm: e, tier: t, on: on, to: on.threeYears(), listed: q}
	if t >= littleGiant && a.r.chance(120) {
		rec.to, rec.explicit = rec.to-day(a.r.between(1, 40)), true
	}
	if t < littleGiant && q+1 < len(a.ends) && a.r.chance(15) {
		rec.listed = q + 1 // the row was forgotten and comes with the next list
	}
	a.give(rec)
}

// recognised reports whether a firm holds a valid specialised or little-giant
// recognition on a day.
func (c *city) recognised(e int32, d day) bool {
	for _, i := range c.byFirm[e] {
		if rec := c.recognitions[i]; (rec.tier == specialised || rec.tier == littleGiant) && rec.valid(d) {
			return true
		}
	}
	return false
}

// employers are the firms of a quarter by how they stand in it, each of them settled.
type employers struct {
	recognised []int32 // specialised or little giant at some time of the quarter, active
	lapsed     []int32 // active, but the last such recognition ended half a year ago or earlier
	revoked    []int32 // revoked two exports ago or earlier
	ordinary   []int32 // active, never specialised or little giant
}

func (c *city) findEmployers() {
	c.employers = make([]employers, len(c.ends))
	pool := c.candidates()
	for q := range c.ends {
		for _, e := range pool[:min(len(pool), 30000)] {
			if c.settled(e, q) {
				c.employers[q].sort(c, e, q)
			}
		}
	}
}

func (m *employers) sort(c *city, e int32, q int) {
	s := c.at(e, q)
	if s.status == revoked && int(c.firms[e].ends) <= q-2 {
		m.revoked = append(m.revoked, e)
	}
	if !s.active() {
		return
	}
	var ever, now, recent bool
	for _, i := range c.byFirm[e] {
		rec := c.recognitions[i]
		if rec.tier != specialised && rec.tier != littleGiant {
			continue
		}
		ever = true
		now = now || rec.on <= c.ends[q] && rec.to >= c.start(q)
		recent = recent || rec.to >= c.start(q)-183
	}
	switch {
	case now:
		m.recognised = append(m.recognised, e)
	case ever && !recent:
		m.lapsed = append(m.lapsed, e)
	case !ever && len(m.ordinary) < 4000:
		m.ordinary = append(m.ordinary, e)
	}
}
