package demo

import (
	"cmp"
	"math"
	"slices"
)

// fact is what counts: in a region of a ledger (-1: in the whole alone), from a day until another (0: for good).
type fact struct {
	region    int
	on, until day
	weight    int64 // fen for money
}

// line is one commitment's figure at every quarter end: [0] is the whole, the regions follow.
type line struct {
	id, measure string
	values      [][]int64
	fen         bool   // values are hundredths
	bound       bool   // a constraint: before its first fact it has no value
	begins      day    // of that
	reported    day    // of what each region files: before its first report it has no value
	from        day    // of an obligation: what happened before does not count
	nothing     []bool // by quarter: nothing stands that it could be read off
	of, to      *line  // of a share in percent, which has a value where there is a whole
}

// ledger collects the lines of a city or province.
type ledger struct {
	*city
	regions []string // codes: the whole, then its parts
	ends    []day    // the days that values are computed for: the city's quarter ends, or others
	lines   []*line
}

// open is the line of a commitment or measure, begun if there is none.
func (l *ledger) open(id, measure string) *line {
	if i := slices.IndexFunc(l.lines, func(n *line) bool { return n.id == id && n.measure == measure }); i >= 0 {
		return l.lines[i]
	}
	n := &line{id: id, measure: measure, from: figures()[figure(id, measure)].since, begins: endless}
	for range l.regions {
		n.values = append(n.values, make([]int64, len(l.ends)))
	}
	l.lines = append(l.lines, n)
	return n
}

// money opens a line of money.
func (l *ledger) money(id, measure string) *line {
	n := l.open(id, measure)
	n.fen = true
	return n
}

// bound opens the line of a constraint.
func (l *ledger) bound(id, measure string) *line {
	n := l.open(id, measure)
	n.bound = true
	return n
}

// openRatio opens the two sides of a share, and the share.
func (l *ledger) openRatio(id string) (of, to *line) {
	of, to = l.open(id, "of"), l.open(id, "to")
	l.open(id, "").of, l.open(id, "").to = of, to
	return of, to
}

// count adds weight at quarter end q for a region, or for the whole alone (-1).
func (n *line) count(region, q int, weight int64) {
	n.values[0][q] += weight
	if region >= 0 {
		n.values[region+1][q] += weight
	}
}

// hold counts facts at the quarter ends they cover; one of no day, or of before an obligation began, is none.
func (l *ledger) hold(n *line, facts ...fact) {
	for _, x := range facts {
		until := lasting(x.until)
		if x.on == 0 || x.on < n.from || x.on >= until {
			continue
		}
		n.begins = min(n.begins, x.on)
		for q, end := range l.ends {
			if x.on <= end && end < until {
				n.count(x.region, q, x.weight)
			}
		}
	}
}

// onwards adds to every quarter end from a day on.
func (l *ledger) onwards(n *line, region int, on day, weight int64) {
	l.hold(n, fact{region, on, 0, weight})
}

// restOfYear adds to the quarter ends of on's year from on on.
func (l *ledger) restOfYear(n *line, region int, on day) {
	l.hold(n, fact{region, on, calendar(year(on)+1, 1, 1), 1})
}

// standing adds to every quarter end from a day on up to the day before until.
func (l *ledger) standing(n *line, region int, from, until day) {
	l.hold(n, fact{region, from, until, 1})
}

// lasting is the first day something has ended, endless where it has not.
func lasting(d day) day { return cmp.Or(d, endless) }

// list are the figures, line by line, region by region.
func (l *ledger) list() []Value {
	var values []Value
	for _, n := range l.lines {
		for i, code := range l.regions {
			for q, end := range l.ends {
				value := float64(n.values[i][q])
				switch {
				case n.bound && end < n.begins, i > 0 && end < n.reported, n.nothing != nil && n.nothing[q],
					n.to != nil && n.to.values[i][q] == 0:
					continue
				case n.to != nil:
					value = percentOf(n.of.values[i][q], n.to.values[i][q])
				case n.fen:
					value /= 100
				}
				values = append(values, Value{n.id, n.measure, code, end.date(), value})
			}
		}
	}
	return values
}

// percentOf is a share in percent to two decimals, never rounded onto a whole number.
func percentOf(part, whole int64) float64 {
	hundredths := math.Round(float64(part) * 10000 / float64(whole))
	if math.Mod(hundredths, 100) == 0 {
		switch exact := hundredths / 100 * float64(whole); {
		case float64(part)*100 < exact:
			hundredths--
		case float64(part)*100 > exact:
			hundredths++
		}
	}
	return hundredths / 100
}
