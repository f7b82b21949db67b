package query

import (
	"fmt"
	"io"
	"math/big"

	"citykpi/pipeline/duck"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// rowGroupBytes is how much a Parquet file holds back before it is written.
const rowGroupBytes = 32 << 20

// parquetPrinter writes Parquet with its own hands: arrow-go's bridge between
// the two links a whole RPC stack into the binary. Nested values are JSON.
type parquetPrinter struct {
	w       io.Writer
	columns []column
	out     *file.Writer
	group   file.BufferedRowGroupWriter
	rows    int
}

func (p *parquetPrinter) header(s *arrow.Schema, columns []column) error {
	if err := unique(columns); err != nil {
		return err
	}
	p.columns = columns
	var nodes schema.FieldList
	for i, f := range s.Fields() {
		logical, physical, length := parquetType(f.Type, columns[i].Type)
		node, err := schema.NewPrimitiveNodeLogical(f.Name, parquet.Repetitions.Optional, logical, physical, length, -1)
		if err != nil {
			return fmt.Errorf("query: %w: column %s: %w", ErrNoPlace, f.Name, err)
		}
		nodes = append(nodes, node)
	}
	root, err := schema.NewGroupNode("query", parquet.Repetitions.Required, nodes, -1)
	if err != nil {
		return fmt.Errorf("query: write Parquet: %w", err)
	}
	properties := parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd), parquet.WithCreatedBy("citykpi"))
	p.out = file.NewParquetWriter(struct{ io.Writer }{p.w}, root, file.WithWriterProps(properties)) // it would close w
	return nil
}

// parquetType is how a column is kept: its logical and its physical type, and
// of the latter the length where it has one.
func parquetType(t arrow.DataType, kind duck.Type) (schema.LogicalType, parquet.Type, int) {
	physical := parquet.Types
	switch t := t.(type) {
	case *arrow.BooleanType:
		return schema.NoLogicalType{}, physical.Boolean, 0
	case *arrow.Int8Type, *arrow.Int16Type, *arrow.Int32Type, *arrow.Uint8Type, *arrow.Uint16Type, *arrow.Uint32Type:
		fixed := t.(arrow.FixedWidthDataType)
		return schema.NewIntLogicalType(int8(fixed.BitWidth()), !arrow.IsUnsignedInteger(t.ID())), physical.Int32, 0
	case *arrow.Int64Type, *arrow.Uint64Type:
		return schema.NewIntLogicalType(64, !arrow.IsUnsignedInteger(t.ID())), physical.Int64, 0
	case *arrow.Float32Type:
		return schema.NoLogicalType{}, physical.Float, 0
	case *arrow.Float64Type:
		return schema.NoLogicalType{}, physical.Double, 0
	case *arrow.Decimal128Type:
		return schema.NewDecimalLogicalType(t.Precision, t.Scale), physical.FixedLenByteArray, 16
	case *arrow.Date32Type:
		return schema.DateLogicalType{}, physical.Int32, 0
	case *arrow.Time64Type:
		return schema.NewTimeLogicalType(false, parquetUnit(t.Unit)), physical.Int64, 0
	case *arrow.TimestampType:
		return schema.NewTimestampLogicalTypeForce(t.TimeZone != "", parquetUnit(t.Unit)), physical.Int64, 0
	case *arrow.BinaryType:
		return schema.NoLogicalType{}, physical.ByteArray, 0
	case *arrow.StringType:
		if kind.Name != "JSON" {
			return schema.StringLogicalType{}, physical.ByteArray, 0
		}
	}
	return schema.JSONLogicalType{}, physical.ByteArray, 0
}

// parquetUnit is the unit of a time; Parquet has no seconds, which become milliseconds.
func parquetUnit(u arrow.TimeUnit) schema.TimeUnitType {
	switch u {
	case arrow.Microsecond:
		return schema.TimeUnitMicros
	case arrow.Nanosecond:
		return schema.TimeUnitNanos
	}
	return schema.TimeUnitMillis
}

