package demo

import "slices"

// filings says how often a ledger of the province is handed in.
type filings uint8

const (
	whenDue filings = iota // as the city's ledgers are
	once                   // whole, at the end
	often                  // half way, and in the last two quarters
	yearly
)

// provinceLedgers are the province's; the format of a file goes by its ledger's place.
var provinceLedgers = []entryLedger{
	{look: "industrialisation_project", filings: often, says: "no name school firm code prefecture on kind worth"},
	{look: "industrialisation_investment", filings: often, says: "no name on worth kind"},
	{look: "industrialisation_output", filings: yearly, says: "no n worth output"},
	{look: "high_tech_certificate", filings: often, says: "no firm code on prefecture"},
	{look: "library_update", filings: often, says: "kind no on n m items"},
	{look: "statistics_report", filings: often, says: "name kind prefecture on due later0"},
	{look: "dispatch_meeting", filings: once, says: "due on kind no"},
	{look: "annual_assessment", filings: once, says: "name prefecture n m kind on"},
	{look: "cooperation_task", filings: often, says: "no name kind prefecture due later0"},
	{look: "cooperation_unit", filings: often, says: "name kind prefecture on later0 later1 later2"},
	{look: "policy_progress_heilongjiang", filings: once, says: "no kind on name"},
	{look: "cooperation_activity", filings: often, says: "no name kind host prefecture on n worth"},
	{look: "technology_cooperation", filings: often, says: "no kind school firm code prefecture on worth"},
	{look: "challenge_project", filings: once, says: "no name kind school firm code prefecture on worth"},
	{look: "open_licence_statement", filings: often, says: "no name school prefecture on later0 kind"},
	{look: "teaching_cooperation", filings: once, says: "no school name firm code kind prefecture on"},
	{look: "cooperation_carrier", filings: often, says: "no name kind school firm prefecture on later0"},
	{look: "university_incentive", filings: once, says: "school kind name prefecture on worth"},
	{look: "subsidy_use", filings: once, says: "no firm code prefecture on kind worth"},
	{look: "exchange_person", filings: often, says: "no name kind school firm prefecture on term"},
	{look: "talent_application", filings: often, says: "no kind firm code prefecture on later0"},
	{look: "technology_sme", filings: often, says: "no firm code prefecture on"},
	{look: "university_incubation", filings: once, says: "school firm code prefecture on kind"},
}

// of reports whether a file is handed in at the end of a quarter.
func (f filings) of(p *province, q int) bool {
	last := len(p.ends) - 1
	switch f {
	case yearly:
		return p.quarter(q).N == 4
	case often:
		return q == last/2 || q > last-2
	}
	return q == last
}

// exports are the province's files. A file holds what is new since the one before,
// and again the entries on which something has followed since.
func (p *province) exports() []export {
	var list []export
	for n, l := range provinceLedgers {
		before := day(0)
		k := p.looks[l.look]
		for q, end := range p.ends {
			if !l.filings.of(p, q) {
				continue
			}
			var rows []entry
			for _, e := range p.entries[k.Source] {
				if news := e.asOf(end); e.on <= end && (e.on > before || news.later != e.asOf(before).later) {
					rows = append(rows, news)
				}
			}
			before = end
			if len(rows) > 0 {
				list = append(list, sheet(p.city, k, k.named(p.city, q), p.quarter(q).End(), p.formOf(k, n, q), l.lines(rows)))
			}
			n++
		}
	}
	return list
}

// asOf is the entry as it was known on a day: without what followed later.
func (e entry) asOf(on day) entry {
	for i, d := range e.later {
		if d > on {
			e.later[i] = 0
		}
	}
	return e
}

// formOf is the format of the n-th file.
func (p *province) formOf(k *look, n, q int) form {
	if n%3 > 0 {
		return form{CSV: []string{"utf8", "gb18030"}[n%2], Unit: "万元", InHeader: true}
	}
	f := p.workbook(q, k.Title)
	f.Unit, f.Total, f.InHeader = "万元", n%2 == 0, n%2 == 1
	if !f.InHeader && slices.ContainsFunc(k.Filled, k.holdsMoney) {
		f.Titles = append(f.Titles, "单位：万元")
	}
	return f
}
