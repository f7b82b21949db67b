package lake

import (
	"bufio"
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
	"time"

	"citykpi/pipeline/durable"
)

// What a line of the ledger speaks of.
const (
	Begun     = "begin"    // the ledger, for a reason if it is not the first one
	Loaded    = "batch"    // a batch became part of the lake
	Kept      = "original" // a bureau's file came to the originals
	Forgotten = "forget"   // a batch, original or release was given up, for a reason
	Published = "release"  // a release was published
	Pruned    = "prune"    // a release was removed, for a reason
	Closing   = "close"    // a quarter was closed
	Reopening = "reopen"   // a closed quarter's figures were given up, for a reason
)

// Entry is one line of the ledger: what came to be, or was given up, and the hash of
// the file that says all about it.
type Entry struct {
	N      int       `json:"n"` // counts lines from 1
	What   string    `json:"what"`
	ID     string    `json:"id,omitempty"` // batch, release or quarter; of an original its path in the lake
	Source string    `json:"source,omitempty"`
	Seq    int       `json:"seq,omitempty"` // of a batch
	At     time.Time `json:"at,omitzero"`
	SHA256 string    `json:"sha256,omitempty"` // of the manifest, the record or the original
	Size   int64     `json:"size,omitempty"`   // likewise, in bytes
	// Of a batch of an older build, whose manifest does not say; of what was forgotten what is kept of it.
	Files     map[string]File `json:"files,omitempty"`
	Originals []string        `json:"originals,omitempty"`
	Reason    string          `json:"reason,omitempty"`
	Found     bool            `json:"found,omitempty"` // it was there when the ledger was begun: before that day nobody watched it
	Previous  string          `json:"previous"`        // SHA-256 of the line before
}

