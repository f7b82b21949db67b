package demo

import (
	"slices"
	"strings"
)

// A provinceLedger is a source's entries: how often they are handed in, and what of an entry stands in each column of the
// look, in its order.
type provinceLedger struct {
	look    string
	filings filings
	says    string // see tell
}

// filings says how often a ledger is handed in.
type filings uint8

const (
	once  filings = iota // whole, at the end
	often                // half way, and in the last two quarters
	yearly
)

// tell is what a column tells of an entry.
func (e entry) tell(what string) any {
	switch what {
	case "no":
		return e.no
	case "name":
		return e.name
	case "kind":
		return e.kind
	case "school":
		return provinceSchools[e.school].name
	case "firm":
		return e.firmName
	case "code":
		return e.code
	case "where":
		if e.region < 0 {
			return []string{"", "省直"}[int(e.on)%2]
		}
		return []string{prefectures[e.region].name, prefectures[e.region].short}[int(e.on)%2]
	case "on":
		return dateOr(e.on, e.spoiled)
	case "due":
		return e.due
	case "later0", "later1", "later2":
		return e.later[what[len(what)-1]-'0']
	case "n":
		return e.n
	case "m":
		return e.m
	case "items":
		return int(e.fen)
	case "worth":
		return blank(e.fen, e.fen == 0)
	case "output":
		return blank(e.fen2, e.fen2 == 0)
	}
	return e.on + day(365*e.n) // the end of a term of so many years
}

// provinceLedgers are the province's; the format of a file goes by its ledger's place.
var provinceLedgers = []provinceLedger{
	{"industrialisation_project", often, "no name school firm code where on kind worth"},
	{"industrialisation_investment", often, "no name on worth kind"},
	{"industrialisation_output", yearly, "no n worth output"},
	{"high_tech_certificate", often, "no firm code on where"},
	{"library_update", often, "kind no on n m items"},
	{"statistics_report", often, "name kind where on due later0"},
	{"dispatch_meeting", once, "due on kind no"},
	{"annual_assessment", once, "name where n m kind on"},
	{"cooperation_task", often, "no name kind where due later0"},
	{"cooperation_unit", often, "name kind where on later0 later1 later2"},
	{"policy_progress_heilongjiang", once, "no kind on name"},
	{"cooperation_activity", often, "no name kind firm where on n worth"},
	{"technology_cooperation", often, "no kind school firm code where on worth"},
	{"challenge_project", once, "no name kind school firm code where on worth"},
	{"open_licence_statement", often, "no name school where on later0 kind"},
	{"teaching_cooperation", once, "no school name firm code kind where on"},
	{"cooperation_carrier", often, "no name kind school firm where on later0"},
	{"university_incentive", once, "school kind name where on worth"},
	{"subsidy_use", once, "no firm code where on kind worth"},
	{"exchange_person", often, "no name kind school firm where on term"},
	{"talent_application", often, "no kind firm code where on later0"},
	{"technology_sme", often, "no firm code where on"},
	{"university_incubation", once, "school firm code where on kind"},
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

// ledgerEntry is an entry as its ledger tells it.
type ledgerEntry struct {
	entry
	*provinceLedger
}

func (e ledgerEntry) in(*city) int { return 0 }

func (e ledgerEntry) row(c *city) row {
	line := row{turn: int(e.on), rejected: e.spoiled, values: values{}}
	for i, what := range strings.Fields(e.says) {
		line.values[c.looks[e.look].Filled[i]] = e.tell(what)
	}
	return line
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
			var rows []ledgerEntry
			for _, e := range p.entries[k.Source] {
				if news := e.asOf(end); e.on <= end && (e.on > before || news.later != e.asOf(before).later) {
					rows = append(rows, ledgerEntry{news, &l})
				}
			}
			before = end
			if len(rows) > 0 {
				list = append(list, sheet(p.city, k, k.named(p.city, q), p.quarter(q).End(), p.formOf(k, n, q), rows))
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
