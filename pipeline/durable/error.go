package durable

import (
	"errors"
	"strings"
	"syscall"
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
