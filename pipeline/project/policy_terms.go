package project

import (
	"maps"
	"slices"
	"strconv"

	"citykpi/pipeline/kpi"
)

// said is a term of a model as a commitment says it.
type said struct {
	by    kpi.Commitment
	words []string
}

// terms holds what a commitment says of numbers and words against what its models count by, and against the
// other commitments of its jurisdiction: a model's facts are the same for all of them.
func (v *policyCheck) terms(d kpi.Document, c kpi.Commitment) {
	var known []string
	for _, w := range v.models.Wants(c) {
		known = append(known, w.Name)
		words := c.Terms[w.Name]
		if len(words) == 0 {
			v.bad(c, "sql/kpi/%s.sql counts by %s, %s, and the commitment does not say it. Try: terms: {%s: […]}",
				w.Model, w.Name, w.CN, w.Name)
			continue
		}
		if _, err := strconv.ParseFloat(words[0], 64); w.Number && (err != nil || len(words) > 1) {
			v.bad(c, "terms: %s is %q, want one number: %s", w.Name, words, w.CN)
		}
		at := d.Region + " " + w.Model + " " + w.Name
		first, ok := v.said[at]
		if ok && !slices.Equal(first.words, words) {
			v.bad(c, "terms: %s is %q, and %q of %s at %s:%d, which sql/kpi/%s.sql counts as well", w.Name, words, first.words,
				first.by.ID, first.by.File, first.by.Line, w.Model)
		}
		if !ok {
			v.said[at] = said{c, words}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Terms)) {
		if !slices.Contains(known, name) {
			v.bad(c, "terms: nothing is counted by %s here, and by %q there is. Try: leave it out", name, known)
		}
	}
}
