package pipeline_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"citykpi/pipeline/projecttest"
)

// Rows whose enterprise a model looks up are resolved by core.enterprise_match: a model
// that looks up another source has to add it to staging.enterprise_naming.
func TestUnmatchedHasEverySourceLookedUp(t *testing.T) {
	told := map[string]string{ // read beside the registry, but not looked up, or told elsewhere
		"lake.consortium_subsidy":  "paid to consortia, by their list",
		"lake.enterprise_registry": "is the registry", "lake.large_industry": "a list by code, counted as it is",
		"lake.university_spinoff": "counted by its university",
		"lake.park_five_one":      "names parks", "lake.new_track": "names tracks and parks",
	}
	p := projecttest.New(t)
	mentions, ok := p.Models.Find("staging.enterprise_naming")
	if !ok {
		t.Fatal("no staging.enterprise_naming")
	}
	var waits []string
	for _, r := range mentions.Refs {
		waits = append(waits, r.Table)
	}
	looked := 0
	for _, m := range p.Models {
		var sources []string
		byKey := false
		for _, r := range m.Refs {
			byKey = byKey || r.Table == "core.enterprise_match"
			if strings.HasPrefix(r.Table, "lake.") {
				sources = append(sources, r.Table)
			}
		}
		if !byKey || m.Name == mentions.Name {
			continue
		}
		for _, s := range sources {
			looked++
			if told[s] == "" && !slices.Contains(waits, s) {
				t.Errorf("sql/%s looks %s up in core.enterprise_match, and sql/staging/enterprise_naming.sql does not have it", m.File, s)
			}
		}
	}
	if looked < 8 {
		t.Errorf("only %d sources are looked up", looked)
	}
}

// By what names are compared is said once: what two files spell differently would not meet.
func TestNamesAreComparedAlike(t *testing.T) {
	spelling := regexp.MustCompile(`upper\(replace\(replace\(replace\(name, '（', ''\), '）', ''\), '有限责任公司', '有限公司'\)\)`)
	var found []string
	for _, m := range projecttest.New(t).Models {
		rest := spelling.ReplaceAllString(m.SQL, "")
		if rest != m.SQL {
			found = append(found, m.Name)
		}
		for line := range strings.Lines(rest) {
			if code, _, _ := strings.Cut(line, "--"); strings.Contains(code, "有限责任公司") {
				t.Errorf("sql/%s compares names in another way: %s", m.File, strings.TrimSpace(line))
			}
		}
	}
	slices.Sort(found)
	if want := []string{"staging.name_key"}; !slices.Equal(found, want) {
		t.Errorf("names are compared in %q, want %q", found, want)
	}
}
