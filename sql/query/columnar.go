package query

import (
	"bufio"
	"fmt"
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/ipc"
)

// plainSchema is the schema without what only this program reads.
func plainSchema(from *arrow.Schema) *arrow.Schema {
	fields := from.Fields()
	for i := range fields {
		fields[i].Metadata = arrow.Metadata{}
	}
	return arrow.NewSchema(fields, nil)
}

// exact refuses values that DuckDB has and the file's readers have not: they
// would be read as others. nested tells whether lists and structs are kept as such.
func exact(rec arrow.RecordBatch, before int, nested bool) error {
	for i, a := range rec.Columns() {
		if _, is := a.DataType().(arrow.NestedType); is && !nested {
			continue
		}
		if row, what := misfit(a); what != "" {
			place := ""
			if row >= 0 {
				place = fmt.Sprintf("row %d, ", before+row+1)
			}
			return fmt.Errorf("query: %w: %scolumn %s: %s. Try: cast(%s as varchar)", ErrNoPlace, place,
				rec.ColumnName(i), what, rec.ColumnName(i))
		}
	}
	return nil
}

var most = decimal128.GetMaxValue(38)

// misfit finds the first value of an array without a place in the file; the row
// is -1 where it stands inside of another.
func misfit(a arrow.Array) (row int, what string) {
	find := func(n int, at func(int) string) (int, string) {
		for i := range n {
			if a.IsValid(i) {
				if s := at(i); s != "" {
					return i, s
				}
			}
		}
		return 0, ""
	}
	inside := func(of arrow.Array) (int, string) {
		_, what := misfit(of)
		return -1, what
	}
	switch a := a.(type) {
	case *array.Decimal128:
		return find(a.Len(), func(i int) string {
			if v := a.Value(i); v.Abs().Greater(most) || v.Abs().Sign() < 0 {
				return "an integer of 39 digits"
			}
			return ""
		})
	case *array.Date32:
		return find(a.Len(), func(i int) string { return infinity(int64(a.Value(i)), math.MaxInt32) })
	case *array.Timestamp:
		return find(a.Len(), func(i int) string { return infinity(int64(a.Value(i)), math.MaxInt64) })
	case *array.List:
		return inside(a.ListValues())
	case *array.FixedSizeList:
		return inside(a.ListValues())
	case *array.Map:
		if _, what := misfit(a.Keys()); what != "" {
			return -1, what
		}
		return inside(a.Items())
	case *array.Struct:
		for f := range a.NumField() {
			if row, what := misfit(a.Field(f)); what != "" {
				return row, what
			}
		}
	}
	return 0, ""
}

type arrowPrinter struct {
	w      *bufio.Writer
	schema *arrow.Schema
	out    *ipc.Writer
	rows   int
}

func (p *arrowPrinter) header(s *arrow.Schema, _ []column) error {
	p.schema = plainSchema(s)
	p.out = ipc.NewWriter(p.w, ipc.WithSchema(p.schema))
	return nil
}

func (p *arrowPrinter) batch(rec arrow.RecordBatch) error {
	if err := exact(rec, p.rows, true); err != nil {
		return err
	}
	p.rows += int(rec.NumRows())
	plain := array.NewRecordBatch(p.schema, rec.Columns(), rec.NumRows())
	defer plain.Release()
	return p.out.Write(plain)
}

func (p *arrowPrinter) close(int) error {
	if err := p.out.Close(); err != nil {
		return err
	}
	return p.w.Flush()
}
