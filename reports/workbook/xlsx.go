package workbook

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/show"
	"citykpi/reports/figure"
)

// Properties are what a workbook says about itself. Created makes the bytes
// depend on the release and not on the moment of writing.
type Properties struct {
	Title   string
	Creator string
	Created time.Time
}

// headerRows are the title, the note and the column heads above the first row of data.
const headerRows = 3

// lightColour is the font colour of a light, without #.
var lightColour = map[kpi.Light]string{
	kpi.Met: "1F5FA8", kpi.Green: "1E7A49", kpi.Yellow: "8A6200", kpi.Late: "3F6C8F", kpi.Orange: "B35A0E",
	kpi.Red: "C0392B", kpi.Fallen: "8E4585", kpi.Overdue: "6B1E6E", kpi.Awaited: "5B4B8A", kpi.NoData: "5F6B78", kpi.NoLight: "5F6B78",
}

// WriteXLSX writes one sheet per table: title, note, frozen heads, typed cells
// with number formats, and a print set-up that fits the page's width. Text stays
// text whatever it begins with. Same tables, same bytes.
func WriteXLSX(w io.Writer, p Properties, tables ...Table) error {
	if len(tables) == 0 {
		return ErrNoTable
	}
	b, err := newBook(p)
	if err != nil {
		return err
	}
	defer b.file.Close()
	for i, t := range tables {
		if err := t.check(); err != nil {
			return err
		}
		if err := b.addSheet(i, t); err != nil {
			return fmt.Errorf("sheet %s: %w", t.Name, err)
		}
	}
	b.file.SetActiveSheet(0)
	if _, err := b.file.WriteTo(w); err != nil {
		return fmt.Errorf("write workbook %s: %w", p.Title, err)
	}
	return nil
}

// book is a workbook under construction with its styles.
type book struct {
	file     *excelize.File
	styles   map[style]int
	comments int
}

// style is what tells one cell style from another.
type style struct {
	kind     Kind
	role     string // title, note, head, body, total, bad
	light    kpi.Light
	literal  bool // text that a spreadsheet would read as a formula once somebody edits the cell
	whole    bool // a number without decimals
	fine     bool // a number that needs more decimals than its kind has
	fixed    bool // a number that says how many decimals it has
	decimals int
}

func newBook(p Properties) (*book, error) {
	f := excelize.NewFile()
	stamp := p.Created.UTC().Format(time.RFC3339)
	err := f.SetDocProps(&excelize.DocProperties{
		Title: p.Title, Creator: p.Creator, LastModifiedBy: p.Creator,
		Created: stamp, Modified: stamp, Language: "zh-CN",
	})
	return &book{file: f, styles: map[style]int{}}, err
}

// name gives the i-th sheet its name; a new file already has one sheet.
func (b *book) name(i int, name string) error {
	if i == 0 {
		return b.file.SetSheetName("Sheet1", name)
	}
	_, err := b.file.NewSheet(name)
	return err
}

func (b *book) addSheet(i int, t Table) error {
	if err := b.name(i, t.Name); err != nil {
		return err
	}
	if err := b.begin(nil, t, len(t.Rows)); err != nil {
		return err
	}
	for n, row := range t.Rows {
		lines, role := 1, "body"
		if row.Total {
			role = "total"
		}
		cells := make([]any, len(row.Cells))
		for c, cell := range row.Cells {
			lines = max(lines, t.Columns[c].lines(cell))
			styled, err := b.cell(t.Columns[c].Kind, role, cell)
			if err != nil {
				return err
			}
			cells[c] = styled
		}
		if err := b.addRow(nil, t.Name, headerRows+1+n, textHeight(lines), cells); err != nil {
			return err
		}
	}
	if len(t.Rows) > 0 {
		return nil
	}
	return b.set(t.Name, 1, headerRows+1, Text, "note", t.empty())
}

// begin lays a sheet out for so many rows of the table and writes what stands above them, to the stream of its rows if it has one.
func (b *book) begin(w *excelize.StreamWriter, t Table, rows int) error {
	if err := b.layout(t.Name, len(t.Columns), rows, headerRows); err != nil {
		return err
	}
	title, err := b.cell(Text, "title", t.title())
	if err != nil {
		return err
	}
	note, err := b.cell(Text, "note", t.Note)
	if err != nil {
		return err
	}
	lines, heads := 1, make([]any, len(t.Columns))
	for c, column := range t.Columns {
		if heads[c], err = b.cell(Text, "head", column.Title); err != nil {
			return err
		}
		lines = max(lines, column.lines(column.Title))
		letter, err := excelize.ColumnNumberToName(c + 1)
		if err != nil {
			return err
		}
		if err := b.file.SetColWidth(t.Name, letter, letter, column.width()); err != nil {
			return err
		}
	}
	return cmp.Or(b.addRow(w, t.Name, 1, 28, []any{title}), b.addRow(w, t.Name, 2, 0, []any{note}),
		b.addRow(w, t.Name, headerRows, textHeight(lines), heads))
}

