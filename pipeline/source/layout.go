package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/source/book"
	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/convert"
	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/numfmt"
	"citykpi/pipeline/source/parquet"
	"citykpi/pipeline/source/parse"
	"citykpi/pipeline/source/refusal"
)

// Layout is how a contract's table stands in one file: where its header is,
// which cell is which column, in which unit, of which date. It is found by
// Inspect and needed by Read.
type Layout struct {
	convert.Table                   // of several sheets the first one that is read
	Encoding      string            // "" for a workbook
	Titles        []string          // what stands above the header
	Unknown       []string          // headers that are no column of the contract: ignored
	Units         map[string]string // unit of each money column that has one
	DataDate      kpi.Date
	DataDateFrom  string   // file_name, title, or the column whose largest value it is
	Notes         []string // what an operator may want to know, in English

	file  *File
	sheet *book.Sheet // nil: a CSV
	body  int64       // of a CSV: the offset of the first record below the header
	more  []*Layout   // of the other sheets that the contract wants
}

// Corrects reports whether rows of the file may say what they do to earlier ones.
func (l *Layout) Corrects() bool { return l.Contract.Corrects() }

// Inspect finds the table in f. It refuses a file without a header row, rows,
// a required column, a unit for an amount, or a data date; the error is then a
// *refusal.Error. Where the data date is a column's largest value the whole column is read.
func (r *Reader) Inspect(ctx context.Context, f *File, c *contract.Contract) (*Layout, error) {
	tables, c, err := f.tablesOf(c)
	if err != nil {
		return nil, err
	}
	var out *Layout
	var notes []string
	for _, t := range tables {
		l, err := r.inspectTable(f, c, t)
		switch {
		case errors.Is(err, refusal.ErrNoRows) && len(tables) > 1: // a district without a case sends its sheet all the same
			notes = append(notes, fmt.Sprintf("sheet %s has no rows", t.sheet.Name))
		case err != nil:
			return nil, err
		case out == nil:
			out = l
		default:
			out.more = append(out.more, l)
		}
	}
	if out == nil {
		return nil, f.refuse(refusal.ErrNoRows, strings.Join(notes, ", "), askForRows)
	}
	out.Notes = append(notes, f.notes...)
	if b, err := f.bookFor(c); err == nil && out.sheet != nil {
		out.Notes = append(out.Notes, sheetsNote(b.Sheets(), tables)...)
	}
	if err := out.unite(); err != nil {
		return nil, err
	}
	out.Notes = append(out.Notes, out.misnamed()...)
	return out, r.findDataDate(ctx, out)
}

const askForRows = "ask the bureau for the rows, or for a note that there are none"

// inspectTable finds the table on one sheet, everything but its date.
func (r *Reader) inspectTable(f *File, c *contract.Contract, t table) (*Layout, error) {
	p, h := t.preview, t.fit
	l := &Layout{Table: convert.Table{Contract: c, File: f.Name, IsCSV: t.sheet == nil, Styles: numfmt.Plain, At: h.at,
		Factors: make([]int64, len(c.Columns))},
		Units: map[string]string{}, file: f, sheet: t.sheet}
	if t.sheet == nil {
		l.Encoding = f.encoding(c.Format)
	} else {
		b, err := f.bookFor(c)
		if err != nil {
			return nil, err
		}
		l.Sheet, l.Styles = t.sheet.Name, b.Numbers()
	}
	refuse := func(err error, detail, try string) error {
		return &refusal.Error{File: f.Name, Sheet: l.Sheet, Row: l.HeaderRow, Err: err, Detail: detail, Try: try}
	}
	if err := l.refuseLists(); err != nil {
		return nil, err
	}
	if h.matched == 0 || onlyLists(p) {
		if what, try := f.otherShape(); what != "" {
			return nil, refuse(refusal.ErrNoRecords, what, try)
		}
	}
	switch {
	case p.whole && !hasText(p.rows):
		return nil, refuse(refusal.ErrNoRows, "", askForRows)
	case h.matched == 0:
		return nil, refuse(refusal.ErrNoHeader,
			fmt.Sprintf("none of the first %d rows has a header of %s, such as %s; %s",
				c.Search, c.Source, c.Columns[0].CN[0], f.firstLine(c.Format, p)),
			"put the header row above the table, or add its words to "+contractFile(c)+
				"; if the line is garbled, write its encoding and delimiter under format there")
	}
	below := l.placeHeader(p, h)
	if err := l.checkHeader(h); err != nil {
		return nil, err
	}
	if p.whole && !hasText(below) {
		return nil, refuse(refusal.ErrNoRows, "", askForRows)
	}
	if f.Kind == JSON {
		l.expectLate()
	}
	return l, r.findUnits(l, below, h.units)
}

// onlyLists reports a single record each of whose values is a list.
func onlyLists(p *preview) bool {
	return p.whole && len(p.rows) == 2 && len(p.rows[1].kinds) > 0 &&
		!slices.ContainsFunc(p.rows[1].kinds, func(k grid.Kind) bool { return k != grid.List })
}

