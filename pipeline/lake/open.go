package lake

import (
	"cmp"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline/durable"
)

// manifestBytes is what a manifest may be at most. It names every row that a
// returned workbook answers, of which a sheet holds a million.
const manifestBytes = 128 << 20

// DamagedError lists what of the lake is not as it was left, one line for each.
type DamagedError struct{ Problems []error }

func (e *DamagedError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

func (e *DamagedError) Unwrap() error { return ErrDamaged }

// Damaged is the error of problems, nil of none.
func Damaged(problems []error) error {
	if len(problems) == 0 {
		return nil
	}
	return &DamagedError{problems}
}

// problem names what is damaged and how it may be put right. What this user merely may not read
// is not lost: nothing of it is to be given up.
func problem(id string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("lake: %s: %w. Try: chown it to the user citykpi runs as, with all that lies in var", id, plainError(err))
	}
	return fmt.Errorf("lake: %s: %w. Try: restore it from a backup; if there is none: citykpi lake forget %s --reason '…'", id,
		plainError(err), id)
}

// plainError takes the path of this machine out of a file's error where the name was said already.
func plainError(err error) error {
	var of *fs.PathError
	if errors.As(err, &of) {
		return fmt.Errorf("%s: %w", filepath.Base(of.Path), of.Err)
	}
	return err
}

// Open reads the ledger and every manifest under root, which need not exist yet. A
// *DamagedError comes with the lake of all that is whole: what only shows the lake
// goes on with it and says so, what adds to it or publishes does not. Any other error
// comes with no lake.
func Open(root string) (*Lake, error) {
	l := &Lake{root: root, bySHA: map[string][]Batch{}, lost: map[string]bool{}}
	var err error
	if l.ledger, err = ReadLedger(root); err != nil {
		l.problems = append(l.problems, err)
	}
	r := reading{lake: l, at: map[string]bool{}, bad: map[string]bool{}}
	if err := r.sources(); err != nil {
		return nil, err
	}
	r.missing()
	r.unrecorded()
	r.originals()
	return l, Damaged(l.problems)
}

// OpenAnew opens a lake whose ledger is lost or damaged, by what its folders say; what was
// forgotten as far as the ledger can be read stays so.
func OpenAnew(root string) (*Lake, error) {
	l := &Lake{root: root, bySHA: map[string][]Batch{}, lost: map[string]bool{}}
	before, _ := ReadLedger(root)
	l.ledger = &Ledger{path: before.path}
	l.ledger.reset()
	l.ledger.forgotten = before.forgotten
	r := reading{lake: l, at: map[string]bool{}, bad: map[string]bool{}, anew: true}
	if err := r.sources(); err != nil {
		return nil, err
	}
	r.unrecorded()
	l.ledger = before
	return l, Damaged(l.problems)
}

// readDir is os.ReadDir of a folder that need not be there.
func readDir(path string) ([]fs.DirEntry, error) {
	list, err := os.ReadDir(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return list, err
}

// reading is Open at work.
type reading struct {
	lake  *Lake
	at    map[string]bool // batches of the ledger whose folder was seen, whole or not
	bad   map[string]bool // sources whose folder cannot be read
	found []Batch         // that no line of the ledger names
	anew  bool            // the ledger is no witness
}

func (r *reading) problem(err error) { r.lake.problems = append(r.lake.problems, err) }

// sources reads the folders of all sources.
func (r *reading) sources() error {
	list, err := readDir(r.lake.root)
	if err != nil {
		return fmt.Errorf("read lake: %w. Try: let the user citykpi runs as read it, or see whether the disk is failing (dmesg)", err)
	}
	for _, e := range list {
		switch name := e.Name(); {
		case name == stagingDir, name == originalsDir, name == pullsDir, name == forgottenDir, name == "lost+found",
			strings.HasPrefix(name, "."):
		case e.IsDir():
			r.source(name)
		}
	}
	return nil
}

// source reads the batches of one folder.
func (r *reading) source(name string) {
	dir := filepath.Join(r.lake.root, name)
	batches, err := os.ReadDir(dir)
	if err != nil {
		r.bad[name] = true
		r.problem(fmt.Errorf("lake: %s: %w. "+
			"Try: let the user citykpi runs as read that folder, or see whether the disk is failing (dmesg)", name, plainError(err)))
		return
	}
	for _, e := range batches {
		id := e.Name()
		recorded, known := r.lake.ledger.batches[id]
		switch {
		case strings.HasPrefix(id, "."), !e.IsDir() && !known:
			continue
		case r.lake.ledger.forgotten[id].N > 0 && !known:
			r.lake.unmoved = append(r.lake.unmoved, filepath.Join(name, id))
			continue
		case known && recorded.Source != name:
			r.problem(fmt.Errorf("lake: %s/%s: a copy of a batch of %s. Try: move it out of the lake", name, id, recorded.Source))
			continue
		case known && !e.IsDir():
			continue // missing says so
		case known:
			r.at[id] = true
		}
		b, err := readBatch(filepath.Join(dir, id))
		if err == nil {
			err = b.placed(name, id)
		}
		switch {
		case err == nil && known:
			err = r.lake.asRecorded(b, recorded)
		case err == nil:
			r.found = append(r.found, b)
			continue
		case !known:
			r.problem(fmt.Errorf("lake: %s/%s: %w. "+
				"Try: restore it from a backup, or move the folder out of the lake if it does not belong there", name, id, plainError(err)))
			continue
		}
		if err != nil {
			r.problem(problem(id, err))
			continue
		}
		r.lake.add(b)
	}
}

// readBatch reads a batch's manifest.
func readBatch(dir string) (Batch, error) {
	b := Batch{Dir: dir}
	text, err := durable.ReadRegular(filepath.Join(dir, manifestFile), manifestBytes)
	if err != nil {
		return b, err
	}
	b.hash = sumOf(text)
	if err := json.Unmarshal(text, &b.Manifest); err != nil {
		return b, fmt.Errorf("%s: %w", manifestFile, err)
	}
	if err := b.validate(); err != nil {
		return b, fmt.Errorf("%s: %w", manifestFile, err)
	}
	return b, nil
}

// placed reports a folder that is not where its manifest says it lies.
func (b Batch) placed(source, id string) error {
	if b.Source != source || b.Batch != id {
		return fmt.Errorf("%s says it is batch %q of source %q", manifestFile, b.Batch, b.Source)
	}
	return nil
}

// asRecorded holds a batch against its line: the manifest to the byte, its files by their size.
func (l *Lake) asRecorded(b Batch, recorded Entry) error {
	if b.hash != recorded.SHA256 {
		return fmt.Errorf("%s is not the one of %s: it was changed", manifestFile, recorded.At.Format(time.DateTime))
	}
	return b.present(l.files(b))
}

// files are the batch's files as they were when it was loaded, or taken over.
func (l *Lake) files(b Batch) map[string]File {
	if b.Files != nil {
		return b.Files
	}
	return l.ledger.batches[b.Batch].Files
}

// present reports a file that is missing or has another size.
func (b Batch) present(files map[string]File) error {
	for _, name := range []string{rowsFile, rejectsFile} {
		want, known := files[name]
		if err := hasSize(filepath.Join(b.Dir, name), want.Size, known); err != nil {
			return err
		}
	}
	return nil
}

func hasSize(path string, size int64, known bool) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s is missing", filepath.Base(path))
	case err != nil:
		return plainError(err)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is no regular file", filepath.Base(path))
	case known && info.Size() != size:
		return fmt.Errorf("%s has %d bytes, it had %d", filepath.Base(path), info.Size(), size)
	}
	return nil
}