// textHeight makes room for wrapped text: not every program does so by itself. 0 is that of one line.
func textHeight(lines int) float64 {
	if lines == 1 {
		return 0
	}
	return 14.5*float64(lines) + 2
}

// addRow writes a row's cells, each of b.cell, to the stream of a sheet's rows or, where it has none, into the sheet: of several streams
// the library writes one before the other as it happens.
func (b *book) addRow(w *excelize.StreamWriter, sheet string, no int, height float64, cells []any) error {
	if w != nil {
		return w.SetRow(fmt.Sprintf("A%d", no), cells, excelize.RowOpts{Height: height})
	}
	for c, cell := range cells {
		if err := b.put(sheet, c+1, no, cell.(excelize.Cell)); err != nil {
			return err
		}
	}
	if height == 0 {
		return nil
	}
	return b.file.SetRowHeight(sheet, no, height)
}

func (c Column) width() float64 {
	if c.Width == 0 {
		return c.Kind.width()
	}
	return c.Width
}

// lines is how many lines a text takes in the column; other values take one.
func (c Column) lines(cell any) int {
	text, ok := cell.(string)
	if !ok {
		return 1
	}
	n := 0
	for part := range strings.SplitSeq(text, "\n") {
		n += max(1, int(math.Ceil(float64(displayWidth(part)+1)/c.width())))
	}
	return n
}

// layout freezes the heads, repeats them on every printed page, filters the rows and fits the page.
func (b *book) layout(sheet string, columns, rows, heads int) error {
	below, err := excelize.CoordinatesToCellName(1, heads+1)
	if err != nil {
		return err
	}
	err = b.file.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: heads, TopLeftCell: below, ActivePane: "bottomLeft"})
	if err != nil {
		return err
	}
	if rows > 0 {
		last, err := excelize.CoordinatesToCellName(columns, heads+rows)
		if err != nil {
			return err
		}
		if err := b.file.AutoFilter(sheet, fmt.Sprintf("A%d:%s", heads, last), nil); err != nil {
			return err
		}
	}
	titles := excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: sheet, RefersTo: fmt.Sprintf("'%s'!$%d:$%d", sheet, heads, heads)}
	if err := b.file.SetDefinedName(&titles); err != nil {
		return err
	}
	return b.paper(sheet, "landscape")
}

// set writes one cell in its style.
func (b *book) set(sheet string, column, row int, k Kind, role string, value any) error {
	cell, err := b.cell(k, role, value)
	if err != nil {
		return err
	}
	return b.put(sheet, column, row, cell)
}

func (b *book) put(sheet string, column, row int, cell excelize.Cell) error {
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		return err
	}
	if err := b.file.SetCellValue(sheet, name, cell.Value); err != nil { // a text stays one: a formula is set otherwise
		return err
	}
	return b.file.SetCellStyle(sheet, name, name, cell.StyleID)
}

// cell is a value with its style: a number, a time, or a text, which is never a formula.
func (b *book) cell(k Kind, role string, value any) (c excelize.Cell, err error) {
	st := style{kind: k, role: role}
	switch v := value.(type) {
	case nil:
		if role == "body" || role == "total" {
			c.Value = k.Format(nil)
		}
	case string:
		if text := show.Text(v); text != "" {
			c.Value = text
		}
		st.literal = show.Guard(v) != v
	case kpi.Light:
		st.light = v
		c.Value = k.Format(v)
	case kpi.Date:
		c.Value = v.Time()
		if v.IsZero() {
			c.Value = k.Format(nil)
		}
	default:
		c.Value = value
		if f, ok := value.(Fixed); ok {
			st.fixed, st.decimals = true, f.Decimals
		}
		if f, ok := number(value); ok {
			st.whole, st.fine = f == float64(int64(f)), figure.Short(f) != f || figure.RateDecimals(f) > 1
			c.Value = f
		}
	}
	c.StyleID, err = b.style(st)
	return c, err
}
