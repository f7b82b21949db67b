package demo

import "fmt"

// schemeExports are the ledgers of funds, licences, income, libraries and firms; handed is
// the quarter of the files before these.
func (c *city) schemeExports(q, handed int, chars *charset) []export {
	files := append(c.fundExports(q, chars), c.firmExports(q, chars)...)
	files = append(files, c.achievementExports(q, chars)...)
	return append(files, c.libraryExport(q, handed, chars)...)
}

func (c *city) fundExports(q int, chars *charset) []export {
	v := &c.conversion
	funds := listedIn(v.funds, q, func(f njFund) int { return c.handedIn(f.on) })
	if len(funds) > 0 { // more has been paid in than was promised: rejected
		funds = append(funds, njFund{no: "JJ9001", name: "南京示例" + fundConcept + "（待核）", kind: fundConcept, on: c.ends[q] - 5, committed: yi, paid: 2 * yi})
	}
	files := ledgerExport(c, q, "市委金融办/产业基金备案台账", "industry_fund", c.inWanBook(q, "产业基金备案台账"), chars, funds, []column[njFund]{
		{cn: []string{"基金备案编号", "备案编号"}, value: func(f njFund) cell { return text(f.no) }},
		{cn: []string{"基金名称"}, value: func(f njFund) cell { return text(f.name) }},
		{cn: []string{"基金类别", "类别"}, value: func(f njFund) cell { return text(f.kind) }},
		{cn: []string{"备案日期", "设立日期"}, value: func(f njFund) cell { return date(f.on) }},
		{cn: []string{"认缴规模", "基金规模"}, money: true, value: func(f njFund) cell { return money(f.committed) }},
		{cn: []string{"到位资金", "实缴资金"}, money: true, value: func(f njFund) cell { return money(f.paid) }},
	}, func(f njFund) row { return row{key: f.no, rejected: f.paid > f.committed} })
	columns := []column[njInvestment]{
		{cn: []string{"投资编号"}, value: func(i njInvestment) cell { return text(i.no) }},
		{cn: []string{"基金备案编号", "出资基金编号"}, value: func(i njInvestment) cell { return text(v.funds[i.fund].no) }},
		{cn: []string{"项目名称", "投资项目"}, value: func(i njInvestment) cell { return text(i.project) }},
		{cn: []string{"所属区", "所在区"}, value: func(i njInvestment) cell { return text(i.district) }},
		{cn: []string{"投资日期", "出资日期"}, value: func(i njInvestment) cell { return date(i.on) }},
		{cn: []string{"投资金额", "出资金额"}, money: true, value: func(i njInvestment) cell { return money(i.amount) }},
		{cn: []string{"是否校企合作项目", "校企合作项目"}, value: func(i njInvestment) cell { return text(i.joint) }},
		{cn: []string{"是否示范项目", "示范项目"}, value: func(i njInvestment) cell { return text(i.model) }},
	}
	columns = append(columns, firmColumns([]string{"被投企业", "企业名称"}, []string{"统一社会信用代码", "企业信用代码"}, func(i njInvestment) mention { return i.at })...)
	return append(files, ledgerExport(c, q, "市委金融办/基金投资台账", "fund_investment", form{encoding: utf8BOM, unit: inWan, inHeader: true}, chars,
		listedIn(v.investments, q, func(i njInvestment) int { return c.handedIn(i.on) }), columns, func(i njInvestment) row { return row{key: i.no} })...)
}

