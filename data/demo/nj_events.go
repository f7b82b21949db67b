package demo

import (
	"fmt"
	"slices"
)

// convert makes the events of Nanjing's two documents on transferring results beside persons, agreements and money:
// institutions, funds, licences, libraries, and the office's own ledgers. Each topic has a stream of its own.
func (c *city) convert() {
	last := len(c.ends) - 1
	for q := range c.ends {
		if q == last || q > last-2*watched && c.quarter(q).N == 4 {
			c.filesPerTopic = append(c.filesPerTopic, q)
		}
	}
	c.reformUniversities()
	c.openCentres()
	c.listLarge()
	c.institute()
	c.raiseFunds()
	c.licensePatents()
	c.distribute()
	c.empower()
	c.stockLibraries()
	c.incubate()
	c.recommend()
	c.spinOff()
	c.keepLedgers()
	c.sellFromUniversities()
	c.sellToDeputies()
	c.adoptGuideline()
}

// enter puts an entry into a ledger; next is the number of the one to come.
func (c *city) enter(ledger string, e entry) { c.ledgers[ledger] = append(c.ledgers[ledger], e) }

func (c *city) next(ledger string) int { return len(c.ledgers[ledger]) + 1 }

// handedIn is the quarter whose file carries an event of a day.
func (c *city) handedIn(on day) int {
	at := c.quarterOf(on)
	for _, q := range c.filesPerTopic {
		if at <= q {
			return q
		}
	}
	return len(c.ends) - 1
}

// ended reports whether a day lies in the time the demo tells of.
func (c *city) ended(on day) bool { return on <= c.ends[len(c.ends)-1] }

// dayIn is a day of a calendar month, a little after its first.
func dayIn(r *rng, year, month int) day { return calendar(year, month, 1) + day(r.n(20)) }

// once is start plus up to span days, or 0 when it does not happen in our time.
func (c *city) once(r *rng, perMille int, start day, span int) day {
	on := start + day(r.n(span))
	if !r.chance(perMille) || !c.ended(on) {
		return 0
	}
	return on
}

// What followed on the listing of a university, which is when it brought something in, and on that of a street.
const reformed, disclosed, zoneFrom, zoneTo = 0, 1, 2, 3
const opened, closed = 0, 1

func (c *city) reformUniversities() {
	r := stream(c.seed, "universities' measures")
	start := dayIn(r, 2022, 10)
	for i, s := range c.schoolsBy(true, university) {
		u := entry{no: s.Code, name: s.Name, on: dayIn(r, 2022, 1)}
		if i == 3 {
			u.on = dayIn(r, 2024, 9)
		}
		u.later[reformed] = c.once(r, 620, start, 1400)
		u.later[disclosed] = c.once(r, 800, start+400, 1100)
		u.later[zoneFrom] = c.once(r, 850, start, 1300)
		if u.later[zoneFrom] > 0 && r.chance(100) {
			u.later[zoneTo] = c.once(r, 1000, u.later[zoneFrom]+90, 300)
		}
		if c.ended(u.on) {
			c.enter("university_measure", u)
		}
	}
}

// openCentres lists the streets and towns, and when each one's enterprise service centre opened and closed.
func (c *city) openCentres() {
	r := stream(c.seed, "service centres")
	start := dayIn(r, 2021, 6)
	for region, n := range []int{7, 12, 6, 13, 9, 9, 6, 10, 9, 7, 7, 7} {
		d := districts()[region]
		for i := range n {
			s := entry{no: fmt.Sprintf("%s%03d", d.Code, i+1), region: region, district: d.Name, on: dayIn(r, 2021, 1)}
			s.name = d.Short + "示例" + pick(r, []string{"东", "西", "南", "北", "中"}) + fmt.Sprint(i+1) + pick(r, []string{"街道", "街道", "镇"})
			s.later[opened] = c.once(r, 780+10*(region%4), start, 1900)
			if s.later[opened] > 0 && r.chance(60) {
				s.later[closed] = c.once(r, 1000, s.later[opened]+200, 500)
			}
			c.enter("service_centre", s)
		}
	}
}

// around are the firms of a quarter that something may happen to.
func (c *city) around(q int) []int32 {
	return slices.Concat(c.employers[q].recognised, c.employers[q].ordinary)
}

// listLarge is the statistics bureau's list of each year: most stay, a few come and go.
func (c *city) listLarge() {
	r := stream(c.seed, "large industry")
	on := map[int32]bool{}
	var list []int32
	for q := range c.ends {
		year := c.quarter(q).Year
		if q > 0 && c.quarter(q-1).Year == year {
			continue
		}
		list = slices.DeleteFunc(list, func(e int32) bool {
			on[e] = c.at(e, q).active() && !r.chance(50)
			return !on[e]
		})
		pool := c.around(q)
		for range 4 * c.scaled(1200, 6) {
			if len(pool) == 0 || len(list) >= c.scaled(1200+40*(year-2022), 6) {
				break
			}
			if e := pick(r, pool); !on[e] {
				on[e] = true
				list = append(list, e)
			}
		}
		for _, e := range list {
			c.bears[e] = true
			region := c.at(e, q).region
			c.enter("large_industry", entry{n: year, at: mention{firm: e, name: c.name(e, q), code: c.code(e)}, on: c.ends[q],
				region: region, district: writeDistrict(r, region, false)})
		}
	}
}

