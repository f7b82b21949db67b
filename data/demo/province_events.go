package demo

import (
	"fmt"
	"strings"

	"citykpi/pipeline/kpi"
)

// cooperate signs agreements, awards projects, opens patents, teaches together,
// founds carriers and funds, and spends the subsidy.
func (p *province) cooperate() {
	r := p.random("cooperation")
	for q := range p.ends {
		at := p.quarter(q)
		enter := func(source, prefix string, n int, one func(e *entry)) {
			for i := range n {
				no := fmt.Sprintf("%s%d%d%04d", prefix, at.Year, at.N, i+1)
				e := p.of(r, r.n(len(p.firms)), entry{no: no, school: anySchool(r), on: p.within(r, q)})
				one(&e)
				p.add(source, e)
			}
		}
		enter("technology_cooperation", "HZ", r.between(22, 40)+q, func(e *entry) {
			e.kind = []string{"transfer", "development", "consulting", "service", "strategic"}[draw(r, []int{12, 38, 14, 26, 10})]
			if e.kind != "strategic" {
				e.fen = int64(r.between(50, 2400)) * 100_000
			}
		})
		enter("challenge_project", "JB", r.between(3, 7), func(e *entry) {
			e.kind, e.name = []string{"challenge", "race"}[draw(r, []int{8, 2})], pick(r, stories().Trades[:20]).Word+"攻关"
			e.fen = int64(r.between(50, 500)) * 1_000_000
		})
		enter("open_licence_statement", "KF", r.between(8, 18), func(e *entry) {
			e.region, e.kind = stories().ProvinceSchools[e.school].Region, pick(r, []string{"免费", "一次总付", "分阶段支付", "入门费加提成"})
			e.name = fmt.Sprintf("ZL%d1%07d.%d", at.Year-3, r.n(10_000_000), r.n(10))
			if r.chance(50) {
				e.later[0] = e.on + day(r.between(100, 500))
			}
		})
		enter("teaching_cooperation", "JX", r.between(5, 10), func(e *entry) {
			e.kind, e.name = []string{"teaching_plan", "course", "internship"}[r.n(3)],
				pick(r, []string{"机械工程系", "计算机系", "食品工程系", "农学系", "材料系", "药学系"})
		})
		enter("talent_application", "RC", r.between(5, 11), func(e *entry) {
			e.kind = []string{"head_goose", "spring_goose", "longjiang_scholar"}[draw(r, []int{3, 5, 2})]
			if r.chance(320) {
				e.later[0] = e.on + day(r.between(90, 200))
			}
		})
		enter("subsidy_use", "ZC", r.between(14, 24), func(e *entry) {
			e.kind = []string{"cooperation", "equipment", "research", "other"}[draw(r, []int{24 + q, 40, 30, 6})]
			e.fen = int64(r.between(500, 12000)) * 10_000
		})
	}
	p.join()
}

// join lists the units that take part, and what they and the universities set up.
func (p *province) join() {
	r := p.random("units")
	span := int(p.last()-p.start(0)) * 3 / 4
	for i := range len(stories().ProvinceSchools) + 110 {
		e := entry{on: p.start(0) + day(r.n(span+1))}
		if i < len(stories().ProvinceSchools) {
			s := stories().ProvinceSchools[i]
			e.name, e.kind, e.region, e.on = s.Name, "university", s.Region, p.start(0)+day(r.n(span/4+1))
		} else {
			f := p.firms[i*5]
			e.name, e.kind, e.region = f.name, "enterprise", f.region
		}
		for k, likely := range []int{820, 520, 900} {
			if r.chance(likely) {
				e.later[k] = e.on + day(r.n(260))
			}
		}
		p.add("cooperation_unit", e)
	}
	for i, s := range stories().ProvinceSchools {
		base := entry{school: i, region: s.Region}
		for k := range r.n(3) {
			e := base
			e.kind, e.name = "fund", fmt.Sprintf("%s校企协同发展基金%s", s.Name, []string{"", "（二期）"}[k])
			e.on, e.fen = p.start(0)+day(r.n(span+span/4)), int64(r.between(200, 3000))*wan
			p.add("university_incentive", e)
		}
		if r.chance(850) {
			e := base
			e.kind, e.name, e.on = "appraisal", s.Name+"校企合作人员分类评聘办法", p.start(0)+day(r.n(span))
			p.add("university_incentive", e)
		}
	}
	kinds := strings.Fields("science_park transfer_institution alliance laboratory " +
		"technology_centre research_base practice_centre pilot_base")
	for i := range 84 {
		e := p.of(r, r.n(len(p.firms)), entry{no: fmt.Sprintf("ZT%03d", i+1), kind: kinds[draw(r, []int{4, 14, 10, 14, 16, 18, 10, 14})],
			school: anySchool(r), on: calendar(2019, 1, 10) + day(r.n(2800))})
		e.name = fmt.Sprintf("%s载体%d", stories().Prefectures[e.region].Short, i+1)
		if r.chance(90) {
			e.later[0] = e.on + day(r.between(300, 1500))
		}
		p.add("cooperation_carrier", e)
	}
}