// refuseLists refuses a Parquet file in which a column of the contract holds several values a row.
func (l *Layout) refuseLists() error {
	b, ok := l.file.book.(*parquet.Book)
	if !ok {
		return nil
	}
	for _, several := range []struct {
		names []string
		kind  string
	}{{b.Skipped, "list"}, {b.Groups, "group of columns"}} {
		for _, name := range several.names {
			key, _ := fold.HeaderKey(name)
			for _, col := range l.Contract.Columns {
				if slices.Contains(col.Keys, key) && !slices.Contains(b.Names, name) {
					return l.file.refuse(refusal.ErrLists,
						fmt.Sprintf("column %s is a %s, which no contract reads", name, several.kind),
						"export one value a row of "+col.CN[0]+", or drop the column from "+contractFile(l.Contract))
				}
			}
		}
	}
	return nil
}

// firstLine is the first row that says something, cut to what fits into a line, and how it was read.
func (f *File) firstLine(format contract.Format, p *preview) string {
	how := string(f.Kind)
	if f.Kind == CSV {
		encoding, d := f.encoding(format), f.delimiter(format)
		if f.copied != nil {
			encoding = f.Encoding
		}
		names := map[byte]string{',': "comma", ';': "semicolon", '\t': "tab", '|': "bar"}
		how = fmt.Sprintf("%s parted by %s", encoding, cmp.Or(names[d], fmt.Sprintf("%q", d)))
	}
	const most = 60
	for _, row := range p.rows {
		line := []rune(strings.Join(strings.Fields(strings.Join(row.cells, " ")), " "))
		switch {
		case len(line) > most:
			return fmt.Sprintf("the first line, read as %s, is %q…", how, string(line[:most]))
		case len(line) > 0:
			return fmt.Sprintf("the first line, read as %s, is %q", how, string(line))
		}
	}
	return "its lines, read as " + how + ", are blank"
}

// placeHeader notes where the header stands and what is above it, and returns what is below.
func (l *Layout) placeHeader(p *preview, h headerFit) (below []previewRow) {
	end := h.index + h.levels
	l.HeaderRow, l.Header, l.body = p.rows[end-1].no, h.names, p.rows[end-1].end
	for n := len(l.Header); l.sheet != nil && n > 0 && strings.TrimSpace(l.Header[n-1]) == ""; n = len(l.Header) {
		l.Header = l.Header[:n-1] // a row is often formatted to the sheet's end
	}
	for _, row := range p.rows[h.index:end] {
		l.Headers = append(l.Headers, row.cells)
	}
	for _, row := range p.rows[:h.index] {
		for _, cell := range row.cells {
			if cell = strings.TrimSpace(cell); cell != "" {
				l.Titles = append(l.Titles, cell)
			}
		}
	}
	return p.rows[end:]
}

// expectLate gives the columns that the first records lack a place: a member
// that has no value is often left out, and may come later.
func (l *Layout) expectLate() {
	for i, at := range l.At {
		if at < 0 {
			l.At[i] = len(l.Header)
			l.Header = append(l.Header, l.Contract.Columns[i].CN[0])
		}
	}
}

func hasText(rows []previewRow) bool {
	return slices.ContainsFunc(rows, func(row previewRow) bool { return strings.TrimSpace(strings.Join(row.cells, "")) != "" })
}

func contractFile(c *contract.Contract) string { return "data/sources/" + c.Source + ".yaml" }

// maxHeader is how many columns a table may have. A million rows of as many as a sheet
// has would be sixteen thousand million cells.
const maxHeader = 2048

// checkHeader refuses a header that lacks a required or key column, or names one twice.
func (l *Layout) checkHeader(h headerFit) error {
	c := l.Contract
	refuse := func(column string, err error, detail, try string) error {
		return &refusal.Error{File: l.file.Name, Sheet: l.Sheet, Row: l.HeaderRow, Column: column, Err: err, Detail: detail, Try: try}
	}
	if len(l.Header) > maxHeader {
		return refuse(book.ColumnLetters(len(l.Header)-1), refusal.ErrTooLarge,
			fmt.Sprintf("a header of %d columns", len(l.Header)), "delete what stands right of the table")
	}
	if h.twice[0] != h.twice[1] {
		return refuse("", refusal.ErrDuplicateColumn,
			fmt.Sprintf("columns %s and %s are both %s",
				book.ColumnLetters(h.twice[0]), book.ColumnLetters(h.twice[1]), l.Header[h.twice[0]]),
			"rename or delete one of them")
	}
	taken := map[int]bool{}
	for _, at := range h.at {
		taken[at] = true
	}
	for j, cell := range l.Header {
		if key, _ := fold.HeaderKey(cell); key != "" && !taken[j] {
			l.Unknown = append(l.Unknown, strings.Join(strings.Fields(cell), " "))
		}
	}
	if missing := missingColumns(c, h.at); len(missing) > 0 {
		col := c.Column(missing[0])
		detail := fmt.Sprintf("%s (%s)", col.CN[0], col.Name)
		if near := fold.Nearest(col.CN[0], l.Unknown); near != "" {
			detail += ", nearest is " + near
		}
		return refuse("", refusal.ErrMissingColumn, detail,
			fmt.Sprintf("rename the header, or add it to cn of %s in %s", col.Name, contractFile(c)))
	}
	return nil
}

