package demo

import (
	"slices"

	"citykpi/pipeline/kpi"
)

// Scorecard is what an evaluation of a consortium must come to. A year without an
// evaluation that should have had one is 未评价.
type Scorecard struct {
	Consortium  string  `json:"consortium"`
	Year        int     `json:"year"`
	Raw         float64 `json:"raw"`
	Score       float64 `json:"score"`
	Grade       string  `json:"grade"`
	Subsidy     float64 `json:"subsidy"` // 元
	Consequence string  `json:"consequence"`
}

// Unjustified is an expert's points for an item that stand without a reason.
type Unjustified struct {
	Consortium string  `json:"consortium"`
	Year       int     `json:"year"`
	Item       string  `json:"item"`
	Given      float64 `json:"given"`
	Points     float64 `json:"points"` // that count all the same
}

// Adjusted is an expert's points for an item that count instead of the computed ones.
type Adjusted struct {
	Consortium string  `json:"consortium"`
	Year       int     `json:"year"`
	Item       string  `json:"item"`
	Points     float64 `json:"points"`
	Reason     string  `json:"reason"`
}

// words tells of every item on which an expert of an evaluation had a word.
func (m *consortia) words(tell func(k *consortium, year int, item string, w ntWord)) {
	for _, k := range m.all {
		for _, y := range m.years {
			for _, item := range ntItems {
				if w, ok := k.Years[y].Words[item]; ok && k.reviews[y] != 0 {
					tell(k, y, item, w)
				}
			}
		}
	}
}

// adjusted and unjustified follow from the experts' words alone: with a reason and without.
func (m *consortia) adjusted() []Adjusted {
	list := []Adjusted{}
	m.words(func(k *consortium, y int, item string, w ntWord) {
		if w.Reason != "" {
			list = append(list, Adjusted{k.No, y, "NT-" + item, float64(w.Points) / 100, w.Reason})
		}
	})
	return list
}

func (m *consortia) unjustified() []Unjustified {
	list := []Unjustified{}
	m.words(func(k *consortium, y int, item string, w ntWord) {
		if w.Reason == "" {
			list = append(list, Unjustified{k.No, y, "NT-" + item, float64(w.Points) / 100, float64(k.points(y, item)) / 100})
		}
	})
	return list
}

// scorecards follow from the plans alone: points by item, not evidence.
func (m *consortia) scorecards() []Scorecard {
	list := []Scorecard{}
	for _, k := range m.all {
		failed := 0 // the last year that was evaluated and failed
		for _, y := range m.years {
			if _, ok := k.reviews[y]; !ok {
				if k.on <= dayOf(kpi.YearEnd(y-1)) && (k.gone == 0 || k.gone > dayOf(kpi.YearEnd(y))) {
					list = append(list, Scorecard{k.No, y, 0, 0, "未评价", 0, "人工确认"})
				}
				continue
			}
			raw := 0
			for _, item := range ntItems {
				raw += k.points(y, item)
			}
			s := Scorecard{Consortium: k.No, Year: y, Raw: float64(raw) / 100, Score: float64(min(raw, 10_000)) / 100}
			switch {
			case raw >= 9000:
				s.Grade, s.Subsidy, failed = "优秀", 1_000_000, 0
			case raw >= 6000:
				s.Grade, s.Subsidy, failed = "合格", float64(raw)*100, 0
			default:
				s.Grade = "不合格"
				switch {
				case failed == y-1:
					s.Consequence = "摘牌重组"
				case failed != 0:
					s.Consequence = "人工确认"
				}
				failed = y
			}
			list = append(list, s)
		}
	}
	return list
}

// ntLedger collects 南通's lines.
type ntLedger struct{ *ledger }

// consortiumValues are the figures of 南通's commitments.
func (c *city) consortiumValues() []Value {
	m := c.consortia()
	if len(m.years) == 0 {
		return nil
	}
	l := ntLedger{&ledger{city: c, ends: c.ends, regions: []string{ntCode}}}
	for _, d := range stories().NTDistricts {
		l.regions = append(l.regions, d.Code)
	}
	l.sizes(m)
	l.deals(m)
	l.happenings(m)
	l.scores(m)
	return l.list()
}

