package warehouse

import (
	"slices"
	"strings"
)

// Filter is a condition by which a model leaves rows out, in the words a commitment's
// decision uses. It stands in the model's SQL, is what a model joined by it promises, or is
// what a variant means that the SQL makes of a column.
type Filter struct {
	Says     string   `yaml:"says"`     // the words, which decisions of commitments repeat
	SQL      []string `yaml:"sql"`      // conditions as they stand in the SQL, all of which it means
	By       string   `yaml:"by"`       // the table whose rows it counts alone: core.tier_interval
	Variants []string `yaml:"variants"` // variants it holds for; left out: all
}

// holds reports whether the filter applies to a variant.
func (f Filter) holds(variant string) bool {
	return len(f.Variants) == 0 || slices.Contains(f.Variants, variant)
}

// Ending is the variant, but what follows the id where the model's variants are ids of commitments.
func (m Model) Ending(variant string) string {
	if len(m.Spec.Columns["variant"].IDs) > 0 {
		id, _, _ := strings.Cut(variant, ":")
		variant = strings.TrimPrefix(variant, id)
	}
	return variant
}

// Counts lists what a variant of the model counts, as its filters say.
func (m Model) Counts(variant string) []string {
	var says []string
	for _, f := range m.Spec.Filters {
		if f.holds(variant) {
			says = append(says, f.Says)
		}
	}
	return says
}

// Whole reports whether a variant's facts belong to no district: 不分区.
func (m Model) Whole(variant string) bool {
	return slices.Contains(m.Spec.Whole, "*") || slices.Contains(m.Spec.Whole, variant)
}

// ByRegion reports whether a variant's facts are reports that each district files.
func (m Model) ByRegion(variant string) bool {
	return slices.Contains(m.Spec.ByRegion, "*") || slices.Contains(m.Spec.ByRegion, variant)
}
