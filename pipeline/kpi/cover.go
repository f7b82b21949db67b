package kpi

import (
	"maps"
	"slices"
)

// Cover is how the rows that a figure counts come in. What has the zero Cover is known
// up to every date.
type Cover struct {
	Until Date     // the newest date they cover
	Every string   // the rhythm they are due in: month | quarter | year; "": when there is something to say
	Days  int      // after the end of such a period they are due by
	Units []string // who files what reaches no further than Until
	Filed []Date   // the ends of the periods that were filed, the oldest first; nil: all up to Until
	Begun Date     // the first day they tell of all that was: before it lies no filing; zero: there is no such day
	Told  []Date   // the ends of quarters of which rows came, whenever they did

	Covers string // TellsAll, TellsYear; "": each file tells of its period
}

// Known is a line without the zeros that nobody told: of days up to the newest filing on which nothing is known
// to have been, in quarters of which nothing was filed.
func (f Cover) Known(line map[Date]float64) map[Date]float64 {
	known := maps.Clone(line)
	maps.DeleteFunc(known, func(on Date, value float64) bool {
		q := QuarterOf(on)
		return value == 0 && !f.Until.IsZero() && !on.After(f.Until) && !f.filedQuarter(q) && !slices.Contains(f.Told, q.End())
	})
	return known
}

// What the files of a source tell of, besides their own periods.
const (
	TellsAll  = "whole" // of all that was: each is the list as it stands
	TellsYear = "year"  // of the year up to their date
)

// knows reports whether a period in which no row lies that does something is known to be one in which nothing was
// done: nobody knows what was in a quarter that lies before the first filing, or was passed over, unless some row
// of it came all the same.
func (f Cover) knows(from, end Date) bool {
	whole := true
	for q := QuarterOf(from); !q.Start().After(end); q = q.Add(1) {
		if f.filedQuarter(q) {
			continue
		}
		if slices.Contains(f.Told, q.End()) {
			return true
		}
		whole = false
	}
	return whole
}

// filedQuarter reports whether files of their own periods, or that tell of more, tell of all of a quarter.
func (f Cover) filedQuarter(q Quarter) bool {
	switch {
	case q.Start().Before(f.Begun):
		return false
	case f.Every == "" || f.Covers == TellsAll && f.Reaches(f.Until):
		return f.Until.IsZero() || !q.End().After(f.Until)
	case len(f.Filed) == 0:
		return f.Reaches(q.End())
	}
	for on := q.Start().MonthEnd(); !on.After(q.End()); on = on.AddDays(1).MonthEnd() {
		until := f.periodEnd(on)
		if f.Covers == TellsYear {
			until = YearEnd(on.Year)
		}
		if !slices.ContainsFunc(f.Filed, func(filed Date) bool { return !filed.Before(on) && !filed.After(until) }) {
			return false
		}
	}
	return true
}

// periodEnd is the last day of the period a day lies in.
func (f Cover) periodEnd(on Date) Date {
	end := on
	for LastPeriodEnd(f.Every, end).Before(on) {
		end = end.AddDays(1).MonthEnd()
	}
	return end
}

// known is the last date on or before asOf that the rows cover.
func (f Cover) known(asOf Date) Date {
	if f.Until.IsZero() || f.Until.After(asOf) {
		return asOf
	}
	return f.Until
}

// owed is the date a figure is held against its pace on: that of the newest rows that
// could have come. What is reported once a year stands from one report to the day the
// next is due, and so does what it should be; what comes every quarter is asked for the
// day a quarter is over.
func (f Cover) owed(asOf Date) Date {
	if f.Every == "" {
		return asOf
	}
	end, known := LastPeriodEnd(f.Every, asOf), f.known(asOf)
	if PeriodMonths(f.Every) > 3 && known.Before(end) && asOf.Before(end.AddDays(f.Days)) {
		end = LastPeriodEnd(f.Every, end.AddDays(-1))
	}
	if known.After(end) {
		return known
	}
	return end
}

// Reaches reports whether what is known on a date was filed for it: rows that were filed up to some
// earlier day, and carried on, say nothing of it.
func (f Cover) Reaches(on Date) bool {
	switch {
	case f.Until.IsZero():
		return true
	case f.Filed == nil:
		return !on.After(f.Until)
	}
	return slices.Contains(f.Filed, on)
}

// reachesAll reports whether every period that ends from one date to another was filed.
func (f Cover) reachesAll(from, to Date) bool {
	for end := LastPeriodEnd(f.Every, to); f.Every != "" && !end.Before(from); end = LastPeriodEnd(f.Every, end.AddDays(-1)) {
		if !f.Reaches(end) {
			return false
		}
	}
	return f.Reaches(to)
}

// tells reports whether what was filed tells of a day: a file of the period in which it lies, or the first
// there is, which tells of what lies behind it. Later ones tell of their own periods.
func (f Cover) tells(on Date) bool {
	if f.Every == "" || len(f.Filed) == 0 || f.Filed[0].After(on) {
		return true
	}
	end := f.periodEnd(on)
	return slices.ContainsFunc(f.Filed, func(filed Date) bool { return !filed.Before(on) && !filed.After(end) })
}

// tellsYear reports whether every quarter of a year was filed; of those before the first filing of all, whether its
// rows are of them.
func (f Cover) tellsYear(end Date) bool {
	for q := QuarterOf(Date{end.Year, 1, 1}); !q.Start().After(end); q = q.Add(1) {
		if !f.filedQuarter(q) && !(q.Start().Before(f.Begun) && slices.Contains(f.Told, q.End())) {
			return false
		}
	}
	return true
}

// since is a line without the days before anything was filed on which nothing is known to have been:
// what a first file tells of the time before it stands.
func (f Cover) since(line map[Date]float64) map[Date]float64 {
	if len(f.Filed) == 0 {
		return line
	}
	known := maps.Clone(line)
	maps.DeleteFunc(known, func(on Date, value float64) bool { return value == 0 && on.Before(f.Filed[0]) })
	return known
}
