package demo

import (
	"cmp"
	"fmt"
	"slices"
)

// AwardFinding is what the audit must say of one payment.
type AwardFinding struct {
	Payment string  `json:"payment_no"`
	Rule    string  `json:"rule_id"` // "": the payment names none
	Finding string  `json:"finding"`
	Amount  float64 `json:"amount"` // 元 in question
}

// basis is one piece of evidence an award is reckoned from.
type basis struct {
	no, rule, project string
	payee             mention
	evidence, grade   string
	year              int
	on, since         day
	amount            int64 // fen; below 0 the row is rejected
	quantity          int
	listed            int
}

// finding is something planted in a payment, and the fen in question.
type finding struct {
	name   string
	amount int64
}

const wan = 1_000_000 // fen in 万元

// payee is a party money is paid to and its district.
type payee struct {
	mention
	region int
}

// awarder pays the awards that tell a story, beside those of pay.
type awarder struct {
	*city
	r        *rng
	payments int
	projects int
	pool     []int32 // firms nothing ever happens to, never recognised
	had      map[string]map[int32]bool
}

// grant pays under every rule and plants one of everything the audit can find.
func (c *city) grant() {
	a := &awarder{city: c, r: stream(c.seed, "awards"), had: map[string]map[int32]bool{}}
	for _, e := range c.employers[0].ordinary {
		if c.steady(e) {
			a.pool = append(a.pool, e)
		}
	}
	if len(a.pool) < len(stories().AwardRules) {
		return // a city too small for stories
	}
	a.tell("instalments")
	a.tell("over_paid")
	a.rents()
	a.tell("yearly")
	a.tell("prizes")
	a.tell("twins")
	a.wrongPayees()
	a.tell("carelessly")
	a.calm()
	a.tell("nameless")
}

// awardStory is a part of a story under one rule, and awardStep what happens in it: see stories/awards.yaml.
type awardStory struct {
	Rule  string
	From  int // quarters count from the first of a year from this one on; 0: from the demo's first
	Steps []awardStep
}

type awardStep struct {
	Firm, Titled, Project string
	Pay                   int
	Evidence, Grade       string
	Of, For, Rule, By     string
	At                    []int
	Days                  [][2]int
	Wan, Count            int
	Since                 []int
	Found                 map[string]int
	Round                 string
}

// tell makes what a story says happen.
func (a *awarder) tell(name string) {
	payees, projects := map[string]payee{}, map[string]string{}
	for _, s := range stories().AwardStories[name] {
		from := 0
		if s.From > 0 {
			from = a.firstOfYear(s.From)
		}
		for _, t := range s.Steps {
			to, known := payees[t.Of]
			if t.Of != "" && !known {
				continue
			}
			q, n, rule := from+t.At[0], t.At[len(t.At)-1], cmp.Or(t.Rule, s.Rule)
			switch {
			case t.Firm != "":
				payees[t.Firm] = a.firm(rule, q)
			case t.Titled != "":
				if to, ok := a.recognisedOn(q, t.Days); ok {
					payees[t.Titled] = to
				}
			case t.Project != "":
				projects[t.Project] = a.project(q)
			case t.Grade != "":
				a.graded(q, n, rule, projects[t.For], to, t.Grade)
			case t.Evidence != "":
				since := day(0)
				if t.Since != nil {
					since = a.day(t.Since[0], t.Since[1])
				}
				a.evidence(q, n, rule, projects[t.For], to, t.Evidence, t.Wan, t.Count, since)
			default:
				a.step(q, n, rule, projects[t.For], to, t)
			}
		}
	}
}

// step pays what a step says.
func (a *awarder) step(q, n int, rule, project string, to payee, t awardStep) {
	var found []finding
	for name, amount := range t.Found {
		found = append(found, finding{name, int64(amount) * wan})
	}
	paid := len(a.payouts)
	a.pay(q, n, rule, project, to, t.Pay, cmp.Or(t.By, "市级"), found...)
	switch {
	case len(a.payouts) == paid: // it has not come yet
	case t.Round == "none":
		a.payouts[paid].batch = ""
	case t.Round == "before":
		a.payouts[paid].batch = a.payouts[paid-1].batch
	}
}

// steady firms are listed, active and in one place under one name all the time.
func (c *city) steady(e int32) bool { return c.settled(e, 0) && c.calmOne(e) }

// firm chooses a payee that has had nothing under the rule yet.
func (a *awarder) firm(rule string, q int) payee {
	if a.had[rule] == nil {
		a.had[rule] = map[int32]bool{}
	}
	for {
		if e := pick(a.r, a.pool); !a.had[rule][e] {
			a.had[rule][e] = true
			return a.named(e, q)
		}
	}
}

func (a *awarder) named(e int32, q int) payee {
	return payee{a.mentionOf(a.r, e, min(q, len(a.ends)-1)), int(a.firms[e].region)}
}

// recognisedOn is a payee that is specialised and active on days from quarter q on, if there is one.
func (a *awarder) recognisedOn(q int, days [][2]int) (payee, bool) {
	if q < len(a.ends) {
		for _, e := range a.employers[q].recognised {
			if !slices.ContainsFunc(days, func(d [2]int) bool {
				on := a.day(d[0], d[1])
				return !a.recognised(e, on) || !a.on(e, on).active()
			}) && a.steady(e) {
				return payee{a.mentionOf(a.r, e, q), a.at(e, q).region}, true
			}
		}
	}
	return payee{}, false
}

func (a *awarder) project(q int) string {
	a.projects++
	return fmt.Sprintf("XM%d%04d", a.first.Add(q).Year, a.projects)
}

// day is the n-th day of quarter q.
func (a *awarder) day(q, n int) day { return dayOf(a.first.Add(q).Start()) + day(n) }

