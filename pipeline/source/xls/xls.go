// Package xls reads legacy workbooks (BIFF8, Excel 97 to 2003) and the OLE container that they lie in.
package xls

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf16"
	"unicode/utf8"

	"citykpi/pipeline/source/book"
	"citykpi/pipeline/source/charset"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/numfmt"
	"citykpi/pipeline/source/refusal"
)

// Records of a BIFF8 stream that are read ([MS-XLS] 2.3); all others are skipped.
const (
	biffFormula     = 0x0006
	biffFormula3    = 0x0206 // as Excel 3 and 4 wrote it: some programs do so in newer files
	biffFormula4    = 0x0406
	biffEOF         = 0x000A
	biffDate1904    = 0x0022
	biffFilePass    = 0x002F
	biffFont        = 0x0031
	biffContinue    = 0x003C
	biffBoundSheet  = 0x0085
	biffOtherRK     = 0x007E
	biffMulRK       = 0x00BD
	biffRString     = 0x00D6
	biffColInfo     = 0x007D
	biffXF          = 0x00E0
	biffMergedCells = 0x00E5
	biffSST         = 0x00FC
	biffLabelSST    = 0x00FD
	biffNumber      = 0x0203
	biffLabel       = 0x0204
	biffBoolErr     = 0x0205
	biffString      = 0x0207
	biffRow         = 0x0208
	biffDefaultRow  = 0x0225
	biffRK          = 0x027E
	biffFormat      = 0x041E
	biffBOF         = 0x0809
)

const (
	biff8         = 0x0600
	bofGlobals    = 0x0005
	bofSheet      = 0x0010
	maxBIFFRecord = 1 << 16
)

var (
	errBIFF        = errors.New("broken record")
	errBIFFUnknown = errors.New("record")
)

// Book is a legacy .xls workbook (BIFF8, Excel 97 to 2003).
type Book struct {
	file    string
	stream  *io.SectionReader
	list    []book.Sheet
	offsets []int64 // by sheet: of its BOF in the stream
	styles  numfmt.Styles
	fonts   []grid.Script
	scripts grid.Scripts
	strings book.Strings
	cipher  *biffCipher // nil: not encrypted
}

// Sheets, Numbers and Rows implement book.Book.
func (w *Book) Sheets() []book.Sheet    { return w.list }
func (w *Book) Numbers() *numfmt.Styles { return &w.styles }
func (w *Book) Rows(sh *book.Sheet, after int64, _ []string) grid.Source {
	return &source{book: w, sheet: sh, after: after}
}

func (w *Book) refuse(sheet string, err error, detail, try string) *refusal.Error {
	return &refusal.Error{File: w.file, Sheet: sheet, Err: err, Detail: detail, Try: try}
}

// Open tells apart what Office keeps in an OLE container of so many bytes: a legacy .xls, of which everything
// but its sheets is read, an encrypted .xlsx, and what is no workbook.
func Open(name string, in io.ReaderAt, size int64) (*Book, error) {
	w := &Book{file: name}
	if size > maxCompound {
		return nil, w.refuse("", refusal.ErrTooLarge, fmt.Sprintf("a legacy workbook of more than %d MB", maxCompound>>20),
			"save it as .xlsx or CSV")
	}
	c, err := openCompound(in, size)
	if err != nil {
		return nil, w.refuse("", refusal.ErrTruncated, err.Error(), refusal.Resend)
	}
	if c.find("EncryptedPackage") != nil {
		return nil, w.refuse("", refusal.ErrPassword, "", "ask the bureau to remove the password")
	}
	e := c.find("Workbook")
	if e == nil {
		if c.find("Book") != nil {
			return nil, w.refuse("", refusal.ErrOldXLS, "", refusal.Resave)
		}
		return nil, w.refuse("", refusal.ErrBinary, "an Office document, but no workbook", "send the table as CSV or .xlsx")
	}
	stream, err := c.stream(e)
	if err != nil {
		return nil, w.refuse("", refusal.ErrTruncated, err.Error(), refusal.Resend)
	}
	return openStream(name, stream)
}