// missing reports batches of the ledger whose folder is not there.
func (r *reading) missing() {
	g := r.lake.ledger
	for _, e := range g.all {
		if e.What != Loaded || g.batches[e.ID].N != e.N || r.at[e.ID] || r.bad[e.Source] || r.putAway(filepath.Join(e.Source, e.ID)) {
			continue
		}
		r.problem(problem(e.ID, fmt.Errorf("its folder %s is missing", filepath.Join(e.Source, e.ID))))
	}
}

// unrecorded judges batches that no line names: those of a run that died before it had
// written the lines follow the last one in order, and all of an older build's lake do.
func (r *reading) unrecorded() {
	l := r.lake
	slices.SortFunc(r.found, func(a, b Batch) int { return cmp.Or(cmp.Compare(a.Seq, b.Seq), strings.Compare(a.Batch, b.Batch)) })
	last, seq := l.ledger.manifest, l.ledger.seq
	for _, b := range r.found {
		var err error
		switch {
		case b.Seq <= seq:
			err = fmt.Errorf("its number %d is taken", b.Seq)
		case r.anew, !l.ledger.began && b.Previous == "" && b.Files == nil: // an older build's
			err = b.present(b.Files)
		case !l.ledger.began:
			err = fmt.Errorf("%s, which knew it", l.ledger.unknown())
		case b.Previous != last && l.ledger.broken:
			continue // it may stand behind the damage, which is said
		case b.Previous != last:
			err = errors.New("the ledger does not know it")
		default:
			err = b.present(b.Files)
		}
		switch {
		case err != nil && !l.ledger.began && b.Files != nil:
			r.problem(fmt.Errorf("lake: %s: %w. "+
				"Try: restore the ledger from a backup, or citykpi lake begin --reason '…' to take what lies there for the truth",
				b.Batch, err))
			continue
		case err != nil:
			r.problem(fmt.Errorf("lake: %s/%s: %w. "+
				"Try: move the folder out of the lake, and restore what belongs there from a backup", b.Source, b.Batch, err))
			continue
		}
		l.add(b)
		l.pending = append(l.pending, b)
		last, seq = b.hash, b.Seq
	}
}

// putAway reports whether something is with what was forgotten, which only a line behind the ledger's damage says.
func (r *reading) putAway(name string) bool {
	if !r.lake.ledger.broken {
		return false
	}
	_, err := os.Stat(filepath.Join(r.lake.root, forgottenDir, name))
	return err == nil
}

// originals reports bureaus' files that are not kept any more.
func (r *reading) originals() {
	g := r.lake.ledger
	for _, e := range g.all {
		if e.What != Kept || g.originals[e.ID].N != e.N || r.putAway(filepath.FromSlash(e.ID)) {
			continue
		}
		if err := hasSize(filepath.Join(r.lake.root, filepath.FromSlash(e.ID)), e.Size, true); err != nil {
			r.lake.lost[e.ID] = true
			r.problem(problem("'"+e.ID+"'", err))
		}
	}
}

func hexSum(s string) bool {
	raw, err := hex.DecodeString(s)
	return err == nil && len(raw) == 32
}
