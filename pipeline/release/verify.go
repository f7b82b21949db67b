package release

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"citykpi/pipeline/durable"
)

// DamagedError names what of a release is not as it was published. It is an ErrDamaged.
type DamagedError struct {
	ID    string
	Files []string // each with what is wrong with it: site/index.html is missing
}

// filesShown is how many damaged files an error names: a lost folder has a thousand.
const filesShown = 8

func (e *DamagedError) Error() string {
	list := e.Files[:min(filesShown, len(e.Files))]
	s := fmt.Sprintf("release %s: %v: %s", e.ID, ErrDamaged, strings.Join(list, ", "))
	if more := len(e.Files) - len(list); more > 0 {
		s += fmt.Sprintf(" and %d more", more)
	}
	return s
}

func (e *DamagedError) Unwrap() error { return ErrDamaged }

// Standing is what serves, and what is to be known about it.
type Standing struct {
	Serving Manifest // zero if none does, or its manifest cannot be read
	Newest  Manifest // the last one made: that which serves, unless a pin makes it wait
	Pin     *Pin
	Waiting []string // releases made since the pin was set
	Damage  error    // of the one that serves: a *DamagedError or why it cannot be read
}

// Standing looks at the release that serves: whether every file is there with the size it was
// published with and, where one was written to since, with the same bytes. That is cheap
// enough for every run. Errors: ErrPin.
func (s Store) Standing() (Standing, error) {
	var st Standing
	var err error
	if st.Pin, err = s.Pinned(); err != nil {
		return st, err
	}
	current, err := s.Current()
	switch {
	case errors.Is(err, ErrNone):
		return st, nil
	case err != nil:
		st.Damage = err
	default:
		st.Serving, st.Damage = current, s.look(current, st.Pin)
	}
	st.Newest = st.Serving
	if st.Pin == nil {
		return st, nil
	}
	ids, err := s.IDs()
	if err != nil {
		return st, err
	}
	for _, id := range ids {
		if !st.Pin.Waits(id) {
			continue
		}
		if m, err := s.Get(id); err == nil && !m.Beside {
			st.Waiting = append(st.Waiting, id)
			if !m.CreatedAt.Before(st.Newest.CreatedAt) {
				st.Newest = m
			}
		}
	}
	return st, nil
}

// NextGood is the newest release but one that looks whole, "" if none does.
func (s Store) NextGood(but string) string {
	pin, _ := s.Pinned() // what cannot be read is said elsewhere
	all, _, _ := s.List()
	for _, m := range all {
		if m.ID != but && !m.Beside && s.look(m, pin) == nil {
			return m.ID
		}
	}
	return ""
}

// Offer is the next step for whoever finds a release damaged.
func (s Store) Offer(damaged string) string {
	if good := s.NextGood(damaged); good != "" {
		return "citykpi release rollback " + good + ", or citykpi run --full"
	}
	return "citykpi run --full"
}

// look finds what is missing, of another size, or written to since it was published.
func (s Store) look(m Manifest, pin *Pin) error {
	dir := s.Dir(m.ID)
	sealed, err := os.Lstat(filepath.Join(dir, manifestFile))
	if err != nil {
		return fmt.Errorf("release %s: %w: %w", m.ID, ErrDamaged, err)
	}
	var wrong []string
	for path, want := range m.Hashes {
		info, err := os.Lstat(filepath.Join(dir, path))
		size, sized := m.Sizes[path]
		switch {
		case errors.Is(err, fs.ErrNotExist):
			wrong = append(wrong, path+" is missing")
		case err != nil:
			wrong = append(wrong, path+" cannot be read")
		case !info.Mode().IsRegular():
			wrong = append(wrong, path+" is not a file any more")
		case path == NoticeFile:
			if sum, err := hashFile(filepath.Join(dir, path), false); err != nil || !pin.noticed(m.ID, sum, want) {
				wrong = append(wrong, path+" has changed")
			}
		case sized && info.Size() != size:
			wrong = append(wrong, path+" has changed")
		case info.ModTime().After(sealed.ModTime()): // the manifest is written last
			if sum, err := hashFile(filepath.Join(dir, path), false); err != nil || sum != want {
				wrong = append(wrong, path+" has changed")
			}
		}
	}
	return damaged(m.ID, wrong)
}

// Verify holds every file of a release against its manifest. Errors: ErrUnknown, ErrDamaged.
func (s Store) Verify(id string) error {
	pin, err := s.Pinned()
	if err != nil && !errors.Is(err, ErrPin) {
		return err
	}
	err = s.verify(id, pin)
	var found *DamagedError
	if errors.As(err, &found) {
		return fmt.Errorf("%w. Try: %s", err, s.Offer(id))
	}
	return err
}

func (s Store) verify(id string, pin *Pin) error {
	m, err := s.Get(id)
	if err != nil {
		return err
	}
	now, _, err := hashes(s.Dir(id), false)
	if err != nil {
		return fmt.Errorf("verify release %s: %w", id, err)
	}
	var wrong []string
	for path, want := range m.Hashes {
		got, ok := now[path]
		switch {
		case !ok:
			wrong = append(wrong, path+" is missing")
		case path == NoticeFile && pin.noticed(id, got, want):
		case got != want:
			wrong = append(wrong, path+" has changed")
		}
	}
	for path := range now {
		if _, ok := m.Hashes[path]; !ok {
			wrong = append(wrong, path+" was added")
		}
	}
	return damaged(id, wrong)
}

func damaged(id string, wrong []string) error {
	if wrong == nil {
		return nil
	}
	slices.Sort(wrong)
	return &DamagedError{id, wrong}
}

// noticed says whether the hash of a notice is that of the file as published, or of what the
// pin has it say, or the one before.
func (p *Pin) noticed(id, sum, published string) bool {
	want := sha256.Sum256([]byte(p.notice(id)))
	return sum == published || sum == hex.EncodeToString(want[:]) || p != nil && p.Was != nil && p.Was.noticed(id, sum, published)
}

// hashes maps every file below dir, the manifest excepted, to its SHA-256 and its size. What
// is no file is refused rather than followed or waited for.
func hashes(dir string, sync bool) (sums map[string]string, sizes map[string]int64, err error) {
	sums, sizes = map[string]string{}, map[string]int64{}
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			if sync {
				return durable.Sync(path)
			}
			return nil
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil || rel == manifestFile {
			return err
		}
		rel = filepath.ToSlash(rel)
		if !e.Type().IsRegular() {
			sums[rel] = "no file"
			return nil
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		sizes[rel] = info.Size()
		sums[rel], err = hashFile(path, sync)
		return err
	})
	return sums, sizes, err
}

func hashFile(path string, sync bool) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	if sync {
		if err := f.Sync(); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
