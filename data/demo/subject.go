package demo

import (
	"cmp"
	"slices"

	"citykpi/pipeline/kpi"
)

// SubjectPeriod is a period of a commitment that every one of several must keep, or that is a share
// of them: how many had to by the demo's last day, and who did not.
type SubjectPeriod struct {
	ID  string   `json:"id"`
	End kpi.Date `json:"period_end"`
	Had int      `json:"had"`
	Not []string `json:"not_done"`
}

// subjects are those periods, by commitment and time, from the first that begins after
// the document.
func (c *city) subjects() []SubjectPeriod {
	list := map[kpi.Key]*SubjectPeriod{}
	last := c.ends[len(c.ends)-1]
	had := func(id, name string, first, end, due day, begins kpi.Date, done bool) {
		if due > last || first.date().Before(begins) {
			return
		}
		k := kpi.Key{ID: id, Region: end.date().String()}
		if list[k] == nil {
			list[k] = &SubjectPeriod{ID: id, End: end.date(), Not: []string{}}
		}
		list[k].Had++
		if !done {
			list[k].Not = append(list[k].Not, name)
		}
	}
	quarterOf := func(end day) day { return dayOf(kpi.QuarterOf(end.date()).Start()) }
	plan := c.heilongjiang.starts.date()
	for _, e := range slices.Concat(c.heilongjiang.accepted("statistics_report"), c.heilongjiang.unlisted) {
		had("HLJ-024", e.name, quarterOf(e.on), e.on, e.due, plan, e.later[0] != 0 && e.later[0] <= e.due)
	}
	c.heilongjiang.matched(func(name string, first, end day, done bool) { had("HLJ-028", name, first, end, end, plan, done) })
	m := c.consortia()
	kinds := map[string]string{"年度产业创新报告": "NT-006", "信息分析报告": "NT-006", "年度绩效目标协议": "NT-013"}
	for year := 2021; year <= last.date().Year; year++ {
		first, end := dayOf(kpi.Date{Year: year, Month: 1, Day: 1}), dayOf(kpi.YearEnd(year))
		for _, k := range m.all {
			if k.on >= first || k.gone != 0 && k.gone <= end {
				continue
			}
			did := map[string]bool{}
			for _, v := range m.proofs {
				if v.of == k && !v.spoiled && v.on >= first && v.on <= end {
					did[kinds[v.kind]] = true
				}
			}
			for _, on := range k.reviews {
				did["NT-014"] = did["NT-014"] || on >= first && on <= end
			}
			for _, id := range []string{"NT-006", "NT-013", "NT-014"} {
				had(id, k.name, first, end, end, kpi.Date{Year: 2021, Month: 1, Day: 1}, did[id])
			}
		}
	}
	for _, end := range c.ends { // a bound is kept, or not, on every day
		for _, b := range m.bounded(end) {
			had(b.id, b.name, end, end, end, kpi.Date{Year: 2021, Month: 1, Day: 1}, b.kept)
		}
	}
	c.members(func(id, name string, end day, begins kpi.Date, did bool) { had(id, name, end, end, end, begins, did) })
	hosts := map[string][]day{}
	for _, a := range c.ledgers["policy_activity"] {
		if a.id == "NJ88-042" && !a.spoiled && a.host != "" {
			hosts[a.host] = append(hosts[a.host], a.on)
		}
	}
	for _, end := range c.ends {
		first := quarterOf(end)
		for host, days := range hosts {
			if slices.Min(days) > end {
				continue // it had held none yet
			}
			held := slices.ContainsFunc(days, func(d day) bool { return d >= first && d <= end })
			had("NJ88-042", host, first, end, end, schemeBegins.date(), held)
		}
	}
	var periods []SubjectPeriod
	for _, p := range list {
		slices.Sort(p.Not)
		periods = append(periods, *p)
	}
	slices.SortFunc(periods, func(a, b SubjectPeriod) int { return cmp.Or(cmp.Compare(a.ID, b.ID), a.End.Compare(b.End)) })
	return periods
}

// matched tells of every prefecture and half year whether it held a matching event in it.
func (p *province) matched(had func(name string, first, end day, done bool)) {
	events := p.accepted("cooperation_activity")
	for _, end := range p.ends {
		d := end.date()
		if d.Month != 6 && d.Month != 12 {
			continue
		}
		first := dayOf(kpi.Date{Year: d.Year, Month: d.Month - 5, Day: 1})
		for i, pre := range stories().Prefectures {
			had(pre.Name, first, end, slices.ContainsFunc(events, func(e entry) bool {
				return e.kind == "matching" && e.region == i && e.on >= first && e.on <= end
			}))
		}
	}
}
