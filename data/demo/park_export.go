package demo

import (
	"fmt"
	"slices"

	"citykpi/pipeline/kpi"
)

// parkFiles are the files one source of the plan comes in.
type parkFiles[T any] struct {
	path, source, title string
	rows                []T
	listed              func(T) int
	in                  func(q int) int  // the quarter whose file carries what is listed in q
	form                func(q int) form // nil: a workbook
	columns             []column[T]
	row                 func(T) row
}

func (p parkFiles[T]) exports(c *city, chars *charset) []export {
	byFile := make([][]T, len(c.ends))
	for _, v := range p.rows {
		q := p.in(p.listed(v))
		byFile[q] = append(byFile[q], v)
	}
	var files []export
	for q, rows := range byFile {
		if len(rows) == 0 {
			continue
		}
		f := c.workbook(q, p.title)
		if p.form != nil {
			f = p.form(q)
		}
		files = append(files, sheet(c, c.named(p.path, q, false), p.source, c.quarter(q).End(), f, chars, rows, p.columns, p.row))
	}
	return files
}

// Small ledgers come when the plan begins and at the end, registers once a year until then.
func (c *city) eachQuarter(q int) int { return q }

// afterTheDeadline: nobody filed the quarter in which the joint plans were due, and what was done in it
// stands in the next file. Whether the deadline was kept is not known.
func (c *city) afterTheDeadline(q int) int {
	if c.quarter(q) == (kpi.Quarter{Year: 2026, N: 2}) && q+1 < len(c.ends) {
		return q + 1
	}
	return q
}

func (c *city) atBothEnds(q int) int {
	if q <= c.parks.begins {
		return c.parks.begins
	}
	return len(c.ends) - 1
}

func (c *city) byYear(q int) int {
	last := len(c.ends) - 1
	if c.parks.begins >= 0 && q > c.parks.begins {
		return q
	}
	for q < last && c.quarter(q).N < 4 {
		q++
	}
	return q
}

// parkExports are the files of the “双高协同” plan.
func (c *city) parkExports(chars *charset) []export {
	h := &c.parks
	files := c.platformExports(chars)
	files = append(files, c.revenueExports(chars)...)
	if h.begins < 0 {
		return files
	}
	files = append(files, parkFiles[park]{path: "市科技局/重点园区名录", source: "park", title: "南京市重点园区名录", rows: h.list,
		listed: func(park) int { return h.begins }, in: c.eachQuarter, columns: parkColumns(), row: func(v park) row { return row{key: v.code} }}.exports(c, chars)...)
	files = append(files, c.itemExports(chars)...)
	files = append(files, parkFiles[parkTask]{path: "市科技局/试点任务清单", source: "park_task", title: "“双高协同”试点任务清单", rows: h.tasks,
		listed: func(v parkTask) int { return v.listed }, in: c.eachQuarter, columns: c.taskColumns(), row: func(v parkTask) row { return row{key: fmt.Sprint(v.no, "|", v.on)} }}.exports(c, chars)...)
	files = append(files, c.reformExports(chars)...)
	files = append(files, c.clusterExports(chars)...)
	files = append(files, parkFiles[deed]{path: "领导小组办公室/双高协同事项活动台账", source: "policy_activity", title: "“双高协同”事项活动台账", rows: h.deeds,
		listed: func(v deed) int { return v.listed }, in: c.eachQuarter, columns: deedColumns(), row: func(v deed) row { return row{key: v.no, rejected: v.spoiled} },
		form: func(q int) form {
			return form{xlsx: true, titles: []string{"“双高协同”事项活动台账"}, numbered: true, total: true, unit: inWan, inHeader: true}
		}}.exports(c, chars)...)
	return append(files, parkFiles[stage]{path: "领导小组办公室/双高协同事项进展台账", source: "policy_progress", title: "“双高协同”事项进展台账", rows: h.stages,
		listed: func(v stage) int { return v.listed }, in: c.atBothEnds, columns: stageColumns(), row: func(v stage) row { return row{key: fmt.Sprint(v.id, v.reached, v.on)} },
		form: func(q int) form { return form{encoding: gb18030} }}.exports(c, chars)...)
}

