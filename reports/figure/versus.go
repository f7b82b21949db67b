package figure

import "math"

// Versus is the scale of figures that are read against one another, such as what was published
// and what it reads now: one unit and as many decimals for all of them, those that the measure has
// and more where two that differ would look alike or a rate would be rounded onto what it is judged by.
// Money has two decimals of its unit, a rate one, and a quantity those it is counted in.
func Versus(unit string, values ...*float64) Scale {
	return ScaleFor(unit, values...).Telling(unit, values...)
}

// TabularVersus is Versus in a table, which holds all money in 万元.
func TabularVersus(unit string, values ...*float64) Scale {
	s := Scale{Unit: unit}
	if unit == Yuan {
		s = Scale{Unit: TableMoney, Divisor: TableMoneyDivisor}
	}
	return s.Telling(unit, values...)
}

// Telling is the scale with decimals as Versus has them.
func (s Scale) Telling(unit string, values ...*float64) Scale {
	switch {
	case s.Divisor != 0:
		s.Decimals = 2
	case unit == "%":
		s.Divisor, s.Decimals = 1, 1
	default:
		s.Divisor = 1
	}
	for s.Decimals < mostDecimals && s.hides(unit, values) {
		s.Decimals++
	}
	return s
}

// mostDecimals are as many as a cent has in 亿元.
const mostDecimals = 10

// hides reports whether the decimals leave out what Versus promises to show.
func (s Scale) hides(unit string, values []*float64) bool {
	for i, v := range values {
		if v == nil {
			continue
		}
		if unit == "%" && s.Decimals < RateDecimals(*v) {
			return true
		}
		if s.Divisor == 1 && unit != "%" && s.Decimals < 2 && math.Abs(*v-s.Shown(*v)) > 1e-9 {
			return true // a quantity is shown as it is counted, to two decimals
		}
		for _, w := range values[:i] {
			if w == nil {
				continue
			}
			diff := (*v - *w) / s.Divisor
			if math.Abs(s.Shown(*v)-s.Shown(*w)-diff) > math.Abs(diff)/10+1e-12 {
				return true
			}
		}
	}
	return false
}

// Shown is v in the scale of Versus as its decimals show it.
func (s Scale) Shown(v float64) float64 {
	p := math.Pow10(s.Decimals)
	return math.Round(v/s.Divisor*p) / p
}

// Moved is the difference of two figures as the scale shows them, signed.
func (s Scale) Moved(was, is float64, unit string) Amount {
	diff := s.Shown(is) - s.Shown(was)
	return Amount{plus(diff, Number(diff, s.Decimals)), map[bool]string{true: DifferenceUnit(unit), false: s.Unit}[unit == "%"]}
}
