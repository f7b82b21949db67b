package snapshottest

import (
	"math"
	"time"

	"citykpi/pipeline/kpi"
)

func num(v float64) *float64 { return &v }

func by(year int) kpi.Date { return kpi.YearEnd(year) }

// grow is a straight rise from a at 2022Q3 to b at the as-of quarter, with a ripple.
func grow(a, b float64) func(int) float64 {
	return func(i int) float64 {
		v := a + (b-a)*float64(i)/16
		if i < 16 {
			v += math.Sin(float64(i)*1.7) * (b - a) / 60
		}
		return math.Round(v)
	}
}

// yearly is a flow that starts anew each year and reaches full in a whole year;
// this year it reaches now by the as-of quarter.
func yearly(full, now float64) func(int) float64 {
	return func(i int) float64 {
		q := first.Add(i)
		if q.Year == AsOf.Year {
			return math.Round(now * float64(q.N) / 3)
		}
		return math.Round(full * (0.8 + 0.06*float64(q.Year-2022)) * float64(q.N) / 4)
	}
}

// steps are a level by the year's end, from 2022 on; the last is that of the last two
// quarters.
func steps(levels ...float64) func(int) float64 {
	return func(i int) float64 {
		if i == 16 || i == 15 {
			return levels[len(levels)-1]
		}
		return levels[min((i+2)/4, len(levels)-2)]
	}
}

