// Package convert types the rows of a table as its contract says: each cell is converted and checked, each row held against
// the rules, and every row that breaks the contract goes to the rejects with the reason.
package convert

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/parse"
	"citykpi/pipeline/source/refusal"
	"citykpi/pipeline/source/reject"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// Converter types the rows of one stream into batches and writes its rejects.
type Converter struct {
	*Plan
	mem     memory.Allocator
	vectors []vector   // of the contract's columns
	beside  [][]vector // by column: of contract.Column.beside
	region  vector
	numbers vector // row_no
	zeros   vector // the index into one-word dictionaries
	open    []*vector
	n, room int // rows in the batch, rows it has room for
	odd     bool
	locator grid.Locator // nil: the source cannot say where a character is broken

	rejects   rejectWriter
	err       error // of the rejects' writer
	bad       []badCell
	tally     tally
	totals    totals
	sightings sightings

	scratch       []byte
	categories    []lately         // by column: what its cells stood for
	districts     map[string]int16 // -1: no known place
	lastDistricts lately           // and which were asked for last
	rowNo         int64

	withdrawing bool // the row only takes another away

	cells   [][]byte
	kinds   []grid.Kind
	spelled [][]byte
}

type badCell struct {
	column int // of the contract; -1: the row
	value  string
	parse.Problem
}

// New converts what one source hands on. Batches are made in mem, rejected rows written to rejects.
func New(p *Plan, from grid.Source, mem memory.Allocator, rejects io.Writer) *Converter {
	n := len(p.columns)
	c := &Converter{Plan: p, mem: mem, rejects: rejectWriter{plan: p, w: rejects}, vectors: make([]vector, n), beside: make([][]vector, n),
		categories: make([]lately, n), districts: map[string]int16{}, tally: newTally(), totals: newTotals(p), sightings: newSightings(n)}
	for i, col := range p.columns {
		c.vectors[i] = vector{mem: mem, width: widthOf(col.Type)}
		for _, f := range col.Beside() {
			width := 2
			if f.Type == contract.MoneyType {
				width = 16
			}
			c.beside[i] = append(c.beside[i], vector{mem: mem, width: width})
		}
	}
	c.region = vector{mem: mem, width: 2}
	c.numbers = vector{mem: mem, width: 8}
	c.zeros = vector{mem: mem, width: 2}
	c.open = c.all()
	c.locator, _ = from.(grid.Locator)
	return c
}

// widthOf is how many bytes a value of a type takes in its vector; 0: it is a text.
func widthOf(t contract.Type) int {
	switch t {
	case contract.DateType:
		return 4
	case contract.Integer:
		return 8
	case contract.Money, contract.Decimal:
		return 16
	case contract.Boolean, contract.Category:
		return 2
	}
	return 0
}

// Begin implements grid.Sink.
func (c *Converter) Begin(rows int, odd bool) {
	c.n, c.room, c.odd = 0, rows, odd
	for _, v := range c.open {
		v.start(max(rows, 1))
	}
}

// all lists the vectors in the schema's order, without the constants.
func (c *Converter) all() []*vector {
	var out []*vector
	for i := range c.vectors {
		out = append(out, &c.vectors[i])
		for k := range c.beside[i] {
			out = append(out, &c.beside[i][k])
		}
	}
	if len(c.regions) > 0 {
		out = append(out, &c.region)
	}
	return append(out, &c.numbers)
}

// Row implements grid.Sink.
func (c *Converter) Row(no int64, cells [][]byte, kinds []grid.Kind) {
	c.tally.read++
	lost := -1
	if c.keeps {
		cells, lost = c.restore(cells)
	}
	c.rowNo, c.cells, c.kinds = no, cells, kinds
	why := c.notData(cells)
	zeros := c.odd && why == DropBlank && bytes.IndexByte(bytes.Join(cells, nil), 0) >= 0
	if why != "" && !zeros {
		c.tally.drop(why, no)
		if why == DropFooter {
			c.noteTotal(cells)
		}
		return
	}
	c.tally.lastRow = no
	if c.n == c.room { // begin promised fewer rows: cannot happen, must not corrupt
		c.err = fmt.Errorf("row %d: more rows than line ends", no)
		return
	}
	c.bad, c.sightings.inRow = c.bad[:0], c.sightings.inRow[:0]
	if zeros {
		c.fail(-1, parse.Problem{Rule: "text.control", Reason: "本行只有空字符（U+0000），内容已丢失，请重新导出"})
	}
	c.width()
	c.strayQuotes()
	c.elsewhere()
	c.voidInFull()
	if lost >= 0 {
		c.failLost(lost)
	}
	if c.odd && !c.inOtherEncoding() {
		c.findReplacement()
	}
	if len(c.bad) == 0 {
		c.withdrawing = c.withdraws()
		for i := range c.columns {
			c.convert(i)
		}
		if len(c.regions) > 0 {
			c.resolveRegion()
		}
		if len(c.bad) == 0 {
			c.applyAction()
		}
		if len(c.bad) == 0 && !c.withdrawing {
			c.applyRules()
		}
		if len(c.bad) > 0 {
			c.takeBack()
		}
	}
	if len(c.bad) > 0 {
		c.sumRejected()
		c.tally.rejected++
		if err := c.rejects.add(no, c.shown(), c.bad); err != nil {
			c.err = err
		}
		return
	}
	c.sumRow()
	c.sightings.keep()
	c.numbers.setInt64(c.n, no)
	c.n++
	c.tally.loaded++
}

