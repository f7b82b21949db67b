// Package csv reads texts that a delimiter cuts into cells, in ranges that can be read at once.
package csv

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"citykpi/pipeline/source/charset"
	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/refusal"
)

// Body is the table of a CSV below its header, cut into ranges of about
// equal length. Where a range starts, and with which record number, follows
// from the number of line ends outside quotes before it: the ranges are laid
// by whoever needs them first.
type Body struct {
	File      io.ReaderAt   // in UTF-8 or GB 18030
	Name      string        // for errors
	Size      int64         // bytes
	Offset    int64         // of the first record below the header
	Record    int64         // its number
	Delimiter byte          // of ASCII
	GB        bool          // GB 18030; otherwise UTF-8
	Parts     int           // ranges
	Copied    *charset.Copy // nil: File is what the bureau sent

	once   sync.Once
	starts []place // parts+1
	err    error
}

type place struct {
	offset int64
	record int64
}

// Part is one of the ranges, counted from 0: also a grid.Locator.
func (c *Body) Part(i int) grid.Source { return &reader{body: c, part: i} }

// layOut finds where each range starts. Only what lies before the last start is scanned.
func (c *Body) layOut(ctx context.Context) error {
	c.once.Do(func() {
		at := place{c.Offset, c.Record}
		c.starts = append(c.starts, at)
		var buf []byte
		for k := 1; k < c.Parts; k++ {
			buf = slices.Grow(buf, grid.ChunkSize)[:grid.ChunkSize]
			target := c.Offset + (c.Size-c.Offset)*int64(k)/int64(c.Parts)
			if at, c.err = c.advance(ctx, buf, at, target); c.err != nil {
				return
			}
			c.starts = append(c.starts, at)
		}
		c.starts = append(c.starts, place{offset: c.Size})
	})
	return c.err
}

// advance moves from one record to the last one that starts at or before
// target, or to the next one if that spans it.
func (c *Body) advance(ctx context.Context, buf []byte, at place, target int64) (place, error) {
	for at.offset < target {
		if err := ctx.Err(); err != nil {
			return at, err
		}
		b, records, err := c.read(buf, at)
		if err != nil {
			return at, err
		}
		end, reached := len(b), false
		if cut := target - at.offset; cut <= int64(end) {
			reached = true
			if e, n, _ := c.scan(b[:cut]); e > 0 {
				end, records = e, n
			}
		}
		at = place{at.offset + int64(end), at.record + int64(records)}
		if reached {
			break
		}
	}
	return at, nil
}

// read fills buf from at and returns the whole records in it and their number.
func (c *Body) read(buf []byte, at place) ([]byte, int, error) {
	n, err := c.File.ReadAt(buf, at.offset)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, 0, fmt.Errorf("read %s: %w", c.Name, err)
	}
	if n == 0 {
		return nil, 0, &refusal.Error{File: c.Name, Err: refusal.ErrChanged, Detail: "it became shorter",
			Try: "load it again when it is complete"}
	}
	b := buf[:n]
	end, records, open := c.scan(b)
	last := at.offset+int64(n) >= c.Size
	switch {
	case end == 0 && !last && !open:
		return nil, 0, &refusal.Error{File: c.Name, Row: at.record, Err: refusal.ErrTooLarge,
			Detail: fmt.Sprintf("a row of more than %d MB", grid.ChunkSize>>20),
			Try:    "see whether its lines end where they should, or ask for an XLSX"}
	case last && open, end == 0 && !last:
		return nil, 0, &refusal.Error{File: c.Name, Row: at.record + int64(records), Err: refusal.ErrQuote,
			Detail: fmt.Sprintf("or the record is longer than %d MB", grid.ChunkSize>>20),
			Try:    `look for a stray " in that row, or ask for an XLSX`}
	case last && end < n: // the last record has no line end
		end, records = n, records+1
	}
	return b[:end], records, nil
}

