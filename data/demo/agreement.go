package demo

import (
	"fmt"
	"slices"
)

// agreement is one firm's row of an agreement with a university.
type agreement struct {
	no        string
	school    School
	at        mention
	on        day
	validTo   day
	subject   string
	guideline string // 是, 否 or nothing
	listed    int
}

// agree signs agreements so that firms and universities grow as planned. A firm
// counts from the first day on which it signs while recognised; one that signed
// earlier and was not recognised then counts later, when it signs again.
func (c *city) agree() {
	r := stream(c.seed, "agreements")
	counted := map[int32]bool{}
	known := slices.Concat(c.schoolsBy(true, university), c.schoolsBy(false, university)) // the city's first
	met, number := 0, 0
	for q := range c.ends {
		p := planned(c.quarter(q))
		sign := func(e mention, s School, on day, joint bool) {
			if !joint {
				number++
			}
			c.agreements = append(c.agreements, agreement{no: fmt.Sprintf("XY%d%05d", c.quarter(q).Year, number), school: s, at: e, on: on,
				validTo: on.threeYears(),
				subject: pick(r, []string{"关键技术攻关", "共建创新联合体", "人才联合培养", "成果转化", "共建研发平台"}), listed: c.filed(r, q)})
			if joint {
				c.agreements[len(c.agreements)-1].listed = c.agreements[len(c.agreements)-2].listed
			}
		}
		open := min(len(known), c.scaled(p.Universities, 3))
		partner := func() School { // universities not yet met come first
			if met < open {
				met++
				return known[met-1]
			}
			return known[r.n(open)]
		}
		for _, e := range c.newcomers(r, q, c.scaled(p.Firms, 2)-len(counted), counted) {
			on := c.within(r, q)
			if c.recognised(e, on) {
				counted[e] = true
			}
			sign(c.mentionOf(r, e, q), partner(), on, false)
			if r.chance(90) { // a second firm joins the same agreement
				last := c.agreements[len(c.agreements)-1]
				if m := c.employer(r, q, true); m.firm != e {
					sign(m, last.school, on, true)
					if m.firm >= 0 && !m.wrong && c.recognised(m.firm, on) {
						counted[m.firm] = true
					}
				}
			}
		}
		for range 1 + c.scaled(p.Firms, 2)/40 { // firms that do not count, and firms that sign once more
			sign(c.employer(r, q, r.chance(400)), partner(), c.within(r, q), false)
		}
		c.countAgreementFirms(counted)
	}
}

// countAgreementFirms marks every firm that has signed while recognised.
func (c *city) countAgreementFirms(counted map[int32]bool) {
	for _, a := range c.agreements {
		if c.agrees(a) {
			counted[a.at.firm] = true
		}
	}
}

// agrees is the rule of NJ88-001 for one row.
func (c *city) agrees(a agreement) bool {
	return !a.at.wrong && a.at.firm >= 0 && c.recognised(a.at.firm, a.on) && c.on(a.at.firm, a.on).active()
}

// newcomers picks up to n recognised firms that have not counted yet.
func (c *city) newcomers(r *rng, q, n int, counted map[int32]bool) []int32 {
	free := filtered(c.employers[q].recognised, func(e int32) bool { return !counted[e] })
	shuffle(r, free)
	return free[:max(0, min(n, len(free)))]
}
