// Package xlsx reads workbooks of Excel and of whatever writes the same. Sheets are scanned as Excel writes them; anything
// else is parsed as XML and written anew for the scanner.
package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"citykpi/pipeline/source/book"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/numfmt"
	"citykpi/pipeline/source/refusal"
	"citykpi/pipeline/source/unzip"
)

// Book is the index of an .xlsx: its sheets, shared strings and date formats.
type Book struct {
	name    string
	size    int64
	zip     *zip.Reader
	parts   map[string]*zip.File // by unzip.PartKey
	limits  unzip.Limits
	list    []book.Sheet
	styles  numfmt.Styles
	scripts grid.Scripts
	strings book.Strings
}

func (w *Book) refuse(err error, detail, try string) *refusal.Error {
	return &refusal.Error{File: w.name, Err: err, Detail: detail, Try: try}
}

// Open reads everything of an .xlsx of so many bytes but its sheets.
func Open(name string, in io.ReaderAt, size int64, limits unzip.Limits) (*Book, error) {
	w := &Book{name: name, size: size, limits: limits}
	var err error
	if w.zip, err = unzip.Open(in, size); err != nil {
		return nil, w.refuse(refusal.ErrTruncated, err.Error(), refusal.Resend)
	}
	if len(w.zip.File) > 0 && !unzip.IsPackage(w.zip) {
		return nil, w.refuse(refusal.ErrNested, "", "pack the tables themselves")
	}
	if err := w.index(); err != nil {
		return nil, err
	}
	if w.entry("EncryptedPackage") != nil {
		return nil, w.refuse(refusal.ErrPassword, "", "ask the bureau to remove the password")
	}
	main := "xl/workbook.xml"
	rels, err := w.relations("_rels/.rels", "")
	if err != nil {
		return nil, err
	}
	for _, r := range rels {
		if strings.HasSuffix(r.Type, "/officeDocument") {
			main = r.Target
		}
	}
	if strings.HasSuffix(main, ".bin") {
		return nil, w.refuse(refusal.ErrXLSB, "", refusal.Resave)
	}
	if w.entry(main) == nil {
		return nil, w.refuse(refusal.ErrNotWorkbook, "no "+main+" in it", "send the table as CSV or .xlsx")
	}
	if rels, err = w.relations(path.Join(path.Dir(main), "_rels", path.Base(main)+".rels"), path.Dir(main)); err != nil {
		return nil, err
	}
	if err := w.readMain(main, rels); err != nil {
		return nil, err
	}
	for _, r := range rels {
		switch {
		case strings.HasSuffix(r.Type, "/styles") && w.entry(r.Target) != nil:
			if err = w.readStyles(r.Target); err == nil {
				err = w.readStruck(r.Target)
			}
		case strings.HasSuffix(r.Type, "/sharedStrings") && w.entry(r.Target) != nil:
			err = w.readStrings(r.Target)
		}
		if err != nil {
			return nil, err
		}
	}
	return w, nil
}

// entry finds a part by its name: case does not matter, and some programs write \\ for /.
func (w *Book) entry(part string) *zip.File { return w.parts[unzip.PartKey(part)] }

// index lists the parts. Of two of one name programs read one or the other.
func (w *Book) index() error {
	w.parts = map[string]*zip.File{}
	for _, f := range w.zip.File {
		key := unzip.PartKey(f.Name)
		if w.parts[key] != nil && !f.FileInfo().IsDir() {
			return w.refuse(refusal.ErrTruncated, f.Name+" is in it twice", refusal.Resave)
		}
		w.parts[key] = f
	}
	return nil
}

// open streams a part of the archive under the limits.
func (w *Book) open(part string) (*unzip.Limited, error) {
	f := w.entry(part)
	if f == nil {
		return nil, w.refuse(refusal.ErrTruncated, "no "+part+" in it", refusal.Resend)
	}
	r, err := f.Open()
	if err != nil {
		return nil, w.refuse(refusal.ErrTruncated, part+": "+err.Error(), refusal.Resend)
	}
	return &unzip.Limited{ReadCloser: r, Limits: w.limits, Part: part, Packed: min(int64(f.CompressedSize64), w.size), Refuse: w.refuse,
		Try: "delete the empty formatted rows below the table and save it again"}, nil
}

// cellBytes is what a filled cell accounts for beside its text, which counts twice as every letter of it may be escaped:
// its own tags and those of some blank ones beside it.
const cellBytes = 128

// openSheet streams a sheet. It is never held as a whole, so it may pass what a part may
// unpack to, as a full one does, with a million rows of fifteen columns: but only by what
// its filled cells account for, which filled counts while it is read, so that no time is
// spent on a sheet of blanks.
func (w *Book) openSheet(part string, filled *atomic.Int64) (io.ReadCloser, error) {
	l, err := w.open(part)
	if err != nil {
		return nil, err
	}
	l.Filled = filled
	return l, nil
}