// scan finds the line ends outside quotes: end is the offset behind the last
// of them, records their number, open whether b ends inside quotes. b starts
// at a record. A quote opens a cell only where a cell starts.
func (c *Body) scan(b []byte) (end, records int, open bool) {
	if bytes.IndexByte(b, '"') < 0 {
		end = bytes.LastIndexByte(b, '\n') + 1
		return end, bytes.Count(b[:end], []byte{'\n'}), false
	}
	at := 0
	for {
		quote := bytes.IndexByte(b[at:], '"')
		stop := len(b)
		if quote >= 0 {
			stop = at + quote
		}
		if i := bytes.LastIndexByte(b[at:stop], '\n'); i >= 0 {
			end = at + i + 1
			records += bytes.Count(b[at:end], []byte{'\n'})
		}
		if quote < 0 {
			return end, records, false
		}
		at = stop + 1
		if !c.startsCell(b[:stop]) {
			continue // an ordinary character inside a cell
		}
		for {
			i := bytes.IndexByte(b[at:], '"')
			if i < 0 {
				return end, records, true
			}
			at += i + 1
			if at < len(b) && b[at] == '"' {
				at++
				continue
			}
			break
		}
	}
}

// startsCell reports that a cell starts behind b, which starts at a record.
func (c *Body) startsCell(b []byte) bool {
	n := len(b)
	switch {
	case n == 0, b[n-1] == '\n':
		return true
	case b[n-1] == c.Delimiter:
		return !c.GB || !endsCharacter(b)
	}
	for _, mark := range []string{charset.MarkUTF8, charset.MarkGB} { // of a file that another was appended to
		if bytes.HasSuffix(b, []byte(mark)) {
			return c.startsCell(b[:n-len(mark)])
		}
	}
	return false
}

// endsCharacter reports that the last byte of a text in GB 18030, which may be one in ASCII, is the second of a
// character: an odd number of bytes that only characters have stands before it.
func endsCharacter(b []byte) bool {
	at := len(b) - 1
	if b[at] < 0x40 {
		return false
	}
	run := 0
	for run < at && b[at-1-run] > 0x80 {
		run++
	}
	return run%2 == 1
}

// reader reads one range of a Body.
type reader struct {
	body    *Body
	part    int
	started bool
	at      place
	end     int64
	raw     []byte
	text    []byte
	decoder *charset.Decoder
	cells   [][]byte
	kinds   []grid.Kind // nil unless a cell is not plain
	bad     badPlace
	foreign []charset.Line // of the chunk
	other   *charset.Line  // the one in which the row at hand stands
}

// Close implements grid.Source.
func (r *reader) Close() {}

// Next implements grid.Source.
func (r *reader) Next(ctx context.Context, sink grid.Sink) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	if err := r.start(ctx); err != nil {
		return false, err
	}
	if r.at.offset >= r.end {
		return false, nil
	}
	want := min(grid.ChunkSize, r.end-r.at.offset)
	b, records, err := r.body.read(r.raw[:want], r.at)
	if err != nil {
		return false, err
	}
	odd := r.decode(b)
	sink.Begin(records, odd)
	no := r.at.record
	lines := r.foreign
	for text := r.text; len(text) > 0; no++ {
		from := len(r.text) - len(text)
		text = r.split(text)
		for r.other = nil; len(lines) > 0 && lines[0].From < len(r.text)-len(text); lines = lines[1:] {
			if r.other == nil && lines[0].To > from {
				r.other = &lines[0]
			}
		}
		sink.Row(no, r.cells, r.kinds)
	}
	r.at = place{r.at.offset + int64(len(b)), r.at.record + int64(records)}
	return true, nil
}

func (r *reader) start(ctx context.Context) error {
	if r.started {
		return nil
	}
	if err := r.body.layOut(ctx); err != nil {
		return err
	}
	r.started = true
	r.at, r.end = r.body.starts[r.part], r.body.starts[r.part+1].offset
	r.raw = make([]byte, min(grid.ChunkSize, r.end-r.at.offset)) // most files are small
	if r.body.GB {
		r.decoder = charset.NewDecoder()
	}
	return nil
}

