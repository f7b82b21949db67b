package xlsx

import (
	"bytes"
	"fmt"
	"strconv"

	"citykpi/pipeline/source/book"
	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/numfmt"
)

// scanner reads rows out of a chunk of a worksheet's XML. It knows just as
// much XML as a worksheet has, and errs on the rest.
type scanner struct {
	strings *book.Strings
	dates   []grid.Kind
	scripts grid.Scripts
	width   int   // cells further right are not kept; 0: all are
	filled  int64 // bytes of XML that filled cells account for
	b       []byte
	plain   bool // nothing in b is escaped
	row     int64
	digits  []byte // of the row, as its cells' references end
	hidden  bool   // the row
	flat    bool   // rows without a height of their own have none
	cells   [][]byte
	kinds   []grid.Kind
	inline  []byte // texts of the row that are not in b as they are
	styles  *numfmt.Styles
}

func (s *scanner) chunk(b []byte, plain bool) { s.b, s.plain = b, plain }

var (
	rowStart = []byte("<row")
	rowEnd   = []byte("</row>")
	cellEnd  = []byte("</c>")
)

// next scans one row into s.row, s.cells and s.kinds.
func (s *scanner) next() (bool, error) {
	i := bytes.Index(s.b, rowStart)
	if i < 0 {
		return false, nil
	}
	if s.row > 0 && i > 0 && len(bytes.TrimSpace(s.b[:i])) > 0 {
		return false, fmt.Errorf("%q behind row %d", s.b[:min(i, 24)], s.row)
	}
	b := s.b[i+len(rowStart):]
	open := bytes.IndexByte(b, '>')
	if open < 0 {
		return false, fmt.Errorf("the row after row %d never ends", s.row)
	}
	if len(b) > 0 && !endsName(b[0]) {
		return false, fmt.Errorf("an unknown element <row%c", b[0])
	}
	if err := s.rowNumber(b[:open]); err != nil {
		return false, err
	}
	s.cells, s.kinds, s.inline = s.cells[:0], s.kinds[:0], s.inline[:0]
	if open > 0 && b[open-1] == '/' {
		s.b = b[open+1:]
		return true, nil
	}
	b = b[open+1:]
	for {
		lt := bytes.IndexByte(b, '<')
		if lt < 0 || lt+2 >= len(b) {
			return false, fmt.Errorf("row %d never ends", s.row)
		}
		b = b[lt:]
		if b[1] == '/' {
			if !bytes.HasPrefix(b, rowEnd) {
				return false, fmt.Errorf("row %d: unexpected %q", s.row, b[:min(len(b), 12)])
			}
			s.b = b[len(rowEnd):]
			return true, nil
		}
		if b[1] != 'c' || !endsName(b[2]) {
			return false, fmt.Errorf("row %d: unexpected %q", s.row, b[:min(len(b), 12)])
		}
		rest, err := s.cell(b[2:])
		if err != nil {
			return false, err
		}
		b = rest
	}
}

func (s *scanner) rowNumber(tag []byte) error {
	s.hidden = hidesRow(tag, s.flat)
	r := attribute(tag, "r")
	if r == nil {
		s.row++
		s.digits = strconv.AppendInt(s.digits[:0], s.row, 10)
		return nil
	}
	n := fold.Digits(r)
	if n <= 0 || n > book.MaxRows || int64(n) <= s.row {
		return fmt.Errorf("row number %q after row %d", r, s.row)
	}
	s.row, s.digits = int64(n), append(s.digits[:0], r...)
	return nil
}