// exchange appoints people; some take a second role later.
func (p *province) exchange() {
	r := p.random("people")
	roles := []string{"industry_professor", "mentor", "liaison", "technology_manager"}
	number := 0
	type known struct {
		no   string
		last day
	}
	var people []known
	for q := range p.ends {
		for range r.between(24, 36) {
			e := p.of(r, r.n(len(p.firms)), entry{kind: roles[draw(r, []int{3, 4, 3, 2})], school: anySchool(r),
				on: p.within(r, q), n: r.between(1, 3)})
			if k := r.n(len(people) + 1); r.chance(120) && k < len(people) && people[k].last < e.on {
				e.no, people[k].last = people[k].no, e.on
			} else {
				number++
				e.no = fmt.Sprintf("LJ%06d", number)
				people = append(people, known{e.no, e.on})
			}
			e.name = personName(r)
			p.add("exchange_person", e)
		}
	}
}

// report hands in quarterly statistics, dispatches every half year, assesses every
// year, and keeps the ledger of tasks and the two libraries.
func (p *province) report() {
	r := p.random("reports")
	type unit struct {
		name, kind string
		region     int
	}
	var units []unit
	for i, f := range stories().Prefectures {
		units = append(units, unit{f.Name + "工业和信息化局", "prefecture", i})
	}
	for _, s := range stories().ProvinceSchools[:12] {
		units = append(units, unit{s.Name, "university", s.Region})
	}
	for q, end := range p.ends {
		at := p.quarter(q)
		if end < p.starts-1 {
			continue
		}
		for i, u := range units {
			e := entry{name: u.name, kind: u.kind, region: u.region, on: end, due: end + 15}
			switch weak := i == 12 || i == 6; {
			case r.chance(map[bool]int{true: 700, false: 940}[weak]):
				e.later[0] = end + day(r.between(4, 15))
			case r.chance(700):
				e.later[0] = end + day(r.between(16, 45))
			}
			if i == 14 && at == (kpi.Quarter{Year: 2024, N: 2}) { // that quarter's list leaves one out, who owes all the same
				e.later[0] = 0
				p.unlisted = append(p.unlisted, e)
				continue
			}
			p.add("statistics_report", e)
		}
		if at.N%2 == 0 {
			held := end + day(r.between(8, 30))
			if at == (kpi.Quarter{Year: 2024, N: 4}) {
				held = end + 51 // that winter's dispatch came late
			}
			e := entry{region: -1, due: end, on: held, kind: pick(r, []string{"现场会", "视频会", "书面通报"})}
			e.no = fmt.Sprintf("黑教科函〔%d〕%d号", year(held), r.between(10, 90))
			if at.Year >= 2024 { // the ledger was begun then: of what was before nobody knows
				p.add("dispatch_meeting", e)
			}
			p.update(r, q)
		}
		if at.N == 4 && end >= p.starts {
			for _, u := range units {
				score := r.between(62, 99)
				grade := []string{"qualified", "good", "excellent"}[min(2, (score-60)/15)]
				on := end - day(r.between(2, 24))
				p.add("annual_assessment", entry{name: u.name, region: u.region, n: at.Year, m: score, kind: grade, on: on})
			}
		}
		if end < p.starts {
			continue
		}
		for i := range 12 {
			u := units[r.n(len(units))]
			e := entry{no: fmt.Sprintf("RW%d%02d%02d", at.Year, at.N, i+1), kind: u.name, region: u.region}
			e.name = pick(r, []string{"梳理科研成果", "征集企业需求", "组织专家诊断", "签订合作协议", "建设中试条件"})
			e.on = p.within(r, q)
			e.due = e.on + day(r.between(60, 240))
			switch k := r.n(100); {
			case k < 82:
				e.later[0] = e.due - day(r.n(50))
			case k < 95:
				e.later[0] = e.due + day(r.between(1, 90))
			}
			p.add("cooperation_task", e)
		}
	}
}

