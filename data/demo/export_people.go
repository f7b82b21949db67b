package demo

import (
	"fmt"

	"citykpi/pipeline/kpi"
)

// firmColumns are the firm's name and code, as every person list has them.
func firmColumns[T any](name, code []string, at func(T) mention) []column[T] {
	return []column[T]{
		{cn: name, value: func(v T) cell { return text(at(v).name) }},
		{cn: code, value: func(v T) cell { return text(at(v).code) }},
	}
}

func personColumns[T any](no, name []string, of func(T) event) []column[T] {
	return []column[T]{
		{cn: no, value: func(v T) cell { return text(of(v).no) }},
		{cn: name, value: func(v T) cell { return text(of(v).person) }},
	}
}

func eventRow(v event) row {
	return row{key: fmt.Sprint(v.no, "|", v.at.name, "|", v.on), rejected: v.rejected(), stranger: v.at.firm < 0, at: v.at}
}

// workbook is the usual form of the smaller lists: titles, 序号 and, at times, 合计.
func (c *city) workbook(q int, title string) form {
	f := form{xlsx: true, titles: []string{title}, numbered: true, total: q%3 == 1}
	if q%2 == 0 {
		f.titles = append(f.titles, "填报日期："+c.quarter(q).End().Chinese())
	}
	return f
}

// peopleExports are the files about persons and agreements of a quarter.
func (c *city) peopleExports(q int, chars *charset) []export {
	end := c.quarter(q).End()
	files := c.placementExports(q, chars)
	if rows := listedIn(c.deputies, q, func(v deputy) int { return v.listed }); len(rows) > 0 {
		files = append(files, sheet(c, "市科技局/"+c.named("技术副总聘任台账", q, false), "technical_deputy", end,
			c.workbook(q, "技术副总聘任情况台账"), chars, rows, deputyColumns(), func(v deputy) row { return eventRow(v.event) }))
	}
	if rows := listedIn(c.professors, q, func(v professorship) int { return v.listed }); len(rows) > 0 {
		files = append(files, sheet(c, "市教育局/"+c.named("产业教授选聘名单", q, q%2 == 1), "industry_professor", end,
			c.workbook(q, "产业教授选聘名单"), chars, rows, professorColumns(), func(v professorship) row {
				line := eventRow(v.event)
				line.key = fmt.Sprint(v.no, "|", v.school.Name, "|", v.on)
				return line
			}))
	}
	if rows := listedIn(c.services, q, func(v service) int { return v.listed }); len(rows) > 0 {
		files = append(files, sheet(c, "市人社局/"+c.named("高校工作团派出台账", q, false), "doctoral_service", end,
			c.workbook(q, "高校工作团派出台账"), chars, rows, serviceColumns(), func(v service) row { return eventRow(v.event) }))
	}
	if rows := listedIn(c.managers, q, func(v manager) int { return v.listed }); len(rows) > 0 {
		files = append(files, sheet(c, "市科技局/"+c.named("技术经理人认定名单", q, true), "technology_manager", end,
			c.workbook(q, "技术经理人认定名单"), chars, rows, managerColumns(), func(v manager) row {
				return row{key: v.certificate, rejected: v.noDate}
			}))
	}
	if rows := listedIn(c.agreements, q, func(v agreement) int { return v.listed }); len(rows) > 0 {
		f := c.workbook(q, "校企协同创新协议台账")
		if q%4 == 3 {
			f = form{encoding: gb18030}
		}
		files = append(files, sheet(c, "市工信局/"+c.named("校企协同创新协议台账", q, false), "school_enterprise_agreement", end, f, chars, rows, agreementColumns(), func(v agreement) row {
			return row{key: v.no + "|" + v.at.name, rejected: v.at.wrong, stranger: v.at.firm < 0, at: v.at}
		}))
	}
	return files
}

// placementUnits file the same list, each for the vocational schools it runs: a city's
// figure has rows of several units. The contract names the first.
var placementUnits = [2]string{"市人社局", "市教育局"}

func (v placement) filer() string {
	code := v.school.Code
	return placementUnits[code[len(code)-1]%2]
}

func (c *city) placementExports(q int, chars *charset) []export {
	rows := listedIn(c.placements, q, func(v placement) int { return v.listed })
	rows = again(stream(c.seed, fmt.Sprint("placements again ", q)), rows, 6)
	var files []export
	for _, unit := range placementUnits {
		if own := filtered(rows, func(v placement) bool { return v.filer() == unit }); len(own) > 0 {
			files = append(files, placementSheet(c, unit+"/"+c.named("技术型人才输送", q, q%3 == 0), c.quarter(q).End(), form{encoding: encoding((q + 1) % 2)}, chars, own))
		}
	}
	return files
}

func placementSheet(c *city, path string, saved kpi.Date, f form, chars *charset, rows []placement) export {
	columns := append(personColumns([]string{"人员编号", "内部编号"}, []string{"姓名"}, func(v placement) event { return v.event }),
		column[placement]{cn: []string{"毕业院校", "职业院校"}, value: func(v placement) cell { return text(v.school.Name) }},
		column[placement]{cn: []string{"学校标识码"}, value: func(v placement) cell { return text(v.school.Code) }})
	columns = append(columns, firmColumns([]string{"用人单位", "用人单位名称", "企业名称"}, []string{"统一社会信用代码", "单位信用代码"}, func(v placement) mention { return v.at })...)
	columns = append(columns,
		column[placement]{cn: []string{"参保日期", "首次参保日期"}, value: func(v placement) cell { return dateOr(v.on, v.noDate) }},
		column[placement]{cn: []string{"职业（工种）", "工种"}, share: 80, value: func(v placement) cell { return text(v.occupation) }},
		column[placement]{cn: []string{"技能等级"}, share: 70, value: func(v placement) cell { return text(v.level) }})
	return sheet(c, path, "skilled_worker_placement", saved, f, chars, rows, columns,
		func(v placement) row { return eventRow(v.event) })
}

