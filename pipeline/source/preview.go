package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"citykpi/pipeline/source/book"
	"citykpi/pipeline/source/charset"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/numfmt"
	"citykpi/pipeline/source/refusal"
)

// preview is the top of a table as text: the titles, the header and the first rows.
type preview struct {
	rows  []previewRow
	whole bool // there is nothing below it
}

type previewRow struct {
	no    int64
	cells []string
	kinds []grid.Kind
	end   int64 // of a CSV: the offset behind the record
}

// previewRows are enough for the longest header search and a look at the first data.
const previewRows = 400

// csvPreviewOf reads the top of a CSV once per format.
func (f *File) csvPreviewOf(format Format) *preview {
	encoding, delimiter := f.encoding(format), f.delimiter(format)
	key := encoding + string(delimiter)
	if f.previews[key] == nil {
		f.previews[key] = f.csvPreview(encoding, delimiter)
	}
	return f.previews[key]
}

// sheetPreview reads the top of a sheet once.
func (f *File) sheetPreview(b book.Book, sh *book.Sheet, format Format) (*preview, error) {
	key := fmt.Sprint(format.Path, "\x00", sh.Index)
	if p := f.previews[key]; p != nil {
		return p, nil
	}
	p, err := readPreview(b, sh)
	var refused *refusal.Error
	if errors.As(err, &refused) && refused.Again { // from now on the sheet is read as it is rewritten
		p, err = readPreview(b, sh)
	}
	if err == nil {
		f.previews[key] = p
	}
	return p, err
}

func readPreview(b book.Book, sh *book.Sheet) (*preview, error) {
	collect := &collector{styles: b.Numbers()}
	src := b.Rows(sh, 0, nil)
	defer src.Close()
	for {
		more, err := src.Next(context.Background(), collect)
		if err != nil {
			return nil, err
		}
		if !more || len(collect.rows) >= previewRows {
			return &preview{rows: collect.rows, whole: !more && !collect.cut}, nil
		}
	}
}

func (f *File) encoding(format Format) string {
	if format.Encoding != "" && f.copied == nil {
		return format.Encoding
	}
	return f.textEncoding()
}

func (f *File) delimiter(format Format) byte {
	if format.Delimiter != "" {
		return format.Delimiter[0]
	}
	return f.Delimiter
}

// body is the table of a CSV from an offset on.
func (f *File) body(format Format, offset, record int64, parts int) *csvBody {
	d, gb := f.delimiter(format), f.encoding(format) == charset.GB18030
	return &csvBody{file: f.content, name: f.Name, size: f.length, offset: offset, record: record, delimiter: d, gb: gb, parts: parts, copied: f.copied}
}

// csvPreview parses the head. Offsets are found by cutting the raw bytes in step with the text.
func (f *File) csvPreview(encoding string, delimiter byte) *preview {
	format := Format{Encoding: encoding, Delimiter: string(delimiter)}
	body := f.body(format, 0, 1, 1)
	r := csvRange{body: body}
	if body.gb {
		r.decoder = charset.NewDecoder()
	}
	p := &preview{}
	raw, at := f.head, f.bom
	for len(raw) > 0 && len(p.rows) < previewRows {
		n := body.firstRecord(raw)
		if n == 0 {
			if !f.whole {
				break
			}
			n = len(raw)
		}
		r.decode(bytes.Clone(raw[:n]))
		r.split(r.text)
		at, raw = at+int64(n), raw[n:]
		row := previewRow{no: int64(len(p.rows) + 1), end: at}
		for _, c := range r.cells {
			row.cells = append(row.cells, string(c))
			row.kinds = append(row.kinds, grid.Text)
		}
		p.rows = append(p.rows, row)
	}
	p.whole = f.whole && len(raw) == 0
	return p
}

// firstRecord is the length of the first record of b with its line end, 0 if b holds no whole one.
func (c *csvBody) firstRecord(b []byte) int {
	for from := 0; ; {
		i := bytes.IndexByte(b[from:], '\n')
		if i < 0 {
			return 0
		}
		if from += i + 1; from > 0 {
			if end, _, open := c.scan(b[:from]); end == from && !open {
				return from
			}
		}
	}
}

// collector is a grid.Sink that keeps the first rows as text.
type collector struct {
	styles *numfmt.Styles
	rows   []previewRow
	cut    bool
}

func (c *collector) Begin(int, bool) {}

func (c *collector) Row(no int64, cells [][]byte, kinds []grid.Kind) {
	if len(c.rows) >= previewRows {
		c.cut = true
		return
	}
	row := previewRow{no: no, kinds: append([]grid.Kind(nil), kinds...)}
	for i, cell := range cells {
		text := string(cell)
		if kinds != nil && kinds[i].IsNumber() {
			text = c.styles.Text(text, kinds[i])
		}
		row.cells = append(row.cells, text)
	}
	c.rows = append(c.rows, row)
}
