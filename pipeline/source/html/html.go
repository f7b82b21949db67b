// Package html reads the tables of a web page, as a browser shows them, as one table of texts.
package html

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"citykpi/pipeline/source/book"
	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/numfmt"
	"citykpi/pipeline/source/refusal"

	"golang.org/x/net/html"
)

// Looks reports a start that only a web page has; start is in small letters.
func Looks(start []byte) bool {
	for _, tag := range []string{"<!doctype html", "<html", "<table", "<head", "<body", "<meta", "<style", "<div"} {
		if bytes.HasPrefix(start, []byte(tag)) {
			return true
		}
	}
	return bytes.HasPrefix(start, []byte("<?xml")) && bytes.Contains(start, []byte("<html")) ||
		bytes.HasPrefix(start, []byte("<!--")) && (bytes.Contains(start, []byte("<html")) || bytes.Contains(start, []byte("<table")))
}

// Book is the tables of a web page, one after the other, as one table
// without a name: a title often stands in a table of its own.
type Book struct {
	file   string
	text   *io.SectionReader // UTF-8
	styles styles
}

// Sheets, Numbers and Rows implement book.Book.
func (h *Book) Sheets() []book.Sheet    { return []book.Sheet{{}} }
func (h *Book) Numbers() *numfmt.Styles { return numfmt.Plain }
func (h *Book) Rows(_ *book.Sheet, after int64, header []string) grid.Source {
	return &source{book: h, after: after, width: book.ReadWidth(header), header: header}
}

func (h *Book) refuse(row int64, err error, detail, try string) *refusal.Error {
	return &refusal.Error{File: h.file, Row: row, Err: err, Detail: detail, Try: try}
}

// Open makes sure that a page, in UTF-8, has a table. name is that of the file; note is what an operator may
// want to know, "" if there is nothing.
func Open(name string, text *io.SectionReader) (h *Book, note string, err error) {
	h = &Book{file: name, text: text}
	switch table, err := h.readStyles(); {
	case err != nil && !errors.Is(err, io.EOF):
		return nil, "", h.tokenError(err, 0)
	case !table:
		return nil, "", h.refuse(0, refusal.ErrHTML, "", "export the table itself, as .xlsx or CSV")
	}
	return h, h.styles.unclearNote(), nil
}

const maxToken = 4 << 20

func (h *Book) tokens() *html.Tokenizer {
	z := html.NewTokenizer(io.NewSectionReader(h.text, 0, h.text.Size()))
	z.SetMaxBuf(maxToken)
	return z
}

func (h *Book) tokenError(err error, row int64) error {
	if errors.Is(err, html.ErrBufferExceeded) {
		return h.refuse(row, refusal.ErrTooLarge, fmt.Sprintf("a text of more than %d MB", maxToken>>20),
			"export the table as .xlsx or CSV")
	}
	return fmt.Errorf("read %s: %w", h.file, err)
}

const chunkRows = 1024 // at a time

// source reads the rows of a web page's tables.
type source struct {
	book  *Book
	after int64
	width int // cells that others only span further right are left out; 0: none are

	tokens *html.Tokenizer
	no     int64
	tables int // open ones
	opened int // tables so far
	header []string
	home   int  // the one in which the header stands
	across int  // its cells
	depth  int  // how many were open around the header: a table further inside is what a cell says; 0: not met yet
	nested int  // open ones of these
	begun  int  // the one of which a row has been read
	other  int  // the one that begins with a header of its own
	heads  int  // cells of the row that are headers
	inHead bool // within a part of headers
	inRow  bool // with cells to come
	inCell bool
	skip   string // style or script: no text of the page
	veil   string // the element around rows that is not shown; "" none is
	veils  int    // open ones of its name
	lined  bool   // the row is struck out
	left   bool   // words and numbers of the row stand from the right to the left
	turned string // the element around rows in which they do; "" none is
	turns  int    // open ones of its name
	field  effects
	cells  [][]byte
	kinds  []grid.Kind
	number string // x:num: what Excel shows as the cell's text
	span   int    // columns of the open cell
	deep   int    // rows of the open cell
	below  []int  // by column: rows that a cell from above still covers
	merges []book.Merged
	hides  bool
	hidden book.HiddenRows
	column int // of the table, of the next col element
	unseen book.HiddenColumns
}