// openStream reads everything of a workbook but its sheets.
func openStream(file string, stream *io.SectionReader) (*Book, error) {
	w := &Book{file: file, stream: stream}
	err := w.readGlobals(newBIFF(stream, 0))
	var refused *refusal.Error
	if err != nil && !errors.As(err, &refused) {
		err = w.refuse("", refusal.ErrTruncated, err.Error(), refusal.Resend)
	}
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(w.list, func(s book.Sheet) bool { return !s.Hidden }) {
		return nil, w.refuse("", refusal.ErrNoSheet, "no visible worksheet in it", refusal.Resave)
	}
	return w, nil
}

func (w *Book) readGlobals(in *biffReader) error {
	var styles []int
	formats := map[int]string{}
	for first := true; ; first = false {
		id, b, err := in.next()
		if err != nil {
			return err
		}
		switch {
		case first && (id != biffBOF || len(b) < 4 || binary.LittleEndian.Uint16(b) != biff8):
			return w.refuse("", refusal.ErrOldXLS, "", refusal.Resave)
		case id == biffFilePass:
			if w.cipher = newCipher(b); w.cipher == nil {
				return w.refuse("", refusal.ErrPassword, "", "ask the bureau to remove the password")
			}
			in.cipher = w.cipher
		case id == biffDate1904 && len(b) >= 2:
			w.styles.Epoch1904 = b[0] == 1
		case id == biffFormat && len(b) >= 5:
			code, err := biffText(b[2:], 2)
			if err != nil {
				return err
			}
			formats[int(binary.LittleEndian.Uint16(b))] = code
		case id == biffFont && len(b) >= 10:
			w.addFont(b)
		case id == biffXF && len(b) >= 4:
			w.scripts = append(w.scripts, w.font(binary.LittleEndian.Uint16(b)))
			styles = append(styles, int(binary.LittleEndian.Uint16(b[2:])))
		case id == biffBoundSheet && len(b) >= 8:
			if err := w.boundSheet(b); err != nil {
				return err
			}
			if len(w.list) > book.MaxSheets {
				return w.refuse("", refusal.ErrTooLarge, fmt.Sprintf("more than %d sheets", book.MaxSheets),
					"send the sheets in several files")
			}
		case id == biffSST:
			if err := w.readSST(in, b); err != nil {
				return err
			}
		case id == biffEOF:
			for _, id := range styles {
				code, defined := formats[id]
				w.styles.Add(id, code, defined)
			}
			_, w.strings.Odd = charset.Examine(w.strings.Text)
			return nil
		}
	}
}

// addFont takes the next font, of which there is none of number 4.
func (w *Book) addFont(b []byte) {
	in := grid.Script(binary.LittleEndian.Uint16(b[8:]))
	if in > grid.Subscript {
		in = grid.OnLine
	}
	if b[2]&0x08 != 0 {
		in = grid.StruckOut
	}
	if len(w.fonts) == 4 {
		w.fonts = append(w.fonts, grid.OnLine)
	}
	w.fonts = append(w.fonts, in)
}

// font is the script of a font.
func (w *Book) font(no uint16) grid.Script {
	if int(no) < len(w.fonts) {
		return w.fonts[no]
	}
	return grid.OnLine
}

func (w *Book) boundSheet(b []byte) error {
	name, err := biffText(b[6:], 1)
	if err != nil {
		return err
	}
	if b[5] == 0 { // a worksheet, not a chart or a macro sheet
		w.list = append(w.list, book.Sheet{Name: name, Index: len(w.list), Hidden: b[4]&3 != 0})
		w.offsets = append(w.offsets, int64(binary.LittleEndian.Uint32(b)))
	}
	return nil
}

// biffReader cuts a stream into records.
type biffReader struct {
	in     *bufio.Reader
	at     int64 // of the next record
	record []byte
	peeked bool
	id     int
	cipher *biffCipher
}

func newBIFF(stream *io.SectionReader, at int64) *biffReader {
	return &biffReader{in: bufio.NewReaderSize(io.NewSectionReader(stream, at, max(stream.Size()-at, 0)), 256<<10), at: at}
}

