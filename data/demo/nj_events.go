package demo

import (
	"fmt"

	"citykpi/pipeline/kpi"
)

// conversion is what Nanjing's two documents on transferring results ask for beside
// persons, agreements and money: institutions, funds, licences, libraries, and the
// office's own ledgers of activities and milestones.
type conversion struct {
	universities  []njUniversity
	streets       []njStreet
	large         []njLarge
	institutions  []njInstitution
	funds         []njFund
	investments   []njInvestment
	licences      []njLicence
	incomes       []njIncome
	empowerments  []njEmpowerment
	entries       []njEntry
	incubated     []njIncubated
	applications  []njApplication
	spinoffs      []njSpinoff
	activities    []njActivity
	milestones    []njMilestone
	filesPerTopic []int // quarters at whose end these ledgers are handed in
}

// njUniversity is a university of the city and the days it brought something in; 0: not yet.
type njUniversity struct {
	school                                       School
	listed, reform, disclosure, zoneFrom, zoneTo day
}

// njStreet is a street or town and its enterprise service centre.
type njStreet struct {
	code, name             string
	region                 int
	listed, opened, closed day
}

// njLarge is an enterprise on the year's list of those above the designated size.
type njLarge struct {
	year     int
	firm     int32
	q        int // the quarter in which the list was made
	name     string
	region   int
	district string
}

// njInstitution is an enterprise's R&D institution on file.
type njInstitution struct {
	no             string
	at             mention
	filed, revoked day // revoked 0: it stands
}

// convert makes the events. Each topic has a stream of its own.
func (c *city) convert() {
	v := &c.conversion
	last := len(c.ends) - 1
	for q := range c.ends {
		if q == last || q > last-2*watched && c.quarter(q).N == 4 {
			v.filesPerTopic = append(v.filesPerTopic, q)
		}
	}
	c.reformUniversities()
	c.openCentres()
	c.listLarge()
	c.institute()
	c.raiseFunds()
	c.licensePatents()
	c.distribute()
	c.empower()
	c.stockLibraries()
	c.incubate()
	c.recommend()
	c.spinOff()
	c.keepLedgers()
	c.sellFromUniversities()
	c.sellToDeputies()
	c.adoptGuideline()
}

// handedIn is the quarter whose file carries an event of a day.
func (c *city) handedIn(on day) int {
	at := c.quarterOf(on)
	for _, q := range c.conversion.filesPerTopic {
		if at <= q {
			return q
		}
	}
	return len(c.ends) - 1
}

// ended reports whether a day lies in the time the demo tells of.
func (c *city) ended(on day) bool { return on <= c.ends[len(c.ends)-1] }

// dayIn is a day of a calendar month, a little after its first.
func dayIn(r *rng, year, month int) day {
	return dayOf(kpi.DateOf(kpi.Date{Year: year, Month: 1, Day: 1}.Time().AddDate(0, month-1, 0))) + day(r.n(20))
}

// once is start plus up to span days, or 0 when it does not happen in our time.
func (c *city) once(r *rng, perMille int, start day, span int) day {
	on := start + day(r.n(span))
	if !r.chance(perMille) || !c.ended(on) {
		return 0
	}
	return on
}

func (c *city) reformUniversities() {
	r := stream(c.seed, "universities' measures")
	start := dayIn(r, 2022, 10)
	for i, s := range c.schoolsBy(true, university) {
		u := njUniversity{school: s, listed: dayIn(r, 2022, 1)}
		if i == 3 {
			u.listed = dayIn(r, 2024, 9)
		}
		u.reform = c.once(r, 620, start, 1400)
		u.disclosure = c.once(r, 800, start+400, 1100)
		u.zoneFrom = c.once(r, 850, start, 1300)
		if u.zoneFrom > 0 && r.chance(100) {
			u.zoneTo = c.once(r, 1000, u.zoneFrom+90, 300)
		}
		if c.ended(u.listed) {
			c.conversion.universities = append(c.conversion.universities, u)
		}
	}
}

func (c *city) openCentres() {
	r := stream(c.seed, "service centres")
	start := dayIn(r, 2021, 6)
	for region, n := range [len(districts)]int{7, 12, 6, 13, 9, 9, 6, 10, 9, 7, 7, 7} {
		for i := range n {
			s := njStreet{code: fmt.Sprintf("%s%03d", districts[region].code, i+1), region: region, listed: dayIn(r, 2021, 1)}
			s.name = districts[region].short + "示例" + pick(r, []string{"东", "西", "南", "北", "中"}) + fmt.Sprint(i+1) + pick(r, []string{"街道", "街道", "镇"})
			s.opened = c.once(r, 780+10*(region%4), start, 1900)
			if s.opened > 0 && r.chance(60) {
				s.closed = c.once(r, 1000, s.opened+200, 500)
			}
			c.conversion.streets = append(c.conversion.streets, s)
		}
	}
}

// listLarge is the statistics bureau's list of each year: most stay, a few come and go.
func (c *city) listLarge() {
	r := stream(c.seed, "large industry")
	on := map[int32]bool{}
	var list []int32
	for q := range c.ends {
		year := c.quarter(q).Year
		if q > 0 && c.quarter(q-1).Year == year {
			continue
		}
		kept := list[:0]
		for _, e := range list {
			if on[e] = c.at(e, q).active() && !r.chance(50); on[e] {
				kept = append(kept, e)
			}
		}
		list = kept
		pool := append(append([]int32{}, c.employers[q].recognised...), c.employers[q].ordinary...)
		for range 4 * c.scaled(1200, 6) {
			if len(pool) == 0 || len(list) >= c.scaled(1200+40*(year-2022), 6) {
				break
			}
			if e := pick(r, pool); !on[e] {
				on[e] = true
				list = append(list, e)
			}
		}
		for _, e := range list {
			c.bears[e] = true
			region := c.at(e, q).region
			c.conversion.large = append(c.conversion.large, njLarge{year, e, q, c.name(e, q), region, writeDistrict(r, region, false)})
		}
	}
}

// institute files the R&D institutions of enterprises on the list and of a few others.
func (c *city) institute() {
	r := stream(c.seed, "R&D institutions")
	seen := map[int32]bool{}
	n := 0
	file := func(at mention, filed day) *njInstitution {
		n++
		c.conversion.institutions = append(c.conversion.institutions, njInstitution{no: fmt.Sprintf("YFJG%05d", n), at: at, filed: filed})
		return &c.conversion.institutions[n-1]
	}
	for _, l := range c.conversion.large {
		if seen[l.firm] {
			continue
		}
		seen[l.firm] = true
		filed := dayIn(r, 2017, 1) + day(r.n(2000))
		if r.chance(450) {
			filed = dayIn(r, 2022, 9) + day(r.n(1900))
		}
		filed = max(filed, c.firms[l.firm].established+60)
		if !c.ended(filed) {
			continue
		}
		at := c.mentionOf(r, l.firm, l.q)
		first := file(at, filed)
		if r.chance(60) {
			if first.revoked = c.once(r, 1000, filed+300, 900); first.revoked > 0 && r.chance(500) && c.ended(first.revoked+200) {
				file(at, first.revoked+day(r.n(200)))
			}
		} else if r.chance(80) && c.ended(filed+100) { // a second one beside it
			file(at, filed+day(r.n(100)))
		}
		if r.chance(20) {
			file(c.stranger(r, l.q), filed)
		}
	}
}
