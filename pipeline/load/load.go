// Package load takes files from the inbox, and from the databases that contracts pull from, into the lake: each becomes one
// batch, is a batch already, or goes back whole with the reason.
package load

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline/duck"
	"citykpi/pipeline/durable"
	"citykpi/pipeline/inbox"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/project"
	"citykpi/pipeline/source"
)

// ErrRefused is returned by Files when files were refused or held; the others were loaded.
var ErrRefused = errors.New("files were refused or held")

// Statuses of a file after loading.
const (
	StatusLoaded  = "loaded"  // it is a batch now
	StatusKnown   = "known"   // it is a batch already
	StatusRefused = "refused" // nothing of it was loaded; Error says why
	StatusHeld    = "held"    // likewise, but it may be loaded once somebody confirms it
	StatusWaiting = "waiting" // it is still growing, and left for the next run; Error says how that was told

	// Of what a database was to be asked for; there is no file.
	StatusNothingNew = "nothing new"
	StatusNotPulled  = "not pulled" // its connection is not configured
)

// FileResult is what became of one file. Others rely on its shape.
type FileResult struct {
	File     string `json:"file"` // relative to the inbox: 市工信局/小巨人名单.xlsx
	SHA256   string `json:"sha256"`
	Source   string `json:"source"`
	Bureau   string `json:"bureau"`
	Encoding string `json:"encoding"`
	Read     int64  `json:"read"`
	Loaded   int64  `json:"loaded"`
	Rejected int64  `json:"rejected"`
	Dropped  int64  `json:"dropped"`
	BatchID  string `json:"batch_id"`
	Status   string `json:"status"`
	Error    string `json:"error"`

	at    string    // below the inbox: where it was given back
	Held  *kpi.Held `json:"-"`               // of a held file: why and what loads it, for the bureaus
	Notes []string  `json:"notes,omitempty"` // how it was read, where that is not plain
}

// Options say how files are loaded.
type Options struct {
	Now       time.Time                            // when batches are loaded
	Confirmed bool                                 // load what is odd about a file's date or rows all the same
	Clock     *inbox.Clock                         // by which files settle before they are claimed; nil: they are taken to be whole
	Loading   func(done, total int64, file string) // told how many bytes of the inbox are done; may be nil
}

// Files loads the files that somebody names, of the inbox or from elsewhere, into the lake of whoever holds the run lock; where
// nobody names any, everything in the inbox and what the databases have that is new. Each is loaded whole or
// refused whole; a refused one goes back where it was and never stops the others. What is returned is masked. Errors: ErrRefused.
func Files(ctx context.Context, p *project.Project, l *lake.Lake, names []string, o Options) ([]FileResult, error) {
	box, err := inbox.Open(p.Var("inbox"), p.Var("inbox-claimed"), p.Config.Settle, o.Clock)
	if err != nil {
		return nil, durable.Disk(err)
	}
	defer box.Close()
	i := intake{p, l, box, o}
	if len(names) == 0 {
		results, err := i.all(ctx)
		return masked(p, results), err
	}
	files, err := i.claimNamed(ctx, names)
	if err != nil {
		return nil, err
	}
	results, err := i.load(ctx, files)
	return masked(p, results), err
}

// intake is one call of Files.
type intake struct {
	project *project.Project
	lake    *lake.Lake
	inbox   *inbox.Inbox
	options Options
}

// load takes every file through, in little memory if there are many.
func (i *intake) load(ctx context.Context, files []file) ([]FileResult, error) {
	if len(files) == 0 {
		return nil, nil
	}
	if err := i.lake.Clean(); err != nil {
		return nil, err
	}
	files = expand(files)
	if len(files) > manyFiles {
		debug.SetGCPercent(30) // to the end: results as many are printed after this
	}
	return i.loadExpanded(ctx, files)
}

// manyFiles is from when on what is known of the files themselves fills memory: there is little else
// that garbage collection could be slower for.
const manyFiles = 2000

