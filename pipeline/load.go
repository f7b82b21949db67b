package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"citykpi/pipeline/durable"
	"citykpi/pipeline/inbox"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/source"
	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/place"
	"citykpi/pipeline/source/refusal"
	"citykpi/pipeline/warehouse"
)

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

// noTime asks the lake for every batch.
var noTime time.Time

func openLake(p *Project) (*lake.Lake, error) { return lake.Open(p.Var("lake")) }

// Load loads the given files, or when there are none everything in the inbox and
// what the databases have that is new.
// Each file is loaded whole or refused whole; a refused one goes back where it
// was and never stops the others. Errors: ErrLocked, ErrRefused.
func Load(ctx context.Context, p *Project, files []string, o Options) ([]FileResult, error) {
	unlock, err := p.Lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	results, err := loadGiven(ctx, p, files, o)
	return p.masked(results), o.finally(err)
}

func loadGiven(ctx context.Context, p *Project, files []string, o Options) ([]FileResult, error) {
	if err := p.MakeKey(); err != nil {
		return nil, err
	}
	l, err := p.lakeToWrite(o)
	if err != nil {
		return nil, err
	}
	box, err := openInbox(p, o)
	if err != nil {
		return nil, durable.Disk(err)
	}
	defer box.Close()
	if len(files) == 0 {
		return loadNew(ctx, p, l, box, o)
	}
	inputs, err := claimNamed(ctx, p, box, files)
	if err != nil {
		return nil, err
	}
	return load(ctx, p, l, inputs, o)
}

// input is a file on its way to becoming a batch.
type input struct {
	name     string      // as its bureau has it, below the inbox
	original *inbox.File // nil: it could not be claimed
	claimed  bool        // from the inbox; it lies elsewhere if not
	zip      *archived   // that the file lies in, under the name member; nil: it is the original itself
	member   string

	file     *source.File // while it is open
	layout   *source.Layout
	reader   *source.Reader
	contract *contract.Contract
	answers  *lake.Answers // of a corrected workbook
	size     int64         // 0: it could not be opened
	encoding string        // how a CSV writes text (utf-8, gb18030), and what any other file is: xlsx, html
	date     kpi.Date      // of its data
	named    bool          // its name says that date, which its bytes do not
	corrects bool          // its rows may say what they do to earlier ones
	sum      string        // SHA-256, "" while nobody has asked
	unit     string        // who filed it
	seq      int           // of its batch
	twin     *input        // an earlier input with the same bytes
	staged   *lake.Staged
	manifest *lake.Manifest     // from when it was read until it is committed
	broken   *durable.DiskError // while it was read
	off      *oddity            // how its totals differ from its rows
	result   FileResult
	ready    chan struct{} // closed when reading has ended
}

// failed reports that nothing of the input was loaded.
func (in *input) failed() bool {
	return in.result.Status == StatusRefused || in.result.Status == StatusHeld
}

func (in *input) refuse(err error) {
	in.result.Status, in.result.Error = StatusRefused, err.Error()
}

// load takes every input through, in little memory if there are many.
func load(ctx context.Context, p *Project, l *lake.Lake, inputs []*input, o Options) ([]FileResult, error) {
	if len(inputs) == 0 {
		return nil, nil
	}
	if err := l.Clean(); err != nil {
		return nil, err
	}
	inputs = expand(inputs)
	if len(inputs) > manyFiles {
		debug.SetGCPercent(30) // to the end: results as many are printed after this
	}
	return loadAll(ctx, p, l, inputs, o)
}

