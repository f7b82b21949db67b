package demo

import (
	"cmp"
	"fmt"
	"slices"
)

// awardRule is a rule money is paid under, as the payout files name it: 政策条款, and
// with 项目名称 unmistakably.
type awardRule struct {
	id, article, project string
}

// awardRules are those a figure is computed for.
var awardRules = []awardRule{
	{"NJ88-009", "第3条", "初创企业房租补贴"}, {"NJ88-012", "第4条", "市级重大科技专项"}, {"NJ88-013", "第4条", "国家关键技术攻关任务"},
	{"NJ88-016", "第5条", "创新联合体"}, {"NJ88-017", "第5条", "创新中心配套"}, {"NJ88-018", "第6条", "省创新券配套"},
	{"NJ88-019", "第7条", "公共技术服务平台"}, {"NJ88-027", "第11条", "见习补贴"}, {"NJ88-029", "第13条", "实训补贴"},
	{"NJ88-035", "第15条", "高价值专利培育"}, {"NJ88-048", "第21条", "大学科技园补贴"},
	{"NJGT-003", "转化意见第1条", "大学科技园绩效"}, {"NJGT-005", "转化意见第2条", "高校转化成效"}, {"NJGT-012", "转化意见第3条", "技术交易"},
	{"NJGT-013", "转化意见第3条", "科技服务机构绩效"}, {"NJGT-015", "转化意见第4条", "高校创新港绩效"}, {"NJGT-019", "转化意见第6条", "标杆孵化器"},
	{"NJGT-021", "转化意见第7条", "国家攻关任务"}, {"NJGT-024", "转化意见第7条", "联合体项目化资助"}, {"NJGT-026", "转化意见第8条", "揭榜制项目"},
	{"NJGT-027", "转化意见第8条", "市级重大科技专项"}, {"NJGT-029", "转化意见第8条", "获奖成果产业化"}, {"NJGT-033", "转化意见第10条", "概念验证中心"},
	{"NJGT-034", "转化意见第10条", "概念验证成果"}, {"NJGT-037", "转化意见第11条", "中试基地"}, {"NJGT-038", "转化意见第11条", "中试成果"},
	{"NJGT-044", "转化意见第13条", "新型研发机构攻关"}, {"NJGT-045", "转化意见第13条", "新型研发机构重组"}, {"NJGT-046", "转化意见第13条", "省产研院专业所"},
	{"NJGT-049", "转化意见第15条", "保费补贴"}, {"NJGT-051", "转化意见第15条", "科创金融服务驿站"}, {"NJGT-052", "转化意见第15条", "首贷等补贴"},
	{"NJGT-056", "转化意见第17条", "维权援助基金"}, {"NJGT-059", "转化意见第18条", "赋权改革成果"}, {"NJGT-065", "转化意见第20条", "优秀技术经理人"},
	{"NJGT-066", "转化意见第21条", "国际联合研发"},
}

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
	if len(a.pool) < len(awardRules) {
		return // a city too small for stories
	}
	a.instalments()
	a.overPaid()
	a.rents()
	a.yearly()
	a.prizes()
	a.twins()
	a.wrongPayees()
	a.carelessly()
	a.calm()
	a.nameless()
}

