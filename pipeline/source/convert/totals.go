package convert

import (
	"bytes"
	"fmt"
	"math/big"
	"math/bits"
	"strings"
	"unicode/utf8"

	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/parse"
)

// A 合计 row is no data, but it says what the rows of its table add up to. The
// converter keeps running sums of the money and number columns and notes them
// at every such row; Totals compares.

// totals is what a stream has added up, and the total rows it has met.
type totals struct {
	columns []int // of the contract
	keeps   []int // by columns: digits behind the point that survive in the file's unit
	sums    []columnSum
	met     []totalRow
	more    int64 // total rows that were not kept
}

// manyTotals bounds the memory of a file that is nothing but total rows.
const manyTotals = 10_000

// columnSum is what the rows so far add up to in one column, in its scale.
type columnSum struct {
	hi      int64
	lo      uint64
	rounded int64 // values that had more digits than are kept
	unread  int64 // rejected rows whose cell is no number
	foreign int64 // amounts in another currency
}

func (s *columnSum) add(v int64) {
	var carry uint64
	s.lo, carry = bits.Add64(s.lo, uint64(v), 0)
	s.hi += v>>63 + int64(carry)
}

func (s columnSum) plus(t columnSum) columnSum {
	var carry uint64
	s.lo, carry = bits.Add64(s.lo, t.lo, 0)
	s.hi += t.hi + int64(carry)
	s.rounded, s.unread, s.foreign = s.rounded+t.rounded, s.unread+t.unread, s.foreign+t.foreign
	return s
}

func (s columnSum) minus(t columnSum) columnSum {
	var borrow uint64
	s.lo, borrow = bits.Sub64(s.lo, t.lo, 0)
	s.hi -= t.hi + int64(borrow)
	s.rounded, s.unread, s.foreign = s.rounded-t.rounded, s.unread-t.unread, s.foreign-t.foreign
	return s
}

func (s columnSum) value(scale int) *big.Rat {
	v := new(big.Int).Lsh(big.NewInt(s.hi), 64)
	v.Add(v, new(big.Int).SetUint64(s.lo))
	return new(big.Rat).SetFrac(v, powerOfTen(scale))
}

func powerOfTen(n int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}

// totalRow is a row that was dropped because it says a total, and what the
// data rows before it in its stream add up to.
type totalRow struct {
	row   int64
	label string
	sub   bool
	count int64 // of rows, as it says; -1: it does not
	said  []saidTotal
	sums  []columnSum
	rows  int64
}

// saidTotal is what a total row says of one column.
type saidTotal struct {
	at          int // in totals.columns
	text        string
	value, half *big.Rat // half a unit of the last digit it shows
}

func newTotals(p *Plan) totals {
	var t totals
	for i, col := range p.columns {
		scale, numeric := col.Type.Scale()
		if !numeric || col.cell < 0 || col.FillDown { // one value filled into several rows is not to be added up
			continue
		}
		keeps := scale
		for u := col.unit; u >= 10; u /= 10 {
			keeps++
		}
		t.columns, t.keeps = append(t.columns, i), append(t.keeps, keeps)
	}
	t.sums = make([]columnSum, len(t.columns))
	return t
}

// sumRow adds the values of the row that has just been converted.
func (c *Converter) sumRow() {
	t := &c.totals
	for k, i := range t.columns {
		v := &c.vectors[i]
		switch {
		case !v.isNull(c.n):
			t.sums[k].add(v.number(c.n))
			if cell := c.raw(i); len(cell) > t.keeps[k]+1 && finer(cell, t.keeps[k]) {
				t.sums[k].rounded++
			}
		case c.columns[i].Foreign && !c.beside[i][0].isNull(c.n):
			t.sums[k].foreign++
		}
	}
}

// finer reports a number with more than so many digits behind its point.
func finer(cell []byte, keeps int) bool {
	dot := bytes.IndexByte(cell, '.')
	if dot < 0 {
		return false
	}
	rest := cell[dot+1:]
	n := 0
	for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
		n++
	}
	return n > keeps || n < len(rest) && (rest[n] == 'E' || rest[n] == 'e')
}