// pay pays an amount in 万元; quarters after the last have not come yet.
func (a *awarder) pay(q, n int, rule, project string, to payee, amount int, share string, found ...finding) {
	if q >= len(a.ends) {
		return
	}
	a.payments++
	p := payout{no: fmt.Sprintf("DZ%d%05d", a.quarter(q).Year, a.payments), on: a.day(q, n), rule: rule, subject: project,
		payee: to.mention, region: to.region, district: writeDistrict(a.r, to.region, false), batch: round(a.quarter(q)),
		amount: int64(amount) * wan, share: share, found: found, listed: q}
	i := slices.IndexFunc(stories().AwardRules, func(r awardRule) bool { return r.ID == rule })
	if i < 0 {
		p.article, p.project = "其他奖补", "年度综合奖补"
	} else {
		p.article, p.project = stories().AwardRules[i].Article, stories().AwardRules[i].Project
	}
	a.payouts = append(a.payouts, p)
}

// evidence files the base of an award in 万元, or a number of projects.
func (a *awarder) evidence(q, n int, rule, project string, of payee, what string, amount, quantity int, since day) {
	if q >= len(a.ends) {
		return
	}
	year := a.quarter(q).Year
	a.bases = append(a.bases, basis{no: fmt.Sprintf("JS%d%05d", year, len(a.bases)+1), rule: rule, project: project, payee: of.mention,
		evidence: what, year: year, on: a.day(q, n), since: since, amount: int64(amount) * wan, quantity: quantity, listed: q})
}

// graded files the grade of an evaluation.
func (a *awarder) graded(q, n int, rule, project string, of payee, grade string) {
	if before := len(a.bases); q < len(a.ends) {
		a.evidence(q, n, rule, project, of, "绩效评价结果", 0, 0, 0)
		a.bases[before].grade = grade
	}
}

// rents are paid for three years from the first month on, and once later.
func (a *awarder) rents() {
	for i := range 3 {
		first := i * 2
		to := a.firm("NJ88-009", first)
		for q := first; q < len(a.ends); q += 3 {
			a.evidence(q, 3, "NJ88-009", "", to, "房租发票", 6, 0, 0)
			switch {
			case q-first < 12:
				a.pay(q, 70, "NJ88-009", "", to, 5, "区级")
			case i == 0:
				a.pay(q, 70, "NJ88-009", "", to, 5, "区级", finding{"past_window", 5 * wan})
			}
		}
	}
}

// firstOfYear is the first quarter of a year from q on.
func (a *awarder) firstOfYear(q int) int {
	for a.first.Add(q).N != 1 {
		q++
	}
	return q
}

// wrongPayees: strangers, firms that are gone, firms without the title, no rule at all.
func (a *awarder) wrongPayees() {
	for i := range 3 {
		q := 4 + 3*i
		a.pay(q, 35, "NJ88-035", a.project(q), payee{unknown(a.r), i}, 80, "市级", finding{"payee_unknown", 80 * wan})
		to := a.firm("NJ88-029", q)
		a.pay(q, 45, "NJ88-029", a.project(q), to, 12, "区级", finding{"ineligible", 12 * wan})
		if q < len(a.ends) && len(a.employers[q].revoked) > 0 {
			e := pick(a.r, a.employers[q].revoked)
			to := payee{a.mentionOf(a.r, e, q), a.at(e, q).region}
			no := a.project(q)
			a.graded(q, 50, "NJ88-019", no, to, "优良")
			a.pay(q, 55, "NJ88-019", no, to, 90, "市级", finding{"payee_inactive", 90 * wan})
		}
	}
	a.pay(8, 65, "", "", a.firm("", 8), 25, "市级", finding{"rule_unknown", 25 * wan})
}

// calm are payments with nothing wrong, so that every rule has been used.
func (a *awarder) calm() {
	for i, v := range stories().CalmAwards {
		q := 9 + i%8
		to, no := a.firm(v.Rule, q), a.project(q)
		if v.Base > 0 {
			a.evidence(q, 8, v.Rule, no, to, "核定材料", v.Base, 0, 0)
		}
		a.pay(q, 20+i, v.Rule, no, to, v.Pay, "市级")
	}
	for i, s := range a.schoolsBy(true, university)[:3] {
		a.pay(11+i, 50, "NJGT-005", "", payee{mention{firm: -1, name: s.Name}, i}, 60-10*i, "市级")
		a.pay(11+i, 52, "NJGT-065", "", payee{mention{firm: -1, name: personName(a.r)}, i}, 3, "市级")
	}
}

// paidUnder are the award rules: money paid up to a day.
func (l *ledger) paidUnder() {
	lines := map[string]*line{}
	for _, rule := range stories().AwardRules {
		lines[rule.ID] = l.money(rule.ID, "")
	}
	for _, p := range l.payouts {
		if n := lines[p.rule]; n != nil {
			l.onwards(n, p.region, p.on, p.amount)
		}
	}
}

// awardFindings lists what was planted, by payment and finding.
func (c *city) awardFindings() []AwardFinding {
	list := []AwardFinding{}
	for _, p := range c.payouts {
		for _, f := range p.found {
			list = append(list, AwardFinding{p.no, p.rule, f.name, float64(f.amount) / 100})
		}
	}
	for _, g := range c.consortia().grants {
		for _, f := range g.found {
			list = append(list, AwardFinding{g.no, "NT-015", f.name, float64(f.amount) / 100})
		}
	}
	slices.SortFunc(list, func(a, b AwardFinding) int {
		return cmp.Or(cmp.Compare(a.Payment, b.Payment), cmp.Compare(a.Finding, b.Finding))
	})
	return list
}
