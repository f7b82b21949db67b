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
	Asked       []kpi.Asked       `json:"asked,omitempty"` // databases that had nothing new
	Took        []kpi.StageTime   `json:"took,omitempty"`  // how long the run's stages took, where it was measured
	Hashes      map[string]string `json:"hashes"`          // path → SHA-256
}

// Store is the folder of releases: <root>/<id>/ and <var>/CURRENT.
type Store struct {
	root    string
	pointer string
	group   string // of the system, that may read what serves
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
	dead, err := filepath.Glob(filepath.Join(s.root, buildingStart+"*"))
	if err != nil {
		return err
	}
	for _, dir := range dead {
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	return nil
}

// Begin makes the folder a release is built in. Publish or Discard ends it.
func (s Store) Begin(id string) (dir string, err error) {
	if _, err := lake.FindGroup(s.group); err != nil {
		return "", err // before the work, not after it
	}
	dir = filepath.Join(s.root, buildingStart+id)
	if err := lake.MakeDir(dir); err != nil {
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
	if err := s.Admit(id); err != nil {
		return err
	}
	g, err := lake.FindGroup(s.group)
	if err != nil {
		return err
	}
	if err := g.WriteFile(s.pointer, []byte(id+"\n")); err != nil {
		return fmt.Errorf("switch CURRENT to %s: %w", id, err)
	}
	return nil
}

// Current is the manifest of the release that serves.
func (s Store) Current() (Manifest, error) {
	text, err := os.ReadFile(s.pointer)
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
	text, err := os.ReadFile(filepath.Join(s.Dir(id), manifestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return m, fmt.Errorf("release %q: %w", id, ErrUnknown)
	}
	if err != nil {
		return m, fmt.Errorf("read release %s: %w", id, err)
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("read release %s: manifest.json: %w", id, err)
	}
	return m, nil
}

// List reads all releases, newest first.
func (s Store) List() ([]Manifest, error) {
	entries, err := os.ReadDir(s.root)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list releases: %w", err)
	}
	var all []Manifest
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		m, err := s.Get(e.Name())
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b Manifest) int {
		if c := b.CreatedAt.Compare(a.CreatedAt); c != 0 {
			return c
		}
		return strings.Compare(b.ID, a.ID)
	})
	return all, nil
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
