package xlsx

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"citykpi/pipeline/source/book"
	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/refusal"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Nearly every part of a workbook is written in one way, for which its scanner is made; on
// anything else the scanner errs. Such a part is read again by a parser that knows all of XML
// (comments, CDATA, line ends in tags, prefixes, UTF-16, rows in pieces) and written anew as
// the scanner wants it.

// maxOdd bounds what is read to be rewritten, and what is written: that is in memory as a whole.
const maxOdd = 128 << 20

// utf8XML is a part's text in UTF-8, whatever its mark or its declaration says it is.
func utf8XML(in io.ReadCloser) (io.ReadCloser, error) {
	head := make([]byte, 128)
	n, err := io.ReadFull(in, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	head = head[:n]
	out := io.MultiReader(bytes.NewReader(head), in)
	switch {
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}), bytes.HasPrefix(head, []byte{'<', 0}):
		out = transform.NewReader(out, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}), bytes.HasPrefix(head, []byte{0, '<'}):
		out = transform.NewReader(out, unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder())
	case bytes.Contains(bytes.ToLower(head), []byte(`encoding="gb`)):
		out = transform.NewReader(out, simplifiedchinese.GB18030.NewDecoder())
	}
	return struct {
		io.Reader
		io.Closer
	}{out, in}, nil
}

// xmlParser is a reader of the whole of XML over a part.
func xmlParser(in io.Reader) *xml.Decoder {
	d := xml.NewDecoder(in)
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // utf8XML has seen to it
	return d
}

var errDoctype = errors.New("has a <!DOCTYPE")

// rewriter writes what a scanner reads of a part. A DOCTYPE is refused: no workbook has one.
type rewriter struct {
	ctx  context.Context
	d    *xml.Decoder
	out  []byte
	rows []oddRow
	last int    // row
	head []byte // what is said of columns and rows above them
	tail []byte
}

// oddRow is one row element: its cells stand in rewriter.out.
type oddRow struct {
	no       int
	hidden   bool
	height   string // "" none of its own
	from, to int
}

func (w *rewriter) token() (xml.Token, error) {
	t, err := w.d.Token()
	if _, doctype := t.(xml.Directive); doctype {
		return nil, errDoctype
	}
	if err == nil && (w.d.InputOffset() > maxOdd || len(w.head)+len(w.out)+len(w.tail) > maxOdd) {
		return nil, refusal.ErrTooLarge
	}
	return t, err
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// rewriteSheet is a worksheet as its scanner wants it: the cells of each row together, where
// their references put them, rows in order. inOrder says that they were so already.
func rewriteSheet(ctx context.Context, in io.Reader) (text []byte, inOrder bool, err error) {
	w := &rewriter{ctx: ctx, d: xmlParser(in)}
	for ended, table := false, false; ; {
		t, err := w.token()
		if errors.Is(err, io.EOF) && ended {
			text, inOrder = w.sheet()
			return text, inOrder, nil
		}
		if err != nil {
			return nil, false, err
		}
		switch e := t.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "row":
				if err := w.row(e); err != nil {
					return nil, false, err
				}
			case "sheetData":
				table = true
			case "col", "sheetFormatPr":
				if !table {
					w.above(e)
				}
			case "mergeCell":
				w.tail = append(appendXML(append(w.tail, `<mergeCell ref="`...), attr(e, "ref")), `"/>`...)
			default:
				if table && !withoutText[e.Name.Local] {
					return nil, false, fmt.Errorf("an unknown element %s behind row %d", e.Name.Local, w.last)
				}
				if table || e.Name.Local == "AlternateContent" || withoutText[e.Name.Local] {
					if err := w.d.Skip(); err != nil {
						return nil, false, err
					}
				}
			}
		case xml.EndElement:
			ended = ended || e.Name.Local == "worksheet"
			table = table && e.Name.Local != "sheetData"
		}
	}
}

// above writes an element that stands above the rows and says what is seen of them and of the columns.
func (w *rewriter) above(e xml.StartElement) {
	w.head = append(append(w.head, '<'), e.Name.Local...)
	for _, name := range []string{"min", "max", "hidden", "width", "zeroHeight", "defaultRowHeight", "defaultColWidth"} {
		if v := attr(e, name); v != "" {
			w.head = append(appendXML(fmt.Appendf(w.head, ` %s="`, name), v), '"')
		}
	}
	w.head = append(w.head, "/>"...)
}

func (w *rewriter) row(start xml.StartElement) error {
	row := oddRow{no: w.last + 1, from: len(w.out), hidden: isTrue([]byte(attr(start, "hidden"))), height: attr(start, "ht")}
	if r := attr(start, "r"); r != "" {
		if row.no = fold.Digits([]byte(r)); row.no <= 0 || row.no > book.MaxRows {
			return fmt.Errorf("row number %q after row %d", r, w.last)
		}
	}
	if err := w.ctx.Err(); err != nil {
		return err
	}
	column := -1
	for {
		t, err := w.token()
		if err != nil {
			return err
		}
		switch e := t.(type) {
		case xml.StartElement:
			if e.Name.Local == "extLst" {
				if err := w.d.Skip(); err != nil {
					return err
				}
				continue
			}
			if e.Name.Local != "c" {
				return fmt.Errorf("an unknown element %s in row %d", e.Name.Local, row.no)
			}
			if column, err = w.cell(e, &row, column+1); err != nil {
				return err
			}
		case xml.EndElement:
			row.to, w.last = len(w.out), row.no
			w.rows = append(w.rows, row)
			return nil
		}
	}
}