func (s *source) Close()                      {}
func (s *source) Merged() []book.Merged       { return s.merges }
func (s *source) HiddenRows() book.HiddenRows { return s.hidden }

func (s *source) HiddenColumns() book.HiddenColumns { return s.unseen }

func (s *source) Next(ctx context.Context, sink grid.Sink) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	if s.tokens == nil {
		s.tokens = s.book.tokens()
	}
	sink.Begin(chunkRows, true) // nobody has looked at the text yet
	for until := s.no + chunkRows; s.no < until; {
		more, err := s.token(sink)
		if !more || err != nil {
			return false, err
		}
	}
	return true, nil
}

// token takes one token; more is false at the end.
func (s *source) token(sink grid.Sink) (more bool, err error) {
	switch kind := s.tokens.Next(); kind {
	case html.ErrorToken:
		if !errors.Is(s.tokens.Err(), io.EOF) {
			return false, s.book.tokenError(s.tokens.Err(), s.no+1)
		}
		if s.tables > 0 {
			return false, s.book.refuse(s.no, refusal.ErrTruncated, "the table has no end", refusal.Resend)
		}
		return false, nil
	case html.TextToken:
		if s.inCell && s.skip == "" && s.field.seen() {
			s.addText(grid.Raise(scripts[s.field.raise], s.tokens.Text()))
		}
	case html.StartTagToken, html.SelfClosingTagToken:
		return true, s.open(sink, kind == html.SelfClosingTagToken)
	case html.EndTagToken:
		return true, s.shut(sink)
	}
	return true, nil
}

func (s *source) open(sink grid.Sink, closed bool) error {
	name, more := s.tokens.TagName()
	if s.nested > 0 || string(name) == "table" && s.inCell && s.depth > 0 && s.tables >= s.depth {
		if string(name) == "table" && !closed {
			s.nested++
		}
		s.part(string(name))
		s.within(string(name), more, closed)
		return nil
	}
	switch string(name) {
	case "style", "script":
		if !closed {
			s.skip = string(name)
		}
	case "table":
		s.endRow(sink)
		s.around(string(name), more, closed)
		s.tables, s.opened, s.below, s.column, s.inHead = s.tables+1, s.opened+1, nil, 0, false
		if s.depth == 0 { // what stands above the header may hide columns of its own
			s.unseen = nil
		}
	case "thead", "tbody", "tfoot":
		s.endRow(sink)
		s.below, s.inHead = nil, string(name) == "thead"
		s.around(string(name), more, closed)
	case "col":
		s.openColumn(more)
	case "tr":
		s.endRow(sink)
		s.inRow = true
		look := s.lookOf("tr", more)
		s.hides, s.lined, s.left = s.hides || look.gone || look.clear, s.lined || look.struck, look.leftward
	case "td", "th":
		if err := s.openCell(string(name), more); err != nil {
			return err
		}
	default:
		if !s.inCell {
			s.around(string(name), more, closed)
			return nil
		}
		s.part(string(name))
		s.within(string(name), more, closed)
	}
	return nil
}

func (s *source) shut(sink grid.Sink) error {
	name, _ := s.tokens.TagName()
	s.part(string(name))
	s.field.shut(string(name))
	if s.nested > 0 {
		if string(name) == "table" {
			s.nested--
		}
		return nil
	}
	switch string(name) {
	case s.skip:
		s.skip = ""
	case "td", "th":
		return s.endCell()
	case "tr":
		s.endRow(sink)
	case "thead", "tbody", "tfoot":
		s.endRow(sink)
		s.inHead = false
	case "table":
		s.endRow(sink)
		s.tables, s.below = max(s.tables-1, 0), nil
	}
	if !s.inCell {
		s.unveil(string(name))
	}
	return nil
}

