package convert

import (
	"fmt"
	"math/big"
	"strings"

	"citykpi/pipeline/source/book"
)

// Totals compares what every total row says with its rows, in the order of the
// file. The converters are those of all parts of a file, in its order, and have read to their ends.
func Totals(of []*Converter) []Total {
	var out []Total
	for from := 0; from < len(of); {
		to := from
		for to < len(of) && of[to].Plan == of[from].Plan {
			to++
		}
		sheet := ""
		if to-from < len(of) {
			sheet = of[from].Table.Sheet
		}
		out = append(out, totalsOf(sheet, of[from:to])...)
		from = to
	}
	return out
}

// TotalNotes says in few words what was compared.
func TotalNotes(of []*Converter) []string {
	const shown = 3
	var notes, agreed []string
	all := Totals(of)
	for from := 0; from < len(all); {
		row, agrees, to := all[from], false, from
		for ; to < len(all) && all[to].Row == row.Row && all[to].Sheet == row.Sheet; to++ {
			agrees = agrees || all[to].Agrees
		}
		for _, t := range all[from:to] {
			if !t.Agrees {
				agrees = agrees && t.Open != ""
				notes = append(notes, t.String())
			}
		}
		if agrees {
			agreed = append(agreed, strings.TrimSpace(fmt.Sprintf("%s row %d (%s)", row.Sheet, row.Row, row.Label)))
		}
		from = to
	}
	notes = notes[:min(len(notes), shown)]
	if n := len(agreed); n > shown {
		agreed = append(agreed[:shown], fmt.Sprintf("and %d more", n-shown))
	}
	if len(agreed) > 0 {
		notes = append(notes, "totals that their rows add up to: "+strings.Join(agreed, ", "))
	}
	for _, c := range of {
		if n := c.totals.more; n > 0 {
			notes = append(notes, fmt.Sprintf("total rows that are too many to compare: %d", n))
		}
	}
	return notes
}

// tableTotals is the total rows of one table, with what all data rows before each add up to.
type tableTotals struct {
	sheet string // "": the only one
	plan  *Plan
	of    *totals
	rows  []totalRow
	end   totalRow // as if one stood behind the last row
}

func totalsOf(sheet string, of []*Converter) []Total {
	c := of[0]
	t := tableTotals{sheet: sheet, plan: c.Plan, of: &c.totals, end: totalRow{sums: make([]columnSum, len(c.totals.columns))}}
	for _, c := range of {
		for _, r := range c.totals.met {
			sums := make([]columnSum, len(r.sums))
			for k := range sums {
				sums[k] = t.end.sums[k].plus(r.sums[k])
			}
			r.sums, r.rows = sums, t.end.rows+r.rows
			t.rows = append(t.rows, r)
		}
		for k, sum := range c.totals.sums {
			t.end.sums[k] = t.end.sums[k].plus(sum)
		}
		t.end.rows += c.tally.loaded + c.tally.rejected
	}
	var out []Total
	for i, r := range t.rows {
		for _, said := range r.said {
			out = append(out, t.compare(i, said))
		}
		if r.count >= 0 {
			out = append(out, t.count(i))
		}
	}
	return out
}

// span is the rows between two marks: -1 is the table's start, len(rows) its end.
type span struct{ from, to int }

func (t *tableTotals) mark(i int) totalRow {
	switch {
	case i < 0:
		return totalRow{sums: make([]columnSum, len(t.end.sums))}
	case i == len(t.rows):
		return t.end
	}
	return t.rows[i]
}

// spans are the rows that a total may be of, the likeliest first: those above
// it, from the start or from the last total of its kind; those below it, where
// it stands on top of them.
func (t *tableTotals) spans(i int) []span {
	near := func(step int, alike bool) int {
		k := i + step
		for k >= 0 && k < len(t.rows) && alike && t.rows[k].sub != t.rows[i].sub {
			k += step
		}
		return k
	}
	end := len(t.rows)
	above := []span{{-1, i}, {near(-1, true), i}}
	below := []span{{i, near(1, true)}, {i, end}, {-1, end}}
	if t.rows[i].sub {
		above = []span{{near(-1, false), i}, {near(-1, true), i}}
		below = []span{{i, near(1, false)}, {i, near(1, true)}}
	}
	if first := above[0]; t.mark(first.to).rows == t.mark(first.from).rows && t.end.rows > t.rows[i].rows {
		return append(below, above...)
	}
	return append(above, below...)
}

// compare holds what a total row says of a column against the rows it may be of.
func (t *tableTotals) compare(i int, said saidTotal) Total {
	col := &t.plan.columns[t.of.columns[said.at]]
	scale, _ := col.Type.Scale()
	out := Total{Sheet: t.sheet, Label: t.rows[i].label, Row: t.rows[i].row, Said: said.text,
		Column: book.ColumnLetters(col.cell) + " " + strings.Join(strings.Fields(col.header), " ")}
	if said.value == nil {
		out.Open = "it says " + said.text
		return out
	}
	for n, s := range t.spans(i) {
		from, to := t.mark(s.from), t.mark(s.to)
		sum := to.sums[said.at].minus(from.sums[said.at])
		value := sum.value(scale)
		off := new(big.Rat).Sub(value, said.value)
		slack := new(big.Rat).SetFrac(big.NewInt(sum.rounded), new(big.Int).Mul(big.NewInt(2), powerOfTen(scale)))
		agrees := off.Abs(off).Cmp(slack.Add(slack, said.half)) <= 0 && (n == 0 || to.rows > from.rows)
		if n > 0 && !agrees {
			continue
		}
		out.Rows, out.Agrees, out.Open = to.rows-from.rows, agrees, ""
		out.Sum = shownDecimal(value.Quo(value, new(big.Rat).SetInt64(max(col.unit, 1))))
		switch {
		case agrees:
			return out
		case sum.unread > 0:
			out.Open = fmt.Sprintf("%d of its %d rows hold no number there", sum.unread, out.Rows)
		case sum.foreign > 0:
			out.Open = fmt.Sprintf("%d of its %d rows are in a foreign currency", sum.foreign, out.Rows)
		}
	}
	return out
}

// count holds the number of rows that a total row says against theirs.
func (t *tableTotals) count(i int) Total {
	r := t.rows[i]
	out := Total{Sheet: t.sheet, Label: r.label, Row: r.row, Said: fmt.Sprint(r.count)}
	for n, s := range t.spans(i) {
		rows := t.mark(s.to).rows - t.mark(s.from).rows
		if agrees := rows == r.count; n == 0 || agrees {
			out.Rows, out.Sum, out.Agrees = rows, fmt.Sprint(rows), agrees
			if agrees {
				break
			}
		}
	}
	return out
}

// shownDecimal writes a decimal fraction with all of its digits.
func shownDecimal(v *big.Rat) string {
	const digits = 20 // more than a scale and a unit together
	s := v.FloatString(digits)
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}
