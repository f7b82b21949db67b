package lake

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline/durable"
	"citykpi/pipeline/source"
)

// forgottenDir keeps what was given up: nothing is ever deleted.
const forgottenDir = "forgotten"

// Recover brings ledger and lake in step after a run that died: it writes the lines of
// batches and originals that have none, and moves away what was forgotten. The first time it
// begins the ledger; others, which may be nil, then gives the lines of what else is there
// already, releases and closed quarters. Only the holder of the run lock may call it, with a lake that is whole.
func (l *Lake) Recover(now time.Time, others func() ([]Entry, error)) error {
	if !l.ledger.began {
		var list []Entry
		if others != nil {
			var err error
			if list, err = others(); err != nil {
				return err
			}
		}
		return l.begin(Entry{What: Begun, At: now}, list)
	}
	var entries []Entry
	for _, b := range l.pending {
		entries = append(entries, b.line())
	}
	kept, err := l.unnoted()
	if err != nil {
		return err
	}
	if entries = append(entries, kept...); len(entries) > 0 {
		if err := l.ledger.append(false, entries...); err != nil {
			return err
		}
	}
	l.pending = nil
	return l.finishForgetting()
}

// Begin starts a ledger over from what lies there, for a reason. What was forgotten stays
// so, as far as the ledger before can be read.
func (l *Lake) Begin(now time.Time, reason string, others []Entry) error {
	var given []Entry
	for _, e := range l.ledger.all {
		if e.What == Forgotten && l.ledger.forgotten[e.ID].N == e.N {
			e.Found = true
			given = append(given, e)
		}
	}
	return l.begin(Entry{What: Begun, At: now, Reason: reason}, append(given, others...))
}

func (l *Lake) begin(first Entry, others []Entry) error {
	entries := []Entry{first}
	for _, b := range l.batches {
		e := b.line()
		if e.Found = true; b.Files == nil {
			var err error
			if e.Files, err = hashFiles(b.Dir); err != nil {
				return fmt.Errorf("begin the ledger: %w", err)
			}
		}
		entries = append(entries, e)
	}
	kept, err := l.keptFiles(nil, true)
	if err != nil {
		return err
	}
	if err := durable.MakeDir(filepath.Dir(l.ledger.path)); err != nil {
		return fmt.Errorf("begin the ledger: %w", err)
	}
	l.pending = nil
	return l.ledger.begin(slices.Concat(entries, kept, others))
}

// line is what the ledger says of a batch.
func (b Batch) line() Entry {
	return Entry{What: Loaded, ID: b.Batch, Source: b.Source, Seq: b.Seq, At: b.LoadedAt, SHA256: b.hash}
}

// original is the hash of the file that was kept of a batch: the export, or the ZIP it came in.
func (b Batch) original() string {
	if b.Archive != "" {
		return b.Archive
	}
	return b.SHA256
}

// unnoted are the lines of originals that came to be kept by a run that died right then: of
// batches that no original is noted for.
func (l *Lake) unnoted() ([]Entry, error) {
	noted := map[string]bool{}
	for _, e := range l.ledger.all {
		if e.What == Kept {
			noted[e.SHA256] = true
		}
	}
	var shelves []string
	for _, b := range l.batches {
		if sum := b.original(); !noted[sum] && !slices.Contains(shelves, sum[:16]) {
			shelves = append(shelves, sum[:16])
		}
	}
	if shelves == nil {
		return nil, nil
	}
	return l.keptFiles(shelves, true)
}

// keptFiles are the lines of all originals on some shelves; nil means on all. rename gives those whose
// names no line can hold the names that Archive would have given them: an older build did not.
func (l *Lake) keptFiles(shelves []string, rename bool) (list []Entry, err error) {
	root := filepath.Join(l.root, originalsDir)
	if shelves == nil {
		all, err := readDir(root)
		if err != nil {
			return nil, fmt.Errorf("read originals: %w", err)
		}
		for _, e := range all {
			if e.IsDir() {
				shelves = append(shelves, e.Name())
			}
		}
	}
	whole := map[string]string{} // the hashes that name shelves by their first digits
	for _, b := range l.batches {
		whole[b.original()[:16]] = b.original()
	}
	for _, shelf := range shelves {
		files, err := readDir(filepath.Join(root, shelf))
		if err != nil {
			return nil, fmt.Errorf("read originals: %w", err)
		}
		for _, f := range files {
			info, err := f.Info()
			if err != nil {
				return nil, fmt.Errorf("read originals: %w", err)
			}
			if strings.HasPrefix(f.Name(), ".") || !info.Mode().IsRegular() {
				continue
			}
			name := f.Name()
			if utf := shelfName(name); rename && utf != name {
				if err := durable.Move(filepath.Join(root, shelf, name), filepath.Join(root, shelf, utf)); err != nil {
					return nil, fmt.Errorf("name an original in UTF-8: %w", err)
				}
				name = utf
			}
			e := Entry{What: Kept, ID: keptID(shelf, name), SHA256: whole[shelf], Size: info.Size()}
			if e.SHA256 == "" {
				got, err := HashFile(filepath.Join(root, shelf, name))
				if err != nil {
					return nil, fmt.Errorf("read originals: %w", err)
				}
				e.SHA256 = got.SHA256
			}
			list = append(list, e)
		}
	}
	return list, nil
}