// width compares the number of cells of a CSV record with the header's. Empty ones
// too many or too few at the end, of either, do no harm.
func (c *Converter) width() {
	got := len(c.cells)
	if !c.isCSV || got == len(c.header) {
		return
	}
	for got > len(c.header) && len(fold.Trim(c.cells[got-1])) == 0 {
		got--
	}
	if got < c.named || got > len(c.header) {
		reason := fmt.Sprintf("本行有%d个单元格，表头有%d列，请检查是否多出或缺少分隔符、引号", got, c.named)
		if bytes.IndexByte(bytes.Join(c.cells, nil), '\r') >= 0 {
			reason += "，以及单独的回车符（CR）换行"
		}
		c.fail(-1, parse.Problem{Rule: reject.Width, Reason: reason})
	}
}

// strayQuotes refuses a CSV record of whose cells nobody knows where they end.
func (c *Converter) strayQuotes() {
	if !c.isCSV || c.kinds == nil || len(c.bad) > 0 {
		return
	}
	c.fail(-1, parse.Problem{Rule: reject.Width, Reason: "单元格的引号写法有误（单独的一个引号，或文字中的引号没有写成两个 \"\"），无法确定单元格在哪里结束，请改正后重新导出"})
}

// elsewhere refuses a row of a web page's other table, whose columns or headers are not those of the header.
func (c *Converter) elsewhere() {
	if len(c.kinds) > 0 && c.kinds[0] == grid.Elsewhere {
		c.fail(-1, parse.Problem{Rule: reject.Width, Reason: "本行属于网页中的另一张表格（列数或表头与数据表不同），请只导出数据表，或删去其他表格"})
	}
}

// inOtherEncoding refuses a row that is in another encoding than the file.
func (c *Converter) inOtherEncoding() bool {
	if c.locator == nil {
		return false
	}
	encoding, offset := c.locator.OtherEncoding()
	if encoding == "" {
		return false
	}
	c.fail(-1, parse.Problem{Rule: "text.encoding", Reason: fmt.Sprintf("本行自文件第%d字节起是 %s 编码，与全文不同，请统一编码后重新导出",
		offset, strings.ToUpper(encoding))})
	return true
}

func (c *Converter) findReplacement() {
	where := ""
	for j, cell := range c.cells {
		if bytes.Contains(cell, fold.RightToLeft) {
			c.fail(c.columnAt(j), parse.Problem{Rule: "text.control", Reason: "含有使文字倒序显示的控制字符（U+202E），看到的与保存的不同，请删去后重新导出"})
		}
		if !fold.HasReplacement(cell) {
			continue
		}
		if where == "" {
			where = "）"
			if c.locator != nil {
				if offset := c.locator.BadByte(c.rowNo); offset >= 0 {
					where = fmt.Sprintf("，本行自文件第%d字节起）", offset)
				}
			}
		}
		at := c.columnAt(j)
		c.fail(at, parse.Problem{Rule: "text.replacement", Reason: "含有无法识别的字符（乱码" + where + "，请以 UTF-8 或 GB18030 重新导出"})
		if at < 0 && j < len(c.header) {
			c.bad[len(c.bad)-1].value = string(cell)
		}
	}
}

// columnAt is the contract column of a cell, -1 if it is of none.
func (c *Converter) columnAt(cell int) int {
	return slices.IndexFunc(c.columns, func(col planColumn) bool { return col.cell == cell })
}

func (c *Converter) fail(column int, p parse.Problem) {
	b := badCell{column: column, Problem: p}
	if column >= 0 {
		b.value = string(c.styles.GoesBack(c.raw(column), c.kind(column)))
	}
	c.bad = append(c.bad, b)
}

// shown is the row as it goes back to the bureau.
func (c *Converter) shown() [][]byte {
	if c.kinds == nil {
		return c.cells
	}
	c.spelled = c.spelled[:0]
	for j, cell := range c.cells {
		if j < len(c.kinds) {
			cell = c.styles.GoesBack(cell, c.kinds[j])
		}
		c.spelled = append(c.spelled, cell)
	}
	return c.spelled
}

// raw is the column's cell as it stands in the file; empty if the row ends before it.
func (c *Converter) raw(i int) []byte {
	if at := c.columns[i].cell; at >= 0 && at < len(c.cells) {
		return c.cells[at]
	}
	return nil
}

func (c *Converter) kind(i int) grid.Kind {
	if at := c.columns[i].cell; c.kinds != nil && at >= 0 && at < len(c.kinds) {
		return c.kinds[at]
	}
	return grid.Text
}

