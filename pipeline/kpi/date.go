package kpi

import (
	"fmt"
	"time"
)

// Date is a calendar day without a clock or a zone, ordered by its fields.
// The zero Date means "absent": no deadline, not yet closed.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// OpenEnd stands for an interval that has no end ("长期", 9999-9-9).
var OpenEnd = Date{9999, time.December, 31}

// ParseDate reads YYYY-MM-DD and refuses days that do not exist.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("date %q: want YYYY-MM-DD, a day of the calendar", s)
	}
	return DateOf(t), nil
}

// DateOf is the calendar day of t in t's own zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// Time is midnight UTC of the day.
func (d Date) Time() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

func (d Date) IsZero() bool { return d == Date{} }

// Compare is negative, zero or positive as d is before, on or after o.
func (d Date) Compare(o Date) int {
	switch {
	case d.Year != o.Year:
		return d.Year - o.Year
	case d.Month != o.Month:
		return int(d.Month) - int(o.Month)
	}
	return d.Day - o.Day
}

func (d Date) Before(o Date) bool { return d.Compare(o) < 0 }
func (d Date) After(o Date) bool  { return d.Compare(o) > 0 }

// AddDays moves by n days across month and year ends.
func (d Date) AddDays(n int) Date { return DateOf(d.Time().AddDate(0, 0, n)) }

// Since is how many days lie between an earlier day and this one.
func (d Date) Since(earlier Date) int { return int(d.Time().Sub(earlier.Time()).Hours() / 24) }

// String is YYYY-MM-DD, and empty for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// Chinese is 2026年9月30日, and empty for the zero Date.
func (d Date) Chinese() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d年%d月%d日", d.Year, d.Month, d.Day)
}

// MarshalText makes Date a YYYY-MM-DD string in JSON and YAML.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads YYYY-MM-DD; an empty text is the zero Date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	p, err := ParseDate(string(b))
	if err == nil {
		*d = p
	}
	return err
}

// YearEnd is 31 December of the year.
func YearEnd(year int) Date { return Date{year, time.December, 31} }

// MonthEnd is the last day of d's month.
func (d Date) MonthEnd() Date { return DateOf(time.Date(d.Year, d.Month+1, 0, 0, 0, 0, 0, time.UTC)) }
