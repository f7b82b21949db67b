package demo

import (
	"cmp"
	"fmt"
	"slices"
)

// njFund is a fund set up with public money; amounts in fen.
type njFund struct {
	no, name, kind  string // kind in the words of the ledger
	on              day
	committed, paid int64
}

type njInvestment struct {
	no           string
	fund         int // index into funds
	at           mention
	region       int
	district     string
	project      string
	on           day
	amount       int64
	joint, model string // 是, 否
}

// njLicence is a declaration of an open licence, or a licence under one.
type njLicence struct {
	no, patent string
	holder     School
	licensee   string // "": a declaration
	on         day
	fee        int64
}

type njIncome struct {
	no, unit, achievement string
	on                    day
	local                 bool
	net, reward           int64
}

type njEmpowerment struct {
	no, unit, achievement string
	years                 int // 0: ownership, which has no term
	on                    day
}

// njEntry stands in one of the two libraries from on until left; 0: it stands.
type njEntry struct {
	no, kind, title, owner string
	on, left               day
}

type njIncubated struct {
	institution string
	at          mention
	manner      string
	on          day
	region      int
	district    string
}

type njApplication struct {
	no          string
	at          mention
	region      int
	district    string
	giant       bool
	on          day
	cooperating bool
	joint       bool
}

