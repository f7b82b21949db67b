package source

import (
	"bytes"
	"math"
	"testing"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// What Parquet keeps otherwise than a table does: numbers of four bytes lose digits, a day may be infinite,
// and a span of time is none. Each is said of its row, and of no more than that.
func TestParquetTypes(t *testing.T) {
	required := parquet.Repetitions.Required
	logical := func(name string, l schema.LogicalType, p parquet.Type, length int) schema.Node {
		return must2(schema.NewPrimitiveNodeLogical(name, required, l, p, length, -1))
	}
	var b bytes.Buffer
	w := file.NewParquetWriter(&b, must2(schema.NewGroupNode("table", required, schema.FieldList{
		logical("编号", schema.StringLogicalType{}, parquet.Types.ByteArray, 0),
		logical("名称", schema.StringLogicalType{}, parquet.Types.ByteArray, 0),
		schema.NewFloat32Node("净额（元）", required, -1), schema.NewFloat32Node("比例", required, -1),
		logical("日期", schema.DateLogicalType{}, parquet.Types.Int32, 0),
		logical("地址", schema.IntervalLogicalType{}, parquet.Types.FixedLenByteArray, 12),
	}, -1)))
	g := must2(w.AppendRowGroupChecked())
	texts := func(values ...string) {
		var out []parquet.ByteArray
		for _, v := range values {
			out = append(out, parquet.ByteArray(v))
		}
		c := must2(g.NextColumn()).(*file.ByteArrayColumnChunkWriter)
		must2(c.WriteBatch(out, nil, nil))
		c.Close()
	}
	floats := func(values ...float32) {
		c := must2(g.NextColumn()).(*file.Float32ColumnChunkWriter)
		must2(c.WriteBatch(values, nil, nil))
		c.Close()
	}
	texts("A1", "A2", "A3", "A4", "A5", "A6")
	texts("甲", "甲", "甲", "甲", "甲", "甲")
	floats(1234.5, 1234567.89, 16777217, 0, -0.001, 12345.67)
	floats(0.1, 1, 1, 1e-9, 12.5, 33.33)
	days := must2(g.NextColumn()).(*file.Int32ColumnChunkWriter)
	must2(days.WriteBatch([]int32{19601, 19601, 19601, math.MaxInt32, 19601, 19601}, nil, nil))
	days.Close()
	spans := must2(g.NextColumn()).(*file.FixedLenByteArrayColumnChunkWriter)
	three := parquet.FixedLenByteArray{0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0}
	must2(spans.WriteBatch([]parquet.FixedLenByteArray{three, three, three, three, three, three}, nil, nil))
	spans.Close()
	g.Close()
	w.Close()
	out := load(t, Reader{}, write(t, "小表_20250930.parquet", b.Bytes()), contractOf(t, "small.yaml", small))
	want := []corpusReject{{3, "number.digits_lost", "净额（元）", "1234567.9"}, {4, "number.digits_lost", "净额（元）", "16777216"},
		{5, "date.form", "日期", "day 2147483647"}}
	corpusWant{Rejects: want}.checkRejects(t, "floats", out.rejects)
	for i, net := range []string{"1234.5", "0", "12345.67"} {
		if r := out.rows[i]; r["net"] != net || r["address"] != "0 months 3 days 0 ms" || r["day"] != "2023-09-01" {
			t.Errorf("row %d: %v", i, r)
		}
	}
}
