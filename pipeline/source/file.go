package source

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"
	"unicode/utf8"
)

// Kind is what a file is, told from its bytes.
type Kind string

const (
	CSV  Kind = "csv" // text cut into cells by a delimiter, whatever the extension says
	XLSX Kind = "xlsx"
)

// Encodings of CSV files. A workbook's is "".
const (
	UTF8    = "utf-8"
	GB18030 = "gb18030"
)

// Limits bound what a workbook may unpack to. Sizes that the archive declares are not believed.
type Limits struct {
	EntryBytes int64 // of one part of the archive; 0: 512 MB
	Ratio      int64 // unpacked to packed, once a part passes 16 MB; 0: 250
}

func (l Limits) orDefault() Limits {
	if l.EntryBytes == 0 {
		l.EntryBytes = 512 << 20
	}
	if l.Ratio == 0 {
		l.Ratio = 250
	}
	return l
}

// File is an export as it lies in the inbox: opened and sniffed, not
// yet matched to a contract. Close it after its loads.
type File struct {
	Path      string
	Name      string // base name
	Size      int64
	Kind      Kind
	Encoding  string // UTF8 | GB18030; "" for a workbook
	Delimiter byte   // of a CSV

	file     *os.File
	modified time.Time
	bom      int64
	head     []byte // of a CSV: its first bytes, BOM left out
	whole    bool   // head is all of it
	book     *workbook
	previews map[string]*preview
	sha256   func() (string, error)
}

// headSize is how much of a CSV is looked at before it is read.
const headSize = 256 << 10

// Open sniffs a file under the default limits. The error is a
// *FileError where the content is to blame.
func Open(path string) (*File, error) { return OpenLimited(path, Limits{}) }

// OpenLimited is Open with limits of the caller's.
func OpenLimited(path string, limits Limits) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open export: %w", err)
	}
	out := &File{Path: path, Name: filepath.Base(path), file: f, previews: map[string]*preview{}}
	out.sha256 = sync.OnceValues(out.hash)
	if err := out.sniff(limits.orDefault()); err != nil {
		f.Close()
		return nil, err
	}
	return out, nil
}

// Close releases the file.
func (f *File) Close() error { return f.file.Close() }

func (f *File) refuse(err error, detail, try string) *FileError {
	return &FileError{File: f.Name, Err: err, Detail: detail, Try: try}
}

func (f *File) sniff(limits Limits) error {
	info, err := f.file.Stat()
	if err != nil {
		return fmt.Errorf("open export: %w", err)
	}
	if info.IsDir() {
		return f.refuse(ErrBinary, "it is a folder", "name the files in it")
	}
	f.Size, f.modified = info.Size(), info.ModTime()
	if f.Size == 0 {
		return f.refuse(ErrEmpty, "", "ask the bureau to export it again")
	}
	head := make([]byte, min(f.Size, headSize))
	if _, err := f.file.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read %s: %w", f.Name, err)
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		f.Kind = XLSX
		f.book, err = openWorkbook(f, limits)
		return err
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return f.compound()
	}
	return f.sniffText(head)
}

// SHA256 is the hash of the bytes in hex, computed once, on the first call: it
// may go on beside a Read. ErrChanged if the file changed meanwhile.
func (f *File) SHA256() (string, error) { return f.sha256() }

func (f *File) hash() (string, error) {
	sum := sha256.New()
	if _, err := io.CopyBuffer(struct{ io.Writer }{sum}, io.NewSectionReader(f.file, 0, f.Size), make([]byte, 256<<10)); err != nil {
		return "", fmt.Errorf("read %s: %w", f.Name, err)
	}
	return hex.EncodeToString(sum.Sum(nil)), f.unchanged()
}

// unchanged fails if the file is no longer the one that was hashed.
func (f *File) unchanged() error {
	info, err := f.file.Stat()
	if err != nil {
		return fmt.Errorf("read %s: %w", f.Name, err)
	}
	if info.Size() != f.Size || !info.ModTime().Equal(f.modified) {
		return f.refuse(ErrChanged, "", "load it again when it is complete")
	}
	return nil
}

// compound tells the two things Office keeps in an OLE container apart: an
// encrypted .xlsx and a legacy .xls.
func (f *File) compound() error {
	encrypted, err := f.contains(utf16LE("EncryptedPackage"))
	if err != nil {
		return err
	}
	if encrypted {
		return f.refuse(ErrPassword, "", "ask the bureau to remove the password")
	}
	return f.refuse(ErrLegacyXLS, "", "open it in Excel or WPS and save it as .xlsx")
}

func utf16LE(s string) []byte {
	var b []byte
	for i := range len(s) {
		b = append(b, s[i], 0)
	}
	return b
}

