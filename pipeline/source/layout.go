package source

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
)

// Layout is how a contract's table stands in one file: where its header is,
// which cell is which column, in which unit, of which date. It is found by
// Inspect and needed by Read.
type Layout struct {
	Contract     *Contract
	Sheet        string // "" for CSV
	Encoding     string // "" for a workbook
	Titles       []string
	HeaderRow    int64
	Header       []string          // as it stands in the file
	Unknown      []string          // headers that are no column of the contract: ignored
	Units        map[string]string // unit of each money column that has one
	DataDate     kpi.Date
	DataDateFrom string   // file_name, title, or the column whose largest value it is
	Notes        []string // what an operator may want to know, in English

	file      *File
	at        []int   // by contract column: the cell's index, -1 absent
	factors   []int64 // by contract column: the worth of the unit, 0 none
	epoch1904 bool
	body      int64 // of a CSV: the offset of the first record below the header
}

// Inspect finds the table in f. It refuses a file without a header row, rows,
// a required column, a unit for an amount, or a data date; the error is then a
// *FileError. Where the data date is a column's largest value the whole column is read.
func (r *Reader) Inspect(ctx context.Context, f *File, c *Contract) (*Layout, error) {
	p, err := f.preview(c.Format)
	if err != nil {
		return nil, err
	}
	h := findHeader(c, p)
	l := &Layout{Contract: c, file: f, Units: map[string]string{}, at: h.at, factors: make([]int64, len(c.Columns))}
	if f.Kind == CSV {
		l.Encoding = f.encoding(c.Format)
	} else if err := l.sheetOf(f); err != nil {
		return nil, err
	}
	if h.matched == 0 {
		return nil, &FileError{File: f.Name, Sheet: l.Sheet, Err: ErrNoHeader,
			Detail: fmt.Sprintf("none of the first %d rows has a header of %s, such as %s", c.Search, c.Source, c.Columns[0].CN[0]),
			Try:    "put the header row above the table, or add its words to " + contractFile(c)}
	}
	header := p.rows[h.index]
	l.HeaderRow, l.Header, l.body = header.no, header.cells, header.end
	for _, row := range p.rows[:h.index] {
		for _, cell := range row.cells {
			if cell = strings.TrimSpace(cell); cell != "" {
				l.Titles = append(l.Titles, cell)
			}
		}
	}
	if err := l.checkHeader(h); err != nil {
		return nil, err
	}
	if p.whole && !slices.ContainsFunc(p.rows[h.index+1:], func(row previewRow) bool { return strings.TrimSpace(strings.Join(row.cells, "")) != "" }) {
		return nil, &FileError{File: f.Name, Sheet: l.Sheet, Row: l.HeaderRow, Err: ErrNoRows, Try: "ask the bureau for the rows, or for a note that there are none"}
	}
	if err := r.findUnits(l, p.rows[h.index+1:], h.units); err != nil {
		return nil, err
	}
	return l, r.findDataDate(ctx, l)
}

func contractFile(c *Contract) string { return "data/sources/" + c.Source + ".yaml" }

func (l *Layout) sheetOf(f *File) error {
	sh, err := f.book.sheet(l.Contract.Format.Sheet)
	if err != nil {
		return err
	}
	l.Sheet, l.epoch1904 = sh.name, f.book.epoch1904
	var others []string
	for _, s := range f.book.sheets {
		if s.name != sh.name && !s.hidden {
			others = append(others, s.name)
		}
	}
	if len(others) > 0 {
		l.Notes = append(l.Notes, fmt.Sprintf("sheet %s is read; not read: %s", sh.name, strings.Join(others, ", ")))
	}
	return nil
}

// headerFit is how well the best row of a preview serves as a contract's header.
type headerFit struct {
	index   int      // of the row in the preview
	matched int      // columns found
	at      []int    // by contract column
	units   []string // by contract column: the unit its header says
	twice   [2]int   // two cells with the same header; equal if there are none
}

// findHeader takes the row in which most columns of the contract are named; the first of equals.
func findHeader(c *Contract, p *preview) headerFit {
	best := headerFit{at: make([]int, len(c.Columns)), units: make([]string, len(c.Columns))}
	for i := range best.at {
		best.at[i] = -1
	}
	for i, row := range p.rows {
		if i >= c.Search {
			break
		}
		if h := fitHeader(c, row.cells); h.matched > best.matched {
			best, best.index = h, i
		}
	}
	return best
}

// fitHeader matches the cells of a row with the columns' aliases; the alias
// that stands first in the contract wins.
func fitHeader(c *Contract, cells []string) headerFit {
	h := headerFit{at: make([]int, len(c.Columns)), units: make([]string, len(c.Columns))}
	keys, units := make([]string, len(cells)), make([]string, len(cells))
	for j, cell := range cells {
		keys[j], units[j] = headerKey(cell)
	}
	for i, col := range c.Columns {
		h.at[i] = -1
		for _, want := range col.keys {
			j := slices.Index(keys, want)
			if j < 0 {
				continue
			}
			h.at[i], h.units[i] = j, units[j]
			h.matched++
			if k := slices.Index(keys[j+1:], want); k >= 0 {
				h.twice = [2]int{j, j + 1 + k}
			}
			break
		}
	}
	return h
}