func lines() []line {
	atLeast := func(v float64, unit string, deadline kpi.Date) *kpi.Target {
		return &kpi.Target{AtLeast: num(v), Unit: unit, By: deadline}
	}
	perYear := func(v float64, unit string) *kpi.Target {
		return &kpi.Target{AtLeast: num(v), Unit: unit, Per: "year", FirstFullYear: 2023}
	}
	tiers := []kpi.Measure{{Name: "exclusive", Title: "互斥口径"}, {Name: "ever", Title: "累计认定"}}
	return []line{
		{c: kpi.Commitment{ID: "NJ88-001", Article: "1", Name: "组织专精特新企业参与校企协同", Kind: kpi.Cumulative, Target: atLeast(1000, "家", by(2026)), Expected: true, Units: []string{"市工信局"}, Words: "组织1000家专精特新企业", Decision: "签订校企协议且在有效期内的企业，去重累计", Assumed: []string{"期限随第2条", "参与以签订协议为准"}}, path: grow(40, 742)},
		{c: kpi.Commitment{ID: "NJ88-002", Article: "1", Name: "与高校签订校企协同创新协议", Kind: kpi.Cumulative, Target: atLeast(100, "家", by(2027)), Units: []string{"市科技局", "市教育局"}, Decision: "按学校标识码去重", Also: []kpi.Measure{{Name: "agreements", Title: "协议数", Unit: "份"}}}, path: grow(6, 58)},
		{c: kpi.Commitment{ID: "NJ88-003", Model: "enterprise_tier", Variant: "innovative", Article: "2", Name: "创新型中小企业", Kind: kpi.Stock, Target: atLeast(10000, "家", by(2025)), Expected: true, Pinned: true, Units: []string{"市工信局"}, Words: "创新型中小企业……10000家", Summary: "四级梯度企业达到规定数量", Decision: "期末在有效期内、注册地在本市、存续、去重；层级向下包含", Assumed: []string{"单项冠军不计入本级"}, Also: tiers}, path: grow(5200, 12873)},
		{c: kpi.Commitment{ID: "NJ88-004", Model: "enterprise_tier", Variant: "specialised", Article: "2", Name: "专精特新中小企业", Kind: kpi.Stock, Target: atLeast(1000, "家", by(2025)), Expected: true, Pinned: true, Units: []string{"市工信局"}, Decision: "期末在有效期内、注册地在本市、存续、去重", Also: tiers}, path: grow(598, 1688)},
		{c: kpi.Commitment{ID: "NJ88-005", Model: "enterprise_tier", Variant: "little_giant", Article: "2", Name: "专精特新“小巨人”企业", Kind: kpi.Stock, Target: atLeast(300, "家", by(2025)), Expected: true, Pinned: true, Units: []string{"市工信局"}, Decision: "期末在有效期内、注册地在本市、存续、去重", Also: tiers}, path: grow(97, 361)},
		{c: kpi.Commitment{ID: "NJ88-006", Model: "enterprise_tier", Variant: "champion", Article: "2", Name: "制造业单项冠军企业", Kind: kpi.Stock, Target: atLeast(30, "家", by(2025)), Expected: true, Pinned: true, Units: []string{"市工信局"}}, path: grow(17, 28)},
		{c: kpi.Commitment{ID: "NJ88-007", Article: "2", Name: "引导企业对照四级标准梯度成长", Kind: kpi.Obligation, Decision: "只出升级与退出矩阵，不打分", Assumed: []string{"责任单位文中未列"}}, source: kpi.SourceNone},
		{c: kpi.Commitment{ID: "NJ88-008", Article: "2", Name: "争取部、省对校企合作企业的专精特新认定支持", Kind: kpi.Obligation, Assumed: []string{"责任单位文中未列"}}, source: kpi.SourceNone},
		{c: kpi.Commitment{ID: "NJ88-011", Article: "4", Name: "校企联合攻关财政资金投入", Kind: kpi.Cumulative, Target: atLeast(1e9, "元", by(2027)), Units: []string{"市财政局"}}, path: grow(2e7, 7.6e8), cityOnly: true},
		{c: kpi.Commitment{ID: "NJ88-013", Article: "5", Name: "规上工业企业研发投入强度", Kind: kpi.Stock, Target: &kpi.Target{Between: &[2]float64{3.5, 4.5}, Unit: "%", By: by(2026)}, Units: []string{"市统计局"}}, path: func(i int) float64 { return math.Round((2.9+0.06*float64(i))*100) / 100 }, cityOnly: true},
		{c: kpi.Commitment{ID: "NJ88-015", Article: "6", Name: "惠企政策平均办理时限", Kind: kpi.Stock, Target: &kpi.Target{AtMost: num(5), Unit: "工作日", By: by(2026)}, Units: []string{"市政务办"}}, path: func(i int) float64 { return math.Round((9.4-0.32*float64(i))*10) / 10 }, cityOnly: true},
		{c: kpi.Commitment{ID: "NJ88-020", Model: "technical_deputy", Article: "8", Name: "选聘专家教授兼任技术副总", Kind: kpi.AnnualFlow, Target: perYear(100, "名"), Pinned: true, Units: []string{"市科技局", "市工信局"}, Decision: "自然年新签聘任、去重人员", Assumed: []string{"责任单位文中未列"}}, path: yearly(118, 62)},
		{c: kpi.Commitment{ID: "NJ88-021", Article: "8", Name: "技术副总合同的指导性计划立项支持", Kind: kpi.AwardRule, Decision: "含30万；以实际支付高校院所累计额计", Assumed: []string{"责任单位文中未列"}}, source: kpi.SourceNone},
		{c: kpi.Commitment{ID: "NJ88-022", Article: "9", Name: "从专精特新企业选聘产业教授", Kind: kpi.AnnualFlow, Unit: "名", Units: []string{"市教育局"}, Decision: "“一批”无数值，只报数与同比"}, path: yearly(60, 46)},
		{c: kpi.Commitment{ID: "NJ88-023", Model: "technology_manager", Article: "10", Name: "培养并认定技术经理人", Kind: kpi.Cumulative, Target: atLeast(100, "名", by(2027)), Pinned: true, Units: []string{"市科技局"}, Assumed: []string{"责任单位文中未列"}}, path: grow(8, 81), source: kpi.SourceStale, carried: kpi.Date{Year: 2026, Month: time.June, Day: 30}},
		{c: kpi.Commitment{ID: "NJ88-024", Article: "10", Name: "技术经理人纳入职称序列", Kind: kpi.Milestone, Units: []string{"市人社局"}}, source: kpi.SourceNone},
		{c: kpi.Commitment{ID: "NJ88-025", Model: "doctoral_service", Article: "11", Name: "在校博士生、青年教师等深入企业服务", Kind: kpi.AnnualFlow, Target: perYear(500, "名"), Pinned: true, Units: []string{"市教育局"}, Also: []kpi.Measure{{Name: "visits", Title: "人次", Unit: "人次"}}}, path: yearly(540, 388)},
		{c: kpi.Commitment{ID: "NJ88-026", Article: "11", Name: "争取产业园区纳入国家工程硕博士培养改革专项试点", Kind: kpi.Milestone}, source: kpi.SourceNone},
		{c: kpi.Commitment{ID: "NJ88-028", Model: "skilled_worker_placement", Article: "12", Name: "为专精特新企业输送技术型人才", Kind: kpi.AnnualFlow, Target: perYear(5000, "名"), Pinned: true, Units: []string{"市人社局", "市教育局"}}, path: yearly(5600, 1630)},
		{c: kpi.Commitment{ID: "NJ88-030", Article: "13", Name: "新建省级企业技术中心", Kind: kpi.Cumulative, Target: atLeast(50, "家", by(2026)), Units: []string{"市发改委"}}, source: kpi.SourceMissing},
		{c: kpi.Commitment{ID: "NJ88-031", Article: "13", Name: "公共实习实训中心（平台）", Kind: kpi.Stock, Target: atLeast(2, "个", by(2025)), Units: []string{"市教育局"}}, path: steps(0, 1, 2, 2, 1), cityOnly: true},
		{c: kpi.Commitment{ID: "NJ88-032", Article: "13", Name: "紧密型职教集团", Kind: kpi.Stock, Target: atLeast(3, "个", by(2025)), Units: []string{"市教育局"}}, path: steps(0, 1, 2, 2, 3), cityOnly: true},
		{c: kpi.Commitment{ID: "NJ-TC01", Model: "tech_contract", Name: "技术合同成交额", Kind: kpi.QuarterSum, Unit: "元", Units: []string{"市科技局"}, Pinned: true, Decision: "按卖方登记地、登记日期所在季度汇总"}, path: contractAmount, indicator: true},
		{c: kpi.Commitment{ID: "NJ-AP01", Name: "奖补资金兑付", Kind: kpi.QuarterSum, Unit: "元", Units: []string{"市财政局"}, Pinned: true}, path: payoutAmount, indicator: true, cityOnly: true},
	}
}

