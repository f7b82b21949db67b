package demo

import (
	"fmt"
	"strings"

	"citykpi/pipeline/kpi"
)

// provinceCode is 黑龙江, whose departments report the “千校万企” plan. What happens
// there is as large as the plan asks, whatever the size of the city.
const provinceCode = "230000"

func anySchool(r *rng) int { return r.n(len(stories().ProvinceSchools)) }

// provinceFirm is a firm that takes part.
type provinceFirm struct {
	name, code string
	region     int
}

// province is what happened in 黑龙江: its ledgers by source. It is built once.
type province struct {
	*city
	firms   []provinceFirm
	starts  day // first day of the plan
	entries map[string][]entry

	unlisted []entry // statistics that were owed by units their quarter's list leaves out
}

func (c *city) buildProvince() *province {
	p := &province{city: c, starts: dayOf(kpi.Date{Year: 2023, Month: 1, Day: 1}), entries: map[string][]entry{}}
	p.found()
	p.industrialise()
	p.certifyHighTech()
	p.incubate()
	p.cooperate()
	p.exchange()
	p.report()
	p.hold()
	p.advance()
	for source, list := range p.entries { // a few dates are written that no calendar has
		r := stream(p.seed, "heilongjiang spoiled "+source)
		for i := range list {
			list[i].spoiled = provinceSpoils[source] && i > 0 && r.chance(6)
		}
	}
	return p
}

// provinceSpoils are the ledgers typed by hand.
var provinceSpoils = map[string]bool{"industrialisation_project": true, "technology_cooperation": true, "exchange_person": true,
	"cooperation_activity": true, "open_licence_statement": true, "subsidy_use": true}

func (p *province) random(topic string) *rng { return stream(p.seed, "heilongjiang "+topic) }

func (p *province) last() day { return p.ends[len(p.ends)-1] }

// add enters what lies within the time the city is watched.
func (p *province) add(source string, e entry) {
	if e.on <= p.last() {
		p.entries[source] = append(p.entries[source], e)
	}
}

// found makes up the firms: names of their own, codes with real check characters.
func (p *province) found() {
	r := p.random("firms")
	weights := make([]int, len(stories().Prefectures))
	for i, f := range stories().Prefectures {
		weights[i] = f.Firms
	}
	seen := map[string]bool{}
	for len(p.firms) < 900 {
		region := draw(r, weights)
		brand, word := pick(r, brandFirst)+pick(r, brandSecond), stories().Trades[r.n(20)].Word
		name := stories().Prefectures[region].Short + brand + word + "有限公司"
		switch r.n(3) {
		case 0:
			name = brand + "（" + stories().Prefectures[region].Short + "）" + word + "有限公司"
		case 1:
			name = "黑龙江" + brand + word + "股份有限公司"
		}
		if seen[name] {
			continue
		}
		seen[name] = true
		body := []byte("MA000000")
		for i, n := 7, len(p.firms)*977+int(p.seed%900); i >= 2; i, n = i-1, n/31 {
			body[i] = creditAlphabet[n%31]
		}
		p.firms = append(p.firms, provinceFirm{name, creditCode("91" + stories().Prefectures[region].Code + orgCode(string(body))), region})
	}
}

// of puts a firm into an entry: with its code, or by its name alone, the brackets
// of which are not always the full ones.
func (p *province) of(r *rng, firm int, e entry) entry {
	f := p.firms[firm]
	e.at, e.region = mention{firm: int32(firm), name: f.name, code: f.code}, f.region
	if r.chance(200) {
		e.at.code = ""
	}
	if r.chance(300) {
		e.at.name = strings.NewReplacer("（", "(", "）", ")").Replace(e.at.name)
	}
	return e
}

