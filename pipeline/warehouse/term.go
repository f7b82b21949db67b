package warehouse

import (
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

// Want is a term that figures are counted by, and the model of sql/kpi that counts them.
type Want struct {
	Model string
	Term
}

// Wants are the terms that a commitment's figures are counted by, each once, in the order of the figures.
func (ms Models) Wants(c kpi.Commitment) (wants []Want) {
	for _, l := range Lines(kpi.Document{Commitments: []kpi.Commitment{c}}) {
		m, _ := ms.Find("kpi." + l.Model)
		for _, t := range m.Spec.Terms {
			needed := len(t.Variants) == 0 || slices.Contains(t.Variants, m.Ending(l.Variant))
			if needed && !slices.ContainsFunc(wants, func(w Want) bool { return w.Model == l.Model && w.Name == t.Name }) {
				wants = append(wants, Want{l.Model, t})
			}
		}
	}
	return wants
}

// terms are the rows of core.term.
func (ms Models) terms(documents []kpi.Document) (rows []values) {
	said := map[[3]string]bool{}
	for _, d := range documents {
		for _, c := range slices.Concat(d.Commitments, d.Indicators) {
			for _, w := range ms.Wants(c) {
				at := [3]string{d.Region, w.Model, w.Name}
				if said[at] {
					continue // all of a jurisdiction say the same
				}
				said[at] = true
				for _, word := range slices.Compact(slices.Sorted(slices.Values(c.Terms[w.Name]))) {
					var number any
					if n, err := strconv.ParseFloat(word, 64); err == nil && w.Number {
						number = n
					}
					rows = append(rows, values{"jurisdiction_code": d.Region, "model": w.Model, "term": w.Name,
						"word": word, "number": number})
				}
			}
		}
	}
	return rows
}
