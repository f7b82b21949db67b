package demo

// report is what a district or a cluster had earned from the beginning of the year to
// the end of quarter q, in fen.
type report struct {
	name, level string
	district    int
	q, firms    int
	earned      int64
}

// softwareYear is the year's revenue of software and information services in 亿元: the
// plan hopes for 10000 in 2025, the demo stays just below.
func softwareYear(year int) int64 {
	return map[bool]int64{true: 9_870, false: 9_870 + int64(year-2025)*640}[year == 2025]
}

// earn fills the statistics: every district's share grows through the year.
func (c *city) earn() {
	r := stream(c.seed, "software revenue")
	shares := make([]int64, len(districts))
	var sum int64
	for i, d := range districts {
		shares[i] = int64(d.firms*(80+r.n(40))) + 1
		sum += shares[i]
	}
	for q := range c.ends {
		whole := softwareYear(c.quarter(q).Year) * 1e8 * []int64{22, 47, 72, 100}[c.quarter(q).N-1] / 100 // 元
		for i := range districts {
			c.parks.revenue = append(c.parks.revenue, report{district: i, q: q, firms: 40 + int(shares[i]%90), earned: whole / sum * shares[i] * 100})
		}
	}
	if c.parks.begins < 0 {
		return
	}
	clusters := []report{{name: "江北新区生物药品制品制造创新型产业集群", level: "国家级", district: jiangbei, firms: 210}, {name: "江宁智能电网创新型产业集群", level: "国家级", district: 7, firms: 260},
		{name: "江宁国家高新园未来网络创新型产业集群", level: "省级", district: 7, firms: 120}, {name: "新港国家高新园人工智能创新型产业集群", level: "省级", district: 5, firms: 150}}
	for q := c.parks.begins; q < len(c.ends); q++ {
		for i, k := range clusters {
			k.q, k.firms = q, k.firms+(q-c.parks.begins)*(3+i)
			k.earned = int64(k.firms) * int64(c.quarter(q).N) * 52_000_000_00
			c.parks.clusters = append(c.parks.clusters, k)
		}
	}
}
