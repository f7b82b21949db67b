package main

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// parquetOf writes a table whose columns have the type of their first cell that
// is no text: whole numbers as INT64, others as a decimal of four places, days
// as DATE.
func parquetOf(t table) []byte {
	var fields schema.FieldList
	for j, h := range t.header {
		fields = append(fields, node(h.text, t, j))
	}
	root := must(schema.NewGroupNode("table", parquet.Repetitions.Required, fields, -1))
	var b bytes.Buffer
	properties := parquet.NewWriterProperties(parquet.WithCreatedBy("corpus"), parquet.WithDictionaryDefault(false))
	w := file.NewParquetWriter(&b, root, file.WithWriterProps(properties))
	half := len(t.rows) / 2
	for _, rows := range [][][]cell{t.rows[:half], t.rows[half:]} { // two row groups, as of a larger table
		if len(rows) == 0 {
			continue
		}
		g := must(w.AppendRowGroupChecked())
		for j := range t.header {
			writeColumn(must(g.NextColumn()), t, rows, j)
		}
		if err := g.Close(); err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

const decimals = 4

func kindOf(t table, column int) (kind int, whole bool) {
	whole = true
	for _, row := range t.rows {
		if c := row[column]; c.kind != text {
			kind = c.kind
			whole = whole && !strings.Contains(c.text, ".")
		}
	}
	return kind, whole
}

func node(name string, t table, column int) schema.Node {
	logical, physical := schema.LogicalType(schema.StringLogicalType{}), parquet.Types.ByteArray
	switch kind, whole := kindOf(t, column); {
	case kind == number && whole:
		logical, physical = schema.NewIntLogicalType(64, true), parquet.Types.Int64
	case kind == number:
		logical, physical = schema.NewDecimalLogicalType(18, decimals), parquet.Types.Int64
	case kind == date:
		logical, physical = schema.DateLogicalType{}, parquet.Types.Int32
	case kind == boolean:
		logical, physical = schema.NoLogicalType{}, parquet.Types.Boolean
	}
	return must(schema.NewPrimitiveNodeLogical(name, parquet.Repetitions.Optional, logical, physical, 0, -1))
}

func writeColumn(w file.ColumnChunkWriter, t table, rows [][]cell, column int) {
	var levels []int16
	var values []cell
	for _, row := range rows {
		if row[column].text == "" {
			levels = append(levels, 0)
			continue
		}
		levels, values = append(levels, 1), append(values, row[column])
	}
	_, whole := kindOf(t, column)
	var err error
	switch w := w.(type) {
	case *file.ByteArrayColumnChunkWriter:
		var out []parquet.ByteArray
		for _, c := range values {
			out = append(out, parquet.ByteArray(c.text))
		}
		_, err = w.WriteBatch(out, levels, nil)
	case *file.Int64ColumnChunkWriter:
		var out []int64
		for _, c := range values {
			digits := c.text
			if !whole {
				before, after, _ := strings.Cut(digits, ".")
				digits = before + (after + strings.Repeat("0", decimals))[:decimals]
			}
			out = append(out, must(strconv.ParseInt(digits, 10, 64)))
		}
		_, err = w.WriteBatch(out, levels, nil)
	case *file.Int32ColumnChunkWriter:
		var out []int32
		for _, c := range values {
			out = append(out, int32(c.serial(false)-25569)) // Excel's number of 1970-01-01
		}
		_, err = w.WriteBatch(out, levels, nil)
	case *file.BooleanColumnChunkWriter:
		var out []bool
		for _, c := range values {
			out = append(out, c.text == "true")
		}
		_, err = w.WriteBatch(out, levels, nil)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err)
	}
}
