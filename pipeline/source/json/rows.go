package json

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"citykpi/pipeline/source/book"
	"citykpi/pipeline/source/charset"
	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/refusal"
)

// maxRecord bounds one object: a longer one means a quote that is never closed.
const maxRecord = 8 << 20

// source reads records chunk by chunk. Without a header it first hands on
// the names of the first records' members as row 1.
type source struct {
	book   *Book
	after  int64
	header []string

	started bool
	ended   bool // the last record is behind us
	at      int64
	no      int64
	buf     []byte
	used    int // of buf: records that are done
	eof     bool
	column  map[string]int
	names   [][]byte // by cell: how a member of that name starts
	cells   [][]byte
	kinds   []grid.Kind
	set     []int64 // by cell: the try that set it last
	try     int64   // at a record
	flat    bool    // so far no record holds an object, or a brace in a text: the first brace ends it
	scratch []byte
	path    []byte          // name of the member being read, with those around it
	guess   int             // cell of the next member, if it is as in the header
	late    []string        // names met on the way to the header
	ignored map[string]bool // names met later that are none of the contract's
}

func (s *source) Close() { s.buf = nil }

func (s *source) Next(ctx context.Context, sink grid.Sink) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	if s.ended {
		return false, nil
	}
	if !s.started {
		s.started, s.at, s.no = true, s.book.start, 2
		if s.header == nil {
			if err := s.findHeader(sink); err != nil {
				return false, err
			}
		} else {
			s.columnsOf(s.header)
		}
		s.flat = true
	}
	if err := s.fill(grid.ChunkSize); err != nil {
		return false, err
	}
	whole := s.buf[s.used : s.used+bytes.LastIndexByte(s.buf[s.used:], '}')+1] // behind it no record ends
	valid, odd := charset.Examine(whole)
	sink.Begin(bytes.Count(whole, []byte{'{'}), odd || !valid || bytes.Contains(whole, []byte(`\u`)))
	for {
		start := s.used
		record, err := s.record()
		if err != nil {
			return false, err
		}
		if record == nil {
			return !s.ended, nil
		}
		if s.no <= s.after {
			s.no++
			continue
		}
		if !valid && !utf8.Valid(record) {
			record = bytes.ToValidUTF8(record, fold.Replacement)
		}
		s.cells, s.kinds = slices.Grow(s.cells[:0], len(s.set))[:len(s.set)], slices.Grow(s.kinds[:0], len(s.set))[:len(s.set)]
		clear(s.cells)
		clear(s.kinds)
		s.scratch, s.path, s.guess = s.scratch[:0], s.path[:0], 0
		s.try++
		rest, err := s.object(record, 0)
		if s.flat && (err != nil || len(rest) > 0) { // not that flat: find the record's end first
			s.flat = false
			s.used = start
			continue
		}
		if err != nil {
			return false, s.book.refuse(s.no, refusal.ErrRecords, fmt.Sprintf("%v, %d bytes before the record's end", err, len(rest)), mend)
		}
		sink.Row(s.no, s.cells, s.kinds)
		s.no++
	}
}