// next is one record; its bytes are valid until the call after.
func (r *biffReader) next() (id int, b []byte, err error) {
	if r.peeked {
		r.peeked = false
		return r.id, r.record, nil
	}
	var head [4]byte
	if _, err := io.ReadFull(r.in, head[:]); err != nil {
		return 0, nil, fmt.Errorf("the workbook ends at byte %d: %w", r.at, io.ErrUnexpectedEOF)
	}
	n := int(binary.LittleEndian.Uint16(head[2:]))
	r.record = slices.Grow(r.record[:0], n)[:n]
	if _, err := io.ReadFull(r.in, r.record); err != nil {
		return 0, nil, fmt.Errorf("the workbook ends in the record at byte %d: %w", r.at, io.ErrUnexpectedEOF)
	}
	r.id = int(binary.LittleEndian.Uint16(head[:]))
	if r.cipher != nil {
		r.cipher.undoRecord(r.id, r.record, r.at+4)
	}
	r.at += int64(4 + n)
	return r.id, r.record, nil
}

// goesOn takes the next record if it continues the one before.
func (r *biffReader) goesOn() ([]byte, bool, error) {
	id, b, err := r.next()
	if err != nil {
		return nil, false, err
	}
	if id != biffContinue {
		r.peeked = true
		return nil, false, nil
	}
	return b, true, nil
}

// readSST reads the table of shared strings. A string may go on in the next
// record; its characters then start with a byte that says anew how wide they are.
func (w *Book) readSST(in *biffReader, b []byte) error {
	if len(b) < 8 {
		return fmt.Errorf("%w: string table", errBIFF)
	}
	s := sstReader{in: in, b: b[8:], book: w}
	for { // how many there are the table says, in many files wrongly
		if len(w.strings.Text) > maxCompound*3 {
			return w.refuse("", refusal.ErrTooLarge, "its strings", refusal.Resave)
		}
		if more, err := s.more(); err != nil || !more {
			return err
		}
		text, lead, err := s.appendString(w.strings.Text)
		if errors.Is(err, errBIFF) { // no string; whichever cell wants one from here on is refused
			return nil
		}
		if err != nil {
			return err
		}
		w.strings.Text = text
		w.strings.End(lead)
	}
}

// sstReader reads over the ends of records.
type sstReader struct {
	in   *biffReader
	b    []byte
	book *Book
}

// more makes sure of another byte; false at the table's end.
func (s *sstReader) more() (bool, error) {
	for len(s.b) == 0 {
		b, ok, err := s.in.goesOn()
		if err != nil || !ok {
			return false, err
		}
		s.b = b
	}
	return true, nil
}

func (s *sstReader) take(n int) ([]byte, error) {
	if len(s.b) < n {
		return nil, fmt.Errorf("%w: a string's head is cut", errBIFF)
	}
	b := s.b[:n]
	s.b = s.b[n:]
	return b, nil
}

// skip passes over what follows the characters and their runs: phonetics.
func (s *sstReader) skip(n int) error {
	for n > 0 {
		if more, err := s.more(); err != nil {
			return err
		} else if !more {
			return fmt.Errorf("%w: a string ends early", errBIFF)
		}
		k := min(n, len(s.b))
		s.b, n = s.b[k:], n-k
	}
	return nil
}

// appendString appends a string, its digits as its runs set them; lead is how many of its bytes
// come before the runs.
func (s *sstReader) appendString(dst []byte) (out []byte, lead int, err error) {
	head, err := s.take(3)
	if err != nil {
		return dst, 0, err
	}
	from, left, flags, runs, phonetics := len(dst), int(binary.LittleEndian.Uint16(head)), head[2], 0, 0
	if flags&0x08 != 0 {
		b, err := s.take(2)
		if err != nil {
			return dst, 0, err
		}
		runs = int(binary.LittleEndian.Uint16(b))
	}
	if flags&0x04 != 0 {
		b, err := s.take(4)
		if err != nil {
			return dst, 0, err
		}
		phonetics = int(binary.LittleEndian.Uint32(b) & 0x7FFFFFFF)
	}
	if dst, err = s.appendCharacters(dst, left, flags&1 != 0); err != nil {
		return dst, 0, err
	}
	if dst, lead, err = s.appendRuns(dst, from, runs); err != nil {
		return dst, 0, err
	}
	return dst, lead, s.skip(phonetics)
}

