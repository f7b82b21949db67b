package convert

import (
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"citykpi/pipeline/source/refusal"
)

// rejectWriter writes the rejected rows of one stream as lines of NDJSON, in their
// order, on a goroutine of its own: a bad export rejects every row, and then the
// reader should not wait for each of them to be spelt. It holds two lots of rows.
type rejectWriter struct {
	plan  *Plan
	w     io.Writer
	lot   *rejectLot      // being filled
	full  chan *rejectLot // to be written; nil before the first row and after the end
	empty chan *rejectLot // written
}

// rejectLot is some rejected rows as they stand in the file.
type rejectLot struct {
	rows  []rejectedRow
	cells []byte // of all rows, one after the other
	ends  []int  // of each cell in cells
	bad   []badCell
	err   error // of writing them
}

// rejectedRow is a row of a lot, told by where its parts end there.
type rejectedRow struct {
	no        int64
	ends, bad int
}

// rejectLotSize is the bytes of cells that make a lot full.
const rejectLotSize = 256 << 10

// add takes a copy of a rejected row. The error is that of an earlier lot.
func (w *rejectWriter) add(no int64, cells [][]byte, bad []badCell) error {
	if w.lot == nil {
		w.start()
	}
	lot := w.lot
	for _, cell := range cells {
		lot.cells = append(lot.cells, cell...)
		lot.ends = append(lot.ends, len(lot.cells))
	}
	lot.bad = append(lot.bad, bad...)
	lot.rows = append(lot.rows, rejectedRow{no, len(lot.ends), len(lot.bad)})
	if len(lot.cells) < rejectLotSize {
		return nil
	}
	w.full <- lot
	w.lot = <-w.empty
	return w.lot.err
}

func (w *rejectWriter) start() {
	w.lot, w.full, w.empty = &rejectLot{}, make(chan *rejectLot, 1), make(chan *rejectLot, 3)
	w.empty <- &rejectLot{}
	go func(full <-chan *rejectLot, empty chan<- *rejectLot) {
		defer close(empty)
		s := rejectSpeller{Plan: w.plan}
		var failed error
		for lot := range full {
			if failed == nil {
				failed = s.write(lot, w.w)
			}
			*lot = rejectLot{lot.rows[:0], lot.cells[:0], lot.ends[:0], lot.bad[:0], failed}
			empty <- lot
		}
	}(w.full, w.empty)
}

// close writes what is left and waits until all is written. It may be called again.
func (w *rejectWriter) close() error {
	if w.full == nil {
		return nil
	}
	w.full <- w.lot
	close(w.full)
	w.full = nil
	var err error
	for lot := range w.empty { // the last to come back knows of all before it
		err = lot.err
	}
	return err
}

// rejectSpeller spells rejected rows as lines of NDJSON. The keys and their order
// are those of Reject in encoding/json.
type rejectSpeller struct {
	*Plan
	lines []byte
	row   [][]byte // the cells as they stand in the file
	back  [][]byte // and as they go back
}

func (s *rejectSpeller) write(lot *rejectLot, w io.Writer) (err error) {
	defer refusal.Panicked(s.Table.File, &err)
	s.lines = s.lines[:0]
	at, cell, bad := 0, 0, 0
	for _, r := range lot.rows {
		s.row = s.row[:0]
		for _, end := range lot.ends[cell:r.ends] {
			s.row = append(s.row, lot.cells[at:end])
			at = end
		}
		s.spell(r.no, lot.bad[bad:r.bad])
		cell, bad = r.ends, r.bad
	}
	if _, err := w.Write(s.lines); err != nil {
		return fmt.Errorf("write rejects: %w", err)
	}
	return nil
}

func (s *rejectSpeller) spell(no int64, bad []badCell) {
	b := append(s.lines, `{"row_no":`...)
	b = strconv.AppendInt(b, no, 10)
	b = appendField(b, "sheet", s.Table.Sheet)
	b = s.cellError(append(b, ','), bad[0])
	b = append(b, `,"cells":[`...)
	s.back = s.Table.arrange(s.back[:0], s.row)
	for i, c := range s.back {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendJSON(b, c)
	}
	b = append(b, ']')
	if len(bad) > 1 {
		b = append(b, `,"errors":[`...)
		for i, e := range bad {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(s.cellError(append(b, '{'), e), '}')
		}
		b = append(b, ']')
	}
	s.lines = append(b, "}\n"...)
}

// cellError spells the members of a reject.Cell.
func (s *rejectSpeller) cellError(b []byte, e badCell) []byte {
	column, field := "", ""
	if e.column >= 0 {
		if column, field = s.columns[e.column].header, s.columns[e.column].Name; column == "" {
			column = s.columns[e.column].CN[0]
		}
	}
	b = append(b, `"column":`...)
	b = appendJSON(b, column)
	b = appendField(b, "field", field)
	b = appendField(b, "value", e.value)
	b = appendField(b, "rule", e.Rule)
	return appendField(b, "reason", e.Reason)
}

func appendField(b []byte, key, value string) []byte {
	b = append(b, ',', '"')
	b = append(b, key...)
	b = append(b, '"', ':')
	return appendJSON(b, value)
}

func appendJSON[T string | []byte](b []byte, s T) []byte {
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
			r, n := decodeRune(s, i)
			b = utf8.AppendRune(b, r)
			i += n
		}
	}
	return append(b, '"')
}

// plainJSON reports whether s stands in JSON as it is.
func plainJSON[T string | []byte](s T) bool {
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c < ' ' || c == '"' || c == '\\':
			return false
		case c < utf8.RuneSelf:
			i++
		case c >= 0xE4 && c <= 0xE9 && i+2 < len(s) && s[i+1]&0xC0 == 0x80 && s[i+2]&0xC0 == 0x80: // the common ideographs
			i += 3
		default:
			r, n := decodeRune(s, i)
			if r == utf8.RuneError && n <= 1 {
				return false
			}
			i += n
		}
	}
	return true
}

func decodeRune[T string | []byte](s T, i int) (rune, int) {
	return utf8.DecodeRuneInString(string(s[i:min(i+utf8.UTFMax, len(s))]))
}
