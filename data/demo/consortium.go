package demo

import (
	"fmt"
	"slices"

	"citykpi/pipeline/kpi"
)

// 南通's consortia: six of them over the years 2022 to 2025, planned so that every
// grade, an expert's word, a missing year and two bad years in a row occur.

const ntCode = "320600"

// ntPoints is what the items of the scorecard are worth; B1 and B2 are bonus.
var ntPoints = map[string]int{
	"S01": 3, "S02": 3, "S03": 3, "S04": 3, "S05": 5, "S06": 5, "S07": 5, "S08": 5, "S09": 12, "S10": 5,
	"S11": 5, "S12": 6, "S13": 5, "S14": 5, "S15": 6, "S16": 6, "S17": 3, "S18": 5, "S19": 10, "B1": 5, "B2": 5,
}

// ntItems are the items in the order of the document.
var ntItems = []string{"S01", "S02", "S03", "S04", "S05", "S06", "S07", "S08", "S09", "S10",
	"S11", "S12", "S13", "S14", "S15", "S16", "S17", "S18", "S19", "B1", "B2"}

// ntWord is an expert's word on an item, in hundredths of a point; without a
// reason it does not count.
type ntWord struct {
	Points int
	Reason string
}

// ntYear is how a consortium's year is to go.
type ntYear struct {
	Lost  []string // items whose evidence falls short
	Bonus []string // bonus items whose evidence suffices
	Words map[string]ntWord
}

// ntPlan is what is to become of a consortium.
type ntPlan struct {
	No, Industry, Leader        string
	District                    int // by its place among 南通's
	Recognised, Revoked, Closed string
	Firms, Groups               int
	Years                       map[int]ntYear
}

// consortium is what happened to one of them; the last record wins where files repeat it.
type consortium struct {
	ntPlan
	name, company, code string
	on, gone, shut      day // recognised, struck off, company closed; 0: never
	members             []membership
	teams               []teamExpert
	committee           []membership
	reviews             map[int]day
}

// membership is a firm's or a person's time in a consortium.
type membership struct {
	of           *consortium
	no, name     string // person or firm
	leader       bool
	centre       bool
	joined, left day
	spoiled      bool // the credit code is wrong: rejected
}

type teamExpert struct {
	membership
	team, university string
	known            bool
}

// cooperation is a contract of a consortium with its one payment.
type cooperation struct {
	of                  *consortium
	no, project         string
	kind                int
	signed, filed, paid day
	amount, fee, pay    int64 // fen
}

// grant is a subsidy paid for an evaluated year.
type grant struct {
	of     *consortium
	no     string
	year   int
	on     day
	amount int64
	found  []finding
}

// consortia is 南通's part of the demo: everything up to the last quarter end,
// by whole years.
type consortia struct {
	years     []int
	all       []*consortium
	contracts []cooperation
	proofs    []proof
	grants    []grant
}

const endless = day(2932896) // 9999-12-31

// consortia builds 南通's part. It is cheap and gives the same every time.
func (c *city) consortia() *consortia {
	m := &consortia{}
	last := c.ends[len(c.ends)-1]
	for y := 2022; y <= 2025 && dayOf(kpi.YearEnd(y)) <= last; y++ {
		m.years = append(m.years, y)
	}
	if len(m.years) == 0 {
		return m
	}
	until := dayOf(kpi.YearEnd(m.years[len(m.years)-1]))
	for _, p := range stories().Consortia {
		k := &consortium{ntPlan: p, on: ntDay(p.Recognised), reviews: map[int]day{}}
		if k.on > until {
			continue
		}
		for on, plan := range map[*day]string{&k.gone: p.Revoked, &k.shut: p.Closed} {
			if plan != "" && ntDay(plan) <= until {
				*on = ntDay(plan)
			}
		}
		r := stream(c.seed, "consortium "+p.No)
		k.name = "沿江科创带" + p.Industry + "产业协同创新联合体"
		k.company = "南通" + p.Industry + "联合体示例有限公司"
		k.code = creditCode("91" + stories().NTDistricts[p.District].Code + orgCode(fmt.Sprintf("MA%06d", r.n(1_000_000))))
		m.all = append(m.all, k)
		m.staff(r, k, until)
		for _, y := range m.years {
			plan, evaluated := p.Years[y]
			if !evaluated {
				continue
			}
			k.reviews[y] = dayOf(kpi.Date{Year: y, Month: 12, Day: 10}) + day(r.n(18))
			m.cooperate(r, k, y, plan)
			m.prove(r, k, y, plan)
		}
	}
	m.subsidise(last)
	return m
}