// appendRuns reads so many runs, and sets in them the text that dst ends with.
func (s *sstReader) appendRuns(dst []byte, from, n int) (out []byte, lead int, err error) {
	if n == 0 {
		return dst, len(dst) - from, nil
	}
	runs := make([]textRun, n)
	for i := range runs {
		var b [4]byte
		for j := range b {
			if more, err := s.more(); err != nil || !more {
				return dst, 0, cmpErr(err, fmt.Errorf("%w: the runs of a string end early", errBIFF))
			}
			b[j], s.b = s.b[0], s.b[1:]
		}
		runs[i] = textRun{at: binary.LittleEndian.Uint16(b[:]), in: s.book.font(binary.LittleEndian.Uint16(b[2:]))}
	}
	dst, lead = setRuns(dst, from, runs)
	return dst, lead, nil
}

func (s *sstReader) appendCharacters(dst []byte, left int, wide bool) ([]byte, error) {
	var half []byte // of a pair whose other half stands in the next record
	for left > 0 {
		if len(s.b) == 0 {
			more, err := s.more()
			if err != nil || !more {
				return dst, cmpErr(err, fmt.Errorf("%w: a string ends early", errBIFF))
			}
			wide, s.b = s.b[0]&1 != 0, s.b[1:]
			continue
		}
		n := min(left, len(s.b))
		if wide {
			if n = min(left, len(s.b)/2); n == 0 {
				return dst, fmt.Errorf("%w: half a character", errBIFF)
			}
			units := s.b[:2*n]
			if s.b = s.b[2*n:]; len(half) > 0 {
				units, half = append(half, units...), nil
			}
			if n < left && utf16.IsSurrogate(rune(binary.LittleEndian.Uint16(units[len(units)-2:]))) && units[len(units)-1] < 0xDC {
				half, units = bytes.Clone(units[len(units)-2:]), units[:len(units)-2]
			}
			dst = appendUTF16(dst, units)
		} else {
			dst, s.b = appendLatin(dst, s.b[:n]), s.b[n:]
		}
		left -= n
	}
	return dst, nil
}

func cmpErr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// biffText is a string with its number of characters in the first size bytes.
func biffText(b []byte, size int) (string, error) {
	if len(b) < size+1 {
		return "", fmt.Errorf("%w: text", errBIFF)
	}
	n := int(b[0])
	if size == 2 {
		n = int(binary.LittleEndian.Uint16(b))
	}
	flags, b := b[size], b[size+1:]
	if flags&0x08 != 0 && len(b) >= 2 { // the number of formatting runs
		b = b[2:]
	}
	if flags&0x04 != 0 && len(b) >= 4 { // the size of phonetics
		b = b[4:]
	}
	if flags&1 == 0 {
		if len(b) < n {
			return "", fmt.Errorf("%w: text", errBIFF)
		}
		return string(appendLatin(nil, b[:n])), nil
	}
	if len(b) < 2*n {
		return "", fmt.Errorf("%w: text", errBIFF)
	}
	return string(appendUTF16(nil, b[:2*n])), nil
}

// appendLatin appends characters whose upper byte, 0, is left out.
func appendLatin(dst, b []byte) []byte {
	for _, c := range b {
		dst = utf8.AppendRune(dst, rune(c))
	}
	return dst
}

// appendUTF16 appends UTF-16LE as UTF-8; half of a pair becomes U+FFFD.
func appendUTF16(dst, b []byte) []byte {
	for i := 0; i+1 < len(b); i += 2 {
		r := rune(binary.LittleEndian.Uint16(b[i:]))
		if utf16.IsSurrogate(r) {
			low := rune(0)
			if i+3 < len(b) {
				low = rune(binary.LittleEndian.Uint16(b[i+2:]))
			}
			if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
				i += 2
			}
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst
}
