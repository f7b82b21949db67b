// Package source turns bureaus' exports into Arrow: it knows what a file is (Open), which contract it
// answers (Match), where its table stands and in which unit (Inspect), and reads it in parallel into typed
// record batches, setting aside every row that breaks the contract (Read).
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
	"slices"
	"strings"
	"sync"
	"time"

	"citykpi/pipeline/source/book"
	"citykpi/pipeline/source/charset"
	"citykpi/pipeline/source/csv"
	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/html"
	"citykpi/pipeline/source/json"
	"citykpi/pipeline/source/parquet"
	"citykpi/pipeline/source/refusal"
	"citykpi/pipeline/source/unzip"
	"citykpi/pipeline/source/xls"
	"citykpi/pipeline/source/xlsx"
)

// Kind is what a file is, told from its bytes.
type Kind string

const (
	CSV     Kind = "csv" // text cut into cells by a delimiter, whatever the extension says
	XLSX    Kind = "xlsx"
	XLS     Kind = "xls"  // BIFF8, Excel 97 to 2003
	HTML    Kind = "html" // a table of a web page, which many systems export as .xls
	JSON    Kind = "json" // an array of objects, one object a line, or a list within an object
	Parquet Kind = "parquet"
)

// File is an export as it lies in the inbox, or in an archive there: opened
// and sniffed, not yet matched to a contract. Close it after its loads.
type File struct {
	Path      string
	Name      string // base name; of a file in an archive its own
	Size      int64
	Kind      Kind
	Encoding  string // of a text; "" for a workbook
	Delimiter byte   // of a CSV

	file     *os.File
	outer    string // name of the archive it comes from, "" if none
	alone    bool   // it is the only file in there
	modified time.Time
	content  io.ReaderAt   // the file itself, or a copy in UTF-8
	length   int64         // of content
	copied   *charset.Copy // nil: content is the file
	bom      int64
	head     []byte                // of a text: the first bytes of content, BOM left out
	whole    bool                  // head is all of it
	book     book.Book             // nil: a CSV or JSON
	lists    map[string]*json.Book // of JSON, by path
	limits   unzip.Limits
	notes    []string
	previews map[string]*preview
	sha256   func() (string, error)
}

// headSize is how much of a text is looked at before it is read.
const headSize = 256 << 10

// Open sniffs a file under the default limits. The error is a
// *refusal.Error where the content is to blame. A ZIP of one file is that file.
func Open(path string) (*File, error) { return OpenLimited(path, unzip.Limits{}) }

// OpenLimited is Open with limits of the caller's.
func OpenLimited(path string, limits unzip.Limits) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open export: %w", err)
	}
	return openFile(f, path, limits)
}

// OpenFile is Open of a file that somebody has opened already. It takes f over.
func OpenFile(f *os.File, path string) (*File, error) { return openFile(f, path, unzip.Limits{}) }

func openFile(f *os.File, path string, limits unzip.Limits) (*File, error) {
	a, err := (&Archive{Path: path, file: f, users: 1, limits: limits.OrDefault()}).listed()
	if err != nil {
		f.Close()
		return nil, err
	}
	if a == nil {
		return newFile(f, path, filepath.Base(path), "", limits)
	}
	defer f.Close()
	if len(a.Names) != 1 {
		return nil, a.refuse(refusal.ErrArchive, fmt.Sprintf("%d of them", len(a.Names)),
			"put it into the inbox, where each becomes a batch")
	}
	return a.Open(a.Names[0])
}

// newFile sniffs an open file, which it takes over.
func newFile(f *os.File, path, name, outer string, limits unzip.Limits) (*File, error) {
	out := &File{Path: path, Name: name, outer: outer, file: f, content: f, limits: limits.OrDefault(), previews: map[string]*preview{},
		lists: map[string]*json.Book{}}
	out.sha256 = sync.OnceValues(out.hash)
	if err := out.sniff(); err != nil {
		out.Close()
		return nil, err
	}
	out.noteKind()
	return out, nil
}