func deputyColumns() []column[deputy] {
	columns := append(personColumns([]string{"人员编号"}, []string{"姓名", "专家姓名"}, func(v deputy) event { return v.event }),
		column[deputy]{cn: []string{"高校", "所在高校", "派出高校"}, value: func(v deputy) cell { return text(v.school.Name) }},
		column[deputy]{cn: []string{"学校标识码"}, share: 60, value: func(v deputy) cell { return text(v.school.Code) }})
	columns = append(columns, firmColumns([]string{"受聘企业", "企业名称"}, []string{"统一社会信用代码", "企业信用代码"}, func(v deputy) mention { return v.at })...)
	return append(columns,
		column[deputy]{cn: []string{"签约日期", "聘任日期"}, value: func(v deputy) cell { return dateOr(v.on, v.noDate) }},
		column[deputy]{cn: []string{"聘期起", "聘期开始"}, value: func(v deputy) cell { return date(v.on + termFrom) }},
		column[deputy]{cn: []string{"聘期止", "聘期结束"}, value: func(v deputy) cell { return date(v.on + termTo) }},
		column[deputy]{cn: []string{"是否续聘"}, value: func(v deputy) cell { return text(v.renewal) }})
}

func professorColumns() []column[professorship] {
	columns := append(personColumns([]string{"人员编号"}, []string{"姓名"}, func(v professorship) event { return v.event }),
		column[professorship]{cn: []string{"选聘高校", "高校"}, value: func(v professorship) cell { return text(v.school.Name) }})
	columns = append(columns, firmColumns([]string{"所在企业", "企业名称"}, []string{"统一社会信用代码", "企业信用代码"}, func(v professorship) mention { return v.at })...)
	return append(columns,
		column[professorship]{cn: []string{"聘任日期", "选聘日期"}, value: func(v professorship) cell { return dateOr(v.on, v.noDate) }},
		column[professorship]{cn: []string{"聘期止", "聘期结束"}, share: 70, value: func(v professorship) cell { return date(v.on.threeYears()) }})
}

func serviceColumns() []column[service] {
	roles := [][]string{doctoralStudent: {"在校博士研究生", "博士研究生"}, youngTeacher: {"青年教师"}, otherRole: {"其他"}}
	columns := append(personColumns([]string{"人员编号"}, []string{"姓名"}, func(v service) event { return v.event }),
		column[service]{cn: []string{"身份", "人员类别"}, value: func(v service) cell { return text(roles[v.role][int(v.on)%len(roles[v.role])]) }},
		column[service]{cn: []string{"高校", "所在高校"}, value: func(v service) cell { return text(v.school.Name) }})
	columns = append(columns, firmColumns([]string{"服务企业", "企业名称"}, []string{"统一社会信用代码", "企业信用代码"}, func(v service) mention { return v.at })...)
	return append(columns,
		column[service]{cn: []string{"服务开始日期", "开始日期"}, value: func(v service) cell { return dateOr(v.on, v.noDate) }},
		column[service]{cn: []string{"服务结束日期", "结束日期"}, value: func(v service) cell { return date(v.ended) }})
}

func managerColumns() []column[manager] {
	return []column[manager]{
		{cn: []string{"证书编号"}, value: func(v manager) cell { return text(v.certificate) }},
		{cn: []string{"人员编号"}, value: func(v manager) cell { return text(v.no) }},
		{cn: []string{"姓名"}, value: func(v manager) cell { return text(v.person) }},
		{cn: []string{"培训结业日期", "培训日期"}, value: func(v manager) cell { return date(v.trained) }},
		{cn: []string{"认定日期"}, value: func(v manager) cell { return dateOr(v.on, v.noDate) }},
		{cn: []string{"等级", "认定等级"}, share: 80, value: func(v manager) cell { return text(v.level) }},
		{cn: []string{"所在单位", "工作单位"}, value: func(v manager) cell { return text(v.employer) }},
		{cn: []string{"所属区", "所属区（园区）"}, value: func(v manager) cell { return text(v.district) }},
	}
}

func agreementColumns() []column[agreement] {
	columns := []column[agreement]{
		{cn: []string{"协议编号"}, value: func(v agreement) cell { return text(v.no) }},
		{cn: []string{"高校名称", "高校"}, value: func(v agreement) cell { return text(v.school.Name) }},
		{cn: []string{"学校标识码", "高校标识码"}, value: func(v agreement) cell { return text(v.school.Code) }},
	}
	columns = append(columns, firmColumns([]string{"企业名称", "合作企业"}, []string{"统一社会信用代码", "企业信用代码"}, func(v agreement) mention { return v.at })...)
	return append(columns,
		column[agreement]{cn: []string{"签订日期", "签约日期"}, value: func(v agreement) cell { return date(v.on) }},
		column[agreement]{cn: []string{"有效期至", "协议有效期至"}, share: 80, value: func(v agreement) cell { return date(v.validTo) }},
		column[agreement]{cn: []string{"合作领域", "参与环节"}, value: func(v agreement) cell { return text(v.subject) }},
		column[agreement]{cn: []string{"是否采用知识产权条款指引", "采用知识产权条款指引"}, value: func(v agreement) cell { return text(v.guideline) }})
}
