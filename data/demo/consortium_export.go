package demo

import (
	"fmt"

	"citykpi/pipeline/kpi"
)

// consortiumExports are 南通's files: every list once a year, as it stood at the
// year's end; subsidies in the quarter they were paid.
func (c *city) consortiumExports(chars *charset) []export {
	m := c.consortia()
	var files []export
	for _, y := range m.years {
		saved := kpi.YearEnd(y)
		end := dayOf(saved)
		upTo := func(d day) day { // what the list could not know yet is empty
			if d > end {
				return 0
			}
			return d
		}
		name := func(words string) string { return fmt.Sprintf("南通市科技局/%s_%d", words, y) }
		title := fmt.Sprintf("%d年度产业协同创新联合体", y)
		sheetForm := form{xlsx: true, titles: []string{title + "名录"}, numbered: true}
		if rows := filtered(m.all, func(k *consortium) bool { return k.on <= end }); len(rows) > 0 {
			files = append(files, sheet(c, name("产业协同创新联合体名录"), "consortium", saved, sheetForm, chars, rows, consortiumColumns(upTo), func(k *consortium) row { return row{key: k.no} }))
		}
		files = append(files,
			sheet(c, name("联合体成员企业"), "consortium_member", saved, form{encoding: gb18030}, chars, m.firmsOf(y), memberColumns(upTo), func(v membership) row {
				return row{key: v.of.no + v.name, rejected: v.spoiled}
			}),
			sheet(c, name("联合体协同创新团队"), "consortium_team", saved, form{encoding: utf8BOM}, chars, m.expertsOf(y), teamColumns(upTo), func(v teamExpert) row {
				return row{key: v.of.no + v.team + v.no}
			}),
			sheet(c, name("产业科技创新指导委员会委员"), "consortium_committee", saved, form{encoding: utf8BOM}, chars, m.committeesOf(y), committeeColumns(upTo), func(v membership) row {
				return row{key: v.of.no + v.no}
			}),
			sheet(c, name("联合体产学研合同"), "consortium_contract", saved, form{xlsx: true, titles: []string{title + "产学研合同台账", "单位：万元"}, unit: inWan, numbered: true, total: true}, chars,
				filtered(m.contracts, func(v cooperation) bool { return year(v.signed) == y || year(v.signed) == y-1 && v.filed > end-366 }), cooperationColumns(upTo), func(v cooperation) row { return row{key: v.no} }),
			sheet(c, name("联合体合同支付"), "consortium_payment", saved, form{encoding: utf8BOM, unit: inYuan, inHeader: true, total: true}, chars,
				filtered(m.contracts, func(v cooperation) bool { return year(v.paid) == y }), paymentColumns(), func(v cooperation) row { return row{key: v.no} }),
			sheet(c, name("联合体年度佐证"), "consortium_evidence", saved, form{xlsx: true, titles: []string{title + "佐证台账（单位：万元）"}, unit: inWan, numbered: true}, chars,
				filtered(m.proofs, func(v proof) bool { return v.year == y }), proofColumns(), func(v proof) row { return row{key: v.no, rejected: v.spoiled} }),
			sheet(c, name("联合体绩效评价"), "consortium_review", saved, form{encoding: gb18030}, chars, m.verdicts(y), verdictColumns(), func(v verdict) row {
				return row{key: fmt.Sprint(v.of.no, v.year, v.item)}
			}),
		)
	}
	for q, end := range c.ends {
		if rows := filtered(m.grants, func(g grant) bool { return g.on <= end && g.on >= c.start(q) || q == 0 && g.on < c.start(q) }); len(rows) > 0 {
			files = append(files, sheet(c, "南通市财政局/"+c.named("联合体运营补助", q, false), "consortium_subsidy", c.quarter(q).End(),
				form{xlsx: true, titles: []string{"产业协同创新联合体运营补助拨付表", "单位：万元"}, unit: inWan, numbered: true, total: true}, chars, rows, grantColumns(), func(g grant) row { return row{key: g.no} }))
		}
	}
	return files
}

func year(d day) int { return d.date().Year }

func filtered[T any](items []T, keep func(T) bool) []T {
	var list []T
	for _, v := range items {
		if keep(v) {
			list = append(list, v)
		}
	}
	return list
}

// firmsOf lists the members of a year, one with a code that does not check.
func (m *consortia) firmsOf(y int) []membership {
	var list []membership
	for _, k := range m.all {
		list = append(list, filtered(k.members, func(v membership) bool { return k.on <= dayOf(kpi.YearEnd(y)) && year(v.joined) <= y })...)
	}
	bad := m.all[0].members[0]
	bad.name, bad.no, bad.leader, bad.spoiled = "南通示例试加盟有限公司", wrongCheck(bad.no), false, true
	return append(list, bad)
}

