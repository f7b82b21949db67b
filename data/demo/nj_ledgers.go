package demo

import (
	"fmt"

	"citykpi/pipeline/kpi"
)

// njActivity is a line of the office's ledger of what was done under a commitment.
type njActivity struct {
	no, id, name, kind, host string
	on                       day
	enterprises              int
	signed                   int   // -1: the line says nothing of it
	amount                   int64 // fen; -1: nothing
	noDate                   bool
}

// njMilestone is a line of the office's ledger of milestones.
type njMilestone struct {
	id, stage, evidence string
	on                  day
	rank                int64 // 0 未启动, 1 推进中, 2 完成
}

// rhythm is how often something is done under a commitment: per quarter of the year,
// with up to more on top, from a quarter on, never in those skipped.
type rhythm struct {
	id, name, kind, host string
	turn                 string // who hosts every third; "": host does
	from                 kpi.Quarter
	per                  [4]int
	more                 int
	signed               [2]int // nothing said when both are 0
	amount               [2]int // 万元
	skip                 []kpi.Quarter
}

var njRhythms = []rhythm{
	{id: "NJ88-014", name: "产品入选创新产品推荐目录", kind: "目录公告", host: "市工信局", from: kpi.Quarter{Year: 2022, N: 4}, per: [4]int{0, 3, 0, 4}, more: 2},
	{id: "NJ88-015", name: "发布校企合作应用场景", kind: "场景清单", host: "市工信局", from: kpi.Quarter{Year: 2022, N: 4}, per: [4]int{1, 2, 2, 2}, more: 2},
	{id: "NJ88-037", name: "专利拍卖与交易集市", kind: "专利交易", host: "市市场监管局", from: kpi.Quarter{Year: 2022, N: 4}, per: [4]int{1, 1, 1, 2}, amount: [2]int{200, 2500}},
	{id: "NJ88-038", name: "校企精准对接会", kind: "对接活动", host: "市科技局", turn: "市工信局", from: kpi.Quarter{Year: 2022, N: 3}, per: [4]int{2, 4, 3, 4}, more: 3, signed: [2]int{3, 25}},
	{id: "NJ88-040", name: "部省市会商", kind: "会商", host: "市政府办公厅", from: kpi.Quarter{Year: 2022, N: 4}, per: [4]int{0, 1, 0, 1}, skip: []kpi.Quarter{{Year: 2024, N: 2}}},
	{id: "NJ88-041", name: "高校与专精特新企业调度会", kind: "调度会", host: "领导小组办公室", from: kpi.Quarter{Year: 2022, N: 4}, per: [4]int{1, 1, 1, 1}, skip: []kpi.Quarter{{Year: 2023, N: 3}, {Year: 2025, N: 1}}},
	{id: "NJ88-042", name: "分类校企对接活动", kind: "对接活动", host: "市教育局", turn: "市人社局", from: kpi.Quarter{Year: 2022, N: 3}, per: [4]int{3, 5, 4, 5}, more: 3, signed: [2]int{0, 12}},
	{id: "NJ88-050", name: "校企协同创新典型案例发布", kind: "案例发布", host: "领导小组办公室", from: kpi.Quarter{Year: 2022, N: 4}, per: [4]int{0, 0, 1, 0}, signed: [2]int{8, 20}},
	{id: "NJGT-002", name: "区域技术转移转化分中心批复", kind: "批复", host: "市科技局", from: kpi.Quarter{Year: 2024, N: 4}, per: [4]int{0, 0, 0, 1}, skip: []kpi.Quarter{{Year: 2026, N: 4}}},
	{id: "NJGT-005", name: "高校科技成果转化排行榜", kind: "榜单发布", host: "市科技局", from: kpi.Quarter{Year: 2025, N: 1}, per: [4]int{0, 1, 0, 0}},
	{id: "NJGT-006", name: "科技成果与技术需求“两项清单”", kind: "清单发布", host: "市科技局", from: kpi.Quarter{Year: 2024, N: 4}, per: [4]int{1, 1, 1, 1}, signed: [2]int{120, 400}, skip: []kpi.Quarter{{Year: 2025, N: 4}}},
	{id: "NJGT-008", name: "“千校万企”紫金行动", kind: "对接活动", host: "市工信局", from: kpi.Quarter{Year: 2024, N: 4}, per: [4]int{1, 2, 2, 2}, more: 1, signed: [2]int{5, 30}},
	{id: "NJGT-009", name: "清单内技术推荐省级项目", kind: "推荐", host: "市科技局", from: kpi.Quarter{Year: 2024, N: 4}, per: [4]int{0, 4, 0, 5}, more: 3, signed: [2]int{0, 1}},
	{id: "NJGT-010", name: "高校院所分中心成立", kind: "机构", host: "市科技局", from: kpi.Quarter{Year: 2024, N: 4}, per: [4]int{0, 1, 0, 1}, more: 1},
	{id: "NJGT-011", name: "示范性技术转移机构认定", kind: "机构", host: "市科技局", from: kpi.Quarter{Year: 2025, N: 1}, per: [4]int{0, 1, 1, 1}, more: 1},
	{id: "NJGT-018", name: "紫金山实验室项目立项与转化", kind: "项目", host: "市科技局", from: kpi.Quarter{Year: 2024, N: 4}, per: [4]int{1, 1, 2, 1}, amount: [2]int{100, 6000}},
	{id: "NJGT-020", name: "重大创新平台转化项目", kind: "项目", host: "市科技局", from: kpi.Quarter{Year: 2024, N: 4}, per: [4]int{1, 2, 2, 3}, more: 1},
	{id: "NJGT-022", name: "企业技术中心、工程技术研究中心推荐", kind: "推荐", host: "市工信局", from: kpi.Quarter{Year: 2024, N: 4}, per: [4]int{0, 5, 0, 4}, more: 3, signed: [2]int{0, 1}},
	{id: "NJGT-025", name: "研发中心用地、能耗保障", kind: "要素保障", host: "市工信局", from: kpi.Quarter{Year: 2024, N: 4}, per: [4]int{0, 2, 1, 2}, more: 1},
	{id: "NJGT-028", name: "市级重大科技专项立项公告", kind: "立项", host: "市科技局", from: kpi.Quarter{Year: 2024, N: 3}, per: [4]int{0, 0, 1, 0}},
	{id: "NJGT-030", name: "应用示范推荐目录", kind: "目录公告", host: "市工信局", from: kpi.Quarter{Year: 2024, N: 4}, per: [4]int{0, 0, 0, 1}, signed: [2]int{40, 120}},
	{id: "NJGT-031", name: "应用新场景发布", kind: "场景清单", host: "市工信局", from: kpi.Quarter{Year: 2024, N: 4}, per: [4]int{1, 1, 1, 2}, more: 2},
	{id: "NJGT-035", name: "概念验证中心推荐省级", kind: "推荐", host: "市科技局", from: kpi.Quarter{Year: 2025, N: 1}, per: [4]int{0, 1, 0, 1}, more: 1},
	{id: "NJGT-040", name: "中试平台供地与载体盘活", kind: "供地", host: "市规资局", from: kpi.Quarter{Year: 2024, N: 4}, per: [4]int{0, 1, 0, 1}, more: 1},
	{id: "NJGT-042", name: "公共技术服务平台合同考核", kind: "考核", host: "市科技局", from: kpi.Quarter{Year: 2025, N: 1}, per: [4]int{1, 0, 0, 0}, signed: [2]int{0, 3}},
	{id: "NJGT-048", name: "省产研院共建机构", kind: "机构", host: "市科技局", from: kpi.Quarter{Year: 2024, N: 4}, per: [4]int{0, 1, 1, 1}, more: 1},
	{id: "NJGT-053", name: "企业融资白名单", kind: "名单", host: "市委金融办", from: kpi.Quarter{Year: 2024, N: 4}, per: [4]int{1, 0, 1, 0}},
	{id: "NJGT-062", name: "“一站式”绿色通道办理", kind: "办件", host: "市数据局", from: kpi.Quarter{Year: 2024, N: 4}, per: [4]int{3, 3, 3, 3}, signed: [2]int{20, 80}},
	{id: "NJGT-063", name: "卓越工程师学院、技术转移研究院共建", kind: "机构", host: "市教育局", from: kpi.Quarter{Year: 2025, N: 1}, per: [4]int{0, 0, 1, 1}},
	{id: "NJGT-067", name: "国际科技合作交流活动", kind: "活动", host: "市科技局", from: kpi.Quarter{Year: 2024, N: 4}, per: [4]int{0, 0, 1, 1}},
	{id: "NJGT-069", name: "重大项目落地考核评价通报", kind: "通报", host: "市委科技委员会办公室", from: kpi.Quarter{Year: 2024, N: 4}, per: [4]int{1, 1, 1, 1}, skip: []kpi.Quarter{{Year: 2025, N: 2}, {Year: 2026, N: 1}}},
}

