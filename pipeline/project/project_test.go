package project_test

import (
	"os"
	"path/filepath"
	"testing"

	"citykpi/pipeline/project"
)

// newProject is an empty project in a folder of its own.
func newProject(t *testing.T) *project.Project {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, project.ConfigFile), "region: \"320100\"\nsince: 2022-09-30\n")
	return reopen(t, dir)
}

func reopen(t *testing.T, dir string) *project.Project {
	t.Helper()
	p, err := project.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