func ntDay(s string) day {
	d, err := kpi.ParseDate(s)
	if err != nil {
		panic(err) // a date of stories or figures.yaml is none
	}
	return dayOf(d)
}

// staff gives a consortium its firms, teams and committee. The first grows past
// twenty firms; one team goes without a well-known expert for a year; one
// committee has a tenth member for some months.
func (m *consortia) staff(r *rng, k *consortium, until day) {
	office := stories().NTDistricts[k.District].Code
	firm := func(joined day) membership {
		i := len(k.members)
		return membership{of: k, no: creditCode("91" + office + orgCode(fmt.Sprintf("MA%06d", r.n(1_000_000)))),
			name:   fmt.Sprintf("南通示例%s配套%02d有限公司", k.Industry, i),
			centre: r.chance(900), joined: joined}
	}
	for i := range k.Firms {
		v := firm(k.on - day(r.n(200)))
		if v.leader = i == 0; v.leader {
			v.name, v.centre = "南通"+k.Leader+"股份有限公司", true
		}
		if i > 0 && r.chance(120) {
			if left := k.on + day(r.between(300, 1200)); left <= until {
				v.left = left
			}
		}
		k.members = append(k.members, v)
	}
	if k.No == "NTLH202101" {
		for range 9 {
			if on := ntDay("2024-05-01") + day(r.n(400)); on <= until {
				k.members = append(k.members, firm(on))
			}
		}
	}
	for t := range k.Groups {
		for e := range r.between(1, 3) {
			v := membership{of: k, no: fmt.Sprintf("ZJ%s%02d%d", k.No[4:], t, e), name: personName(r), joined: k.on - day(r.n(90))}
			of := pick(r, []string{"示例理工大学", "示例工业大学", "示例材料研究所", "示例海洋大学"})
			k.teams = append(k.teams, teamExpert{v, fmt.Sprintf("T%02d", t+1), of, e == 0})
		}
	}
	if k.No == "NTLH202103" { // a team is led by nobody known, until somebody is found
		for i, from := range []string{"2023-04-10", "2024-03-01"} {
			if on := ntDay(from); on <= until {
				v := membership{of: k, no: fmt.Sprintf("ZJ21039%d", i), name: personName(r), joined: on}
				k.teams = append(k.teams, teamExpert{v, "T90", "示例理工大学", i > 0})
			}
		}
	}
	sit := func(i int, name string, joined, left day) {
		v := membership{of: k, no: fmt.Sprintf("WY%s%02d", k.No[4:], i), name: name, joined: joined, left: left}
		k.committee = append(k.committee, v)
	}
	for i := range r.between(7, 9) {
		sit(i, personName(r), k.on+day(r.n(30)), 0)
	}
	if on, off := ntDay("2024-02-01"), ntDay("2024-08-20"); k.No == "NTLH202102" && off <= until {
		for i := len(k.committee); i < 10; i++ {
			sit(i, personName(r), on, off)
		}
	}
}

