package pipeline

import (
	"cmp"
	"context"
	"slices"
	"time"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/project"
	"citykpi/pipeline/warehouse"
)

// restatements compares every closed quarter with what the new database says of it: figures that
// differ, that are there no more, and that nobody could publish then. A run that does not reach a
// quarter's end, or is asked for what was known before the quarter was closed, has nothing to say of it;
// nor has any of what is not chosen now, or was not when the quarter was closed.
func restatements(ctx context.Context, p *project.Project, db *warehouse.DB, c Catalogue, s *kpi.Snapshot,
	o Options) ([]kpi.Restatement, error) {
	closed, err := ClosedQuarters(p)
	if err != nil {
		return nil, err
	}
	kinds := map[kpi.Key]kpi.Kind{} // of lines, in no region
	type promise struct {
		kpi.Commitment
		region string
	}
	promises := map[string]promise{}
	for _, d := range c.Documents {
		for _, l := range warehouse.Lines(d) {
			kinds[kpi.Key{ID: l.ID, Measure: l.Measure}] = l.Kind
		}
		for _, owed := range d.Commitments {
			promises[owed.ID] = promise{owed, d.Region}
		}
	}
	meaning := c.definitions()
	var list []kpi.Restatement
	for _, q := range closed {
		if q.Quarter.End().After(o.AsOf) || !knows(o.KnownAt, q) {
			continue
		}
		changed := slices.DeleteFunc(differing(q, s.Series), func(r kpi.Restatement) bool {
			_, meant := q.Definitions[r.ID]
			return !meant && r.Old == nil || p.LeftOut(r.ID)
		})
		counted := map[kpi.Key]kpi.Kind{}
		for _, r := range changed {
			for _, line := range linesOf(r, kinds) {
				line.Region = ""
				counted[line] = kinds[line]
			}
		}
		facts, err := db.FactsChanged(ctx, closedFacts(p, q.Quarter), counted, q.Quarter.End(), q.KnownAt)
		if err != nil {
			return nil, err
		}
		for _, r := range changed {
			var of warehouse.Change
			for _, line := range linesOf(r, kinds) {
				f := facts[line]
				of.Came, of.Went, of.Changed = of.Came+f.Came, of.Went+f.Went, of.Changed+f.Changed
				of.Withdrawn, of.Replaced = of.Withdrawn+f.Withdrawn, of.Replaced+f.Replaced
			}
			r.Came, r.Went, r.Changed, r.Corrected, r.Withdrawn = of.Came, of.Went, of.Changed, of.Replaced, of.Withdrawn
			if owed, ok := promises[r.ID]; ok && r.Measure == "" && r.Region == owed.region {
				end := q.Quarter.End()
				line := s.Series[kpi.Key{ID: r.ID, Region: r.Region}]
				r.Turned = owed.Turns(end, r.Old, r.New) || slices.ContainsFunc(q.Judged, func(j kpi.Judged) bool {
					return j.ID == r.ID && owed.Overrules(j, line, s.Crossings[r.ID], end)
				})
			}
			_, known := kinds[kpi.Key{ID: r.ID, Measure: r.Measure}]
			r.Cause = causeOf(r, of, known && meaning[r.ID] == q.Definitions[r.ID])
			list = append(list, r)
		}
	}
	return list, nil
}

// knows reports whether a run for what was known at a time, zero for now, knows of a closing.
func knows(at time.Time, q *Closed) bool { return knew(at, q.ClosedAt) && knew(at, q.KnownAt) }

func knew(at, of time.Time) bool { return at.IsZero() || !at.Before(of) }

// differing are the figures of a quarter that are not what was published, by line and region.
func differing(q *Closed, series kpi.Series) []kpi.Restatement {
	end := q.Quarter.End()
	published := map[kpi.Key]bool{}
	var list []kpi.Restatement
	for i := range q.Values {
		was := &q.Values[i]
		key := kpi.Key{ID: was.ID, Measure: was.Measure, Region: was.Region}
		published[key] = true
		if now := series.At(key, end); now == nil || *now != was.Value {
			list = append(list, kpi.Restatement{Quarter: q.Quarter, ID: was.ID, Measure: was.Measure, Region: was.Region,
				Old: &was.Value, New: now})
		}
	}
	for key := range series {
		if now := series.At(key, end); now != nil && !published[key] {
			list = append(list, kpi.Restatement{Quarter: q.Quarter, ID: key.ID, Measure: key.Measure, Region: key.Region, New: now})
		}
	}
	slices.SortFunc(list, func(a, b kpi.Restatement) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Measure, b.Measure), cmp.Compare(a.Region, b.Region))
	})
	return list
}

// linesOf are the lines whose facts a figure counts: its own, or the two sides of a ratio.
func linesOf(r kpi.Restatement, kinds map[kpi.Key]kpi.Kind) []kpi.Key {
	if kinds[kpi.Key{ID: r.ID, Measure: r.Measure}] == kpi.Ratio {
		return []kpi.Key{{ID: r.ID, Measure: "of", Region: r.Region}, {ID: r.ID, Measure: "to", Region: r.Region}}
	}
	return []kpi.Key{{ID: r.ID, Measure: r.Measure, Region: r.Region}}
}

// causeOf says why a published figure reads differently. same: it means what it meant then.
func causeOf(r kpi.Restatement, of warehouse.Change, same bool) kpi.Cause {
	switch {
	case !same || r.Old != nil && r.New != nil && of.Came+of.Went+of.Changed == 0:
		return kpi.ChangedDefinition // also where the same facts add up to something else
	case of.Replaced > 0:
		return kpi.CorrectedData
	case of.Withdrawn > 0:
		return kpi.WithdrawnData
	}
	return kpi.LateData
}
