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

// privateDir is a folder of var that only its owner can enter, however much of var is
// opened to others: whoever can open a file may lock it, and keep every run out.
const privateDir = "private"

// PrivateDir is the folder below a project's var where what others must not even open is kept.
func PrivateDir(varDir string) (string, error) {
	dir := filepath.Join(varDir, privateDir)
	if err := MakeDir(varDir); err != nil {
		return "", err
	}
	if err := os.Mkdir(dir, DirMode); err != nil && !errors.Is(err, fs.ErrExist) {
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
		if err := os.Chmod(dir, DirMode); err != nil {
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
	return fmt.Errorf("%s belongs to %s, who could not read what %s makes there. "+
		"Try: the same command as that user (sudo -u %s citykpi …)", varDir, name, UserName(made), name)
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
