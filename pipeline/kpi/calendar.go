package kpi

import (
	"cmp"
	"fmt"
	"slices"
)

// CalendarPeriods is how many periods of a source the submission calendar shows:
// the current one, which is the last that ended by the as-of date, and four before it.
const CalendarPeriods = 5

// FilingState says how a unit kept to one period of a source.
type FilingState string

const (
	Filed      FilingState = "filed"
	FiledLate  FilingState = "late"
	NotFiled   FilingState = "missing"  // nothing of the period came, and it is overdue
	FiledShort FilingState = "outdated" // what came ends before the period does
	NotYetDue  FilingState = "pending"  // nothing came, and the day it is due has not passed
	Unjudged   FilingState = "idle"     // nothing came, before anybody could have filed here
)

// filingStates are those of the calendar, what asks for attention most first.
var filingStates = []FilingState{NotFiled, FiledShort, FiledLate, NotYetDue, Filed, Unjudged}

// CalendarRow is a source as one unit files it, with its last periods, the oldest first.
type CalendarRow struct {
	Source string         `json:"source"`
	Name   string         `json:"name"`
	Unit   string         `json:"unit"`
	Every  string         `json:"every"` // month | quarter | year
	Cells  []CalendarCell `json:"periods"`
}

// Current is the cell of the current period.
func (r CalendarRow) Current() CalendarCell { return r.Cells[len(r.Cells)-1] }

// Latest is the data date that figures built on the row stand on when it is behind
// the current period; zero when they need not be carried forward.
func (r CalendarRow) Latest() Date { return r.Current().Carried }

// CalendarCell is one period of a row.
type CalendarCell struct {
	End      Date        `json:"period_end"`
	Due      Date        `json:"due"`
	State    FilingState `json:"state"`
	On       Date        `json:"filed_on"`     // when the first file that covers the period was loaded, or its database had nothing new
	Days     int         `json:"days"`         // filed late by, or overdue since
	Batch    string      `json:"batch_id"`     // the newest of the period
	Files    int         `json:"files"`        // batches of the period
	Rejected int64       `json:"rejected"`     // rows of them
	Same     bool        `json:"unchanged"`    // each of them repeats the batch before it
	Backfill bool        `json:"backfilled"`   // was due before anything was loaded here: whether in time is not known
	Passed   bool        `json:"passed"`       // nothing covers it, but a later period was filed
	Carried  Date        `json:"carried_from"` // the figures stand on data of that day, as nothing newer came
}

// PeriodLabel is the period as a heading: 2026Q3, 2025年, 2026年9月.
func PeriodLabel(every string, end Date) string {
	switch every {
	case "year":
		return fmt.Sprintf("%d年", end.Year)
	case "month":
		return fmt.Sprintf("%d年%d月", end.Year, end.Month)
	}
	return QuarterOf(end).String()
}

// EveryChinese is how often a source comes, as readers see it.
func EveryChinese(every string) string {
	return map[string]string{"month": "按月", "quarter": "按季", "year": "按年"}[every]
}

// PeriodMonths is how long a period of a rhythm is, 0 where there is none.
func PeriodMonths(every string) int {
	return map[string]int{"month": 1, "quarter": 3, "year": 12}[every]
}

// LastPeriodEnd is the end of the last period that is over on a day.
func LastPeriodEnd(every string, d Date) Date {
	switch every {
	case "year":
		if d == YearEnd(d.Year) {
			return d
		}
		return YearEnd(d.Year - 1)
	case "month":
		if d == d.MonthEnd() {
			return d
		}
		return Date{Year: d.Year, Month: d.Month, Day: 1}.AddDays(-1)
	}
	return LastQuarterEnd(d)
}

// PeriodStart is the first day of the period that ends on a day.
func PeriodStart(every string, end Date) Date {
	d := Date{Year: end.Year, Month: end.Month, Day: 1}
	for range PeriodMonths(every) - 1 {
		d = d.AddDays(-1)
		d.Day = 1
	}
	return d
}

// Rank orders cells by how much attention they ask for, 0 the most.
func (c CalendarCell) Rank() int {
	rank := 2 * slices.Index(filingStates, c.State)
	if c.State == Filed && c.Same {
		rank-- // between what is not due yet and what is in order
	}
	return rank
}

// Behind reports whether the unit failed the period, or has not filed it yet.
func (c CalendarCell) Behind() bool { return c.State == NotFiled || c.State == FiledShort }

// Kept reports whether the period was judged, and whether it was filed in time.
func (c CalendarCell) Kept() (inTime, judged bool) {
	switch c.State {
	case Filed:
		return true, !c.Backfill
	case FiledLate, NotFiled, FiledShort:
		return false, true
	}
	return false, false
}