// cell scans what follows "<c" and returns what follows the cell.
func (s *scanner) cell(b []byte) ([]byte, error) {
	column, style, kind, i, err := s.cellTag(b)
	if err != nil {
		return nil, err
	}
	if column < len(s.cells) && s.cells[column] != nil {
		return nil, fmt.Errorf("cell %s%d is given twice", book.ColumnLetters(column), s.row)
	}
	for len(s.cells) <= column && (s.width == 0 || len(s.cells) < s.width) {
		s.cells, s.kinds = append(s.cells, nil), append(s.kinds, grid.Text)
	}
	if i > 0 && b[i-1] == '/' {
		return b[i+1:], nil
	}
	b = b[i+1:]
	var value []byte
	formula := false
	if len(b) > 3 && b[0] == '<' && b[1] == 'v' && b[2] == '>' { // nearly every cell
		end := bytes.IndexByte(b[3:], '<')
		if end < 0 || !bytes.HasPrefix(b[3+end:], []byte("</v>")) {
			return nil, fmt.Errorf("cell %s%d never ends", book.ColumnLetters(column), s.row)
		}
		value, b = b[3:3+end], b[3+end+4:]
		if kind == 'i' { // a text that is kept as a value
			kind = 't'
		}
	} else if kind == 'i' {
		if text, rest, ok := s.inlineText(b); ok {
			return rest, s.store(column, style, kind, grid.Raise(s.scripts.Of(style), text), false)
		}
	}
	if !bytes.HasPrefix(b, cellEnd) {
		end := bytes.Index(b, cellEnd)
		if end < 0 {
			return nil, fmt.Errorf("cell %s%d never ends", book.ColumnLetters(column), s.row)
		}
		whole := !bytes.Contains(b[:end], []byte("</c")) && !bytes.Contains(b[:end], []byte("<c ")) // another cell's end was found
		if whole && value == nil {
			value, formula, whole = s.body(b[:end], style, kind)
		}
		if !whole {
			return nil, fmt.Errorf("cell %s%d is not as Excel writes it", book.ColumnLetters(column), s.row)
		}
		b = b[end:]
	}
	b = b[len(cellEnd):]
	return b, s.store(column, style, kind, value, formula)
}

// inlineText reads <is><t>text</t></is></c>, which is nearly every inline cell;
// ok is false for any other.
func (s *scanner) inlineText(b []byte) (text, rest []byte, ok bool) {
	const open, end = "<is><t", "</t></is></c>"
	if !bytes.HasPrefix(b, []byte(open)) {
		return nil, nil, false
	}
	from := bytes.IndexByte(b, '>') + 1 // of <is>
	tag := bytes.IndexByte(b[from:], '>')
	if tag < 0 || b[from+2] != '>' && b[from+2] != ' ' || b[from+tag-1] == '/' {
		return nil, nil, false
	}
	b = b[from+tag+1:]
	stop := bytes.IndexByte(b, '<')
	if stop < 0 || !bytes.HasPrefix(b[stop:], []byte(end)) {
		return nil, nil, false
	}
	text, rest = b[:stop:stop], b[stop+len(end):]
	if !s.plain && (bytes.IndexByte(text, '&') >= 0 || bytes.IndexByte(text, '_') >= 0) {
		at := len(s.inline)
		s.inline = appendUnescaped(s.inline, text)
		text = s.inline[at:len(s.inline):len(s.inline)]
	}
	return text, rest, true
}

// cellTag reads the attributes up to the '>' at index end.
func (s *scanner) cellTag(b []byte) (column, style int, kind byte, end int, err error) {
	column, kind = len(s.cells), 'n'
	i := 0
	for {
		for i < len(b) && (b[i] <= ' ' || b[i] == '/') {
			i++
		}
		if i >= len(b) {
			return 0, 0, 0, 0, fmt.Errorf("a cell of row %d never ends", s.row)
		}
		if b[i] == '>' {
			break
		}
		eq := 1 // all that matter have one letter
		if i+1 >= len(b) || b[i+1] != '=' {
			eq = bytes.IndexByte(b[i:], '=')
		}
		if eq < 0 || i+eq+2 >= len(b) {
			return 0, 0, 0, 0, fmt.Errorf("a cell of row %d has a broken tag", s.row)
		}
		name, from := b[i:i+eq], i+eq+2
		length := 0 // of a few bytes
		for from+length < len(b) && b[from+length] != b[from-1] {
			length++
		}
		if from+length == len(b) || b[from-1] != '"' && b[from-1] != '\'' {
			return 0, 0, 0, 0, fmt.Errorf("a cell of row %d has a broken tag", s.row)
		}
		value := b[from : from+length]
		i = from + length + 1
		if len(name) != 1 {
			continue
		}
		switch name[0] {
		case 'r':
			var n int
			if column, n = columnIndex(value); n == 0 || column >= book.MaxColumns || string(value[n:]) != string(s.digits) {
				return 0, 0, 0, 0, fmt.Errorf("cell reference %q in row %d", value, s.row)
			}
		case 's':
			style = fold.Digits(value)
		case 't':
			kind = cellType(value)
		}
	}
	if column >= book.MaxColumns {
		return 0, 0, 0, 0, fmt.Errorf("row %d has more than %d columns", s.row, book.MaxColumns)
	}
	return column, style, kind, i, nil
}

// cellType is a letter for the cell's type: s shared, t text, i inline, b boolean, e error, n number.
func cellType(t []byte) byte {
	switch string(t) {
	case "s":
		return 's'
	case "str":
		return 't'
	case "d":
		return 'd'
	case "inlineStr":
		return 'i'
	case "b":
		return 'b'
	case "e":
		return 'e'
	}
	return 'n'
}

