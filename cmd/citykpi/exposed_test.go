package main

import (
	"os"
	"path/filepath"
	"testing"
)

// What says how figures are computed is changed by nobody else, where others can come as far.
func TestWhatOthersMayChange(t *testing.T) {
	above := t.TempDir()
	project := filepath.Join(above, "city")
	if err := os.MkdirAll(filepath.Join(project, "sql", "core"), 0o755); err != nil {
		t.Fatal(err)
	}
	model := filepath.Join(project, "sql", "core", "x.sql")
	if err := os.WriteFile(model, []byte("select 1"), 0o644); err != nil {
		t.Fatal(err)
	}
	modes := func(modes map[string]os.FileMode) {
		t.Helper()
		for path, mode := range modes {
			if err := os.Chmod(path, mode); err != nil {
				t.Fatal(err)
			}
		}
	}
	look := func(want string) {
		t.Helper()
		got, err := changeable(project)
		if err != nil || got.String() != want {
			t.Errorf("%q, %v; want %q", got.String(), err, want)
		}
	}
	modes(map[string]os.FileMode{filepath.Dir(above): 0o755, above: 0o755})
	look("")
	modes(map[string]os.FileMode{model: 0o646})
	look("others can change 1 files: sql/core/x.sql")
	modes(map[string]os.FileMode{filepath.Join(project, "sql"): 0o757})
	look("others can change 2 files: sql, sql/core/x.sql")
	modes(map[string]os.FileMode{above: 0o750}) // where nobody comes, nobody changes
	look("")
}