// split cuts the first record off text into r.cells and returns the rest.
// Quoted cells are unescaped in place.
func (r *reader) split(text []byte) []byte {
	r.cells, r.kinds = r.cells[:0], nil
	for len(text) > 2 && text[0] == charset.MarkUTF8[0] && string(text[:3]) == charset.MarkUTF8 { // another file was appended here
		text = text[len(charset.MarkUTF8):]
	}
	line, rest := text, []byte(nil)
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		line, rest = text[:i], text[i+1:]
	}
	if bytes.IndexByte(line, '"') >= 0 {
		rest = r.splitQuoted(text)
		for i, cell := range r.cells {
			r.cells[i] = grid.FormulaText(cell)
			if r.swallows(i) {
				r.strayQuote(i)
			}
		}
		for len(r.kinds) > 0 && len(r.kinds) < len(r.cells) { // as many as cells
			r.kinds = append(r.kinds, grid.Text)
		}
		return rest
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	for {
		i := bytes.IndexByte(line, r.body.Delimiter)
		if i < 0 {
			r.cells = append(r.cells, line)
			return rest
		}
		r.cells = append(r.cells, line[:i])
		line = line[i+1:]
	}
}

func (r *reader) splitQuoted(text []byte) []byte {
	for {
		var cell []byte
		var at int
		if len(text) > 0 && text[0] == '"' {
			cell, at = unquote(text)
		}
		// up to the delimiter or the line's end: all of a bare cell, nothing or stray text of a quoted one
		tail := text[at:]
		stop, last := bytes.IndexByte(tail, '\n'), true
		if stop < 0 {
			stop = len(tail)
		}
		if i := bytes.IndexByte(tail[:stop], r.body.Delimiter); i >= 0 {
			stop, last = i, false
		}
		stray := tail[:stop]
		if last {
			stray = bytes.TrimSuffix(stray, []byte{'\r'})
		}
		switch {
		case cell == nil:
			cell = stray
		case len(stray) > 0:
			if (bytes.HasSuffix(cell, []byte{'\\'}) || bytes.IndexByte(cell, '\n') >= 0) && len(fold.Trim(stray)) > 0 {
				r.strayQuote(len(r.cells))
			}
			cell = append(cell[:len(cell):len(cell)], stray...)
		}
		r.cells = append(r.cells, cell)
		if stop == len(tail) {
			return nil
		}
		text = tail[stop+1:]
		if last {
			return text
		}
	}
}

// strayQuote notes that where cell i ends is not known: a quote in it stands behind a backslash, or a
// lone quote opened it and another one, rows below, ended it.
func (r *reader) strayQuote(i int) {
	for len(r.kinds) <= i {
		r.kinds = append(r.kinds, grid.Text)
	}
	r.kinds[i] = grid.Stray
}

// swallows reports a quoted cell that holds the end of its record, whole records and the start of another,
// by the delimiters in its lines: two lone quotes, as for 同上, did that.
func (r *reader) swallows(i int) bool {
	cell, n := r.cells[i], len(r.cells)-1 // delimiters of a record
	if n < 2 || bytes.IndexByte(cell, '\n') < 0 {
		return false
	}
	lines := bytes.Split(cell, []byte{'\n'})
	for k, line := range lines {
		want := n
		switch k {
		case 0:
			want -= i
		case len(lines) - 1:
			want = i
		}
		if bytes.Count(line, []byte{r.body.Delimiter}) != want {
			return false
		}
	}
	return true
}

// unquote reads the quoted cell at the start of b, doubled quotes made single
// in place; at is the offset behind the closing quote. The cell is never nil.
func unquote(b []byte) (cell []byte, at int) {
	from, n := 1, 1
	for {
		i := bytes.IndexByte(b[from:], '"')
		if i < 0 { // never closed: scan has refused this already, unless decoding made it so
			n += copy(b[n:], b[from:])
			return b[1:n], len(b)
		}
		if n != from {
			copy(b[n:], b[from:from+i])
		}
		n += i
		from += i + 1
		if from >= len(b) || b[from] != '"' {
			return b[1:n:n], from
		}
		b[n] = '"'
		n++
		from++
	}
}
