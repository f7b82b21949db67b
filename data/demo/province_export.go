package demo

import (
	"slices"
	"strings"
)

// provinceLedger is how a source's entries are written down and handed in.
type provinceLedger struct {
	source, words string // words: bureau/name of its files
	filings       filings
	key           func(entry) string
	columns       []column[entry]
}

// filings says how often a ledger is handed in.
type filings uint8

const (
	once  filings = iota // whole, at the end
	often                // half way, and in the last two quarters
	yearly
)

// of lists the quarters whose end a file is handed in at.
func (f filings) of(p *province) []int {
	last := len(p.ends) - 1
	switch {
	case f == yearly:
		var list []int
		for q := range p.ends {
			if p.quarter(q).N == 4 {
				list = append(list, q)
			}
		}
		return list
	case f == often:
		var list []int
		for q := range p.ends {
			if q == last/2 || q > last-2 {
				list = append(list, q)
			}
		}
		return list
	}
	return []int{last}
}

// exports are the province's files. A file holds what is new since the one before,
// and again the entries on which something has followed since.
func (p *province) exports(chars *charset) []export {
	var list []export
	ledgers := slices.Concat(projectLedgers(), reportLedgers(), cooperationLedgers(), peopleLedgers())
	for n, l := range ledgers {
		before := day(0)
		for i, q := range l.filings.of(p) {
			var rows []entry
			for _, e := range p.entries[l.source] {
				if news := e.asOf(p.ends[q]); e.on <= p.ends[q] && (e.on > before || news.later != e.asOf(before).later) {
					rows = append(rows, news)
				}
			}
			before = p.ends[q]
			if len(rows) > 0 {
				list = append(list, p.ledgerExport(l, n+i, q, rows, chars))
			}
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

func (p *province) ledgerExport(l provinceLedger, n, q int, rows []entry, chars *charset) export {
	f := form{encoding: encoding(n % 2), unit: inWan, inHeader: true}
	if n%3 == 0 {
		_, title, _ := strings.Cut(l.words, "/")
		f = p.workbook(q, title)
		f.unit, f.total = inWan, n%2 == 0
		if f.inHeader = n%2 == 1; !f.inHeader && slices.ContainsFunc(l.columns, func(c column[entry]) bool { return c.money }) {
			f.titles = append(f.titles, "单位：万元")
		}
	}
	path := l.words + "_" + p.quarter(q).String()
	if l.filings == yearly {
		path = p.named(l.words, q, true)
	}
	return sheet(p.city, path, l.source, p.quarter(q).End(), f, chars, rows, l.columns, func(e entry) row {
		return row{key: l.key(e), rejected: e.spoiled}
	})
}

// columns by what they hold

func says(cn []string, value func(entry) string) column[entry] {
	return column[entry]{cn: cn, value: func(e entry) cell { return text(value(e)) }}
}

func happened(cn ...string) column[entry] {
	return column[entry]{cn: cn, value: func(e entry) cell { return dateOr(e.on, e.spoiled) }}
}

func wasDue(cn ...string) column[entry] {
	return column[entry]{cn: cn, value: func(e entry) cell { return date(e.due) }}
}

func followed(i int, cn ...string) column[entry] {
	return column[entry]{cn: cn, value: func(e entry) cell { return dateOr(e.later[i], false) }}
}

func worth(cn ...string) column[entry] {
	return column[entry]{cn: cn, money: true, value: func(e entry) cell { return worthOf(e.fen) }}
}

func worthOf(fen int64) cell {
	if fen == 0 {
		return text("")
	}
	return money(fen)
}

func counted(cn []string, value func(entry) int) column[entry] {
	return column[entry]{cn: cn, value: func(e entry) cell { return number(value(e)) }}
}

func numbered(cn ...string) column[entry] {
	return says(cn, func(e entry) string { return e.no })
}
func titled(cn ...string) column[entry] {
	return says(cn, func(e entry) string { return e.name })
}
func atSchool(cn ...string) column[entry] {
	return says(cn, func(e entry) string { return provinceSchools[e.school].name })
}

func inPrefecture() column[entry] {
	return says([]string{"所在市地", "所在市（地）", "市地"}, func(e entry) string {
		if e.region < 0 {
			return []string{"", "省直"}[int(e.on)%2]
		}
		return []string{prefectures[e.region].name, prefectures[e.region].short}[int(e.on)%2]
	})
}

func atFirm(cn ...string) []column[entry] {
	return []column[entry]{
		says(cn, func(e entry) string { return e.firmName }),
		says([]string{"统一社会信用代码", "企业信用代码"}, func(e entry) string { return e.code }),
	}
}

// ofKind writes one of the words for an entry's kind, now this one, now that.
func ofKind(words map[string][]string, cn ...string) column[entry] {
	return says(cn, func(e entry) string {
		w := words[e.kind]
		if len(w) == 0 {
			return ""
		}
		return w[int(e.on)%len(w)]
	})
}

func byNumber(e entry) string { return e.no }
