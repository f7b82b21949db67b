// Package lake keeps every accepted file as one immutable batch: a Parquet
// file of its rows, the rows that were rejected, and a manifest. A batch exists
// once its folder, manifest included, has been renamed into place; what is not
// there was never loaded. Batches are never changed and never deleted.
//
//	<root>/<source>/<batch>/rows.parquet rejects.ndjson manifest.json
//	<root>/originals/<sha256, 16 digits>/<file name>
//	<root>/staging/<batch>/                  a load under way, or one that died
//	<root>/pulls/<sha256>.json               how a file was fetched from a database
package lake

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/source"
)

const (
	rowsFile     = "rows.parquet"
	rejectsFile  = "rejects.ndjson"
	manifestFile = "manifest.json"
	stagingDir   = "staging"
	originalsDir = "originals"
)

// Step is told of every step that must survive a kill, once it is done. Tests stop
// the process there; otherwise it does nothing.
var Step = func(name string) {}

// ErrCounts means a manifest whose rows do not add up: read must equal loaded + rejected + dropped.
var ErrCounts = errors.New("rows do not add up")

// Manifest describes one batch. Its presence in the lake is the commit.
type Manifest struct {
	Batch    string            `json:"batch_id"`
	Seq      int               `json:"seq"` // order of loading: of two rows for one key the higher wins
	Source   string            `json:"source"`
	Contract string            `json:"contract_version"`
	Bureau   string            `json:"bureau"`
	File     string            `json:"file"` // as the bureau named it, relative to the inbox
	SHA256   string            `json:"sha256"`
	Size     int64             `json:"size"`
	Encoding string            `json:"encoding"`
	Sheet    string            `json:"sheet,omitempty"`
	DataDate kpi.Date          `json:"data_date"`
	LoadedAt time.Time         `json:"loaded_at"`
	Read     int64             `json:"read"`
	Loaded   int64             `json:"loaded"`
	Rejected int64             `json:"rejected"`
	Dropped  int64             `json:"dropped"`
	Reasons  []Dropped         `json:"dropped_rows,omitempty"`
	Columns  []string          `json:"columns"`                  // of rows.parquet
	Header   []string          `json:"header"`                   // of the file, in the bureau's words
	Unknown  []string          `json:"unknown,omitempty"`        // columns the contract does not name
	Notes    []string          `json:"notes,omitempty"`          // how the file was read, where that is not plain: .xls that is a web page, hidden rows
	Units    map[string]string `json:"units,omitempty"`          // of bare amounts, by column
	Answers  *Answers          `json:"answers,omitempty"`        // the batch whose rejects were corrected here
	SameAs   string            `json:"same_rows_as,omitempty"`   // the batch before it, where all rows are those of it
	Archive  string            `json:"archive_sha256,omitempty"` // of the ZIP that the file came in; that is the original kept
	Pull     *Pull             `json:"pull,omitempty"`           // nil: the file was mailed in
}

// Answers says which rejected rows of an earlier batch a corrected workbook
// brought back. They are closed, whatever became of them this time.
type Answers struct {
	Batch string         `json:"batch_id"`
	Rows  []source.Place `json:"rows"`
}

// Dropped says why rows were left out without being wrong, and the first of them.
type Dropped struct {
	Reason string  `json:"reason"`
	Rows   int64   `json:"rows"`
	First  []int64 `json:"first"` // row numbers, at most ten
}

func (m Manifest) validate() error {
	if m.Read != m.Loaded+m.Rejected+m.Dropped {
		return fmt.Errorf("batch %s: %w: read %d, loaded %d, rejected %d, dropped %d",
			m.Batch, ErrCounts, m.Read, m.Loaded, m.Rejected, m.Dropped)
	}
	if m.DataDate.IsZero() {
		return fmt.Errorf("batch %s: no data date", m.Batch)
	}
	return nil
}

// Batch is a committed batch: its manifest and where its files lie.
type Batch struct {
	Manifest
	Dir string
}

func (b Batch) Rows() string    { return filepath.Join(b.Dir, rowsFile) }
func (b Batch) Rejects() string { return filepath.Join(b.Dir, rejectsFile) }

// Lake is the folder of all batches, read once when opened.
type Lake struct {
	root    string
	batches []Batch // by Seq
	bySHA   map[string][]Batch
}

// Open reads every manifest under root, which need not exist yet, and clears
// the staging folders of loads that died.
func Open(root string) (*Lake, error) {
	l := &Lake{root: root, bySHA: map[string][]Batch{}}
	found, err := filepath.Glob(filepath.Join(root, "*", "*", manifestFile))
	if err != nil {
		return nil, err
	}
	for _, path := range found {
		if strings.HasPrefix(path, filepath.Join(root, stagingDir)+string(filepath.Separator)) {
			continue
		}
		b := Batch{Dir: filepath.Dir(path)}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read manifest: %w", err)
		}
		if err := json.Unmarshal(text, &b.Manifest); err != nil {
			return nil, fmt.Errorf("read manifest %s: %w. Try: restore the folder from a backup", path, err)
		}
		l.add(b)
	}
	return l, nil
}

