package xlsx

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync/atomic"

	"citykpi/pipeline/source/book"
	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/refusal"
)

// source reads the rows of a worksheet below a row. A goroutine unpacks
// the next chunk while this one is scanned; it ends with the context or close.
type source struct {
	book   *Book
	sheet  *book.Sheet
	after  int64 // rows up to it are skipped
	width  int   // cells further right are not read; 0: all are
	filled atomic.Int64
	cancel context.CancelFunc
	chunks chan sheetChunk
	back   chan []byte
	done   chan struct{}

	scanner scanner
	handed  int64 // the last row that was handed on
	merges  []book.Merged
	hidden  book.HiddenRows
	columns book.HiddenColumns
	tail    []byte
	sawEnd  bool
}

type sheetChunk struct {
	xml   []byte
	odd   bool
	plain bool
	last  bool
	err   error
}

func (s *source) start(ctx context.Context) error {
	in, err := s.book.openSheet(s.sheet.Part, &s.filled)
	if err != nil {
		return err
	}
	if s.sheet.Odd {
		if in, err = s.rewritten(ctx, in); err != nil {
			return err
		}
	}
	s.run(ctx, in)
	return nil
}

// errPieces is of a sheet some of whose rows were handed on before their other cells were met.
var errPieces = errors.New("rows come in pieces")

// rewritten is an odd sheet's XML as the scanner wants it.
func (s *source) rewritten(ctx context.Context, in io.ReadCloser) (io.ReadCloser, error) {
	defer in.Close()
	plain, err := utf8XML(in)
	if err != nil {
		return nil, err
	}
	text, inOrder, err := rewriteSheet(ctx, plain)
	switch {
	case err != nil:
		return nil, err
	case !inOrder && s.handed > 0:
		return nil, errPieces
	}
	return io.NopCloser(bytes.NewReader(text)), nil
}

// Next implements grid.Source. A sheet that the scanner cannot read is read again, from the
// row where it stopped, as it is rewritten.
func (s *source) Next(ctx context.Context, sink grid.Sink) (bool, error) {
	more, err := s.chunk(ctx, sink)
	if s.sheet.Odd || !errors.Is(err, refusal.ErrWorkbook) && !errors.Is(err, refusal.ErrTruncated) {
		return more, err
	}
	s.Close()
	s.sheet.Odd, s.after = true, max(s.after, s.handed)
	s.cancel, s.chunks, s.tail, s.merges, s.sawEnd = nil, nil, nil, nil, false
	again := s.start(ctx)
	var refused *refusal.Error
	switch {
	case again == nil:
		return true, nil
	case errors.Is(again, errPieces):
		return false, &refusal.Error{File: s.book.name, Sheet: s.sheet.Name, Row: s.handed, Err: refusal.ErrWorkbook,
			Detail: again.Error(), Try: refusal.Resave, Again: true}
	case errors.As(again, &refused), ctx.Err() != nil:
		return false, again
	}
	return false, err
}

// run unpacks and checks chunk after chunk on a goroutine.
func (s *source) run(ctx context.Context, in io.ReadCloser) {
	ctx, s.cancel = context.WithCancel(ctx)
	s.chunks, s.back, s.done = make(chan sheetChunk, 1), make(chan []byte, 3), make(chan struct{})
	s.scanner = scanner{strings: &s.book.strings, dates: s.book.styles.Kinds, scripts: s.book.scripts, width: s.width}
	x := &xmlChunks{book: s.book, part: s.sheet.Part, in: in, tag: []byte("</row>")}
	s.scanner.styles = &s.book.styles
	go func() {
		defer close(s.done)
		defer in.Close()
		defer close(s.chunks)
		for {
			var buf []byte
			select {
			case buf = <-s.back:
			default:
			}
			xml, last, err := x.next(buf)
			select {
			case s.chunks <- sheetChunk{xml, x.odd, x.plain, last, err}:
			case <-ctx.Done():
				return
			}
			if last || err != nil {
				return
			}
		}
	}()
}

func (s *source) Merged() []book.Merged       { return s.merges }
func (s *source) HiddenRows() book.HiddenRows { return s.hidden }

func (s *source) HiddenColumns() book.HiddenColumns { return s.columns }

// Close ends the unpacking goroutine and waits for it.
func (s *source) Close() {
	if s.cancel != nil {
		s.cancel()
		<-s.done
	}
}

