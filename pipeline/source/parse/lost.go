package parse

import (
	"bytes"
	"math"
	"strconv"

	"citykpi/pipeline/source/fold"
)

// DigitsKept is the first number of more digits than a workbook keeps.
const DigitsKept = 1e15

// LongNumber reports a number of more than the fifteen digits that a workbook keeps.
func LongNumber(cell []byte) bool {
	if len(cell) <= 15 && bytes.IndexByte(cell, 'E') < 0 && bytes.IndexByte(cell, 'e') < 0 {
		return false
	}
	v, err := strconv.ParseFloat(string(cell), 64)
	return err == nil && math.Abs(v) >= DigitsKept
}

// LostEnd reports what a workbook writes into a text of a number with too many digits: 3.20107E+14.
func LostEnd(b []byte) bool {
	return len(b) >= 5 && (b[1] == '.' || b[1]|0x20 == 'e') && rounded(b)
}

// Exponential reports what programs write of a number that is too long or too large for them, with a
// point or a sign: 1.23456E10. 8E12 may be a code.
func Exponential(b []byte) bool {
	return (bytes.IndexByte(b, '.') > 0 || bytes.IndexByte(b, '+') > 0) && Scientific(b)
}

func rounded(b []byte) bool {
	front, power, found := bytes.Cut(b, []byte("E+"))
	if !found {
		front, power, _ = bytes.Cut(b, []byte("e+"))
	}
	return len(b) <= 24 && len(power) >= 2 && fold.AllDigits(power) && fold.AllDigits(front[:1]) &&
		(len(front) == 1 || fold.AllDigits(front[2:]))
}

// Scientific reports a number in E notation: in a text file its last digits are gone.
func Scientific(b []byte) bool {
	i := bytes.IndexAny(b, "Ee")
	if i <= 0 || i == len(b)-1 {
		return false
	}
	for j, c := range b {
		if j == i || c >= '0' && c <= '9' || c == '.' && j < i || (c == '+' || c == '-') && j == i+1 {
			continue
		}
		return false
	}
	return true
}
