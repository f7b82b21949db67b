package release

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"citykpi/pipeline/durable"
)

// prunedStart begins the name of a release that is being deleted: it is none any more, and
// whoever comes after a kill deletes the rest.
const prunedStart = ".pruned-"

// ErrKept is returned by Prune for a release that serves or is pinned.
var ErrKept = errors.New("the release serves or is pinned")

// Prunable lists the releases beyond the newest keep, oldest first, that nothing refers to: not
// one that serves or is pinned, not the one before it, not what the caller names. One whose
// manifest cannot be read is left for a person to look at.
func (s Store) Prunable(keep int, named ...string) ([]string, error) {
	ids, err := s.IDs()
	if err != nil || len(ids) <= keep {
		return nil, err
	}
	all, _, err := s.List()
	if err != nil || len(all) <= keep {
		return nil, err
	}
	current, err := s.Current()
	if err != nil {
		return nil, fmt.Errorf("prune releases: %w", err) // what must not go is not known
	}
	keepers := append([]string{current.ID}, named...)
	at := slices.IndexFunc(all, func(m Manifest) bool { return m.ID == current.ID })
	for _, m := range all[at+1:] {
		if at >= 0 && !m.Beside {
			keepers = append(keepers, m.ID)
			break
		}
	}
	var old []string
	for _, m := range all[keep:] {
		if !slices.Contains(keepers, m.ID) {
			old = append(old, m.ID)
		}
	}
	slices.Reverse(old)
	return old, nil
}

// Prune deletes one release, whole: it loses its name first. Only the holder of the run lock
// may call it. Errors: ErrKept, ErrUnknown.
func (s Store) Prune(id string) error {
	current, err := s.Current()
	if err != nil && !errors.Is(err, ErrNone) {
		return fmt.Errorf("prune release %s: %w", id, err)
	}
	if id == current.ID {
		return fmt.Errorf("prune release %s: %w", id, ErrKept)
	}
	if _, err := s.Get(id); err != nil {
		return fmt.Errorf("prune: %w", err)
	}
	dead := filepath.Join(s.root, prunedStart+id)
	if err := os.RemoveAll(dead); err != nil { // an earlier one of that name, half deleted
		return fmt.Errorf("prune release %s: %w", id, err)
	}
	if err := os.Rename(s.Dir(id), dead); err != nil {
		return fmt.Errorf("prune release %s: %w", id, err)
	}
	if err := durable.Sync(s.root); err != nil {
		return fmt.Errorf("prune release %s: %w", id, err)
	}
	durable.Step("release pruned")
	if err := os.RemoveAll(dead); err != nil {
		return fmt.Errorf("prune release %s: %w", id, err)
	}
	return nil
}