// njChains are the four chains NJ88-036 names, each with the month its alliance was put on file.
var njChains = []struct {
	name        string
	year, month int
}{{"软件和信息服务", 2023, 5}, {"智能电网", 2023, 11}, {"生物医药", 2024, 8}, {"集成电路", 2025, 5}}

// njStages are the milestones: the months work began and ended; 0: not yet.
var njStages = []struct {
	id         string
	begun, met [2]int // year, month
	evidence   string
}{
	{"NJ88-024", [2]int{2023, 3}, [2]int{2025, 4}, "技术经纪专业职称评审公告"},
	{"NJ88-026", [2]int{2023, 6}, [2]int{}, "工程硕博士培养改革专项试点申报"},
	{"NJ88-039", [2]int{2023, 2}, [2]int{2024, 6}, "校企合作公共服务平台上线"},
	{"NJ88-043", [2]int{2023, 5}, [2]int{2024, 12}, "基地、平台认定办法修订"},
	{"NJGT-001", [2]int{2024, 10}, [2]int{2026, 4}, "南京综合服务中心建成投用"},
	{"NJGT-004", [2]int{2024, 11}, [2]int{2025, 5}, "源头发现对接工作指引印发"},
	{"NJGT-014", [2]int{2025, 3}, [2]int{}, "知识产权运营服务公司组建方案"},
	{"NJGT-016", [2]int{2025, 1}, [2]int{2025, 9}, "区域技术转移联盟成立"},
	{"NJGT-017", [2]int{}, [2]int{}, ""},
	{"NJGT-039", [2]int{2024, 12}, [2]int{2025, 7}, "中试基地建设指引印发"},
	{"NJGT-055", [2]int{2025, 6}, [2]int{}, "子基金容错机制征求意见"},
	{"NJGT-057", [2]int{2024, 12}, [2]int{2026, 6}, "南京专区上线"},
	{"NJGT-061", [2]int{2025, 4}, [2]int{2026, 2}, "市属国企考核办法印发"},
	{"NJGT-064", [2]int{2024, 10}, [2]int{2025, 11}, "技术经纪专业职称评审开评"},
	{"NJGT-068", [2]int{2025, 1}, [2]int{2025, 10}, "尽职免责配套工作指引印发"},
	{"NJGT-070", [2]int{2024, 10}, [2]int{2025, 2}, "跨部门推进机制工作规则印发"},
}

