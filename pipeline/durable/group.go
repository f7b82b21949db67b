package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// Group is the group of the system that may read what is published; the zero value is nobody.
type Group struct {
	Name string
	id   int
}

// FindGroup looks a group up by name; "" is nobody.
func FindGroup(name string) (Group, error) {
	if name == "" {
		return Group{}, nil
	}
	g, err := user.LookupGroup(name)
	if err != nil {
		return Group{}, fmt.Errorf("site_group %s: this machine has no such group. Try: getent group, then correct citykpi.yml", name)
	}
	id, err := strconv.Atoi(g.Gid)
	if err != nil || id <= 0 {
		return Group{}, fmt.Errorf("site_group %s: group number %s is not for sharing. Try: a group of the web server's own", name, g.Gid)
	}
	return Group{name, id}, nil
}

// Pass lets the group go through a folder without seeing what else lies there.
func (g Group) Pass(dir string) error { return g.give(dir, 0o010) }

// Read lets the group read a file, or a folder and everything below it.
func (g Group) Read(path string) error {
	return filepath.WalkDir(path, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir():
			return g.give(path, 0o050)
		case e.Type().IsRegular():
			return g.give(path, 0o040)
		}
		return nil
	})
}

// WriteFile is WriteFile of a file that the group reads: it is never there closed.
func (g Group) WriteFile(path string, data []byte) error {
	return replace(path, FileMode, func(f *os.File) error {
		if err := g.give(f.Name(), 0o040); err != nil {
			return err
		}
		_, err := f.Write(data)
		return err
	})
}

// Passes reports whether the group can go through a folder already.
func (g Group) Passes(dir string) bool {
	info, err := os.Stat(dir)
	return err == nil && g.has(info, 0o010)
}

func (g Group) has(info fs.FileInfo, bits fs.FileMode) bool {
	has, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(has.Gid) == g.id && info.Mode().Perm()&bits == bits
}

// give hands a path to the group with the bits added. What has them already is left alone.
func (g Group) give(path string, bits fs.FileMode) error {
	info, err := os.Lstat(path)
	if err != nil || g == (Group{}) {
		return err
	}
	if g.has(info, bits) {
		return nil
	}
	mode := info.Mode().Perm()
	if !g.has(info, 0) {
		mode &^= 0o070 // was meant for the group it had
	}
	if err := os.Lchown(path, -1, g.id); err != nil {
		if errors.Is(err, syscall.EPERM) {
			return fmt.Errorf("site_group %s: this user may not give it %s. "+
				"Try: usermod -aG %s the user citykpi runs as, then log in anew", g.Name, path, g.Name)
		}
		return err
	}
	return os.Chmod(path, mode|bits)
}
