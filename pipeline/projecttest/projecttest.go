// Package projecttest makes projects for the tests of what works on them.
package projecttest

import (
	"os"
	"path/filepath"
	"testing"

	"citykpi/pipeline/project"
)

// New is an empty project of Nanjing in a folder of its own.
func New(t *testing.T) *project.Project {
	t.Helper()
	return Open(t, Folder(t))
}

// Folder is where one stands that was not read yet: for what is put in first.
func Folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	Write(t, filepath.Join(dir, project.ConfigFile), "region: \"320100\"\nsince: 2022-09-30\n")
	return dir
}

// Open reads the project in dir.
func Open(t *testing.T, dir string) *project.Project {
	t.Helper()
	p, err := project.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Write writes a file, whose folder need not be there.
func Write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
