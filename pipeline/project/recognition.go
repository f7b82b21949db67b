package project

import (
	"fmt"
	"io/fs"
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/warehouse"
)

// LoadRecognition reads data/recognition.yaml and holds it against the tiers that the program has names for.
// All problems are reported together in an *InvalidError.
func LoadRecognition(data fs.FS) (r warehouse.Recognition, err error) {
	const file = "recognition.yaml"
	if err := readYAML(data, file, &r); err != nil {
		return r, err
	}
	var wrong problems
	bad := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf("data/"+file+": "+format, args...)) }
	var named []string
	for _, t := range r.Tiers {
		named = append(named, t.Tier)
		if t.Years < 1 {
			bad("%s holds %d years. Try: years: 3", t.Tier, t.Years)
		}
	}
	if slices.Sort(named); !slices.Equal(named, slices.Sorted(slices.Values(kpi.Tiers))) {
		bad("tiers are %q. Try: each of %q once", named, kpi.Tiers)
	}
	for i, of := range r.Rules {
		if of.Rule == "" || of.Title == "" || of.From.IsZero() || i > 0 && !of.From.After(r.Rules[i-1].From) {
			bad("the rules %q, %s, hold from %q. Try: a name, a title and a day behind that of the rules before",
				of.Rule, of.Title, of.From)
		}
	}
	if len(r.Rules) == 0 {
		bad("there are no rules. Try: those that hold now")
	}
	return r, wrong.err()
}