// bounded is how many a consortium, or a team of one, has of what a rule bounds.
type bounded struct {
	id, name string
	number   int
	kept     bool
}

// bounded are those of the consortia that stand on a day.
func (m *consortia) bounded(on day) []bounded {
	var list []bounded
	in := func(from, to day) bool { return from <= on && on < lasting(to) }
	for _, k := range m.all {
		if !in(k.on, k.gone) {
			continue
		}
		firms, seats, company := 0, 0, 0
		known, groups := map[string]int{}, []string{}
		for _, v := range k.members {
			if !v.leader && in(v.joined, v.left) {
				firms++
			}
		}
		for _, v := range k.committee {
			if in(v.joined, v.left) {
				seats++
			}
		}
		for _, v := range k.teams {
			if !in(v.joined, v.left) {
				continue
			}
			if !slices.Contains(groups, v.team) {
				groups = append(groups, v.team)
			}
			if v.known {
				known[v.team]++
			}
		}
		if in(k.on-60, k.shut) {
			company = 1
		}
		list = append(list, bounded{"NT-001", k.name, firms, firms <= 20}, bounded{"NT-002", k.name, len(groups), len(groups) <= 10},
			bounded{"NT-004", k.name, company, company >= 1}, bounded{"NT-007", k.name, seats, seats <= 9})
		for _, g := range groups {
			list = append(list, bounded{"NT-003", k.name + " " + k.university(g) + " " + g, known[g], known[g] >= 1})
		}
	}
	return list
}

// university is whose a team is: that of the row which stands first.
func (k *consortium) university(team string) string {
	var first teamExpert
	for _, v := range k.teams {
		if v.team == team && (first.team == "" || v.joined < first.joined || v.joined == first.joined && v.no < first.no) {
			first = v
		}
	}
	return first.university
}

// sizes are what the bounds on members, teams, experts, committees and companies are asked of:
// all that the consortia have together on every quarter end.
func (l ntLedger) sizes(m *consortia) {
	members, teams, experts := l.bound("NT-001", ""), l.bound("NT-002", ""), l.bound("NT-003", "")
	companies, committee := l.bound("NT-004", ""), l.bound("NT-007", "")
	without := l.bound("NT-001", "no_centre")
	for q, end := range l.ends {
		for _, b := range m.bounded(end) {
			l.open(b.id, "").count(-1, q, int64(b.number))
		}
	}
	for _, k := range m.all {
		for _, n := range []*line{members, teams, companies, committee} {
			n.begins = min(n.begins, k.on)
		}
		for _, v := range k.teams {
			experts.begins = min(experts.begins, max(k.on, v.joined))
		}
		l.standing(l.open("NT-011", "standing"), k.District, k.on, lasting(k.gone))
		for _, v := range k.members {
			from, to := max(v.joined, k.on), min(lasting(v.left), lasting(k.gone))
			if v.leader {
				continue
			}
			if !v.centre {
				l.standing(without, k.District, from, to)
			}
		}
	}
}

// deals are the contracts: filed late, signed, and the highest fee of the year so far.
func (l ntLedger) deals(m *consortia) {
	unfiled, signed, amount, fee := l.bound("NT-009", ""), l.open("NT-009", "signed"), l.money("NT-009", "amount"), l.bound("NT-010", "")
	fee.fen = true
	fee.nothing = slices.Repeat([]bool{true}, len(l.ends)) // a year without a contract has no highest fee
	known := dayOf(kpi.YearEnd(m.years[len(m.years)-1]))   // what was filed later is not known to be
	for _, v := range m.contracts {
		filed := v.filed
		if filed > known {
			filed = endless
		}
		l.standing(unfiled, v.of.District, v.signed, filed)
		l.onwards(signed, v.of.District, v.signed, 1)
		l.onwards(amount, v.of.District, v.signed, v.amount)
		rate := (v.fee*10_000 + v.amount - 1) / v.amount // hundredths of a percent, rounded up
		fee.begins = min(fee.begins, v.signed)
		for q, end := range l.ends {
			if v.signed <= end && year(v.signed) == year(end) {
				fee.nothing[q] = false
				fee.values[0][q] = max(fee.values[0][q], rate)
			}
		}
	}
}

