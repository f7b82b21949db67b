package models_test

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/source/contract"
	models "citykpi/sql"
)

// Words that a model or a query may have though no contract of a source that it reads declares them.
var wordsThatMayStand = map[string]string{
	"core/scorecard_point":      "says in a sentence what experts' points do",
	"core/scorecard_score":      "says that a consortium was not evaluated",
	"kpi/library_update":        "names the two libraries, which have no name of their own",
	"mart/award_budget":         "takes 第 and 条 off the number of an article",
	"mart/award_finding":        "says in words what the audit finds",
	"mart/award_payout_quarter": "names what was paid under drafts",
	"mart/correction":           "says in words what became of a row",
	"mart/scorecard":            "says in words why an item has its points",
	"page/award_payments":       "names what was paid under drafts",
	"page/contract_quarters":    "names kinds of contracts, those of the Civil Code",
	"page/contracts":            "names kinds of contracts, those of the Civil Code",
	"staging/name_key":          "takes off a name what names are compared without",
}

var (
	literal = regexp.MustCompile(`'([^']*)'`)
	chinese = regexp.MustCompile(`\p{Han}`)
	lake    = regexp.MustCompile(`\blake\.(\w+)`)
)

// What a policy names stands in data/policies and comes from core.term, and what bureaus write in data/sources. So a
// model has no word of its own, and no document's or commitment's id.
func TestNoModelKnowsAPolicysWords(t *testing.T) {
	p := shippedProject(t)
	used := map[string]bool{}
	for _, layer := range []string{"staging", "core", "kpi", "mart", "checks", "page"} {
		files, err := fs.Glob(models.FS, layer+"/*.sql")
		if err != nil || len(files) == 0 {
			t.Fatal(layer, err)
		}
		for _, f := range files {
			text, err := fs.ReadFile(models.FS, f)
			if err != nil {
				t.Fatal(err)
			}
			name := strings.TrimSuffix(f, ".sql")
			var reads []string
			for _, source := range lake.FindAllStringSubmatch(string(text), -1) {
				reads = append(reads, source[1])
			}
			for i, line := range strings.Split(string(text), "\n") {
				line, _, _ = strings.Cut(line, "--")
				for _, found := range literal.FindAllStringSubmatch(line, -1) {
					word := found[1]
					ofPolicy := func(d kpi.Document) bool { return word == d.ID || strings.HasPrefix(word, d.ID+"-") }
					declared := func(c *contract.Contract) bool { return slices.Contains(reads, c.Source) && declares(c, word) }
					switch {
					case slices.ContainsFunc(p.Documents, ofPolicy):
						t.Errorf("sql/%s:%d: %s is a policy's: take what counts by the model (core.commitment)", f, i+1, word)
					case !chinese.MatchString(word):
					case wordsThatMayStand[name] != "":
						used[name] = true
					case !slices.ContainsFunc(p.Contracts, declared):
						t.Errorf(
							"sql/%s:%d: no contract of a source that is read there declares %s: take it from data/policies (core.term)",
							f, i+1, word)
					}
				}
			}
		}
	}
	for name, why := range wordsThatMayStand {
		if !used[name] {
			t.Errorf("sql/%s.sql has no such word, though it %s", name, why)
		}
	}
}

// declares reports whether a contract lists a word for a column, or says it of the form of one.
func declares(c *contract.Contract, word string) bool {
	lists := func(v contract.Value) bool { return slices.Contains(v.Words, word) }
	return slices.ContainsFunc(c.Columns, func(col contract.Column) bool {
		return strings.Contains(col.Pattern, word) || slices.ContainsFunc(col.Values, lists)
	})
}
