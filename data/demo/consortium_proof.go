package demo

import (
	"fmt"
	"slices"

	"citykpi/pipeline/kpi"
)

// proof is one piece of a consortium's yearly evidence.
type proof struct {
	of       *consortium
	no       string
	year     int
	kind     string // as the list names it
	subject  string
	name     string
	quantity string
	amount   int64 // fen; -1: none
	on       day
	spoiled  bool // names a day that does not exist: rejected
}

// prover writes the evidence of one consortium's year.
type prover struct {
	*consortia
	r    *rng
	k    *consortium
	year int
	n    int
}

func (p *prover) add(kind, name, quantity string, amount int64, on day) *proof {
	p.n++
	p.proofs = append(p.proofs, proof{of: p.k, no: fmt.Sprintf("ZZ%s-%d-%03d", p.k.No[4:], p.year, p.n), year: p.year,
		kind: kind, name: name, quantity: quantity, amount: amount, on: on})
	return &p.proofs[len(p.proofs)-1]
}

// some is a day of the year, in the part of it that quarter gives (1 to 4; 0: any).
func (p *prover) some(quarter int) day {
	if quarter == 0 {
		quarter = p.r.between(1, 4)
	}
	return dayOf(kpi.Quarter{Year: p.year, N: quarter}.Start()) + day(p.r.n(88))
}

func (p *prover) paper(kind string) { p.add(kind, kind, "", -1, p.some(0)) }
func (p *prover) paperIf(won bool, kind string) {
	if won {
		p.paper(kind)
	}
}

// between is a number in one range, or in another where the item is lost.
func (p *prover) between(won bool, low, high, lost, below int) int {
	n := p.r.between(low, high)
	if !won {
		n = p.r.between(lost, below)
	}
	return n
}

func (p *prover) number(kind string, n int) {
	p.add(kind, kind, fmt.Sprint(n), -1, p.some(0))
}
func (p *prover) money(kind, name string, wan int) {
	p.add(kind, name, "", int64(wan)*1_000_000, p.some(0))
}

// prove writes a year's evidence so that the items come out as planned: what is
// lost misses one of its conditions, mostly by little.
func (m *consortia) prove(r *rng, k *consortium, year int, plan ntYear) {
	p := &prover{consortia: m, r: r, k: k, year: year}
	won := func(item string) bool {
		if item[0] == 'B' {
			return slices.Contains(plan.Bonus, item)
		}
		return !slices.Contains(plan.Lost, item)
	}
	signed := dayOf(kpi.Date{Year: year, Month: 1, Day: 8}) + day(r.n(60))
	if r.chance(150) {
		signed += 80
	}
	p.add("年度绩效目标协议", fmt.Sprintf("%d年度绩效目标协议", year), "", -1, signed)
	p.office(won("S01"), won("S02"), won("S03"), won("S04"))
	p.service(won("S05"), won("S06"), won("S07"), won("S08"))
	p.projects(won("S10"), won("S11"), won("S12"), won("S13"), won("S14"))
	p.growth(won("S15"), won("S16"), won("S17"), won("S18"), won("S19"), won("B2"))
	if r.chance(250) {
		p.add("专家论坛", "补充材料", "35", -1, p.some(0)).spoiled = true
	}
}

func (p *prover) office(s01, s02, s03, s04 bool) {
	area, senior := p.r.between(300, 520), p.r.between(1, 4)
	if !s01 {
		area = p.r.between(220, 299)
	}
	p.number("办公场所面积", area)
	p.paper("办公条件核查")
	if !s02 {
		senior = 0
	}
	p.number("本科以上在缴社保人员", p.r.between(5, 12))
	p.number("硕士或中级职称以上人员", senior)
	p.paperIf(s03, "专家委员会活动")
	p.paper("产业链创新发展规划")
	p.paper("年度实施方案")
	p.paperIf(s04, "运行机制文件")
}

func (p *prover) service(s05, s06, s07, s08 bool) {
	demands := p.between(s05, 20, 36, 11, 19)
	p.number("企业技术需求", demands/2)
	p.number("企业技术需求", demands-demands/2)
	p.paper("合作院所优势分析")
	for q := 1; q <= 4; q++ {
		n := p.r.between(50, 80)
		if !s06 && q == 3 {
			n = p.r.between(20, 49) // one issue too thin; the others make up for the sum
		}
		p.add("成果信息发布", fmt.Sprintf("第%d期", q), fmt.Sprint(n), -1, p.some(q))
	}
	if !s06 {
		p.add("成果信息发布", "增刊", "60", -1, p.some(4))
	}
	if s07 {
		p.paper(pick(p.r, []string{"年度产业创新报告", "信息分析报告"}))
	}
	p.add("产学研合作对接会", "上半年对接会", fmt.Sprint(p.r.between(30, 90)), -1, p.some(2))
	second := p.between(s08, 30, 90, 12, 29)
	p.add("产学研合作对接会", "下半年对接会", fmt.Sprint(second), -1, p.some(4))
	p.add("专家论坛", "产业论坛", fmt.Sprint(p.r.between(30, 120)), -1, p.some(0))
}

func (p *prover) projects(s10, s11, s12, s13, s14 bool) {
	stages := 4
	if !s10 {
		stages = 2 // 发榜 and 揭榜 are missing
	}
	p.add("揭榜挂帅项目", "揭榜项目", fmt.Sprint(stages), -1, p.some(0)).subject = "JB" + p.k.No[4:] + fmt.Sprint(p.year)
	for range p.r.between(1, 3) {
		p.paper("科技计划项目申报")
	}
	p.paperIf(s11, "科技计划项目立项")
	talents := p.between(s12, 15, 22, 8, 14)
	for i := range talents {
		p.add("引进创新人才", "引进人才", "", -1, p.some(0)).subject = fmt.Sprintf("RC%s%d%02d", p.k.No[4:], p.year, i)
	}
	if !s12 { // somebody listed again does not make one more
		p.add("引进创新人才", "引进人才", "", -1, p.some(0)).subject = fmt.Sprintf("RC%s%d%02d", p.k.No[4:], p.year, 0)
	}
	p.paper("创新平台共建协议")
	p.paperIf(s13, "创新平台挂牌")
	if s14 {
		p.paper(pick(p.r, []string{"知识产权战略推进计划立项", "高价值专利培育项目立项"}))
	}
}

func (p *prover) growth(s15, s16, s17, s18, s19, b2 bool) {
	p.paper("招商地图")
	invested := p.r.between(10_001, 30_000)
	if !s15 {
		invested = 10_000 // 超1亿元 is more than that
	}
	p.money("招引项目", "招引企业", invested)
	p.paperIf(s16, "团队成果转化新注册企业")
	half := p.between(s17, 151, 260, 90, 150)
	p.money("企业政府项目补贴到账", "上半年到账", half)
	p.money("企业政府项目补贴到账", "下半年到账", half)
	income := p.between(s18, 50, 140, 30, 49)
	p.money("服务收入", "审计报告", income)
	p.money("净利润", "审计报告", p.r.n(20))
	p.paperIf(s19, "引进高新技术企业")
	if b2 {
		p.money("风险投资基金实缴", "基金备案", 10_000)
		p.money("风险投资基金投资", "基金投资", p.r.between(200, 900))
	}
}
