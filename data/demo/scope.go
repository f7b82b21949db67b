package demo

import "fmt"

// sellToDeputies registers contracts between the universities of deputies and the firms these were
// sent to: most within the term and of 300,000 元 or more, some too small, some too early or too late.
func (c *city) sellToDeputies() {
	r := stream(c.seed, "deputies' contracts")
	for i, d := range c.deputies {
		if i%7 != 3 || !d.known() || d.renewal == "是" {
			continue
		}
		k := contract{kind: draw(r, []int{50, 8, 6, 10, 26}), signed: d.on + termFrom + day(r.n(termTo-termFrom)), region: r.n(len(districts))}
		k.amount = []int64{30_000_000, 29_999_900, 48_000_000, 120_000_000, 75_000_000}[i%5]
		switch {
		case i%11 == 3:
			k.signed = d.on + termTo + 1
		case i%13 == 3:
			k.signed = d.on + termFrom - 1
		}
		if k.on = k.signed + day(2+r.n(30)); k.on > c.ends[len(c.ends)-1] {
			continue
		}
		k.listed = c.quarterOf(k.on)
		k.no = fmt.Sprintf("%d320198%06d", c.quarter(k.listed).Year, i)
		k.seller, k.district = mention{firm: -1, name: d.school.Name}, districts[k.region].name
		k.buyer = mention{firm: d.at.firm, name: c.name(d.at.firm, k.listed), code: c.code(d.at.firm)}
		k.technical = k.amount
		k.field, k.project = "先进制造", fmt.Sprintf("技术副总合作开发（%d）", i+1)
		c.contracts = append(c.contracts, k)
	}
}