// institute files the R&D institutions of enterprises on the list and of a few others, and when some were revoked.
func (c *city) institute() {
	const ledger = "rd_institution"
	r := stream(c.seed, "R&D institutions")
	seen := map[int32]bool{}
	file := func(at mention, filed day) *day {
		c.enter(ledger, entry{no: fmt.Sprintf("YFJG%05d", c.next(ledger)), at: at, on: filed})
		return &c.ledgers[ledger][len(c.ledgers[ledger])-1].later[0]
	}
	for _, l := range c.ledgers["large_industry"] {
		e, q := l.at.firm, c.quarterOf(l.on)
		if seen[e] {
			continue
		}
		seen[e] = true
		filed := dayIn(r, 2017, 1) + day(r.n(2000))
		if r.chance(450) {
			filed = dayIn(r, 2022, 9) + day(r.n(1900))
		}
		filed = max(filed, c.firms[e].established+60)
		if !c.ended(filed) {
			continue
		}
		at := c.mentionOf(r, e, q)
		revoked := file(at, filed)
		if r.chance(60) {
			*revoked = c.once(r, 1000, filed+300, 900)
			if off := *revoked; off > 0 && r.chance(500) && c.ended(off+200) {
				file(at, off+day(r.n(200)))
			}
		} else if r.chance(80) && c.ended(filed+100) { // a second one beside it
			file(at, filed+day(r.n(100)))
		}
		if r.chance(20) {
			file(c.stranger(r, q), filed)
		}
	}
}

const (
	fundSoftware = "软件和信息服务业专项基金"
	fundPower    = "新型电力产业专项基金"
	fundFuture   = "未来产业天使基金"
	fundNetwork  = "紫金山未来网络天使基金"
	fundConcept  = "概念验证基金"
	fundPool     = "科技成果转化资金池"
	fundSME      = "国家中小企业发展基金子基金"
	fundGuided   = "政府投资基金"
)

const yi = 10_000_000_000 // 亿元 in fen

// raiseFunds sets up the funds, with what is committed and paid in, and what each invests; of the four named first, one is
// still missing.
func (c *city) raiseFunds() {
	r := stream(c.seed, "funds")
	for i, f := range stories().Funds {
		if on := dayIn(r, f.Year, f.Month); c.ended(on) {
			c.enter("industry_fund", entry{no: fmt.Sprintf("JJ%04d", i+1), name: fmt.Sprintf("南京示例%s（%d号）", f.Kind, i+1), kind: f.Kind,
				on: on, fen: f.Committed * yi, fen2: f.Paid * yi})
		}
	}
	const ledger = "fund_investment"
	for q := range c.ends {
		if len(c.employers[q].recognised) == 0 {
			continue
		}
		for _, f := range c.ledgers["industry_fund"] {
			for range r.n(4) {
				v := entry{host: f.no, kind: f.kind, on: c.within(r, q), fen: int64(r.between(300, 3000)) * wan}
				v.yes = [2]bool{r.n(3) < 2, r.n(4) == 3} // with a university; a model
				if v.on <= f.on {
					continue
				}
				v.no = fmt.Sprintf("TZ%05d", c.next(ledger))
				v.at, v.region, v.district = c.party(r, q)
				v.name = tradeWord(r) + "产业化项目"
				c.enter(ledger, v)
			}
		}
	}
}

const declaration, licence = "开放许可声明", "许可合同备案"

// licensePatents declares open licences of patents, and files the licences under them with their fees.
func (c *city) licensePatents() {
	const ledger = "open_licence"
	r := stream(c.seed, "open licences")
	schools := c.schoolsBy(true, university)
	for q := range c.ends {
		for range r.between(2, 5+q/3) {
			l := entry{no: fmt.Sprintf("KF%05d", c.next(ledger)), kind: declaration, fen: -1}
			l.host, l.on = pick(r, schools).Name, c.within(r, q)
			l.name = fmt.Sprintf("ZL%d1%07d.%d", r.between(2014, 2021), r.n(10_000_000), r.n(10))
			c.enter(ledger, l)
			for range r.n(3) {
				taken := l
				taken.on += day(r.n(200))
				taken.no, taken.kind = fmt.Sprintf("KF%05d", c.next(ledger)), licence
				taken.at.name = "南京示例" + tradeWord(r) + "有限公司"
				if taken.fen = 0; r.chance(600) {
					taken.fen = int64(r.between(1, 60)) * 100_000 // 千元
				}
				if c.ended(taken.on) {
					c.enter(ledger, taken)
				}
			}
		}
	}
}

