package demo

import (
	"fmt"

	"citykpi/pipeline/kpi"
)

// contract is one row about a technology contract. A number that comes again in a
// later file corrects the row before it.
type contract struct {
	no                string
	project           string
	kind              int // index into contractKinds
	signed, on        day
	seller            mention
	region            int    // the seller's district
	district          string // as written; "" leaves it to the seller's code
	buyer             mention
	buyerRegion       string
	field             string
	amount, technical int64     // fen
	foreign           [2]string // how they are written in a foreign currency; "": in 元
	listed            int
}

// rejected is the contract's rule: technical turnover never exceeds the whole.
func (k contract) rejected() bool { return k.technical > k.amount }

var contractKinds = []string{"技术开发", "技术转让", "技术许可", "技术咨询", "技术服务"}

// payout is one payment of award money.
type payout struct {
	no       string
	on       day
	article  string
	payee    mention
	region   int
	district string
	project  string
	batch    string
	amount   int64 // fen
	share    string
	rule     string // the award rule's id; "": none can be told
	subject  string // 项目编号
	found    []finding
	listed   int
}

// round is what a list calls the batch of a quarter.
func round(q kpi.Quarter) string { return fmt.Sprintf("%d年第%d批", q.Year, q.N) }

// transact registers contracts and pays awards in every quarter.
func (c *city) transact() {
	r := stream(c.seed, "money")
	for q := range c.ends {
		season := []int{88, 100, 98, 122}[c.quarter(q).N-1]
		c.register(r, q, c.scaled((3000+q*95)*season/100, 3))
		c.pay(r, q, c.scaled((120+q*14)*[]int{50, 90, 110, 160}[c.quarter(q).N-1]/100, 2))
	}
}

// party is a firm active in quarter q and the district a list gives it. Where the
// list gives none the code's office tells the same district.
func (c *city) party(r *rng, q int) (m mention, region int, district string) {
	e := pick(r, c.employers[q].recognised)
	if len(c.employers[q].ordinary) > 0 && r.chance(550) {
		e = pick(r, c.employers[q].ordinary)
	}
	m = c.mentionOf(r, e, q)
	region = c.at(e, q).region
	district = writeDistrict(r, region, c.firms[e].inPark && c.firms[e].moves == never)
	if r.chance(60) && officeRegion(c.firms[e].office) == region {
		m.code, district = c.code(e), ""
	}
	return m, region, district
}

func (c *city) register(r *rng, q, n int) {
	if len(c.employers[q].recognised) == 0 {
		return
	}
	earlier := len(c.contracts)
	for i := range n {
		k := c.newContract(r, q, i)
		c.contracts = append(c.contracts, k)
		if r.chance(4) { // 设备费 counted twice: rejected, and sometimes corrected later
			bad := &c.contracts[len(c.contracts)-1]
			bad.technical = bad.amount + 1_000_000
		}
	}
	if q+1 == len(c.ends) {
		return
	}
	for range 1 + n/300 {
		k := c.contracts[earlier+r.n(n)]
		if k.listed != q {
			continue
		}
		k.listed = q + 1
		k.amount = k.amount * int64(r.between(80, 130)) / 10_000 * 100
		k.technical = k.amount * int64(r.between(60, 95)) / 10_000 * 100
		c.contracts = append(c.contracts, k)
	}
}

// newContract is the ith contract registered in quarter q.
func (c *city) newContract(r *rng, q, i int) contract {
	k := contract{kind: draw(r, []int{38, 4, 3, 9, 46}), on: c.within(r, q), listed: c.filed(r, q)}
	k.no = fmt.Sprintf("%d3201%02d%06d", c.quarter(q).Year, 1+r.n(14), c.quarter(q).N*100_000+i)
	k.signed = k.on - day(r.between(2, 60))
	k.seller, k.region, k.district = c.party(r, q)
	k.buyer, k.buyerRegion = c.outsider(r), "340104"
	if r.chance(500) {
		k.buyer, _, _ = c.party(r, q)
		k.buyerRegion = pick(r, []string{"320115", "320106", "320114", "320102"})
	}
	k.field = pick(r, []string{"电子信息", "先进制造", "新材料及其应用", "生物、医药和医疗器械", "新能源与高效节能", "环境保护与资源综合利用"})
	k.project = tradeWord(r) + pick(r, []string{"关键技术研发", "工艺优化", "测试服务", "系统集成", "方案咨询"}) + fmt.Sprintf("（%d）", i+1)
	k.amount = skewed(r, 3_600_000_000)
	k.technical = k.amount / 1000 * int64(r.between(560, 1000)) / 100 * 100
	return k
}

// skewed is an amount in fen of at most about span: many small ones and a few large,
// mostly whole yuan.
func skewed(r *rng, span int64) int64 {
	u := int64(r.n(1000))
	fen := 3_000_000 + int64(r.n(20_000_000)) + span/1_000_000*(u*u*u*u*u/1_000_000_000)
	if r.chance(30) {
		return fen
	}
	return fen / 100 * 100
}

// evaluate files the grade that a rule asks for; now and then there is none, or not that one.
func (c *city) evaluate(p *payout, i int) {
	grades := map[string][]string{"NJ88-016": {"优秀", "优秀"}, "NJ88-019": {"优良", "良好"}}[p.rule]
	if grades == nil {
		return
	}
	b := basis{no: "PJ" + p.no[2:], rule: p.rule, project: p.subject, payee: p.payee, evidence: "绩效评价结果", grade: grades[i%2],
		year: p.on.date().Year, on: p.on, listed: p.listed}
	switch i % 41 {
	case 7:
		p.found = append(p.found, finding{"no_grade", p.amount})
		return
	case 9:
		b.grade = "合格"
		p.found = append(p.found, finding{"no_grade", p.amount})
	}
	c.bases = append(c.bases, b)
}

func (c *city) pay(r *rng, q, n int) {
	if len(c.employers[q].recognised) == 0 {
		return
	}
	issued := schemeBegins
	plain := filtered(stories().AwardRules, func(rule awardRule) bool { return rule.High > 0 })
	for i := range n {
		p := payout{on: c.within(r, q), listed: c.filed(r, q), batch: round(c.quarter(q))}
		if p.on < issued && issued+29 <= c.ends[q] {
			p.on = issued + day(i%29) // nothing is paid before the document is issued
		}
		p.no = fmt.Sprintf("DF%d%06d", c.quarter(q).Year, c.quarter(q).N*100_000+i)
		p.payee, p.region, p.district = c.party(r, q)
		rule := pick(r, plain)
		if (rule.ID == "NJ88-029" || rule.ID == "NJ88-035") && !c.recognised(p.payee.firm, p.on) {
			rule = plain[0] // only specialised firms are paid for training, and lead patent projects
		}
		p.rule, p.article, p.project = rule.ID, rule.Article, rule.Project
		p.subject = fmt.Sprintf("PT%d%06d", c.quarter(q).Year, c.quarter(q).N*100_000+i)
		p.amount = int64(r.between(rule.Low*100, rule.High*100)) * 10_000 // 百元
		if r.chance(100) {
			p.amount += int64(r.n(10_000)) // to the fen
		}
		p.share = pick(r, []string{"市级", "区级", "市", "区"})
		c.evaluate(&p, i)
		c.payouts = append(c.payouts, p)
	}
}
