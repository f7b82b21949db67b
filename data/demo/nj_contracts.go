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
		k := contract{kind: draw(r, []int{50, 8, 6, 10, 26}), signed: d.on + termFrom + day(r.n(termTo-termFrom))}
		k.region = r.n(len(districts()))
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
		k.seller, k.district = mention{firm: -1, name: d.school.Name}, districts()[k.region].Name
		k.buyer = mention{firm: d.at.firm, name: c.name(d.at.firm, k.listed), code: c.code(d.at.firm)}
		k.technical = k.amount
		k.field, k.project = "先进制造", fmt.Sprintf("技术副总合作开发（%d）", i+1)
		c.contracts = append(c.contracts, k)
	}
}

// sellFromUniversities registers contracts whose seller is a university of the city.
func (c *city) sellFromUniversities() {
	r := stream(c.seed, "universities' contracts")
	schools := c.schoolsBy(true, university)
	for q := range c.ends {
		for i := range c.scaled(90+2*q, 4) {
			k := contract{kind: draw(r, []int{50, 8, 6, 10, 26}), on: c.within(r, q), listed: q, region: r.n(len(districts()))}
			k.no = fmt.Sprintf("%d320199%06d", c.quarter(q).Year, c.quarter(q).N*100_000+i)
			k.signed = k.on - day(r.between(2, 60))
			s := schools[min(r.n(len(schools)), r.n(len(schools)))] // a few sell most
			k.seller, k.district = mention{firm: -1, name: s.Name}, districts()[k.region].Name
			k.buyer, k.buyerRegion = c.outsider(r), "330106"
			if len(c.employers[q].recognised) > 0 && r.chance(600) {
				k.buyer, _, _ = c.party(r, q)
				k.buyerRegion = pick(r, []string{"320115", "320106", "320114", "320102"})
			}
			k.field = pick(r, []string{"电子信息", "先进制造", "新材料及其应用", "生物、医药和医疗器械"})
			k.project = tradeWord(r) + "技术" + pick(r, []string{"开发", "许可", "咨询"}) + fmt.Sprintf("（校%d）", i+1)
			k.amount = skewed(r, 900_000_000)
			k.technical = k.amount / 1000 * int64(r.between(700, 1000)) / 100 * 100
			c.contracts = append(c.contracts, k)
		}
	}
}

// adoptGuideline says of each agreement whether it uses the model clauses on intellectual
// property; before 2023 nobody asked. All rows of an agreement say the same.
func (c *city) adoptGuideline() {
	for i := range c.agreements {
		a := &c.agreements[i]
		r := stream(c.seed, "guideline "+a.no)
		year := a.on.date().Year
		if year < 2023 || r.chance(250) {
			continue
		}
		if a.guideline = "否"; r.chance(min(900, 380+130*(year-2023))) {
			a.guideline = "是"
		}
	}
}