func (l *Lake) add(b Batch) {
	at, _ := slices.BinarySearchFunc(l.batches, b, func(x, y Batch) int { return x.Seq - y.Seq })
	l.batches = slices.Insert(l.batches, at, b)
	l.bySHA[b.SHA256] = append(l.bySHA[b.SHA256], b)
}

// Clean removes what loads that died left in staging. Only the holder of the run lock may call it.
func (l *Lake) Clean() error { return os.RemoveAll(filepath.Join(l.root, stagingDir)) }

// Batches lists the batches known at a time, in the order they were loaded.
// The zero time means all.
func (l *Lake) Batches(knownAt time.Time) []Batch {
	var known []Batch
	for _, b := range l.batches {
		if knownAt.IsZero() || !b.LoadedAt.After(knownAt) {
			known = append(known, b)
		}
	}
	return known
}

// Of lists the batches that the same bytes became, under whatever names.
func (l *Lake) Of(sha256 string) []Batch { return l.bySHA[sha256] }

// HasSize reports whether a batch came from a file of that many bytes: only
// such a file can hold the same bytes.
func (l *Lake) HasSize(size int64) bool {
	return slices.ContainsFunc(l.batches, func(b Batch) bool { return b.Size == size })
}

// NextSeq is the number the next batch may have.
func (l *Lake) NextSeq() int {
	if n := len(l.batches); n > 0 {
		return l.batches[n-1].Seq + 1
	}
	return 1
}

// BatchID names a batch: its source, its data date, its number.
func BatchID(source string, dataDate kpi.Date, seq int) string {
	return fmt.Sprintf("%s-%s-%04d", source, strings.ReplaceAll(dataDate.String(), "-", ""), seq)
}

// Staged is a batch being written. Commit or Discard ends it.
type Staged struct {
	lake *Lake
	dir  string
	id   string
}

// Stage makes the folder a batch is written into before it counts.
func (l *Lake) Stage(id string) (*Staged, error) {
	s := &Staged{lake: l, id: id, dir: filepath.Join(l.root, stagingDir, id)}
	if err := os.RemoveAll(s.dir); err != nil {
		return nil, fmt.Errorf("stage batch %s: %w", id, err)
	}
	if err := os.MkdirAll(s.dir, dirMode); err != nil {
		return nil, fmt.Errorf("stage batch %s: %w", id, err)
	}
	Step("staged")
	return s, nil
}

func (s *Staged) Rows() string    { return filepath.Join(s.dir, rowsFile) }
func (s *Staged) Rejects() string { return filepath.Join(s.dir, rejectsFile) }

// Discard forgets the batch.
func (s *Staged) Discard() { os.RemoveAll(s.dir) }

// Commit makes the batch part of the lake: files and manifest reach the disk,
// then one rename publishes them together. Numbers only grow.
func (s *Staged) Commit(m Manifest) (Batch, error) {
	if m.Seq < s.lake.NextSeq() {
		return Batch{}, fmt.Errorf("batch %s: number %d is taken", m.Batch, m.Seq)
	}
	if err := m.validate(); err != nil {
		return Batch{}, err
	}
	for _, path := range []string{s.Rows(), s.Rejects()} {
		if err := Sync(path); err != nil {
			return Batch{}, fmt.Errorf("commit batch %s: %w", s.id, err)
		}
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(m); err != nil {
		return Batch{}, fmt.Errorf("commit batch %s: %w", s.id, err)
	}
	if err := WriteFile(filepath.Join(s.dir, manifestFile), text.Bytes()); err != nil {
		return Batch{}, fmt.Errorf("commit batch %s: %w", s.id, err)
	}
	Step("manifest written")
	b := Batch{Manifest: m, Dir: filepath.Join(s.lake.root, m.Source, m.Batch)}
	if err := MakeDir(filepath.Dir(b.Dir)); err != nil {
		return Batch{}, fmt.Errorf("commit batch %s: %w", s.id, err)
	}
	if err := os.Rename(s.dir, b.Dir); err != nil {
		return Batch{}, fmt.Errorf("commit batch %s: %w", s.id, err)
	}
	if err := Sync(filepath.Dir(b.Dir)); err != nil {
		return Batch{}, fmt.Errorf("commit batch %s: %w", s.id, err)
	}
	s.lake.add(b)
	Step("batch committed")
	return b, nil
}

// Archive moves an accepted file out of the inbox to the originals, where it
// is kept under its own name beside others of the same bytes.
func (l *Lake) Archive(path, sha256 string) error {
	dir := filepath.Join(l.root, originalsDir, sha256[:16])
	if err := MakeDir(dir); err != nil {
		return fmt.Errorf("archive %s: %w", path, err)
	}
	to := filepath.Join(dir, filepath.Base(path))
	if err := move(path, to); err != nil {
		return fmt.Errorf("archive %s: %w", path, err)
	}
	if err := narrow(to); err != nil {
		return fmt.Errorf("archive %s: %w", path, err)
	}
	Step("inbox moved")
	return nil
}
