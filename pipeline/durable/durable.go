// Package durable writes and reads citykpi's own files: whole or not at all, on the disk before anybody is
// told, and for nobody's eyes but the owner's. What the disk is to blame for it says so.
package durable

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Step is told of every step that must survive a kill, once it is done. Tests stop
// the process there; otherwise it does nothing.
var Step = func(name string) {}

// What citykpi keeps is for the user it runs as and nobody else: bureaus' files name
// people. These two modes are what a folder or file below var/ is made with; the
// umask may take from them, and a folder that is there already keeps the mode that
// somebody gave it. Only Group opens anything, and only what a release publishes.
const (
	DirMode  fs.FileMode = 0o700
	FileMode fs.FileMode = 0o600
)

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
	if err := os.Mkdir(path, DirMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return Sync(above)
}

// WriteFile replaces path with data, whole or not at all: temp, fsync, rename.
// The file is citykpi's own.
func WriteFile(path string, data []byte) error { return writeFile(path, FileMode, data) }

// WriteOut is WriteFile for a folder that the user named: who may read the file
// is for the umask to say.
func WriteOut(path string, data []byte) error { return writeFile(path, 0o666, data) }

func writeFile(path string, mode fs.FileMode, data []byte) error {
	return replace(path, mode, func(f *os.File) error {
		_, err := f.Write(data)
		return err
	})
}

// Create makes or empties a file of citykpi's own.
func Create(path string) (*os.File, error) { return OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC) }

// OpenFile opens a file of citykpi's own, which it may make.
func OpenFile(path string, flag int) (*os.File, error) { return os.OpenFile(path, flag, FileMode) }

// Narrow takes a file that somebody else made, such as one from the inbox, from the
// others; where it is not this user's to change, its folder keeps it.
func Narrow(path string) error {
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() || info.Mode().Perm()&0o077 == 0 {
		return err
	}
	if err := os.Chmod(path, info.Mode().Perm()&^0o077); err != nil && !errors.Is(err, syscall.EPERM) {
		return err
	}
	return nil
}

// OpenRegular opens a file that must be one, without following a link or waiting for a pipe.
func OpenRegular(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if errors.Is(err, syscall.ELOOP) {
		return nil, &fs.PathError{Op: "open", Path: path, Err: errors.New("a symbolic link, not the file itself")}
	}
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: path, Err: errors.New("no regular file")}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// ReadRegular reads a file of at most so many bytes, as OpenRegular opens it.
func ReadRegular(path string, limit int64) ([]byte, error) {
	f, err := OpenRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() > limit {
		return nil, &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("larger than %d MB", limit>>20)}
	}
	text := make([]byte, info.Size())
	_, err = io.ReadFull(f, text) // of one that became shorter meanwhile an error
	return text, err
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

// Move gives a file another folder. An inbox may be a disk of its own, such as a
// share that bureaus write to: then the file is copied, and goes once the copy is whole.
func Move(from, to string) error {
	err := os.Rename(from, to)
	if err == nil {
		return Sync(filepath.Dir(to))
	}
	if !errors.Is(err, syscall.EXDEV) {
		return err
	}
	if err := Copy(from, to); err != nil {
		return err
	}
	return os.Remove(from)
}

// Copy makes to a durable copy of the file from.
func Copy(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := replace(to, FileMode, func(f *os.File) error {
		_, err := io.Copy(f, in)
		return err
	}); err != nil {
		return fmt.Errorf("copy to %s: %w", to, err)
	}
	return nil
}