// loadExpanded looks at the files, puts all in the order of their data dates, reads several at a time
// and commits one after the other. What corrects rows comes behind what was filed with it.
func (i *intake) loadExpanded(ctx context.Context, files []file) ([]FileResult, error) {
	defer giveBackAll(files)
	ld := &loader{intake: i, bureaus: bureaus(i.project.Contracts), readers: map[string]*source.Reader{}, dbs: map[int]*duck.DB{}}
	ld.look(ctx, files)
	slices.SortStableFunc(files, func(a, b file) int {
		x, y := first(a), first(b)
		return cmp.Or(x.date.Compare(y.date), after(x.corrects, y.corrects), strings.Compare(x.name, y.name),
			after(a.base() != x, b.base() != y), strings.Compare(a.base().name, b.base().name))
	})
	defer ld.closeDatabases()
	seq := i.lake.NextSeq()
	for _, f := range files {
		if r, ok := f.(*recognised); ok { // no gaps: a run that takes up where another broke off gives the same numbers
			r.seq = seq
			seq++
		}
	}
	reading, stop := context.WithCancel(ctx)
	defer stop()
	next := ld.readAll(reading, files)
	for at := range files {
		if err := ld.finish(ctx, <-next[at]); err != nil {
			stop() // later files must not come before this one
			abandon(next[at+1:])
			return resultsOf(files[:at]), err
		}
	}
	results := resultsOf(files)
	if err := ld.tellFates(ctx, results); err != nil {
		return results, err
	}
	return results, cmp.Or(refusals(results), ctx.Err())
}

// first is the input whose bytes a file has: what becomes of a twin is known behind that.
func first(f file) *input {
	if t, ok := f.(*twin); ok {
		return t.of
	}
	return f.base()
}

// after orders what is true behind what is not.
func after(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// abandon gives up what is being read.
func abandon(next []chan file) {
	for _, c := range next {
		if r, ok := (<-c).(*read); ok {
			r.staged.Discard()
		}
	}
}

// finish commits what was read and puts its file among the originals, or gives it back. An error is
// the disk's: nothing may be loaded after it.
func (ld *loader) finish(ctx context.Context, f file) error {
	in := f.base()
	switch f := f.(type) {
	case *absent:
		return nil
	case *broken:
		return f.disk
	case *read:
		if err := ld.commit(ctx, f); err != nil {
			return err
		}
	case *twin:
		f.follow()
	}
	if in.size > 0 {
		in.result.SHA256, _ = in.hash() // computed before, but for refused files
	}
	if err := in.moveOut(ld.lake); err != nil {
		return durable.Disk(err)
	}
	if in.size > 0 && ld.options.Loading != nil {
		ld.done += in.size
		ld.options.Loading(ld.done, ld.total, in.name)
	}
	return nil
}

// commit makes a staged batch part of the lake, or refuses or holds it. An error is the disk's.
func (ld *loader) commit(ctx context.Context, r *read) error {
	defer func() {
		if r.result.Status != StatusLoaded {
			r.staged.Discard()
		}
	}()
	if err := r.original.Unchanged(cmp.Or(r.manifest.Archive, r.manifest.SHA256)); err != nil {
		r.refuse(err)
		return nil
	}
	if r.answers == nil {
		odd, err := ld.compare(ctx, r)
		switch {
		case err != nil:
			r.refuse(fmt.Errorf("load %s: %w", r.name, err))
			return nil
		case odd != nil:
			r.hold(*odd)
			return nil
		}
	}
	b, err := r.staged.Commit(*r.manifest)
	if err != nil {
		return durable.Disk(fmt.Errorf("load %s: %w", r.name, err))
	}
	r.result.Status, r.result.BatchID = StatusLoaded, b.Batch
	r.result.Read, r.result.Loaded, r.result.Rejected, r.result.Dropped = b.Read, b.Loaded, b.Rejected, b.Dropped
	r.result.Notes = b.Notes
	return nil
}

// follow makes the twin what the input before it has become.
func (t *twin) follow() {
	of := t.of.result
	t.result.Status, t.result.BatchID, t.result.Source, t.result.Bureau = StatusKnown, of.BatchID, of.Source, of.Bureau
	if t.of.failed() {
		t.refuse(fmt.Errorf(
			"%s: the same bytes as %s, which was %s. Try: take one of the two out of the inbox, and see what is said of that one",
			t.name, t.of.name, of.Status))
	}
}
