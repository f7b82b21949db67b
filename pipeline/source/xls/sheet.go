package xls

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"citykpi/pipeline/source/book"
	"citykpi/pipeline/source/charset"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/refusal"
)

// How an xlsCell holds its value.
const (
	xlsNumber uint8 = iota // the bits of a float
	xlsShared              // an index into the workbook's strings
	xlsOwn                 // an index into the sheet's own strings
	xlsBool                // 0 or 1
	xlsError               // an error's code, or uncomputed
)

// uncomputed marks a formula whose writer left the result to Excel.
const uncomputed = 0x100

// xlsCell is a cell in sixteen bytes: a full sheet has 16.7 million.
type xlsCell struct {
	row    uint16
	column uint8
	kind   uint8
	script grid.Script // of the cell's font
	shown  grid.Kind   // of a number: what it is under its format; of a text: its style
	value  uint64
}

const maxXLSCells = 1 << 24 // 65,536 rows of 256 columns

// source reads a sheet of a legacy workbook. Cells stand in the order of
// their rows, but nothing binds other writers to it: they are sorted first.
type source struct {
	book  *Book
	sheet *book.Sheet
	after int64

	read    bool
	cells   []xlsCell
	own     book.Strings
	merges  []book.Merged
	unseen  map[uint16]bool // by row: whether it is not seen
	flat    bool            // nor are rows that are not in there
	hidden  book.HiddenRows
	columns book.HiddenColumns
	scratch []byte
	row     [][]byte
	kinds   []grid.Kind
	ends    []int
}

const xlsRows = 4096 // at a time

func (s *source) Close()                      { s.cells = nil }
func (s *source) Merged() []book.Merged       { return s.merges }
func (s *source) HiddenRows() book.HiddenRows { return s.hidden }

func (s *source) HiddenColumns() book.HiddenColumns { return s.columns }

func (s *source) Next(ctx context.Context, sink grid.Sink) (bool, error) {
	if !s.read {
		s.read, s.unseen = true, map[uint16]bool{}
		if err := s.load(ctx); errors.Is(err, errBIFFUnknown) {
			return false, s.book.refuse(s.sheet.Name, refusal.ErrRecord, err.Error(), refusal.Resave)
		} else if err != nil {
			return false, s.book.refuse(s.sheet.Name, refusal.ErrTruncated, err.Error(), refusal.Resend)
		}
	}
	if err := ctx.Err(); err != nil {
		return false, err
	}
	rows := min(len(s.cells), xlsRows)
	sink.Begin(rows, s.book.strings.Odd || s.own.Odd || slices.Contains(s.book.fonts, grid.StruckOut))
	for range rows {
		if len(s.cells) == 0 {
			break
		}
		n := 1
		for n < len(s.cells) && s.cells[n].row == s.cells[0].row {
			n++
		}
		s.emit(s.cells[:n], sink)
		s.cells = s.cells[n:]
	}
	return len(s.cells) > 0, nil
}

// load collects the sheet's cells.
func (s *source) load(ctx context.Context) error {
	in := newBIFF(s.book.stream, s.book.offsets[s.sheet.Index])
	if s.book.cipher != nil { // a sheet may be read beside another
		own := *s.book.cipher
		in.cipher = &own
	}
	id, b, err := in.next()
	if err != nil {
		return err
	}
	if id != biffBOF || len(b) < 4 || binary.LittleEndian.Uint16(b[2:]) != bofSheet {
		return fmt.Errorf("%w: no worksheet at byte %d", errBIFF, s.book.offsets[s.sheet.Index])
	}
	depth, wantsText := 0, false
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if id, b, err = in.next(); err != nil {
			return err
		}
		switch {
		case id == biffBOF: // a chart on the sheet
			depth++
		case id == biffEOF && depth > 0:
			depth--
		case id == biffEOF:
			return s.complete()
		case id == 0 && len(b) == 0:
			return fmt.Errorf("%w: the sheet has no end", errBIFF)
		case depth > 0:
		case id == biffString && wantsText:
			last := &s.cells[len(s.cells)-1]
			if last.value, err = s.text(in, b, false); err != nil {
				return err
			}
			last.kind, wantsText = xlsOwn, false
		default:
			if wantsText, err = s.record(in, id, b, wantsText); err != nil {
				return err
			}
		}
		if len(s.cells) > maxXLSCells {
			return fmt.Errorf("%w: more cells than a sheet has", errBIFF)
		}
	}
}

func (s *source) complete() error {
	order := func(a, b xlsCell) int {
		return int(a.row)<<8 + int(a.column) - int(b.row)<<8 - int(b.column)
	}
	if !slices.IsSortedFunc(s.cells, order) {
		slices.SortStableFunc(s.cells, order)
	}
	_, s.own.Odd = charset.Examine(s.own.Text)
	return nil
}

