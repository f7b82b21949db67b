// Package parquet reads Parquet files as tables of texts.
package parquet

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"citykpi/pipeline/source/book"
	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/numfmt"
	"citykpi/pipeline/source/parse"
	"citykpi/pipeline/source/refusal"

	"github.com/apache/arrow-go/v18/arrow/float16"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// Magic is how a Parquet file begins.
var Magic = []byte("PAR1")

// Book is a Parquet file as a table without a name. Its columns' values
// are written as text and go the way of all cells; as in JSON, the names count
// as row 1.
type Book struct {
	file    string
	open    func() (*file.Reader, error)
	columns []int // of the file: those with one value a row
	Names   []string
	Skipped []string // lists and maps
	Groups  []string // that hold columns
}

const (
	maxPage    = 64 << 20  // the largest page that is unpacked
	maxMemory  = 512 << 20 // of one reader
	chunkRows  = 1024      // at a time
	maxColumns = 2000
)

// Sheets, Numbers and Rows implement book.Book.
func (p *Book) Sheets() []book.Sheet    { return []book.Sheet{{}} }
func (p *Book) Numbers() *numfmt.Styles { return numfmt.Plain }
func (p *Book) Rows(_ *book.Sheet, after int64, _ []string) grid.Source {
	return &source{book: p, after: after}
}

func (p *Book) refuse(row int64, err error, try string) error {
	var refused *refusal.Error
	switch {
	case errors.As(err, &refused):
		return err
	case errors.Is(err, errMemory):
		return &refusal.Error{File: p.file, Row: row, Err: refusal.ErrTooLarge, Detail: err.Error(),
			Try: "write the file with smaller row groups and pages"}
	}
	return &refusal.Error{File: p.file, Row: row, Err: refusal.ErrParquet, Detail: err.Error(), Try: try}
}

// Open reads the schema of a file of so many bytes.
func Open(name string, in io.ReaderAt, size int64) (*Book, error) {
	p := &Book{file: name}
	p.open = func() (r *file.Reader, err error) {
		defer recovered(&err)
		properties := parquet.NewReaderProperties(&capped{left: maxMemory})
		properties.BufferedStreamEnabled = true
		properties.MaxCompressedPageSize, properties.MaxUncompressedPageSize = maxPage, maxPage
		return file.NewParquetReader(io.NewSectionReader(in, 0, size), file.WithReadProps(properties))
	}
	r, err := p.open()
	if err != nil {
		return nil, p.refuse(0, err, refusal.Resend)
	}
	if err := p.readSchema(r); err != nil {
		return nil, p.refuse(0, err, refusal.Resend)
	}
	return p, nil
}

func (p *Book) readSchema(r *file.Reader) (err error) {
	defer recovered(&err)
	s := r.MetaData().Schema
	for i := range min(s.NumColumns(), maxColumns+1) {
		c := s.Column(i)
		name := strings.Join([]string(c.ColumnPath()), fold.LevelSign)
		if c.MaxRepetitionLevel() > 0 {
			if root := c.ColumnPath()[0]; !slices.Contains(p.Skipped, root) {
				p.Skipped = append(p.Skipped, root)
			}
			continue
		}
		for n := 1; n < len(c.ColumnPath()); n++ {
			p.Groups = append(p.Groups, strings.Join([]string(c.ColumnPath())[:n], fold.LevelSign))
		}
		p.columns, p.Names = append(p.columns, i), append(p.Names, name)
	}
	if len(p.columns) > maxColumns {
		return fmt.Errorf("more than %d columns", maxColumns)
	}
	return nil
}

var errMemory = errors.New("a page or dictionary needs more memory than it may")

// capped is an allocator with a limit. Going beyond it is a panic, which
// recovered turns into an error: the interface has no other way out.
type capped struct {
	memory.GoAllocator
	left int
}

func (c *capped) Allocate(size int) []byte {
	c.take(size)
	return c.GoAllocator.Allocate(size)
}

func (c *capped) Reallocate(size int, b []byte) []byte {
	c.take(size - len(b))
	return c.GoAllocator.Reallocate(size, b)
}

func (c *capped) Free(b []byte) { c.left += len(b) }

func (c *capped) take(size int) {
	if c.left -= size; c.left < 0 {
		panic(errMemory)
	}
}