func contractAmount(i int) float64 {
	return math.Round((1.62e10 + 5.1e8*float64(i) + 2.3e9*math.Cos(float64(i)*math.Pi/2)))
}

func payoutAmount(i int) float64 {
	return math.Round(3.1e7 + 2.2e6*float64(i) + 9e6*math.Sin(float64(i)))
}

// codes and weights split a city's value; the last district takes the rest.
var (
	codes   = []string{"320115", "320191", "320113", "320111", "320106", "320114", "320104", "320116", "320105", "320117", "320102", "320118"}
	weights = []float64{0.24, 0.18, 0.11, 0.09, 0.08, 0.07, 0.06, 0.05, 0.04, 0.035, 0.025, 0.02}
)

func districts() []kpi.Region {
	r := func(code, name, short, kind string, x, y int) kpi.Region {
		return kpi.Region{Code: code, Name: name, Short: short, Kind: kind, Parent: city, Tile: [2]int{x, y}}
	}
	return []kpi.Region{
		r("320102", "玄武区", "玄武", "district", 3, 2), r("320104", "秦淮区", "秦淮", "district", 3, 3), r("320105", "建邺区", "建邺", "district", 2, 3),
		r("320106", "鼓楼区", "鼓楼", "district", 2, 2), r("320111", "浦口区", "浦口", "district", 1, 2), r("320113", "栖霞区", "栖霞", "district", 3, 1),
		r("320114", "雨花台区", "雨花台", "district", 2, 4), r("320115", "江宁区", "江宁", "district", 3, 4),
		{Code: "320115-01", Name: "江宁经济技术开发区", Short: "江宁开发区", Kind: "park", Parent: "320115"},
		r("320116", "六合区", "六合", "district", 2, 0), r("320117", "溧水区", "溧水", "district", 3, 5), r("320118", "高淳区", "高淳", "district", 3, 6),
		r("320191", "江北新区", "江北", "functional", 1, 1), {Code: "320192", Name: "南京经济技术开发区", Short: "南京开发区", Kind: "park", Parent: "320113"},
	}
}