// misnamed notes headers that are not read and say the name of a column that is not found, with more in brackets:
// 比例（%） where the contract knows 比例. Which is meant only people can say: 人数（女） is not 人数.
func (l *Layout) misnamed() (notes []string) {
	for i, col := range l.Contract.Columns {
		if l.At[i] >= 0 {
			continue
		}
		for _, header := range l.Unknown {
			key, _ := fold.HeaderKey(header)
			if word, _, ok := strings.Cut(key, "("); ok && slices.Contains(col.Keys, word) {
				notes = append(notes, fmt.Sprintf("column %s is not read, and %s (%s) is in no column: "+
					"if they are the same, add the header to cn of %s in %s",
					header, col.CN[0], col.Name, col.Name, contractFile(l.Contract)))
			}
		}
	}
	return notes
}

// missingColumns are the required and key columns that are absent, in the contract's order. Rows
// that only withdraw others need no more than the key; of other rows each is told what it lacks.
func missingColumns(c *contract.Contract, at []int) []string {
	var out []string
	for i, col := range c.Columns {
		if at[i] < 0 && (col.Required && !c.Corrects() || slices.Contains(c.Key, col.Name)) {
			out = append(out, col.Name)
		}
	}
	return out
}

// findUnits decides what a bare number is worth in each money column: by its
// header, by a title (单位：万元) or by the contract. Where two of them state
// different units, or nobody states one for a bare number, the file is refused.
func (r *Reader) findUnits(l *Layout, rows []previewRow, headerUnits []string) error {
	titles := titleUnits(l.Titles)
	for i, col := range l.Contract.Columns {
		if col.Type != contract.Money || l.At[i] < 0 {
			continue
		}
		where := book.ColumnLetters(l.At[i]) + " " + strings.Join(strings.Fields(l.Header[l.At[i]]), " ")
		refuse := func(row int64, err error, detail, try string) error {
			return &refusal.Error{File: l.file.Name, Sheet: l.Sheet, Row: row, Column: where, Err: err, Detail: detail, Try: try}
		}
		contract := col.Unit
		if contract == "" {
			contract = l.Contract.Unit
		}
		stated := ""
		if l.Contract.UnitMayStandIn("header") {
			stated = headerUnits[i]
		}
		for _, title := range titles {
			if !l.Contract.UnitMayStandIn("title") {
				break
			}
			if stated != "" && stated != title {
				return refuse(l.HeaderRow, refusal.ErrUnitConflict,
					fmt.Sprintf("%s in one place above the table and %s in another", stated, title),
					"ask the bureau which it is, and correct one; or write unit_from: [header] into "+contractFile(l.Contract))
			}
			stated = title
		}
		if stated != "" && contract != "" && stated != contract {
			return refuse(l.HeaderRow, refusal.ErrUnitConflict,
				fmt.Sprintf("the file says %s, the contract %s", stated, contract),
				"ask the bureau which it is, and correct the header or "+contractFile(l.Contract))
		}
		if stated == "" && l.Contract.UnitMayStandIn("contract") {
			stated = contract
		}
		if stated == "" {
			for _, row := range rows {
				if l.At[i] < len(row.cells) && bareAmount(row.cells[l.At[i]]) {
					return refuse(row.no, refusal.ErrNoUnit, strings.TrimSpace(row.cells[l.At[i]]),
						"add 单位 to the header or a title, or `unit: 万元` to "+contractFile(l.Contract))
				}
			}
			continue
		}
		factor, ok := r.Units[stated]
		if !ok || factor <= 0 {
			return refuse(l.HeaderRow, refusal.ErrNoUnit, "the unit "+stated+" is unknown", "add it to data/units.yaml")
		}
		l.Factors[i], l.Units[col.Name] = factor, stated
	}
	return nil
}

// titleUnits are the units that titles state for the whole table: one, unless
// they contradict each other.
func titleUnits(titles []string) []string {
	var out []string
	for _, t := range titles {
		parts := strings.Split(parse.Brackets.Replace(fold.Word(t)), "单位:")
		for _, rest := range parts[1:] {
			for end := len(rest); end > 0; end-- {
				if u := fold.UnitWord(rest[:end]); u != "" {
					if !slices.Contains(out, u) {
						out = append(out, u)
					}
					break
				}
			}
		}
	}
	return out
}

// bareAmount reports a number other than 0 that says no unit of its own.
func bareAmount(cell string) bool {
	b := fold.Append(nil, fold.Trim([]byte(cell)))
	if fold.IsNull(b) {
		return false
	}
	a, p := parse.SplitAmount(b)
	if p != nil || a.Factor != 0 || a.Currency != "" {
		return false
	}
	v, err := parse.Fixed(a.Number, parse.MoneyScale, 1)
	return err == nil && v != 0
}