// achievementExports are licences of patents, income and terms agreed with inventors.
func (c *city) achievementExports(q int, chars *charset) []export {
	v := &c.conversion
	files := ledgerExport(c, q, "市市场监管局/专利开放许可台账", "open_licence", c.inWanBook(q, "专利开放许可台账"), chars,
		listedIn(v.licences, q, func(l njLicence) int { return c.handedIn(l.on) }), []column[njLicence]{
			{cn: []string{"声明或备案编号", "登记编号"}, value: func(l njLicence) cell { return text(l.no) }},
			{cn: []string{"记录类别", "类别"}, value: func(l njLicence) cell {
				if l.licensee == "" {
					return text("开放许可声明")
				}
				return text("许可合同备案")
			}},
			{cn: []string{"专利号"}, value: func(l njLicence) cell { return text(l.patent) }},
			{cn: []string{"专利权人"}, value: func(l njLicence) cell { return text(l.holder.Name) }},
			{cn: []string{"被许可人"}, value: func(l njLicence) cell { return text(l.licensee) }},
			{cn: []string{"公告或备案日期", "登记日期"}, value: func(l njLicence) cell { return date(l.on) }},
			{cn: []string{"许可费"}, money: true, value: func(l njLicence) cell {
				if l.licensee == "" {
					return text("")
				}
				return money(l.fee)
			}},
		}, func(l njLicence) row { return row{key: l.no} })
	incomes := listedIn(v.incomes, q, func(i njIncome) int { return c.handedIn(i.on) })
	if len(incomes) > 0 { // gross income entered as reward: rejected
		bad := incomes[0]
		bad.no, bad.reward = bad.no+"B", bad.net+1_000_000
		incomes = append(incomes, bad)
	}
	files = append(files, ledgerExport(c, q, "市科技局/职务科技成果转化收益分配台账", "conversion_income", form{encoding: gb18030, unit: inYuan, inHeader: true}, chars, incomes, []column[njIncome]{
		{cn: []string{"分配编号"}, value: func(i njIncome) cell { return text(i.no) }},
		{cn: []string{"成果单位", "单位名称"}, value: func(i njIncome) cell { return text(i.unit) }},
		{cn: []string{"成果名称"}, value: func(i njIncome) cell { return text(i.achievement) }},
		{cn: []string{"分配日期"}, value: func(i njIncome) cell { return date(i.on) }},
		{cn: []string{"是否就地转化", "就地转化"}, value: func(i njIncome) cell { return yesNo(i.local) }},
		{cn: []string{"转化净收益", "净收益"}, money: true, value: func(i njIncome) cell { return money(i.net) }},
		{cn: []string{"奖励团队和贡献人员金额", "奖励金额"}, money: true, value: func(i njIncome) cell { return money(i.reward) }},
	}, func(i njIncome) row { return row{key: i.no, rejected: i.reward > i.net} })...)
	return append(files, ledgerExport(c, q, "市科技局/职务科技成果赋权台账", "empowerment", c.workbook(q, "职务科技成果赋权台账"), chars,
		listedIn(v.empowerments, q, func(e njEmpowerment) int { return c.handedIn(e.on) }), []column[njEmpowerment]{
			{cn: []string{"赋权协议编号", "协议编号"}, value: func(e njEmpowerment) cell { return text(e.no) }},
			{cn: []string{"试点单位", "单位名称"}, value: func(e njEmpowerment) cell { return text(e.unit) }},
			{cn: []string{"成果名称"}, value: func(e njEmpowerment) cell { return text(e.achievement) }},
			{cn: []string{"赋权方式", "方式"}, value: func(e njEmpowerment) cell {
				if e.years == 0 {
					return text("所有权")
				}
				return text("长期使用权")
			}},
			{cn: []string{"使用权年限", "使用权年限（年）"}, value: func(e njEmpowerment) cell {
				if e.years == 0 {
					return text("")
				}
				return number(e.years)
			}},
			{cn: []string{"协议签订日期", "签订日期"}, value: func(e njEmpowerment) cell { return date(e.on) }},
		}, func(e njEmpowerment) row { return row{key: e.no} })...)
}

// libraryExport lists what entered since the file before, and again what left since.
func (c *city) libraryExport(q, handed int, chars *charset) []export {
	end := c.ends[q]
	var entries []njEntry
	for _, e := range c.conversion.entries {
		leaves := e.left != 0 && handed >= 0 && e.on <= c.ends[handed] && e.left > c.ends[handed] && e.left <= end
		if c.handedIn(e.on) == q || leaves {
			entries = append(entries, e)
		}
	}
	return ledgerExport(c, q, "市工信局/成果库与需求库条目", "technology_library", form{encoding: utf8BOM}, chars, entries, []column[njEntry]{
		{cn: []string{"条目编号", "入库编号"}, value: func(e njEntry) cell { return text(e.no) }},
		{cn: []string{"条目类别", "类别"}, value: func(e njEntry) cell { return text(e.kind) }},
		{cn: []string{"条目名称", "名称"}, value: func(e njEntry) cell { return text(e.title) }},
		{cn: []string{"提供单位", "单位名称"}, value: func(e njEntry) cell { return text(e.owner) }},
		{cn: []string{"入库日期"}, value: func(e njEntry) cell { return date(e.on) }},
		{cn: []string{"出库日期"}, value: func(e njEntry) cell { return shown(e.left, end) }},
	}, func(e njEntry) row { return row{key: e.no} })
}

