package convert

import (
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/numfmt"
	"citykpi/pipeline/source/parse"
	"citykpi/pipeline/source/personal"
	"citykpi/pipeline/source/place"
)

// Plan is what every stream of a load shares: the table compiled for speed. It is immutable.
type Plan struct {
	Table       *Table
	contract    *contract.Contract
	places      *place.Index
	columns     []planColumn // as in the contract
	regions     []regionFrom
	keys        []int // cells of the key columns
	action      int   // contract column that says what a row does to earlier ones; -1: none
	voided      int   // cell of a full export that may call its row void; -1: none
	header      [][]byte
	named       int             // columns of the header, those without a name at its end left out
	headers     [][][]byte      // its rows
	headerWords map[string]bool // the cells of a header of one row
	headerStart [256]bool       // with which bytes these begin
	isCSV       bool
	styles      *numfmt.Styles
	keeps       bool              // cells may be marks of kpi.KeptCell
	kept        map[string]string // and what these stand for
	epoch       bool              // 1904

	sheetWords   []string // the sheet's name
	currency     map[string]int16
	jurisdiction int16
}

// planColumn is a contract column as it stands in this file.
type planColumn struct {
	*contract.Column
	cell       int    // index in the row, -1: absent
	header     string // under which it goes back: as it stands in the file
	unit       int64  // what 1 in a bare money cell is worth in 元; 0: cells say their own
	currencyAt int    // contract column that holds the currency; -1: none
	open       bool   // nobody is said to stand in it: it is searched for identity numbers
	anyText    bool   // a text of which nothing is asked
	code       bool   // tells things apart: see isCode
	person     bool   // a person's name
	names      bool   // a name of any kind, of which no pattern is asked
	named      bool   // of names or codes: 无 is none
	low, high  int32  // days
	hasLow     bool
	hasHigh    bool
	words      map[string]int16
	canonical  []string // words' indexes stand for these
}

type regionFrom struct {
	column int
	kind   contract.PlaceKind
}

// NewPlan compiles a table. dataDate bounds the columns that may not be later than the data; kept is what the marks
// of a return workbook stand for, see kpi.KeptCell.
func NewPlan(t *Table, places *place.Index, dataDate kpi.Date, kept map[string]string) *Plan {
	p := &Plan{Table: t, sheetWords: []string{t.Sheet}, contract: t.Contract, places: places, isCSV: t.IsCSV, keeps: mayKeep(t),
		kept: kept, styles: t.Styles, epoch: t.Styles.Epoch1904, currency: map[string]int16{}}
	for _, h := range t.Header {
		p.header = append(p.header, []byte(h))
		if len(fold.Trim([]byte(h))) > 0 {
			p.named = len(p.header)
		}
	}
	p.headerWords = map[string]bool{}
	for _, h := range t.Header {
		if len(t.Headers) == 1 && len(fold.Trim([]byte(h))) > 0 {
			p.headerWords[h], p.headerStart[h[0]] = true, true
		}
	}
	for _, row := range t.Headers {
		var cells [][]byte
		for _, cell := range row {
			cells = append(cells, []byte(cell))
		}
		p.headers = append(p.headers, cells)
	}
	for i := range t.Contract.Columns {
		p.columns = append(p.columns, p.column(i, dataDate))
	}
	for _, from := range t.Contract.Region {
		i, _ := t.Contract.Index(from)
		kind, _ := t.Contract.Columns[i].PlaceKind()
		p.regions = append(p.regions, regionFrom{i, kind})
	}
	for _, k := range t.Contract.Key {
		i, _ := t.Contract.Index(k)
		if at := t.At[i]; at >= 0 {
			p.keys = append(p.keys, at)
		}
	}
	for i, c := range parse.CurrencyOrder {
		p.currency[c] = int16(i)
	}
	p.action, p.voided = -1, -1
	if t.Contract.Mode != contract.Append {
		p.voided = t.Contract.ActionCell(t.Header)
	}
	if i, ok := t.Contract.Index(contract.ActionColumn); ok {
		p.action = i
	}
	if len(p.regions) > 0 {
		p.jurisdiction = places.Number(places.Jurisdiction())
	}
	return p
}

func (p *Plan) column(i int, dataDate kpi.Date) planColumn {
	col := &p.contract.Columns[i]
	out := planColumn{Column: col, cell: p.Table.At[i], unit: p.Table.Factors[i], currencyAt: -1,
		open: col.Personal == "" || col.Personal == personal.Party,
		code: p.contract.IsCode(col)}
	out.person = col.Type == contract.Text && col.Personal == personal.Name
	out.names = (out.person || col.Type == contract.Name) && col.Form == nil
	out.anyText = col.Type == contract.Text && !out.code && !out.person
	out.named = col.Type.Free() && !out.anyText
	if out.cell >= 0 {
		out.header = p.Table.column(i)
	}
	switch col.Type {
	case contract.Money:
		if at, ok := p.contract.Index("currency"); ok && p.contract.Columns[at].Type == contract.Text && p.Table.At[at] >= 0 {
			out.currencyAt = at
		}
	case contract.DateType:
		high := col.HighDate
		if col.HighIsDataDay {
			high = dataDate
		}
		if out.hasHigh = !high.IsZero(); out.hasHigh {
			out.high = parse.DayNumber(high)
		}
		if out.hasLow = !col.LowDate.IsZero(); out.hasLow {
			out.low = parse.DayNumber(col.LowDate)
		}
	case contract.Category:
		out.words = map[string]int16{}
		for k, v := range col.Values {
			out.canonical = append(out.canonical, v.Canonical)
			for _, w := range append([]string{v.Canonical}, v.Words...) {
				if _, taken := out.words[fold.Word(w)]; !taken {
					out.words[fold.Word(w)] = int16(k)
				}
			}
		}
	}
	return out
}