// checkHeader refuses a header that lacks a required or key column, or names one twice.
func (l *Layout) checkHeader(h headerFit) error {
	c := l.Contract
	refuse := func(column string, err error, detail, try string) error {
		return &FileError{File: l.file.Name, Sheet: l.Sheet, Row: l.HeaderRow, Column: column, Err: err, Detail: detail, Try: try}
	}
	if h.twice[0] != h.twice[1] {
		return refuse("", ErrDuplicateColumn, fmt.Sprintf("columns %s and %s are both %s", columnLetters(h.twice[0]), columnLetters(h.twice[1]), l.Header[h.twice[0]]), "rename or delete one of them")
	}
	taken := map[int]bool{}
	for _, at := range h.at {
		taken[at] = true
	}
	for j, cell := range l.Header {
		if key, _ := headerKey(cell); key != "" && !taken[j] {
			l.Unknown = append(l.Unknown, strings.Join(strings.Fields(cell), " "))
		}
	}
	if missing := missingColumns(c, h.at); len(missing) > 0 {
		col := c.Column(missing[0])
		detail := fmt.Sprintf("%s (%s)", col.CN[0], col.Name)
		if near := nearest(col.CN[0], l.Unknown); near != "" {
			detail += ", nearest is " + near
		}
		return refuse("", ErrMissingColumn, detail, fmt.Sprintf("rename the header, or add it to cn of %s in %s", col.Name, contractFile(c)))
	}
	return nil
}

// missingColumns are the required and key columns that are absent, in the contract's order.
func missingColumns(c *Contract, at []int) []string {
	var out []string
	for i, col := range c.Columns {
		if at[i] < 0 && (col.Required || slices.Contains(c.Key, col.Name)) {
			out = append(out, col.Name)
		}
	}
	return out
}

// findUnits decides what a bare number is worth in each money column: by its
// header, else by a title (单位：万元), else by the contract. Where the contract
// states a unit and the file another, or nobody states one for a bare number,
// the file is refused.
func (r *Reader) findUnits(l *Layout, rows []previewRow, headerUnits []string) error {
	title := titleUnit(l.Titles)
	for i, col := range l.Contract.Columns {
		if col.Type != Money || l.at[i] < 0 {
			continue
		}
		where := columnLetters(l.at[i]) + " " + strings.Join(strings.Fields(l.Header[l.at[i]]), " ")
		refuse := func(row int64, err error, detail, try string) error {
			return &FileError{File: l.file.Name, Sheet: l.Sheet, Row: row, Column: where, Err: err, Detail: detail, Try: try}
		}
		contract := col.Unit
		if contract == "" {
			contract = l.Contract.Unit
		}
		stated := ""
		if l.Contract.unitMayStandIn("header") {
			stated = headerUnits[i]
		}
		if stated == "" && l.Contract.unitMayStandIn("title") {
			stated = title
		}
		if stated != "" && contract != "" && stated != contract {
			return refuse(l.HeaderRow, ErrUnitConflict, fmt.Sprintf("the file says %s, the contract %s", stated, contract), "ask the bureau which it is, and correct the header or "+contractFile(l.Contract))
		}
		if stated == "" && l.Contract.unitMayStandIn("contract") {
			stated = contract
		}
		if stated == "" {
			for _, row := range rows {
				if l.at[i] < len(row.cells) && bareAmount(row.cells[l.at[i]]) {
					return refuse(row.no, ErrNoUnit, strings.TrimSpace(row.cells[l.at[i]]), "add 单位 to the header or a title, or `unit: 万元` to "+contractFile(l.Contract))
				}
			}
			continue
		}
		factor, ok := r.Units[stated]
		if !ok || factor <= 0 {
			return refuse(l.HeaderRow, ErrNoUnit, "the unit "+stated+" is unknown", "add it to data/units.yaml")
		}
		l.factors[i], l.Units[col.Name] = factor, stated
	}
	return nil
}

func (c *Contract) unitMayStandIn(place string) bool {
	return len(c.UnitFrom) == 0 || slices.Contains(c.UnitFrom, place)
}

// titleUnit is the unit a title row states for the whole table.
func titleUnit(titles []string) string {
	for _, t := range titles {
		text := foldWord(t)
		i := strings.Index(text, "单位:")
		if i < 0 {
			continue
		}
		rest := strings.Trim(text[i+len("单位:"):], "()[]")
		for end := len(rest); end > 0; end-- {
			if u := unitWord(rest[:end]); u != "" {
				return u
			}
		}
	}
	return ""
}

// bareAmount reports a number other than 0 that says no unit of its own.
func bareAmount(cell string) bool {
	b := folded(nil, trimmed([]byte(cell)))
	if isNull(b) {
		return false
	}
	a, p := splitAmount(b)
	if p != nil || a.factor != 0 || a.currency != "" {
		return false
	}
	v, err := fixed(a.number, moneyScale, 1)
	return err == nil && v != 0
}