func (p *parquetPrinter) batch(rec arrow.RecordBatch) (err error) {
	if err := exact(rec, p.rows, false); err != nil {
		return err
	}
	p.rows += int(rec.NumRows())
	if p.group == nil {
		if p.group, err = p.out.AppendBufferedRowGroupChecked(); err != nil {
			return fmt.Errorf("query: write Parquet: %w", err)
		}
	}
	for i, a := range rec.Columns() {
		to, err := p.group.Column(i)
		if err == nil {
			err = writeColumn(to, a, p.columns[i].Type)
		}
		if err != nil {
			return fmt.Errorf("query: write Parquet: column %s: %w", p.columns[i].Name, err)
		}
	}
	if p.group.TotalBytesWritten() < rowGroupBytes {
		return nil
	}
	return p.flush()
}

func (p *parquetPrinter) flush() error {
	if p.group == nil {
		return nil
	}
	err := p.group.Close()
	p.group = nil
	return err
}

func (p *parquetPrinter) close(int) error {
	if err := p.flush(); err != nil {
		return err
	}
	return p.out.Close()
}

// writeColumn writes one array behind what its column chunk has already.
func writeColumn(to file.ColumnChunkWriter, a arrow.Array, kind duck.Type) (err error) {
	switch w := to.(type) {
	case *file.BooleanColumnChunkWriter:
		b := a.(*array.Boolean)
		_, err = w.WriteBatch(present(a, b.Value))
	case *file.Float32ColumnChunkWriter:
		_, err = w.WriteBatch(present(a, a.(*array.Float32).Value))
	case *file.Float64ColumnChunkWriter:
		_, err = w.WriteBatch(present(a, a.(*array.Float64).Value))
	case *file.Int32ColumnChunkWriter:
		_, err = w.WriteBatch(present(a, int32Of(a)))
	case *file.Int64ColumnChunkWriter:
		_, err = w.WriteBatch(present(a, int64Of(a)))
	case *file.FixedLenByteArrayColumnChunkWriter:
		d := a.(*array.Decimal128)
		_, err = w.WriteBatch(present(a, func(i int) parquet.FixedLenByteArray { return bigEndian(d.Value(i).BigInt()) }))
	case *file.ByteArrayColumnChunkWriter:
		var failed error
		values, levels, _ := present(a, func(i int) parquet.ByteArray {
			if b, ok := a.(*array.Binary); ok {
				return b.Value(i)
			}
			text, err := cellText(a, kind, i)
			if err != nil {
				failed = err
			}
			return parquet.ByteArray(text)
		})
		if failed != nil {
			return failed
		}
		_, err = w.WriteBatch(values, levels, nil)
	}
	return err
}

// present are the values of an array that are not NULL, and the definition levels of all.
func present[T any](a arrow.Array, value func(int) T) (values []T, levels, repeats []int16) {
	levels = make([]int16, a.Len())
	for i := range levels {
		if a.IsValid(i) {
			levels[i] = 1
			values = append(values, value(i))
		}
	}
	return values, levels, nil
}

func int32Of(a arrow.Array) func(int) int32 {
	switch a := a.(type) {
	case *array.Int8:
		return func(i int) int32 { return int32(a.Value(i)) }
	case *array.Int16:
		return func(i int) int32 { return int32(a.Value(i)) }
	case *array.Uint8:
		return func(i int) int32 { return int32(a.Value(i)) }
	case *array.Uint16:
		return func(i int) int32 { return int32(a.Value(i)) }
	case *array.Uint32:
		return func(i int) int32 { return int32(a.Value(i)) } // the same bits, as the type says
	case *array.Date32:
		return func(i int) int32 { return int32(a.Value(i)) }
	}
	return a.(*array.Int32).Value
}

func int64Of(a arrow.Array) func(int) int64 {
	switch a := a.(type) {
	case *array.Uint64:
		return func(i int) int64 { return int64(a.Value(i)) } // the same bits, as the type says
	case *array.Time64:
		return func(i int) int64 { return int64(a.Value(i)) }
	case *array.Timestamp:
		per := int64(1)
		if a.DataType().(*arrow.TimestampType).Unit == arrow.Second {
			per = 1000
		}
		return func(i int) int64 { return int64(a.Value(i)) * per }
	}
	return a.(*array.Int64).Value
}

// bigEndian is a number in 16 bytes, negative ones in two's complement.
func bigEndian(n *big.Int) []byte {
	if n.Sign() < 0 {
		n = new(big.Int).Add(n, new(big.Int).Lsh(big.NewInt(1), 128))
	}
	return n.FillBytes(make([]byte, 16))
}
