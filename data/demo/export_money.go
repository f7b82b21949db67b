package demo

import "citykpi/pipeline/kpi"

// moneyExports are a quarter's technology contracts and award payouts.
func (c *city) moneyExports(q int, chars *charset) []export {
	end := c.quarter(q).End()
	var files []export
	if rows := listedIn(c.contracts, q, func(v contract) int { return v.listed }); len(rows) > 0 {
		files = append(files, contractSheet(c, c.named("技术合同登记", q, false), end, c.contractForm(q), chars, rows))
	}
	if rows := listedIn(c.payouts, q, func(v payout) int { return v.listed }); len(rows) > 0 {
		f := form{xlsx: true, titles: []string{c.quarter(q).Chinese() + "奖补资金兑付情况表"}, numbered: true, total: true, unit: inWan}
		switch q % 3 {
		case 0:
			f.titles = append(f.titles, "单位：万元")
		case 1:
			f.titles[0] += "（单位：元）"
			f.unit = inYuan
		case 2:
			f.inHeader = true
		}
		files = append(files, sheet(c, "市财政局/"+c.named("奖补兑付", q, false), "award_payout", end, f, chars, rows, payoutColumns(), func(v payout) row {
			return row{key: v.no}
		}))
	}
	return files
}

func contractSheet(c *city, name string, saved kpi.Date, f form, chars *charset, rows []contract) export {
	return sheet(c, "市科技局/"+name, "tech_contract", saved, f, chars, rows, contractColumns(), func(v contract) row {
		return row{key: v.no, rejected: v.rejected()}
	})
}

// contractForm turns over the ways the contract registry has been exported.
func (c *city) contractForm(q int) form {
	switch q % 4 {
	case 0:
		return form{encoding: utf8BOM, unit: inWan, inHeader: true}
	case 1:
		return form{encoding: gb18030, unit: inYuan, inHeader: true}
	case 2:
		return form{xlsx: true, titles: []string{c.quarter(q).Chinese() + "技术合同认定登记明细", "单位：万元"}, unit: inWan, numbered: true, total: true}
	}
	return form{encoding: utf8BOM, unit: inYuan, inHeader: true}
}

func contractColumns() []column[contract] {
	columns := []column[contract]{
		{cn: []string{"合同登记编号", "合同编号"}, value: func(v contract) cell { return text(v.no) }},
		{cn: []string{"项目名称", "合同名称"}, value: func(v contract) cell { return text(v.project) }},
		{cn: []string{"合同类别", "合同类型"}, value: func(v contract) cell { return text(contractKinds[v.kind]) }},
		{cn: []string{"合同签订日期", "签订日期"}, value: func(v contract) cell { return date(v.signed) }},
		{cn: []string{"登记日期", "认定登记日期"}, value: func(v contract) cell { return date(v.on) }},
	}
	columns = append(columns, firmColumns([]string{"卖方名称", "卖方"}, []string{"卖方统一社会信用代码", "卖方信用代码"}, func(v contract) mention { return v.seller })...)
	columns = append(columns, column[contract]{cn: []string{"卖方所属区", "卖方行政区划"}, value: func(v contract) cell { return text(v.district) }})
	columns = append(columns, firmColumns([]string{"买方名称", "买方"}, []string{"买方统一社会信用代码", "买方信用代码"}, func(v contract) mention { return v.buyer })...)
	return append(columns,
		column[contract]{cn: []string{"买方行政区划代码", "买方所在地区代码"}, share: 80, value: func(v contract) cell { return text(v.buyerRegion) }},
		column[contract]{cn: []string{"技术领域"}, share: 90, value: func(v contract) cell { return text(v.field) }},
		column[contract]{cn: []string{"合同成交总金额", "合同成交金额", "合同金额"}, money: true, value: func(v contract) cell { return moneyOr(v.amount, v.foreign[0]) }},
		column[contract]{cn: []string{"技术交易额", "技术交易金额"}, money: true, value: func(v contract) cell { return moneyOr(v.technical, v.foreign[1]) }})
}

func payoutColumns() []column[payout] {
	columns := []column[payout]{
		{cn: []string{"支付凭证号", "兑付编号"}, value: func(v payout) cell { return text(v.no) }},
		{cn: []string{"兑付日期", "拨付日期", "支付日期"}, value: func(v payout) cell { return date(v.on) }},
		{cn: []string{"政策条款", "条款", "奖补事项"}, value: func(v payout) cell { return text(v.article) }},
		{cn: []string{"规则编号", "政策事项编号"}, share: 60, value: func(v payout) cell { return text(v.rule) }},
		{cn: []string{"项目编号", "项目（平台）编号"}, value: func(v payout) cell { return text(v.subject) }},
	}
	columns = append(columns, firmColumns([]string{"单位名称", "公司名称", "企业名称"}, []string{"统一社会信用代码", "信用代码"}, func(v payout) mention { return v.payee })...)
	return append(columns,
		column[payout]{cn: []string{"所属区", "区"}, value: func(v payout) cell { return text(v.district) }},
		column[payout]{cn: []string{"项目名称", "认定类型"}, value: func(v payout) cell { return text(v.project) }},
		column[payout]{cn: []string{"批次"}, value: func(v payout) cell { return text(v.batch) }},
		column[payout]{cn: []string{"奖补金额", "拟奖补金额", "补贴金额", "兑付金额"}, money: true, value: func(v payout) cell { return money(v.amount) }},
		column[payout]{cn: []string{"资金层级", "承担层级"}, value: func(v payout) cell { return text(v.share) }},
		column[payout]{cn: []string{"备注"}, share: 40, value: func(payout) cell { return text("") }})
}