// Close releases the file.
func (f *File) Close() error {
	if f.copied != nil {
		f.copied.File.Close()
	}
	return f.file.Close()
}

func (f *File) refuse(err error, detail, try string) *refusal.Error {
	return &refusal.Error{File: f.Name, Err: err, Detail: detail, Try: try}
}

func (f *File) sniff() error {
	info, err := f.file.Stat()
	if err != nil {
		return fmt.Errorf("open export: %w", err)
	}
	if info.IsDir() {
		return f.refuse(refusal.ErrBinary, "it is a folder", "name the files in it")
	}
	f.Size, f.modified, f.length = info.Size(), info.ModTime(), info.Size()
	if f.Size == 0 {
		return f.refuse(refusal.ErrEmpty, "", "ask the bureau to export it again")
	}
	head, err := f.readHead()
	if err != nil {
		return err
	}
	switch {
	case unzip.IsZip(head):
		f.Kind = XLSX
		f.book, err = xlsx.Open(f.Name, f.file, f.Size, f.limits)
	case bytes.HasPrefix(head, xls.Magic):
		f.Kind = XLS
		f.book, err = xls.Open(f.Name, f.file, f.Size)
	case bytes.HasPrefix(head, parquet.Magic):
		f.Kind = Parquet
		var p *parquet.Book
		if p, err = parquet.Open(f.Name, f.content, f.length); err == nil && len(p.Skipped) > 0 {
			f.notes = append(f.notes, "not read, several values a row: "+strings.Join(p.Skipped, ", "))
		}
		f.book = p
	default:
		return f.sniffText(head)
	}
	return err
}

// readHead is the first bytes of the content.
func (f *File) readHead() ([]byte, error) {
	head := make([]byte, min(f.length, headSize))
	if _, err := f.content.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %s: %w", f.Name, err)
	}
	return head, nil
}

var extensions = map[Kind][]string{CSV: {".csv", ".tsv", ".txt"}, XLSX: {".xlsx", ".xlsm", ".et"}, XLS: {".xls", ".et"},
	HTML: {".html", ".htm"},
	JSON: {".json", ".jsonl", ".ndjson"}, Parquet: {".parquet"}}

// noteKind says so when the name promises another format than the bytes keep.
func (f *File) noteKind() {
	if ext := strings.ToLower(filepath.Ext(f.Name)); ext != "" && !slices.Contains(extensions[f.Kind], ext) {
		f.notes = append(f.notes, fmt.Sprintf("the name says %s, the content is %s and is read as that", ext,
			strings.ToUpper(string(f.Kind))))
	}
}

// SHA256 is the hash of the bytes in hex, computed once, on the first call: it
// may go on beside a Read. refusal.ErrChanged if the file changed meanwhile.
func (f *File) SHA256() (string, error) { return f.sha256() }

func (f *File) hash() (string, error) {
	sum, err := hashOf(io.NewSectionReader(f.file, 0, f.Size), f.Size)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", f.Name, err)
	}
	return sum, f.unchanged()
}