func (m *consortia) expertsOf(y int) []teamExpert {
	var list []teamExpert
	for _, k := range m.all {
		list = append(list, filtered(k.teams, func(v teamExpert) bool { return k.on <= dayOf(kpi.YearEnd(y)) && year(v.joined) <= y })...)
	}
	return list
}

func (m *consortia) committeesOf(y int) []membership {
	var list []membership
	for _, k := range m.all {
		list = append(list, filtered(k.committee, func(v membership) bool { return k.on <= dayOf(kpi.YearEnd(y)) && year(v.joined) <= y })...)
	}
	return list
}

// verdict is a line of the experts' table.
type verdict struct {
	of     *consortium
	year   int
	item   string
	on     day
	points string
	reason string
}

func (m *consortia) verdicts(y int) []verdict {
	var list []verdict
	for _, k := range m.all {
		on, ok := k.reviews[y]
		if !ok {
			continue
		}
		list = append(list, verdict{of: k, year: y, item: "总评", on: on})
		for _, item := range ntItems {
			if w, ok := k.years[y].words[item]; ok {
				list = append(list, verdict{k, y, "NT-" + item, on, yuan(int64(w.points), 2), w.reason})
			}
		}
	}
	return list
}

func consortiumColumns(upTo func(day) day) []column[*consortium] {
	return []column[*consortium]{
		{cn: []string{"联合体编号", "编号"}, value: func(k *consortium) cell { return text(k.no) }},
		{cn: []string{"联合体名称"}, value: func(k *consortium) cell { return text(k.name) }},
		{cn: []string{"产业方向", "产业领域"}, share: 90, value: func(k *consortium) cell { return text(k.industry) }},
		{cn: []string{"龙头企业", "牵头企业"}, value: func(k *consortium) cell { return text("南通" + k.leader + "股份有限公司") }},
		{cn: []string{"联合体公司", "运营公司"}, value: func(k *consortium) cell { return text(k.company) }},
		{cn: []string{"统一社会信用代码", "公司信用代码"}, value: func(k *consortium) cell { return text(k.code) }},
		{cn: []string{"公司成立日期", "成立日期"}, value: func(k *consortium) cell { return date(k.on - 60) }},
		{cn: []string{"公司注销日期", "注销日期"}, value: func(k *consortium) cell { return dateOr(upTo(k.shut), false) }},
		{cn: []string{"认定日期", "发文日期"}, value: func(k *consortium) cell { return date(k.on) }},
		{cn: []string{"摘牌日期", "撤销日期"}, value: func(k *consortium) cell { return dateOr(upTo(k.gone), false) }},
		{cn: []string{"所在区", "所属区"}, value: func(k *consortium) cell { return text(ntDistricts[k.district].name) }},
	}
}

func memberColumns(upTo func(day) day) []column[membership] {
	return []column[membership]{
		{cn: []string{"联合体编号", "编号"}, value: func(v membership) cell { return text(v.of.no) }},
		{cn: []string{"成员企业", "企业名称"}, value: func(v membership) cell { return text(v.name) }},
		{cn: []string{"统一社会信用代码", "企业信用代码"}, value: func(v membership) cell { return text(v.no) }},
		{cn: []string{"角色", "成员类型"}, value: func(v membership) cell {
			if v.leader {
				return text("龙头企业")
			}
			return text("成员企业")
		}},
		{cn: []string{"是否建有企业工程技术研究中心", "建有工程技术研究中心"}, value: func(v membership) cell { return yesNo(v.centre) }},
		{cn: []string{"加入日期", "加盟日期"}, value: func(v membership) cell { return date(v.joined) }},
		{cn: []string{"退出日期"}, value: func(v membership) cell { return dateOr(upTo(v.left), false) }},
	}
}

func teamColumns(upTo func(day) day) []column[teamExpert] {
	return []column[teamExpert]{
		{cn: []string{"联合体编号"}, value: func(v teamExpert) cell { return text(v.of.no) }},
		{cn: []string{"团队编号"}, value: func(v teamExpert) cell { return text(v.team) }},
		{cn: []string{"高校院所", "所在高校院所"}, value: func(v teamExpert) cell { return text(v.university) }},
		{cn: []string{"人员编号", "专家编号"}, value: func(v teamExpert) cell { return text(v.no) }},
		{cn: []string{"专家姓名", "姓名"}, value: func(v teamExpert) cell { return text(v.name) }},
		{cn: []string{"是否知名专家挂帅", "知名专家"}, value: func(v teamExpert) cell { return yesNo(v.known) }},
		{cn: []string{"加入日期", "加盟日期"}, value: func(v teamExpert) cell { return date(v.joined) }},
		{cn: []string{"退出日期"}, share: 60, value: func(v teamExpert) cell { return dateOr(upTo(v.left), false) }},
	}
}

