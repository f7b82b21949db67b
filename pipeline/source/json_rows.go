package source

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxRecord bounds one object: a longer one means a quote that is never closed.
const maxRecord = 8 << 20

// jsonSource reads records chunk by chunk. Without a header it first hands on
// the names of the first records' members as row 1.
type jsonSource struct {
	book   *jsonBook
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
	kinds   []cellKind
	set     []int64 // by cell: the try that set it last
	try     int64   // at a record
	flat    bool    // so far no record holds an object, or a brace in a text: the first brace ends it
	scratch []byte
	path    []byte          // name of the member being read, with those around it
	guess   int             // cell of the next member, if it is as in the header
	late    []string        // names met on the way to the header
	ignored map[string]bool // names met later that are none of the contract's
}

func (s *jsonSource) close() { s.buf = nil }

func (s *jsonSource) next(ctx context.Context, sink rowSink) (bool, error) {
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
	if err := s.fill(chunkSize); err != nil {
		return false, err
	}
	whole := s.buf[s.used : s.used+bytes.LastIndexByte(s.buf[s.used:], '}')+1] // behind it no record ends
	valid, odd := examineUTF8(whole)
	sink.begin(bytes.Count(whole, []byte{'{'}), odd || !valid || bytes.Contains(whole, []byte(`\u`)))
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
			record = bytes.ToValidUTF8(record, replacement)
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
			return false, s.book.refuse(s.no, ErrRecords, fmt.Sprintf("%v, %d bytes before the record's end", err, len(rest)), mendJSON)
		}
		sink.row(s.no, s.cells, s.kinds)
		s.no++
	}
}

