// Package release keeps releases: immutable folders that hold the database, the
// site and the reports of one run, a catalogue of what they were computed from
// and a manifest of hashes. CURRENT names the one that serves. A release is
// written beside the others under a name nobody reads and renamed when whole.
package release

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"citykpi/pipeline/durable"
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
	KnownAt     time.Time         `json:"known_at"`             // when the newest batch in it was loaded
	Until       time.Time         `json:"known_until,omitzero"` // batches that came later were left out; zero: none were
	Beside      bool              `json:"beside,omitempty"`     // made for an earlier date or time: it serves only if somebody says so
	Fingerprint string            `json:"fingerprint"`          // of everything it is a function of
	Batches     []string          `json:"batches"`
	Checks      []kpi.Check       `json:"checks"`
	Restated    []kpi.Restatement `json:"restated,omitempty"`
	Given       []kpi.Given       `json:"given,omitempty"` // verdicts, by closings
	Today       kpi.Date          `json:"today"`           // the day it was made, or whose knowledge it was asked for
	Held        []kpi.Held        `json:"held,omitempty"`
	Asked       []kpi.Asked       `json:"asked,omitempty"`                   // databases that had nothing new
	Took        []kpi.StageTime   `json:"took,omitempty"`                    // how long the run's stages took, where it was measured
	Ledger      lake.Head         `json:"ledger,omitzero"`                   // what the lake's ledger ended with; zero: an older build's
	Previous    string            `json:"previous_release_sha256,omitempty"` // of the manifest of the release before it
	Hashes      map[string]string `json:"hashes"`                            // path → SHA-256
	Sizes       map[string]int64  `json:"sizes"`                             // path → bytes; absent in releases of older versions
}

// Store is the folder of releases: <root>/<id>/, <var>/CURRENT and, while a release is
// pinned, <var>/PINNED.
type Store struct {
	root    string
	pointer string
	pinned  string
	group   string // of the system, that may read what serves
}

// NewStore is the store under a project's var folder.
func NewStore(varDir string) Store {
	return Store{root: filepath.Join(varDir, "releases"), pointer: filepath.Join(varDir, currentFile),
		pinned: filepath.Join(varDir, pinnedFile)}
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

// Clean removes what runs that died left half built or half pruned. Only the holder of the
// run lock may call it.
func (s Store) Clean() error {
	entries, err := os.ReadDir(s.root)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), buildingStart) && !strings.HasPrefix(e.Name(), prunedStart) {
			continue
		}
		if err := os.RemoveAll(filepath.Join(s.root, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// Begin makes the folder a release is built in. Publish or Discard ends it.
func (s Store) Begin(id string) (dir string, err error) {
	if _, err := durable.FindGroup(s.group); err != nil {
		return "", err // before the work, not after it
	}
	dir = filepath.Join(s.root, buildingStart+id)
	if err := durable.MakeDir(dir); err != nil {
		return "", fmt.Errorf("begin release: %w", err)
	}
	return dir, nil
}

// Discard forgets a release under way.
func (s Store) Discard(dir string) { os.RemoveAll(dir) }

// Publish hashes and syncs everything in dir, writes the manifest, gives the
// folder its name and switches CURRENT to it; while another release is pinned it waits, and one
// that is put beside the others only lies there.
func (s Store) Publish(dir string, m Manifest) (Manifest, error) {
	var err error
	if m.Hashes, m.Sizes, err = hashes(dir, true); err != nil {
		return m, fmt.Errorf("publish release %s: %w", m.ID, err)
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(m); err != nil {
		return m, fmt.Errorf("publish release %s: %w", m.ID, err)
	}
	if err := durable.WriteFile(filepath.Join(dir, manifestFile), text.Bytes()); err != nil {
		return m, fmt.Errorf("publish release %s: %w", m.ID, err)
	}
	durable.Step("release built")
	if err := os.Rename(dir, s.Dir(m.ID)); err != nil {
		return m, fmt.Errorf("publish release %s: %w", m.ID, err)
	}
	if err := durable.Sync(s.root); err != nil {
		return m, fmt.Errorf("publish release %s: %w", m.ID, err)
	}
	durable.Step("release in place")
	pin, err := s.Pinned()
	if err != nil {
		return m, err
	}
	if pin != nil {
		return m, s.Settle()
	}
	if m.Beside {
		return m, nil
	}
	if err := s.point(m.ID); err != nil {
		return m, err
	}
	durable.Step("pointer switched")
	return m, nil
}

func (s Store) point(id string) error {
	if err := s.Admit(id); err != nil {
		return err
	}
	g, err := durable.FindGroup(s.group)
	if err != nil {
		return err
	}
	if err := g.WriteFile(s.pointer, []byte(id+"\n")); err != nil {
		return fmt.Errorf("switch CURRENT to %s: %w", id, err)
	}
	return nil
}

// Current is the manifest of the release that serves: the pinned one, or the one CURRENT
// names. Errors: ErrNone, ErrPin, ErrUnknown.
func (s Store) Current() (Manifest, error) {
	pin, err := s.Pinned()
	if err != nil {
		return Manifest{}, err
	}
	if pin != nil {
		return s.Get(pin.Release)
	}
	text, err := durable.ReadRegular(s.pointer, 1<<10)
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
	if !isID(id) {
		return m, fmt.Errorf("release %q: %w", id, ErrUnknown)
	}
	text, err := durable.ReadRegular(s.ManifestPath(id), manifestBytes)
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
		return Manifest{}, fmt.Errorf("read release %s: manifest.json: %w. "+
			"Try: restore it from a backup, or another release: citykpi release list", id, err)
	}
	return m, nil
}

// isID says whether a text can name a release: a file name that is shown, without characters
// that would do something to a terminal or a page.
func isID(id string) bool {
	if id == "" || id != filepath.Base(id) || strings.HasPrefix(id, ".") {
		return false
	}
	return !strings.ContainsFunc(id, func(r rune) bool { return !plainRune(r) })
}

// plainRune says whether a character is text and nothing else: no control, format or bidi character.
func plainRune(r rune) bool { return unicode.IsGraphic(r) && r != unicode.ReplacementChar }

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

// IDs lists the folders of releases, whatever is in them, by name: oldest first.
func (s Store) IDs() ([]string, error) {
	entries, err := os.ReadDir(s.root)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list releases: %w", err)
	}
	ids := []string{}
	for _, e := range entries {
		if e.IsDir() && isID(e.Name()) {
			ids = append(ids, e.Name())
		}
	}
	return ids, nil
}

// List reads all releases, newest first. broken are those whose manifest cannot be read,
// by id: they hide no other.
func (s Store) List() (all []Manifest, broken map[string]error, err error) {
	ids, err := s.IDs()
	if err != nil {
		return nil, nil, err
	}
	broken = map[string]error{}
	for _, id := range ids {
		m, err := s.Get(id)
		if err != nil {
			if errors.Is(err, ErrUnknown) {
				err = fmt.Errorf("%s has no manifest.json. Try: move it elsewhere", s.Dir(id))
			}
			broken[id] = fmt.Errorf("release %s: %w: %w", id, ErrDamaged, err)
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
	return all, broken, nil
}

// Newest are the manifests of the newest n releases, by name; one that cannot be
// read is left out.
func (s Store) Newest(n int) []Manifest {
	ids, _ := s.IDs() // a name begins with when it was made; none: no releases yet
	var list []Manifest
	for _, id := range slices.Backward(ids) {
		if len(list) == n {
			break
		}
		if m, err := s.Get(id); err == nil {
			list = append(list, m)
		}
	}
	return list
}
