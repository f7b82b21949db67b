package demo

import (
	"time"

	"citykpi/pipeline/kpi"
)

// day counts days since 1970-01-01: four bytes where millions of dates are held.
type day int32

func dayOf(d kpi.Date) day { return day(d.Time().Unix() / 86400) }

func (d day) date() kpi.Date { return kpi.DateOf(time.Unix(int64(d)*86400, 0).UTC()) }

// threeYears is the last day of a recognition that names no end:
// three years after it was given, less a day.
func (d day) threeYears() day {
	t := d.date()
	t.Year += 3
	return dayOf(kpi.DateOf(t.Time())) - 1
}

// leap is true on 29 February, which has no anniversary: no recognition is dated so.
func (d day) leap() bool {
	t := d.date()
	return t.Month == time.February && t.Day == 29
}

// serial is the day as spreadsheets count it (1900 system, from 1 March 1900 on).
func (d day) serial() int { return int(d) + 25569 }
