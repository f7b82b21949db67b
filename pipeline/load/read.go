package load

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"sync"
	"syscall"

	"citykpi/pipeline/duck"
	"citykpi/pipeline/durable"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/source"
	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/place"
	"citykpi/pipeline/source/refusal"

	"golang.org/x/sync/errgroup"
)

// loader is what the files of one load share.
type loader struct {
	*intake
	bureaus map[string]bool           // that file anything
	readers map[string]*source.Reader // by jurisdiction: a district's name means the one nearby
	dbs     map[int]*duck.DB          // by threads
	mu      sync.Mutex                // guards readers and dbs
	open    openFiles
	done    int64
	total   int64
}

// database is one in memory, opened when it is first needed: of one thread where several files
// are read at a time, which would wait for each other, or of as many as there are (0).
func (ld *loader) database(ctx context.Context, threads int) (*duck.DB, error) {
	ld.mu.Lock()
	defer ld.mu.Unlock()
	if db := ld.dbs[threads]; db != nil {
		return db, nil
	}
	db, err := duck.Open(ctx, "", duck.Limits{Threads: threads})
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
		ld.readers[at] = &source.Reader{Places: place.New(ld.project.Within(at)), Units: ld.project.Units,
			NotAfter: kpi.DateOf(ld.options.Now)}
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

// readAll reads every recognised file, a few at a time, in order, and hands on what each has become.
func (ld *loader) readAll(ctx context.Context, files []file) []chan file {
	next := make([]chan file, len(files))
	for i := range next {
		next[i] = make(chan file, 1)
	}
	go func() {
		var reads errgroup.Group
		reads.SetLimit(runtime.NumCPU())
		for i, f := range files {
			r, ok := f.(*recognised)
			if !ok {
				next[i] <- f
				continue
			}
			reads.Go(func() error {
				next[i] <- ld.outcome(ctx, r)
				return nil
			})
		}
	}()
	return next
}

// outcome is what a recognised file becomes by being read. That its own bytes cannot be read is no failure of the lake's disk.
func (ld *loader) outcome(ctx context.Context, r *recognised) file {
	batch, err := ld.read(ctx, r)
	if err == nil {
		return batch
	}
	var own *fs.PathError
	if !errors.As(err, &own) || own.Path != r.original.Path {
		err = durable.Disk(err)
	}
	var disk *durable.DiskError
	if errors.As(err, &disk) {
		return &broken{r.input, disk}
	}
	return r.refuse(err)
}

// read writes the input's rows and rejects into a staged batch.
func (ld *loader) read(ctx context.Context, in *recognised) (batch *read, err error) {
	defer refusal.Panicked(in.name, &err)
	if err := ld.wake(ctx, in); err != nil {
		return nil, err
	}
	defer in.rest()
	id := lake.BatchID(in.contract.Source, in.date, in.seq)
	staged, err := ld.lake.Stage(id)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			staged.Discard()
		}
	}()
	rejects, err := durable.Create(staged.Rejects())
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", in.name, err)
	}
	defer rejects.Close()
	loading, err := in.reader.Read(ctx, in.open, in.layout, in.date, rejects)
	if err != nil {
		return nil, err
	}
	defer loading.Close()
	db, err := ld.database(ctx, in.threads())
	if err != nil {
		return nil, err
	}
	hashed := make(chan error, 1)
	go func() {
		_, err := in.open.SHA256()
		hashed <- cmp.Or(err, in.keep())
	}()
	rows, err := staged.Write(ctx, db, loading.Streams)
	var refused *refusal.Error
	var errno syscall.Errno // of the rejects; of the rows DuckDB tells
	if readErr := loading.Err(); err == nil || errors.As(readErr, &refused) || errors.As(readErr, &errno) {
		err = readErr
	}
	switch err = cmp.Or(err, <-hashed); {
	case errors.As(err, &refused):
		return nil, err // it names the file
	case err != nil:
		return nil, fmt.Errorf("load %s: %w", in.name, err)
	}
	durable.Step("parquet written")
	counts := loading.Counts()
	if rows != counts.Loaded {
		return nil, fmt.Errorf("load %s: %d rows were read and %d written", in.name, counts.Loaded, rows)
	}
	sum, err := in.open.SHA256()
	if err != nil {
		return nil, err
	}
	in.sum = sum
	m := ld.describe(in, id, loading)
	if m.Pull, err = ld.lake.PullOf(sum); err != nil {
		return nil, err
	}
	if err := rejects.Close(); err != nil {
		return nil, err
	}
	if m.Files, err = staged.Seal(); err != nil { // here, where several files are read at a time
		return nil, err
	}
	return &read{in, staged, m, kpi.FilingUnit(in.name, in.contract.Bureau, ld.bureaus), totalsOff(loading)}, nil
}

// describe is the manifest of what was read.
func (ld *loader) describe(in *recognised, id string, loading *source.Load) *lake.Manifest {
	counts := loading.Counts()
	m := &lake.Manifest{
		Batch: id, Source: in.contract.Source, Contract: in.contract.Version, Bureau: in.contract.Bureau,
		Seq: in.seq, File: in.name, SHA256: in.sum, Size: in.size, Encoding: in.result.Encoding, Sheet: in.layout.Sheets(),
		DataDate: in.date, LoadedAt: ld.options.Now,
		Read: counts.Read, Loaded: counts.Loaded, Rejected: counts.Rejected, Dropped: counts.Dropped,
		Header: in.layout.Columns, Unknown: in.layout.Unknown, Notes: loading.Notes(), Archive: in.archiveSHA256(),
		Answers: in.answers, Units: in.layout.Units,
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