// text keeps a text that starts in b and may go on in the records behind it; runsBehind says that
// its runs follow it instead of being a part of it.
func (s *source) text(in *biffReader, b []byte, runsBehind bool) (index uint64, err error) {
	if len(b) == 2 && b[0] == 0 && b[1] == 0 { // an empty one, whose writer left the flags out
		return s.noText(), nil
	}
	start, from := len(s.own.Text), sstReader{in: in, b: b, book: s.book}
	text, lead, err := from.appendString(s.own.Text)
	if err != nil {
		return 0, err
	}
	if runsBehind && len(from.b) >= 2 {
		n := binary.LittleEndian.Uint16(from.b)
		if from.b = from.b[2:]; n > 0 {
			if text, lead, err = from.appendRuns(text, start, int(n)); err != nil {
				return 0, err
			}
		}
	}
	s.own.Text = text
	s.own.End(lead)
	return uint64(s.own.Count() - 1), nil
}

// noText keeps an empty text.
func (s *source) noText() uint64 {
	s.own.End(0)
	return uint64(s.own.Count() - 1)
}

// record takes one record; wantsText says that a formula's text stands in a record behind it.
func (s *source) record(in *biffReader, id int, b []byte, wantsText bool) (bool, error) {
	le := binary.LittleEndian
	short := func(n int) error {
		if len(b) < n {
			return fmt.Errorf("%w: %#04x has %d bytes", errBIFF, id, len(b))
		}
		return nil
	}
	switch id {
	case biffNumber:
		if err := short(14); err != nil {
			return false, err
		}
		return false, s.number(b, le.Uint64(b[6:]), le.Uint16(b[4:]))
	case biffRK, biffOtherRK:
		if err := short(10); err != nil {
			return false, err
		}
		return false, s.number(b, rkBits(le.Uint32(b[6:])), le.Uint16(b[4:]))
	case biffMulRK:
		return false, s.mulRK(b)
	case biffLabelSST:
		if err := short(10); err != nil {
			return false, err
		}
		i := le.Uint32(b[6:])
		if int64(i) >= int64(s.book.strings.Count()) {
			return false, fmt.Errorf("%w: string %d of %d", errBIFF, i, s.book.strings.Count())
		}
		return false, s.add(b, xlsShared, uint64(i))
	case biffLabel, biffRString:
		if err := short(8); err != nil {
			return false, err
		}
		if err := s.add(b, xlsOwn, 0); err != nil {
			return false, err
		}
		cell := &s.cells[len(s.cells)-1]
		var err error
		cell.value, err = s.text(in, b[6:], id == biffRString)
		return false, err
	case biffBoolErr:
		if err := short(8); err != nil {
			return false, err
		}
		if b[7] != 0 {
			return false, s.add(b, xlsError, uint64(b[6]))
		}
		return false, s.add(b, xlsBool, uint64(b[6]&1))
	case biffFormula, biffFormula3, biffFormula4:
		if err := short(16); err != nil {
			return false, err
		}
		return s.formula(b)
	case biffRow:
		if len(b) >= 16 {
			noHeight := b[12]&0x40 != 0 && le.Uint16(b[6:])&0x7FFF == 0
			s.unseen[le.Uint16(b)] = b[12]&0x20 != 0 || noHeight
		}
	case biffDefaultRow: // of rows that no record speaks of
		s.flat = len(b) >= 4 && (b[0]&2 != 0 || b[0]&1 != 0 && le.Uint16(b[2:]) == 0)
	case biffColInfo:
		if len(b) >= 10 && (b[8]&1 != 0 || le.Uint16(b[4:]) == 0) {
			s.columns.Add(int(le.Uint16(b)), min(int(le.Uint16(b[2:])), 255))
		}
	case biffMergedCells:
		return wantsText, s.mergedCells(b)
	case biffContinue: // of what is not read
	default:
		if !withoutCells(id) {
			return false, fmt.Errorf("%w %#04x, which may hold cells", errBIFFUnknown, id)
		}
	}
	return wantsText, nil
}

// formula reads a formula's cached result. A result that its writer marks as to
// be computed on opening, and left 0 or empty, is none, nor is a text that never comes.
func (s *source) formula(b []byte) (wantsText bool, err error) {
	le := binary.LittleEndian
	onLoad := b[14]&2 != 0
	if le.Uint16(b[12:]) != 0xFFFF {
		bits := le.Uint64(b[6:])
		if onLoad && bits == 0 {
			return false, s.add(b, xlsError, uncomputed)
		}
		return false, s.number(b, bits, le.Uint16(b[4:]))
	}
	switch b[6] {
	case 0:
		return true, s.add(b, xlsError, uncomputed)
	case 1:
		return false, s.add(b, xlsBool, uint64(b[8]&1))
	case 2:
		return false, s.add(b, xlsError, uint64(b[8]))
	}
	if b[14]&3 == 3 { // xlwt leaves every result empty, and to be computed always and on opening
		return false, s.add(b, xlsError, uncomputed)
	}
	return false, s.add(b, xlsOwn, s.noText()) // an empty text, which its writer has computed
}

func (s *source) number(b []byte, bits uint64, style uint16) error {
	if err := s.add(b, xlsNumber, bits); err != nil {
		return err
	}
	shown := grid.Number
	if int(style) < len(s.book.styles.Kinds) {
		shown = s.book.styles.Kinds[style]
	}
	cell := &s.cells[len(s.cells)-1]
	cell.shown, cell.script = shown, s.book.scripts.Of(int(style))
	return nil
}