// steady firms are listed, active and in one place under one name all the time.
func (c *city) steady(e int32) bool {
	f := &c.firms[e]
	return c.settled(e, 0) && f.ends == never && f.moves == never && f.renames == never && f.gap == never
}

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
func (a *awarder) recognisedOn(q int, days ...day) (payee, bool) {
	if q < len(a.ends) {
		for _, e := range a.employers[q].recognised {
			if !slices.ContainsFunc(days, func(d day) bool { return !a.recognised(e, d) || !a.on(e, d).active() }) && a.steady(e) {
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
		payee: to.mention, region: to.region, district: writeDistrict(a.r, to.region, false), batch: fmt.Sprintf("%d年第%d批", a.quarter(q).Year, a.quarter(q).N),
		amount: int64(amount) * wan, share: share, found: found, listed: q}
	i := slices.IndexFunc(awardRules, func(r awardRule) bool { return r.id == rule })
	if i < 0 {
		p.article, p.project = "其他奖补", "年度综合奖补"
	} else {
		p.article, p.project = awardRules[i].article, awardRules[i].project
	}
	a.payouts = append(a.payouts, p)
}

// evidence files the base of an award in 万元, or a number of projects.
func (a *awarder) evidence(q, n int, rule, project string, of payee, what string, amount, quantity int, since day) {
	if q >= len(a.ends) {
		return
	}
	a.bases = append(a.bases, basis{no: fmt.Sprintf("JS%d%05d", a.quarter(q).Year, len(a.bases)+1), rule: rule, project: project, payee: of.mention,
		evidence: what, year: a.quarter(q).Year, on: a.day(q, n), since: since, amount: int64(amount) * wan, quantity: quantity, listed: q})
}

// graded files the grade of an evaluation.
func (a *awarder) graded(q, n int, rule, project string, of payee, grade string) {
	if before := len(a.bases); q < len(a.ends) {
		a.evidence(q, n, rule, project, of, "绩效评价结果", 0, 0, 0)
		a.bases[before].grade = grade
	}
}

// instalments are paid by city and district until the cap, and once beyond it; one
// payment is made twice.
func (a *awarder) instalments() {
	whole, beyond := a.firm("NJ88-012", 2), a.firm("NJ88-012", 3)
	no := a.project(2)
	a.pay(2, 20, "NJ88-012", no, whole, 900, "市级")
	a.pay(3, 40, "NJ88-012", no, whole, 500, "区级")
	a.pay(6, 15, "NJ88-012", no, whole, 400, "市级")
	no = a.project(3)
	a.pay(3, 25, "NJ88-012", no, beyond, 1200, "市级")
	a.pay(5, 30, "NJ88-012", no, beyond, 600, "区级")
	a.pay(8, 12, "NJ88-012", no, beyond, 500, "市级", finding{"over_cap", 300 * wan})
	if patent, ok := a.recognisedOn(7, a.day(7, 33), a.day(9, 33)); ok {
		no = a.project(7)
		a.pay(7, 33, "NJ88-035", no, patent, 40, "市级")
		a.pay(7, 33, "NJ88-035", no, patent, 40, "市级", finding{"paid_again", 40 * wan})
		a.pay(9, 33, "NJ88-035", no, patent, 30, "市级", finding{"over_cap", 10 * wan})
	}
	if shared, ok := a.recognisedOn(8, a.day(8, 50)); ok { // half by the city, half by the district: not the same payment twice
		no = a.project(8)
		a.pay(8, 50, "NJ88-035", no, shared, 45, "市级")
		a.pay(8, 50, "NJ88-035", no, shared, 45, "区级")
	}
}

// overPaid are shares of a base: kept to, exceeded, and without any evidence.
func (a *awarder) overPaid() {
	for i, paid := range [][2]int{{160, 140}, {200, 160}} {
		q := 4 + i
		to, ok := a.recognisedOn(q, a.day(q, 60))
		if !ok {
			continue
		}
		no := a.project(q)
		a.evidence(q, 10, "NJ88-013", no, to, "研发投入专项审计", 2000, 0, 0)
		a.pay(q, 59, "NJ88-013", no, to, paid[0], "市级")
		if over := int64(paid[0]+paid[1]-300) * wan; over > 0 {
			a.pay(q, 60, "NJ88-013", no, to, paid[1], "市级", finding{"over_entitlement", over})
		} else {
			a.pay(q, 60, "NJ88-013", no, to, paid[1], "市级")
		}
	}
	if to, ok := a.recognisedOn(6, a.day(6, 44)); ok {
		a.pay(6, 44, "NJ88-013", a.project(6), to, 80, "市级", finding{"no_basis", 80 * wan})
	}
	fund := a.firm("NJGT-056", 10)
	no := a.project(10)
	a.evidence(10, 5, "NJGT-056", no, fund, "基金到账凭证", 80, 0, 0)
	a.pay(10, 40, "NJGT-056", no, fund, 16, "市级")
	fund = a.firm("NJGT-056", 11)
	no = a.project(11)
	a.evidence(11, 5, "NJGT-056", no, fund, "基金到账凭证", 150, 0, 0)
	a.pay(11, 40, "NJGT-056", no, fund, 25, "市级", finding{"over_cap", 5 * wan})
	early := a.firm("NJ88-017", 6) // the state's money arrives after the city's
	no = a.project(6)
	a.evidence(6, 10, "NJ88-017", no, early, "国家拨付到账凭证", 300, 0, 0)
	a.pay(6, 30, "NJ88-017", no, early, 300, "市级")
	a.pay(6, 60, "NJ88-017", no, early, 200, "市级", finding{"over_entitlement", 200 * wan})
	a.evidence(7, 10, "NJ88-017", no, early, "省拨付到账凭证", 250, 0, 0)
	a.pay(7, 60, "NJ88-017", no, early, 50, "市级")
	broken := a.firm("NJ88-018", 5)
	a.evidence(5, 10, "NJ88-018", "", broken, "省创新券兑付明细", -5, 0, 0)
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

// yearly caps start anew each January.
func (a *awarder) yearly() {
	to := a.firm("NJGT-012", 10) // the first quarter of a year and the one after it
	q := a.firstOfYear(10)
	a.pay(q, 30, "NJGT-012", "", to, 150, "市级")
	a.pay(q+1, 30, "NJGT-012", "", to, 80, "市级", finding{"over_cap", 30 * wan})
	a.pay(q+4, 30, "NJGT-012", "", to, 150, "市级")
	unit := a.firm("NJGT-059", q)
	a.evidence(q, 10, "NJGT-059", "", unit, "赋权改革成果清单", 0, 12, 0)
	a.pay(q, 40, "NJGT-059", "", unit, 60, "市级")
	a.evidence(q+1, 10, "NJGT-059", "", unit, "赋权改革成果清单", 0, 2, 0)
	a.pay(q+1, 40, "NJGT-059", "", unit, 20, "市级", finding{"over_entitlement", 10 * wan})
	a.evidence(q+4, 10, "NJGT-059", "", unit, "赋权改革成果清单", 0, 30, 0)
	a.pay(q+4, 40, "NJGT-059", "", unit, 110, "市级", finding{"over_cap", 10 * wan})
	union := a.firm("NJ88-016", q)
	no := a.project(q)
	a.graded(q, 20, "NJ88-016", no, union, "优秀")
	a.pay(q, 25, "NJ88-016", no, union, 300, "市级")
	a.pay(q+2, 25, "NJ88-016", no, union, 200, "市级", finding{"twice_a_year", 200 * wan})
	a.graded(q+4, 20, "NJ88-016", no, union, "合格") // the next year it was not excellent
	a.pay(q+4, 25, "NJ88-016", no, union, 500, "市级", finding{"no_grade", 500 * wan})
}

// firstOfYear is the first quarter of a year from q on.
func (a *awarder) firstOfYear(q int) int {
	for a.first.Add(q).N != 1 {
		q++
	}
	return q
}

// prizes: of what is invested in a prize-winning result only two years count.
func (a *awarder) prizes() {
	to := a.firm("NJGT-029", 9)
	no := a.project(9)
	won := a.day(2, 14)
	a.evidence(9, 20, "NJGT-029", no, to, "新增投资审计", 1500, 0, won)
	a.evidence(10, 20, "NJGT-029", no, to, "新增投资审计", 1000, 0, won) // later than two years
	a.pay(9, 60, "NJGT-029", no, to, 100, "市级")
	a.pay(10, 60, "NJGT-029", no, to, 120, "市级", finding{"over_entitlement", 70 * wan})
}

// twins: the same project under both documents.
func (a *awarder) twins() {
	to := a.firm("NJ88-012", 10)
	no := a.project(10)
	a.pay(10, 30, "NJ88-012", no, to, 600, "市级")
	a.pay(11, 30, "NJGT-027", no, to, 300, "市级", finding{"paid_by_twin", 300 * wan})
	to = a.firm("NJGT-034", 12)
	no = a.project(12)
	a.pay(12, 30, "NJGT-034", no, to, 60, "市级")
	a.pay(13, 30, "NJGT-038", no, to, 50, "市级", finding{"paid_by_twin", 50 * wan})
	q := a.firstOfYear(12)
	to = a.firm("NJ88-016", q)
	no = a.project(q)
	a.graded(q, 25, "NJ88-016", no, to, "优秀")
	a.pay(q, 30, "NJ88-016", no, to, 200, "市级")
	a.pay(q+1, 30, "NJGT-024", no, to, 150, "市级", finding{"paid_by_twin", 150 * wan})
	a.pay(q+4, 30, "NJGT-024", no, to, 150, "市级") // another year
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

// carelessly are payments that the office would have to look at: without a number, once too often,
// twice within a month, on both sides of a new year, to a leader without the title.
func (a *awarder) carelessly() {
	unnumbered := a.firm("NJ88-012", 9)
	a.pay(9, 22, "NJ88-012", "", unnumbered, 80, "市级", finding{"no_project", 80 * wan})
	a.pay(9, 52, "NJ88-012", "", unnumbered, 50, "区级", finding{"no_project", 50 * wan})
	park := a.firm("NJ88-048", 10)
	no := a.project(10)
	a.pay(10, 22, "NJ88-048", no, park, 100, "市级")
	a.pay(14, 22, "NJ88-048", no, park, 60, "市级", finding{"more_than_once", 60 * wan})
	twice := a.firm("NJ88-012", 12)
	no = a.project(12)
	a.pay(12, 20, "NJ88-012", no, twice, 70, "市级")
	a.pay(12, 45, "NJ88-012", no, twice, 70, "市级", finding{"paid_again", 70 * wan})
	a.pay(13, 20, "NJ88-012", no, twice, 70, "市级")
	a.pay(11, 30, "NJ88-035", a.project(11), a.firm("NJ88-035", 11), 20, "市级", finding{"untitled_lead", 20 * wan})

	q := a.firstOfYear(9)
	platform := a.firm("NJ88-019", q)
	no = a.project(q - 1)
	a.graded(q-1, 80, "NJ88-019", no, platform, "优良")
	a.pay(q-1, 85, "NJ88-019", no, platform, 420, "市级")
	first := len(a.payouts) - 1
	a.pay(q, 12, "NJ88-019", no, platform, 100, "市级", finding{"over_two_years", 100 * wan}, finding{"over_cap", 20 * wan})
	if last := len(a.payouts) - 1; last > first {
		a.payouts[last].batch = a.payouts[first].batch
	}
	unit := a.firm("NJGT-059", q) // last year's results
	a.evidence(q-1, 80, "NJGT-059", "", unit, "赋权改革成果清单", 0, 6, 0)
	a.pay(q, 20, "NJGT-059", "", unit, 20, "市级")
	a.pay(q, 60, "NJGT-059", "", unit, 15, "市级", finding{"over_entitlement", 5 * wan})
}

// calm are payments with nothing wrong, so that every rule has been used.
func (a *awarder) calm() {
	for i, v := range []struct {
		rule         string
		amount, base int // 万元
	}{
		{"NJ88-018", 20, 20}, {"NJ88-048", 100, 0}, {"NJGT-003", 80, 0}, {"NJGT-013", 60, 0}, {"NJGT-015", 50, 0}, {"NJGT-019", 70, 0},
		{"NJGT-021", 240, 1600}, {"NJGT-024", 300, 0}, {"NJGT-026", 120, 1200}, {"NJGT-027", 900, 0}, {"NJGT-033", 150, 0}, {"NJGT-037", 180, 0},
		{"NJGT-038", 80, 0}, {"NJGT-044", 100, 500}, {"NJGT-045", 400, 0}, {"NJGT-046", 300, 0}, {"NJGT-049", 4, 8}, {"NJGT-051", 40, 0},
		{"NJGT-052", 35, 0}, {"NJGT-066", 60, 0},
	} {
		q := 9 + i%8
		to, no := a.firm(v.rule, q), a.project(q)
		if v.base > 0 {
			a.evidence(q, 8, v.rule, no, to, "核定材料", v.base, 0, 0)
		}
		a.pay(q, 20+i, v.rule, no, to, v.amount, "市级")
	}
	for i, s := range a.schoolsBy(true, university)[:3] {
		a.pay(11+i, 50, "NJGT-005", "", payee{mention{firm: -1, name: s.Name}, i}, 60-10*i, "市级")
		a.pay(11+i, 52, "NJGT-065", "", payee{mention{firm: -1, name: personName(a.r)}, i}, 3, "市级")
	}
}

// nameless are payments with neither the project's number nor the round: one award of the payee under the rule.
func (a *awarder) nameless() {
	q := a.firstOfYear(9)
	to := a.firm("NJ88-012", q)
	missing := func(q, n, amount int, share string, found ...finding) {
		a.pay(q, n, "NJ88-012", "", to, amount, share, append(found, finding{"no_round", int64(amount) * wan})...)
		if q < len(a.ends) {
			a.payouts[len(a.payouts)-1].batch = ""
		}
	}
	missing(q, 24, 1300, "市级")
	missing(q, 31, 900, "区级", finding{"over_cap", 200 * wan})
	missing(q+5, 24, 400, "市级")
}

// paidUnder are the award rules: money paid up to a day.
func (l *ledger) paidUnder() {
	lines := map[string]*line{}
	for _, rule := range awardRules {
		lines[rule.id] = l.money(rule.id, "")
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