// chunk hands on the rows of one chunk.
func (s *source) chunk(ctx context.Context, sink grid.Sink) (bool, error) {
	if s.chunks == nil {
		if err := s.start(ctx); err != nil {
			return false, err
		}
	}
	var c sheetChunk
	select {
	case <-ctx.Done():
		return false, ctx.Err()
	case got, ok := <-s.chunks:
		if !ok {
			return false, ctx.Err()
		}
		c = got
	}
	if c.err != nil {
		return false, c.err
	}
	if s.sawEnd {
		s.tail = append(s.tail, c.xml...)
	} else if err := s.rows(c, sink); err != nil {
		return false, err
	}
	if c.last {
		return false, s.finish()
	}
	select {
	case s.back <- c.xml:
	default:
	}
	return true, nil
}

func (s *source) rows(c sheetChunk, sink grid.Sink) error {
	b := c.xml
	if c.last { // what follows the last row
		if i := bytes.LastIndex(b, []byte("</sheetData>")); i >= 0 {
			s.sawEnd = true
			s.tail = append(s.tail, b[i:]...)
			b = b[:i]
		} else if bytes.Contains(b, []byte("<sheetData/>")) {
			s.sawEnd = true
		}
	}
	if s.scanner.row == 0 {
		s.lookAbove(b)
	}
	sink.Begin(countRows(b), c.odd || s.book.strings.Odd)
	s.scanner.chunk(b, c.plain)
	for {
		ok, err := s.scanner.next()
		s.filled.Store(s.scanner.filled)
		if err != nil {
			return &refusal.Error{File: s.book.name, Sheet: s.sheet.Name, Err: refusal.ErrWorkbook, Detail: err.Error(),
				Try: refusal.Resave}
		}
		if !ok {
			return nil
		}
		if s.scanner.row > s.after {
			if s.scanner.hidden && !grid.Empty(s.scanner.cells) {
				s.hidden.Add(s.scanner.row)
			}
			sink.Row(s.scanner.row, s.scanner.cells, s.scanner.kinds)
			s.handed = s.scanner.row
		}
	}
}

// countRows counts <row by its rarest letter: most of a sheet's XML is < and digits.
func countRows(b []byte) int {
	n := 0
	for at := 0; ; at++ {
		i := bytes.IndexByte(b[at:], 'w')
		if i < 0 {
			return n
		}
		if at += i; at >= 3 && string(b[at-3:at]) == "<ro" {
			n++
		}
	}
}

const maxTail = 64 << 20

// finish checks that the sheet is whole and collects ranges merged across rows.
func (s *source) finish() error {
	if !s.sawEnd {
		return &refusal.Error{File: s.book.name, Sheet: s.sheet.Name, Err: refusal.ErrTruncated, Detail: "the sheet ends early",
			Try: refusal.Resend}
	}
	if len(s.tail) > maxTail {
		return s.book.refuse(refusal.ErrTooLarge, "what follows the table", refusal.Resave)
	}
	b := s.tail
	for {
		i := bytes.Index(b, []byte("<mergeCell "))
		if i < 0 {
			return nil
		}
		b = b[i+10:]
		end := bytes.IndexByte(b, '>')
		if end < 0 {
			return nil
		}
		if m, ok := parseMerge(string(attribute(b[:end], "ref"))); ok {
			s.merges = append(s.merges, m)
		}
	}
}

func parseMerge(ref string) (book.Merged, bool) {
	from, to, ok := bytes.Cut([]byte(ref), []byte(":"))
	if !ok {
		return book.Merged{}, false
	}
	column, n := columnIndex(from)
	_, m := columnIndex(to)
	first, last := fold.Digits(from[n:]), fold.Digits(to[m:])
	return book.Merged{Ref: ref, Column: column, First: int64(first), Last: int64(last)}, first > 0 && last > first && n > 0
}

// attribute is the value of an attribute of one letter or more in a tag, nil if it has none.
func attribute(tag []byte, name string) []byte {
	for {
		i := bytes.Index(tag, []byte(name))
		if i < 0 {
			return nil
		}
		after := tag[i+len(name):]
		if i > 0 && tag[i-1] <= ' ' && len(after) > 2 && after[0] == '=' && (after[1] == '"' || after[1] == '\'') {
			if end := bytes.IndexByte(after[2:], after[1]); end >= 0 {
				return after[2 : 2+end]
			}
			return nil
		}
		tag = after
	}
}

// columnIndex reads the letters of a cell reference: A is 0; n is their number, 0 if it is none.
func columnIndex(ref []byte) (index, n int) {
	for n < len(ref) && n < 4 {
		c := ref[n] &^ 0x20 // some programs write small ones
		if c < 'A' || c > 'Z' {
			break
		}
		index = index*26 + int(c-'A') + 1
		n++
	}
	return index - 1, n
}