func committeeColumns(upTo func(day) day) []column[membership] {
	return []column[membership]{
		{cn: []string{"联合体编号"}, value: func(v membership) cell { return text(v.of.no) }},
		{cn: []string{"人员编号", "专家编号"}, value: func(v membership) cell { return text(v.no) }},
		{cn: []string{"委员姓名", "姓名"}, value: func(v membership) cell { return text(v.name) }},
		{cn: []string{"聘任日期", "受聘日期"}, value: func(v membership) cell { return date(v.joined) }},
		{cn: []string{"离任日期", "解聘日期"}, value: func(v membership) cell { return dateOr(upTo(v.left), false) }},
	}
}

func cooperationColumns(upTo func(day) day) []column[cooperation] {
	return []column[cooperation]{
		{cn: []string{"合同编号", "合同登记编号"}, value: func(v cooperation) cell { return text(v.no) }},
		{cn: []string{"联合体编号"}, value: func(v cooperation) cell { return text(v.of.no) }},
		{cn: []string{"项目名称", "合同名称"}, value: func(v cooperation) cell { return text(v.project) }},
		{cn: []string{"合同类别", "合同类型"}, value: func(v cooperation) cell { return text(contractKinds[v.kind]) }},
		{cn: []string{"企业名称", "立项企业"}, value: func(v cooperation) cell { return text("南通" + v.of.leader + "股份有限公司") }},
		{cn: []string{"高校院所", "揭榜单位"}, value: func(v cooperation) cell { return text("示例理工大学") }},
		{cn: []string{"签订日期", "合同签订日期"}, value: func(v cooperation) cell { return date(v.signed) }},
		{cn: []string{"报备日期", "备案日期"}, value: func(v cooperation) cell { return dateOr(upTo(v.filed), false) }},
		{cn: []string{"合同成交额", "合同金额"}, money: true, value: func(v cooperation) cell { return money(v.amount) }},
		{cn: []string{"管理服务费", "服务费"}, money: true, value: func(v cooperation) cell { return money(v.fee) }},
	}
}

func paymentColumns() []column[cooperation] {
	return []column[cooperation]{
		{cn: []string{"支付凭证号", "凭证号"}, value: func(v cooperation) cell { return text("ZF" + v.no) }},
		{cn: []string{"合同编号", "合同登记编号"}, value: func(v cooperation) cell { return text(v.no) }},
		{cn: []string{"支付日期", "到账日期"}, value: func(v cooperation) cell { return date(v.paid) }},
		{cn: []string{"支付金额", "实际支付金额"}, money: true, value: func(v cooperation) cell { return money(v.pay) }},
	}
}

func proofColumns() []column[proof] {
	return []column[proof]{
		{cn: []string{"佐证编号", "材料编号"}, value: func(v proof) cell { return text(v.no) }},
		{cn: []string{"联合体编号"}, value: func(v proof) cell { return text(v.of.no) }},
		{cn: []string{"评价年度", "年度"}, value: func(v proof) cell { return number(v.year) }},
		{cn: []string{"佐证类别", "佐证事项"}, value: func(v proof) cell { return text(v.kind) }},
		{cn: []string{"对象编号", "人员或企业编号"}, value: func(v proof) cell { return text(v.subject) }},
		{cn: []string{"材料名称", "佐证材料"}, value: func(v proof) cell { return text(v.name) }},
		{cn: []string{"数量", "数值"}, value: func(v proof) cell { return text(v.quantity) }},
		{cn: []string{"金额"}, money: true, value: func(v proof) cell {
			if v.amount < 0 {
				return text("")
			}
			return money(v.amount)
		}},
		{cn: []string{"日期", "完成日期", "形成日期"}, value: func(v proof) cell { return dateOr(v.on, v.spoiled) }},
	}
}

func verdictColumns() []column[verdict] {
	return []column[verdict]{
		{cn: []string{"联合体编号"}, value: func(v verdict) cell { return text(v.of.no) }},
		{cn: []string{"评价年度", "年度"}, value: func(v verdict) cell { return number(v.year) }},
		{cn: []string{"考核项", "评价内容"}, value: func(v verdict) cell { return text(v.item) }},
		{cn: []string{"评价日期", "评审日期"}, value: func(v verdict) cell { return date(v.on) }},
		{cn: []string{"专家调整得分", "调整得分"}, value: func(v verdict) cell { return text(v.points) }},
		{cn: []string{"调整理由", "理由"}, value: func(v verdict) cell { return text(v.reason) }},
	}
}

func grantColumns() []column[grant] {
	return []column[grant]{
		{cn: []string{"支付凭证号", "凭证号"}, value: func(g grant) cell { return text(g.no) }},
		{cn: []string{"联合体编号"}, value: func(g grant) cell { return text(g.of.no) }},
		{cn: []string{"评价年度"}, value: func(g grant) cell { return number(g.year) }},
		{cn: []string{"拨付日期", "支付日期"}, value: func(g grant) cell { return date(g.on) }},
		{cn: []string{"补助金额", "拨付金额"}, money: true, value: func(g grant) cell { return money(g.amount) }},
	}
}