// openCell starts the next cell that no cell from above covers.
func (s *source) openCell(name string, more bool) error {
	if err := s.endCell(); err != nil {
		return err
	}
	s.inRow, s.inCell, s.number, s.span, s.deep = true, true, "", 1, 1
	if name == "th" || s.inHead {
		s.heads++
	}
	var e element
	for more {
		var key, value []byte
		key, value, more = s.tokens.TagAttr()
		e.take(key, value)
		switch string(key) {
		case "colspan":
			s.span = clampSpan(value, book.MaxColumns)
		case "rowspan":
			if s.deep = clampSpan(value, book.MaxRows); string(bytes.TrimSpace(value)) == "0" { // to the end of its part of the table
				s.deep = book.MaxRows
			}
		case "x:num", "sdval", "data-v": // of Excel, LibreOffice and SheetJS
			s.number = string(value)
		}
	}
	look := s.book.styles.look(name, &e)
	s.field.whole, s.field.clear, s.field.back = look.struck, look.clear, look.reversed
	s.field.hint = e.title
	s.field.left = look.leftward || e.dir == "" && (s.left || s.turned != "")
	for len(s.cells) < len(s.below) && s.below[len(s.cells)] > 0 {
		s.addCell(nil, grid.Text)
	}
	s.addCell(nil, grid.Text)
	if at := len(s.cells) - 1; (look.gone || look.clear) && !s.unseen.Has(at) {
		s.unseen.Add(at, at+s.span-1)
	}
	return s.tooWide()
}

// openColumn takes what a col element says of so many columns of its table.
func (s *source) openColumn(more bool) {
	span, e := 1, element{}
	for more {
		var key, value []byte
		key, value, more = s.tokens.TagAttr()
		if string(key) == "span" {
			span = clampSpan(value, book.MaxColumns)
		}
		e.take(key, value)
	}
	if look := s.book.styles.look("col", &e); look.gone || look.clear {
		s.unseen.Add(s.column, s.column+span-1)
	}
	s.column = min(s.column+span, book.MaxColumns)
}

func (s *source) tooWide() error {
	if len(s.cells)+s.span > book.MaxColumns {
		return s.book.refuse(s.no+1, refusal.ErrTooLarge, fmt.Sprintf("more than %d columns", book.MaxColumns),
			"export the table as .xlsx or CSV")
	}
	return nil
}

func clampSpan(value []byte, most int) int {
	return min(max(fold.Digits(bytes.TrimSpace(value)), 1), most)
}

// addCell reuses the memory of the row before.
func (s *source) addCell(text []byte, kind grid.Kind) {
	n := len(s.cells)
	s.cells, s.kinds = slices.Grow(s.cells, 1)[:n+1], append(s.kinds, kind)
	s.cells[n] = append(s.cells[n][:0], text...)
}

// addText appends a text as a browser shows it: blanks run together.
func (s *source) addText(text []byte) {
	cell := &s.cells[len(s.cells)-1]
	if s.lined || s.field.whole || s.field.strike != "" {
		text = grid.AppendStruck(nil, text)
	}
	if s.field.back || s.field.turn != "" {
		text = appendReversed(nil, text)
	}
	if !utf8.Valid(text) {
		text = bytes.ToValidUTF8(text, fold.Replacement)
	}
	for _, c := range text {
		if c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' {
			if n := len(*cell); n == 0 || (*cell)[n-1] == ' ' || (*cell)[n-1] == '\n' {
				continue
			}
			c = ' '
		}
		*cell = append(*cell, c)
	}
}

