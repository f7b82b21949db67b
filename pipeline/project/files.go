package project

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// folder is a folder of the project as what is read of it: regular files of the size that
// files of their kind have. A pipe is not waited for, and a device is not read for ever. A link
// to a file is followed within the folder only: what is wrong with a file is told in its words,
// and those of other files are not for whoever may write a link here.
type folder string

// mostBytes is what a file may have, by the ending of its name.
var mostBytes = map[string]int64{".yaml": 1 << 20, ".yml": 1 << 20, ".sql": 1 << 20, ".txt": 4 << 20, ".geojson": mapBytes + 1}

const mostOfOthers = 64 << 20

// Files are those of one folder of the project, over what is shipped.
func (p *Project) Files(name string, shipped fs.FS) fs.FS {
	return Overlay(folder(filepath.Join(p.Dir, name)), shipped)
}

func (f folder) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	file, err := f.open(filepath.Join(string(f), filepath.FromSlash(name)))
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return nil, err
	}
	if info.IsDir() {
		return file, nil
	}
	most, known := mostBytes[path.Ext(name)]
	if !known {
		most = mostOfOthers
	}
	switch {
	case !info.Mode().IsRegular():
		err = fmt.Errorf("%s: not a regular file. Try: put the file itself there", file.Name())
	case info.Size() > most:
		err = fmt.Errorf("%s: %d bytes, a file of its kind has at most %d. Try: split it, or take it away", file.Name(), info.Size(), most)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return bounded{file, io.LimitReader(file, most)}, nil
}

// open follows a link of a folder, and one of a file where that lies below the folder.
func (f folder) open(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOFOLLOW, 0)
	if !errors.Is(err, syscall.ELOOP) {
		return file, err
	}
	to, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, err
	}
	top, err := filepath.EvalSymlinks(string(f))
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(to); err != nil || !info.IsDir() && !strings.HasPrefix(to, top+string(filepath.Separator)) {
		return nil, cmp.Or(err, fmt.Errorf("%s: a link to elsewhere, which is not followed. Try: put the file itself there", path))
	}
	return os.OpenFile(to, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOFOLLOW, 0)
}

// bounded ends where the file's size must have, whatever the file says later.
type bounded struct {
	fs.File
	from io.Reader
}

func (b bounded) Read(p []byte) (int, error) { return b.from.Read(p) }

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