func (s *jsonSource) columnsOf(names []string) {
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
func (s *jsonSource) findHeader(sink rowSink) error {
	look := &jsonSource{book: s.book, started: true, at: s.book.start, no: 2, column: map[string]int{}}
	var names []string
	for range previewRows {
		record, err := look.recordOrMore()
		if err != nil {
			return err
		}
		if record == nil {
			break
		}
		if !utf8.Valid(record) {
			record = bytes.ToValidUTF8(record, replacement)
		}
		look.scratch, look.path, look.late = look.scratch[:0], look.path[:0], look.late[:0]
		look.try++
		if rest, err := look.object(record, 0); err != nil {
			return s.book.refuse(look.no, ErrRecords, fmt.Sprintf("%v, %d bytes before the record's end", err, len(rest)), mendJSON)
		}
		for _, name := range look.late {
			if _, known := look.column[name]; !known {
				look.column[name] = len(names)
				names = append(names, name)
			}
		}
		if len(names) > maxColumns {
			return s.book.refuse(look.no, ErrTooLarge, fmt.Sprintf("more than %d members", maxColumns), "send the table as CSV or .xlsx")
		}
		look.set = make([]int64, len(names))
		look.cells, look.kinds = make([][]byte, len(names)), make([]cellKind, len(names))
		look.no++
	}
	s.columnsOf(names)
	cells := make([][]byte, len(names))
	for i, name := range names {
		cells[i] = []byte(name)
	}
	sink.begin(1, true)
	sink.row(1, cells, make([]cellKind, len(names)))
	return nil
}

// recordOrMore is the next record, with more read where it needs that.
func (s *jsonSource) recordOrMore() ([]byte, error) {
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
func (s *jsonSource) fill(size int) error {
	n := copy(s.buf, s.buf[s.used:])
	s.buf, s.used = s.buf[:n], 0
	if s.eof {
		return nil
	}
	if n > maxRecord {
		return s.book.refuse(s.no, ErrRecords, fmt.Sprintf("the record is longer than %d MB", maxRecord>>20), mendJSON)
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
func (s *jsonSource) record() ([]byte, error) {
	b := s.buf[s.used:]
	i := 0
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\n' || b[i] == '\r' || b[i] == ',' && s.book.inArray) {
		i++
	}
	switch {
	case i == len(b) && s.eof && s.book.inArray:
		return nil, s.book.refuse(s.no, ErrTruncated, "the list has no end", resend)
	case i == len(b) && s.eof:
		s.ended = true
		return nil, nil
	case i == len(b):
		s.used += i
		return nil, nil
	case b[i] == ']' && s.book.inArray:
		s.used, s.ended = s.used+i+1, true
		return nil, s.checkEnd()
	case b[i] != '{':
		return nil, s.book.refuse(s.no, ErrRecords, fmt.Sprintf("%q where a record starts", b[i]), mendJSON)
	}
	end := -1
	if s.flat {
		end = cmp.Or(bytes.IndexByte(b[i:], '}')+1, -1)
	} else {
		end = objectEnd(b[i:])
	}
	if end < 0 {
		if s.eof {
			return nil, s.book.refuse(s.no, ErrTruncated, "the record has no end", resend)
		}
		return nil, nil
	}
	s.used += i + end
	return b[i : i+end], nil
}

// checkEnd makes sure that what is around the list is whole as well.
func (s *jsonSource) checkEnd() error {
	depth, left := s.book.depth, io.NewSectionReader(s.book.text, s.at-int64(len(s.buf)-s.used), s.book.text.Size())
	buf, quoted, escaped := make([]byte, 64<<10), false, false
	for {
		n, err := left.Read(buf)
		for _, c := range buf[:n] {
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
		case errors.Is(err, io.EOF) && depth < 0:
			return s.book.refuse(s.no, ErrRecords, "more ends than starts behind the list", mendJSON)
		case errors.Is(err, io.EOF):
			return s.book.refuse(s.no, ErrTruncated, "the JSON ends behind the list", resend)
		case err != nil:
			return fmt.Errorf("read %s: %w", s.book.file, err)
		}
	}
}

// objectEnd is the offset behind the object at the start of b, -1 if b is too short.
func objectEnd(b []byte) int {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			if i = textEnd(b, i+1); i < 0 {
				return -1
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// textEnd is the index of the quote that ends a string whose content starts at from, -1 if there is none.
func textEnd(b []byte, from int) int {
	for {
		i := bytes.IndexByte(b[from:], '"')
		if i < 0 {
			return -1
		}
		i += from
		slashes := 0
		for i-1-slashes >= from && b[i-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return i
		}
		from = i + 1
	}
}

func skipBlanks(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t' || b[0] == '\n' || b[0] == '\r') {
		b = b[1:]
	}
	return b
}

// object reads the members of the object at the start of b into cells.
func (s *jsonSource) object(b []byte, depth int) (rest []byte, err error) {
	if depth > maxNesting {
		return b, fmt.Errorf("%w: objects within objects", errJSON)
	}
	b = skipBlanks(b[1:])
	if len(b) > 0 && b[0] == '}' {
		return b[1:], nil
	}
	outside := len(s.path)
	for {
		if b, err = s.name(b, outside); err != nil {
			return b, err
		}
		if b, err = s.value(skipBlanks(b), depth); err != nil {
			return b, err
		}
		b = skipBlanks(b)
		switch {
		case len(b) > 0 && b[0] == '}':
			s.path = s.path[:outside]
			return b[1:], nil
		case len(b) == 0 || b[0] != ',':
			return b, fmt.Errorf("%w, want a comma", errJSON)
		}
		b = skipBlanks(b[1:])
	}
}

// name reads a member's name and the colon behind it into s.path.
func (s *jsonSource) name(b []byte, outside int) (rest []byte, err error) {
	if outside == 0 && s.guess < len(s.names) {
		if n := s.names[s.guess]; bytes.HasPrefix(b, n) {
			s.path = append(s.path[:0], n[1:len(n)-2]...)
			return b[len(n):], nil
		}
	}
	if len(b) == 0 || b[0] != '"' {
		return b, fmt.Errorf("%w, want a name", errJSON)
	}
	end := textEnd(b, 1)
	if end < 0 {
		return b, errJSON
	}
	if s.path, err = appendJSONText(s.path[:outside], b[1:end]); err != nil {
		return b, err
	}
	if b = skipBlanks(b[end+1:]); len(b) == 0 || b[0] != ':' {
		return b, fmt.Errorf("%w, want a colon", errJSON)
	}
	return b[1:], nil
}

// value reads one value into the cell of s.path. A number counts as text, of
// which no digit is lost, unless it has an exponent; a list counts as the text it is.
func (s *jsonSource) value(b []byte, depth int) (rest []byte, err error) {
	if len(b) == 0 {
		return b, errJSON
	}
	switch b[0] {
	case '"':
		end := textEnd(b, 1)
		if end < 0 {
			return b, errJSON
		}
		text := b[1:end]
		if bytes.IndexByte(text, '\\') >= 0 {
			from := len(s.scratch)
			if s.scratch, err = appendJSONText(s.scratch, text); err != nil {
				return b, err
			}
			text = s.scratch[from:len(s.scratch):len(s.scratch)]
		} else if hasControl(text) {
			return b, fmt.Errorf("%w: a line end or a control character in a text", errJSON)
		}
		return b[end+1:], s.put(text, kindText)
	case '{':
		s.path = append(s.path, levelSign...)
		return s.object(b, depth+1)
	case '[':
		end := objectEnd(b)
		if end < 0 {
			return b, errJSON
		}
		return b[end:], s.put(b[:end], kindText)
	}
	end := bytes.IndexAny(b, ",}] \t\r\n")
	if end < 0 {
		return b, errJSON
	}
	word := b[:end]
	switch string(word) {
	case "null":
		return b[end:], s.put(nil, kindText)
	case "true", "false":
		return b[end:], s.put(word, kindText)
	}
	if !jsonNumber(word) {
		return b, fmt.Errorf("%w: %q is no value", errJSON, word[:min(len(word), 20)])
	}
	if bytes.IndexAny(word, "eE") >= 0 {
		return b[end:], s.put(word, kindNumber)
	}
	return b[end:], s.put(word, kindText)
}

// hasControl reports a byte below the blank, eight bytes at a time: one that is
// less borrows from its highest bit, which only bytes above 0x7F have set before.
func hasControl(b []byte) bool {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	for ; len(b) >= 8; b = b[8:] {
		if w := binary.LittleEndian.Uint64(b); (w-' '*ones)&^w&high != 0 {
			return true
		}
	}
	for _, c := range b {
		if c < ' ' {
			return true
		}
	}
	return false
}

func jsonNumber(b []byte) bool {
	if len(b) == 0 || strings.IndexByte("-0123456789", b[0]) < 0 {
		return false
	}
	_, err := strconv.ParseFloat(string(b), 64)
	return (err == nil || errors.Is(err, strconv.ErrRange)) && bytes.IndexAny(b, "xX_pPnN") < 0
}

// put stores a value under the member's name.
func (s *jsonSource) put(text []byte, kind cellKind) error {
	i := s.guess // most records have their members in one order
	if i >= len(s.header) || s.header[i] != string(s.path) {
		var ok bool
		if i, ok = s.column[string(s.path)]; !ok {
			return s.unknown(text, kind)
		}
	}
	s.guess = i + 1
	if s.set[i] == s.try {
		return fmt.Errorf("%s is given twice", s.path)
	}
	s.set[i] = s.try
	s.cells[i], s.kinds[i] = text, kind
	return nil
}

// unknown meets a member that the header lacks. On the way to the header it is
// noted; later it goes to the cell of the contract's column that it names, or
// is none of the contract's.
func (s *jsonSource) unknown(text []byte, kind cellKind) error {
	name := string(s.path)
	if s.header == nil {
		if !slices.Contains(s.late, name) {
			s.late = append(s.late, name)
		}
		return nil
	}
	if s.ignored[name] {
		return nil
	}
	late := headerCellOf(name)
	for _, col := range s.book.contract.Columns {
		if !slices.Contains(col.keys, late.key) {
			continue
		}
		for i, known := range s.header {
			first := headerCellOf(known)
			if !slices.Contains(col.keys, first.key) {
				continue
			}
			if first.unit != late.unit {
				return fmt.Errorf("%s comes for the first time, in another unit than the first %d records say", name, previewRows)
			}
			s.column[name] = i
			return s.put(text, kind)
		}
	}
	if s.ignored == nil {
		s.ignored = map[string]bool{}
	}
	s.ignored[name] = len(s.ignored) < maxColumns
	return nil
}

// appendJSONText appends a string's content with its escapes undone. Half of a pair becomes U+FFFD.
func appendJSONText(dst, b []byte) ([]byte, error) {
	for {
		i := bytes.IndexByte(b, '\\')
		if i < 0 || i+1 == len(b) {
			return append(dst, b...), nil
		}
		dst = append(dst, b[:i]...)
		c := b[i+1]
		b = b[i+2:]
		if c != 'u' {
			plain := strings.IndexByte(`"\/bfnrt`, c)
			if plain < 0 {
				return dst, fmt.Errorf("%w: \\%c", errJSON, c)
			}
			dst = append(dst, "\"\\/\b\f\n\r\t"[plain])
			continue
		}
		r, ok := hexRune(b)
		if !ok {
			return dst, fmt.Errorf("%w in \\u", errJSON)
		}
		b = b[4:]
		if utf16.IsSurrogate(r) {
			low, ok := rune(0), false
			if bytes.HasPrefix(b, []byte(`\u`)) {
				low, ok = hexRune(b[2:])
			}
			if r = utf16.DecodeRune(r, low); ok && r != utf8.RuneError {
				b = b[6:]
			}
		}
		dst = utf8.AppendRune(dst, r)
	}
}

func hexRune(b []byte) (rune, bool) {
	if len(b) < 4 {
		return 0, false
	}
	v, err := strconv.ParseUint(string(b[:4]), 16, 16)
	return rune(v), err == nil
}