// File is what a file was when it was written.
type File struct {
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Head is the ledger's last line: whoever writes it down elsewhere holds all before it.
type Head struct {
	Line    int    `json:"line"`
	SHA256  string `json:"sha256"`
	Batches int    `json:"batches"` // that count
	Seq     int    `json:"seq"`     // of the newest batch, forgotten or not
}

// Ledger is <root>.ledger: one line per thing that came to be or was given up, each
// with the hash of the line before it. It lies beside the folder it watches. What it says
// stands; nothing in it is ever changed. A batch's line needs no sync of its own: the manifests
// name each other, and one whose line was lost is written again.
type Ledger struct {
	path      string
	there     bool // the file
	began     bool
	size      int64 // of what is valid of the file
	torn      bool  // half a line follows, of a run that died
	broken    bool  // a line is damaged: what stands behind it is not read
	hashes    []string
	all       []Entry
	batches   map[string]Entry // that count
	forgotten map[string]Entry
	originals map[string]Entry
	releases  map[string]Entry // not pruned
	pruned    map[string]Entry
	quarters  map[string]Entry // the newest line of each
	manifest  string           // SHA-256, of the newest batch
	release   string           // of the newest release
	seq       int
}

const (
	ledgerEnd = ".ledger"
	lineBytes = 1 << 20 // at most
)

// ErrDamaged means that something is not what the ledger says it was.
var ErrDamaged = errors.New("damaged")

// ReadLedger reads the ledger of the lake at root. It is empty while there is none. The
// error of one that is damaged comes with what is read of it up to there. A line counts once the
// next one does not say that it was another: which of the two was changed nobody can tell before.
func ReadLedger(root string) (*Ledger, error) {
	g := &Ledger{path: filepath.Clean(root) + ledgerEnd}
	g.reset()
	err := g.read()
	g.broken = err != nil
	return g, err
}

func (g *Ledger) read() error {
	f, err := durable.OpenRegular(g.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("ledger: %w. Try: let the user citykpi runs as read it, or restore it from a backup", err)
	}
	defer f.Close()
	g.there = true
	r := bufio.NewReaderSize(f, lineBytes)
	var last Entry
	var lastLine []byte
	broken := func(line int, what string) error {
		return errors.Join(g.takeRead(last, lastLine), g.damaged(line, what))
	}
	for {
		line, err := r.ReadSlice('\n')
		if errors.Is(err, io.EOF) {
			g.torn = len(line) > 0
			return g.takeRead(last, lastLine)
		}
		var e Entry
		if err == nil {
			err = json.Unmarshal(line, &e)
		}
		want := last.N + 1
		if err != nil {
			if g.last(line, r) { // blocks that a power cut left empty
				g.torn = true
				return g.takeRead(last, lastLine)
			}
			return broken(want, "is none: "+err.Error())
		}
		switch {
		case e.N == want+1:
			return broken(want, "is missing")
		case e.N > want:
			return broken(want, fmt.Sprintf("and those up to line %d are missing", e.N-1))
		case e.N < 1:
			return broken(want, "has no number")
		case e.N < want:
			return broken(e.N, fmt.Sprintf("stands there once more, behind line %d", last.N))
		case last.N == 0 && e.Previous != "":
			return broken(want, "follows one before it, which the first does not")
		case last.N > 0 && e.Previous != sumOf(lastLine):
			if follows(r, sumOf(line)) {
				return g.damaged(last.N, fmt.Sprintf("is not the one that line %d follows: it was changed", e.N))
			}
			return g.damaged(last.N, fmt.Sprintf("is not the one that line %d follows: one of the two was changed", e.N))
		}
		if err := g.takeRead(last, lastLine); err != nil {
			return err
		}
		last, lastLine = e, append(lastLine[:0], line...)
	}
}

// follows reports whether the next line follows the one with the hash.
func follows(r *bufio.Reader, previous string) bool {
	var e Entry
	line, err := r.ReadSlice('\n')
	return err == nil && json.Unmarshal(line, &e) == nil && e.Previous == previous
}

// takeRead takes a line that was read, if one was.
func (g *Ledger) takeRead(e Entry, line []byte) error {
	if e.N == 0 {
		return nil
	}
	if err := g.take(e, line); err != nil {
		return g.damaged(e.N, err.Error())
	}
	return nil
}

// last reports whether nothing but zero bytes makes up the line and what follows it.
func (g *Ledger) last(line []byte, r *bufio.Reader) bool {
	rest, err := io.ReadAll(io.LimitReader(r, lineBytes))
	return err == nil && len(rest) < lineBytes && len(bytes.Trim(line, "\x00\n")) == 0 && len(bytes.Trim(rest, "\x00\n")) == 0
}

func (g *Ledger) damaged(line int, what string) error {
	return fmt.Errorf("%s: line %d %s: %w. "+
		"Try: restore the file from a backup, or citykpi lake begin --reason '…' to take what lies there for the truth",
		g.path, line, what, ErrDamaged)
}

func (g *Ledger) reset() {
	g.began, g.size, g.torn, g.hashes, g.all = false, 0, false, nil, nil
	g.manifest, g.release, g.seq = "", "", 0
	for _, m := range []*map[string]Entry{&g.batches, &g.forgotten, &g.originals, &g.releases, &g.pruned, &g.quarters} {
		*m = map[string]Entry{}
	}
}

func (g *Ledger) head() string {
	if len(g.hashes) == 0 {
		return ""
	}
	return g.hashes[len(g.hashes)-1]
}

// take adds a line that was read or written to what the ledger knows.
func (g *Ledger) take(e Entry, line []byte) error {
	if (e.What == Begun) != (e.N == 1) {
		return errors.New("stands where it cannot")
	}
	switch e.What {
	case Begun:
		g.began = true
	case Loaded:
		if e.Seq <= g.seq || g.batches[e.ID].N > 0 {
			return fmt.Errorf("gives batch %s a number that is taken", e.ID)
		}
		g.batches[e.ID], g.manifest, g.seq = e, e.SHA256, e.Seq
	case Kept:
		g.originals[e.ID] = e
	case Forgotten:
		g.forgotten[e.ID] = e
		g.seq = max(g.seq, e.Seq) // of one that no line of this ledger loaded
		for _, id := range append(e.Originals, e.ID) {
			delete(g.originals, id)
		}
		delete(g.batches, e.ID)
		delete(g.releases, e.ID)
	case Published:
		g.releases[e.ID], g.release = e, e.SHA256
	case Pruned:
		g.pruned[e.ID] = e
		delete(g.releases, e.ID)
	case Closing, Reopening:
		g.quarters[e.ID] = e
	default:
		return fmt.Errorf("speaks of %q, which this version does not know", e.What)
	}
	g.all, g.hashes, g.size = append(g.all, e), append(g.hashes, sumOf(line)), g.size+int64(len(line))
	return nil
}

// unknown is why of a ledger nothing is known.
func (g *Ledger) unknown() string {
	if g.there {
		return "nothing can be read of the ledger " + filepath.Base(g.path)
	}
	return fmt.Sprintf("the ledger %s is missing", filepath.Base(g.path))
}

// Entries are all lines, the first one first.
func (g *Ledger) Entries() []Entry { return g.all }

// Head is what a release writes down of the ledger.
func (g *Ledger) Head() Head {
	return Head{Line: len(g.all), SHA256: g.head(), Batches: len(g.batches), Seq: g.seq}
}

// Holds reports whether the ledger has once ended as the head says.
func (g *Ledger) Holds(h Head) bool {
	return h.Line > 0 && h.Line <= len(g.hashes) && g.hashes[h.Line-1] == h.SHA256
}

// Began reports whether there is a ledger at all: a lake of an older build has none.
func (g *Ledger) Began() bool { return g.began }

// Complete reports whether there is a ledger and all of it is read: only then what it does not name was never there.
func (g *Ledger) Complete() bool { return g.began && !g.broken }

// Originals is how many originals are kept, those that were forgotten left out.
func (g *Ledger) Originals() int { return len(g.originals) }

// HasBatch reports whether the batch counts, or was forgotten for a reason.
func (g *Ledger) HasBatch(id string) bool { return g.batches[id].N > 0 || g.forgotten[id].N > 0 }

// Releases are those that should be there.
func (g *Ledger) Releases() map[string]Entry { return g.releases }

// WasRelease reports whether a release was published, and removed since.
func (g *Ledger) WasRelease(id string) bool { return g.pruned[id].N > 0 || g.forgotten[id].N > 0 }

// LastRelease is the SHA-256 of the manifest of the release published last, "" before the first.
func (g *Ledger) LastRelease() string { return g.release }

// Quarters are the newest lines of the quarters that were ever closed.
func (g *Ledger) Quarters() map[string]Entry { return g.quarters }

// append writes lines at the ledger's end, and waits until the disk has them if asked to.
// Only the holder of the run lock may call it.
func (g *Ledger) append(wait bool, entries ...Entry) (err error) {
	var text bytes.Buffer
	last, n := g.head(), len(g.all)
	var lines [][]byte
	for i := range entries {
		n++
		entries[i].N, entries[i].Previous = n, last
		line, err := encodeLine(entries[i])
		if err != nil {
			return fmt.Errorf("ledger: %w", err)
		}
		if len(line) > lineBytes {
			return fmt.Errorf("ledger: a line of %d bytes for %s", len(line), entries[i].ID)
		}
		last = sumOf(line)
		lines = append(lines, line)
		text.Write(line)
	}
	f, err := os.OpenFile(g.path, os.O_WRONLY|os.O_CREATE, durable.FileMode)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	defer f.Close()
	if g.torn {
		if err := f.Truncate(g.size); err != nil {
			return fmt.Errorf("ledger: %w", err)
		}
		g.torn = false
	}
	if _, err := f.WriteAt(text.Bytes(), g.size); err != nil {
		g.torn = f.Truncate(g.size) != nil
		return fmt.Errorf("ledger: %w", err)
	}
	if wait {
		if err := f.Sync(); err != nil {
			return fmt.Errorf("ledger: %w", err)
		}
	}
	for i, e := range entries {
		if err := g.take(e, lines[i]); err != nil {
			return fmt.Errorf("ledger: line %d %w", e.N, err)
		}
	}
	return f.Close()
}

// Sync makes all lines durable: before a release names the last one.
func (g *Ledger) Sync() error { return durable.Sync(g.path) }

// begin writes a ledger's first lines, whole or not at all. One that is there is kept beside it.
func (g *Ledger) begin(entries []Entry) error {
	if _, err := os.Lstat(g.path); err == nil {
		kept := fmt.Sprintf("%s.until-%s", g.path, entries[0].At.Format("20060102T150405"))
		if err := os.Rename(g.path, kept); err != nil {
			return fmt.Errorf("ledger: %w", err)
		}
	}
	g.reset()
	path := g.path
	g.path += ".beginning"
	defer func() { g.path = path }()
	os.Remove(g.path)
	if err := g.append(true, entries...); err != nil {
		return err
	}
	if err := os.Rename(g.path, path); err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	return durable.Sync(filepath.Dir(path))
}

func encodeLine(e Entry) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(e)
	return b.Bytes(), err
}

func sumOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
