package demo

import (
	"fmt"
	"time"

	"citykpi/pipeline/kpi"
)

func calendar(year, month, d int) day {
	return dayOf(kpi.Date{Year: year, Month: time.Month(month), Day: d})
}

// platformPlan is how many platforms of a kind stand before the first quarter and how
// many come each year; the demo's story of NJ88 article 13 is among them.
var platformPlan = []struct {
	kind, words string
	before      int
	yearly      []int // 2022 (from the first quarter on), 2023, 2024, 2025, 2026
}{
	{"integrated", "产教融合集成平台", 0, []int{0, 1, 2, 2, 1}},
	{"training_centre", "公共实习实训中心", 0, []int{0, 0, 1, 1, 0}},
	{"vocational_group", "紧密型职教集团", 0, []int{0, 1, 0, 1, 1}},
	{"public_service", "公共技术服务平台", 14, []int{1, 5, 6, 5, 3}},
	{"new_rd", "新型研发机构", 24, []int{2, 5, 6, 5, 3}},
	{"finance_station", "金融服务驿站", 4, []int{1, 3, 3, 4, 2}},
	{"concept_verification", "概念验证中心", 2, []int{0, 2, 2, 2, 0}},
	{"pilot_base", "中试基地", 3, []int{1, 2, 3, 2, 0}},
	{"key_lab", "重点实验室", 5, []int{0, 1, 1, 1, 0}},
}

// parkPlatforms are the kinds that parks and universities build together.
var parkPlatforms = []struct{ kind, words string }{
	{"concept_verification", "概念验证中心"}, {"pilot_base", "中试基地"}, {"engineer_school", "卓越工程师学院"}, {"future_school", "未来产业学院"},
	{"graduate_station", "研究生工作站"}, {"key_lab", "重点实验室"}, {"engineering_centre", "工程技术研究中心"}, {"innovation_centre", "技术创新中心"}, {"speciality_school", "专业特色学院"},
}

// recognisePlatforms writes the register of platforms: those of the city as planned,
// and from 2025 on those of the parks. A few are withdrawn, a few rise to a higher level.
func (c *city) recognisePlatforms() {
	r := stream(c.seed, "platforms")
	universities := c.schoolsBy(true, university)
	number := 0
	add := func(p platform) platform {
		number++
		p.no = fmt.Sprintf("PT%05d", number)
		p.name = fmt.Sprintf("南京示例%s%d", p.name, number)
		c.parks.platforms = append(c.parks.platforms, p)
		return p
	}
	for _, k := range platformPlan {
		for range k.before {
			add(platform{kind: k.kind, name: k.words, level: "市级", park: -1, district: r.n(len(districts)), on: c.start(0) - day(30+r.n(900))})
		}
		for q := range c.ends {
			year := c.quarter(q).Year - 2022
			if year < 0 || year >= len(k.yearly) {
				continue
			}
			for n := range k.yearly[year] {
				at := 1 + n%4
				if year == 0 || k.kind == "integrated" || k.kind == "training_centre" || k.kind == "vocational_group" {
					at = 4 - n%2
				}
				if c.quarter(q).Year == 2026 {
					at = 1 + n%3
				}
				if c.quarter(q).N == at {
					add(platform{kind: k.kind, name: k.words, level: "市级", park: -1, district: r.n(len(districts)+1) - 1, on: c.within(r, q), listed: q})
				}
			}
		}
	}
	for q := range c.ends {
		if c.quarter(q).Year < 2025 || c.quarter(q).Year > 2027 {
			continue
		}
		for n := range 8 { // the pilots' first, then the trials'
			k := parkPlatforms[(q*5+n*2)%len(parkPlatforms)]
			p := r.n(4)
			if n > 1 {
				p = 4 + r.n(len(c.parks.list)-4)
			}
			add(platform{kind: k.kind, name: k.words, level: []string{"省级", "省级", "市级"}[(q+n)%3], school: pick(r, universities), park: p, district: c.parks.list[p].district, on: c.within(r, q), listed: q})
		}
	}
	c.changePlatforms(r)
}

// changePlatforms withdraws some and raises some: later rows of the same register.
func (c *city) changePlatforms(r *rng) {
	last := len(c.ends) - 1
	closed := false // one training centre closes after the deadline that it helped to keep
	for _, p := range c.parks.platforms {
		if q := c.quarterAt(kpi.Quarter{Year: 2026, N: 2}); p.kind == "training_centre" && !closed && q > 0 {
			closed = true
			p.off, p.listed = c.ends[q]-20, q
			c.parks.platforms = append(c.parks.platforms, p)
		}
		from := p.listed + 2
		if from > last || p.kind == "integrated" || p.kind == "training_centre" || p.kind == "vocational_group" {
			continue
		}
		q := r.between(from, last)
		switch k := r.n(100); {
		case k < 6:
			p.off, p.listed = c.within(r, q), q
			c.parks.platforms = append(c.parks.platforms, p)
		case k < 12 && p.kind != "finance_station":
			p.on, p.level, p.listed = c.within(r, q), "国家级", q
			c.parks.platforms = append(c.parks.platforms, p)
		}
	}
	if last > 2 {
		c.parks.platforms = append(c.parks.platforms, platform{no: "PT99001", name: "南京示例中试基地（缺日期）", kind: "pilot_base", level: "市级", park: -1, district: 4, on: c.ends[2] - 20, listed: 2, spoiled: true})
	}
}

