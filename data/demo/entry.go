package demo

import "strings"

// entry is a line of one of the ledgers that offices keep. Which fields say something depends on the ledger: entryLedger.says.
type entry struct {
	no, id, name, kind string // id: of a commitment
	host               string // who holds, files or answers for it
	at                 mention
	school             int    // by its place among the province's
	region             int    // prefecture or district, -1: the whole
	district           string // as written
	on, due            day    // when it happened; when it was to happen
	later              [4]day // what followed, 0: never
	n, m               int    // m below 0: nothing is said
	fen, fen2          int64  // fen below 0: nothing is said
	yes                [2]bool
	spoiled            bool // its date does not exist: the row is rejected
	bad                bool // it breaks its contract otherwise
}

// entryLedger is how the entries of a look are written down.
type entryLedger struct {
	look    string
	says    string // what of an entry stands in each column, see tells
	filings filings
	names   bool // the truth tells which firms it names
}

// ledgerEntry is an entry as its ledger tells it.
type ledgerEntry struct {
	entry
	*entryLedger
}

func (l *entryLedger) lines(entries []entry) []ledgerEntry {
	var list []ledgerEntry
	for _, e := range entries {
		list = append(list, ledgerEntry{e, l})
	}
	return list
}

// in is the quarter of the file, of what is filed under the “双高协同” plan; others' files are made ledger by ledger.
func (e ledgerEntry) in(c *city) int {
	switch e.look {
	case "stages":
		return c.atBothEnds(c.quarterOf(e.on))
	case "software_revenue":
		return c.byYear(c.quarterOf(e.on))
	}
	return c.quarterOf(e.on)
}

func (e ledgerEntry) row(c *city) row {
	line := row{rejected: e.spoiled || e.bad, values: values{}}
	if e.filings != whenDue {
		line.turn = int(e.on)
	}
	for i, what := range strings.Fields(e.says) {
		line.values[c.looks[e.look].Filled[i]] = tells[what](e.entry)
	}
	if e.names {
		return line.about(e.at)
	}
	return line
}

// tells are what columns tell of an entry.
var tells = map[string]func(e entry) any{
	"no":       func(e entry) any { return e.no },
	"id":       func(e entry) any { return e.id },
	"name":     func(e entry) any { return e.name },
	"kind":     func(e entry) any { return e.kind },
	"host":     func(e entry) any { return e.host },
	"firm":     func(e entry) any { return e.at.name },
	"code":     func(e entry) any { return e.at.code },
	"school":   func(e entry) any { return stories().ProvinceSchools[e.school].Name },
	"district": func(e entry) any { return e.district },
	"on":       func(e entry) any { return dateOr(e.on, e.spoiled) },
	"due":      func(e entry) any { return e.due },
	"term":     func(e entry) any { return e.on + day(365*e.n) },
	"later0":   func(e entry) any { return later(e.later[0]) },
	"later1":   func(e entry) any { return later(e.later[1]) },
	"later2":   func(e entry) any { return later(e.later[2]) },
	"later3":   func(e entry) any { return later(e.later[3]) },
	"yes0":     func(e entry) any { return e.yes[0] },
	"yes1":     func(e entry) any { return e.yes[1] },
	"n":        func(e entry) any { return e.n },
	"m":        func(e entry) any { return blank(e.m, e.m < 0) },
	"items":    func(e entry) any { return int(e.fen) },
	"fen":      func(e entry) any { return blank(e.fen, e.fen < 0) },
	"fen2":     func(e entry) any { return e.fen2 },
	"worth":    func(e entry) any { return blank(e.fen, e.fen == 0) },
	"output":   func(e entry) any { return blank(e.fen2, e.fen2 == 0) },
	"prefecture": func(e entry) any {
		if e.region < 0 {
			return []string{"", "省直"}[int(e.on)%2]
		}
		p := stories().Prefectures[e.region]
		return []string{p.Name, p.Short}[int(e.on)%2]
	},
}
