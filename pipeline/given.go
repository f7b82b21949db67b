package pipeline

import (
	"time"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/project"
)

// given are the verdicts on deadlines as closings gave them: of each deadline that of the first closed quarter
// that judged it, which is its own but where what tells of it is due later, every one after it that says something
// else than the one before or that it is not done yet, and those that were given up. A run that does not reach a
// quarter, or is asked for what was known before it was closed, knows of none.
func verdictsGiven(p *project.Project, c Catalogue, restated []kpi.Restatement, o Options) ([]kpi.Given, error) {
	closed, err := closings(p)
	if err != nil {
		return nil, err
	}
	type deadline struct {
		id string
		on kpi.Date
	}
	causes := map[deadline]kpi.Cause{}
	home := c.homes()
	for _, r := range restated {
		if r.Measure == "" && r.Region == home[r.ID] {
			causes[deadline{r.ID, r.Quarter.End()}] = r.Cause
		}
	}
	var list []kpi.Given
	last := map[deadline]kpi.Judged{} // what the closings that stand said of it so far
	for _, q := range closed {
		if q.Quarter.End().After(o.AsOf) {
			continue
		}
		for _, closing := range q.closings(c, o.KnownAt) {
			for _, j := range closing.judged {
				due := deadline{j.ID, j.Deadline}
				was, told := last[due]
				if p.LeftOut(j.ID) || told && was.Says(j) && !j.Open() {
					continue
				}
				g := kpi.Given{Judged: j, Quarter: q.Quarter, On: kpi.DateOf(closing.at), Reopened: closing.reopened,
					Reason: closing.reason}
				if g.Reopened.IsZero() {
					last[due] = j
					g.Cause = causes[deadline{j.ID, q.Quarter.End()}] // of what the closing published
				}
				list = append(list, g)
			}
		}
	}
	return list, nil
}

// closing is one time that a quarter was closed, and the day on which that was given up.
type closing struct {
	at       time.Time
	judged   []kpi.Judged
	reopened kpi.Date
	reason   string
}

// closings are those of a quarter that were known at a time, the earliest first.
func (q *Closed) closings(c Catalogue, at time.Time) []closing {
	var list []closing
	for _, r := range q.Reopened {
		if r.ClosedAt.IsZero() || !knew(at, r.ClosedAt) || !knew(at, r.KnownAt) {
			continue
		}
		was := closing{at: r.ClosedAt, judged: r.Judged}
		if knew(at, r.At) {
			was.reopened, was.reason = kpi.DateOf(r.At), r.Reason
		}
		list = append(list, was)
	}
	if q.Release != "" && knows(at, q) {
		list = append(list, closing{at: q.ClosedAt, judged: q.verdicts(c)})
	}
	return list
}

// verdicts are those the quarter was closed with; a record of an older version has the values of its last day,
// and what falls due on it is judged by them.
func (q *Closed) verdicts(c Catalogue) []kpi.Judged {
	if q.Judged != nil {
		return q.Judged
	}
	values := map[kpi.Key]float64{}
	for _, v := range q.Values {
		values[kpi.Key{ID: v.ID, Measure: v.Measure, Region: v.Region}] = v.Value
	}
	var list []kpi.Judged
	for _, d := range c.Documents {
		for _, k := range d.Commitments {
			if v, ok := values[kpi.Key{ID: k.ID, Region: d.Region}]; ok {
				if j := k.JudgedOn(q.Quarter.End(), v); j != nil {
					list = append(list, *j)
				}
			}
		}
	}
	return list
}

// homes are the regions that commitments are judged in.
func (c Catalogue) homes() map[string]string {
	of := map[string]string{}
	for _, d := range c.Documents {
		for _, k := range d.Commitments {
			of[k.ID] = d.Region
		}
	}
	return of
}