// endCell completes the open cell: the number that Excel keeps behind a
// rounded text, and the columns and rows it covers.
func (s *source) endCell() error {
	if !s.inCell {
		return nil
	}
	at, field := len(s.cells)-1, s.field
	s.inCell, s.field = false, effects{}
	s.cells[at] = grid.FormulaText(bytes.TrimRight(s.cells[at], " \n"))
	if field.left && reorders(s.cells[at]) {
		s.cells[at] = append(s.cells[at], fold.RightToLeft...)
	}
	if _, err := strconv.ParseFloat(s.number, 64); err == nil && showsNumber(s.cells[at]) {
		if roundedTo(s.number, string(s.cells[at])) {
			s.cells[at], s.kinds[at] = append(s.cells[at][:0], s.number...), grid.Number
		} else {
			s.kinds[at] = grid.Other
		}
	}
	if partly(s.cells[at], field.hint, field.picture) {
		s.kinds[at] = grid.Part
	}
	for i := 1; i < s.span && (s.width == 0 || len(s.cells) < s.width); i++ {
		s.addCell(nil, grid.Text)
	}
	if s.deep > 1 {
		for len(s.below) < len(s.cells) {
			s.below = append(s.below, 0)
		}
		for j := at; j < len(s.cells); j++ {
			s.below[j] = s.deep
		}
		if len(s.merges) < book.MaxRows {
			last := s.no + int64(s.deep)
			from, to := book.ColumnLetters(at), book.ColumnLetters(len(s.cells)-1)
			ref := fmt.Sprintf("%s%d:%s%d", from, s.no+1, to, last)
			s.merges = append(s.merges, book.Merged{Ref: ref, Column: at, First: s.no + 1, Last: last})
		}
	}
	return s.tooWide()
}

// showsNumber reports a number as Excel shows it, so that a date stays one and
// 12.5% is not taken for 0.125.
func showsNumber(text []byte) bool {
	if len(text) > 1 && text[0] == '0' && text[1] != '.' { // 00123 is more than its number
		return false
	}
	_, err := strconv.ParseFloat(withoutSigns(string(text)), 64)
	return err == nil
}

// withoutSigns is a number as Excel shows it without what groups it and the sign of money.
func withoutSigns(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(", ¥￥", r) {
			return -1
		}
		return r
	}, text)
}

// roundedTo reports that what is shown is the number, rounded: 12.3 of 12345 is shown in thousands.
func roundedTo(number, shown string) bool {
	shown = withoutSigns(shown)
	v, _ := strconv.ParseFloat(number, 64)
	w, _ := strconv.ParseFloat(shown, 64)
	_, decimals, _ := strings.Cut(shown, ".")
	return strings.ContainsAny(shown, "eE") || math.Abs(v-w) <= 0.501*math.Pow10(-len(decimals))
}

func (s *source) endRow(sink grid.Sink) {
	if !s.inRow {
		return
	}
	_ = s.endCell() // the row is handed on whatever its width: openCell has refused a wider one
	s.no++
	if (s.hides || s.veil != "") && s.no > s.after && !grid.Empty(s.cells) {
		s.hidden.Add(s.no)
	}
	if s.no == s.after {
		s.depth, s.home, s.across = s.tables, s.opened, len(s.cells)
	}
	if s.elsewhere() {
		s.kinds[0] = grid.Elsewhere
	}
	if s.no > s.after {
		sink.Row(s.no, s.cells, s.kinds)
	}
	for j := range s.below {
		s.below[j] = max(s.below[j]-1, 0)
	}
	s.cells, s.kinds, s.inRow, s.hides = s.cells[:0], s.kinds[:0], false, false
	s.lined, s.heads = false, 0
}

// elsewhere reports a row of a table that is another than the header's: it has other columns, or began with a row
// of headers none of which is among those. A table may go on in others that have none.
func (s *source) elsewhere() bool {
	if s.home == 0 || s.opened == s.home || len(s.cells) == 0 {
		return false
	}
	if s.begun != s.opened {
		s.begun = s.opened
		if s.heads > 1 && s.heads == len(s.cells) && !slices.ContainsFunc(s.cells, s.isHeader) {
			s.other = s.opened
		}
	}
	return len(s.cells) != s.across || s.other == s.opened
}

func (s *source) isHeader(cell []byte) bool {
	key, _ := fold.HeaderKey(string(cell))
	return slices.ContainsFunc(s.header, func(word string) bool {
		own, _ := fold.HeaderKey(word)
		return own == key
	})
}