func parkColumns() []column[park] {
	return []column[park]{
		{cn: []string{"园区代码", "园区编号"}, value: func(v park) cell { return text(v.code) }},
		{cn: []string{"园区名称", "重点园区"}, value: func(v park) cell { return text(v.name) }},
		{cn: []string{"类别", "批次"}, value: func(v park) cell {
			if v.pilot {
				return text("省级试点")
			}
			return text("市级试行")
		}},
		{cn: []string{"所在区", "所属区"}, value: func(v park) cell { return text(districts[v.district].name) }},
		{cn: []string{"纳入日期", "批复日期"}, value: func(v park) cell { return date(v.listed) }},
		{cn: []string{"主导产业", "主导产业方向"}, share: 80, value: func(v park) cell { return text(v.industry) }},
	}
}

// itemExports are the ledgers made of park items, each with the columns it has.
func (c *city) itemExports(chars *charset) []export {
	at := func(cn ...string) column[parkItem] {
		return column[parkItem]{cn: cn, value: func(v parkItem) cell {
			if v.on%9 == 0 {
				return text(c.parks.list[v.park].code) // some write the code instead
			}
			return text(c.parks.list[v.park].name)
		}}
	}
	number := func(cn ...string) column[parkItem] {
		return column[parkItem]{cn: cn, value: func(v parkItem) cell { return text(v.no) }}
	}
	person := column[parkItem]{cn: []string{"姓名"}, value: func(v parkItem) cell { return text(v.person) }}
	school := func(cn ...string) column[parkItem] {
		return column[parkItem]{cn: cn, value: func(v parkItem) cell { return text(v.school.Name) }}
	}
	name := func(cn ...string) column[parkItem] {
		return column[parkItem]{cn: cn, value: func(v parkItem) cell { return text(v.name) }}
	}
	word := func(words map[string][]string, cn ...string) column[parkItem] {
		return column[parkItem]{cn: cn, value: func(v parkItem) cell { w := words[v.topic]; return text(w[int(v.on)%len(w)]) }}
	}
	on := func(cn ...string) column[parkItem] {
		return column[parkItem]{cn: cn, value: func(v parkItem) cell { return dateOr(v.on, v.spoiled) }}
	}
	off := func(cn ...string) column[parkItem] {
		return column[parkItem]{cn: cn, value: func(v parkItem) cell { return dateOr(v.off, false) }}
	}
	plain := func(q int) form { return form{encoding: encoding(q % 2)} }
	key := func(v parkItem) string { return v.no }
	move := func(v parkItem) string { return fmt.Sprint(v.no, "|", v.park, "|", v.on) }
	var files []export
	for _, l := range []struct {
		path, source, title string
		topics              []string
		in                  func(int) int
		form                func(int) form
		key                 func(parkItem) string
		columns             []column[parkItem]
	}{
		{"市科技局/园区方案备案", "park_plan", "园区“双高协同”方案备案表", []string{"trial_plan", "joint_plan"}, c.afterTheDeadline, nil, key, []column[parkItem]{
			number("备案编号", "方案编号"), at("园区名称", "报备园区"), word(map[string][]string{"trial_plan": {"试行方案", "试行实施方案"}, "joint_plan": {"协同创新实施方案", "协同创新发展工作实施方案"}}, "方案类型", "方案类别"),
			school("结对高校", "合作高校"), on("备案日期", "报备日期")}},
		{"市科技局/园区五个一台账", "park_five_one", "园区“五个一”融合发展台账", fiveOne, c.eachQuarter, nil, key, []column[parkItem]{
			number("事项编号", "台账编号"), at("园区名称", "园区"), word(map[string][]string{"direction": {"产业方向", "一个产业方向"}, "platform": {"科创平台"}, "talent": {"领军人才", "一名领军人才"}, "fund": {"转化基金"}, "project": {"标杆项目", "一批标杆项目"}}, "要素", "五个一要素"),
			name("名称", "内容"), school("结对高校", "协同高校"), on("落实日期", "起始日期"), off("终止日期", "退出日期")}},
		{"市科技局/园区高校结对台账", "park_pairing", "园区高校结对台账", []string{"pairing"}, c.eachQuarter, nil, key, []column[parkItem]{
			number("结对编号", "协议编号"), at("园区名称", "结对园区"), school("结对高校", "高校名称"), on("结对日期", "签订日期"), off("终止日期", "解除日期")}},
		{"市教育局/联合培养研究生台账", "joint_graduate", "联合培养研究生台账", []string{"graduate"}, c.eachQuarter, plain, move, []column[parkItem]{
			number("学生编号"), person, school("培养高校", "高校"), at("联合培养园区", "园区名称"), on("协议签订日期", "联合培养协议日期")}},
		{"市委组织部/园区人才引育台账", "park_talent", "园区高层次人才引育台账", []string{"leading", "top", "other"}, c.eachQuarter, nil, move, []column[parkItem]{
			number("人员编号", "人才编号"), person, word(map[string][]string{"leading": {"国家级科技领军人才", "国家级领军人才"}, "top": {"顶尖人才"}, "other": {"省级领军人才", "其他"}}, "人才层次", "人才类别"),
			at("所在园区", "园区名称"), on("引进（入选）日期", "引进日期", "入选日期")}},
		{"市科技局/新赛道培育认定清单", "new_track", "新赛道培育认定清单", []string{"track"}, c.eachQuarter, nil, func(v parkItem) string { return fmt.Sprint(v.no, "|", v.park) }, []column[parkItem]{
			name("赛道名称", "新赛道"), at("培育园区", "园区名称"),
			{cn: []string{"列入8个重点赛道", "是否重点赛道"}, value: func(v parkItem) cell { return text(map[bool]string{true: "是", false: "否"}[inPlan(v.name)]) }},
			school("结对高校", "协同高校"), on("认定日期", "列入日期")}},
	} {
		var rows []parkItem
		for _, i := range c.parks.items {
			for _, t := range l.topics {
				if i.topic == t {
					rows = append(rows, i)
				}
			}
		}
		files = append(files, parkFiles[parkItem]{path: l.path, source: l.source, title: l.title, rows: rows, listed: func(v parkItem) int { return v.listed },
			in: l.in, form: l.form, columns: l.columns, row: func(v parkItem) row { return row{key: l.key(v), rejected: v.spoiled} }}.exports(c, chars)...)
	}
	return files
}