// industrialise turns achievements into products, brings the money and, each year, what they earn.
func (p *province) industrialise() {
	r := p.random("projects")
	for q := range p.ends {
		n, ok := stories().Products[p.quarter(q)]
		if !ok {
			n = 30
		}
		for i := range n {
			e := p.of(r, r.n(600), entry{no: fmt.Sprintf("CY%d%02d%03d", p.quarter(q).Year, p.quarter(q).N, i+1), school: anySchool(r),
				kind: []string{"four", "five", "six", "seven", "none", ""}[draw(r, []int{30, 30, 24, 11, 2, 3})],
				name: pick(r, stories().Trades[:20]).Word + pick(r, []string{"关键部件", "新工艺", "成套装备", "检测系统", "中试线"}), on: p.within(r, q)})
			e.fen = int64(r.between(200, 900)) * 1_000_000
			p.add("industrialisation_project", e)
			p.invest(r, e)
			p.earn(r, e)
		}
	}
}

// invest brings a project's money in parts.
func (p *province) invest(r *rng, project entry) {
	on := project.on - day(r.n(60))
	for i := range r.between(1, 4) {
		e := entry{no: fmt.Sprintf("%s-%d", project.no, i+1), name: project.no, on: max(on, p.start(0)),
			fen: int64(r.between(8000, 28000)) * 10_000, kind: pick(r, []string{"企业自筹", "银行贷款", "产业基金", "财政资金"})}
		p.add("industrialisation_investment", e)
		on += day(r.between(30, 150))
	}
}

// earn reports a project at the end of every year, from the one it began in.
func (p *province) earn(r *rng, project entry) {
	year, revenue := project.on.date().Year, int64(r.between(38_000, 285_000))
	for ; ; year++ {
		e := entry{no: project.no, n: year, on: dayOf(kpi.YearEnd(year)), fen: revenue * 1_000_000 / 100}
		if e.on > p.last() {
			return
		}
		e.fen2 = e.fen / 100 * int64(r.between(92, 118))
		p.add("industrialisation_output", e)
		revenue = revenue * int64(r.between(105, 150)) / 100
	}
}

// certifyHighTech issues certificates: to firms of long ago, again after three years,
// and to newcomers, most of whom work with a university.
func (p *province) certifyHighTech() {
	r := p.random("high tech")
	number := map[int]int{}
	issue := func(firm int, on day) {
		year := on.date().Year
		number[year]++
		e := p.of(r, firm, entry{no: fmt.Sprintf("GR%d2300%04d", year, number[year]), on: on})
		e.at.code = p.firms[firm].code // this list names every code
		p.add("high_tech_certificate", e)
	}
	order := make([]int, len(p.firms))
	for i := range order {
		order[i] = i
	}
	shuffle(r, order)
	autumn := func(year int) day { return dayOf(kpi.Date{Year: year, Month: 8, Day: 20}) + day(r.n(120)) }
	for _, firm := range order[:140] {
		for on := autumn(r.between(2019, 2022)); on <= p.last(); on = autumn(on.date().Year + 3) {
			issue(firm, on)
		}
	}
	next := 140
	for year := 2023; year <= p.last().date().Year; year++ {
		for range map[bool]int{true: 33, false: 29}[year > 2023] {
			if next < len(order) {
				issue(order[next], autumn(year))
				next++
			}
		}
	}
}

// incubate founds firms at universities; technology SMEs enter their library year by year.
func (p *province) incubate() {
	r := p.random("incubation")
	for firm := 600; firm < 690; firm++ {
		school := anySchool(r)
		e := p.of(r, firm, entry{school: school, on: calendar(2018, 3, 1) + day(r.n(2900)), kind: pick(r, []string{"科研人员", "在校学生", "毕业生"})})
		e.at.code, e.region = p.firms[firm].code, p.firms[firm].region
		p.add("university_incubation", e)
	}
	for year := p.first.Year; year <= p.last().date().Year; year++ {
		number := 0
		for firm := 600; firm < 750; firm++ {
			for on := calendar(year, 4, 1) + day(r.n(200)); r.chance(600) && on <= calendar(year, 12, 31); on += day(20 + r.n(60)) {
				number++
				e := p.of(r, firm, entry{no: fmt.Sprintf("%d2301%02d%06d", year, p.firms[firm].region+1, number), on: on})
				e.at.code = p.firms[firm].code
				if on >= p.start(0) {
					p.add("technology_sme", e)
				}
				if !r.chance(80) {
					break
				}
			}
		}
	}
}