// proofLines are the commitments that evidence answers by itself.
var proofLines = map[string]kpi.Key{
	"风险投资基金实缴": {ID: "NT-005"}, "年度产业创新报告": {ID: "NT-006"}, "信息分析报告": {ID: "NT-006"}, "揭榜挂帅项目": {ID: "NT-008"},
	"科技计划项目申报": {ID: "NT-012"}, "科技计划项目立项": {ID: "NT-012", Measure: "approved"}, "年度绩效目标协议": {ID: "NT-013"},
}

func (l ntLedger) happenings(m *consortia) {
	for _, k := range proofLines {
		l.open(k.ID, k.Measure)
	}
	late := l.open("NT-013", "late")
	for _, v := range m.proofs {
		k, ok := proofLines[v.kind]
		if !ok || v.spoiled {
			continue
		}
		l.onwards(l.open(k.ID, k.Measure), v.of.District, v.on, 1)
		if k.ID == "NT-013" && v.on > dayOf(kpi.Date{Year: v.year, Month: 3, Day: 31}) {
			l.onwards(late, v.of.District, v.on, 1)
		}
	}
	for _, k := range m.all {
		l.onwards(l.open("NT-011", ""), k.District, k.on, 1)
		for _, on := range k.reviews {
			l.onwards(l.open("NT-014", ""), k.District, on, 1)
		}
	}
}

// scores are the points, grades and what follows, from an evaluation on until the
// next round opens or the consortium is struck off.
func (l ntLedger) scores(m *consortia) {
	opened := map[int]day{}
	for _, k := range m.all {
		for y, on := range k.reviews {
			if opened[y] == 0 || on < opened[y] {
				opened[y] = on
			}
		}
	}
	for _, item := range ntItems {
		l.open("NT-"+item, "")
	}
	by := map[string]*consortium{}
	for _, k := range m.all {
		by[k.No] = k
		for y, on := range k.reviews {
			for _, item := range ntItems {
				if k.points(y, item) > 0 {
					l.standing(l.open("NT-"+item, ""), k.District, on, min(lasting(opened[y+1]), lasting(k.gone)))
				}
			}
		}
	}
	struck := map[string]bool{}
	lines := map[string]*line{"摘牌重组": l.open("NT-016", ""), "人工确认": l.open("NT-016", "review"), "passed": l.open("NT-019", ""),
		"优秀": l.open("NT-019", "excellent"), "不合格": l.open("NT-019", "failed"), "scored": l.open("NT-020", ""),
		"capped": l.open("NT-020", "capped")}
	for _, s := range m.scorecards() {
		k := by[s.Consortium]
		on, evaluated := k.reviews[s.Year]
		to := min(lasting(opened[s.Year+1]), lasting(k.gone))
		if !evaluated {
			for _, o := range m.all {
				on = max(on, o.reviews[s.Year]) // told once the round has closed
			}
		}
		add := func(name string, to day) { l.standing(lines[name], k.District, on, to) }
		switch s.Consequence {
		case "人工确认":
			add("人工确认", to)
		case "摘牌重组":
			if !struck[k.No] {
				add("摘牌重组", lasting(k.gone))
			}
			struck[k.No] = true
		}
		if !evaluated {
			continue
		}
		add("scored", to)
		if s.Raw > 100 {
			add("capped", to)
		}
		if s.Grade != "不合格" {
			add("passed", to)
		}
		if s.Grade != "合格" {
			add(s.Grade, to)
		}
	}
	l.subsidies(m)
}

// subsidies are what is entitled to and paid; before the first payment nobody has filed any.
func (l ntLedger) subsidies(m *consortia) {
	if len(m.grants) == 0 {
		return
	}
	paid, entitled := l.money("NT-015", ""), l.money("NT-015", "entitled")
	for _, g := range m.grants {
		l.onwards(paid, g.of.District, g.on, g.amount)
	}
	for _, s := range m.scorecards() {
		k := m.all[slices.IndexFunc(m.all, func(k *consortium) bool { return k.No == s.Consortium })]
		if s.Subsidy > 0 {
			l.onwards(entitled, k.District, k.reviews[s.Year], int64(s.Subsidy*100))
		}
	}
}
