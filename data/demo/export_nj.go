package demo

import "fmt"

// shown is the day if a file of that end could know it, else an empty cell.
func shown(d, end day) cell {
	if d == 0 || d > end {
		return text("")
	}
	return date(d)
}

func yesNo(b bool) cell {
	if b {
		return text("是")
	}
	return text("否")
}

// inWanBook is a workbook whose title states 万元.
func (c *city) inWanBook(q int, title string) form {
	f := c.workbook(q, title)
	f.titles, f.unit = append(f.titles, "单位：万元"), inWan
	return f
}

// conversionExports are the ledgers of conversion that are handed in at the end of a
// quarter: all that happened since they were handed in before.
func (c *city) conversionExports(q int, chars *charset) []export {
	handed := -1
	for _, at := range c.conversion.filesPerTopic {
		if at < q {
			handed = at
		} else if at == q {
			return append(append(c.rollExports(q, chars), c.schemeExports(q, handed, chars)...), c.officeExports(q, chars)...)
		}
	}
	return nil
}

// ledgerExport makes one topic's file; none where nothing is to be told.
func ledgerExport[T any](c *city, q int, path, source string, f form, chars *charset, items []T, columns []column[T], one func(T) row) []export {
	if len(items) == 0 {
		return nil
	}
	return []export{sheet(c, c.named(path, q, false), source, c.quarter(q).End(), f, chars, items, columns, one)}
}

// rollExports are whole rolls: universities, streets, and the lists of large industry.
func (c *city) rollExports(q int, chars *charset) []export {
	v, end := &c.conversion, c.ends[q]
	var known []njUniversity
	for _, u := range v.universities {
		if u.listed <= end {
			known = append(known, u)
		}
	}
	known = append(known, njUniversity{school: School{Code: "413201", Name: "南京示例筹建学院"}, listed: end - 100}) // its code is too short
	files := ledgerExport(c, q, "市教育局/在宁高校制度与专区台账", "university_measure", c.workbook(q, "在宁高校制度与专区台账"), chars, known, []column[njUniversity]{
		{cn: []string{"学校标识码", "高校标识码"}, value: func(u njUniversity) cell { return text(u.school.Code) }},
		{cn: []string{"高校名称", "学校名称"}, value: func(u njUniversity) cell { return text(u.school.Name) }},
		{cn: []string{"列入名单日期", "列入日期"}, value: func(u njUniversity) cell { return date(u.listed) }},
		{cn: []string{"职称评定绿色通道制度出台日期", "科研评价改革制度出台日期"}, value: func(u njUniversity) cell { return shown(u.reform, end) }},
		{cn: []string{"成果报告披露制度出台日期", "披露制度出台日期"}, value: func(u njUniversity) cell { return shown(u.disclosure, end) }},
		{cn: []string{"宣传专区设立日期", "专区设立日期"}, value: func(u njUniversity) cell { return shown(u.zoneFrom, end) }},
		{cn: []string{"宣传专区撤销日期", "专区撤销日期"}, value: func(u njUniversity) cell { return shown(u.zoneTo, end) }},
	}, func(u njUniversity) row { return row{key: u.school.Code, rejected: len(u.school.Code) != 10} })
	files = append(files, ledgerExport(c, q, "市工信局/街镇企业服务中心名录", "service_centre", form{encoding: gb18030}, chars, v.streets, []column[njStreet]{
		{cn: []string{"街镇代码", "街道代码"}, value: func(s njStreet) cell { return text(s.code) }},
		{cn: []string{"街镇名称", "街道（镇）"}, value: func(s njStreet) cell { return text(s.name) }},
		{cn: []string{"所属区", "所在区"}, value: func(s njStreet) cell { return text(districts[s.region].name) }},
		{cn: []string{"列入名录日期", "列入日期"}, value: func(s njStreet) cell { return date(s.listed) }},
		{cn: []string{"服务中心设立日期", "设立日期"}, value: func(s njStreet) cell { return shown(s.opened, end) }},
		{cn: []string{"服务中心撤销日期", "撤销日期"}, value: func(s njStreet) cell { return shown(s.closed, end) }},
	}, func(s njStreet) row { return row{key: s.code} })...)
	files = append(files, ledgerExport(c, q, "市统计局/规上工业企业名录", "large_industry", form{encoding: utf8BOM}, chars, listedIn(v.large, q, func(l njLarge) int { return c.handedIn(c.ends[l.q]) }), []column[njLarge]{
		{cn: []string{"年份", "统计年度"}, value: func(l njLarge) cell { return number(l.year) }},
		{cn: []string{"统一社会信用代码", "信用代码"}, value: func(l njLarge) cell { return text(c.code(l.firm)) }},
		{cn: []string{"企业名称", "单位名称"}, value: func(l njLarge) cell { return text(l.name) }},
		{cn: []string{"所属区", "所在区"}, value: func(l njLarge) cell { return text(l.district) }},
	}, func(l njLarge) row { return row{key: fmt.Sprint(l.year, "|", l.firm)} })...)
	var standing []njInstitution // those of this file, and those revoked since the one before
	for _, i := range v.institutions {
		if c.handedIn(i.filed) == q || i.revoked != 0 && c.handedIn(i.revoked) == q {
			standing = append(standing, i)
		}
	}
	return append(files, ledgerExport(c, q, "市科技局/企业研发机构备案台账", "rd_institution", c.workbook(q, "企业研发机构备案台账"), chars, standing, append([]column[njInstitution]{
		{cn: []string{"备案编号"}, value: func(i njInstitution) cell { return text(i.no) }},
		{cn: []string{"备案日期"}, value: func(i njInstitution) cell { return date(i.filed) }},
		{cn: []string{"撤销备案日期", "撤销日期"}, value: func(i njInstitution) cell { return shown(i.revoked, end) }},
	}, firmColumns([]string{"企业名称", "依托企业"}, []string{"统一社会信用代码", "企业信用代码"}, func(i njInstitution) mention { return i.at })...),
		func(i njInstitution) row { return row{key: i.no, stranger: i.at.firm < 0, at: i.at} })...)
}

