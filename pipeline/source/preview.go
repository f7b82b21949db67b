package source

import (
	"context"
	"errors"
	"fmt"

	"citykpi/pipeline/source/book"
	"citykpi/pipeline/source/charset"
	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/csv"
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

// csvPreviewOf reads the top of a CSV once per format.
func (f *File) csvPreviewOf(format contract.Format) *preview {
	encoding, delimiter := f.encoding(format), f.delimiter(format)
	key := encoding + string(delimiter)
	if f.previews[key] == nil {
		f.previews[key] = f.csvPreview(encoding, delimiter)
	}
	return f.previews[key]
}

// sheetPreview reads the top of a sheet once.
func (f *File) sheetPreview(b book.Book, sh *book.Sheet, format contract.Format) (*preview, error) {
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
		if !more || len(collect.rows) >= book.PreviewRows {
			return &preview{rows: collect.rows, whole: !more && !collect.cut}, nil
		}
	}
}

func (f *File) encoding(format contract.Format) string {
	if format.Encoding != "" && f.copied == nil {
		return format.Encoding
	}
	return f.textEncoding()
}

func (f *File) delimiter(format contract.Format) byte {
	if format.Delimiter != "" {
		return format.Delimiter[0]
	}
	return f.Delimiter
}

// body is the table of a CSV from an offset on.
func (f *File) body(format contract.Format, offset, record int64, parts int) *csv.Body {
	d, gb := f.delimiter(format), f.encoding(format) == charset.GB18030
	return &csv.Body{File: f.content, Name: f.Name, Size: f.length, Offset: offset, Record: record, Delimiter: d, GB: gb, Parts: parts,
		Copied: f.copied}
}

// csvPreview parses the head.
func (f *File) csvPreview(encoding string, delimiter byte) *preview {
	p := &preview{}
	body := f.body(contract.Format{Encoding: encoding, Delimiter: string(delimiter)}, 0, 1, 1)
	rest := body.Top(f.head, f.whole, book.PreviewRows, func(cells [][]byte, end int) {
		row := previewRow{no: int64(len(p.rows) + 1), end: f.bom + int64(end)}
		for _, c := range cells {
			row.cells = append(row.cells, string(c))
			row.kinds = append(row.kinds, grid.Text)
		}
		p.rows = append(p.rows, row)
	})
	p.whole = f.whole && rest == 0
	return p
}

// collector is a grid.Sink that keeps the first rows as text.
type collector struct {
	styles *numfmt.Styles
	rows   []previewRow
	cut    bool
}

func (c *collector) Begin(int, bool) {}

func (c *collector) Row(no int64, cells [][]byte, kinds []grid.Kind) {
	if len(c.rows) >= book.PreviewRows {
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