// update brings the two libraries up to date in the half year that ends with quarter q.
func (p *province) update(r *rng, q int) {
	at := p.quarter(q)
	if p.ends[q] < p.starts {
		return
	}
	for _, library := range []string{"demand", "achievement"} {
		if library == "achievement" && at == (kpi.Quarter{Year: 2024, N: 4}) {
			continue // left out once
		}
		e := entry{kind: library, no: fmt.Sprintf("V%d.%d", at.Year, at.N/2), region: -1, on: p.within(r, q), n: r.between(180, 420)}
		if library == "demand" {
			e.m, e.fen = r.between(34, 78), int64(r.between(12, 46))
		}
		p.add("library_update", e)
	}
}

// hold holds meetings, matching events, actions and briefings.
func (p *province) hold() {
	r := p.random("activities")
	number := 0
	hold := func(kind, name string, region int, on day) {
		number++
		host := "省教育厅"
		if region >= 0 {
			host = stories().Prefectures[region].Name + "工业和信息化局"
		}
		e := entry{no: fmt.Sprintf("HD%05d", number), kind: kind, name: name, host: host, region: region, on: on}
		e.school, e.n = anySchool(r), r.between(3, 40)
		if kind == "matching" && r.chance(600) {
			e.fen = int64(r.between(20, 400)) * 1_000_000
		}
		p.add("cooperation_activity", e)
	}
	for q, end := range p.ends {
		at := p.quarter(q)
		if end < p.starts {
			continue
		}
		if at != (kpi.Quarter{Year: 2025, N: 1}) { // nobody met that winter
			for range r.between(2, 5) {
				hold("meeting", "校企见面会", r.n(len(stories().Prefectures))-1, p.within(r, q))
			}
		}
		for i := range stories().Prefectures {
			likely := 720
			if stories().Prefectures[i].Firms < 20 {
				likely = 380
			}
			if r.chance(likely) {
				hold("matching", stories().Prefectures[i].Short+"校企对接活动", i, p.within(r, q))
			}
			if r.chance(260) {
				hold("dispatch", stories().Prefectures[i].Short+"调度会", i, p.within(r, q))
			}
		}
		hold("venture", "创投机构校园行", r.n(len(stories().Prefectures)), p.within(r, q))
		if r.chance(600) {
			hold("camp", "科技成果转化训练营", r.n(len(stories().Prefectures)), p.within(r, q))
		}
		for range r.n(4) {
			hold("video", "科技成果短视频闪播", -1, p.within(r, q))
		}
		if at.N%2 == 0 {
			hold("briefing", "听取校企协同情况汇报", -1, p.within(r, q))
			hold("licence", "开放许可专场对接", r.n(len(stories().Prefectures)), p.within(r, q))
		}
	}
}

// advance moves the two milestones on.
func (p *province) advance() {
	for _, m := range stories().ProvinceStages {
		if on := dayOf(m.On); on >= p.start(0) {
			p.add("policy_progress", entry{no: m.ID, kind: m.Stage, name: m.Evidence, region: -1, on: on})
		}
	}
}
