package modeltest_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline/project"
	models "citykpi/sql"
	"citykpi/sql/modeltest"
)

// clock is the time every test works at.
var clock = time.Date(2026, 10, 16, 2, 30, 0, 0, time.FixedZone("CST", 8*3600))

// newProject is one that defines nothing of its own, and uses one document of another city than most cases are of.
func newProject(t *testing.T) *project.Project {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, project.ConfigFile), []byte("region: \"320600\"\ndocuments: [NT]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	p, err := project.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func find(t *testing.T, p *project.Project) []modeltest.Case {
	t.Helper()
	cases, err := modeltest.Find(p)
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

// What is shipped holds in every project, also where other bureaus than Nanjing's file.
func TestShippedCases(t *testing.T) {
	p := newProject(t)
	r := modeltest.NewRunner(p, t.TempDir(), clock)
	for _, c := range find(t, p) {
		t.Run(strings.TrimSuffix(strings.TrimPrefix(c.File, "sql/"), project.CaseFile), func(t *testing.T) {
			t.Parallel()
			res, err := r.Run(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range res.Differences {
				t.Errorf("%s:%d: %s", c.File, d.Line, d)
			}
		})
	}
}

func TestEveryKPIModelHasACase(t *testing.T) {
	p := newProject(t)
	for _, model := range modeltest.Without(p, find(t, p)) {
		t.Errorf("no case expects a figure of %s: write sql/%s%s, see sql/TESTING.md",
			model, strings.ReplaceAll(model, ".", "/"), project.CaseFile)
	}
}

// The example of the page that documents the format holds, and every key of the format is on that page.
func TestExample(t *testing.T) {
	page, err := fs.ReadFile(models.FS, "TESTING.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(page), "```yaml\n")
	text, _, _ = strings.Cut(text, "```\n")
	c, err := modeltest.Parse("sql/TESTING.md", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	res, err := modeltest.NewRunner(newProject(t), t.TempDir(), clock).Run(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range res.Differences {
		t.Errorf("sql/TESTING.md: %s", d)
	}
	for _, key := range []string{"case", "region", "as_of", "files", "adds", "expect.values", "expect.rejects", "expect.refused"} {
		if !strings.Contains(string(page), "\n| `"+key+"` |") {
			t.Errorf("sql/TESTING.md does not say what %s is", key)
		}
	}
}
