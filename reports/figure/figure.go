// Package figure writes numbers, changes and times the way Chinese readers of
// official papers expect them: thousands separators, 万 and 亿 for money, one
// decimal for rates, a dash for what does not exist.
package figure

import (
	"math"
	"strconv"
	"strings"
	"time"

	"citykpi/pipeline/kpi"
)

// None stands in the place of a figure that does not exist.
const None = "—"

// Yuan is the unit every amount of money has before it is scaled for reading.
const Yuan = "元"

// beijing is a fixed zone: China has had no daylight saving since 1991, and a
// fixed zone needs no time-zone database on the machine that renders.
var beijing = time.FixedZone("CST", 8*60*60)

// Number is v with thousands separators and exactly the decimals given.
// The minus sign is U+2212, as wide as a digit.
func Number(v float64, decimals int) string {
	s := strconv.FormatFloat(math.Abs(v), 'f', decimals, 64)
	whole, fraction, _ := strings.Cut(s, ".")
	var b strings.Builder
	if v < 0 && strings.Trim(s, "0.") != "" {
		b.WriteString("−")
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	if fraction != "" {
		b.WriteByte('.')
		b.WriteString(fraction)
	}
	return b.String()
}

// Count is a quantity of things: whole where it is whole, else up to two decimals.
func Count(v float64) string {
	decimals := 0
	if r := math.Round(v*100) / 100; r != math.Trunc(r) {
		decimals = 1
		if r*10 != math.Trunc(r*10) {
			decimals = 2
		}
	}
	return Number(v, decimals)
}

// Signed is Count with its sign, + for gains.
func Signed(v float64) string { return plus(v, Count(v)) }

func plus(v float64, s string) string {
	if v > 0 {
		return "+" + s
	}
	return s
}

// Percent is a rate with one decimal: 142.4%; see Rate.
func Percent(p *float64) string {
	if p == nil {
		return None
	}
	return Rate(*p) + "%"
}

// Rate is a rate or a difference of rates with one decimal that is never rounded onto a
// number that things are judged by: 99.976 is 99.9 and not 100.0, −10.04 points are
// −10.04 and not −10.0.
func Rate(v float64) string { return Number(Short(v), RateDecimals(Short(v))) }

// Short is a rate that misses a hundred by less than a decimal shows, cut to that decimal;
// any other as it is.
func Short(v float64) float64 {
	if v < 100 && v >= 99.95 {
		return 99.9
	}
	return v
}

// RateDecimals is how many decimals a rate needs: one, or up to four where fewer would
// round it onto a multiple of five.
func RateDecimals(v float64) int {
	judged := math.Round(v/5) * 5 // bounds and thresholds are multiples of five
	decimals := 1
	for math.Abs(v-judged) > 1e-9 && decimals < 4 && math.Abs(v-judged)*math.Pow10(decimals) < 0.5 {
		decimals++
	}
	return decimals
}

// Points is a signed difference of rates with one decimal, in 百分点: +42.4; see Rate.
func Points(p *float64) string {
	if p == nil {
		return None
	}
	return plus(*p, Rate(*p))
}

// Amount is a figure ready to print: the number and its unit.
type Amount struct {
	Text string
	Unit string
}

func (a Amount) String() string {
	if a.Unit == "" || a.Text == None {
		return a.Text
	}
	if a.Unit == "%" {
		return a.Text + a.Unit
	}
	return a.Text + " " + a.Unit
}

// Quantity is v in its unit. Money in 元 is scaled to 万元 or 亿元 by its size.
func Quantity(v *float64, unit string) Amount {
	if v == nil {
		return Amount{None, ""}
	}
	return ScaleFor(unit, v).Amount(*v)
}

// Scale is how figures of one unit are printed: as counts where Divisor is 0,
// money in 万元 or 亿元.
type Scale struct {
	Unit     string
	Divisor  float64 // 元 in one unit; 0: no money
	Decimals int
}

// ScaleFor is the scale of figures that stand together: money in that of the
// largest, whatever has another unit as it is.
func ScaleFor(unit string, values ...*float64) Scale {
	if unit != Yuan {
		return Scale{Unit: unit}
	}
	largest := 0.0
	for _, v := range values {
		if v != nil {
			largest = max(largest, math.Abs(*v))
		}
	}
	return MoneyScale(largest)
}

// Of is v in the scale.
func (s Scale) Of(v *float64) *float64 {
	if s.Divisor == 0 || v == nil {
		return v
	}
	scaled := *v / s.Divisor
	return &scaled
}

// Amount is v printed in the scale.
func (s Scale) Amount(v float64) Amount {
	if s.Divisor == 0 {
		return Amount{Count(v), s.Unit}
	}
	return Amount{Number(v/s.Divisor, s.Decimals), s.Unit}
}

// Difference is a difference of figures in unit, printed in the scale they have;
// one too small for it in its own.
func (s Scale) Difference(v float64, unit string) Amount {
	if s.Divisor == 0 {
		return Amount{Count(v), DifferenceUnit(unit)}
	}
	if v != 0 && math.Abs(v/s.Divisor)*math.Pow10(s.Decimals) < 0.5 {
		s = MoneyScale(v)
	}
	return s.Amount(v)
}

// MoneyScale is the unit in which money of v's size reads best; charts and
// tables take the scale of their largest amount for all of them.
func MoneyScale(v float64) Scale {
	switch a := math.Abs(v); {
	case a >= 1e8:
		return Scale{"亿元", 1e8, 2}
	case a >= 1e4:
		return Scale{"万元", 1e4, 1}
	}
	return Scale{Yuan, 1, 0}
}

// Ten thousand yuan is the unit of every table that holds money.
const (
	TableMoney        = "万元"
	TableMoneyDivisor = 1e4
)

// TableScale is the scale of a table of several items: money in 万元.
func TableScale(unit string) Scale {
	if unit != Yuan {
		return Scale{Unit: unit}
	}
	return Scale{TableMoney, TableMoneyDivisor, 1}
}

// Tabular is v and its unit as a table of several items holds them: money in 万元, other
// quantities unchanged.
func Tabular(v *float64, unit string) (*float64, string) {
	s := TableScale(unit)
	return s.Of(v), s.Unit
}

// Growth is a signed change in percent with one decimal: +3.4%. Nothing is judged by it.
func Growth(p float64) string { return plus(p, Number(p, 1)) + "%" }

// Change is a difference in unit and, where there is a base, its percentage:
// "+12 家（+3.4%）"; no difference is 持平, and rates have no percentage of percent.
// Money has the scale of the figures it stands with.
func Change(c *kpi.Change, unit string, with ...*float64) string {
	if c == nil {
		return None
	}
	if c.Diff == 0 {
		return "持平"
	}
	text := Difference(c.Diff, unit, with...)
	if c.Percent != nil && unit != "%" {
		text += "（" + Growth(*c.Percent) + "）"
	}
	return text
}

// Difference is a difference with its sign and unit: +12 家, −0.15 个百分点. Money has the
// scale of the figures it stands with.
func Difference(diff float64, unit string, with ...*float64) string {
	s := ScaleFor(unit, append([]*float64{&diff}, with...)...)
	return plus(diff, s.Difference(diff, unit).String())
}

// DifferenceUnit is the unit of a difference: rates differ by 百分点.
func DifferenceUnit(unit string) string {
	if unit == "%" {
		return "个百分点"
	}
	return unit
}

// Direction is the class of a change: up, down or flat.
func Direction(c *kpi.Change) string {
	switch {
	case c == nil || c.Diff == 0:
		return "flat"
	case c.Diff > 0:
		return "up"
	}
	return "down"
}

// Moment is a time to the minute, in Beijing time: 2026-10-16 02:03.
func Moment(t time.Time) string {
	if t.IsZero() {
		return None
	}
	return t.In(beijing).Format("2006-01-02 15:04")
}

// Day is a date as tables hold it, and a dash where there is none.
func Day(d kpi.Date) string {
	if d.IsZero() {
		return None
	}
	return d.String()
}