func hashOf(r io.Reader, size int64) (string, error) {
	sum := sha256.New()
	if _, err := io.CopyBuffer(struct{ io.Writer }{sum}, struct{ io.Reader }{r}, make([]byte, max(1, min(size, 256<<10)))); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// unchanged fails if the file is no longer the one that was hashed.
func (f *File) unchanged() error {
	info, err := f.file.Stat()
	if err != nil {
		return fmt.Errorf("read %s: %w", f.Name, err)
	}
	if info.Size() != f.Size || !info.ModTime().Equal(f.modified) {
		return f.refuse(refusal.ErrChanged, "", "load it again when it is complete")
	}
	return nil
}

// sniffText decides the encoding of what must be a text, and what is written in it.
func (f *File) sniffText(head []byte) error {
	f.Kind = CSV
	if bytes.HasPrefix(head, []byte{0xFF, 0xFE, 0, 0}) || bytes.HasPrefix(head, []byte{0, 0, 0xFE, 0xFF}) {
		return f.refuse(refusal.ErrEncoding, "it is UTF-32", "save it as CSV UTF-8 or as .xlsx")
	}
	wide := charset.WideEncoding(head)
	switch {
	case wide != "":
		if err := f.transcode(wide); err != nil {
			return err
		}
		var err error
		if head, err = f.readHead(); err != nil {
			return err
		}
	}
	for _, m := range []struct{ mark, encoding string }{{charset.MarkUTF8, charset.UTF8}, {charset.MarkGB, charset.GB18030}} {
		for bytes.HasPrefix(head, []byte(m.mark)) { // some programs write one each
			f.bom, head, f.Encoding = f.bom+int64(len(m.mark)), head[len(m.mark):], m.encoding
		}
	}
	if err := f.checkEnd(); err != nil {
		return err
	}
	if charset.IsBinary(head) {
		return f.refuse(refusal.ErrBinary, "", "send the table as CSV or .xlsx")
	}
	if charset.HasLoneReturns(head) {
		f.content = charset.LineEnds{ReaderAt: f.content}
		if _, err := f.content.ReadAt(head, f.bom); err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read %s: %w", f.Name, err)
		}
	}
	if len(bytes.TrimSpace(head)) == 0 && int64(len(head))+f.bom == f.length {
		return f.refuse(refusal.ErrEmpty, "only blanks", "ask the bureau to export it again")
	}
	f.whole = int64(len(head))+f.bom == f.length
	f.head = wholeLines(head, f.whole)
	if err := f.sniffEncoding(); err != nil {
		return err
	}
	if wide != "" {
		f.Encoding = wide
	}
	switch start := bytes.ToLower(bytes.TrimSpace(head[:min(len(head), 512)])); {
	case bytes.HasPrefix(start, []byte("<?xml")) && !bytes.Contains(start, []byte("<html")):
		return f.refuse(refusal.ErrXML, "", refusal.Resave)
	case html.Looks(start):
		f.Kind = HTML
		if err := f.inUTF8(); err != nil {
			return err
		}
		page, note, err := html.Open(f.Name, f.text())
		if note != "" {
			f.notes = append(f.notes, note)
		}
		f.book = page
		return err
	case bytes.HasPrefix(start, []byte("mime-version:")):
		return f.refuse(refusal.ErrHTML, "a saved web archive", refusal.Resave)
	case json.Looks(start):
		f.Kind = JSON
		return f.inUTF8() // where its records stand depends on the contract
	}
	f.Delimiter = csv.SniffDelimiter(f.headText(f.textEncoding()))
	return nil
}

// inUTF8 copies a text that is in GB 18030.
func (f *File) inUTF8() error {
	if f.Encoding == charset.GB18030 && f.copied == nil {
		return f.transcode(charset.GB18030)
	}
	return nil
}

// text is the content without its mark.
func (f *File) text() *io.SectionReader {
	return io.NewSectionReader(f.content, f.bom, f.length-f.bom)
}

// checkEnd refuses what a full disk or a lost connection leaves: a text that goes on in zeros.
func (f *File) checkEnd() error {
	var tail [64]byte
	from := max(f.bom, f.length-int64(len(tail)))
	n, _ := f.content.ReadAt(tail[:], from)
	if n == len(tail) && len(bytes.Trim(tail[:n], "\x00")) == 0 {
		return f.refuse(refusal.ErrTruncated, "it ends in zeros", refusal.Resend)
	}
	return nil
}

// textEncoding is how content writes text.
func (f *File) textEncoding() string {
	if f.copied != nil {
		return charset.UTF8
	}
	return f.Encoding
}

// wholeLines cuts the last, incomplete line off.
func wholeLines(b []byte, whole bool) []byte {
	if i := bytes.LastIndexByte(b, '\n'); !whole && i >= 0 {
		return b[:i+1]
	}
	return b
}

// headText is the head of a CSV in UTF-8; a fresh slice.
func (f *File) headText(encoding string) []byte {
	if encoding == charset.GB18030 {
		text, _, _ := charset.NewDecoder().Decode(nil, f.head)
		return text
	}
	return bytes.ToValidUTF8(bytes.Clone(f.head), fold.Replacement)
}
