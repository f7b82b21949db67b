// Package lake keeps every accepted file as one immutable batch: a Parquet
// file of its rows, the rows that were rejected, and a manifest. A batch exists
// once its folder, manifest included, has been renamed into place; what is not
// there was never loaded. Batches are never changed and never deleted.
//
//	<root>/<source>/<batch>/rows.parquet rejects.ndjson manifest.json
//	<root>/originals/<sha256, 16 digits>/<file name>
//	<root>/staging/<batch>/                  a load under way, or one that died
//	<root>/pulls/<sha256>.json               how a file was fetched from a database
//	<root>/forgotten/                        what was given up for a reason
//	<root>.ledger                            what there is, line by line (Ledger)
package lake

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline/durable"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/source"
	"citykpi/pipeline/source/personal"

	"golang.org/x/sync/errgroup"
)

const (
	rowsFile     = "rows.parquet"
	rejectsFile  = "rejects.ndjson"
	manifestFile = "manifest.json"
	stagingDir   = "staging"
	originalsDir = "originals"
)

// ErrCounts means a manifest whose rows do not add up: read must equal loaded + rejected + dropped.
var ErrCounts = errors.New("rows do not add up")

// Manifest describes one batch. Its presence in the lake is the commit.
type Manifest struct {
	Batch    string            `json:"batch_id"`
	Seq      int               `json:"seq"` // order of loading: of two rows for one key the higher wins, unless its file is late
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
	Notes    []string          `json:"notes,omitempty"`          // how the file was read, where that is not plain: hidden rows
	Units    map[string]string `json:"units,omitempty"`          // of bare amounts, by column
	Answers  *Answers          `json:"answers,omitempty"`        // the batch whose rejects were corrected here
	SameAs   string            `json:"same_rows_as,omitempty"`   // the batch before it, where all rows are those of it
	Archive  string            `json:"archive_sha256,omitempty"` // of the ZIP that the file came in; that is the original kept
	Pull     *Pull             `json:"pull,omitempty"`           // nil: the file was mailed in
	Files    map[string]File   `json:"files,omitempty"`          // rows.parquet and rejects.ndjson as written; nil: an older build's
	Previous string            `json:"previous,omitempty"`       // SHA-256 of the manifest of the batch before it, whatever its source

	// Personal are the columns in which identity numbers were found although the contract
	// does not call them personal; nil, not empty, of a batch whose rows nobody has looked through.
	Personal []personal.Column `json:"personal,omitzero"`
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
	const most = 1 << 48 // rows; their sum is still a number
	for _, n := range []int64{m.Read, m.Loaded, m.Rejected, m.Dropped} {
		if n < 0 || n > most {
			return fmt.Errorf("batch %q: %w: %d rows", m.Batch, ErrCounts, n)
		}
	}
	if m.Read != m.Loaded+m.Rejected+m.Dropped {
		return fmt.Errorf("batch %s: %w: read %d, loaded %d, rejected %d, dropped %d",
			m.Batch, ErrCounts, m.Read, m.Loaded, m.Rejected, m.Dropped)
	}
	if m.DataDate.IsZero() {
		return fmt.Errorf("batch %s: no data date", m.Batch)
	}
	switch {
	case !plainName(m.Source) || !plainName(m.Batch):
		return fmt.Errorf("batch %q of source %q: these are no names of folders", m.Batch, m.Source)
	case m.Seq < 1 || m.Seq > 1<<30:
		return fmt.Errorf("batch %s: its number is %d", m.Batch, m.Seq)
	case !hexSum(m.SHA256) || m.Archive != "" && !hexSum(m.Archive) || m.Previous != "" && !hexSum(m.Previous):
		return fmt.Errorf("batch %s: a SHA-256 has 64 hexadecimal digits", m.Batch)
	case m.Size < 0:
		return fmt.Errorf("batch %s: a file of %d bytes", m.Batch, m.Size)
	case m.LoadedAt.IsZero():
		return fmt.Errorf("batch %s: it does not say when it was loaded", m.Batch)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Files)) {
		if f := m.Files[name]; f.Size < 0 || !hexSum(f.SHA256) {
			return fmt.Errorf("batch %s: %q has %d bytes and SHA-256 %q", m.Batch, name, f.Size, f.SHA256)
		}
	}
	return nil
}

// plainName reports a name that is a folder's own, and leads nowhere else.
func plainName(s string) bool { return filepath.IsLocal(s) && filepath.Base(s) == s && s[0] != '.' }

// Batch is a committed batch: its manifest and where its files lie.
type Batch struct {
	Manifest
	Dir  string
	hash string // SHA-256 of the manifest's file
}

func (b Batch) Rows() string    { return filepath.Join(b.Dir, rowsFile) }
func (b Batch) Rejects() string { return filepath.Join(b.Dir, rejectsFile) }

// Lake is the folder of all batches, read once when opened.
type Lake struct {
	lost    map[string]bool // originals that Open found missing or of another size
	root    string
	batches []Batch // by Seq
	bySHA   map[string][]Batch

	ledger   *Ledger
	problems []error
	pending  []Batch  // whole, and without a line in the ledger yet
	unmoved  []string // forgotten, and still in its place
}

func (l *Lake) add(b Batch) {
	at, _ := slices.BinarySearchFunc(l.batches, b, func(x, y Batch) int { return x.Seq - y.Seq })
	l.batches = slices.Insert(l.batches, at, b)
	l.bySHA[b.SHA256] = append(l.bySHA[b.SHA256], b)
}

// Clean removes what loads that died left in staging. Only the holder of the run lock may call it.
func (l *Lake) Clean() error { return os.RemoveAll(filepath.Join(l.root, stagingDir)) }