// Word is the state as readers see it.
func (c CalendarCell) Word() string {
	switch c.State {
	case Filed:
		if c.Same {
			return "与上期相同"
		}
		return "已报"
	case FiledLate:
		return "迟报"
	case NotFiled:
		return "未报"
	case FiledShort:
		return "过期"
	case NotYetDue:
		return "待报"
	}
	return "无"
}

// Symbol stands beside the word, so that no state is told by colour alone.
func (c CalendarCell) Symbol() string {
	switch {
	case c.State == Filed && c.Same:
		return "＝"
	case c.Behind() && c.Passed:
		return "□"
	}
	return map[FilingState]string{Filed: "●", FiledLate: "▲", NotFiled: "■", FiledShort: "◣", NotYetDue: "○", Unjudged: "·"}[c.State]
}

// Length is by how many days the period was filed late or is overdue, "" if neither:
// a gap that later periods have passed is overdue no more. What was due before
// anything was loaded here was entered afterwards.
func (c CalendarCell) Length() string {
	switch {
	case c.State == FiledLate, c.Behind() && !c.Passed:
		return fmt.Sprintf("%d 天", c.Days)
	case c.Backfill:
		return "补录"
	}
	return ""
}

// Notes say when, and since when figures are carried forward, each a few words.
func (c CalendarCell) Notes() []string {
	var notes []string
	add := func(when bool, text string, args ...any) {
		if when {
			notes = append(notes, fmt.Sprintf(text, args...))
		}
	}
	add(!c.On.IsZero(), "%s", c.On)
	add(c.State == FiledLate && c.Same, "与上期相同")
	add(c.Files == 0 && !c.On.IsZero(), "数据库无新增")
	add(c.Behind() && c.Passed, "其后已报")
	add(c.State == NotYetDue, "%s 前", c.Due)
	add(!c.Carried.IsZero(), "沿用 %s", c.Carried)
	return notes
}

// CalendarOf puts what a unit filed of a source into its periods. Batches come in the
// order they were loaded. today is the day that days overdue run to, since the day the
// first batch of any source was loaded: what was due before is not judged.
//
// A batch files the last period that was over on its data date. One whose date lies
// within a period says something of it and does not cover it. A database that had
// nothing new filed that period as well (BatchLine.Asked).
func CalendarOf(every string, within int, batches []BatchLine, asOf, today, since Date) []CalendarCell {
	var newest, first Date
	for _, b := range batches {
		if b.DataDate.After(newest) {
			newest = b.DataDate
		}
		if end := LastPeriodEnd(every, b.DataDate); first.IsZero() || end.Before(first) {
			first = end
		}
	}
	cells := make([]CalendarCell, CalendarPeriods)
	end := LastPeriodEnd(every, asOf)
	for i := len(cells) - 1; i >= 0; i-- {
		before := LastPeriodEnd(every, end.AddDays(-1))
		c := CalendarCell{End: end, Due: end.AddDays(within)}
		var inside Date // the newest data date within the period
		for _, b := range batches {
			switch {
			case LastPeriodEnd(every, b.DataDate) == end:
				c.take(b)
			case b.DataDate.After(before) && b.DataDate.Before(end) && b.DataDate.After(inside):
				inside = b.DataDate
			}
		}
		if newest.Before(end) {
			c.Carried = newest
		}
		c.Passed = c.On.IsZero() && !newest.Before(end)
		current := i == len(cells)-1
		c.judge(inside, current || !c.Due.Before(since) && (first.IsZero() || first.Before(end)), today, since)
		cells[i], end = c, before
	}
	return cells
}

// take adds a batch of the period.
func (c *CalendarCell) take(b BatchLine) {
	if c.On.IsZero() {
		c.On, c.Same = b.LoadedOn, true
	}
	if !b.Asked {
		c.Files++
		c.Rejected += b.Rejected
	}
	c.Batch = b.Batch
	c.Same = c.Same && b.SameAs != ""
}

// judge decides the state of the cell; inside is the newest data date within the
// period, owed whether somebody was expected to file it.
func (c *CalendarCell) judge(inside Date, owed bool, today, since Date) {
	switch {
	case !c.On.IsZero() && c.Due.Before(since):
		c.State, c.Backfill = Filed, true
	case !c.On.IsZero() && c.On.After(c.Due):
		c.State, c.Days = FiledLate, c.On.Since(c.Due)
	case !c.On.IsZero():
		c.State = Filed
	case !owed:
		c.State = Unjudged
	case !today.After(c.Due):
		c.State = NotYetDue
	default:
		c.State, c.Days = NotFiled, today.Since(c.Due)
		if !inside.IsZero() {
			c.State = FiledShort
		}
	}
}

// ByConcern orders rows for who has to act on them: by the current period, what asks
// for attention most and is overdue longest first.
func ByConcern(rows []CalendarRow) []CalendarRow {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b CalendarRow) int {
		x, y := a.Current(), b.Current()
		return cmp.Or(cmp.Compare(x.Rank(), y.Rank()), cmp.Compare(y.Days, x.Days))
	})
	return rows
}
