package source

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strconv"
	"unicode/utf8"
)

// Reject is one row that broke its contract, as it stands in the NDJSON that
// Read writes: one object a line, in row order, one per row. Column, Field,
// Value, Rule and Reason are those of the first bad cell; Errors lists all of
// them where there are several.
type Reject struct {
	Row    int64       `json:"row_no"`
	Sheet  string      `json:"sheet"`
	Column string      `json:"column"` // the header in the file; "" if the row as a whole is to blame
	Field  string      `json:"field"`  // canonical name
	Value  string      `json:"value"`  // as it stands in the file
	Rule   string      `json:"rule"`   // credit_code.check
	Reason string      `json:"reason"` // Chinese
	Cells  []string    `json:"cells"`  // the whole row as it stands, in the file's own columns
	Errors []CellError `json:"errors,omitempty"`
}

// CellError is one bad cell of a rejected row.
type CellError struct {
	Column string `json:"column"`
	Field  string `json:"field"`
	Value  string `json:"value"`
	Rule   string `json:"rule"`
	Reason string `json:"reason"`
}

// append writes r as one line. The keys and their order are those of
// encoding/json; it is written by hand because a bad export rejects every row.
func (r *Reject) append(b []byte) []byte {
	b = append(b, `{"row_no":`...)
	b = strconv.AppendInt(b, r.Row, 10)
	b = appendField(b, "sheet", r.Sheet)
	b = append(b, ',')
	b = CellError{r.Column, r.Field, r.Value, r.Rule, r.Reason}.append(b)
	b = append(b, `,"cells":[`...)
	for i, c := range r.Cells {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendJSON(b, c)
	}
	b = append(b, ']')
	for i, e := range r.Errors {
		if i == 0 {
			b = append(b, `,"errors":[{`...)
		} else {
			b = append(b, `},{`...)
		}
		b = e.append(b)
	}
	if len(r.Errors) > 0 {
		b = append(b, `}]`...)
	}
	return append(b, "}\n"...)
}

func (e CellError) append(b []byte) []byte {
	b = append(b, `"column":`...)
	b = appendJSON(b, e.Column)
	b = appendField(b, "field", e.Field)
	b = appendField(b, "value", e.Value)
	b = appendField(b, "rule", e.Rule)
	return appendField(b, "reason", e.Reason)
}

func appendField(b []byte, key, value string) []byte {
	b = append(b, ',', '"')
	b = append(b, key...)
	b = append(b, '"', ':')
	return appendJSON(b, value)
}

func appendJSON(b []byte, s string) []byte {
	b = append(b, '"')
	if plainJSON(s) {
		return append(append(b, s...), '"')
	}
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
			i++
		case c < ' ':
			b = fmt.Appendf(b, `\u%04x`, c)
			i++
		case c < utf8.RuneSelf:
			b = append(b, c)
			i++
		default:
			r, n := utf8.DecodeRuneInString(s[i:])
			b = utf8.AppendRune(b, r)
			i += n
		}
	}
	return append(b, '"')
}

// plainJSON reports whether s stands in JSON as it is.
func plainJSON(s string) bool {
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c < ' ' || c == '"' || c == '\\':
			return false
		case c < utf8.RuneSelf:
			i++
		case c >= 0xE4 && c <= 0xE9 && i+2 < len(s) && s[i+1]&0xC0 == 0x80 && s[i+2]&0xC0 == 0x80: // the common ideographs
			i += 3
		default:
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n <= 1 {
				return false
			}
			i += n
		}
	}
	return true
}

// spool keeps the rejects of one stream until the streams before it are
// drained: in memory up to a limit, then in an unlinked temporary file.
type spool struct {
	memory bytes.Buffer
	file   *os.File
	path   string // "" once unlinked
}

const spoolMemory = 1 << 20

func (s *spool) Write(b []byte) (int, error) {
	if s.file == nil && s.memory.Len()+len(b) <= spoolMemory {
		return s.memory.Write(b)
	}
	if s.file == nil {
		f, err := os.CreateTemp("", "citykpi-rejects-*")
		if err != nil {
			return 0, fmt.Errorf("spool rejects: %w", err)
		}
		s.file, s.path = f, f.Name()
		if os.Remove(s.path) == nil { // where the system allows: nothing stays behind, whatever happens
			s.path = ""
		}
	}
	if s.memory.Len() > 0 {
		if _, err := s.file.Write(s.memory.Bytes()); err != nil {
			return 0, fmt.Errorf("spool rejects: %w", err)
		}
		s.memory = bytes.Buffer{}
	}
	return s.file.Write(b)
}

// drain copies everything to w and closes the spool.
func (s *spool) drain(w io.Writer) error {
	defer s.close()
	if s.file == nil {
		_, err := w.Write(s.memory.Bytes())
		return err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read back rejects: %w", err)
	}
	_, err := io.Copy(w, s.file)
	return err
}

func (s *spool) close() {
	if s.file != nil {
		s.file.Close()
		if s.path != "" {
			os.Remove(s.path)
		}
		s.file, s.path = nil, ""
	}
	s.memory = bytes.Buffer{}
}
