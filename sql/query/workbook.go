package query

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"time"
	"unicode/utf16"

	"citykpi/pipeline/duck"
	"citykpi/pipeline/show"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/xuri/excelize/v2"
)

// Excel's own limits.
const (
	maxSheetRows    = 1_048_576
	maxSheetColumns = 16_384
	maxSheetText    = 32_767 // UTF-16 units of one cell
)

// workbookPrinter writes one sheet. excelize keeps a long sheet in a temporary
// file until the workbook is closed, so nothing is written before the last row is in.
type workbookPrinter struct {
	w       io.Writer
	columns []column
	book    *excelize.File
	sheet   *excelize.StreamWriter
	date    int // the style of dates
	literal int // that of texts which would be formulas once somebody edits their cell
	rows    int
}

func (p *workbookPrinter) header(_ *arrow.Schema, columns []column) error {
	if len(columns) > maxSheetColumns {
		return fmt.Errorf("query: %w: %d columns; a sheet holds %d. Try: --format csv", ErrNoPlace, len(columns), maxSheetColumns)
	}
	p.columns = columns
	p.book = excelize.NewFile()
	var err error
	format := "yyyy-mm-dd"
	if p.date, err = p.book.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
		return fmt.Errorf("query: %w", err)
	}
	if p.literal, err = p.book.NewStyle(&excelize.Style{NumFmt: 49}); err != nil {
		return fmt.Errorf("query: %w", err)
	}
	quoted := true
	p.book.Styles.CellXfs.Xf[p.literal].QuotePrefix = &quoted
	if p.sheet, err = p.book.NewStreamWriter("Sheet1"); err != nil {
		return fmt.Errorf("query: %w", err)
	}
	cells := make([]any, len(columns))
	for i, c := range columns {
		cells[i] = p.text(printable(c.Name))
	}
	return p.row(cells)
}

func (p *workbookPrinter) row(cells []any) error {
	p.rows++
	if p.rows > maxSheetRows {
		return fmt.Errorf("query: %w: more than %s rows; a sheet holds no more. Try: --format csv or parquet", ErrNoPlace,
			thousands(maxSheetRows-1))
	}
	if err := p.sheet.SetRow("A"+strconv.Itoa(p.rows), cells); err != nil {
		return fmt.Errorf("query: write the workbook: %w", err)
	}
	return nil
}

func (p *workbookPrinter) batch(rec arrow.RecordBatch) error {
	for i := range int(rec.NumRows()) {
		cells := make([]any, len(p.columns))
		for j, c := range p.columns {
			a := rec.Column(j)
			if a.IsNull(i) {
				continue
			}
			var err error
			if cells[j], err = p.cell(a, c.Type, i); err != nil {
				return fmt.Errorf("row %d, column %s: %w", p.rows, c.Name, err)
			}
		}
		if err := p.row(cells); err != nil {
			return err
		}
	}
	return nil
}

// cell is a value as Excel keeps it without changing it, else its text.
func (p *workbookPrinter) cell(a arrow.Array, kind duck.Type, i int) (any, error) {
	switch a := a.(type) {
	case *array.Boolean:
		return a.Value(i), nil
	case *array.Float64:
		if f := a.Value(i); !math.IsNaN(f) && !math.IsInf(f, 0) && math.Abs(f) < 1e300 {
			return f, nil
		}
	case *array.Date32:
		// Before March 1900 Excel counts a day that never was.
		day := time.Unix(int64(a.Value(i))*24*60*60, 0).UTC()
		if y := day.Year(); y > 1900 && y < 10_000 {
			return excelize.Cell{StyleID: p.date, Value: day}, nil
		}
	}
	text, err := cellText(a, kind, i)
	if err != nil {
		return nil, err
	}
	if numeric(kind) && digits(text) <= 15 && number.MatchString(text) {
		f, err := strconv.ParseFloat(text, 64)
		if err == nil {
			return f, nil
		}
	}
	if len(text) > maxSheetText && len(utf16.Encode([]rune(text))) > maxSheetText {
		return nil, fmt.Errorf("query: %w: a text of %s bytes; a cell of a workbook holds %s characters. "+
			"Try: left(column, 1000), or --format csv",
			ErrNoPlace, thousands(len(text)), thousands(maxSheetText))
	}
	return p.text(printable(text)), nil
}

// text is the cell of a text, which stays one whatever it begins with.
func (p *workbookPrinter) text(s string) any {
	if show.Guard(s) != s {
		return excelize.Cell{StyleID: p.literal, Value: s}
	}
	return s
}

// digits counts the digits of a number that matter.
func digits(text string) int {
	n := 0
	for _, r := range text {
		if r >= '0' && r <= '9' && (n > 0 || r != '0') {
			n++
		}
	}
	return n
}

func (p *workbookPrinter) close(int) error {
	defer p.book.Close()
	if err := p.sheet.Flush(); err != nil {
		return fmt.Errorf("query: write the workbook: %w", err)
	}
	return p.book.Write(p.w)
}