// officeExports are the office's ledgers of activities and milestones.
func (c *city) officeExports(q int, chars *charset) []export {
	v := &c.conversion
	count := func(n int) cell {
		if n < 0 {
			return text("")
		}
		return number(n)
	}
	files := ledgerExport(c, q, "领导小组办公室/示范城市与贯通式转化事项活动台账", "policy_activity", c.inWanBook(q, "政策事项活动台账"), chars,
		listedIn(v.activities, q, func(a njActivity) int { return c.handedIn(a.on) }), []column[njActivity]{
			{cn: []string{"活动编号", "记录编号"}, value: func(a njActivity) cell { return text(a.no) }},
			{cn: []string{"事项编号", "指标编号"}, value: func(a njActivity) cell { return text(a.id) }},
			{cn: []string{"活动名称", "内容"}, value: func(a njActivity) cell { return text(a.name) }},
			{cn: []string{"活动类型", "类型"}, share: 80, value: func(a njActivity) cell { return text(a.kind) }},
			{cn: []string{"举办日期", "完成日期", "日期"}, value: func(a njActivity) cell { return dateOr(a.on, a.noDate) }},
			{cn: []string{"主办单位", "责任单位"}, value: func(a njActivity) cell { return text(a.host) }},
			{cn: []string{"参与企业数", "企业数"}, share: 70, value: func(a njActivity) cell { return count(a.enterprises) }},
			{cn: []string{"签约数", "对接数"}, value: func(a njActivity) cell { return count(a.signed) }},
			{cn: []string{"金额", "签约金额"}, money: true, value: func(a njActivity) cell {
				if a.amount < 0 {
					return text("")
				}
				return money(a.amount)
			}},
		}, func(a njActivity) row { return row{key: a.no, rejected: a.noDate} })
	stages := listedIn(v.milestones, q, func(m njMilestone) int { return c.handedIn(m.on) })
	if len(stages) > 0 { // a word the ledger does not know
		stages = append(stages, njMilestone{id: "NJGT-017", stage: "拟启动", evidence: "“编制池”试点设想", on: c.ends[q], rank: -1})
	}
	return append(files, ledgerExport(c, q, "领导小组办公室/示范城市与贯通式转化事项进展台账", "policy_progress", c.workbook(q, "政策事项进展台账"), chars, stages, []column[njMilestone]{
		{cn: []string{"事项编号", "指标编号"}, value: func(m njMilestone) cell { return text(m.id) }},
		{cn: []string{"进展", "进展情况", "阶段"}, value: func(m njMilestone) cell { return text(m.stage) }},
		{cn: []string{"达到日期", "日期"}, value: func(m njMilestone) cell { return date(m.on) }},
		{cn: []string{"依据", "依据文件", "佐证材料"}, value: func(m njMilestone) cell { return text(m.evidence) }},
	}, func(m njMilestone) row {
		return row{key: fmt.Sprint(m.id, "|", m.rank, "|", m.on), rejected: m.rank < 0}
	})...)
}
