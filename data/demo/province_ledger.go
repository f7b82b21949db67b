package demo

import (
	"fmt"
	"slices"
)

// projectLedgers are industrialised achievements, their money, and high-tech firms.
func projectLedgers() []provinceLedger {
	return []provinceLedger{
		{"industrialisation_project", "省教育厅/黑龙江成果产业化项目台账", often, byNumber, slices.Concat(
			[]column[entry]{numbered("项目编号", "台账编号"), titled("项目名称", "成果名称"), atSchool("高校名称", "成果来源高校")},
			atFirm("企业名称", "转化企业", "承接企业"),
			[]column[entry]{inPrefecture(), happened("产业化日期", "产业化时间"),
				ofKind(map[string][]string{"four": {"4类产业", "“4”"}, "five": {"5类产业"}, "six": {"6类产业", "“6”"}, "seven": {"7类产业"}, "none": {"未归类"}}, "产业归类", "“4567”产业归类"),
				worth("计划投资", "计划总投资")})},
		{"industrialisation_investment", "省工信厅/黑龙江产业化到位投资", often, byNumber, []column[entry]{
			numbered("到位编号", "记录编号"), titled("项目编号", "台账编号"), happened("到位日期", "资金到位日期"), worth("到位投资", "实际完成投资"),
			says([]string{"资金来源"}, func(e entry) string { return e.kind })}},
		{"industrialisation_output", "省工信厅/黑龙江产业化产出年报", yearly, func(e entry) string { return fmt.Sprint(e.no, "|", e.n) }, []column[entry]{
			numbered("项目编号", "台账编号"), counted([]string{"年度", "报告年度"}, func(e entry) int { return e.n }), worth("新增营业收入", "营业收入"),
			{cn: []string{"产值", "总产值"}, money: true, value: func(e entry) cell { return worthOf(e.fen2) }}}},
		{"high_tech_certificate", "省科技厅/黑龙江高新技术企业认定名单", often, byNumber, slices.Concat(
			[]column[entry]{numbered("高企证书号", "证书编号")}, atFirmOnly("企业名称", "企业名"),
			[]column[entry]{says([]string{"统一社会信用代码", "持证单位代码"}, func(e entry) string { return e.code }), happened("发证日期"), inPrefecture()})},
	}
}

// atFirmOnly is the firm's name where the code has headings of its own.
func atFirmOnly(cn ...string) []column[entry] { return atFirm(cn...)[:1] }