func inPlan(track string) bool {
	for _, t := range eightTracks {
		if t == track {
			return true
		}
	}
	return false
}

func (c *city) taskColumns() []column[parkTask] {
	colours := map[string][]string{"green": {"绿", "绿灯"}, "yellow": {"黄", "黄灯"}, "red": {"红", "红灯"}, "done": {"完成", "已完成"}}
	return []column[parkTask]{
		{cn: []string{"任务编号", "清单编号"}, value: func(v parkTask) cell { return text(v.no) }},
		{cn: []string{"清单版本", "版本号"}, value: func(v parkTask) cell { return text(v.version) }},
		{cn: []string{"清单层级", "层级"}, value: func(v parkTask) cell {
			return text(map[bool]string{true: "市级清单", false: "园区清单"}[v.city])
		}},
		{cn: []string{"园区名称", "责任园区"}, value: func(v parkTask) cell { return text(c.parks.list[v.park].name) }},
		{cn: []string{"任务内容", "任务名称"}, value: func(v parkTask) cell { return text(v.task) }},
		{cn: []string{"责任单位"}, share: 70, value: func(v parkTask) cell { return text(districts[c.parks.list[v.park].district].name + "科技局") }},
		{cn: []string{"完成时限", "计划完成日期"}, value: func(v parkTask) cell { return date(v.due) }},
		{cn: []string{"进度状态", "三色状态"}, value: func(v parkTask) cell { w := colours[v.colour]; return text(w[v.park%len(w)]) }},
		{cn: []string{"状态日期", "调度日期"}, value: func(v parkTask) cell { return date(v.on) }},
	}
}

// reformExports write the whole ledger of rules twice: what is owed at first is there at
// the end. The second time it ends a month before its quarter does, if nothing is lost by that.
func (c *city) reformExports(chars *charset) []export {
	words := map[string]string{"empowerment": "职务科技成果赋权", "separate": "单列管理", "exemption": "尽职免责", "pay_later": "先使用后付费"}
	var files []export
	for _, q := range []int{c.parks.begins, len(c.ends) - 1} {
		if len(files) > 0 && q == c.parks.begins {
			break
		}
		end, name := c.ends[q], c.named("市科技局/试点高校改革实施细则台账", q, false)
		if early := end - 30; len(files) > 0 && !slices.ContainsFunc(c.parks.reforms, func(v reform) bool { return v.on > early && v.on <= end }) {
			end, name = early, "市科技局/试点高校改革实施细则台账_"+compact.write(early)
		}
		issued := func(v reform) day {
			if v.on > end {
				return 0
			}
			return v.on
		}
		files = append(files, sheet(c, name, "pilot_university_rule", end.date(), c.workbook(q, "试点高校改革实施细则台账"), chars, c.parks.reforms,
			[]column[reform]{
				{cn: []string{"试点高校", "高校名称"}, value: func(v reform) cell { return text(v.school.Name) }},
				{cn: []string{"学校标识码"}, value: func(v reform) cell { return text(v.school.Code) }},
				{cn: []string{"列入试点日期", "试点日期"}, value: func(v reform) cell { return date(v.since) }},
				{cn: []string{"改革事项", "改革措施"}, value: func(v reform) cell { return text(words[v.kind]) }},
				{cn: []string{"细则印发日期", "印发日期"}, value: func(v reform) cell { return dateOr(issued(v), false) }},
			}, func(v reform) row { return row{key: v.school.Code + v.kind} }))
	}
	return files
}

