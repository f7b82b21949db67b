package kpi

import "slices"

// Judgement is what had become of a commitment when its deadline passed, or since.
type Judgement string

const (
	InTime  Judgement = "in_time"  // 按期完成: the target stood reached on the day
	TooLate Judgement = "too_late" // 逾期完成: it was reached after the day
	NotDone Judgement = "not_done" // 未完成: it has not been reached yet
)

// Chinese is the judgement's word.
func (j Judgement) Chinese() string {
	return map[Judgement]string{InTime: "按期完成", TooLate: "逾期完成", NotDone: "未完成"}[j]
}

// Verdict is the judgement that stands from the deadline on: what came later may
// complete what was missing, and never makes the day's value another.
type Verdict struct {
	Deadline Date
	Value    *float64 // on that day; nil: there was none
	Outcome  Judgement
	Done     Date // of what came late: the day, or the first computed date that has it
	Months   int  // full months overdue: until Done, or until now
	Fell     Date // of what is below the target again, after it was reached: since when, likewise
	Low      Date // the last time it fell below the target since, and came back: from when
	Back     Date // and when; zero: it never did
	ByDay    bool // all these are the very days; else only the ends of the periods they lie in are known
}

// Light is the state the verdict gives.
func (v Verdict) Light() Light {
	switch {
	case v.Outcome == NotDone:
		return Overdue
	case !v.Fell.IsZero():
		return Fallen
	case v.Outcome == TooLate:
		return Late
	}
	return Met
}

// Reached reports whether a value is what was promised.
func (t Target) Reached(value float64) bool {
	if t.Comparator() == "<=" {
		return value <= t.Value()
	}
	return value >= t.Value()*(1-t.Tolerance) // of a range the lower bound; only about as much is tolerated
}

// promised is the target with a deadline, nil where nothing falls due: a bound holds
// at any time, and a year is judged when it is over.
func (c Commitment) promised() *Target {
	t := c.Target
	if t == nil || t.By.IsZero() || t.Per != "" || t.Bound || t.Comparator() == "<=" || c.Kind == Constraint || c.Kind == Obligation {
		return nil
	}
	return t
}

// verdict judges a line at its deadline. It is nil before that day, without one,
// without a value, and where nothing was computed early enough to tell whether the
// target was reached in time.
func (c Commitment) verdict(line map[Date]float64, asOf Date) *Verdict {
	t := c.promised()
	if t == nil || asOf.Before(t.By) {
		return nil
	}
	v := &Verdict{Deadline: t.By, Outcome: NotDone, Months: monthsBetween(t.By, asOf)}
	known, below := false, false // since the deadline
	for _, on := range days(line, asOf) {
		reached := t.Reached(line[on])
		switch {
		case on.Before(t.By):
			below = !reached // what was missing just before is not known to have come in time
			continue
		case on == t.By:
			v.Value = ptr(line[on])
			if below = !reached; reached {
				v.Outcome, v.Months = InTime, 0
			}
		case reached && v.Outcome == NotDone:
			if v.Value == nil && !below {
				return nil
			}
			v.Outcome, v.Done, v.Months = TooLate, on, monthsBetween(t.By, on)
		case reached && !v.Fell.IsZero():
			v.Low, v.Back, v.Fell = v.Fell, on, Date{}
		case reached:
		case v.Outcome != NotDone && v.Fell.IsZero():
			v.Fell = on
		}
		known = true
	}
	if !known {
		return nil
	}
	return v
}

// Turns reports whether a commitment, or a year of it, fell due on a day and is judged differently by
// another value of that day; nil: there is none.
func (c Commitment) Turns(on Date, was, is *float64) bool {
	return c.dueOn(on) && (was != nil && c.Target.Reached(*was)) != (is != nil && c.Target.Reached(*is))
}

// Overrules reports whether the verdict of the deadline that a closing gave at the end of its quarter reads
// otherwise by what is known now: another outcome, or another day of completion.
func (c Commitment) Overrules(j Judged, line map[Date]float64, crossings []Crossing, asOf Date) bool {
	t := c.promised()
	if t == nil || t.By != j.Deadline {
		return false
	}
	a := Attainment{ID: c.ID, AsOf: asOf, Verdict: c.verdict(line, asOf)}
	if value, ok := line[asOf]; ok {
		a.Value = &value
	}
	a.DateVerdict(c, crossings)
	v := a.Verdict
	return v == nil || v.Outcome != j.Outcome || !j.Done.IsZero() && v.Done != j.Done
}