// sumRejected adds the values of a row that is rejected: the bureau has counted
// them. Where a cell cannot be read the total of its column says nothing.
func (c *Converter) sumRejected() {
	t := &c.totals
	first := c.bad[0].Rule
	converted := first != "text.replacement" && first != "text.encoding" && (first != "text.control" || c.bad[0].column >= 0)
	for k, i := range t.columns {
		s, v := &t.sums[k], &c.vectors[i]
		problem := ""
		for _, b := range c.bad {
			if b.column == i {
				problem = b.Rule
			}
		}
		switch {
		case first == "row.width": // its cells are not under their headers
			s.unread++
		case converted && problem == "" && v.isNull(c.n): // it was converted, and says nothing here
			if c.columns[i].Foreign && !c.beside[i][0].isNull(c.n) {
				s.foreign++
			}
		case converted && !v.isNull(c.n):
			s.add(v.number(c.n))
		default: // outside its bounds, or not looked at
			value, ok := c.reread(i)
			if !ok {
				s.unread++
			}
			s.add(value)
		}
	}
}

// reread is the number in a cell whatever its bounds; 0 if it is empty.
func (c *Converter) reread(i int) (value int64, ok bool) {
	cell := fold.Trim(c.raw(i))
	if fold.IsNull(cell) {
		return 0, true
	}
	number, factor, ok := c.numberIn(i, cell, c.kind(i))
	if !ok {
		return 0, false
	}
	scale, _ := c.columns[i].Type.Scale()
	value, err := parse.Fixed(number, scale, factor)
	return value, err == nil
}

// numberIn takes the number and the worth of its unit out of a cell; ok is
// false for what is no number in the column's own terms.
func (c *Converter) numberIn(i int, cell []byte, kind grid.Kind) (number []byte, factor int64, ok bool) {
	col := &c.columns[i]
	if kind > grid.Number {
		var p *parse.Problem
		if cell, kind, p = c.seen(col.Type, cell, kind); p != nil {
			return nil, 0, false
		}
	}
	if fold.DigitsApart(cell) {
		return nil, 0, false
	}
	cell = fold.Append(nil, cell)
	if kind == grid.Text && parse.Scientific(cell) {
		return nil, 0, false
	}
	if col.Type != contract.Money {
		if col.Type == contract.Decimal {
			cell = bytes.TrimSuffix(cell, []byte("%"))
		}
		return cell, 1, true
	}
	a, p := parse.SplitAmount(cell)
	if p != nil || a.Currency != "" && a.Currency != "CNY" {
		return nil, 0, false
	}
	if factor = a.Factor; factor == 0 {
		factor = max(col.unit, 1)
	}
	return a.Number, factor, true
}

// noteTotal keeps what a dropped row says, if it says a total.
func (c *Converter) noteTotal(cells [][]byte) {
	label := ""
	for _, cell := range cells {
		if cell = fold.Trim(cell); len(cell) > 0 {
			label = string(fold.Append(nil, cell))
			break
		}
	}
	kind, count := totalWord(label)
	if kind == noTotal || kind == runningTotal {
		return
	}
	t := &c.totals
	if len(t.met) == manyTotals {
		t.more++
		return
	}
	out := totalRow{row: c.rowNo, label: label, sub: kind == subTotal, count: count, rows: c.tally.loaded + c.tally.rejected}
	for k, i := range t.columns {
		cell := fold.Trim(c.raw(i))
		if fold.IsNull(cell) || string(fold.Append(nil, cell)) == label {
			continue
		}
		said := saidTotal{at: k, text: string(cell)}
		if number, factor, ok := c.numberIn(i, cell, c.kind(i)); ok {
			said.value, said.half, _ = exactly(number, factor)
		}
		out.said = append(out.said, said)
	}
	for _, cell := range cells {
		if n := countIn(string(fold.Append(nil, fold.Trim(cell)))); n >= 0 && out.count < 0 {
			out.count = n
		}
	}
	out.sums = append(out.sums, t.sums...)
	t.met = append(t.met, out)
}

// exactly is a number in the unit's worth, and half of its last digit's. Digits
// beyond the fifteen that a spreadsheet keeps are noise.
func exactly(number []byte, factor int64) (value, half *big.Rat, ok bool) {
	mantissa, decimals, negative, err := parse.MantissaOf(number)
	if err != nil {
		return nil, nil, false
	}
	for mantissa >= 1e15 && decimals > 0 {
		mantissa, decimals = (mantissa+5)/10, decimals-1
	}
	v := new(big.Int).SetUint64(mantissa)
	v.Mul(v, big.NewInt(factor))
	if negative {
		v.Neg(v)
	}
	unit := powerOfTen(decimals)
	return new(big.Rat).SetFrac(v, unit), new(big.Rat).SetFrac(big.NewInt(factor), unit.Mul(unit, big.NewInt(2))), true
}

