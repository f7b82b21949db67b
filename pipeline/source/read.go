package source

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/convert"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/personal"
	"citykpi/pipeline/source/place"
	"citykpi/pipeline/source/refusal"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// Reader reads exports. Its fields are not changed while it works.
type Reader struct {
	Contracts []*contract.Contract
	Places    *place.Index
	Units     map[string]int64  // data/units.yaml, money: what one of each unit is worth in 元
	Workers   int               // streams per CSV; 0: one, which DuckDB's threads pull in turn, in order and in a third of the memory
	DataDate  kpi.Date          // of the file, where it is known; zero: the contract says where the file says it
	NotAfter  kpi.Date          // later days cannot be a data date found in a column; zero: no bound
	Kept      map[string]string // what the marks in a return workbook stand for, see kpi.KeptCell
	Memory    memory.Allocator  // of the batches; nil: buffers that serve again
}

// smallFile is what is not worth a second stream.
const smallFile = 4 * grid.ChunkSize

// sources cuts the table below the header into parts in row order.
func (l *Layout) sources(ctx context.Context, workers int) ([]grid.Source, error) {
	f := l.file
	if l.sheet != nil {
		b, err := f.bookFor(l.Contract)
		if err != nil {
			return nil, err
		}
		src, err := l.fillDown(ctx, b)
		return []grid.Source{src}, err
	}
	if f.length-l.body < smallFile {
		workers = 1
	}
	body := f.body(l.Contract.Format, l.body, l.HeaderRow+1, workers)
	var out []grid.Source
	for i := range workers {
		out = append(out, body.Part(i))
	}
	return out, nil
}

// Load is one file on its way through Read. Drain every stream, in any order
// or at once, then look at Err: nil means that every row is accounted for and
// the rejects are complete. Close it in any case.
type Load struct {
	Contract *contract.Contract
	File     *File
	Layout   *Layout
	DataDate kpi.Date

	// Streams are the loaded rows in the contract's schema; stream after stream
	// they are in the file's row order. Together they hold at most a chunk each.
	Streams []array.RecordReader

	streams []*stream
	rejects io.Writer

	mu     sync.Mutex
	open   int
	err    error
	closed bool
}

// Read starts reading f as l says. dataDate
// bounds the columns that may not be later than the data; it is l.DataDate
// unless the operator knows better. Rejected rows go to rejects as NDJSON of
// Reject, in row order. Nothing is read before the first stream is pulled.
func (r *Reader) Read(ctx context.Context, f *File, l *Layout, dataDate kpi.Date, rejects io.Writer) (*Load, error) {
	if l.file != f {
		return nil, fmt.Errorf("read %s: the layout is of %s", f.Name, l.file.Name)
	}
	if len(l.Contract.Region) > 0 && (r.Places == nil || r.Places.Jurisdiction() == "") {
		return nil, fmt.Errorf("read %s: contract %s derives regions, but no jurisdiction is configured", f.Name, l.Contract.Source)
	}
	mem := r.Memory
	if mem == nil {
		mem = &convert.Recycler{}
	}
	out := &Load{Contract: l.Contract, File: f, Layout: l, DataDate: dataDate, rejects: rejects}
	for _, table := range l.all() {
		sources, err := table.sources(ctx, max(r.Workers, 1))
		if err != nil {
			return nil, err
		}
		p := convert.NewPlan(&table.Table, r.Places, dataDate, r.Kept)
		for _, src := range sources {
			out.addStream(ctx, src, p, mem)
		}
	}
	out.open = len(out.streams)
	return out, nil
}

// addStream makes a stream of one part. The rejects of all but the first wait for their turn.
func (l *Load) addStream(ctx context.Context, src grid.Source, p *convert.Plan, mem memory.Allocator) {
	s := &stream{load: l, ctx: ctx, source: src}
	s.references.Store(1)
	w := l.rejects
	if len(l.streams) > 0 {
		s.spool = &spool{}
		w = s.spool
	}
	s.convert = convert.New(p, src, mem, w)
	l.streams = append(l.streams, s)
	l.Streams = append(l.Streams, s)
}