// reportLedgers are what is owed again and again, and the ledgers of tasks and units.
func reportLedgers() []provinceLedger {
	unit := func(cn ...string) column[entry] { return titled(cn...) }
	return []provinceLedger{
		{"library_update", "省工信厅/黑龙江供需库更新日志", often, func(e entry) string { return e.kind + e.no }, []column[entry]{
			ofKind(map[string][]string{"demand": {"需求库", "企业技术需求库"}, "achievement": {"成果库", "高校成果库"}}, "库别", "库名"), numbered("版本", "版本号"),
			happened("更新日期", "发布日期"), counted([]string{"条数", "入库条数"}, func(e entry) int { return e.n }),
			counted([]string{"推送高校数"}, func(e entry) int { return e.m }), counted([]string{"对接清单项数", "对接数"}, func(e entry) int { return int(e.fen) })}},
		{"statistics_report", "省教育厅/黑龙江校企协同季度统计报送记录", often, func(e entry) string { return fmt.Sprint(e.name, e.on) }, []column[entry]{
			unit("填报单位", "报送单位"), ofKind(map[string][]string{"prefecture": {"市地", "市（地）"}, "university": {"高校", "高等学校"}}, "单位类别"), inPrefecture(),
			happened("统计期末", "统计截止日"), {cn: []string{"应报日期", "报送期限"}, share: 50, value: func(e entry) cell { return date(e.due) }}, followed(0, "报送日期", "实际报送日期")}},
		{"dispatch_meeting", "省教育厅/黑龙江校企协同半年调度台账", once, func(e entry) string { return fmt.Sprint(e.due) }, []column[entry]{
			wasDue("调度期末", "调度截止日"), happened("调度日期", "召开日期"), says([]string{"调度形式", "形式"}, func(e entry) string { return e.kind }), numbered("通报文号", "文号")}},
		{"annual_assessment", "省教育厅/黑龙江校企协同年度考核结果", once, func(e entry) string { return fmt.Sprint(e.name, e.n) }, []column[entry]{
			unit("被考核单位", "单位名称"), inPrefecture(), counted([]string{"考核年度", "年度"}, func(e entry) int { return e.n }),
			counted([]string{"考核得分", "得分"}, func(e entry) int { return e.m }), ofKind(map[string][]string{"excellent": {"优秀"}, "good": {"良好"}, "qualified": {"合格"}}, "考核等次", "等次"),
			happened("考核日期", "公布日期")}},
		{"cooperation_task", "省教育厅/黑龙江校企协同管理台账", often, byNumber, []column[entry]{
			numbered("任务编号", "事项编号"), titled("任务名称", "工作任务"), says([]string{"责任单位", "承担单位"}, func(e entry) string { return e.kind }), inPrefecture(),
			wasDue("计划完成日", "计划完成日期"), followed(0, "实际完成日", "实际完成日期")}},
		{"cooperation_unit", "省教育厅/黑龙江校企协同推进机制台账", often, func(e entry) string { return e.name }, []column[entry]{
			unit("单位名称", "单位"), ofKind(map[string][]string{"university": {"高校", "高等学校"}, "enterprise": {"企业"}}, "单位类别"), inPrefecture(), happened("列入日期", "入账日期"),
			followed(0, "纳入工作要点日期"), followed(1, "组建专班日期"), followed(2, "建立工作台账日期")}},
		{"policy_progress", "省教育厅/黑龙江政策事项进展台账", once, func(e entry) string { return fmt.Sprint(e.no, e.kind, e.on) }, []column[entry]{
			numbered("事项编号", "指标编号"), ofKind(map[string][]string{"not_started": {"未启动"}, "under_way": {"推进中", "进行中"}, "done": {"完成", "已完成"}}, "进展", "进展情况"),
			happened("日期", "达到日期"), titled("依据", "依据文件")}},
		{"cooperation_activity", "省教育厅/黑龙江校企协同活动台账", often, byNumber, []column[entry]{
			numbered("活动编号"), titled("活动名称"), ofKind(map[string][]string{"meeting": {"校企见面", "校企见面会"}, "matching": {"校企对接活动", "对接活动"}, "licence": {"开放许可专场"},
				"venture": {"创投机构校园行"}, "camp": {"科技成果转化训练营"}, "video": {"科技成果短视频闪播"}, "dispatch": {"调度会议"}, "briefing": {"听取汇报"}}, "活动类型", "类型"),
			says([]string{"主办单位", "组织单位"}, func(e entry) string { return e.firmName }), inPrefecture(), happened("举办日期", "日期"),
			counted([]string{"对接项目数", "项目数"}, func(e entry) int { return e.n }), worth("支持资金", "资金支持金额")}},
	}
}

