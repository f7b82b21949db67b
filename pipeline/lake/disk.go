package lake

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"unicode/utf8"
)

// DiskError is a write, sync or rename of citykpi's own files that failed: no bureau's
// file is to blame, and nothing more is loaded or published until its cause is gone.
type DiskError struct{ Err error }

func (e *DiskError) Error() string {
	return strings.ReplaceAll(e.Err.Error(), "\n", " ") + ". Try: " + e.nextStep()
}

func (e *DiskError) Unwrap() error { return e.Err }

func (e *DiskError) nextStep() string {
	var errno syscall.Errno
	errors.As(e.Err, &errno)
	switch errno {
	case syscall.ENOSPC, syscall.EDQUOT:
		return "make room on that disk, then run again"
	case syscall.EROFS:
		return "mount that folder for writing, then run again"
	case syscall.EACCES, syscall.EPERM:
		return "let the user citykpi runs as write there, then run again"
	}
	return "see whether that disk is full, read-only or failing (df, mount, dmesg), then run again"
}

// Disk makes an error that the disk is to blame for a *DiskError, and hands on any other.
func Disk(err error) error {
	var own *DiskError
	var errno syscall.Errno
	if errors.As(err, &own) || !errors.As(err, &errno) {
		return err
	}
	switch errno {
	case syscall.EIO, syscall.ENOSPC, syscall.EDQUOT, syscall.EROFS, syscall.EACCES, syscall.EPERM:
		return &DiskError{err}
	}
	return err
}

// Sync makes a file or folder durable.
func Sync(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// MakeDir makes a folder of citykpi's own, and those above it, durable, if it is not there yet.
func MakeDir(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil
	}
	above := filepath.Dir(path)
	if above != path {
		if err := MakeDir(above); err != nil {
			return err
		}
	}
	if err := os.Mkdir(path, dirMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return Sync(above)
}

// WriteFile replaces path with data, whole or not at all: temp, fsync, rename.
// The file is citykpi's own.
func WriteFile(path string, data []byte) error { return writeFile(path, fileMode, data) }

// WriteOut is WriteFile for a folder that the user named: who may read the file
// is for the umask to say.
func WriteOut(path string, data []byte) error { return writeFile(path, 0o666, data) }

func writeFile(path string, mode fs.FileMode, data []byte) error {
	return replace(path, mode, func(f *os.File) error {
		_, err := f.Write(data)
		return err
	})
}

const (
	maxName      = 255 // bytes, in every file system that Linux has
	randomDigits = 11  // that replace appends, and the dash before them
)

// FileName is stem+end, or where that is longer than a name may be, the start of stem, letters that are
// a hash of all of it, its last part, which often says a date, and end: so that two long names stay two.
func FileName(stem, end string) string { return shorten(stem, maxName-len(end)) + end }

func shorten(name string, room int) string {
	if len(name) <= room {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	mark := []byte("~~")
	for _, b := range sum[:5] { // no digits: nobody shall take them for a date
		mark = append(mark, 'a'+b>>4, 'a'+b&15)
	}
	mark = append(mark, '~')
	to := len(name) - min(48, room/4)
	for to < len(name) && !utf8.RuneStart(name[to]) {
		to++
	}
	from := max(0, room-len(mark)-(len(name)-to))
	for back := 0; from > 0 && back < utf8.UTFMax && !utf8.RuneStart(name[from]); back++ {
		from--
	}
	return name[:from] + string(mark) + name[to:]
}

// replace writes a file beside path and gives it that name once it is on the disk.
func replace(path string, mode fs.FileMode, write func(*os.File) error) error {
	beside := filepath.Join(filepath.Dir(path), shorten("."+filepath.Base(path), maxName-randomDigits)+"-"+rand.Text()[:randomDigits-1])
	f, err := os.OpenFile(beside, os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close() // of one that failed; what was written is closed below
	if err := write(f); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		if info, is := os.Lstat(path); is == nil && info.IsDir() {
			return fmt.Errorf("%s is a folder, where a file is to be written. Try: move it away", path)
		}
		return err
	}
	return Sync(filepath.Dir(path))
}

// move gives a file another folder. An inbox may be a disk of its own, such as a
// share that bureaus write to: then the file is copied, and goes once the copy is whole.
func move(from, to string) error {
	err := os.Rename(from, to)
	if err == nil {
		return Sync(filepath.Dir(to))
	}
	if !errors.Is(err, syscall.EXDEV) {
		return err
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	err = replace(to, fileMode, func(f *os.File) error {
		_, err := io.Copy(f, in)
		return err
	})
	if err != nil {
		return fmt.Errorf("copy to %s: %w", to, err)
	}
	return os.Remove(from)
}