// takeBack undoes what the rejected row appended.
func (c *Converter) takeBack() {
	for i := range c.vectors {
		c.vectors[i].takeBack(c.n)
		for k := range c.beside[i] {
			c.beside[i][k].takeBack(c.n)
		}
	}
}

// Next reads one chunk of a source; more is false at its end. The batch is nil if no row of the chunk is loaded; the
// caller releases it.
func (c *Converter) Next(ctx context.Context, from grid.Source) (batch arrow.RecordBatch, more bool, err error) {
	c.n = 0
	more, err = from.Next(ctx, c)
	if err = cmp.Or(err, c.err); err == nil {
		return c.take(), more, nil
	}
	c.drop()
	return nil, more, err
}

// Close ends the rejects: all are written when it returns. It may be called again.
func (c *Converter) Close() error { return c.rejects.close() }

// take is the batch of the rows since begin, nil if there are none. The caller releases it.
func (c *Converter) take() arrow.RecordBatch {
	vectors := c.open
	if c.n == 0 {
		c.drop()
		return nil
	}
	for i := range c.vectors {
		c.sightings.filled[i] += int64(c.n - c.vectors[i].nulls)
	}
	schema := c.contract.Schema()
	arrays := make([]arrow.Array, 0, schema.NumFields())
	for i, v := range vectors[:len(vectors)-1] {
		f := schema.Field(i)
		arrays = append(arrays, v.array(f.Type, c.n, c.words(f, v)))
	}
	c.zeros.start(c.n)
	for i := range c.n {
		c.zeros.setInt16(i, 0)
	}
	arrays = append(arrays, c.zeros.array(arrow.BinaryTypes.String, c.n, c.sheetWords))
	arrays = append(arrays, c.numbers.array(arrow.PrimitiveTypes.Int64, c.n, nil))
	batch := array.NewRecordBatch(schema, arrays, int64(c.n))
	for _, a := range arrays {
		a.Release()
	}
	return batch
}

// drop gives the batch under construction back.
func (c *Converter) drop() {
	c.n = 0
	for _, v := range c.open {
		v.free()
	}
}

// words are what the indexes in v stand for, nil if v is no word column.
func (c *Converter) words(f arrow.Field, v *vector) []string {
	if v.width != 2 || f.Type.ID() != arrow.STRING {
		return nil
	}
	if f.Name == contract.RegionColumn {
		return c.places.Codes()
	}
	if i, ok := c.contract.Index(f.Name); ok {
		return c.columns[i].canonical
	}
	if strings.HasSuffix(f.Name, "_precision") {
		return precisions
	}
	return parse.CurrencyOrder
}

// Why a row is dropped: it is not data.
const (
	DropBlank  = "blank"  // no cell has a value
	DropFooter = "footer" // 合计, 制表人 and the like
	DropHeader = "header" // the header again, as on every printed page
)

// notData recognises rows that are not data; "" for all others.
func (c *Converter) notData(cells [][]byte) string {
	first := 0
	var cell []byte
	for ; first < len(cells); first++ {
		if cell = fold.Trim(cells[first]); len(cell) > 0 {
			break
		}
	}
	if first == len(cells) {
		return DropBlank
	}
	if c.headerStart[cells[first][0]] && c.headerWords[string(cells[first])] && c.err == nil {
		c.err = c.otherHeader(cells)
	}
	for _, header := range c.headers {
		if first < len(header) && bytes.Equal(cells[first], header[first]) && sameCells(header, cells) {
			return DropHeader
		}
	}
	if footerStart(cell) && c.keysEmpty(cells, first) && footerWord(string(fold.Append(nil, cell))) {
		return DropFooter
	}
	return ""
}

// otherHeader refuses a file in which a header comes again with its columns in another order: what is
// below it is read under the wrong columns.
func (c *Converter) otherHeader(cells [][]byte) error {
	named := 0
	for j, cell := range cells {
		switch {
		case len(fold.Trim(cell)) == 0:
		case !c.headerWords[string(cell)]:
			return nil
		case j >= len(c.header) || !bytes.Equal(cell, c.header[j]):
			named++
		}
	}
	if named < 2 {
		return nil
	}
	return &refusal.Error{File: c.Table.File, Sheet: c.Table.Sheet, Row: c.rowNo, Err: refusal.ErrHeaderMoved,
		Detail: fmt.Sprintf("it differs from row %d", c.Table.HeaderRow),
		Try:    "send each table as a file of its own, or bring their columns into one order"}
}

func sameCells(header, cells [][]byte) bool {
	for i, h := range header {
		if i < len(cells) && !bytes.Equal(cells[i], h) || i >= len(cells) && len(h) > 0 {
			return false
		}
	}
	return true
}

// keysEmpty reports whether no key column but the one at except has a value, other than a count of rows.
func (c *Converter) keysEmpty(cells [][]byte, except int) bool {
	for _, k := range c.keys {
		if k != except && k < len(cells) && len(fold.Trim(cells[k])) > 0 && countIn(string(fold.Append(nil, fold.Trim(cells[k])))) < 0 {
			return false
		}
	}
	return true
}
