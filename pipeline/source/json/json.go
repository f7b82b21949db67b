// Package json reads the records of a JSON file as a table of texts.
package json

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"citykpi/pipeline/source/book"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/numfmt"
	"citykpi/pipeline/source/refusal"
)

// Looks reports a start that is an array of objects or an object; a CSV
// whose first header stands in brackets is neither.
func Looks(start []byte) bool {
	if len(start) < 2 || start[0] != '{' && start[0] != '[' {
		return false
	}
	next := bytes.TrimLeft(start[1:], " \t\r\n")
	if len(next) == 0 {
		return false
	}
	if start[0] == '{' {
		return next[0] == '"' || next[0] == '}'
	}
	return next[0] == '{' || next[0] == ']'
}

// Book is the records of a JSON file as a table without a name. Their
// members are its columns, a member of a member's being joined as 金额/合同. The
// names of the columns count as row 1, so that the first record is row 2, as in
// the same table kept as CSV.
type Book struct {
	file    string
	text    *io.SectionReader
	start   int64      // of the first record
	inArray bool       // otherwise records follow each other, mostly one a line
	depth   int        // objects that are still open behind the array
	aliases [][]string // see WithAliases
}

// Sheets, Numbers and Rows implement book.Book.
func (j *Book) Sheets() []book.Sheet    { return []book.Sheet{{}} }
func (j *Book) Numbers() *numfmt.Styles { return numfmt.Plain }
func (j *Book) Rows(_ *book.Sheet, after int64, header []string) grid.Source {
	return &source{book: j, after: after, header: header}
}

// WithAliases is the book with groups of names that mean the same, as fold.HeaderKey has them: a member that comes late
// under another name of its group goes where the first one stands.
func (j *Book) WithAliases(groups [][]string) *Book {
	own := *j
	own.aliases = groups
	return &own
}

func (j *Book) refuse(row int64, err error, detail, try string) *refusal.Error {
	return &refusal.Error{File: j.file, Row: row, Err: err, Detail: detail, Try: try}
}

const mend = "correct the export; a JSON checker shows the place"

// Open finds the records of a text in UTF-8: a top-level array, objects one after the
// other, or the array that path names. name is that of the file.
func Open(name string, text *io.SectionReader, path string) (*Book, error) {
	j := &Book{file: name, text: text}
	s, c, err := j.skipper()
	switch {
	case err != nil:
		return nil, j.skipError(err, s.at)
	case c == '[':
		j.start, j.inArray = s.at, true
		return j, nil
	}
	if path != "" {
		err := s.descend(strings.Split(path, "."))
		if err == nil {
			j.start, j.inArray, j.depth = s.at, true, s.depth
			return j, nil
		}
		if !errors.Is(err, errNoPath) {
			return nil, j.skipError(err, s.at)
		}
		if s, _, err = j.skipper(); err != nil {
			return nil, j.skipError(err, s.at)
		}
	}
	lists, err := s.lists()
	switch {
	case err != nil:
		return nil, j.skipError(err, s.at)
	case len(lists) == 0: // an object without lists is a record
		return j, nil
	case path == "":
		return nil, j.refuse(0, refusal.ErrNoRecords, "the file is one object, with a list in "+strings.Join(lists, ", "),
			"write `format: {path: "+lists[0]+"}` into the contract")
	}
	says := fmt.Sprintf("the contract wants it in %s; the file has one in %s", path, strings.Join(lists, ", "))
	return nil, j.refuse(0, refusal.ErrNoRecords, says, "correct format.path in the contract")
}

// skipper stands behind the first character, which it returns.
func (j *Book) skipper() (*skipper, byte, error) {
	s := &skipper{in: bufio.NewReaderSize(io.NewSectionReader(j.text, 0, j.text.Size()), 64<<10)}
	c, err := s.token()
	return s, c, err
}

func (j *Book) skipError(err error, at int64) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return j.refuse(0, refusal.ErrTruncated, "the JSON ends early", refusal.Resend)
	}
	if errors.Is(err, errJSON) {
		return j.refuse(0, refusal.ErrRecords, fmt.Sprintf("%v at byte %d", err, at), mend)
	}
	return fmt.Errorf("read %s: %w", j.file, err)
}

var (
	errJSON   = errors.New("unexpected character")
	errNoPath = errors.New("no such list")
)

// skipper walks over values it does not keep, in bounded memory.
type skipper struct {
	in    *bufio.Reader
	at    int64
	depth int // objects entered
}

func (s *skipper) byte() (byte, error) {
	c, err := s.in.ReadByte()
	if err == nil {
		s.at++
	}
	return c, err
}