// quarterAt is the place of a quarter among the demo's, -1 where it is none of them.
func (c *city) quarterAt(at kpi.Quarter) int {
	for q := range c.ends {
		if c.quarter(q) == at {
			return q
		}
	}
	return -1
}

// activities are what the office notes under the plan: the commitment, what it is
// called, how many a quarter, and whether something is signed or money named.
var activities = []struct {
	id, name, kind string
	each           int
	signed         int
	wan            int
}{
	{"NJSG-012", "关键核心技术突破", "关键核心技术", 3, 0, 0},
	{"NJSG-012", "重大科技成果转化", "重大科技成果", 2, 0, 0},
	{"NJSG-012", "科技创新企业入库", "科技创新企业", 4, 0, 0},
	{"NJSG-012", "全域协同推进会", "其他", 1, 0, 0},
	{"NJSG-023", "新赛道对接活动", "对接活动", 2, 0, 0},
	{"NJSG-024", "“揭榜挂帅”项目发布", "揭榜项目", 5, 1, 0},
	{"NJSG-026", "创新联合体备案", "联合体", 1, 0, 0},
	{"NJSG-027", "成果转化工作小分队进驻", "进驻", 6, 12, 0},
	{"NJSG-029", "校企路演", "路演", 3, 20, 0},
	{"NJSG-030", "先使用后付费许可", "许可合同", 4, 0, 80},
	{"NJSG-033", "工程硕博士联合招生项目", "招生项目", 1, 0, 0},
	{"NJSG-036", "清单推进情况调度会", "调度会", 1, 0, 0},
	{"NJSG-038", "推荐申报省级平台", "推荐申报", 2, 1, 0},
	{"NJSG-039", "申报市重大科技专项", "申报", 3, 1, 0},
	{"NJSG-042", "经验交流活动", "交流", 1, 0, 0},
}

// report writes a quarter of the office's ledgers: no dispatch meeting is held in
// 2026Q2, and no exchange in the first half of 2026.
func (c *city) report(q int) {
	r := stream(c.seed, fmt.Sprint("double-high ledgers ", q))
	k := q - c.parks.begins
	number := 0
	note := func(d deed) {
		number++
		d.no, d.listed = fmt.Sprintf("SG%s%03d", c.quarter(q), number), q
		c.parks.deeds = append(c.parks.deeds, d)
	}
	for _, a := range activities {
		if a.id == "NJSG-036" && k == 2 || a.id == "NJSG-042" && (k == 1 || k == 2) {
			continue
		}
		for n := range a.each {
			d := deed{id: a.id, name: fmt.Sprintf("%s（%d）", a.name, n+1), kind: a.kind, on: c.within(r, q), signed: -1}
			if a.signed > 0 {
				d.signed = r.n(a.signed + 1)
			}
			if a.wan > 0 {
				d.fen = int64(a.wan+r.n(200)) * 1_000_000
			}
			note(d)
		}
	}
	if k == 2 {
		note(deed{id: "NJSG-040", name: "园区引导基金首期认缴", kind: "基金", on: c.within(r, q), signed: -1, fen: 300_000_000_00})
		note(deed{id: "NJSG-023", name: "新赛道对接活动（日期待补）", kind: "对接活动", on: c.ends[q], signed: -1, spoiled: true})
	}
	c.reach(r, q, k)
}

// reach moves the milestones.
func (c *city) reach(r *rng, q, k int) {
	step := func(id, words string, reached int, evidence string) {
		c.parks.stages = append(c.parks.stages, stage{id: id, words: words, reached: reached, evidence: evidence, on: c.within(r, q), listed: q})
	}
	switch k {
	case 0:
		step("NJSG-007", "推进中", 1, "省级试点批复")
		step("NJSG-013", "未启动", 0, "试点总结尚未报送")
	case 1:
		step("NJSG-013", "推进中", 1, "两个园区报送试点总结")
		step("NJSG-037", "推进中", 1, "评价办法征求意见")
	case 2:
		step("NJSG-040", "进行中", 1, "首只园区引导基金设立")
	case 3:
		step("NJSG-037", "已完成", 2, "评价办法印发")
	}
}