// recovered makes the panics of the Parquet library, which meet broken files, errors.
func recovered(err *error) {
	switch p := recover().(type) {
	case nil:
	case error:
		*err = p
	default:
		*err = fmt.Errorf("%v", p)
	}
}

// source reads the row groups one after the other.
type source struct {
	book  *Book
	after int64

	reader  *file.Reader
	group   int
	left    int64 // rows of the open group
	no      int64
	columns []*column
	cells   [][]byte
	kinds   []grid.Kind
}

func (s *source) Close() { s.columns = nil }

func (s *source) Next(ctx context.Context, sink grid.Sink) (more bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	if s.reader == nil {
		if s.reader, err = s.book.open(); err != nil {
			return false, s.book.refuse(0, err, refusal.Resend)
		}
		s.no = 2
		if s.after < 1 {
			s.header(sink)
			return true, nil
		}
	}
	if more, err = s.chunk(sink); err != nil {
		return false, s.book.refuse(s.no, err, refusal.Resend)
	}
	return more, nil
}

func (s *source) header(sink grid.Sink) {
	var cells [][]byte
	for _, name := range s.book.Names {
		cells = append(cells, []byte(name))
	}
	sink.Begin(1, true)
	sink.Row(1, cells, make([]grid.Kind, len(cells)))
}

// chunk reads some rows of every column and hands them on.
func (s *source) chunk(sink grid.Sink) (more bool, err error) {
	defer recovered(&err)
	for s.left == 0 {
		if s.group >= s.reader.NumRowGroups() {
			return false, nil
		}
		if err := s.openGroup(); err != nil {
			return false, err
		}
	}
	rows := int(min(s.left, chunkRows))
	for i, c := range s.columns {
		if err := c.read(rows); err != nil {
			return false, fmt.Errorf("column %s: %w", s.book.Names[i], err)
		}
	}
	sink.Begin(rows, true)
	for k := range rows {
		for i, c := range s.columns {
			s.cells[i], s.kinds[i] = c.cell(k), c.kind
			if c.rounded[k] {
				s.kinds[i] = grid.Rounded
			}
		}
		if s.no > s.after {
			sink.Row(s.no, s.cells, s.kinds)
		}
		s.no++
	}
	s.left -= int64(rows)
	return true, nil
}

func (s *source) openGroup() error {
	g := s.reader.RowGroup(s.group)
	s.group++
	if s.left = g.NumRows(); s.left < 0 {
		return errors.New("a negative number of rows")
	}
	s.columns = s.columns[:0]
	for _, i := range s.book.columns {
		chunk, err := g.Column(i)
		if err != nil {
			return err
		}
		s.columns = append(s.columns, newParquetColumn(chunk))
	}
	n := len(s.columns)
	s.cells, s.kinds = slices.Grow(s.cells[:0], n)[:n], slices.Grow(s.kinds[:0], n)[:n]
	return nil
}

// column is a column of the open row group, read in step with the others.
type column struct {
	chunk   file.ColumnChunkReader
	kind    grid.Kind
	logic   schema.LogicalType
	levels  []int16
	text    []byte // of the rows at hand
	ends    []int  // by row
	null    []bool
	rounded []bool // more digits than the type keeps

	booleans []bool
	ints     []int32
	longs    []int64
	stamps   []parquet.Int96
	floats   []float32
	doubles  []float64
	bytes    []parquet.ByteArray
	fixed    []parquet.FixedLenByteArray
}

func newParquetColumn(chunk file.ColumnChunkReader) *column {
	c := &column{chunk: chunk, logic: chunk.Descriptor().LogicalType(), levels: make([]int16, chunkRows)}
	switch chunk.Type() {
	case parquet.Types.Float, parquet.Types.Double:
		c.kind = grid.Number // as in a workbook: of a long number the end may be lost
	case parquet.Types.Boolean:
		c.kind = grid.Bool
	}
	return c
}

func (c *column) cell(k int) []byte {
	if c.null[k] {
		return nil
	}
	from := 0
	if k > 0 {
		from = c.ends[k-1]
	}
	return c.text[from:c.ends[k]:c.ends[k]]
}