// cooperationLedgers are agreements, projects, patents, teaching, carriers, funds and the subsidy.
func cooperationLedgers() []provinceLedger {
	return []provinceLedger{
		{"technology_cooperation", "省教育厅/黑龙江校企合作协议与技术合同台账", often, byNumber, slices.Concat(
			[]column[entry]{numbered("协议编号", "合同编号"), ofKind(map[string][]string{"transfer": {"技术转让"}, "development": {"技术开发"}, "consulting": {"技术咨询"}, "service": {"技术服务"}, "strategic": {"战略合作", "合作协议"}}, "合作类型", "类型"), atSchool("高校名称", "高校")},
			atFirm("企业名称", "合作企业"), []column[entry]{inPrefecture(), happened("签订日期", "签约日期"), worth("合同额", "合同金额")})},
		{"challenge_project", "省工信厅/黑龙江揭榜挂帅项目台账", once, byNumber, slices.Concat(
			[]column[entry]{numbered("榜单编号", "项目编号"), titled("项目名称", "榜单名称"), ofKind(map[string][]string{"challenge": {"揭榜挂帅"}, "race": {"赛马"}}, "组织方式"), atSchool("揭榜高校", "承担高校")},
			atFirm("发榜企业", "需求企业"), []column[entry]{inPrefecture(), happened("立项日期", "揭榜日期"), worth("榜单金额", "揭榜金额")})},
		{"open_licence_statement", "省知识产权局/黑龙江高校专利开放许可声明", often, byNumber, []column[entry]{
			numbered("声明编号"), titled("专利号"), atSchool("高校名称", "高校"), inPrefecture(), happened("公告日期", "发布日期"), followed(0, "撤回日期"),
			says([]string{"许可费方式", "定价方式"}, func(e entry) string { return e.kind })}},
		{"teaching_cooperation", "省教育厅/黑龙江校企教学合作台账", once, byNumber, slices.Concat(
			[]column[entry]{numbered("合作编号"), atSchool("高校名称", "高校"), titled("系部（专业）", "专业")}, atFirm("参与企业", "企业名称"),
			[]column[entry]{ofKind(map[string][]string{"teaching_plan": {"参与教学计划制定"}, "course": {"开设实践课程"}, "internship": {"实习实训"}}, "合作方式"), inPrefecture(), happened("开始日期", "起始日期")})},
		{"cooperation_carrier", "省教育厅/黑龙江校企合作载体台账", often, byNumber, slices.Concat(
			[]column[entry]{numbered("载体编号"), titled("载体名称", "名称"), ofKind(map[string][]string{"science_park": {"国家大学科技园"}, "transfer_institution": {"技术转移机构"}, "alliance": {"科技成果转化联盟"}, "laboratory": {"重点实验室"},
				"technology_centre": {"企业技术中心"}, "research_base": {"产学研基地"}, "practice_centre": {"实践中心"}, "pilot_base": {"中试基地"}}, "载体类型", "类型"), atSchool("依托高校", "牵头高校")},
			atFirmOnly("合作企业", "共建企业"), []column[entry]{inPrefecture(), happened("成立日期", "组建日期"), followed(0, "撤销日期")})},
		{"university_incentive", "省教育厅/黑龙江高校合作基金与评聘制度台账", once, func(e entry) string { return fmt.Sprint(e.school, e.name) }, []column[entry]{
			atSchool("高校名称", "高校"), ofKind(map[string][]string{"fund": {"合作发展基金", "基金"}, "appraisal": {"分类评聘制度", "评聘制度"}}, "类别"), titled("基金（制度）名称", "名称"), inPrefecture(),
			happened("设立（印发）日期", "设立日期"), worth("基金规模", "规模")}},
		{"subsidy_use", "省工信厅/黑龙江重点企业中央财政资金使用台账", once, byNumber, slices.Concat(
			[]column[entry]{numbered("支出编号", "凭证号")}, atFirm("企业名称", "单位名称"), []column[entry]{inPrefecture(), happened("支出日期", "使用日期"),
				ofKind(map[string][]string{"cooperation": {"校企创新合作", "校企合作"}, "equipment": {"设备购置"}, "research": {"自主研发"}, "other": {"其他"}}, "用途", "资金用途"), worth("支出金额", "使用金额")})},
	}
}

// peopleLedgers are people and the firms universities incubate.
func peopleLedgers() []provinceLedger {
	return []provinceLedger{
		{"exchange_person", "省教育厅/黑龙江校企双向交流人员台账", often, func(e entry) string { return fmt.Sprint(e.no, e.kind, e.on) }, slices.Concat(
			[]column[entry]{numbered("人员编号"), titled("姓名"), ofKind(map[string][]string{"industry_professor": {"产业教授"}, "mentor": {"技术导师"}, "liaison": {"高校联络员"}, "technology_manager": {"技术经理人"}}, "角色", "聘任身份"), atSchool("高校名称", "高校")},
			atFirmOnly("企业名称", "合作企业"), []column[entry]{inPrefecture(), happened("聘任日期", "选派日期"),
				{cn: []string{"聘期止", "聘期结束"}, share: 70, value: func(e entry) cell { return date(e.on + day(365*e.n)) }}})},
		{"talent_application", "省工信厅/黑龙江企业人才计划申报台账", often, byNumber, slices.Concat(
			[]column[entry]{numbered("申报编号"), ofKind(map[string][]string{"head_goose": {"头雁", "头雁计划"}, "spring_goose": {"春雁", "春雁计划"}, "longjiang_scholar": {"龙江学者", "龙江学者计划"}}, "人才计划", "计划名称")},
			atFirm("申报企业", "企业名称"), []column[entry]{inPrefecture(), happened("申报日期"), followed(0, "入选日期")})},
		{"technology_sme", "省科技厅/黑龙江科技型中小企业入库名单", often, byNumber, slices.Concat(
			[]column[entry]{numbered("入库登记编号")}, atFirm("企业名称"), []column[entry]{inPrefecture(), happened("入库日期", "登记日期")})},
		{"university_incubation", "省教育厅/黑龙江高校孵化企业台账", once, func(e entry) string { return fmt.Sprint(e.code, e.school) }, slices.Concat(
			[]column[entry]{atSchool("高校名称", "高校")}, atFirm("孵化企业", "企业名称"),
			[]column[entry]{inPrefecture(), happened("创办日期", "孵化日期"), says([]string{"创办人类别"}, func(e entry) string { return e.kind })})},
	}
}