// loadAll looks at the inputs, puts all in the order of their data dates, reads several at a time
// and commits one after the other. What corrects rows comes behind what was filed with it.
func loadAll(ctx context.Context, p *Project, l *lake.Lake, inputs []*input, o Options) ([]FileResult, error) {
	defer giveBackAll(inputs)
	ld := &loader{project: p, lake: l, options: o, bureaus: bureaus(p.Contracts)}
	ld.readers, ld.dbs = map[string]*source.Reader{}, map[int]*warehouse.DB{}
	ld.look(ctx, inputs)
	slices.SortStableFunc(inputs, func(a, b *input) int {
		return cmp.Or(a.date.Compare(b.date), after(a.corrects, b.corrects), strings.Compare(a.name, b.name))
	})
	defer ld.closeDatabases()
	seq := l.NextSeq()
	for _, in := range inputs {
		if in.toRead() { // no gaps: a run that takes up where another broke off gives the same numbers
			in.seq = seq
			seq++
		}
	}
	reading, stop := context.WithCancel(ctx)
	defer stop()
	ld.readAll(reading, inputs)

	for i, in := range inputs {
		<-in.ready
		if err := ld.finish(ctx, in); err != nil {
			stop() // later files must not come before this one
			ld.abandon(inputs[i:])
			return resultsOf(inputs[:i]), err
		}
	}
	results := resultsOf(inputs)
	if err := ld.tellFates(ctx, results); err != nil {
		return results, err
	}
	return results, cmp.Or(refusals(results), ctx.Err())
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

// manyFiles is from when on what is known of the files themselves fills memory: there is little else
// that garbage collection could be slower for.
const manyFiles = 2000

func resultsOf(inputs []*input) []FileResult {
	results := make([]FileResult, len(inputs))
	for i, in := range inputs {
		results[i] = in.result
	}
	return results
}

type loader struct {
	project *Project
	lake    *lake.Lake
	options Options
	bureaus map[string]bool           // that file anything
	readers map[string]*source.Reader // by jurisdiction: a district's name means the one nearby
	dbs     map[int]*warehouse.DB     // by threads
	mu      sync.Mutex                // guards readers and dbs
	open    openFiles
	done    int64
	total   int64
}

// database is one in memory, opened when it is first needed: of one thread where several files
// are read at a time, which would wait for each other, or of as many as there are (0).
func (ld *loader) database(ctx context.Context, threads int) (*warehouse.DB, error) {
	ld.mu.Lock()
	defer ld.mu.Unlock()
	if db := ld.dbs[threads]; db != nil {
		return db, nil
	}
	db, err := warehouse.Open(ctx, "", warehouse.Limits{Threads: threads})
	if err == nil {
		ld.dbs[threads] = db
	}
	return db, err
}

func (ld *loader) closeDatabases() {
	for _, db := range ld.dbs {
		db.Close()
	}
}

// reader reads the files of a contract's jurisdiction.
func (ld *loader) reader(c *contract.Contract) *source.Reader {
	at := cmp.Or(c.Jurisdiction, ld.project.Config.Region)
	ld.mu.Lock()
	defer ld.mu.Unlock()
	if ld.readers[at] == nil {
		ld.readers[at] = &source.Reader{Places: place.New(ld.project.within(at)), Units: ld.project.Units, NotAfter: kpi.DateOf(ld.options.Now)}
	}
	return ld.readers[at]
}

// largeFile is what is worth several threads of the database.
const largeFile = 64 << 20

// threads are how many of them the input's rows are written and compared with; 0 is all.
func (in *input) threads() int {
	if in.size < largeFile {
		return 1
	}
	return 0
}

// readAll stages every input that has a layout, a few at a time, in order.
func (ld *loader) readAll(ctx context.Context, inputs []*input) {
	slots := make(chan struct{}, runtime.NumCPU())
	go func() {
		for _, in := range inputs {
			if !in.toRead() {
				close(in.ready)
				continue
			}
			slots <- struct{}{}
			go func() {
				defer func() { <-slots; close(in.ready) }()
				err := ld.read(ctx, in)
				var input *fs.PathError
				if !errors.As(err, &input) || input.Path != in.original.Path {
					err = durable.Disk(err)
				}
				if errors.As(err, &in.broken) || err == nil {
					return
				}
				in.refuse(err)
			}()
		}
	}()
}

// abandon gives up what is being read.
func (ld *loader) abandon(inputs []*input) {
	for _, in := range inputs {
		<-in.ready
		if in.staged != nil && in.result.Status == "" {
			in.staged.Discard()
		}
		in.rest()
	}
}

// read writes the input's rows and rejects into a staged batch.
func (ld *loader) read(ctx context.Context, in *input) (err error) {
	if err := ld.wake(ctx, in); err != nil {
		return err
	}
	defer in.rest()
	id := lake.BatchID(in.contract.Source, in.date, in.seq)
	if in.staged, err = ld.lake.Stage(id); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			in.staged.Discard()
		}
	}()
	rejects, err := durable.Create(in.staged.Rejects())
	if err != nil {
		return fmt.Errorf("load %s: %w", in.name, err)
	}
	defer rejects.Close()
	loading, err := in.reader.Read(ctx, in.file, in.layout, in.date, rejects)
	if err != nil {
		return err
	}
	defer loading.Close()
	db, err := ld.database(ctx, in.threads())
	if err != nil {
		return err
	}
	hashed := make(chan error, 1)
	go func() {
		_, err := in.file.SHA256()
		hashed <- cmp.Or(err, in.keep())
	}()
	rows, err := db.WriteParquet(ctx, in.staged.Rows(), loading.Streams)
	var refused *refusal.Error
	var errno syscall.Errno // of the rejects; of the rows DuckDB tells
	if readErr := loading.Err(); err == nil || errors.As(readErr, &refused) || errors.As(readErr, &errno) {
		err = readErr
	}
	switch err = cmp.Or(err, <-hashed); {
	case errors.As(err, &refused):
		return err // it names the file
	case err != nil:
		return fmt.Errorf("load %s: %w", in.name, err)
	}
	durable.Step("parquet written")
	counts := loading.Counts()
	if rows != counts.Loaded {
		return fmt.Errorf("load %s: %d rows were read and %d written", in.name, counts.Loaded, rows)
	}
	sum, err := in.file.SHA256()
	if err != nil {
		return err
	}
	in.sum, in.manifest, in.off = sum, ld.describe(in, id, sum, loading), totalsOff(loading)
	if in.manifest.Pull, err = ld.lake.PullOf(sum); err != nil {
		return err
	}
	if err := rejects.Close(); err != nil {
		return err
	}
	in.manifest.Files, err = in.staged.Seal() // here, where several files are read at a time
	return err
}