// contains searches the file in bounded memory.
func (f *File) contains(word []byte) (bool, error) {
	buf := make([]byte, 256<<10)
	for at := int64(0); at < f.Size; at += int64(len(buf) - len(word)) {
		n, err := f.file.ReadAt(buf, at)
		if err != nil && !errors.Is(err, io.EOF) {
			return false, fmt.Errorf("read %s: %w", f.Name, err)
		}
		if bytes.Contains(buf[:n], word) {
			return true, nil
		}
	}
	return false, nil
}

// sniffText decides the encoding and the delimiter of what must be a text.
func (f *File) sniffText(head []byte) error {
	f.Kind = CSV
	switch {
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}), bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return f.refuse(ErrUTF16, "", "save it as CSV UTF-8")
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		f.bom, head = 3, head[3:]
	case bytes.HasPrefix(head, []byte{0x84, 0x31, 0x95, 0x33}): // the BOM in GB 18030
		f.bom, head = 4, head[4:]
	}
	if hasControls(head) {
		return f.refuse(ErrBinary, "", "send the table as CSV or .xlsx")
	}
	if len(bytes.TrimSpace(head)) == 0 && int64(len(head))+f.bom == f.Size {
		return f.refuse(ErrEmpty, "only blanks", "ask the bureau to export it again")
	}
	if start := bytes.ToLower(bytes.TrimSpace(head[:min(len(head), 512)])); bytes.HasPrefix(start, []byte("<!doctype html")) ||
		bytes.HasPrefix(start, []byte("<html")) || bytes.HasPrefix(start, []byte("<table")) || bytes.HasPrefix(start, []byte("<?xml")) {
		return f.refuse(ErrHTML, "", "open it in Excel or WPS and save it as .xlsx")
	}
	f.whole = int64(len(head))+f.bom == f.Size
	f.head = wholeLines(head, f.whole)
	if err := f.sniffEncoding(); err != nil {
		return err
	}
	f.Delimiter = sniffDelimiter(f.headText(f.Encoding))
	return nil
}

// wholeLines cuts the last, incomplete line off.
func wholeLines(b []byte, whole bool) []byte {
	if i := bytes.LastIndexByte(b, '\n'); !whole && i >= 0 {
		return b[:i+1]
	}
	return b
}

// hasControls reports a control character that no text has.
func hasControls(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1A && c != 0x0B {
			return true
		}
	}
	return false
}

// tolerated: one character in so many may be broken; its row is rejected.
const tolerated = 50

// sniffEncoding looks at the first part of the file that is not plain ASCII.
func (f *File) sniffEncoding() error {
	sample := f.head
	for at := f.bom + int64(len(f.head)); ascii(sample) && at < f.Size; {
		buf := make([]byte, min(headSize, f.Size-at))
		n, err := f.file.ReadAt(buf, at)
		if err != nil && !errors.Is(err, io.EOF) || n == 0 {
			return fmt.Errorf("read %s: %w", f.Name, err)
		}
		if sample = buf[:n]; hasControls(sample) {
			return f.refuse(ErrBinary, "", "send the table as CSV or .xlsx")
		}
		if i := bytes.LastIndexByte(sample, '\n'); i >= 0 {
			sample = sample[:i+1]
		}
		at += int64(len(sample))
	}
	characters := max(1, utf8.RuneCount(sample))
	if f.Encoding = UTF8; utf8.Valid(sample) {
		return nil
	}
	_, gbBad, _ := newGBDecoder().decode(nil, sample)
	utfBad := invalidUTF8(sample)
	switch {
	case f.bom == 3 || utfBad <= gbBad && utfBad*tolerated < characters:
		return nil
	case gbBad*tolerated < characters:
		f.Encoding = GB18030
		return nil
	}
	return f.refuse(ErrEncoding, "", "save it as CSV UTF-8 or as .xlsx")
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func invalidUTF8(b []byte) (bad int) {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			bad++
		}
		b = b[n:]
	}
	return bad
}

// headText is the head of a CSV in UTF-8; a fresh slice.
func (f *File) headText(encoding string) []byte {
	if encoding == GB18030 {
		text, _, _ := newGBDecoder().decode(nil, f.head)
		return text
	}
	return bytes.ToValidUTF8(bytes.Clone(f.head), replacement)
}

// sniffDelimiter chooses the delimiter that cuts most of the first records
// into the same number of cells, more than one.
func sniffDelimiter(head []byte) byte {
	best, score := byte(','), 0
	for _, d := range []byte{',', '\t', ';', '|'} {
		r := csvRange{body: &csvBody{delimiter: d, quotes: true}}
		counts := map[int]int{}
		text := bytes.Clone(head[:min(len(head), 64<<10)])
		for i := 0; i < 50 && len(text) > 0; i++ {
			text = r.split(text)
			counts[len(r.cells)]++
		}
		for cells, records := range counts {
			if s := (cells - 1) * records * records; cells > 1 && s > score {
				best, score = d, s
			}
		}
	}
	return best
}