// token is the next character that is no blank.
func (s *skipper) token() (byte, error) {
	for {
		c, err := s.byte()
		if err != nil || c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			return c, err
		}
	}
}

func (s *skipper) expect(want byte) error {
	c, err := s.token()
	if err == nil && c != want {
		err = fmt.Errorf("%w %q, want %q", errJSON, c, want)
	}
	return err
}

const maxKey = 1 << 12

// text reads a string behind its opening quote, escapes as they stand; of a
// value only the end is wanted.
func (s *skipper) text(keep bool) (string, error) {
	var out []byte
	for {
		c, err := s.byte()
		if err != nil {
			return "", err
		}
		if c == '"' {
			return string(out), nil
		}
		pair := [2]byte{c}
		n := 1
		if c == '\\' {
			if pair[1], err = s.byte(); err != nil {
				return "", err
			}
			n = 2
		}
		if keep {
			if out = append(out, pair[:n]...); len(out) > maxKey {
				return "", fmt.Errorf("%w: a name of more than %d bytes", errJSON, maxKey)
			}
		}
	}
}

// skip passes over a value whose first character is c.
func (s *skipper) skip(c byte) error {
	depth := 0
	for {
		switch c {
		case '"':
			if _, err := s.text(false); err != nil {
				return err
			}
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		if depth <= 0 {
			if c == '"' || c == '}' || c == ']' {
				return nil
			}
			// a number or a word ends before a sign
			next, err := s.in.Peek(1)
			if err != nil {
				return err
			}
			if strings.IndexByte(",}] \t\r\n", next[0]) >= 0 {
				return nil
			}
		}
		var err error
		if c, err = s.byte(); err != nil {
			return err
		}
	}
}

// member reads the name of the next member and the first character of its
// value; ok is false at the object's end.
func (s *skipper) member(first bool) (name string, value byte, ok bool, err error) {
	c, err := s.token()
	if err == nil && c == ',' && !first {
		c, err = s.token()
	}
	switch {
	case err != nil:
		return "", 0, false, err
	case c == '}':
		return "", 0, false, nil
	case c != '"':
		return "", 0, false, fmt.Errorf("%w %q, want a name", errJSON, c)
	}
	raw, err := s.text(true)
	if err != nil {
		return "", 0, false, err
	}
	if err := s.expect(':'); err != nil {
		return "", 0, false, err
	}
	text, err := appendText(nil, []byte(raw))
	if err != nil {
		return "", 0, false, err
	}
	value, err = s.token()
	return string(text), value, err == nil, err
}

// descend moves from inside an object to inside the array that path names.
func (s *skipper) descend(path []string) error {
	s.depth++
	for first := true; ; first = false {
		name, c, ok, err := s.member(first)
		switch {
		case err != nil:
			return err
		case !ok:
			return errNoPath
		case name != path[0]:
			if err := s.skip(c); err != nil {
				return err
			}
		case len(path) == 1 && c == '[':
			return nil
		case len(path) > 1 && c == '{':
			return s.descend(path[1:])
		default:
			return errNoPath
		}
	}
}

// lists walks the first object. If it is the whole file, the lists of objects
// in it are named: the records are one of them.
func (s *skipper) lists() ([]string, error) {
	out, err := s.listsOf("", 0)
	if errors.Is(err, io.EOF) { // an empty list may be what is cut off
		return nil, io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	switch c, err := s.token(); {
	case errors.Is(err, io.EOF):
		return out, nil
	case err != nil:
		return nil, err
	case c != '{':
		return nil, fmt.Errorf("%w %q behind the object", errJSON, c)
	}
	return nil, nil // another object follows: these are the records
}

const maxNesting = 64

func (s *skipper) listsOf(prefix string, depth int) (out []string, err error) {
	if depth > maxNesting {
		return nil, fmt.Errorf("%w: objects within objects", errJSON)
	}
	for first := true; ; first = false {
		name, c, ok, err := s.member(first)
		if err != nil || !ok {
			return out, err
		}
		switch c {
		case '{':
			inner, err := s.listsOf(prefix+name+".", depth+1)
			if err != nil {
				return nil, err
			}
			out = append(out, inner...)
		case '[':
			if c, err = s.token(); err != nil {
				return nil, err
			}
			if c == '{' && len(out) < 10 {
				out = append(out, prefix+name)
			}
			for depth := 1; depth > 0; { // to the array's end
				switch c {
				case '"':
					_, err = s.text(false)
				case '[', '{':
					depth++
				case ']', '}':
					depth--
				}
				if err == nil && depth > 0 {
					c, err = s.byte()
				}
				if err != nil {
					return nil, err
				}
			}
		default:
			if err := s.skip(c); err != nil {
				return nil, err
			}
		}
	}
}