// firmExports are firms brought up by institutions, put forward for titles, or founded by universities.
func (c *city) firmExports(q int, chars *charset) []export {
	v := &c.conversion
	name, code := []string{"企业名称"}, []string{"统一社会信用代码", "企业信用代码"}
	files := ledgerExport(c, q, "市科技局/新型研发机构孵化引进企业台账", "incubated_enterprise", c.workbook(q, "新型研发机构孵化引进企业台账"), chars,
		listedIn(v.incubated, q, func(i njIncubated) int { return c.handedIn(i.on) }), append([]column[njIncubated]{
			{cn: []string{"新型研发机构", "机构名称"}, value: func(i njIncubated) cell { return text(i.institution) }},
			{cn: []string{"方式", "引进或孵化"}, value: func(i njIncubated) cell { return text(i.manner) }},
			{cn: []string{"入库日期", "登记日期"}, value: func(i njIncubated) cell { return date(i.on) }},
			{cn: []string{"所属区", "所在区"}, value: func(i njIncubated) cell { return text(i.district) }},
		}, firmColumns(append([]string{"孵化企业"}, name...), code, func(i njIncubated) mention { return i.at })...), func(i njIncubated) row {
			return row{key: fmt.Sprint(i.institution, "|", i.at.name), stranger: i.at.firm < 0, at: i.at}
		})
	files = append(files, ledgerExport(c, q, "市工信局/优质企业推荐申报台账", "tier_application", form{encoding: gb18030}, chars,
		listedIn(v.applications, q, func(a njApplication) int { return c.handedIn(a.on) }), append([]column[njApplication]{
			{cn: []string{"推荐编号", "申报编号"}, value: func(a njApplication) cell { return text(a.no) }},
			{cn: []string{"申报类别", "申报层级"}, value: func(a njApplication) cell {
				if a.giant {
					return text("专精特新“小巨人”企业")
				}
				return text("专精特新中小企业")
			}},
			{cn: []string{"推荐日期"}, value: func(a njApplication) cell { return date(a.on) }},
			{cn: []string{"所属区", "所在区"}, value: func(a njApplication) cell { return text(a.district) }},
			{cn: []string{"是否校企合作企业", "校企合作企业"}, value: func(a njApplication) cell { return yesNo(a.cooperating) }},
			{cn: []string{"是否与高校联合攻关", "联合攻关"}, value: func(a njApplication) cell { return yesNo(a.joint) }},
		}, firmColumns(append([]string{"申报企业"}, name...), code, func(a njApplication) mention { return a.at })...), func(a njApplication) row { return row{key: a.no} })...)
	return append(files, ledgerExport(c, q, "市科技局/高校科技成果转化创办企业台账", "university_spinoff", c.workbook(q, "高校科技成果转化创办企业台账"), chars,
		listedIn(v.spinoffs, q, func(s njSpinoff) int { return c.handedIn(s.on) }), []column[njSpinoff]{
			{cn: []string{"高校", "所在高校"}, value: func(s njSpinoff) cell { return text(s.school.Name) }},
			{cn: []string{"创办企业", "企业名称"}, value: func(s njSpinoff) cell { return text(s.firm) }},
			{cn: []string{"成立日期", "创办日期"}, value: func(s njSpinoff) cell { return date(s.on) }},
			{cn: []string{"所属区", "所在区"}, value: func(s njSpinoff) cell { return text(districts[s.region].name) }},
		}, func(s njSpinoff) row { return row{key: s.firm} })...)
}