// cooperate signs a year's contracts and pays for them, so that item 9 and the
// first bonus come out as planned.
func (m *consortia) cooperate(r *rng, k *consortium, year int, plan ntYear) {
	n, total, paid := r.between(10, 13), r.between(520, 900), r.between(301, 480) // 万元
	short, rich := slices.Contains(plan.Lost, "S09"), slices.Contains(plan.Bonus, "B1")
	if rich {
		total, paid = r.between(1001, 1600), r.between(601, 900)
	}
	if short {
		switch {
		case rich:
			n = 9
		case r.chance(333):
			paid = 300 // 超300万元 is more than that
		case r.chance(500):
			total = r.between(380, 499)
			paid = min(paid, total)
		default:
			n = r.between(5, 9)
		}
	}
	first, end := dayOf(kpi.Date{Year: year, Month: 1, Day: 10}), dayOf(kpi.YearEnd(year))
	for i := range n {
		v := cooperation{of: k, no: fmt.Sprintf("%s-%d-%02d", k.No[4:], year, i+1), kind: draw(r, []int{50, 8, 4, 8, 30})}
		v.project = k.Industry + pick(r, []string{"关键工艺研发", "中试验证", "检测方法", "产线改造", "新产品开发"}) + fmt.Sprintf("（%d）", i+1)
		v.signed = first + day(r.n(int(end-first)-10))
		v.filed = v.signed + day(r.between(0, 60))
		v.paid = v.signed + day(r.n(int(end-v.signed)+1))
		v.amount, v.pay = share(total, n, i), share(paid, n, i)
		v.fee = v.amount / 1_000_000 * int64(r.n(30001)) // up to 3%, to the fen
		if i == 0 {
			v.fee = v.amount / 100 * 3
		}
		if k.No == "NTLH202105" && year == 2024 && i == 1 {
			v.fee = v.amount / 1000 * 32
		}
		m.contracts = append(m.contracts, v)
	}
}

// share is part i of n of a sum in 万元, in fen, exactly adding up.
func share(wan, n, i int) int64 {
	yuan := wan * 10_000
	part := yuan / n
	if i == n-1 {
		part = yuan - part*(n-1)
	}
	return int64(part) * 100
}

// points is what an item of a year brings, in hundredths.
func (k *consortium) points(year int, item string) int {
	plan := k.ntPlan.Years[year]
	if w, ok := plan.Words[item]; ok && w.Reason != "" {
		return w.Points
	}
	if item[0] == 'B' && !slices.Contains(plan.Bonus, item) || slices.Contains(plan.Lost, item) {
		return 0
	}
	return ntPoints[item] * 100
}

// subsidise pays, the May after, what a year's evaluation entitles to; once in
// two instalments.
func (m *consortia) subsidise(last day) {
	for _, s := range m.scorecards() {
		on := dayOf(kpi.Date{Year: s.Year + 1, Month: 5, Day: 12})
		if on+40 > last {
			continue
		}
		k := m.all[slices.IndexFunc(m.all, func(k *consortium) bool { return k.No == s.Consortium })]
		switch no := fmt.Sprintf("BZ%d-%sB", s.Year, k.No[4:]); { // what the audit must find
		case s.Grade == "未评价":
			m.grants = append(m.grants, grant{k, no, s.Year, on, 10 * wan, []finding{{"no_basis", 10 * wan}}})
		case s.Grade == "合格" && k.No == "NTLH202103":
			m.grants = append(m.grants, grant{k, no, s.Year, on + 40, 2 * wan, []finding{{"over_entitlement", 2 * wan}}})
		}
		if s.Subsidy == 0 {
			continue
		}
		fen := int64(s.Subsidy * 100)
		if k.No == "NTLH202102" {
			m.grants = append(m.grants, grant{k, fmt.Sprintf("BZ%d-%sA", s.Year, k.No[4:]), s.Year, on - 20, fen / 5 * 2, nil})
			fen -= fen / 5 * 2
		}
		m.grants = append(m.grants, grant{k, fmt.Sprintf("BZ%d-%s", s.Year, k.No[4:]), s.Year, on, fen, nil})
	}
}
