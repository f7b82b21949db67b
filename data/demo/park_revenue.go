package demo

// earn fills the statistics: every district's share grows through the year, and the whole from year to year. The plan hopes for
// 10000亿元 of software and information services in 2025, the demo stays just below.
func (c *city) earn() {
	r := stream(c.seed, "software revenue")
	shares := make([]int64, len(districts()))
	var sum int64
	for i, d := range districts() {
		shares[i] = int64(d.Firms*(80+r.n(40))) + 1
		sum += shares[i]
	}
	for q := range c.ends {
		whole := (9_870 + 640*int64(c.quarter(q).Year-2025)) * 1e8 * []int64{22, 47, 72, 100}[c.quarter(q).N-1] / 100 // 元
		for i := range districts() {
			c.enter("software_revenue", entry{region: i, district: districtName(i), on: c.ends[q], n: 40 + int(shares[i]%90),
				fen: whole / sum * shares[i] * 100})
		}
	}
	if c.parks.begins < 0 {
		return
	}
	for q := c.parks.begins; q < len(c.ends); q++ {
		for i, k := range stories().Clusters {
			n := k.Firms + (q-c.parks.begins)*(3+i)
			c.enter("industry_cluster", entry{name: k.Name, kind: k.Level, region: k.District, district: districtName(k.District),
				on: c.ends[q], n: n, fen: int64(n) * int64(c.quarter(q).N) * 52_000_000_00})
		}
	}
}
