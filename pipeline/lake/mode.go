package lake

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

// What citykpi keeps is for the user it runs as and nobody else: bureaus' files name
// people. These two modes are what a folder or file below var/ is made with; the
// umask may take from them, and a folder that is there already keeps the mode that
// somebody gave it. Only Group opens anything, and only what a release publishes.
const (
	dirMode  fs.FileMode = 0o700
	fileMode fs.FileMode = 0o600
)

// privateDir is a folder of var that only its owner can enter, however much of var is
// opened to others: whoever can open a file may lock it, and keep every run out.
const privateDir = "private"

// PrivateDir is the folder below a project's var where what others must not even open is kept.
func PrivateDir(varDir string) (string, error) {
	dir := filepath.Join(varDir, privateDir)
	if err := MakeDir(varDir); err != nil {
		return "", err
	}
	if err := os.Mkdir(dir, dirMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return "", err
	}
	if !info.IsDir() {
		return "", fmt.Errorf("%s is not a folder. Try: move it away", dir)
	}
	if info.Mode().Perm()&0o077 != 0 {
		if err := os.Chmod(dir, dirMode); err != nil {
			return "", fmt.Errorf("%w. Try: chmod 700 %s, as its owner", err, dir)
		}
	}
	return dir, nil
}

// SameOwner reports an error where what this process makes below var would belong to somebody else
// than var does: an operator who runs a command as root shuts the user citykpi runs as out of the lake.
// What the disk says of a new file counts, as a share may give all files to one user.
func SameOwner(varDir string) error {
	owner, err := ownerOf(os.Stat(varDir))
	if errors.Is(err, fs.ErrNotExist) || err == nil && owner == os.Geteuid() {
		return nil
	}
	if err != nil {
		return err
	}
	probe, err := os.CreateTemp(varDir, ".owner-")
	if err != nil {
		return err
	}
	defer os.Remove(probe.Name())
	defer probe.Close()
	made, err := ownerOf(probe.Stat())
	if err != nil || made == owner {
		return err
	}
	name := UserName(owner)
	return fmt.Errorf("%s belongs to %s, who could not read what %s makes there. Try: the same command as that user (sudo -u %s citykpi …)", varDir, name, UserName(made), name)
}

func ownerOf(info fs.FileInfo, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, fmt.Errorf("who owns %s is not known", info.Name())
	}
	return int(stat.Uid), nil
}

// UserName is what a user is called, #1000 of one without a name.
func UserName(id int) string {
	if u, err := user.LookupId(strconv.Itoa(id)); err == nil {
		return u.Username
	}
	return "#" + strconv.Itoa(id) // as sudo takes it
}

// Create makes or empties a file of citykpi's own.
func Create(path string) (*os.File, error) { return OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC) }

// OpenFile opens a file of citykpi's own, which it may make.
func OpenFile(path string, flag int) (*os.File, error) { return os.OpenFile(path, flag, fileMode) }

// narrow takes a file that somebody else made, such as one from the inbox, from the
// others; where it is not this user's to change, its folder keeps it.
func narrow(path string) error {
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() || info.Mode().Perm()&0o077 == 0 {
		return err
	}
	if err := os.Chmod(path, info.Mode().Perm()&^0o077); err != nil && !errors.Is(err, syscall.EPERM) {
		return err
	}
	return nil
}

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
	return replace(path, fileMode, func(f *os.File) error {
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
			return fmt.Errorf("site_group %s: this user may not give it %s. Try: usermod -aG %s the user citykpi runs as, then log in anew", g.Name, path, g.Name)
		}
		return err
	}
	return os.Chmod(path, mode|bits)
}