// finish commits a staged batch and puts its file among the originals, or gives it back. An error is
// the disk's: nothing may be loaded after it.
func (ld *loader) finish(ctx context.Context, in *input) error {
	switch {
	case in.broken != nil:
		return in.broken
	case in.original == nil:
		return nil
	}
	if in.result.Status == "" && in.twin == nil {
		if err := in.original.Unchanged(cmp.Or(in.manifest.Archive, in.manifest.SHA256)); err != nil {
			in.staged.Discard()
			in.refuse(err)
		}
	}
	if in.size > 0 {
		in.result.SHA256, _ = in.hash() // computed before, but for refused files
	}
	if in.twin != nil {
		in.result.Status, in.result.BatchID, in.result.Source, in.result.Bureau = StatusKnown, in.twin.result.BatchID, in.twin.result.Source, in.twin.result.Bureau
		if in.twin.failed() {
			in.refuse(fmt.Errorf("%s: the same bytes as %s, which was %s", in.name, in.twin.name, in.twin.result.Status))
		}
	}
	if in.result.Status == "" && in.answers == nil {
		if err := ld.compare(ctx, in); err != nil {
			in.staged.Discard()
			in.refuse(fmt.Errorf("load %s: %w", in.name, err))
		}
	}
	if in.result.Status == "" {
		b, err := in.staged.Commit(*in.manifest)
		if err != nil {
			in.staged.Discard()
			return durable.Disk(fmt.Errorf("load %s: %w", in.name, err))
		}
		in.result.Status, in.result.BatchID = StatusLoaded, b.Batch
		in.result.Read, in.result.Loaded, in.result.Rejected, in.result.Dropped = b.Read, b.Loaded, b.Rejected, b.Dropped
		in.result.Notes = b.Notes
	}
	in.manifest, in.staged = nil, nil // the lake has it
	if err := in.moveOut(ld.lake); err != nil {
		return durable.Disk(err)
	}
	if in.size > 0 && ld.options.Watch.Loading != nil {
		ld.done += in.size
		ld.options.Watch.Loading(ld.done, ld.total, in.name)
	}
	return nil
}

func (ld *loader) describe(in *input, id, sum string, loading *source.Load) *lake.Manifest {
	counts := loading.Counts()
	m := &lake.Manifest{
		Batch: id, Source: in.contract.Source, Contract: in.contract.Version, Bureau: in.contract.Bureau,
		Seq: in.seq, File: in.name, SHA256: sum, Size: in.size, Encoding: in.encoding, Sheet: in.layout.Sheets(),
		DataDate: in.date, LoadedAt: ld.options.Now,
		Read: counts.Read, Loaded: counts.Loaded, Rejected: counts.Rejected, Dropped: counts.Dropped,
		Header: in.layout.Columns, Unknown: in.layout.Unknown, Notes: loading.Notes(), Archive: in.archiveSHA256(), Answers: in.answers, Units: in.layout.Units,
	}
	for _, f := range in.layout.Contract.Schema().Fields() {
		m.Columns = append(m.Columns, f.Name)
	}
	for _, d := range loading.Dropped() {
		m.Reasons = append(m.Reasons, lake.Dropped{Reason: d.Reason, Rows: d.Count, First: d.Rows})
	}
	m.Personal = loading.Personal()
	m.Notes = append(m.Notes, personalNotes(m.Personal)...)
	return m
}