// money writes contract and payout cells whose quarters add up to the lines above.
func money(s *kpi.Snapshot, from kpi.Quarter) {
	kinds := []struct {
		name  string
		share float64
	}{{"技术服务", 0.44}, {"技术开发", 0.36}, {"技术转让", 0.12}, {"技术咨询", 0.05}, {"技术许可", 0.03}}
	articles := []struct {
		id    string
		share float64
	}{{"2", 0.34}, {"3", 0.21}, {"4", 0.15}, {"8", 0.12}, {"10", 0.08}, {"12", 0.06}, {"15", 0.04}}
	for i := range 17 {
		q := first.Add(i)
		if q.End().Before(from.End()) {
			continue
		}
		for _, k := range kinds {
			for n, code := range codes[:4] {
				amount := contractAmount(i) * k.share * []float64{0.4, 0.3, 0.2, 0.1}[n]
				s.Contracts = append(s.Contracts, kpi.ContractCell{Quarter: q, Region: code, Kind: k.name, Contracts: 20 + int(amount/2e7), Amount: amount, TechAmount: amount * 0.82})
			}
		}
		for _, a := range articles {
			amount := payoutAmount(i) * a.share
			s.Payouts = append(s.Payouts, kpi.PayoutCell{Quarter: q, Region: city, Article: a.id, Payouts: 3 + int(amount/4e5), Payees: 2 + int(amount/5e5), Amount: amount})
		}
	}
}

func submissions() []kpi.Submission {
	due := kpi.Date{Year: 2026, Month: time.October, Day: 15}
	ready := func(source, name, bureau string, read, rejected, dropped, unmatched int64) kpi.Submission {
		return kpi.Submission{Source: source, Name: name, Bureau: bureau, Status: kpi.SourceReady, Due: due, DataDate: AsOf, Batches: 17, Read: read, Loaded: read - rejected - dropped, Rejected: rejected, Dropped: dropped, Unmatched: unmatched}
	}
	return []kpi.Submission{
		ready("enterprise_registry", "企业登记", "市市场监管局", 61204, 17, 0, 0),
		ready("sme_tier_recognition", "优质中小企业梯度培育认定名单", "市工信局", 14214, 9, 22, 31),
		ready("tech_contract", "技术合同认定登记", "市科技局", 39218, 12, 17, 4),
		ready("award_payout", "奖补资金兑付", "市财政局", 1873, 0, 17, 2),
		ready("skilled_worker_placement", "技术型人才就业参保", "市人社局", 21730, 148, 0, 0),
		{Source: "technology_manager", Name: "技术经理人认定", Bureau: "市科技局", Status: kpi.SourceStale, Due: due, DataDate: kpi.Date{Year: 2026, Month: time.June, Day: 30}, Batches: 15, Read: 84, Loaded: 81, Rejected: 3},
		{Source: "technology_centre", Name: "省级企业技术中心认定", Bureau: "市发改委", Status: kpi.SourceMissing, Due: due},
	}
}

func checks() []kpi.Check {
	return []kpi.Check{
		{Name: "统一社会信用代码唯一", Kind: "contract", Status: "passed", Blocking: true},
		{Name: "认定名单引用的企业均已登记", Kind: "contract", Status: "warned", Rows: 31, Detail: "31 家待匹配"},
		{Name: "有效期区间不重叠", Kind: "model", Status: "passed", Blocking: true},
		{Name: "事实合计等于指标值", Kind: "reconciliation", Status: "passed", Blocking: true},
		{Name: "各区之和等于全市", Kind: "reconciliation", Status: "passed", Blocking: true},
	}
}