func (s *source) columnsOf(names []string) {
	s.column, s.names = map[string]int{}, make([][]byte, len(names))
	for i, name := range names {
		if strings.ContainsAny(name, `"\`) || hasControl([]byte(name)) {
			name = "\x00" // written with escapes: never met as it is
		}
		s.names[i] = []byte(`"` + name + `":`)
		if _, taken := s.column[name]; !taken {
			s.column[name] = i
		}
	}
	s.set = make([]int64, len(names))
}

// findHeader collects the names of the first records' members, in the order
// in which they come.
func (s *source) findHeader(sink grid.Sink) error {
	look := &source{book: s.book, started: true, at: s.book.start, no: 2, column: map[string]int{}}
	var names []string
	for range book.PreviewRows {
		record, err := look.recordOrMore()
		if err != nil {
			return err
		}
		if record == nil {
			break
		}
		if !utf8.Valid(record) {
			record = bytes.ToValidUTF8(record, fold.Replacement)
		}
		look.scratch, look.path, look.late = look.scratch[:0], look.path[:0], look.late[:0]
		look.try++
		if rest, err := look.object(record, 0); err != nil {
			return s.book.refuse(look.no, refusal.ErrRecords, fmt.Sprintf("%v, %d bytes before the record's end", err, len(rest)), mend)
		}
		for _, name := range look.late {
			if _, known := look.column[name]; !known {
				look.column[name] = len(names)
				names = append(names, name)
			}
		}
		if len(names) > book.MaxColumns {
			return s.book.refuse(look.no, refusal.ErrTooLarge, fmt.Sprintf("more than %d members", book.MaxColumns),
				"send the table as CSV or .xlsx")
		}
		look.set = make([]int64, len(names))
		look.cells, look.kinds = make([][]byte, len(names)), make([]grid.Kind, len(names))
		look.no++
	}
	s.columnsOf(names)
	cells := make([][]byte, len(names))
	for i, name := range names {
		cells[i] = []byte(name)
	}
	sink.Begin(1, true)
	sink.Row(1, cells, make([]grid.Kind, len(names)))
	return nil
}

// recordOrMore is the next record, with more read where it needs that.
func (s *source) recordOrMore() ([]byte, error) {
	for {
		record, err := s.record()
		if record != nil || err != nil || s.ended {
			return record, err
		}
		if err := s.fill(64 << 10); err != nil {
			return nil, err
		}
	}
}

// fill drops what is done and reads about size bytes more.
func (s *source) fill(size int) error {
	n := copy(s.buf, s.buf[s.used:])
	s.buf, s.used = s.buf[:n], 0
	if s.eof {
		return nil
	}
	if n > maxRecord {
		return s.book.refuse(s.no, refusal.ErrRecords, fmt.Sprintf("the record is longer than %d MB", maxRecord>>20), mend)
	}
	s.buf = slices.Grow(s.buf, size)
	got, err := s.book.text.ReadAt(s.buf[n:n+size], s.at)
	s.buf, s.at = s.buf[:n+got], s.at+int64(got)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read %s: %w", s.book.file, err)
	}
	s.eof = got < size
	return nil
}

// record cuts the next whole object off the buffer; nil if the buffer holds none.
func (s *source) record() ([]byte, error) {
	b := s.buf[s.used:]
	i := 0
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\n' || b[i] == '\r' || b[i] == ',' && s.book.inArray) {
		i++
	}
	switch {
	case i == len(b) && s.eof && s.book.inArray:
		return nil, s.book.refuse(s.no, refusal.ErrTruncated, "the list has no end", refusal.Resend)
	case i == len(b) && s.eof:
		s.ended = true
		return nil, nil
	case i == len(b):
		s.used += i
		return nil, nil
	case b[i] == ']' && s.book.inArray:
		s.used, s.ended = s.used+i+1, true
		return nil, s.checkEnd()
	case b[i] == '[' && s.book.inArray:
		return nil, s.book.refuse(s.no, refusal.ErrNoRecords, "the rows are lists of values, which have no names", wantRecords)
	case b[i] != '{':
		return nil, s.book.refuse(s.no, refusal.ErrRecords, fmt.Sprintf("%q where a record starts", b[i]), mend)
	}
	var end int
	if s.flat {
		end = cmp.Or(bytes.IndexByte(b[i:], '}')+1, -1)
	} else {
		end = objectEnd(b[i:])
	}
	if end < 0 {
		if s.eof {
			return nil, s.book.refuse(s.no, refusal.ErrTruncated, "the record has no end", refusal.Resend)
		}
		return nil, nil
	}
	s.used += i + end
	return b[i : i+end], nil
}

// checkEnd makes sure that what is around the list is whole as well, and that nothing follows it: pages
// of an interface are sometimes written one behind the other.
func (s *source) checkEnd() error {
	depth, left := s.book.depth, io.NewSectionReader(s.book.text, s.at-int64(len(s.buf)-s.used), s.book.text.Size())
	buf, quoted, escaped := make([]byte, 64<<10), false, false
	for {
		n, err := left.Read(buf)
		for _, c := range buf[:n] {
			if depth == 0 && strings.IndexByte(" \t\r\n", c) < 0 {
				return s.book.refuse(s.no, refusal.ErrRecords, fmt.Sprintf("%q stands behind the list of records", c),
					"export all records as one list, or one object a line")
			}
			switch {
			case escaped:
				escaped = false
			case quoted:
				escaped, quoted = c == '\\', c != '"'
			case c == '"':
				quoted = true
			case c == '{', c == '[':
				depth++
			case c == '}', c == ']':
				depth--
			}
		}
		switch {
		case errors.Is(err, io.EOF) && depth == 0:
			return nil
		case errors.Is(err, io.EOF):
			return s.book.refuse(s.no, refusal.ErrTruncated, "the JSON ends behind the list", refusal.Resend)
		case err != nil:
			return fmt.Errorf("read %s: %w", s.book.file, err)
		}
	}
}
