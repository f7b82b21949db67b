package warehouse

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Filter is a condition by which a model leaves rows out, in the words a commitment's
// decision uses. It stands in the model's SQL, is what a model joined by it promises, or is
// what a variant means that the SQL makes of a column.
type Filter struct {
	Says     string   `yaml:"says"`     // the words, which decisions of commitments repeat; {amount} is what the document's term says
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

// Counts lists what a variant of the model counts, as its filters say under a document's terms.
func (m Model) Counts(variant string, terms map[string][]string) []string {
	var says []string
	for _, f := range m.Spec.Filters {
		if f.holds(variant) {
			says = append(says, placeholder.ReplaceAllStringFunc(f.Says, func(p string) string {
				return m.termText(strings.Trim(p, "{}"), terms)
			}))
		}
	}
	return says
}

// placeholder is where a filter's words name a term.
var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// termText is a term within words: its number, in 万 where that is shorter, or how many words it has.
func (m Model) termText(name string, terms map[string][]string) string {
	said := terms[name]
	i := slices.IndexFunc(m.Spec.Terms, func(t Term) bool { return t.Name == name })
	if !m.Spec.Terms[i].Number {
		return strconv.Itoa(len(said))
	}
	if len(said) != 1 {
		return "…" // which validation refuses
	}
	if n, whole := strings.CutSuffix(said[0], "0000"); whole && n != "" && !strings.Contains(n, ".") {
		return n + "万"
	}
	return said[0]
}

// Whole reports whether a variant's facts belong to no district: 不分区.
func (m Model) Whole(variant string) bool {
	return slices.Contains(m.Spec.Whole, "*") || slices.Contains(m.Spec.Whole, variant)
}

// ByRegion reports whether a variant's facts are reports that each district files.
func (m Model) ByRegion(variant string) bool {
	return slices.Contains(m.Spec.ByRegion, "*") || slices.Contains(m.Spec.ByRegion, variant)
}