// Crossing is a day on which what a commitment's facts add up to came to its target, or fell
// below it.
type Crossing struct {
	On      Date
	Reached bool
}

// DateVerdict puts the days into a verdict on which the target was reached after the deadline,
// and since which it is below it again, from all crossings of the commitment, the oldest first.
// A share has such a day if both its sides have a value on every day. What is the sum of a period has none, and keeps its end.
func (a *Attainment) DateVerdict(c Commitment, crossings []Crossing) {
	t := c.promised()
	if a.Verdict == nil || t == nil || a.Verdict.Deadline != t.By || c.Flow != "" || !c.daily() {
		return
	}
	v := *a.Verdict
	v.Done, v.Fell, v.Low, v.Back, v.Months, v.ByDay = Date{}, Date{}, Date{}, Date{}, monthsBetween(t.By, a.AsOf), true
	reached, now := false, false // at the deadline, and now
	for _, x := range crossings {
		switch {
		case x.On.After(a.AsOf):
			continue
		case !x.On.After(t.By):
			reached, now = x.Reached, x.Reached
			continue
		case x.Reached && v.Done.IsZero():
			v.Done = x.On
		}
		now = x.Reached
		if now && !v.Fell.IsZero() {
			v.Low, v.Back = v.Fell, x.On
		}
		if v.Fell = x.On; now {
			v.Fell = Date{}
		}
	}
	switch {
	case reached != (v.Outcome == InTime) || a.Value == nil || now != t.Reached(*a.Value):
		return // the days do not tell what the computed values do, which stand
	case reached:
		v.Done, v.Months = Date{}, 0
	case v.Done.IsZero():
		v.Outcome = NotDone
	default:
		v.Outcome, v.Months = TooLate, monthsBetween(t.By, v.Done)
	}
	if a.Light == a.Verdict.Light() {
		a.Light = v.Light()
	}
	a.Verdict = &v
}

// daily reports whether what a commitment counts has a value on every day, of which it can be told when
// the target was reached.
func (c Commitment) daily() bool {
	of := func(k Kind) bool { return k == Stock || k == Cumulative || k == Milestone }
	return of(c.Kind) || c.Kind == Ratio && c.Of != nil && c.To != nil && of(c.Of.Kind) && of(c.To.Kind)
}

// days are the dates of a line up to a day, the oldest first.
func days(line map[Date]float64, until Date) []Date {
	var list []Date
	for on := range line {
		if !on.After(until) {
			list = append(list, on)
		}
	}
	slices.SortFunc(list, Date.Compare)
	return list
}

// years judges the years of a yearly target that are over, the oldest first. Each is
// judged for itself: nothing that comes in the next one completes it.
func (c Commitment) years(line map[Date]float64, asOf Date) []Verdict {
	t := c.Target
	if t == nil || t.Per != "year" || t.Comparator() == "<=" {
		return nil
	}
	var list []Verdict
	for _, on := range days(line, asOf) {
		if on != YearEnd(on.Year) || on.Year < t.FirstFullYear {
			continue
		}
		v := Verdict{Deadline: on, Value: ptr(line[on]), Outcome: NotDone}
		if t.Reached(line[on]) {
			v.Outcome = InTime
		}
		list = append(list, v)
	}
	return list
}

// monthsBetween is how many full months lie between two days; from the end of a
// month to the end of another it is the difference of the months.
func monthsBetween(from, to Date) int {
	n := monthIndex(to) - monthIndex(from)
	if to.Day < from.Day && to != to.MonthEnd() {
		n--
	}
	return max(0, n)
}

// Deadlines are the days at which commitments are judged, up to a day: each must be
// computed, whether a quarter ends on it or not.
func Deadlines(documents []Document, until Date) []Date {
	var list []Date
	for _, d := range documents {
		for _, c := range d.Commitments {
			if t := c.promised(); t != nil && !t.By.After(until) {
				list = append(list, t.By)
			}
		}
	}
	slices.SortFunc(list, Date.Compare)
	return slices.Compact(list)
}
