package inbox

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// identity tells one state of one file from any other. The time of change cannot be set by
// whoever writes a file, as that of modification can.
type identity struct {
	device, inode     uint64
	mode, links       uint32
	size              int64
	modified, changed unix.Timespec
	owner, group      uint32
}

func identityOf(st *unix.Stat_t) identity {
	return identity{device: st.Dev, inode: st.Ino, mode: st.Mode, links: uint32(st.Nlink), size: st.Size,
		modified: st.Mtim, changed: st.Ctim, owner: st.Uid, group: st.Gid}
}

func (i identity) regular() bool { return i.mode&unix.S_IFMT == unix.S_IFREG }
func (i identity) folder() bool  { return i.mode&unix.S_IFMT == unix.S_IFDIR }

// sameBytes reports that both are one file which nobody has written to in between, though it
// may have got another name.
func (i identity) sameBytes(o identity) bool {
	return i.device == o.device && i.inode == o.inode && i.size == o.size && i.modified == o.modified
}

// same reports that nothing at all has happened to the file.
func (i identity) same(o identity) bool { return i.sameBytes(o) && i.changed == o.changed }

// youngest is when the file was last written, or otherwise touched.
func (i identity) youngest() time.Time {
	m, c := time.Unix(i.modified.Unix()), time.Unix(i.changed.Unix())
	if m.After(c) {
		return m
	}
	return c
}

func stat(f *os.File) (identity, error) {
	var st unix.Stat_t
	if err := retry(func() error { return unix.Fstat(int(f.Fd()), &st) }); err != nil {
		return identity{}, &fs.PathError{Op: "stat", Path: f.Name(), Err: err}
	}
	return identityOf(&st), nil
}

// statAt looks at a name in a folder, itself and not what it links to.
func statAt(dir *os.File, name string) (identity, error) {
	var st unix.Stat_t
	if err := retry(func() error { return unix.Fstatat(int(dir.Fd()), name, &st, unix.AT_SYMLINK_NOFOLLOW) }); err != nil {
		return identity{}, &fs.PathError{Op: "stat", Path: filepath.Join(dir.Name(), name), Err: err}
	}
	return identityOf(&st), nil
}

// openAt opens a name in a folder to be read: no link is followed, no pipe waited for.
func openAt(dir *os.File, name string, flags int) (*os.File, error) {
	at := filepath.Join(dir.Name(), name)
	var fd int
	err := retry(func() (err error) {
		fd, err = unix.Openat(int(dir.Fd()), name, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_CLOEXEC|flags, 0)
		return err
	})
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: at, Err: err}
	}
	return os.NewFile(uintptr(fd), at), nil
}

func openFolder(dir *os.File, name string) (*os.File, error) {
	return openAt(dir, name, unix.O_DIRECTORY)
}

func retry(call func() error) error {
	for {
		if err := call(); !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}

// beingWritten reports that somebody has the file open for writing. Linux tells its owner and root, of local
// disks; nobody else learns more than that a file has stopped to change.
func beingWritten(f *os.File) bool {
	_, err := unix.FcntlInt(f.Fd(), unix.F_SETLEASE, unix.F_RDLCK)
	if err == nil {
		unix.FcntlInt(f.Fd(), unix.F_SETLEASE, unix.F_UNLCK)
	}
	return errors.Is(err, unix.EAGAIN)
}

// rename gives a file another place, unless the new name is taken: fs.ErrExist.
func rename(from *os.File, name string, to *os.File, newName string) error {
	err := retry(func() error {
		return unix.Renameat2(int(from.Fd()), name, int(to.Fd()), newName, unix.RENAME_NOREPLACE)
	})
	if err != nil {
		return &os.LinkError{Op: "rename", Old: filepath.Join(from.Name(), name), New: filepath.Join(to.Name(), newName), Err: err}
	}
	return nil
}

// cannotPromise reports that a file system does not know how to rename without replacing.
func cannotPromise(err error) bool { return errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) }

// takeIn renames a file into a private folder, where nobody else makes names.
func takeIn(from *os.File, name string, private *os.File) error {
	err := rename(from, name, private, name)
	if !cannotPromise(err) {
		return err
	}
	if _, err := statAt(private, name); !errors.Is(err, fs.ErrNotExist) {
		return fs.ErrExist
	}
	if err := unix.Renameat(int(from.Fd()), name, int(private.Fd()), name); err != nil {
		return &os.LinkError{Op: "rename", Old: filepath.Join(from.Name(), name), New: filepath.Join(private.Name(), name), Err: err}
	}
	return nil
}

// handOut renames a file out of a private folder, to a name that nobody has.
func handOut(private *os.File, name string, to *os.File, newName string) error {
	err := rename(private, name, to, newName)
	if !cannotPromise(err) {
		return err
	}
	if err := unix.Linkat(int(private.Fd()), name, int(to.Fd()), newName, 0); err != nil {
		return &os.LinkError{Op: "link", Old: filepath.Join(private.Name(), name), New: filepath.Join(to.Name(), newName), Err: err}
	}
	return unix.Unlinkat(int(private.Fd()), name, 0)
}

// reason is what went wrong without the path, which the message names already.
func reason(err error) error {
	var at *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &at):
		return at.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
