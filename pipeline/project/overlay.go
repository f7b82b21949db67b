package project

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
)

// Overlay reads a file from top where it exists there and from base otherwise;
// folders show the files of both. A project's own data/, sql/ and schedules/
// win over the embedded ones this way, file by file. top need not exist.
func Overlay(top, base fs.FS) fs.FS { return overlay{top, base} }

type overlay struct{ top, base fs.FS }

func (o overlay) Open(name string) (fs.File, error) {
	f, err := o.top.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return o.base.Open(name)
	}
	return f, err
}

// Stat opens nothing that its layers can look at without.
func (o overlay) Stat(name string) (fs.FileInfo, error) {
	info, err := fs.Stat(o.top, name)
	if errors.Is(err, fs.ErrNotExist) {
		return fs.Stat(o.base, name)
	}
	return info, err
}

func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	own, err := fs.ReadDir(o.top, name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	shipped, baseErr := fs.ReadDir(o.base, name)
	if err != nil && baseErr != nil {
		return nil, baseErr
	}
	all := slices.Concat(own, shipped) // own first: Compact keeps the first of a name
	slices.SortStableFunc(all, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return slices.CompactFunc(all, func(a, b fs.DirEntry) bool { return a.Name() == b.Name() }), nil
}
