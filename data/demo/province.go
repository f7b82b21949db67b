package demo

import (
	"fmt"
	"strings"

	"citykpi/pipeline/kpi"
)

// provinceCode is 黑龙江, whose departments report the “千校万企” plan. What happens
// there is as large as the plan asks, whatever the size of the city.
const provinceCode = "230000"

// prefecture is one of its thirteen 市地.
type prefecture struct {
	code, name, short string
	firms             int // share of the firms that take part, in thousandths
}

var prefectures = [13]prefecture{
	{"230100", "哈尔滨市", "哈尔滨", 420}, {"230200", "齐齐哈尔市", "齐齐哈尔", 110}, {"230300", "鸡西市", "鸡西", 30},
	{"230400", "鹤岗市", "鹤岗", 20}, {"230500", "双鸭山市", "双鸭山", 22}, {"230600", "大庆市", "大庆", 150},
	{"230700", "伊春市", "伊春", 18}, {"230800", "佳木斯市", "佳木斯", 60}, {"230900", "七台河市", "七台河", 20},
	{"231000", "牡丹江市", "牡丹江", 80}, {"231100", "黑河市", "黑河", 20}, {"231200", "绥化市", "绥化", 42},
	{"232700", "大兴安岭地区", "大兴安岭", 8},
}

// provinceSchools are universities of the province, by their prefecture.
var provinceSchools = []struct {
	name   string
	region int
}{
	{"哈尔滨工业大学", 0}, {"哈尔滨工程大学", 0}, {"东北林业大学", 0}, {"东北农业大学", 0}, {"黑龙江大学", 0}, {"哈尔滨理工大学", 0},
	{"哈尔滨医科大学", 0}, {"黑龙江中医药大学", 0}, {"哈尔滨商业大学", 0}, {"哈尔滨师范大学", 0}, {"黑龙江科技大学", 0}, {"黑龙江工程学院", 0},
	{"东北石油大学", 5}, {"黑龙江八一农垦大学", 5}, {"齐齐哈尔大学", 1}, {"佳木斯大学", 7}, {"牡丹江师范学院", 9}, {"绥化学院", 11}, {"黑河学院", 10}, {"大庆师范学院", 5},
}

// entry is a line of one of the province's ledgers. Which fields say something
// depends on the ledger; see province_ledger.go for what becomes of them.
type entry struct {
	no, name, kind string
	school         int // index of provinceSchools
	firm           int // index of province.firms, -1: none
	firmName, code string
	region         int    // prefecture, -1: the province as a whole
	on, due        day    // when it happened; when it was to happen
	later          [3]day // what followed, 0: never
	n, m           int
	fen, fen2      int64
	spoiled        bool // its date does not exist: the row is rejected
}

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

// projectPlan is how many achievements become products in a quarter.
var projectPlan = map[kpi.Quarter]int{
	{Year: 2022, N: 3}: 5, {Year: 2022, N: 4}: 7,
	{Year: 2023, N: 1}: 19, {Year: 2023, N: 2}: 25, {Year: 2023, N: 3}: 28, {Year: 2023, N: 4}: 40,
	{Year: 2024, N: 1}: 27, {Year: 2024, N: 2}: 38, {Year: 2024, N: 3}: 38, {Year: 2024, N: 4}: 50,
	{Year: 2025, N: 1}: 32, {Year: 2025, N: 2}: 42, {Year: 2025, N: 3}: 42, {Year: 2025, N: 4}: 55,
	{Year: 2026, N: 1}: 36, {Year: 2026, N: 2}: 46, {Year: 2026, N: 3}: 48,
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
	weights := make([]int, len(prefectures))
	for i, f := range prefectures {
		weights[i] = f.firms
	}
	seen := map[string]bool{}
	for len(p.firms) < 900 {
		region := draw(r, weights)
		brand, word := pick(r, brandFirst)+pick(r, brandSecond), trades[r.n(20)].word
		name := prefectures[region].short + brand + word + "有限公司"
		switch r.n(3) {
		case 0:
			name = brand + "（" + prefectures[region].short + "）" + word + "有限公司"
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
		p.firms = append(p.firms, provinceFirm{name, creditCode("91" + prefectures[region].code + orgCode(string(body))), region})
	}
}

// of puts a firm into an entry: with its code, or by its name alone, the brackets
// of which are not always the full ones.
func (p *province) of(r *rng, firm int, e entry) entry {
	f := p.firms[firm]
	e.firm, e.firmName, e.code, e.region = firm, f.name, f.code, f.region
	if r.chance(200) {
		e.code = ""
	}
	if r.chance(300) {
		e.firmName = strings.NewReplacer("（", "(", "）", ")").Replace(e.firmName)
	}
	return e
}

// industrialise turns achievements into products, brings the money and, each year, what they earn.
func (p *province) industrialise() {
	r := p.random("projects")
	for q := range p.ends {
		n, ok := projectPlan[p.quarter(q)]
		if !ok {
			n = 30
		}
		for i := range n {
			e := p.of(r, r.n(600), entry{no: fmt.Sprintf("CY%d%02d%03d", p.quarter(q).Year, p.quarter(q).N, i+1), school: r.n(len(provinceSchools)),
				kind: []string{"four", "five", "six", "seven", "none", ""}[draw(r, []int{30, 30, 24, 11, 2, 3})],
				name: pick(r, trades[:20]).word + pick(r, []string{"关键部件", "新工艺", "成套装备", "检测系统", "中试线"}), on: p.within(r, q)})
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
		e := entry{no: fmt.Sprintf("%s-%d", project.no, i+1), name: project.no, on: max(on, p.start(0)), fen: int64(r.between(8000, 28000)) * 10_000,
			kind: pick(r, []string{"企业自筹", "银行贷款", "产业基金", "财政资金"})}
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
		e.code = p.firms[firm].code // this list names every code
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
		school := r.n(len(provinceSchools))
		e := p.of(r, firm, entry{school: school, on: dayOf(kpi.Date{Year: 2018, Month: 3, Day: 1}) + day(r.n(2900)), kind: pick(r, []string{"科研人员", "在校学生", "毕业生"})})
		e.code, e.region = p.firms[firm].code, p.firms[firm].region
		p.add("university_incubation", e)
	}
	for year := p.first.Year; year <= p.last().date().Year; year++ {
		number := 0
		for firm := 600; firm < 750; firm++ {
			for on := dayOf(kpi.Date{Year: year, Month: 4, Day: 1}) + day(r.n(200)); r.chance(600) && on <= dayOf(kpi.YearEnd(year)); on += day(20 + r.n(60)) {
				number++
				e := p.of(r, firm, entry{no: fmt.Sprintf("%d2301%02d%06d", year, p.firms[firm].region+1, number), on: on})
				e.code = p.firms[firm].code
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