// read takes exactly rows rows.
func (c *column) read(rows int) error {
	c.text, c.ends, c.null, c.rounded = c.text[:0], c.ends[:0], c.null[:0], c.rounded[:0]
	top := c.chunk.Descriptor().MaxDefinitionLevel()
	for len(c.ends) < rows {
		total, values, write, err := c.batch(int64(rows - len(c.ends)))
		if err != nil {
			return err
		}
		if total == 0 {
			if err := c.chunk.Err(); err != nil {
				return err
			}
			return fmt.Errorf("%d rows are missing", rows-len(c.ends))
		}
		value := 0
		for k := range int(total) {
			null := top > 0 && c.levels[k] < top
			if !null {
				if value >= values {
					return errors.New("fewer values than rows")
				}
				if err := write(value); err != nil {
					return err
				}
				value++
			}
			c.ends, c.null = append(c.ends, len(c.text)), append(c.null, null)
			if len(c.rounded) < len(c.ends) {
				c.rounded = append(c.rounded, false)
			}
		}
	}
	return nil
}

// batch reads at most n rows; write appends one of the values as text.
func (c *column) batch(n int64) (total int64, values int, write func(i int) error, err error) {
	levels := c.levels[:n]
	switch r := c.chunk.(type) {
	case *file.BooleanColumnChunkReader:
		c.booleans = slices.Grow(c.booleans[:0], int(n))[:n]
		total, values, err = r.ReadBatch(n, c.booleans, levels, nil)
		write = func(i int) error { c.text = strconv.AppendBool(c.text, c.booleans[i]); return nil }
	case *file.Int32ColumnChunkReader:
		c.ints = slices.Grow(c.ints[:0], int(n))[:n]
		total, values, err = r.ReadBatch(n, c.ints, levels, nil)
		write = func(i int) error { return c.integer(int64(c.ints[i]), 32) }
	case *file.Int64ColumnChunkReader:
		c.longs = slices.Grow(c.longs[:0], int(n))[:n]
		total, values, err = r.ReadBatch(n, c.longs, levels, nil)
		write = func(i int) error { return c.integer(c.longs[i], 64) }
	case *file.Int96ColumnChunkReader:
		c.stamps = slices.Grow(c.stamps[:0], int(n))[:n]
		total, values, err = r.ReadBatch(n, c.stamps, levels, nil)
		write = func(i int) error { c.oldStamp(c.stamps[i].ToTime()); return nil }
	case *file.Float32ColumnChunkReader:
		c.floats = slices.Grow(c.floats[:0], int(n))[:n]
		total, values, err = r.ReadBatch(n, c.floats, levels, nil)
		write = func(i int) error { c.single(c.floats[i]); return nil }
	case *file.Float64ColumnChunkReader:
		c.doubles = slices.Grow(c.doubles[:0], int(n))[:n]
		total, values, err = r.ReadBatch(n, c.doubles, levels, nil)
		write = func(i int) error { c.text = strconv.AppendFloat(c.text, c.doubles[i], 'f', -1, 64); return nil }
	case *file.ByteArrayColumnChunkReader:
		c.bytes = slices.Grow(c.bytes[:0], int(n))[:n]
		total, values, err = r.ReadBatch(n, c.bytes, levels, nil)
		write = func(i int) error { return c.binary(c.bytes[i]) }
	case *file.FixedLenByteArrayColumnChunkReader:
		c.fixed = slices.Grow(c.fixed[:0], int(n))[:n]
		total, values, err = r.ReadBatch(n, c.fixed, levels, nil)
		write = func(i int) error { return c.binary(c.fixed[i]) }
	default:
		err = fmt.Errorf("values of type %s are not known", c.chunk.Type())
	}
	return total, values, write, err
}

// singleDigits are those that a number of four bytes keeps in any case.
const singleDigits = 7

// single writes a number of four bytes. One of more digits may have been another.
func (c *column) single(v float32) {
	from := len(c.text)
	c.text = strconv.AppendFloat(c.text, float64(v), 'f', -1, 32)
	written := strings.Trim(strings.ReplaceAll(strings.TrimLeft(string(c.text[from:]), "-0."), ".", ""), "0")
	c.rounded = append(c.rounded, len(written) > singleDigits || v >= 1<<24 || v <= -1<<24)
}

// perSecond is how many of a unit of time make a second.
var perSecond = map[schema.TimeUnitType]int64{
	schema.TimeUnitMillis: 1e3, schema.TimeUnitMicros: 1e6, schema.TimeUnitNanos: 1e9,
}

