package json

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"citykpi/pipeline/source/book"
	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/grid"
)

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
func (s *source) object(b []byte, depth int) (rest []byte, err error) {
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
func (s *source) name(b []byte, outside int) (rest []byte, err error) {
	if outside == 0 && s.guess < len(s.names) {
		if n := s.names[s.guess]; bytes.HasPrefix(b, n) {
			s.path = append(s.path[:0], n[1:len(n)-2]...)
			return b[len(n):], nil
		}
	}
	if len(b) > 0 && b[0] == '\'' {
		return b, fmt.Errorf("%w: a name in single quotes, as Python prints it", errJSON)
	}
	if len(b) == 0 || b[0] != '"' {
		return b, fmt.Errorf("%w, want a name", errJSON)
	}
	end := textEnd(b, 1)
	if end < 0 {
		return b, errJSON
	}
	if s.path, err = appendText(s.path[:outside], b[1:end]); err != nil {
		return b, err
	}
	if b = skipBlanks(b[end+1:]); len(b) == 0 || b[0] != ':' {
		return b, fmt.Errorf("%w, want a colon", errJSON)
	}
	return b[1:], nil
}

// value reads one value into the cell of s.path. A number counts as text, of
// which no digit is lost, unless it has an exponent; a list is no value that a column holds.
func (s *source) value(b []byte, depth int) (rest []byte, err error) {
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
			if s.scratch, err = appendText(s.scratch, text); err != nil {
				return b, err
			}
			text = s.scratch[from:len(s.scratch):len(s.scratch)]
		} else if hasControl(text) {
			return b, fmt.Errorf("%w: a line end or a control character in a text", errJSON)
		}
		return b[end+1:], s.put(text, grid.Text)
	case '{':
		if _, one := s.column[string(s.path)]; one && s.header != nil { // where other records have one value
			end := objectEnd(b)
			if end < 0 {
				return b, errJSON
			}
			return b[end:], s.put(b[:end], grid.List)
		}
		s.path = append(s.path, fold.LevelSign...)
		return s.object(b, depth+1)
	case '[':
		end := objectEnd(b)
		if end < 0 {
			return b, errJSON
		}
		if len(skipBlanks(b[1:end-1])) == 0 { // an empty list is no value
			return b[end:], s.put(nil, grid.Text)
		}
		return b[end:], s.put(b[:end], grid.List)
	}
	end := bytes.IndexAny(b, ",}] \t\r\n")
	if end < 0 {
		return b, errJSON
	}
	word := b[:end]
	switch string(word) {
	case "null":
		return b[end:], s.put(nil, grid.Text)
	case "true", "false":
		return b[end:], s.put(word, grid.Bool)
	}
	if !isNumber(word) {
		return b, fmt.Errorf("%w: %q is no value", errJSON, word[:min(len(word), 20)])
	}
	if bytes.ContainsAny(word, "eE") {
		return b[end:], s.put(word, grid.Number)
	}
	return b[end:], s.put(word, grid.Text)
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

func isNumber(b []byte) bool {
	if len(b) == 0 || strings.IndexByte("-0123456789", b[0]) < 0 {
		return false
	}
	_, err := strconv.ParseFloat(string(b), 64)
	return (err == nil || errors.Is(err, strconv.ErrRange)) && !bytes.ContainsAny(b, "xX_pPnN")
}

// put stores a value under the member's name.
func (s *source) put(text []byte, kind grid.Kind) error {
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
func (s *source) unknown(text []byte, kind grid.Kind) error {
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
	late := fold.HeaderCellOf(name)
	for _, same := range s.book.aliases {
		if !slices.Contains(same, late.Key) {
			continue
		}
		for i, known := range s.header {
			first := fold.HeaderCellOf(known)
			if !slices.Contains(same, first.Key) {
				continue
			}
			if first.Unit != late.Unit {
				return fmt.Errorf("%s comes for the first time, in another unit than the first %d records say", name, book.PreviewRows)
			}
			s.column[name] = i
			return s.put(text, kind)
		}
	}
	if s.ignored == nil {
		s.ignored = map[string]bool{}
	}
	s.ignored[name] = len(s.ignored) < book.MaxColumns
	return nil
}

// appendText appends a string's content with its escapes undone. Half of a pair becomes U+FFFD.
func appendText(dst, b []byte) ([]byte, error) {
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
