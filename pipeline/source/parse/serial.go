package parse

import (
	"bytes"
	"strconv"
	"time"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/grid"
)

// SerialDay converts an Excel serial. The 1900 system counts a 29 February 1900, which
// never was, and a day 0 before its first: these are no days.
func SerialDay(n int, epoch1904 bool) (day int32, ok bool) {
	switch {
	case epoch1904:
		return int32(n) + EpochDays(1904, 1, 1), true
	case n < 60:
		return int32(n) + EpochDays(1899, 12, 31), n > 0
	}
	return int32(n) + EpochDays(1899, 12, 30), n > 60
}

// FirstSerialBeyond is the first serial behind 9999-12-31.
const FirstSerialBeyond = 2958466

// SecondsOfDay are those of a serial's whole number.
const SecondsOfDay = 24 * 60 * 60

// SerialText is a workbook's number as a person sees it without a format of its own: fifteen significant
// digits, no exponent; a date as YYYY-MM-DD, or as much of that as its kind shows.
func SerialText(s string, kind grid.Kind, epoch1904 bool) string {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	if kind.IsDate() && f >= 0 && f < FirstSerialBeyond {
		day, ok := SerialDay(int(f), epoch1904)
		if !ok {
			return s
		}
		date := DateOfDays(day)
		return date.String()[:shownOf(kind, date)]
	}
	if fold.AllDigits([]byte(s)) {
		return s
	}
	return PlainNumber(f)
}

// shownOf is how much of YYYY-MM-DD a date under a format of the kind is: Excel keeps 2022年9月
// as the first of the month and 2022 as the first of January. Any other day was written out.
func shownOf(kind grid.Kind, day kpi.Date) int {
	switch kind = kind.Stored(); {
	case kind == grid.Year && day.Month == 1 && day.Day == 1:
		return len("2022")
	case kind == grid.Month && day.Day == 1:
		return len("2022-09")
	}
	return len(time.DateOnly)
}

// PlainNumber is a number in fifteen significant digits, without an exponent.
func PlainNumber(v float64) string {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', 14, 64), 64)
	if err != nil {
		rounded = v
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// DayOfCell reads a day from a text, from a workbook's number under a date
// format, or from a bare number: 20220901 or a serial.
func DayOfCell(cell []byte, kind grid.Kind, epoch1904 bool) (int32, *Problem) {
	if !kind.IsNumber() {
		return Day(cell, epoch1904)
	}
	f, err := strconv.ParseFloat(string(cell), 64)
	if err != nil || !(f >= 0 && f < 1e9) || kind.IsDate() && f >= FirstSerialBeyond {
		return 0, dateForm
	}
	if !kind.IsDate() {
		return Day([]byte(strconv.Itoa(int(f))), epoch1904)
	}
	day, known := SerialDay(int(f), epoch1904)
	switch {
	case !known:
		return 0, &Problem{"date.calendar", "日历上没有这一天"}
	case day > OpenEndDays-365:
		day = OpenEndDays
	case shownOf(kind, DateOfDays(day)) < len(time.DateOnly):
		return 0, dayMissing
	}
	return day, nil
}

// MonthOfCell reads a month without a day: 2022年9月, 2022年9月份, 2022-09,
// 2022/9, 202209. 2022.1 is none: it may be October, whose 0 was lost when the
// cell became a number, as that of every number with a point may be.
func MonthOfCell(cell []byte, kind grid.Kind, epoch1904 bool) (first, last int32, ok bool) {
	if kind.Stored() == grid.Month {
		cell = []byte(SerialText(string(cell), kind, epoch1904))
	} else if kind != grid.Text && !fold.AllDigits(cell) {
		return 0, 0, false
	}
	b := fold.Apart(cell)
	if bytes.IndexByte(b, ' ') >= 0 {
		b = spacedDay(b)
	}
	if string(b[min(4, len(b)):]) == ".1" {
		return 0, 0, false
	}
	var y, m int
	if n := fold.Digits(b); len(b) == 6 && n >= 0 {
		y, m = n/100, n%100
	} else {
		var sep bool
		y, b = leadingNumber(b)
		if b, sep = cutSeparator(b, "年"); !sep {
			return 0, 0, false
		}
		m, b = leadingNumber(b)
		if rest, word := bytes.CutPrefix(b, []byte("月")); word {
			b = bytes.TrimPrefix(rest, []byte("份"))
		}
		if len(b) > 0 {
			return 0, 0, false
		}
	}
	if !ValidDay(y, m, 1) || y == 9999 {
		return 0, 0, false
	}
	first = EpochDays(y, m, 1)
	return first, DayNumber(DateOfDays(first).MonthEnd()), true
}