// cell writes one cell. Where its reference names another row than the one it stands in, the reference counts.
func (w *rewriter) cell(start xml.StartElement, row *oddRow, column int) (int, error) {
	if ref := attr(start, "r"); ref != "" {
		index, n := columnIndex([]byte(ref))
		no := fold.Digits([]byte(ref[n:]))
		if n == 0 || index >= book.MaxColumns || no <= 0 || no > book.MaxRows {
			return 0, fmt.Errorf("cell reference %q in row %d", ref, row.no)
		}
		column = index
		if no != row.no {
			if row.to = len(w.out); row.to > row.from {
				w.rows = append(w.rows, *row)
			}
			*row = oddRow{no: no, hidden: row.hidden, height: row.height, from: len(w.out)}
		}
	}
	w.out = fmt.Appendf(w.out, `<c r="%s%d"`, book.ColumnLetters(column), row.no)
	for _, name := range []string{"s", "t"} {
		if v := attr(start, name); v != "" {
			w.out = append(appendXML(fmt.Appendf(w.out, ` %s="`, name), v), '"')
		}
	}
	w.out = append(w.out, '>')
	if err := w.inside(start.Name.Local); err != nil {
		return 0, err
	}
	w.out = append(w.out, "</c>"...)
	return column, nil
}

// written are the elements within cells and strings that mean something; withoutText are
// those that say nothing of what a person reads there. Any other may hold what would be lost.
var (
	written     = map[string]bool{"v": true, "is": true, "t": true, "r": true, "f": true}
	withoutText = map[string]bool{"rPh": true, "phoneticPr": true, "extLst": true}
)

// inside writes what stands in an element, up to its end.
func (w *rewriter) inside(name string) error {
	for {
		t, err := w.token()
		if err != nil {
			return err
		}
		switch e := t.(type) {
		case xml.StartElement:
			if e.Name.Local == "rPr" {
				if err := w.run(); err != nil {
					return err
				}
				continue
			}
			if !written[e.Name.Local] {
				if !withoutText[e.Name.Local] {
					return fmt.Errorf("an unknown element %s within a cell or a string", e.Name.Local)
				}
				if err := w.d.Skip(); err != nil {
					return err
				}
				continue
			}
			w.out = append(append(append(w.out, '<'), e.Name.Local...), '>')
			if err := w.inside(e.Name.Local); err != nil {
				return err
			}
			w.out = append(append(append(w.out, "</"...), e.Name.Local...), '>')
		case xml.EndElement:
			return nil
		case xml.CharData:
			if name == "v" || name == "t" { // elsewhere it is the writer's layout
				w.out = appendXML(w.out, string(e))
			}
		}
	}
}

// run writes what the properties of a run say of how it is read: raised, struck out, or neither.
func (w *rewriter) run() error {
	w.out = append(w.out, "<rPr>"...)
	for depth := 1; depth > 0; {
		t, err := w.token()
		if err != nil {
			return err
		}
		switch e := t.(type) {
		case xml.StartElement:
			depth++
			if at := attr(e, "val"); e.Name.Local == "vertAlign" && xmlScripts[at] != grid.OnLine {
				w.out = fmt.Appendf(w.out, `<vertAlign val="%s"/>`, at)
			} else if e.Name.Local == "strike" && strikesOut(at) {
				w.out = append(w.out, "<strike/>"...)
			}
		case xml.EndElement:
			depth--
		}
	}
	w.out = append(w.out, "</rPr>"...)
	return nil
}

var xmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func appendXML(b []byte, s string) []byte { return append(b, xmlEscapes.Replace(s)...) }

// sheet puts the rows in order and joins those that came in pieces.
func (w *rewriter) sheet() (text []byte, inOrder bool) {
	byNumber := func(a, b oddRow) int { return a.no - b.no }
	if inOrder = slices.IsSortedFunc(w.rows, byNumber); !inOrder {
		slices.SortStableFunc(w.rows, byNumber)
	}
	text = append(make([]byte, 0, len(w.head)+len(w.out)+len(w.rows)*24+len(w.tail)+100), "<worksheet>"...)
	text = append(append(text, w.head...), "<sheetData>"...)
	open := 0 // row
	for _, row := range w.rows {
		switch {
		case row.no == open:
			inOrder = false
		case open > 0:
			text = append(text, "</row>"...)
			fallthrough
		default:
			text = append(strconv.AppendInt(append(text, `<row r="`...), int64(row.no), 10), '"')
			if row.hidden {
				text = append(text, ` hidden="1"`...)
			}
			if row.height != "" {
				text = append(appendXML(append(text, ` ht="`...), row.height), '"')
			}
			text, open = append(text, '>'), row.no
		}
		text = append(text, w.out[row.from:row.to]...)
	}
	if open > 0 {
		text = append(text, "</row>"...)
	}
	return append(append(append(text, "</sheetData><mergeCells>"...), w.tail...), "</mergeCells></worksheet>"...), inOrder
}

// rewriteStrings is a table of strings as its scanner wants it.
func rewriteStrings(in io.Reader) ([]byte, error) {
	w := &rewriter{d: xmlParser(in), out: []byte("<sst>")}
	for ended := false; ; {
		t, err := w.token()
		if errors.Is(err, io.EOF) && ended {
			return append(w.out, "</sst>"...), nil
		}
		if err != nil {
			return nil, err
		}
		switch e := t.(type) {
		case xml.StartElement:
			if e.Name.Local != "si" {
				continue
			}
			w.out = append(w.out, "<si>"...)
			if err := w.inside("si"); err != nil {
				return nil, err
			}
			w.out = append(w.out, "</si>"...)
		case xml.EndElement:
			ended = ended || e.Name.Local == "sst"
		}
	}
}