type njSpinoff struct {
	school School
	firm   string
	on     day
	region int
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

// raiseFunds sets up the funds: of the four named first, one is still missing.
func (c *city) raiseFunds() {
	r := stream(c.seed, "funds")
	for i, f := range []struct {
		kind            string
		year, month     int
		committed, paid int64 // in 亿
	}{
		{fundGuided, 2021, 5, 30, 18}, {fundSME, 2022, 3, 20, 12}, {fundSME, 2023, 6, 15, 6}, {fundGuided, 2023, 9, 25, 10},
		{fundPool, 2024, 10, 5, 3}, {fundSoftware, 2024, 11, 50, 15}, {fundConcept, 2025, 1, 2, 1}, {fundPower, 2025, 3, 40, 12},
		{fundFuture, 2025, 8, 20, 8}, {fundSoftware, 2025, 10, 10, 4}, {fundConcept, 2026, 2, 3, 2}, {fundNetwork, 2026, 12, 10, 3},
	} {
		if on := dayIn(r, f.year, f.month); c.ended(on) {
			c.conversion.funds = append(c.conversion.funds, njFund{no: fmt.Sprintf("JJ%04d", i+1), name: "南京示例" + f.kind + fmt.Sprintf("（%d号）", i+1),
				kind: f.kind, on: on, committed: f.committed * yi, paid: f.paid * yi})
		}
	}
	for q := range c.ends {
		if len(c.employers[q].recognised) == 0 {
			continue
		}
		for i, f := range c.conversion.funds {
			for range r.n(4) {
				v := njInvestment{fund: i, on: c.within(r, q), amount: int64(r.between(300, 3000)) * 1_000_000, joint: pick(r, []string{"是", "是", "否"}), model: pick(r, []string{"否", "否", "否", "是"})}
				if v.on <= f.on {
					continue
				}
				v.no = fmt.Sprintf("TZ%05d", len(c.conversion.investments)+1)
				v.at, v.region, v.district = c.party(r, q)
				v.project = pick(r, trades).word + "产业化项目"
				c.conversion.investments = append(c.conversion.investments, v)
			}
		}
	}
}

func (c *city) licensePatents() {
	r := stream(c.seed, "open licences")
	schools := c.schoolsBy(true, university)
	for q := range c.ends {
		for range r.between(2, 5+q/3) {
			l := njLicence{no: fmt.Sprintf("KF%05d", len(c.conversion.licences)+1), holder: pick(r, schools), on: c.within(r, q)}
			l.patent = fmt.Sprintf("ZL%d1%07d.%d", r.between(2014, 2021), r.n(10_000_000), r.n(10))
			c.conversion.licences = append(c.conversion.licences, l)
			for range r.n(3) {
				taken := l
				taken.on += day(r.n(200))
				taken.no = fmt.Sprintf("KF%05d", len(c.conversion.licences)+1)
				taken.licensee = "南京示例" + pick(r, trades).word + "有限公司"
				if taken.fee = 0; r.chance(600) {
					taken.fee = int64(r.between(1, 60)) * 100_000 // 千元
				}
				if c.ended(taken.on) {
					c.conversion.licences = append(c.conversion.licences, taken)
				}
			}
		}
	}
}

// distribute shares out income: from 2024 on nearly always four fifths and more to the inventors.
func (c *city) distribute() {
	r := stream(c.seed, "conversion income")
	schools := c.schoolsBy(true, university)
	for q := range c.ends {
		least := 72
		if c.quarter(q).Year >= 2024 {
			least = 79
		}
		for range r.between(2, 6) {
			v := njIncome{no: fmt.Sprintf("SY%05d", len(c.conversion.incomes)+1), unit: pick(r, schools).Name, achievement: pick(r, trades).word + "成果", on: c.within(r, q), local: r.chance(780)}
			v.net = int64(r.between(50, 5000)) * 1_000_000
			v.reward = v.net / 100 * int64(r.between(least, 92))
			c.conversion.incomes = append(c.conversion.incomes, v)
		}
	}
}

// empower hands results to inventors. One term agreed in 2025 is too short.
func (c *city) empower() {
	r := stream(c.seed, "empowerment")
	schools := c.schoolsBy(true, university)
	hand := func(on day, years int) {
		if c.ended(on) {
			c.conversion.empowerments = append(c.conversion.empowerments, njEmpowerment{fmt.Sprintf("FQ%04d", len(c.conversion.empowerments)+1), pick(r, schools).Name, pick(r, trades).word + "成果", years, on})
		}
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

func (c *city) stockLibraries() {
	r := stream(c.seed, "libraries")
	schools := c.schoolsBy(true, university)
	for q := range c.ends {
		for range r.between(14, 26) {
			e := njEntry{no: fmt.Sprintf("RK%05d", len(c.conversion.entries)+1), kind: pick(r, []string{"科技成果", "科技成果", "高校知识产权", "企业需求", "企业需求"}), on: c.within(r, q)}
			e.title = pick(r, trades).word + pick(r, []string{"检测方法", "关键部件", "控制系统", "制备工艺"})
			if e.owner = pick(r, schools).Name; e.kind == "企业需求" {
				e.owner = "南京示例" + pick(r, trades).word + "有限公司"
			}
			e.left = c.once(r, 300, e.on+100, 500)
			c.conversion.entries = append(c.conversion.entries, e)
		}
	}
}

func (c *city) incubate() {
	r := stream(c.seed, "incubation")
	seen := map[int32]bool{}
	for q := range c.ends {
		pool := append(append([]int32{}, c.employers[q].recognised...), c.employers[q].ordinary...)
		for range c.scaled(24, 2) {
			if len(pool) == 0 {
				break
			}
			e := pick(r, pool)
			if seen[e] {
				continue
			}
			seen[e] = true
			v := njIncubated{institution: "南京示例" + pick(r, brandSecond) + "产业技术研究院有限公司", at: c.mentionOf(r, e, q), manner: pick(r, []string{"孵化", "引进"}), on: c.within(r, q), region: c.at(e, q).region}
			v.district = writeDistrict(r, v.region, false)
			c.conversion.incubated = append(c.conversion.incubated, v)
		}
		if q%5 == 2 {
			c.conversion.incubated = append(c.conversion.incubated, njIncubated{institution: "南京示例查无产业技术研究院有限公司", at: c.stranger(r, q), manner: "孵化", on: c.within(r, q), region: -1})
		}
	}
	c.conversion.incubated = append(c.conversion.incubated, c.nameSakes()...)
}

// recommend puts enterprises forward in the second quarter of each year.
func (c *city) recommend() {
	r := stream(c.seed, "recommendations")
	for q := range c.ends {
		if c.quarter(q).N != 2 || len(c.employers[q].recognised) == 0 {
			continue
		}
		for range c.scaled(160, 5) {
			v := njApplication{no: fmt.Sprintf("TJ%d%04d", c.quarter(q).Year, len(c.conversion.applications)+1), giant: r.chance(450), on: c.within(r, q), cooperating: r.chance(650)}
			v.at, v.region, v.district = c.party(r, q)
			v.joint = v.cooperating && r.chance(350+20*q)
			c.conversion.applications = append(c.conversion.applications, v)
		}
	}
}

func (c *city) spinOff() {
	r := stream(c.seed, "spin-offs")
	schools := c.schoolsBy(true, university)
	for q := range c.ends {
		for range r.between(1, 6) {
			n := len(c.conversion.spinoffs) + 1
			c.conversion.spinoffs = append(c.conversion.spinoffs, njSpinoff{schools[min(r.n(len(schools)), r.n(len(schools)))], fmt.Sprintf("南京示例%s科创%d有限公司", pick(r, trades).word, n), c.within(r, q), r.n(len(districts))})
		}
	}
}

// sellFromUniversities registers contracts whose seller is a university of the city.
func (c *city) sellFromUniversities() {
	r := stream(c.seed, "universities' contracts")
	schools := c.schoolsBy(true, university)
	for q := range c.ends {
		for i := range c.scaled(90+2*q, 4) {
			k := contract{kind: draw(r, []int{50, 8, 6, 10, 26}), on: c.within(r, q), listed: q, region: r.n(len(districts))}
			k.no = fmt.Sprintf("%d320199%06d", c.quarter(q).Year, c.quarter(q).N*100_000+i)
			k.signed = k.on - day(r.between(2, 60))
			s := schools[min(r.n(len(schools)), r.n(len(schools)))] // a few sell most
			k.seller, k.district = mention{firm: -1, name: s.Name}, districts[k.region].name
			k.buyer, k.buyerRegion = c.outsider(r), "330106"
			if len(c.employers[q].recognised) > 0 && r.chance(600) {
				k.buyer, _, _ = c.party(r, q)
				k.buyerRegion = pick(r, []string{"320115", "320106", "320114", "320102"})
			}
			k.field = pick(r, []string{"电子信息", "先进制造", "新材料及其应用", "生物、医药和医疗器械"})
			k.project = pick(r, trades).word + "技术" + pick(r, []string{"开发", "许可", "咨询"}) + fmt.Sprintf("（校%d）", i+1)
			k.amount = skewed(r, 900_000_000)
			k.technical = k.amount / 1000 * int64(r.between(700, 1000)) / 100 * 100
			c.contracts = append(c.contracts, k)
		}
	}
}

// adoptGuideline says of each agreement whether it uses the model clauses on intellectual
// property; before 2023 nobody asked. All rows of an agreement say the same.
func (c *city) adoptGuideline() {
	for i := range c.agreements {
		a := &c.agreements[i]
		r := stream(c.seed, "guideline "+a.no)
		year := a.on.date().Year
		if year < 2023 || r.chance(250) {
			continue
		}
		if a.guideline = "否"; r.chance(min(900, 380+130*(year-2023))) {
			a.guideline = "是"
		}
	}
}

// shortestTerm is the least number of years of long-term use agreed up to a day, 0 without one.
func (v *conversion) shortestTerm(by day) int64 {
	list := slices.Clone(v.empowerments)
	slices.SortFunc(list, func(a, b njEmpowerment) int { return cmp.Compare(a.on, b.on) })
	least := 0
	for _, e := range list {
		if e.on <= by && e.years > 0 && (least == 0 || e.years < least) {
			least = e.years
		}
	}
	return int64(least)
}

// firstOf is the first fund of a kind.
func (v *conversion) firstOf(kind string) (first njFund, ok bool) {
	for _, f := range v.funds {
		if f.kind == kind && (!ok || f.on < first.on) {
			first, ok = f, true
		}
	}
	return first, ok
}