type relation struct {
	ID     string `xml:"Id,attr"`
	Type   string `xml:"Type,attr"`
	Target string `xml:"Target,attr"`
	Mode   string `xml:"TargetMode,attr"`
}

// relations reads a .rels part; targets become paths in the archive. A missing part has none, and what stands
// outside the archive is none.
func (w *Book) relations(part, base string) ([]relation, error) {
	if w.entry(part) == nil {
		return nil, nil
	}
	var doc struct {
		Relations []relation `xml:"Relationship"`
	}
	if err := w.decode(part, &doc); err != nil {
		return nil, err
	}
	doc.Relations = slices.DeleteFunc(doc.Relations, func(r relation) bool { return strings.EqualFold(r.Mode, "External") })
	for i, r := range doc.Relations {
		target := strings.ReplaceAll(r.Target, `\`, "/")
		if !strings.HasPrefix(target, "/") {
			target = path.Join(base, target)
		}
		target = strings.TrimPrefix(target, "/")
		if plain, err := url.PathUnescape(target); err == nil && w.entry(target) == nil {
			target = plain
		}
		doc.Relations[i].Target = target
	}
	return doc.Relations, nil
}

const smallPart = 32 << 20

// decode unmarshals one of the small parts. A DOCTYPE is refused: no workbook has one.
func (w *Book) decode(part string, into any) error {
	packed, err := w.open(part)
	if err != nil {
		return err
	}
	defer packed.Close()
	r, err := utf8XML(packed)
	if err != nil {
		return err
	}
	b, err := io.ReadAll(io.LimitReader(r, smallPart+1))
	switch {
	case err != nil:
		return err
	case len(b) > smallPart:
		return w.refuse(refusal.ErrTooLarge, part, refusal.Resave)
	case bytes.Contains(b, []byte("<!DOCTYPE")):
		return w.refuse(refusal.ErrWorkbook, part+" has a DOCTYPE", refusal.Resave)
	}
	if err := xmlParser(bytes.NewReader(b)).Decode(into); err != nil {
		return w.refuse(refusal.ErrWorkbook, part+": "+err.Error(), refusal.Resave)
	}
	return nil
}

func (w *Book) readMain(part string, rels []relation) error {
	var doc struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string     `xml:"name,attr"`
			State string     `xml:"state,attr"`
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := w.decode(part, &doc); err != nil {
		return err
	}
	if len(doc.Sheets) > book.MaxSheets {
		return w.refuse(refusal.ErrTooLarge, fmt.Sprintf("%d sheets", len(doc.Sheets)), "send the sheets in several files")
	}
	w.styles.Epoch1904 = doc.Properties.Date1904 == "1" || doc.Properties.Date1904 == "true"
	for _, s := range doc.Sheets {
		for _, a := range s.Attrs {
			if a.Name.Local != "id" {
				continue
			}
			for _, r := range rels {
				if r.ID == a.Value && strings.HasSuffix(r.Type, "/worksheet") {
					w.list = append(w.list, book.Sheet{Name: s.Name, Part: r.Target, Index: len(w.list),
						Hidden: s.State != "" && s.State != "visible"})
				}
			}
		}
	}
	if !slices.ContainsFunc(w.list, func(s book.Sheet) bool { return !s.Hidden }) {
		return w.refuse(refusal.ErrNoSheet, "no visible worksheet in it", refusal.Resave)
	}
	return nil
}

// Sheets, Numbers and Rows implement book.Book.
func (w *Book) Sheets() []book.Sheet    { return w.list }
func (w *Book) Numbers() *numfmt.Styles { return &w.styles }
func (w *Book) Rows(sh *book.Sheet, after int64, header []string) grid.Source {
	return &source{book: w, sheet: sh, after: after, width: book.ReadWidth(header)}
}

// readStyles learns how the cell styles show a number, and digits of a text.
func (w *Book) readStyles(part string) error {
	var doc struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Fonts []struct {
			Script struct {
				Value string `xml:"val,attr"`
			} `xml:"vertAlign"`
		} `xml:"fonts>font"`
		Cells []struct {
			Format string `xml:"numFmtId,attr"`
			Font   string `xml:"fontId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := w.decode(part, &doc); err != nil {
		return err
	}
	custom := map[int]string{}
	for _, f := range doc.Formats {
		custom[f.ID] = f.Code
	}
	for _, c := range doc.Cells {
		id, _ := strconv.Atoi(c.Format)
		code, defined := custom[id]
		w.styles.Add(id, code, defined)
		in := grid.OnLine
		if font, err := strconv.Atoi(c.Font); err == nil && font >= 0 && font < len(doc.Fonts) {
			in = xmlScripts[doc.Fonts[font].Script.Value]
		}
		w.scripts = append(w.scripts, in)
	}
	return nil
}
