package workbook

import (
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
	if err := b.heading(t); err != nil {
		return err
	}
	for n, row := range t.Rows {
		lines := 1
		for c, cell := range row.Cells {
			lines = max(lines, t.Columns[c].lines(cell))
			role := "body"
			if row.Total {
				role = "total"
			}
			if err := b.set(t.Name, c+1, headerRows+1+n, t.Columns[c].Kind, role, cell); err != nil {
				return err
			}
		}
		if err := b.height(t.Name, headerRows+1+n, lines); err != nil {
			return err
		}
	}
	if len(t.Rows) == 0 {
		if err := b.set(t.Name, 1, headerRows+1, Text, "note", t.empty()); err != nil {
			return err
		}
	}
	return b.layout(t.Name, len(t.Columns), len(t.Rows), headerRows)
}

func (b *book) heading(t Table) error {
	if err := b.set(t.Name, 1, 1, Text, "title", t.title()); err != nil {
		return err
	}
	if err := b.set(t.Name, 1, 2, Text, "note", t.Note); err != nil {
		return err
	}
	heads := 1
	for c, column := range t.Columns {
		if err := b.set(t.Name, c+1, headerRows, Text, "head", column.Title); err != nil {
			return err
		}
		heads = max(heads, column.lines(column.Title))
		letter, err := excelize.ColumnNumberToName(c + 1)
		if err != nil {
			return err
		}
		if err := b.file.SetColWidth(t.Name, letter, letter, column.width()); err != nil {
			return err
		}
	}
	if err := b.height(t.Name, headerRows, heads); err != nil {
		return err
	}
	return b.file.SetRowHeight(t.Name, 1, 28)
}

// height makes room for wrapped text: not every program does so by itself.
func (b *book) height(sheet string, row, lines int) error {
	if lines == 1 {
		return nil
	}
	return b.file.SetRowHeight(sheet, row, 14.5*float64(lines)+2)
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
func (b *book) set(sheet string, column, row int, k Kind, role string, cell any) error {
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		return err
	}
	st := style{kind: k, role: role}
	switch v := cell.(type) {
	case nil:
		if role == "body" || role == "total" {
			cell = k.Format(nil)
		} else {
			cell = ""
		}
	case string:
		cell = show.Text(v)
		st.literal = show.Guard(v) != v
	case kpi.Light:
		st.light = v
		cell = k.Format(v)
	case kpi.Date:
		cell = v.Time()
		if v.IsZero() {
			cell = k.Format(nil)
		}
	default:
		if f, ok := cell.(Fixed); ok {
			st.fixed, st.decimals = true, f.Decimals
		}
		if f, ok := number(cell); ok {
			st.whole, st.fine = f == float64(int64(f)), figure.Short(f) != f || figure.RateDecimals(f) > 1
			cell = f
		}
	}
	if text, ok := cell.(string); ok {
		err = b.file.SetCellStr(sheet, name, text) // never a formula: SetCellStr writes shared text
	} else {
		err = b.file.SetCellValue(sheet, name, cell)
	}
	if err != nil {
		return err
	}
	id, err := b.style(st)
	if err != nil {
		return err
	}
	return b.file.SetCellStyle(sheet, name, name, id)
}