// add appends the cell whose row and column start the record.
func (s *source) add(b []byte, kind uint8, value uint64) error {
	row, column := binary.LittleEndian.Uint16(b), binary.LittleEndian.Uint16(b[2:])
	if column > 255 {
		return fmt.Errorf("%w: column %d in row %d", errBIFF, column, int(row)+1)
	}
	cell := xlsCell{row: row, column: uint8(column), kind: kind, value: value}
	if len(b) >= 6 { // not one of a run of numbers
		style := binary.LittleEndian.Uint16(b[4:])
		cell.script, cell.shown = s.book.scripts.Of(int(style)), grid.Kind(style)
	}
	s.cells = append(s.cells, cell)
	return nil
}

// mulRK is a run of numbers in one row.
func (s *source) mulRK(b []byte) error {
	le := binary.LittleEndian
	if len(b) < 6 || (len(b)-6)%6 != 0 {
		return fmt.Errorf("%w: run of numbers", errBIFF)
	}
	var cell [4]byte
	copy(cell[:], b)
	first := le.Uint16(b[2:])
	for i, run := 0, b[4:len(b)-2]; len(run) >= 6; i, run = i+1, run[6:] {
		le.PutUint16(cell[2:], first+uint16(i))
		if err := s.number(cell[:], rkBits(le.Uint32(run[2:])), le.Uint16(run)); err != nil {
			return err
		}
	}
	return nil
}

// rkBits unpacks a number of 30 bits: a whole one or the upper end of a float, a hundredth or not.
func rkBits(rk uint32) uint64 {
	v := math.Float64frombits(uint64(rk&^3) << 32)
	if rk&2 != 0 {
		v = float64(int32(rk) >> 2)
	}
	if rk&1 != 0 {
		v /= 100
	}
	return math.Float64bits(v)
}

func (s *source) mergedCells(b []byte) error {
	le := binary.LittleEndian
	for b = b[min(2, len(b)):]; len(b) >= 8; b = b[8:] {
		first, last, column, to := le.Uint16(b), le.Uint16(b[2:]), int(le.Uint16(b[4:])), int(le.Uint16(b[6:]))
		if last > first && len(s.merges) < book.MaxRows {
			ref := fmt.Sprintf("%s%d:%s%d", book.ColumnLetters(column), int(first)+1, book.ColumnLetters(to), int(last)+1)
			s.merges = append(s.merges, book.Merged{Ref: ref, Column: column, First: int64(first) + 1, Last: int64(last) + 1})
		}
	}
	return nil
}

// emit hands one row on.
func (s *source) emit(cells []xlsCell, sink grid.Sink) {
	no := int64(cells[0].row) + 1
	if no <= s.after {
		return
	}
	width := int(cells[len(cells)-1].column) + 1
	s.row, s.kinds, s.ends = slices.Grow(s.row[:0], width)[:width], slices.Grow(s.kinds[:0], width)[:width], s.ends[:0]
	clear(s.row)
	clear(s.kinds)
	s.scratch = s.scratch[:0]
	for _, c := range cells { // texts are laid out first: scratch may move while it grows
		switch c.kind {
		case xlsNumber:
			s.scratch = strconv.AppendFloat(s.scratch, math.Float64frombits(c.value), 'f', -1, 64)
		case xlsBool:
			s.scratch = append(s.scratch, grid.BooleanWords[c.value]...)
		case xlsError:
			s.scratch = append(s.scratch, xlsErrorText(c.value)...)
		}
		s.ends = append(s.ends, len(s.scratch))
	}
	from := 0
	for i, c := range cells {
		value := s.scratch[from:s.ends[i]:s.ends[i]]
		from = s.ends[i]
		kind := grid.Text
		switch c.kind {
		case xlsNumber:
			kind = c.shown
			if c.script == grid.StruckOut {
				value, kind = grid.Raise(c.script, value), grid.Text
			}
		case xlsShared:
			value, kind = s.book.styles.ShownText(int(c.shown), s.book.strings.In(c.script, int(c.value)))
		case xlsOwn:
			value, kind = s.book.styles.ShownText(int(c.shown), s.own.In(c.script, int(c.value)))
		case xlsBool:
			kind = grid.Bool
		case xlsError:
			kind = grid.Error
		}
		s.row[c.column], s.kinds[c.column] = value, kind
	}
	if unseen, said := s.unseen[cells[0].row]; (unseen || !said && s.flat) && !grid.Empty(s.row) {
		s.hidden.Add(no)
	}
	sink.Row(no, s.row, s.kinds)
}

func xlsErrorText(code uint64) string {
	switch code {
	case 0x00:
		return "#NULL!"
	case 0x07:
		return "#DIV/0!"
	case 0x0F:
		return "#VALUE!"
	case 0x17:
		return "#REF!"
	case 0x1D:
		return "#NAME?"
	case 0x24:
		return "#NUM!"
	case uncomputed:
		return book.NotComputed
	}
	return "#N/A"
}
