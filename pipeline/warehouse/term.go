//go:build duckdb_arrow

package warehouse

import (
	"cmp"
	"slices"
	"strconv"

	"citykpi/pipeline/kpi"
)

// Term is a number or a list of words that a document says and a model counts by. Every commitment
// that counts by the model says it under terms.
type Term struct {
	Name     string   `yaml:"name"`     // what commitments and core.term call it
	CN       string   `yaml:"cn"`       // its name for readers, with the unit of a number
	Number   bool     `yaml:"number"`   // one number; left out: words
	Variants []string `yaml:"variants"` // variants it is needed for; left out: all
}

// Wants are the terms that a commitment's figures are counted by, each with the name of the model in sql/kpi.
func (ms Models) Wants(c kpi.Commitment) map[string][]Term {
	wants := map[string][]Term{}
	for _, l := range Lines(kpi.Document{Commitments: []kpi.Commitment{c}}) {
		m, _ := ms.Find("kpi." + l.Model)
		for _, t := range m.Spec.Terms {
			needed := len(t.Variants) == 0 || slices.Contains(t.Variants, m.Ending(l.Variant))
			if needed && !slices.ContainsFunc(wants[l.Model], func(of Term) bool { return of.Name == t.Name }) {
				wants[l.Model] = append(wants[l.Model], t)
			}
		}
	}
	return wants
}

// terms are the rows of core.term.
func (ms Models) terms(documents []kpi.Document) (rows []values) {
	type key struct{ region, model, term string }
	said := map[key]bool{}
	for _, d := range documents {
		for _, c := range slices.Concat(d.Commitments, d.Indicators) {
			for model, terms := range ms.Wants(c) {
				for _, t := range terms {
					at := key{d.Region, model, t.Name}
					if said[at] {
						continue
					}
					for _, word := range slices.Compact(slices.Sorted(slices.Values(c.Terms[t.Name]))) {
						row := values{"jurisdiction_code": d.Region, "model": model, "term": t.Name, "word": word, "number": nil}
						if n, err := strconv.ParseFloat(word, 64); err == nil && t.Number {
							row["number"] = n
						}
						rows = append(rows, row)
					}
					said[at] = len(c.Terms[t.Name]) > 0
				}
			}
		}
	}
	slices.SortFunc(rows, func(a, b values) int {
		for _, column := range []string{"jurisdiction_code", "model", "term", "word"} {
			if order := cmp.Compare(a[column].(string), b[column].(string)); order != 0 {
				return order
			}
		}
		return 0
	})
	return rows
}
