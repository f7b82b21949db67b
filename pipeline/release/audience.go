package release

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"citykpi/pipeline/durable"
)

// ServedTo is the store with a group of the system, "" for none, that may read the site
// and the reports of the release that serves, such as the web server's. The database
// and the catalogue, which hold every fact, stay closed to it.
func (s Store) ServedTo(group string) Store {
	s.group = group
	return s
}

// Admit lets the group read a release. Of one that is open to it already it only looks at the folder.
func (s Store) Admit(id string) error {
	if s.group == "" {
		return nil
	}
	g, err := durable.FindGroup(s.group)
	if err != nil {
		return err
	}
	dir := s.Dir(id)
	if !g.Passes(dir) {
		for _, part := range []string{SiteDir, ReportDir} {
			if err := g.Read(filepath.Join(dir, part)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("open release %s to %s: %w", id, s.group, err)
			}
		}
	}
	for _, on := range []string{filepath.Dir(s.root), s.root, dir} { // the release's own last: it says that all is open
		if err := g.Pass(on); err != nil {
			return fmt.Errorf("open release %s to %s: %w", id, s.group, err)
		}
	}
	if err := g.Read(s.pointer); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("open release %s to %s: %w", id, s.group, err)
	}
	return nil
}
