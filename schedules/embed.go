package schedules

import (
	"embed"
	"errors"
	"io/fs"
)

// FS holds the jobs every installation starts with: one YAML file each.
//
//go:embed *.yaml
var FS embed.FS

// Overlay shows the job files of top and, where top has no file of that name,
// those of base: a project's own schedules/ wins file by file. A nil top, or
// one whose folder does not exist, leaves base as it is.
func Overlay(top, base fs.FS) fs.FS {
	if top == nil {
		return base
	}
	return overlay{top, base}
}

type overlay struct{ top, base fs.FS }

func (o overlay) Open(name string) (fs.File, error) {
	if name != "." { // a folder's own listing is ReadDir's work
		if f, err := o.top.Open(name); err == nil || !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
	}
	return o.base.Open(name)
}

func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	own, err := fs.ReadDir(o.top, name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	shipped, err := fs.ReadDir(o.base, name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	taken := map[string]bool{}
	for _, e := range own {
		taken[e.Name()] = true
	}
	for _, e := range shipped {
		if !taken[e.Name()] {
			own = append(own, e)
		}
	}
	return own, nil
}
