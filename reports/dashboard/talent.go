package dashboard

import (
	"html/template"
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/workbook"
)

// talentView is the page about people and platforms.
type talentView struct {
	Cards     []card
	PerRow    int
	Rest      int
	Kinds     template.HTML
	Platforms *rows
	Lines     []line
}

// talentModels are the models that count people and what they work in.
var talentModels = []string{"skilled_worker_placement", "technical_deputy", "technology_manager", "doctoral_service", "industry_professor",
	"platform", "platform_ever", "rd_institution", "incubated_enterprise", "joint_graduate", "park_talent"}

// platformKinds are the kinds of platforms, in the order of the page.
var platformKinds = [][2]string{
	{"integrated", "产教融合集成平台"}, {"training_centre", "公共实习实训中心（平台）"}, {"vocational_group", "紧密型职教集团"}, {"public_service", "公共技术服务平台"},
	{"new_rd", "新型研发机构"}, {"concept_verification", "概念验证中心"}, {"pilot_base", "中试基地"}, {"finance_station", "金融服务驿站"},
	{"engineer_school", "卓越工程师学院"}, {"future_school", "未来技术学院"}, {"speciality_school", "特色产业学院"}, {"graduate_station", "研究生工作站"},
	{"key_lab", "重点实验室"}, {"engineering_centre", "工程技术研究中心"}, {"innovation_centre", "创新中心"},
}

func (w *site) talent() error {
	v := &talentView{}
	periods := sparkPeriods(w.d.AsOf())
	for _, it := range w.d.All() {
		if !slices.Contains(talentModels, it.Model) {
			continue
		}
		if it.Target != nil && people(it) {
			v.Cards = append(v.Cards, newCard(w.d, it, periods))
		}
		v.Lines = append(v.Lines, newLine(w.d, it))
	}
	v.PerRow, v.Rest = cardsPerRow(len(v.Cards))
	n, regions := map[string]int{}, map[string]map[string]bool{}
	names := map[string]string{}
	for _, k := range platformKinds {
		names[k[0]] = k[1]
	}
	v.Platforms = w.rows("p-platforms", asWords.of("平台"), asText.of("类别", "级别", "高校", "区"), asDay.of("设立"), placed)
	for _, p := range w.detail.Platforms {
		n[p.Kind]++
		if regions[p.Kind] == nil {
			regions[p.Kind] = map[string]bool{}
		}
		regions[p.Kind][p.Region] = true
		v.Platforms.add(p.Name, word(names[p.Kind], p.Kind), levels[p.Level], p.University, w.region(p.Region), p.From, p.Place)
	}
	if err := v.Platforms.end(); err != nil {
		return err
	}
	t := workbook.New("平台", "没有平台数据", workbook.Text.Of("类别"), workbook.Count.Of("在册（个）", "分布（区、园区）"))
	total := 0
	for _, k := range platformKinds {
		if n[k[0]] > 0 {
			at := where("talent.html", "p-platforms", "类别", k[1])
			t.Add(k[1], counted(n[k[0]], at), different(len(regions[k[0]]), "区", at))
			total += n[k[0]]
		}
	}
	if total > 0 {
		t.AddTotal("合计", counted(total, where("talent.html", "p-platforms")), nil)
	}
	var err error
	if v.Kinds, err = t.HTML(); err != nil {
		return err
	}
	return w.put(page{file: "talent.html", title: "人才与平台", template: "talent", data: v})
}

// levels are the levels of a platform as readers know them.
var levels = map[string]string{"national": "国家级", "provincial": "省级", "municipal": "市级", "district": "区级"}

func people(it digest.Item) bool {
	return it.Kind == kpi.AnnualFlow || it.Kind == kpi.Cumulative || it.Kind == kpi.Stock
}
