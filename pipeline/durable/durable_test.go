package durable

import (
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

func mode(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

// What is made is closed; what was there keeps the mode that somebody gave it.
func TestModes(t *testing.T) {
	shared := filepath.Join(t.TempDir(), "shared")
	if err := os.Mkdir(shared, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(shared, 0o775); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(shared, "a", "b")
	file := filepath.Join(dir, "f")
	for range 2 {
		if err := MakeDir(dir); err != nil {
			t.Fatal(err)
		}
		if err := WriteFile(file, []byte("x")); err != nil {
			t.Fatal(err)
		}
		if s, d, f := mode(t, shared), mode(t, dir), mode(t, file); s != 0o775 || d != 0o700 || f != 0o600 {
			t.Errorf("modes are %o, %o and %o, want 775, 700 and 600", s, d, f)
		}
	}
	if err := os.Chmod(file, 0o664); err != nil {
		t.Fatal(err)
	}
	if err := Narrow(file); err != nil || mode(t, file) != 0o600 {
		t.Errorf("narrowed to %o (%v), want 600", mode(t, file), err)
	}
}

// A group reads what it is given and passes where it must, and others nothing.
func TestGroup(t *testing.T) {
	if _, err := FindGroup("no such group"); err == nil {
		t.Error("a group that does not exist was found")
	}
	if _, err := FindGroup("root"); err == nil {
		t.Error("root's group is not for sharing")
	}
	id := 1 // daemon, which root may give a file to
	if os.Getuid() != 0 {
		id = os.Getgid()
	}
	g := Group{strconv.Itoa(id), id}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	site := filepath.Join(dir, "site")
	if err := MakeDir(site); err != nil {
		t.Fatal(err)
	}
	page := filepath.Join(site, "index.html")
	if err := WriteFile(page, nil); err != nil {
		t.Fatal(err)
	}
	if g.Passes(dir) {
		t.Error("the group passes a closed folder")
	}
	for range 2 {
		if err := g.Read(site); err != nil {
			t.Fatal(err)
		}
		if err := g.Pass(dir); err != nil {
			t.Fatal(err)
		}
		if err := g.WriteFile(filepath.Join(dir, "CURRENT"), []byte("x\n")); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]fs.FileMode{dir: 0o710, site: 0o750, page: 0o640, filepath.Join(dir, "CURRENT"): 0o640} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want || int(info.Sys().(*syscall.Stat_t).Gid) != id {
			t.Errorf("%s is %o of group %d, want %o of %d", path, got, info.Sys().(*syscall.Stat_t).Gid, want, id)
		}
	}
	if !g.Passes(dir) {
		t.Error("the group does not pass a folder it was let through")
	}
}