// distribute shares out income, here or elsewhere: from 2024 on nearly always four fifths and more to the inventors.
func (c *city) distribute() {
	const ledger = "conversion_income"
	r := stream(c.seed, "conversion income")
	schools := c.schoolsBy(true, university)
	for q := range c.ends {
		least := 72
		if c.quarter(q).Year >= 2024 {
			least = 79
		}
		for range r.between(2, 6) {
			v := entry{no: fmt.Sprintf("SY%05d", c.next(ledger)), host: pick(r, schools).Name, name: tradeWord(r) + "成果"}
			v.on, v.yes[0] = c.within(r, q), r.chance(780)
			v.fen = int64(r.between(50, 5000)) * wan
			v.fen2 = v.fen / 100 * int64(r.between(least, 92))
			c.enter(ledger, v)
		}
	}
}

// empower hands results to inventors for years, or for good. One term agreed in 2025 is too short.
func (c *city) empower() {
	const ledger = "empowerment"
	r := stream(c.seed, "empowerment")
	schools := c.schoolsBy(true, university)
	hand := func(on day, years int) {
		if !c.ended(on) {
			return
		}
		e := entry{no: fmt.Sprintf("FQ%04d", c.next(ledger)), host: pick(r, schools).Name, name: tradeWord(r) + "成果", on: on}
		if e.kind, e.m = "长期使用权", years; years == 0 {
			e.kind, e.m = "所有权", -1
		}
		c.enter(ledger, e)
	}
	for year := 2022; year <= c.quarter(len(c.ends)-1).Year; year++ {
		for month := 1; month <= 10; month += 3 {
			for range r.between(1, 4) {
				years := r.between(10, 20)
				if r.chance(400) {
					years = 0
				}
				hand(dayIn(r, year, month)+day(r.n(60)), years)
			}
		}
	}
	hand(dayIn(r, 2025, 11), 8)
}

// stockLibraries enters results and demands; some are taken out again.
func (c *city) stockLibraries() {
	const ledger = "technology_library"
	r := stream(c.seed, "libraries")
	schools := c.schoolsBy(true, university)
	for q := range c.ends {
		for range r.between(14, 26) {
			e := entry{no: fmt.Sprintf("RK%05d", c.next(ledger))}
			e.kind, e.on = pick(r, []string{"科技成果", "科技成果", "高校知识产权", "企业需求", "企业需求"}), c.within(r, q)
			e.name = tradeWord(r) + pick(r, []string{"检测方法", "关键部件", "控制系统", "制备工艺"})
			if e.host = pick(r, schools).Name; e.kind == "企业需求" {
				e.host = "南京示例" + tradeWord(r) + "有限公司"
			}
			e.later[0] = c.once(r, 300, e.on+100, 500)
			c.enter(ledger, e)
		}
	}
}

// incubate lists firms that new-type institutions brought up or in.
func (c *city) incubate() {
	const ledger = "incubated_enterprise"
	r := stream(c.seed, "incubation")
	seen := map[int32]bool{}
	for q := range c.ends {
		pool := c.around(q)
		for range c.scaled(24, 2) {
			if len(pool) == 0 {
				break
			}
			e := pick(r, pool)
			if seen[e] {
				continue
			}
			seen[e] = true
			v := entry{host: "南京示例" + pick(r, brandSecond) + "产业技术研究院有限公司", at: c.mentionOf(r, e, q), kind: pick(r, []string{"孵化", "引进"}),
				on: c.within(r, q), region: c.at(e, q).region}
			v.district = writeDistrict(r, v.region, false)
			c.enter(ledger, v)
		}
		if q%5 == 2 {
			c.enter(ledger, entry{host: "南京示例查无产业技术研究院有限公司", at: c.stranger(r, q), kind: "孵化", on: c.within(r, q), region: -1})
		}
	}
	c.ledgers[ledger] = append(c.ledgers[ledger], c.nameSakes()...)
}

const asGiant = "专精特新“小巨人”企业"

// recommend puts enterprises forward in the second quarter of each year: those that work with a university, some at joint research.
func (c *city) recommend() {
	const ledger = "tier_application"
	r := stream(c.seed, "recommendations")
	for q := range c.ends {
		if c.quarter(q).N != 2 || len(c.employers[q].recognised) == 0 {
			continue
		}
		for range c.scaled(160, 5) {
			v := entry{no: fmt.Sprintf("TJ%d%04d", c.quarter(q).Year, c.next(ledger)), kind: "专精特新中小企业"}
			if r.chance(450) {
				v.kind = asGiant
			}
			v.on, v.yes[0] = c.within(r, q), r.chance(650)
			v.at, v.region, v.district = c.party(r, q)
			v.yes[1] = v.yes[0] && r.chance(350+20*q)
			c.enter(ledger, v)
		}
	}
}

// spinOff founds firms of universities, a few of which found most.
func (c *city) spinOff() {
	r := stream(c.seed, "spin-offs")
	schools := c.schoolsBy(true, university)
	for q := range c.ends {
		for range r.between(1, 6) {
			v := entry{host: schools[min(r.n(len(schools)), r.n(len(schools)))].Name}
			v.at.name = fmt.Sprintf("南京示例%s科创%d有限公司", tradeWord(r), c.next("university_spinoff"))
			v.on, v.district = c.within(r, q), districts()[r.n(len(districts()))].Name
			c.enter("university_spinoff", v)
		}
	}
}
