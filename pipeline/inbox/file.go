package inbox

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"citykpi/pipeline/durable"

	"golang.org/x/sys/unix"
)

// File is an export that is read: claimed from the inbox, or named on the command line, where it stays.
type File struct {
	Name string // below the inbox, with slashes; of a file that lies elsewhere its base name
	Path string // where it lies now

	box *Inbox // nil: it is no claim
	id  identity
}

// ErrReplaced means that a file is not, or no longer, what was looked at first.
var ErrReplaced = errors.New("the file was replaced or written to while it was read")

// Outside is a file that lies elsewhere. It is read where it is.
func Outside(path string) (*File, error) {
	c := &File{Name: filepath.Base(path), Path: path}
	f, err := c.open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if c.id, err = stat(f); err != nil {
		return nil, err
	}
	if c.id.folder() {
		return nil, fmt.Errorf("%s: it is a folder. Try: name the files in it", path)
	}
	if !c.id.regular() {
		return nil, fmt.Errorf("%s: not a regular file. Try: write it to a file, and name that", path)
	}
	return c, nil
}

// Claimed reports that the file was taken out of the inbox, and must be kept or given back.
func (c *File) Claimed() bool { return c.box != nil }

// Open opens the file to be read. ErrReplaced if it is not the one that was claimed.
func (c *File) Open() (*os.File, error) {
	f, err := c.open()
	if err != nil {
		return nil, err
	}
	now, err := stat(f)
	if err == nil && !now.sameBytes(c.id) {
		err = c.replaced()
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func (c *File) open() (*os.File, error) {
	flags := unix.O_RDONLY | unix.O_NONBLOCK | unix.O_CLOEXEC
	if c.box != nil {
		flags |= unix.O_NOFOLLOW
	}
	f, err := os.OpenFile(c.Path, flags, 0)
	if err != nil {
		return nil, fmt.Errorf("open export: %w", err)
	}
	return f, nil
}

func (c *File) replaced() error {
	return fmt.Errorf("%s: %w. Try: load it again when it is complete", path.Base(c.Name), ErrReplaced)
}

// Unchanged fails with ErrReplaced if the file has not the bytes any more of which sum is the SHA-256: then
// what was read of it may be neither the old nor the new. It is hashed again only where something has happened to it.
func (c *File) Unchanged(sum string) error {
	f, err := c.Open()
	if err != nil {
		return err
	}
	defer f.Close()
	now, err := stat(f)
	if err != nil || now.same(c.id) {
		return err
	}
	again, err := hash(f)
	if err == nil && again != sum {
		err = c.replaced()
	}
	return err
}

func hash(f *os.File) (string, error) {
	h := sha256.New()
	_, err := io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), err
}

// Kept ends a claim whose file has found its place.
func (c *File) Kept() { c.box = nil }

// Sync makes the file's bytes durable.
func (c *File) Sync() error {
	f, err := c.Open()
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// GiveBack puts a claim back where it was, or, where a newer file has come there, beside it: 名单 (2).xlsx. It
// returns the name that it has in the inbox now. What cannot be put back stays claimed, and is taken up by the next run.
func (c *File) GiveBack() (name string, err error) {
	if c.box == nil {
		return c.Name, nil
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("it could not be put back into the inbox (%w) and lies in %s, where the next run takes it up", err, c.Path)
		}
	}()
	to, err := c.box.folderAgain(path.Dir(c.Name))
	if err != nil {
		return c.Name, err
	}
	defer to.Close()
	private, err := os.Open(filepath.Dir(c.Path))
	if err != nil {
		return c.Name, err
	}
	defer private.Close()
	base := filepath.Base(c.Path)
	first := 1
	if newest := c.box.newest[c.Name]; newest != nil && newest != c {
		first = 2
	}
	now, err := giveBack(private, base, to, c.Name, first)
	if errors.Is(err, unix.EXDEV) {
		now, err = c.copyBack(private, to, first)
	}
	if err != nil {
		return c.Name, err
	}
	c.box, c.Name = nil, now
	durable.Step("given back")
	return now, nil
}

// folderAgain opens a folder of the inbox, which is made anew if somebody has removed it.
func (b *Inbox) folderAgain(below string) (*os.File, error) {
	dir, err := b.folder(below)
	if !errors.Is(err, fs.ErrNotExist) {
		return dir, err
	}
	if err := durable.MakeDir(filepath.Join(b.dir, filepath.FromSlash(below))); err != nil {
		return nil, err
	}
	return b.folder(below)
}

// maxSame is how many files of one name there may be in the inbox.
const maxSame = 1000

// giveBack renames a file out of a private folder to the first of its names in the inbox that is free, from the n-th on.
func giveBack(private *os.File, base string, to *os.File, name string, n int) (string, error) {
	for ; ; n++ {
		again := nameAgain(path.Base(name), n)
		err := handOut(private, base, to, again)
		if err == nil {
			return path.Join(path.Dir(name), again), nil
		}
		if !errors.Is(err, fs.ErrExist) || n == maxSame {
			return name, err
		}
	}
}

// nameAgain is the n-th name of a file: 名单.xlsx, 名单 (2).xlsx.
func nameAgain(name string, n int) string {
	if n == 1 {
		return name
	}
	end := path.Ext(name)
	if len(end) > 16 || end == name {
		end = ""
	}
	return durable.FileName(name[:len(name)-len(end)], fmt.Sprintf(" (%d)%s", n, end))
}

// copyBack is giveBack to another disk.
func (c *File) copyBack(private, to *os.File, first int) (string, error) {
	f, err := c.Open()
	if err != nil {
		return "", err
	}
	defer f.Close()
	fd, err := unix.Openat(int(to.Fd()), returning, unix.O_RDWR|unix.O_CREAT|unix.O_TRUNC|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return "", &fs.PathError{Op: "create", Path: filepath.Join(to.Name(), returning), Err: err}
	}
	out := os.NewFile(uintptr(fd), filepath.Join(to.Name(), returning))
	defer out.Close()
	if err := copyWhole(out, f, c.id); err != nil {
		unix.Unlinkat(int(to.Fd()), returning, 0)
		return "", err
	}
	now, err := giveBack(to, returning, to, c.Name, first)
	if err == nil {
		err = to.Sync()
	}
	if err != nil {
		return "", err
	}
	return now, os.Remove(c.Path)
}

// unpark puts back what a run that died was copying from a folder on another disk, unless the copy is whole.
func (b *Inbox) unpark(to *os.File, below string, left []*Entry) error {
	park, err := openFolder(to, parked)
	if err != nil {
		return err
	}
	defer park.Close()
	names, err := park.Readdirnames(-1)
	if err != nil {
		return err
	}
	for _, base := range names {
		name := path.Join(below, base)
		if b.copied(park, base, name, left) {
			err = unix.Unlinkat(int(park.Fd()), base, 0)
		} else {
			_, err = giveBack(park, base, to, name, 1)
		}
		if err != nil {
			return err
		}
	}
	unix.Unlinkat(int(to.Fd()), parked, unix.AT_REMOVEDIR)
	return nil
}

// copied reports that a claim that was left has the bytes of a parked file.
func (b *Inbox) copied(park *os.File, base, name string, left []*Entry) bool {
	f, err := openAt(park, base, 0)
	if err != nil {
		return false
	}
	defer f.Close()
	id, err := stat(f)
	if err != nil || !id.regular() {
		return false
	}
	for _, e := range left {
		if e.Name != name || e.seen.size != id.size {
			continue
		}
		g, err := os.Open(filepath.Join(b.claimed, e.left, filepath.FromSlash(name)))
		if err != nil {
			continue
		}
		same := sameContent(f, g, id.size)
		g.Close()
		if same {
			return true
		}
	}
	return false
}

func sameContent(f, g io.ReaderAt, size int64) bool {
	var sums [2][]byte
	for i, r := range []io.ReaderAt{f, g} {
		h := sha256.New()
		if _, err := io.Copy(h, io.NewSectionReader(r, 0, size)); err != nil {
			return false
		}
		sums[i] = h.Sum(nil)
	}
	return bytes.Equal(sums[0], sums[1])
}

// Put gives a file that the program has written beside it a name in the inbox, and returns the name: another
// one where a bureau's file stands there.
func (b *Inbox) Put(from, name string) (string, error) {
	to, err := b.folderAgain(path.Dir(name))
	if err != nil {
		return "", err
	}
	defer to.Close()
	dir, err := os.Open(filepath.Dir(from))
	if err != nil {
		return "", err
	}
	defer dir.Close()
	now, err := giveBack(dir, filepath.Base(from), to, name, 1)
	if err == nil {
		err = to.Sync()
	}
	return now, err
}

// Discard deletes a file of the inbox if it still has these bytes; what has come in its place stays.
func (b *Inbox) Discard(name, sum string) error {
	c, err := b.ClaimOwn(name)
	var waiting *Waiting
	switch {
	case errors.Is(err, ErrGone), errors.Is(err, fs.ErrNotExist), errors.As(err, &waiting):
		return nil
	case err != nil:
		return err
	}
	f, err := c.Open()
	if err != nil {
		return c.released(err)
	}
	defer f.Close()
	if has, err := hash(f); err != nil || has != sum {
		return c.released(err)
	}
	return os.Remove(c.Path)
}
