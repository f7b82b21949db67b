package kpi

import "slices"

// Judged is how a deadline, or a year, stood when its verdict was given; and of what each of several must do or
// keep, one period: how many did of those who had to, and who did not.
type Judged struct {
	ID       string    `json:"id"`
	Deadline Date      `json:"deadline"`
	Value    *float64  `json:"value"`  // on that day; null: there was none
	Wanted   float64   `json:"wanted"` // by the target of then, in the value's unit
	Outcome  Judgement `json:"outcome"`
	Done     Date      `json:"done_on,omitzero"`   // of what came late; a record of an older version has none
	Not      []string  `json:"not_done,omitempty"` // of a period
}

// Given is a verdict as the closing of a quarter gave it. What becomes known later may judge the day
// otherwise; that it was given stays in sight.
type Given struct {
	Judged
	Quarter  Quarter `json:"quarter"`
	On       Date    `json:"closed_on"`
	Cause    Cause   `json:"cause,omitempty"` // of the quarter's figure reading differently now
	Reopened Date    `json:"reopened_on,omitzero"`
	Reason   string  `json:"reason,omitempty"` // why the closing was given up
}

// Missing is what was missing when the quarter was closed, 0 where nothing was or nobody knew.
func (j Judged) Missing() float64 {
	if j.Outcome != NotDone || j.Value == nil {
		return 0
	}
	return max(0, j.Wanted-*j.Value)
}

// Open reports whether what was promised had not been reached yet: it may turn out to have been by a later quarter.
func (j Judged) Open() bool { return j.Outcome == NotDone && len(j.Not) == 0 }

// Judged lists the verdicts that a snapshot gives: of deadlines that have passed, and of years that are over.
func (s *Snapshot) Judged() []Judged {
	list := []Judged{}
	at := map[string]Attainment{}
	for _, a := range s.Attainments {
		at[a.ID+" "+a.Region] = a
	}
	for _, d := range s.Documents {
		for _, c := range d.Commitments {
			a := at[c.ID+" "+d.Region]
			for _, v := range a.judged() {
				list = append(list, c.judged(v))
			}
			for _, p := range a.Periods {
				list = append(list, p.judged(c.ID))
			}
		}
	}
	return list
}

func (c Commitment) judged(v Verdict) Judged {
	return Judged{ID: c.ID, Deadline: v.Deadline, Value: v.Value, Wanted: c.Target.Value(), Outcome: v.Outcome, Done: v.Done}
}

func (p EachPeriod) judged(id string) Judged {
	did, outcome := float64(p.Did()), InTime
	if len(p.Not) > 0 {
		outcome = NotDone
	}
	return Judged{ID: id, Deadline: p.End, Value: &did, Wanted: float64(p.Had), Outcome: outcome, Not: p.Not}
}

// Says reports whether both say the same: of the day the same value, of the same that was promised, and the same
// who did not; whether it was done in time or later, and when.
func (j Judged) Says(o Judged) bool {
	return j.Outcome == o.Outcome && j.day(o) && (j.Done == o.Done || j.Done.IsZero() || o.Done.IsZero())
}

// day reports whether both say the same of the day itself.
func (j Judged) day(o Judged) bool {
	return (j.Outcome == InTime) == (o.Outcome == InTime) && j.Wanted == o.Wanted && slices.Equal(j.Not, o.Not) &&
		(j.Value == nil) == (o.Value == nil) && (j.Value == nil || *j.Value == *o.Value)
}

// Stands reports whether what stands now says what the closing said: what was reached only after its quarter had
// been open at its end.
func (g Given) Stands(now Judged) bool {
	open := g.Outcome == NotDone && now.Outcome == TooLate && (now.Done.IsZero() || now.Done.After(g.Quarter.End()))
	return g.Says(now) || open && g.day(now)
}

// PeriodOf is the period of what each of several must do or keep that ends on a day; nil: there is none.
func (a *Attainment) PeriodOf(end Date) *EachPeriod {
	if i := slices.IndexFunc(a.Periods, func(p EachPeriod) bool { return p.End == end }); i >= 0 {
		return &a.Periods[i]
	}
	return nil
}

// judged are the attainment's verdicts, of each deadline one.
func (a *Attainment) judged() []Verdict {
	list := a.Years
	if v := a.Verdict; v != nil && a.judgedOn(v.Deadline) == nil {
		list = append(list[:len(list):len(list)], *v)
	}
	return list
}

func (a *Attainment) judgedOn(deadline Date) *Verdict {
	for i := range a.Years {
		if a.Years[i].Deadline == deadline {
			return &a.Years[i]
		}
	}
	return nil
}

// JudgedOn is the verdict on a value of a day on which the commitment, or a year of it, falls due, nil where
// none does: a record that keeps values and no verdicts is read by the target of today.
func (c Commitment) JudgedOn(on Date, value float64) *Judged {
	if !c.dueOn(on) {
		return nil
	}
	j := &Judged{ID: c.ID, Deadline: on, Value: &value, Wanted: c.Target.Value(), Outcome: NotDone}
	if c.Target.Reached(value) {
		j.Outcome = InTime
	}
	return j
}

// dueOn reports whether the commitment, or a year of it, falls due on a day.
func (c Commitment) dueOn(on Date) bool {
	t := c.Target
	if due := c.promised(); due != nil && due.By == on {
		return true
	}
	return t != nil && t.Per == "year" && t.Comparator() != "<=" && on == YearEnd(on.Year) && on.Year >= t.FirstFullYear
}

// Recall gives every attainment of a jurisdiction the verdicts that closings gave, and that read otherwise now.
func (s *Snapshot) Recall(given []Given) {
	of := map[string][]Given{}
	for _, g := range given {
		of[g.ID] = append(of[g.ID], g)
	}
	whole := map[string]Commitment{}
	for _, d := range s.Documents {
		for _, c := range d.Commitments {
			whole[c.ID+" "+d.Region] = c
		}
	}
	for i := range s.Attainments {
		a := &s.Attainments[i]
		if c, ok := whole[a.ID+" "+a.Region]; ok {
			a.Given = a.differing(c, of[a.ID])
		}
	}
}

// differing are those that say something else of their day than what stands: in time or not, another value,
// another target, another day of completion, or a day on which nothing falls due any more. Of several that say the
// same the first is told.
func (a *Attainment) differing(c Commitment, given []Given) []Given {
	var list []Given
	told := map[Date]Judged{}
	for _, g := range given {
		if g.Quarter.End().After(a.AsOf) {
			continue
		}
		v := a.judgedOn(g.Deadline)
		if v == nil && a.Verdict != nil && a.Verdict.Deadline == g.Deadline {
			v = a.Verdict
		}
		p := a.PeriodOf(g.Deadline)
		if v != nil && g.Stands(c.judged(*v)) || p != nil && g.Stands(p.judged(c.ID)) {
			continue
		}
		if g.Reopened.IsZero() {
			if was, ok := told[g.Deadline]; ok && was.Says(g.Judged) {
				continue
			}
			told[g.Deadline] = g.Judged
		}
		list = append(list, g)
	}
	return list
}
