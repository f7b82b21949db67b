package models

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"
)

// Which day or year a policy names is said in data/policies, where an office reads it, not in SQL. What stands here
// belongs to no document of the installation.
var datesThatMayStand = map[string]string{
	"9999-12-31":                "the end of what has none",
	"kpi/software_revenue 2025": "the year is the variant's own name, which the policy file chooses; the SQL has none",
}

var yearIn = regexp.MustCompile(`\b(?:19|20)\d\d\b(?:-\d\d-\d\d)?|\b9999-12-31\b`)

func TestNoModelKnowsAPolicyDate(t *testing.T) {
	used := map[string]bool{}
	for _, layer := range []string{"staging", "core", "kpi", "mart", "checks", "page"} {
		files, err := fs.Glob(FS, layer+"/*")
		if err != nil || len(files) == 0 {
			t.Fatal(layer, err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, ".test.yaml") {
				continue // rows of bureaus have dates
			}
			text, err := fs.ReadFile(FS, f)
			if err != nil {
				t.Fatal(err)
			}
			model := strings.TrimSuffix(f, path.Ext(f))
			for i, line := range strings.Split(string(text), "\n") {
				if path.Ext(f) == ".sql" {
					line, _, _ = strings.Cut(line, "--")
				}
				for _, date := range yearIn.FindAllString(line, -1) {
					var may bool
					for _, key := range []string{date, model, model + " " + date} {
						if _, ok := datesThatMayStand[key]; ok {
							may, used[key] = true, true
						}
					}
					if !may {
						t.Errorf("sql/%s:%d: %s is a policy's: take it from data/policies (core.document, core.counted_from)", f, i+1, date)
					}
				}
			}
		}
	}
	for key, why := range datesThatMayStand {
		if !used[key] {
			t.Errorf("no model has %s, %s", key, why)
		}
	}
}
