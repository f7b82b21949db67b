// Package release keeps releases: immutable folders that hold the database, the
// site and the reports of one run, a catalogue of what they were computed from
// and a manifest of hashes. CURRENT names the one that serves. A release is
// written beside the others under a name nobody reads and renamed when whole.
package release

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
)

const (
	// DatabaseFile, SiteDir and ReportDir lie in every release.
	DatabaseFile  = "citykpi.duckdb"
	SiteDir       = "site"
	ReportDir     = "reports"
	manifestFile  = "manifest.json"
	currentFile   = "CURRENT"
	buildingStart = ".building-"
)

var (
	// ErrNone is returned when no release was published yet.
	ErrNone = errors.New("no release yet. Try: citykpi run")
	// ErrUnknown is returned for an id that names no release.
	ErrUnknown = errors.New("no such release. Try: citykpi release list")
	// ErrDamaged is returned by Verify when a file is missing or not what was published.
	ErrDamaged = errors.New("release is damaged")
)

// Manifest describes a release. Hashes covers every other file of it.
type Manifest struct {
	ID          string            `json:"id"`
	CreatedAt   time.Time         `json:"created_at"`
	AsOf        kpi.Date          `json:"as_of"`
	KnownAt     time.Time         `json:"known_at"`    // when the newest batch in it was loaded
	Fingerprint string            `json:"fingerprint"` // of everything it is a function of
	Batches     []string          `json:"batches"`
	Checks      []kpi.Check       `json:"checks"`
	Restated    []kpi.Restatement `json:"restated,omitempty"`
	Today       kpi.Date          `json:"today"` // the day it was made, or whose knowledge it was asked for
	Held        []kpi.Held        `json:"held,omitempty"`
	Asked       []kpi.Asked       `json:"asked,omitempty"`                   // databases that had nothing new
	Took        []kpi.StageTime   `json:"took,omitempty"`                    // how long the run's stages took, where it was measured
	Ledger      lake.Head         `json:"ledger,omitzero"`                   // what the lake's ledger ended with; zero: an older build's
	Previous    string            `json:"previous_release_sha256,omitempty"` // of the manifest of the release before it
	Hashes      map[string]string `json:"hashes"`                            // path → SHA-256
}

// Store is the folder of releases: <root>/<id>/ and <var>/CURRENT.
type Store struct {
	root    string
	pointer string
}

// NewStore is the store under a project's var folder.
func NewStore(varDir string) Store {
	return Store{root: filepath.Join(varDir, "releases"), pointer: filepath.Join(varDir, currentFile)}
}

// NewID names a release by when it was made and what it is a function of; one
// made within the same second as another of its like gets a number.
func (s Store) NewID(at time.Time, fingerprint string) string {
	id := at.Format("2006-01-02T150405") + "-" + fingerprint[:6]
	for n, plain := 2, id; ; n++ {
		if _, err := os.Lstat(s.Dir(id)); errors.Is(err, fs.ErrNotExist) {
			return id
		}
		id = fmt.Sprintf("%s-%d", plain, n)
	}
}

// Dir is the folder of a release.
func (s Store) Dir(id string) string { return filepath.Join(s.root, id) }