// keepLedgers fills the office's two ledgers.
func (c *city) keepLedgers() {
	r := stream(c.seed, "office's ledgers")
	v := &c.conversion
	note := func(a njActivity) {
		a.no = fmt.Sprintf("NJHD%05d", len(v.activities)+1)
		v.activities = append(v.activities, a)
	}
	for q := range c.ends {
		for _, h := range njRhythms {
			c.hold(r, h, q, note)
		}
		if q%6 == 3 {
			note(njActivity{id: "NJ88-038", name: "日期待补的对接会", kind: "对接活动", host: "市科技局", on: c.ends[q], signed: -1, amount: -1, noDate: true})
		}
	}
	for _, chain := range njChains {
		if on := dayIn(r, chain.year, chain.month); c.ended(on) {
			note(njActivity{id: "NJ88-036", name: chain.name + "产业知识产权联盟备案", kind: "备案", host: "市市场监管局", on: on, signed: -1, amount: -1})
		}
	}
	for _, m := range njStages {
		for i, at := range [][2]int{m.begun, m.met} {
			if at == ([2]int{}) {
				continue
			}
			if on := dayIn(r, at[0], at[1]); c.ended(on) {
				words := [][]string{{"推进中", "进行中"}, {"完成", "已完成"}}[i]
				v.milestones = append(v.milestones, njMilestone{m.id, pick(r, words), m.evidence, on, int64(i + 1)})
			}
		}
	}
}

// hold does in a quarter what its rhythm says.
func (c *city) hold(r *rng, h rhythm, q int, note func(njActivity)) {
	at := c.quarter(q)
	if at.End().Before(h.from.End()) || h.per[at.N-1] == 0 {
		return
	}
	for _, s := range h.skip {
		if s == at {
			return
		}
	}
	for i := range h.per[at.N-1] + r.n(h.more+1) {
		a := njActivity{id: h.id, name: fmt.Sprintf("%s%s（%d）", at, h.name, i+1), kind: h.kind, host: h.host, on: c.within(r, q), enterprises: r.between(5, 60), signed: -1, amount: -1}
		if h.turn != "" && i%3 == 2 {
			a.host = h.turn
		}
		if h.signed != ([2]int{}) {
			a.signed = r.between(h.signed[0], h.signed[1])
		}
		if h.amount != ([2]int{}) {
			a.amount = int64(r.between(h.amount[0], h.amount[1])) * 1_000_000
		}
		note(a)
	}
}
