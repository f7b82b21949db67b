package project

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
)

// mention is an id a commitment names under one of its keys.
type mention struct {
	by  kpi.Commitment
	key string // twin, same_as, variant
	id  string
}

// across holds all documents against each other: what is named exists, documents
// do not stand in each other's place in a circle, and no figure is defined twice unsaid.
func (v *policyCheck) across(documents []kpi.Document) {
	for _, m := range v.mentions {
		v.mention(m)
	}
	v.successions(documents)
	v.overlaps(documents)
	v.awards(documents)
}

// mention holds a named id against those that exist. A project may go without
// another document, or have cut its own copy of it: then what is shipped beside it
// may name what is gone.
func (v *policyCheck) mention(m mention) {
	if v.seen[m.id] != "" {
		return
	}
	document, _, _ := strings.Cut(m.id, "-")
	other, installed := v.heads[document]
	if m.key != "variant" && (!installed || v.heads[m.by.Document].shipped && !other.shipped) {
		return
	}
	v.bad(m.by, "%s: no commitment has the id %q%s", m.key, m.id, didYouMean(m.id, slices.Sorted(maps.Keys(v.seen))))
}

func didYouMean(word string, known []string) string {
	if best := kpi.Nearest(word, known); best != "" {
		return ". Did you mean " + best + "?"
	}
	return ". Try: name one of data/policies"
}

// successions holds what superseded documents say of their successors.
func (v *policyCheck) successions(documents []kpi.Document) {
	next, ids := map[string]kpi.Document{}, []string{}
	for _, d := range documents {
		next[d.ID] = d
		ids = append(ids, d.ID)
	}
	for _, d := range documents {
		if d.SupersededBy == "" {
			continue
		}
		at := v.head(d, "superseded_by")
		successor, ok := next[d.SupersededBy]
		switch {
		case !ok:
			v.bad(at, "superseded_by: no document has the id %q%s", d.SupersededBy, didYouMean(d.SupersededBy, ids))
			continue
		case d.Status != "superseded":
			v.bad(at, "superseded_by %s, but status is %q: write status: superseded", d.SupersededBy, d.Status)
		case successor.Issued.Before(d.Issued):
			v.bad(at, "superseded_by %s, which was issued before it, on %s", d.SupersededBy, successor.Issued)
		}
		trail := []string{d.ID}
		for now := d; now.SupersededBy != ""; now = next[now.SupersededBy] {
			trail = append(trail, now.SupersededBy)
			if now.SupersededBy == d.ID {
				v.bad(at, "the documents supersede each other in a circle, %s: the one in force has no superseded_by",
					strings.Join(trail, " → "))
				break
			}
			if len(trail) > len(documents) {
				break // a circle further on: reported where it closes
			}
		}
	}
}

// definition is what a commitment counts, and for how long.
type definition struct {
	c        kpi.Commitment
	counts   string // model and variant, both sides of a ratio
	from, to kpi.Date
}

// overlaps finds commitments of one jurisdiction that count the same at the same
// time: they would be two figures for one thing unless one names the other.
func (v *policyCheck) overlaps(documents []kpi.Document) {
	issued := map[string]kpi.Date{}
	for _, d := range documents {
		issued[d.ID] = d.Issued
	}
	first := map[string][]definition{} // by jurisdiction and what is counted
	for _, d := range documents {
		for _, c := range d.Commitments {
			f := definition{c: c, counts: counts(c), from: d.Issued, to: cmp.Or(issued[d.SupersededBy], kpi.OpenEnd)}
			if c.Target != nil && !c.Target.By.IsZero() && c.Target.By.Before(f.to) {
				f.to = c.Target.By
			}
			v.sameAs(documents, f)
			if f.counts == "" {
				continue
			}
			at := d.Region + " " + f.counts
			for _, o := range first[at] {
				if f.from.Before(o.to) && o.from.Before(f.to) && !related(f.c, o.c) {
					v.bad(c, "counts the same as %s (%s:%d), %s. Try: same_as: %s, or another variant", o.c.ID, o.c.File,
						o.c.Line, f.counts, o.c.ID)
				}
			}
			first[at] = append(first[at], f)
		}
	}
}

// counts names what a commitment's own figure counts; "" counts nothing.
func counts(c kpi.Commitment) string {
	part := func(model, variant string) string {
		if variant == "" {
			return "sql/kpi/" + model + ".sql"
		}
		return fmt.Sprintf("sql/kpi/%s.sql variant %s", model, variant)
	}
	switch {
	case c.Of != nil && c.To != nil:
		return part(c.Of.Model, c.Of.Variant) + " of " + part(c.To.Model, c.To.Variant)
	case c.Model != "":
		return part(c.Model, c.Variant)
	}
	return ""
}

// related commitments say that they count the same.
func related(a, b kpi.Commitment) bool {
	twins := a.Award != nil && a.Award.Twin == b.ID || b.Award != nil && b.Award.Twin == a.ID
	return twins || a.SameAs == b.ID || b.SameAs == a.ID || a.SameAs != "" && a.SameAs == b.SameAs
}

// sameAs holds a commitment against the one it says it equals.
func (v *policyCheck) sameAs(documents []kpi.Document, f definition) {
	if f.c.SameAs == "" {
		return
	}
	for _, d := range documents {
		for _, o := range d.Commitments {
			switch {
			case o.ID != f.c.SameAs:
			case o.ID == f.c.ID:
				v.bad(f.c, "same_as names the commitment itself")
			case o.SameAs != "":
				v.bad(f.c, "same_as %s, which is itself the same as %s: name the first of them, and none there", o.ID, o.SameAs)
			case counts(o) != f.counts:
				v.bad(f.c, "same_as %s, which counts %s and not %s", o.ID, orNothing(counts(o)), orNothing(f.counts))
			}
		}
	}
}

func orNothing(what string) string { return cmp.Or(what, "nothing") }