// shelfName is what a bureau's file is called among the originals. The ledger's lines are JSON, which holds
// UTF-8 only: a name of GB 18030 would come back from it as that of no file. Two names that become one on a
// shelf are of the same bytes.
func shelfName(name string) string {
	text, _ := source.NameText(name)
	return durable.FileName(text, "")
}

func keptID(shelf, name string) string { return originalsDir + "/" + shelf + "/" + name }

// keep notes an original that has come to its shelf.
func (l *Lake) keep(path, sha256 string) error {
	if !l.ledger.began {
		return nil // Recover finds it
	}
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	return l.ledger.append(false, Entry{What: Kept, ID: keptID(filepath.Base(filepath.Dir(path)), filepath.Base(path)),
		SHA256: sha256, Size: info.Size()})
}

// Record writes a line and waits until it is on the disk. Only the holder of the run lock may call it.
func (l *Lake) Record(e Entry) error { return l.ledger.append(true, e) }

// Ledger is the lake's.
func (l *Lake) Ledger() *Ledger { return l.ledger }

// ErrUnknown is returned by Forget for what is in no record.
var ErrUnknown = errors.New("no batch, original or release of that name. Try: citykpi lake log")

// Forget gives up a batch, an original or a release for a reason that is kept. What is left of
// it goes to the folder forgotten and counts no more; a batch's number is never given again.
// Of what was forgotten before, and has lost bytes since, it records that. seq is that of a batch which only releases remember, else 0.
func (l *Lake) Forget(id, reason string, seq int, now time.Time) error {
	g := l.ledger
	e := Entry{What: Forgotten, ID: id, At: now, Reason: reason, Seq: seq}
	batch, isBatch := g.batches[id]
	_, isOriginal := g.originals[id]
	before, wasForgotten := g.forgotten[id]
	switch {
	case isBatch:
		e.Source, e.Seq, e.SHA256 = batch.Source, batch.Seq, batch.SHA256
		e.Originals = l.onlyOf(id)
	case isOriginal:
		e.Originals = []string{id}
	case wasForgotten:
		var lost bool
		if e, lost = l.forgetAgain(before); !lost {
			return fmt.Errorf("forget %s: it is forgotten already, and what was left of it is kept: %w", id, ErrUnknown)
		}
		e.At, e.Reason = now, reason
		return g.append(true, e)
	case g.releases[id].N == 0 && seq == 0:
		return fmt.Errorf("forget %s: %w", id, ErrUnknown)
	}
	names := e.Originals
	if isBatch {
		names = append(slices.Clone(names), path.Join(batch.Source, id))
	}
	e.Files = l.lasting(names)
	if err := g.append(true, e); err != nil {
		return err
	}
	durable.Step("forgotten")
	for _, kept := range e.Originals {
		if err := l.putAway(filepath.FromSlash(kept)); err != nil {
			return err
		}
	}
	if isBatch {
		return l.putAway(filepath.Join(batch.Source, id))
	}
	return nil
}

// onlyOf are the originals that no batch but this one came from.
func (l *Lake) onlyOf(id string) (list []string) {
	i := slices.IndexFunc(l.batches, func(b Batch) bool { return b.Batch == id })
	if i < 0 {
		return nil // its manifest cannot be read: what it came from stays
	}
	sum := l.batches[i].original()
	if slices.ContainsFunc(l.batches, func(b Batch) bool { return b.Batch != id && b.original() == sum }) {
		return nil
	}
	for _, e := range l.ledger.all {
		if e.What == Kept && e.SHA256 == sum && l.ledger.originals[e.ID].N == e.N {
			list = append(list, e.ID)
		}
	}
	return list
}

// putAway moves a batch's folder or an original, as far as it is there, to what was forgotten.
func (l *Lake) putAway(name string) error {
	to := filepath.Join(l.root, forgottenDir, name)
	if err := durable.MakeDir(filepath.Dir(to)); err != nil {
		return fmt.Errorf("forget %s: %w", name, err)
	}
	err := os.Rename(filepath.Join(l.root, name), to)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("forget %s: %w", name, err)
	}
	return durable.Sync(filepath.Dir(to))
}