// endsName reports what may follow the name of an element in its tag.
func endsName(c byte) bool {
	return c == ' ' || c == '>' || c == '/' || c == '\t' || c == '\n' || c == '\r'
}

// body reads a cell's value where it is not a bare <v>: behind a formula, or inline. whole is
// false where it is written in a way that is not known here.
func (s *scanner) body(b []byte, style int, kind byte) (value []byte, formula, whole bool) {
	if kind == 'i' {
		from := len(s.inline)
		var lead int
		s.inline, lead, whole = appendRuns(s.inline, b)
		return grid.InFontOfCell(s.scripts.Of(style), s.inline[from:len(s.inline):len(s.inline)], lead), false, whole
	}
	formula = bytes.Contains(b, []byte("<f"))
	for at := 0; ; {
		i := bytes.Index(b[at:], []byte("<v"))
		if i < 0 {
			return nil, formula, true
		}
		at += i + 2
		if at == len(b) || !endsName(b[at]) {
			continue
		}
		open := bytes.IndexByte(b[at:], '>')
		if open < 0 {
			return nil, formula, false
		}
		if b[at+open-1] == '/' {
			return b[at+open : at+open], formula, true
		}
		value = b[at+open+1:]
		end := bytes.IndexByte(value, '<')
		if end < 0 || !bytes.HasPrefix(value[end:], []byte("</v>")) {
			return nil, formula, false
		}
		return value[:end:end], formula, true
	}
}

func (s *scanner) store(column, style int, kind byte, value []byte, formula bool) error {
	out := grid.Text
	if kind != 't' && kind != 'i' { // the writer's layout
		value = trimLayout(value)
	}
	if formula && (value == nil || len(value) == 0 && kind != 't') { // the value of a text may be empty
		kind, value = 'e', []byte(book.NotComputed)
	}
	switch kind {
	case 's':
		if len(value) == 0 {
			value = nil
			break
		}
		i := fold.Digits(value)
		if i < 0 || i >= s.strings.Count() {
			return fmt.Errorf("cell %s%d wants string %q of %d", book.ColumnLetters(column), s.row, value, s.strings.Count())
		}
		value = s.strings.In(s.scripts.Of(style), i)
	case 't':
		if !s.plain && (bytes.IndexByte(value, '&') >= 0 || bytes.IndexByte(value, '_') >= 0) {
			value = appendUnescaped(nil, value)
		}
		value = grid.Raise(s.scripts.Of(style), value)
	case 'b':
		out = grid.Bool
		switch string(value) {
		case "1", "true":
			value = []byte(grid.BooleanWords[1])
		case "0", "false":
			value = []byte(grid.BooleanWords[0])
		}
	case 'e':
		out = grid.Error
	case 'd':
		value = dayOfISO(value)
	case 'n':
		switch {
		case len(value) == 0:
			value = nil
		case value[0] > '9' || value[0] < '+': // an entity, or no number at all
			return fmt.Errorf("cell %s%d holds %q as a number", book.ColumnLetters(column), s.row, value[:min(len(value), 20)])
		case style >= 0 && style < len(s.dates):
			out = s.dates[style]
		default:
			out = grid.Number
		}
	}
	if s.styles.ShowsText(style) && value != nil && (kind == 's' || kind == 't' || kind == 'i') {
		value, out = s.styles.ShownText(style, value)
	}
	if style >= 0 && style < len(s.styles.Struck) && s.styles.Struck[style] && value != nil {
		if out.IsNumber() {
			value = []byte(s.styles.Text(string(value), out))
		}
		value, out = grid.AppendStruck(nil, value), grid.Text
	}
	if value != nil {
		s.filled += cellBytes + 2*int64(len(value))
	}
	if column < len(s.cells) {
		s.cells[column], s.kinds[column] = value, out
	}
	return nil
}

func trimLayout(b []byte) []byte {
	if len(b) > 0 && (b[0] <= ' ' || b[len(b)-1] <= ' ') {
		return bytes.TrimSpace(b)
	}
	return b
}

// dayOfISO cuts a midnight off a day that a workbook keeps as a text: 2022-09-01T00:00:00.
func dayOfISO(b []byte) []byte {
	day, clock, _ := bytes.Cut(b, []byte("T"))
	if len(bytes.Trim(clock, "0:.")) == 0 {
		return day
	}
	return b
}
