package pipeline

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"citykpi/pipeline/project"
)

// What is expected of figures, and what is said about that, changes none: no release is made for it.
func TestCasesDefineNothing(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put("sql/README.md", "a page\n")
	p := &project.Project{Dir: dir, Data: fstest.MapFS{}, SQL: os.DirFS(filepath.Join(dir, "sql"))}
	print := func() string {
		t.Helper()
		s, err := fingerprint(p, given{}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	before := print()
	put("sql/kpi/activity.test.yaml", "case: another\n")
	put("sql/kpi/activity.more.test.yaml", "case: one more\n")
	put("sql/TESTING.md", "another page\n")
	if print() != before {
		t.Error("a case makes another release")
	}
	put("sql/kpi/activity.yml", "model: kpi.activity\n")
	if print() == before {
		t.Error("another model makes none")
	}
}
