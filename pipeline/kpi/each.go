package kpi

import (
	"cmp"
	"slices"
)

// Duty is what one subject had to do in a period under a commitment that every one of
// several must keep, and when it did.
type Duty struct {
	ID      string // commitment
	Subject string // its name
	Period  Date   // the last day of the period
	Due     Date   // by when
	Done    Date   // zero: not done
	Listed  bool   // rows name who had to in the period, and so tell of it, whenever they came

	Number *float64 // of a bound: how many it has that day, in the target's unit
}

// Kept reports whether it was done in time.
func (d Duty) Kept() bool { return !d.Done.IsZero() && !d.Done.After(d.Due) }

// EachPeriod is one period of such a commitment: how many had to, and who did not.
type EachPeriod struct {
	Name string // 2025年第三季度, 2025年
	End  Date
	Had  int
	Not  []string

	Numbers []float64 // of a bound: how many those of Not have
}

// Did is how many did.
func (p EachPeriod) Did() int { return p.Had - len(p.Not) }

// EachPeriods are the periods that are due by a date, from the first that begins after
// the document was issued, the oldest first; of a bound, which holds at any time, and of a share,
// the quarter ends since then and the date itself. Duties come by period. A period that was not
// filed is there only if rows name who had to, or if all did.
func EachPeriods(doc Document, c Commitment, duties []Duty, cover Cover, asOf Date) []EachPeriod {
	list, _ := eachPeriods(doc, c, duties, cover, asOf)
	return list
}

func eachPeriods(doc Document, c Commitment, duties []Duty, cover Cover, asOf Date) (list []EachPeriod, unknown []string) {
	length := Rhythms[c.Every] / 3
	if length == 0 && c.Kind != Constraint && c.Kind != Ratio {
		return nil, nil
	}
	known := map[Date]bool{}
	for _, d := range duties {
		if d.ID != c.ID || d.Due.After(asOf) {
			continue
		}
		var name string
		if q := QuarterOf(d.Period); length > 0 {
			first := q.Add(1 - length)
			if first.Start().Before(doc.Issued) {
				continue
			}
			name = periodName(first, length)
		} else {
			if d.Period.Before(doc.Issued) || d.Period != q.End() && d.Period != asOf {
				continue
			}
			if name = d.Period.Chinese(); d.Period == q.End() {
				name = q.Chinese() + "末"
			}
		}
		if n := len(list); n == 0 || list[n-1].End != d.Period {
			list = append(list, EachPeriod{Name: name, End: d.Period})
		}
		known[d.Period] = known[d.Period] || d.Listed || cover.tellsOf(c, d.Period, length)
		p := &list[len(list)-1]
		p.Had++
		if d.Kept() {
			continue
		}
		p.Not = append(p.Not, d.Subject)
		if d.Number != nil {
			p.Numbers = append(p.Numbers, *d.Number)
		}
	}
	list = slices.DeleteFunc(list, func(p EachPeriod) bool {
		if known[p.End] || len(p.Not) == 0 || c.Kind == Ratio && p.Did() > 0 {
			return false
		}
		unknown = append(unknown, p.Name)
		return true
	})
	return list, unknown
}

// tellsOf reports whether what was filed tells who of several did in a period of so many quarters. Of a share
// the first file says from when on each of them is in it.
func (f Cover) tellsOf(c Commitment, end Date, quarters int) bool {
	if c.Kind == Ratio {
		return len(f.Filed) == 0 || !end.Before(f.Filed[0])
	}
	return f.knows(QuarterOf(end).Add(1-quarters).Start(), end)
}

// BindsEach reports that every one of several must do or keep it, and is judged by itself. Of a share
// the subjects are named, and the share is what is judged.
func (c Commitment) BindsEach() bool { return c.Each != "" && c.Kind != Ratio }

// Named are the subjects of the newest period or of the day: who did, and who did not by name; nil
// where a commitment speaks of no several.
func (a Attainment) Named() *EachPeriod { return cmp.Or(a.Newest, a.Members) }

// CarriedInto is the data date of what a bound or share was told by at the end of a period that the data
// do not reach; zero where they do.
func (a Attainment) CarriedInto(c Commitment, p EachPeriod) Date {
	if c.Kind != Constraint && c.Kind != Ratio || a.Data.IsZero() || !p.End.After(a.Data) {
		return Date{}
	}
	return a.Data
}

// Head is the figure that stands first: of what each of several must do the share of them that
// kept the newest period, in percent; of all else the value, in its unit.
func (a Attainment) Head(unit string) (*float64, string) {
	if a.Newest != nil {
		return a.Rate, "%"
	}
	return a.Value, unit
}

// JudgeEach judges an obligation or a bound of several subjects by each of them: the figure is
// the share that kept the newest period that was filed, or keeps the bound on the day, and a period is missed in
// which not all did. The value stays how often it was done, or how many all of them have together;
// whether that rose or fell says nothing of who did. Of a share it only names who is in it and who not.
func (a *Attainment) JudgeEach(doc Document, c Commitment, duties []Duty, th Thresholds) {
	if c.Each == "" || a.Value == nil || a.Region != doc.Region {
		return
	}
	periods, unknown := eachPeriods(doc, c, duties, a.Cover, a.AsOf)
	if c.BindsEach() {
		a.Unknown = unknown
	}
	if len(periods) == 0 {
		return
	}
	p := periods[len(periods)-1]
	if c.Kind == Ratio {
		if p.End == a.AsOf {
			a.Members = &p
		}
		return
	}
	if c.Kind == Constraint {
		if p.End != a.AsOf {
			return // nobody is left whom it binds
		}
	} else {
		a.Due, a.Missed = len(periods), nil
		for _, p := range periods {
			if len(p.Not) > 0 {
				a.Missed = append(a.Missed, p.Name)
			}
		}
	}
	a.Newest, a.Periods = &p, periods
	a.Quarter, a.Year = nil, nil
	a.Rate = ptr(100 * float64(p.Did()) / float64(p.Had))
	a.Gap = ptr(*a.Rate - 100)
	a.Light = th.light(*a.Gap, c.Expected)
}