// Batches lists the batches known at a time, in the order they were loaded.
// The zero time means all, which are the lake's own: nobody may change them.
func (l *Lake) Batches(knownAt time.Time) []Batch {
	if knownAt.IsZero() {
		return slices.Clip(l.batches) // whoever appends to it gets a copy
	}
	var known []Batch
	for _, b := range l.batches {
		if !b.LoadedAt.After(knownAt) {
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

// NextSeq is the number the next batch may have: none that any batch ever had.
func (l *Lake) NextSeq() int {
	seq := l.ledger.seq
	if n := len(l.batches); n > 0 {
		seq = max(seq, l.batches[n-1].Seq)
	}
	return seq + 1
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
	if err := os.MkdirAll(s.dir, durable.DirMode); err != nil {
		return nil, fmt.Errorf("stage batch %s: %w", id, err)
	}
	durable.Step("staged")
	return s, nil
}

func (s *Staged) Rows() string    { return filepath.Join(s.dir, rowsFile) }
func (s *Staged) Rejects() string { return filepath.Join(s.dir, rejectsFile) }

// Seal makes rows and rejects durable and returns what they are. Nothing may write them afterwards.
func (s *Staged) Seal() (map[string]File, error) {
	var disk errgroup.Group // writes while the hashes are taken
	for _, path := range []string{s.Rows(), s.Rejects()} {
		disk.Go(func() error { return durable.Sync(path) })
	}
	files, err := hashFiles(s.dir)
	return files, cmp.Or(err, disk.Wait())
}

// Discard forgets the batch.
func (s *Staged) Discard() { os.RemoveAll(s.dir) }

// Commit makes the batch part of the lake: files and manifest reach the disk,
// then one rename publishes them together, and the ledger tells of it. Numbers only
// grow. A manifest without Files has them sealed here.
func (s *Staged) Commit(m Manifest) (Batch, error) {
	if m.Seq < s.lake.NextSeq() {
		return Batch{}, fmt.Errorf("batch %s: number %d is taken", m.Batch, m.Seq)
	}
	if m.Files == nil {
		var err error
		if m.Files, err = s.Seal(); err != nil {
			return Batch{}, fmt.Errorf("commit batch %s: %w", s.id, err)
		}
	}
	if !s.lake.ledger.began || len(s.lake.pending) > 0 {
		if err := s.lake.Recover(m.LoadedAt, nil); err != nil {
			return Batch{}, fmt.Errorf("commit batch %s: %w", s.id, err)
		}
	}
	m.Previous = s.lake.ledger.manifest
	if err := m.validate(); err != nil {
		return Batch{}, err
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(m); err != nil {
		return Batch{}, fmt.Errorf("commit batch %s: %w", s.id, err)
	}
	if text.Len() > manifestBytes {
		return Batch{}, fmt.Errorf("commit batch %s: its manifest has %d MB, at most %d are read", s.id, text.Len()>>20, manifestBytes>>20)
	}
	if err := durable.WriteFile(filepath.Join(s.dir, manifestFile), text.Bytes()); err != nil {
		return Batch{}, fmt.Errorf("commit batch %s: %w", s.id, err)
	}
	durable.Step("manifest written")
	b := Batch{Manifest: m, Dir: filepath.Join(s.lake.root, m.Source, m.Batch), hash: sumOf(text.Bytes())}
	if err := durable.MakeDir(filepath.Dir(b.Dir)); err != nil {
		return Batch{}, fmt.Errorf("commit batch %s: %w", s.id, err)
	}
	if err := os.Rename(s.dir, b.Dir); err != nil {
		return Batch{}, fmt.Errorf("commit batch %s: %w", s.id, err)
	}
	if err := durable.Sync(filepath.Dir(b.Dir)); err != nil {
		return Batch{}, fmt.Errorf("commit batch %s: %w", s.id, err)
	}
	s.lake.add(b)
	durable.Step("batch committed")
	if err := s.lake.ledger.append(false, b.line()); err != nil {
		return Batch{}, fmt.Errorf("commit batch %s: %w", s.id, err)
	}
	durable.Step("batch recorded")
	return b, nil
}

// Archive moves an accepted file out of the inbox to the originals, where it
// is kept under its own name, in UTF-8, beside others of the same bytes.
func (l *Lake) Archive(path, sha256 string) error { return l.archive(path, sha256, durable.Move) }

// ArchiveCopy keeps a copy of a file that goes back to the inbox, although some of what it holds was accepted.
func (l *Lake) ArchiveCopy(path, sha256 string) error {
	name := shelfName(filepath.Base(path))
	if _, kept := l.ledger.originals[keptID(sha256[:16], name)]; kept && isRegular(filepath.Join(l.root, originalsDir, sha256[:16], name)) {
		return nil // it has come again and again
	}
	return l.archive(path, sha256, durable.Copy)
}

func (l *Lake) archive(path, sha256 string, put func(from, to string) error) error {
	dir := filepath.Join(l.root, originalsDir, sha256[:16])
	if err := durable.MakeDir(dir); err != nil {
		return fmt.Errorf("archive %s: %w", path, err)
	}
	to := filepath.Join(dir, shelfName(filepath.Base(path)))
	if err := put(path, to); err != nil {
		return fmt.Errorf("archive %s: %w", path, err)
	}
	if err := durable.Narrow(to); err != nil {
		return fmt.Errorf("archive %s: %w", path, err)
	}
	durable.Step("inbox moved")
	if err := l.keep(to, sha256); err != nil {
		return fmt.Errorf("archive %s: %w", path, err)
	}
	return nil
}