// integer writes what an integer stands for: a day, a moment, a decimal or itself.
func (c *column) integer(v int64, bits int) error {
	switch t := c.logic.(type) {
	case schema.DateLogicalType:
		if v < -1e6 || v > 4e6 { // DuckDB's infinity is the last number there is
			c.text = fmt.Appendf(c.text, "day %d", v)
			return nil
		}
		c.text = append(c.text, parse.DateOfDays(int32(v)).String()...)
	case schema.TimestampLogicalType:
		unit := perSecond[t.TimeUnit()]
		if unit == 0 {
			return errors.New("a moment in an unknown unit")
		}
		at := time.Unix(v/unit, v%unit*(1e9/unit)).UTC()
		if t.IsAdjustedToUTC() {
			at = at.In(china)
		}
		c.stamp(at)
	case schema.TimeLogicalType:
		unit := perSecond[t.TimeUnit()]
		if unit == 0 || v < 0 || v/unit >= parse.SecondsOfDay {
			return errors.New("a time of day that is none")
		}
		c.text = fmt.Appendf(c.text, "%02d:%02d:%02d", v/unit/3600, v/unit/60%60, v/unit%60)
	case schema.DecimalLogicalType:
		c.decimal(big.NewInt(v), int(t.Scale()))
	case schema.IntLogicalType:
		if t.IsSigned() {
			c.text = strconv.AppendInt(c.text, v, 10)
		} else if bits == 32 {
			c.text = strconv.AppendUint(c.text, uint64(uint32(v)), 10)
		} else {
			c.text = strconv.AppendUint(c.text, uint64(v), 10)
		}
	default:
		c.text = strconv.AppendInt(c.text, v, 10)
	}
	return nil
}

// china is the one time zone a day in these files can be meant in.
var china = time.FixedZone("UTC+8", 8*3600)

func (c *column) stamp(t time.Time) { c.text = t.AppendFormat(c.text, "2006-01-02 15:04:05") }

// oldStamp writes an INT96, which some programs keep in their own time and others in that of
// Greenwich: the same day in both, or none that is known.
func (c *column) oldStamp(t time.Time) {
	c.stamp(t)
	if t.In(china).Day() != t.Day() {
		c.text = append(c.text, parse.NoZone...)
	}
}

func (c *column) decimal(v *big.Int, scale int) {
	s, sign := v.String(), ""
	if s[0] == '-' {
		s, sign = s[1:], "-"
	}
	scale = min(max(scale, 0), 76)
	if len(s) <= scale {
		s = strings.Repeat("0", scale-len(s)+1) + s
	}
	c.text = append(append(c.text, sign...), s[:len(s)-scale]...)
	if scale > 0 {
		c.text = append(append(c.text, '.'), s[len(s)-scale:]...)
	}
}

// binary writes a text, or what is kept as bytes: a decimal, a number of two bytes, an identifier.
func (c *column) binary(b []byte) error {
	switch t := c.logic.(type) {
	case schema.DecimalLogicalType:
		if len(b) > 32 {
			return errors.New("a decimal of more than 32 bytes")
		}
		v := new(big.Int).SetBytes(b)
		if len(b) > 0 && b[0]&0x80 != 0 {
			v.Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
		}
		c.decimal(v, int(t.Scale()))
	case schema.Float16LogicalType:
		if len(b) != 2 {
			return errors.New("a number that is not of two bytes")
		}
		c.text = strconv.AppendFloat(c.text, float64(float16.FromLEBytes(b).Float32()), 'f', -1, 32)
	case schema.IntervalLogicalType:
		if len(b) != 12 {
			return errors.New("an interval that is not of twelve bytes")
		}
		c.text = fmt.Appendf(c.text, "%d months %d days %d ms", binary.LittleEndian.Uint32(b),
			binary.LittleEndian.Uint32(b[4:]), binary.LittleEndian.Uint32(b[8:]))
	case schema.UUIDLogicalType:
		if len(b) != 16 {
			return errors.New("an identifier that is not of sixteen bytes")
		}
		c.text = fmt.Appendf(c.text, "%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
	default:
		c.text = append(c.text, strings.ToValidUTF8(string(b), string(fold.Replacement))...)
	}
	return nil
}