// Counts adds up what the streams have read so far.
func (l *Load) Counts() convert.Counts { return convert.CountsOf(l.converters()) }

// converters are those of all streams.
func (l *Load) converters() []*convert.Converter {
	out := make([]*convert.Converter, len(l.streams))
	for i, s := range l.streams {
		out[i] = s.convert
	}
	return out
}

// Dropped lists the reasons for which rows were dropped, each with its first rows.
func (l *Load) Dropped() []convert.Drop { return convert.DroppedBy(l.converters()) }

// Totals compares what every total row says with its rows, in the order of the
// file. Complete once every stream is drained.
func (l *Load) Totals() []convert.Total { return convert.Totals(l.converters()) }

// Personal lists the columns in which identity numbers were found although the contract
// does not call them personal, in the contract's order; empty, not nil, if there are none.
func (l *Load) Personal() []personal.Column { return convert.Sighted(l.converters()) }

// Err is the first error of a stream. Before every stream is drained it may still be nil.
func (l *Load) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err == nil && l.open > 0 {
		return fmt.Errorf("read %s: %d of %d streams are not drained", l.File.Name, l.open, len(l.streams))
	}
	return l.err
}

// Close ends what still runs and gives the memory back. The batches handed out stay valid.
func (l *Load) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	l.closed = true
	for _, s := range l.streams {
		s.finish()
		if s.spool != nil {
			s.spool.close()
		}
	}
}

// drained is called once by each stream at its end; the last one completes the rejects.
func (l *Load) drained(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open--
	if l.err == nil {
		l.err = err
	}
	if l.open > 0 || l.err != nil {
		return
	}
	for _, s := range l.streams {
		if s.spool != nil && l.err == nil {
			l.err = s.spool.drain(l.rejects)
		}
	}
	if l.err == nil {
		l.err = l.checkMerges()
	}
	if l.err == nil {
		l.err = l.File.unchanged()
	}
}

// stream is one part of a load as an array.RecordReader. It works when it is
// pulled, on the caller's goroutine. It is safe to pull several streams of a
// load at once, each from one goroutine.
type stream struct {
	load       *Load
	ctx        context.Context
	source     grid.Source
	convert    *convert.Converter
	spool      *spool
	references atomic.Int64
	batch      arrow.RecordBatch
	done       bool
	err        error
}

func (s *stream) Schema() *arrow.Schema          { return s.load.Contract.Schema() }
func (s *stream) RecordBatch() arrow.RecordBatch { return s.batch }
func (s *stream) Record() arrow.RecordBatch      { return s.batch }
func (s *stream) Err() error                     { return s.err }
func (s *stream) Retain()                        { s.references.Add(1) }

// Release gives the last batch back; with the last reference the stream ends.
func (s *stream) Release() {
	if s.references.Add(-1) == 0 {
		s.finish()
	}
}

func (s *stream) finish() {
	s.dropBatch()
	s.convert.Close() // of a stream that was not drained: its load fails for that
	s.source.Close()
}

func (s *stream) dropBatch() {
	if s.batch != nil {
		s.batch.Release()
		s.batch = nil
	}
}

// Next reads chunks until one has rows to load.
func (s *stream) Next() bool {
	s.dropBatch()
	for !s.done {
		batch, more, err := s.chunk()
		s.batch = batch
		if !more || err != nil {
			err = cmp.Or(err, s.convert.Close())
			s.done, s.err = true, err
			s.load.drained(err)
		}
		if s.batch != nil {
			return true
		}
	}
	return false
}

// chunk reads one. DuckDB pulls streams, and has no way out for a panic.
func (s *stream) chunk() (batch arrow.RecordBatch, more bool, err error) {
	defer refusal.Panicked(s.load.File.Name, &err)
	return s.convert.Next(s.ctx, s.source)
}