type totalKind int

const (
	noTotal      totalKind = iota
	grandTotal             // of the table
	subTotal               // of the rows since the last one
	runningTotal           // may count what earlier files hold
)

var totalWords = func() map[string]totalKind {
	words := map[string]totalKind{}
	for kind, list := range map[totalKind]string{
		grandTotal:   "合计 总计 总和 共计 合计数 共 合计金额 合计人数 总数 总额 总金额 总人数 total grandtotal sum",
		subTotal:     "小计 本页小计 本页合计 subtotal",
		runningTotal: "累计 本月累计 本年累计",
	} {
		for _, word := range strings.Fields(list) {
			words[word] = kind
		}
	}
	return words
}()

// longestGroup is the longest name of what a 小计 is of: 江北新区小计.
const longestGroup = 10

// totalWord reads a folded cell that says a total and, maybe, of how many rows:
// 合计, 小计:, 合计120户, 合计（120户）, 共120条, 江宁区小计, Total. count is -1 where it does not say.
func totalWord(s string) (kind totalKind, count int64) {
	s = undecorated(s)
	if kind, ok := totalWords[strings.ToLower(s)]; ok && s != "共" {
		return kind, -1
	}
	if i := strings.IndexByte(s, '('); i > 0 && strings.HasSuffix(s, ")") { // 合计（万元）, 合计（3家）
		if kind, ok := totalWords[s[:i]]; ok {
			return kind, countIn(s[i+1 : len(s)-1])
		}
	}
	for _, w := range []string{"合计", "总计", "共计", "小计", "共"} {
		if rest, ok := strings.CutPrefix(s, w); ok {
			if n := countIn(strings.TrimLeft(rest, ":：")); n >= 0 {
				return totalWords[w], n
			}
		}
	}
	for _, w := range []string{"小计", "合计"} {
		if of, ok := strings.CutSuffix(s, w); ok && utf8.RuneCountInString(of) <= longestGroup && !strings.ContainsAny(of, "0123456789") {
			return totalWords[w], -1
		}
	}
	return noTotal, -1
}

// countIn is the number of rows that a folded text counts: 120条, 共35家; -1 for any other text.
func countIn(s string) int64 {
	s = strings.TrimPrefix(s, "共")
	end := 0
	for end < len(s) && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	n := fold.Digits([]byte(s[:end]))
	switch s[end:] {
	case "条", "条记录", "条数据", "行", "户", "家", "笔", "件", "项", "份":
		return int64(n)
	}
	return -1
}

// Total is what a total row says of one column, beside what its rows add up to.
type Total struct {
	Sheet     string // where several are read
	Label     string
	Row       int64
	Column    string // the header in the file; "": the number of rows
	Said, Sum string // in the file's own unit
	Rows      int64  // that were added up, rejected ones among them
	Agrees    bool
	Open      string // why the two are not compared; "" if they are
}

// String says how it stands with the total.
func (t Total) String() string {
	where := fmt.Sprintf("%s in row %d", t.Label, t.Row)
	if t.Sheet != "" {
		where += " of sheet " + t.Sheet
	}
	switch {
	case t.Open != "":
		return fmt.Sprintf("%s is not compared, %s: %s", where, t.Column, t.Open)
	case t.Column == "":
		return fmt.Sprintf("%s counts %s rows, there are %s", where, t.Said, t.Sum)
	}
	return fmt.Sprintf("%s says %s under %s, its %d rows add up to %s", where, t.Said, t.Column, t.Rows, t.Sum)
}

// Chinese says the same to the bureau, of a total that is off.
func (t Total) Chinese() string {
	where := fmt.Sprintf("第%d行“%s”", t.Row, t.Label)
	if t.Sheet != "" {
		where = "工作表“" + t.Sheet + "”" + where
	}
	if t.Column == "" {
		return fmt.Sprintf("%s写明%s行，实有%s行", where, t.Said, t.Sum)
	}
	return fmt.Sprintf("%s%s列为%s，所列%d行相加为%s", where, t.Column, t.Said, t.Rows, t.Sum)
}
