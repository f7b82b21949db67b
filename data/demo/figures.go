package demo

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"citykpi/pipeline/kpi"
)

// known is what figures.yaml says of a figure, by "id" or "id/measure".
type known struct {
	whole bool // no district has one of its own
	since day  // of an obligation of 南京's: what happened before does not count
}

var figures = sync.OnceValue(func() map[string]known {
	var doc struct {
		Whole     []string            `yaml:"whole"`
		Districts []string            `yaml:"districts"`
		Since     map[string][]string `yaml:"since"`
	}
	embedded("figures.yaml", &doc)
	list := map[string]known{}
	for _, f := range slices.Concat(doc.Whole, doc.Districts) {
		list[f] = known{whole: slices.Contains(doc.Whole, f)}
	}
	for from, ids := range doc.Since {
		for _, f := range slices.Collect(maps.Keys(list)) {
			if id, _, _ := strings.Cut(f, "/"); slices.Contains(ids, id) {
				list[f] = known{list[f].whole, ntDay(from)}
			}
		}
	}
	return list
})

func figure(id, measure string) string { return strings.TrimSuffix(id+"/"+measure, "/") }

// Covers reports whether the truth knows the figures of a commitment or indicator, of a measure or, for "", the main ones.
func Covers(id, measure string) bool {
	_, ok := figures()[figure(id, measure)]
	return ok
}

// Uncovered are the commitments and indicators with a model, and their measures, of which the truth knows nothing: somebody
// added them, and they are held against nothing until the demo computes them as well.
func Uncovered(documents []kpi.Document) []string {
	var list []string
	for _, d := range documents {
		for _, c := range slices.Concat(d.Commitments, d.Indicators) {
			if c.Model == "" && c.Of == nil {
				continue // nothing counts it
			}
			if !Covers(c.ID, "") {
				list = append(list, c.ID)
				continue
			}
			for _, m := range c.Also {
				if !Covers(c.ID, m.Name) {
					list = append(list, figure(c.ID, m.Name))
				}
			}
		}
	}
	return list
}

// withoutDistricts leaves out the districts of what is the whole's alone.
func withoutDistricts(values []Value) []Value {
	return slices.DeleteFunc(values, func(v Value) bool {
		return figures()[figure(v.ID, v.Measure)].whole && !slices.Contains([]string{cityCode, provinceCode, ntCode}, v.Region)
	})
}