// Clean removes what runs that died left half built. Only the holder of the run lock may call it.
func (s Store) Clean() error {
	entries, err := os.ReadDir(s.root)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), buildingStart) {
			continue
		}
		if err := os.RemoveAll(s.Dir(e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// Begin makes the folder a release is built in. Publish or Discard ends it.
func (s Store) Begin(id string) (dir string, err error) {
	dir = filepath.Join(s.root, buildingStart+id)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("begin release: %w", err)
	}
	return dir, nil
}

// Discard forgets a release under way.
func (s Store) Discard(dir string) { os.RemoveAll(dir) }

// Publish hashes and syncs everything in dir, writes the manifest, gives the
// folder its name and switches CURRENT to it.
func (s Store) Publish(dir string, m Manifest) (Manifest, error) {
	var err error
	if m.Hashes, err = hashes(dir, true); err != nil {
		return m, fmt.Errorf("publish release %s: %w", m.ID, err)
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(m); err != nil {
		return m, fmt.Errorf("publish release %s: %w", m.ID, err)
	}
	if err := lake.WriteFile(filepath.Join(dir, manifestFile), text.Bytes()); err != nil {
		return m, fmt.Errorf("publish release %s: %w", m.ID, err)
	}
	lake.Step("release built")
	if err := os.Rename(dir, s.Dir(m.ID)); err != nil {
		return m, fmt.Errorf("publish release %s: %w", m.ID, err)
	}
	if err := lake.Sync(s.root); err != nil {
		return m, fmt.Errorf("publish release %s: %w", m.ID, err)
	}
	lake.Step("release in place")
	if err := s.point(m.ID); err != nil {
		return m, err
	}
	lake.Step("pointer switched")
	return m, nil
}

func (s Store) point(id string) error {
	if err := lake.WriteFile(s.pointer, []byte(id+"\n")); err != nil {
		return fmt.Errorf("switch CURRENT to %s: %w", id, err)
	}
	return nil
}

// Current is the manifest of the release that serves.
func (s Store) Current() (Manifest, error) {
	text, err := lake.ReadRegular(s.pointer, 1<<10)
	if errors.Is(err, fs.ErrNotExist) {
		return Manifest{}, ErrNone
	}
	if err != nil {
		return Manifest{}, fmt.Errorf("read CURRENT: %w", err)
	}
	return s.Get(strings.TrimSpace(string(text)))
}

// Get reads the manifest of one release.
func (s Store) Get(id string) (Manifest, error) {
	var m Manifest
	if id == "" || id != filepath.Base(id) || strings.HasPrefix(id, ".") {
		return m, fmt.Errorf("release %q: %w", id, ErrUnknown)
	}
	text, err := lake.ReadRegular(s.ManifestPath(id), manifestBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return m, fmt.Errorf("release %q: %w", id, ErrUnknown)
	}
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	if err == nil {
		err = m.validate(id)
	}
	if err != nil {
		return Manifest{}, fmt.Errorf("read release %s: manifest.json: %w. Try: restore it from a backup, or another release: citykpi release list", id, err)
	}
	return m, nil
}

// manifestBytes is what a manifest may be at most: it has a line for every file of the site.
const manifestBytes = 256 << 20

// ManifestPath is where a release's manifest lies.
func (s Store) ManifestPath(id string) string { return filepath.Join(s.Dir(id), manifestFile) }

// validate reports a manifest that is not the one of the release in whose folder it lies.
func (m Manifest) validate(id string) error {
	switch {
	case m.ID != id:
		return fmt.Errorf("it is the one of release %q", m.ID)
	case m.CreatedAt.IsZero() || m.AsOf.IsZero():
		return errors.New("it does not say when the release was made, or as of which date")
	case len(m.Hashes) == 0:
		return errors.New("it names no file")
	}
	for path := range m.Hashes {
		if !filepath.IsLocal(path) {
			return fmt.Errorf("%q is no file of the release", path)
		}
	}
	return nil
}

// IDs are the names of all folders that may be releases, the oldest first.
func (s Store) IDs() ([]string, error) {
	entries, err := os.ReadDir(s.root) // sorted by name, which begins with when they were made
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list releases: %w", err)
	}
	var ids []string
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			ids = append(ids, e.Name())
		}
	}
	return ids, nil
}

// List reads all releases, newest first. What lies there and is no release is named in
// stray, an error for each, and keeps nothing off the list.
func (s Store) List() (all []Manifest, stray []error, err error) {
	ids, err := s.IDs()
	if err != nil {
		return nil, nil, err
	}
	for _, id := range ids {
		m, err := s.Get(id)
		if errors.Is(err, ErrUnknown) {
			err = fmt.Errorf("%s: no release, it has no manifest.json. Try: move it elsewhere", s.Dir(id))
		}
		if err != nil {
			stray = append(stray, err)
			continue
		}
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b Manifest) int {
		if c := b.CreatedAt.Compare(a.CreatedAt); c != 0 {
			return c
		}
		return strings.Compare(b.ID, a.ID)
	})
	return all, stray, nil
}

// Newest are the manifests of the newest n releases, by name; one that cannot be
// read is left out.
func (s Store) Newest(n int) []Manifest {
	entries, _ := os.ReadDir(s.root) // sorted by name, which begins with when they were made; none: no releases yet
	var list []Manifest
	for _, e := range slices.Backward(entries) {
		if len(list) == n {
			break
		}
		if m, err := s.Get(e.Name()); err == nil {
			list = append(list, m)
		}
	}
	return list
}

// Rollback makes an earlier release serve again, after verifying it.
func (s Store) Rollback(id string) error {
	if err := s.Verify(id); err != nil {
		return err
	}
	return s.point(id)
}

// Verify holds every file of a release against its manifest.
func (s Store) Verify(id string) error {
	m, err := s.Get(id)
	if err != nil {
		return err
	}
	now, err := hashes(s.Dir(id), false)
	if err != nil {
		return fmt.Errorf("verify release %s: %w", id, err)
	}
	var wrong []string
	for path, want := range m.Hashes {
		switch got, ok := now[path]; {
		case !ok:
			wrong = append(wrong, path+" is missing")
		case got != want:
			wrong = append(wrong, path+" has changed")
		}
	}
	for path := range now {
		if _, ok := m.Hashes[path]; !ok {
			wrong = append(wrong, path+" was added")
		}
	}
	if wrong == nil {
		return nil
	}
	slices.Sort(wrong)
	return fmt.Errorf("release %s: %w: %s. Try: citykpi run --full", id, ErrDamaged, strings.Join(wrong, ", "))
}

// hashes maps every file below dir, the manifest excepted, to its SHA-256.
func hashes(dir string, sync bool) (map[string]string, error) {
	sums := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			if sync {
				return lake.Sync(path)
			}
			return nil
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil || rel == manifestFile {
			return err
		}
		sums[filepath.ToSlash(rel)], err = hashFile(path, sync)
		return err
	})
	return sums, err
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