func (c *city) platformExports(chars *charset) []export {
	files := c.platformFiles()
	files.rows = filtered(files.rows, func(v platform) bool { return v.listed < c.late() })
	return files.exports(c, chars)
}

// platformFiles are the register of platforms, with what comes late.
func (c *city) platformFiles() parkFiles[platform] {
	words := map[string]string{"integrated": "产教融合集成平台", "training_centre": "公共实习实训中心（平台）", "vocational_group": "紧密型职教集团", "public_service": "公共技术服务平台",
		"new_rd": "新型研发机构", "finance_station": "金融服务驿站", "concept_verification": "概念验证中心", "pilot_base": "中试基地", "engineer_school": "卓越工程师学院",
		"future_school": "未来产业学院", "speciality_school": "专业特色学院", "graduate_station": "研究生工作站", "key_lab": "重点实验室", "engineering_centre": "工程技术研究中心", "innovation_centre": "技术创新中心"}
	return parkFiles[platform]{path: "市科技局/创新平台认定名录", source: "platform", title: "创新平台认定名录", rows: c.parks.platforms,
		listed: func(v platform) int { return v.listed }, in: c.byYear,
		row: func(v platform) row { return row{key: fmt.Sprint(v.no, "|", v.on), rejected: v.spoiled} },
		columns: []column[platform]{
			{cn: []string{"平台编号", "认定编号"}, value: func(v platform) cell { return text(v.no) }},
			{cn: []string{"平台名称"}, value: func(v platform) cell { return text(v.name) }},
			{cn: []string{"平台类型", "平台类别"}, value: func(v platform) cell { return text(words[v.kind]) }},
			{cn: []string{"级别", "平台级别"}, value: func(v platform) cell { return text(v.level) }},
			{cn: []string{"所在园区", "园区名称"}, value: func(v platform) cell {
				if v.park < 0 {
					return text("")
				}
				return text(c.parks.list[v.park].name)
			}},
			{cn: []string{"共建高校", "合作高校"}, value: func(v platform) cell { return text(v.school.Name) }},
			{cn: []string{"所属区", "所在区"}, value: func(v platform) cell {
				if v.district < 0 {
					return text("")
				}
				return text(districts[v.district].name)
			}},
			{cn: []string{"认定日期", "认定（验收）日期", "批复日期"}, value: func(v platform) cell { return dateOr(v.on, v.spoiled) }},
			{cn: []string{"撤销日期", "退出日期"}, value: func(v platform) cell { return dateOr(v.off, false) }},
		}}
}

func deedColumns() []column[deed] {
	return []column[deed]{
		{cn: []string{"活动编号", "记录编号"}, value: func(v deed) cell { return text(v.no) }},
		{cn: []string{"事项编号", "指标编号"}, value: func(v deed) cell { return text(v.id) }},
		{cn: []string{"活动名称", "内容"}, value: func(v deed) cell { return text(v.name) }},
		{cn: []string{"活动类型", "类型"}, value: func(v deed) cell { return text(v.kind) }},
		{cn: []string{"举办日期", "完成日期"}, value: func(v deed) cell { return dateOr(v.on, v.spoiled) }},
		{cn: []string{"签约数", "对接数"}, value: func(v deed) cell {
			if v.signed < 0 {
				return text("")
			}
			return number(v.signed)
		}},
		{cn: []string{"金额", "签约金额"}, money: true, value: func(v deed) cell {
			if v.fen == 0 {
				return text("")
			}
			return money(v.fen)
		}},
	}
}

func stageColumns() []column[stage] {
	return []column[stage]{
		{cn: []string{"事项编号", "指标编号"}, value: func(v stage) cell { return text(v.id) }},
		{cn: []string{"进展", "进展情况"}, value: func(v stage) cell { return text(v.words) }},
		{cn: []string{"达到日期", "日期"}, value: func(v stage) cell { return date(v.on) }},
		{cn: []string{"依据", "依据文件"}, value: func(v stage) cell { return text(v.evidence) }},
	}
}
