package pipeline

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"citykpi/pipeline/durable"
	"citykpi/pipeline/project"
	"citykpi/pipeline/source/personal"
)

// MakeKey makes the key that persons are masked with, once for the life of a project.
// Under another key all persons would be others: that a key is missing beside a
// release which was made with one is an error.
func MakeKey(p *project.Project) error {
	path := p.Var(personal.KeyFile)
	info, err := os.Lstat(path)
	switch {
	case err == nil && info.Size() > 0:
		if info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
			if err := os.Chmod(path, 0o600); err != nil {
				return fmt.Errorf("others can read %s: %w", path, err)
			}
		}
		return p.ReadKey()
	case err == nil: // emptied by hand, to begin anew
	case !errors.Is(err, fs.ErrNotExist):
		return err
	default:
		if m, err := Releases(p).Current(); err == nil {
			if c, err := readCatalogue(Releases(p).Dir(m.ID)); err == nil && c.Key != "" {
				return fmt.Errorf("%s is missing: release %s masked persons with it. "+
					"Try: restore it from a backup, or make an empty file of that name to mask with a new key, under which "+
					"everybody has another number", path, m.ID)
			}
		}
	}
	var key [32]byte
	rand.Read(key[:]) // never fails
	if err := durable.MakeDir(filepath.Dir(path)); err != nil {
		return err
	}
	if err := durable.WriteFile(path, personal.FormatKey(key)); err != nil {
		return durable.Disk(fmt.Errorf("write %s: %w", path, err))
	}
	return p.ReadKey()
}
