//go:build duckdb_arrow

package duck

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// asked counts how often a stream's schema is asked for: each time it is exported to
// C anew, and DuckDB gives none of them back.
type asked struct {
	array.RecordReader
	times int
}

func (a *asked) Schema() *arrow.Schema {
	a.times++
	return a.RecordReader.Schema()
}

func TestSchemaIsExportedOnce(t *testing.T) {
	ctx := context.Background()
	db, err := Open(ctx, "", Limits{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	schema := arrow.NewSchema([]arrow.Field{{Name: "no", Type: arrow.BinaryTypes.String}}, nil)
	builder := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	builder.Field(0).(*array.StringBuilder).AppendValues([]string{"甲", "乙"}, nil)
	reader, err := array.NewRecordReader(schema, []arrow.RecordBatch{builder.NewRecordBatch()})
	if err != nil {
		t.Fatal(err)
	}
	stream := &asked{RecordReader: reader}
	rows, err := db.CopyStreams(ctx, filepath.Join(t.TempDir(), "rows.parquet"), "format parquet", []array.RecordReader{stream})
	if err != nil || rows != 2 {
		t.Fatal(rows, err)
	}
	if stream.times != 1 {
		t.Errorf("the schema was asked for %d times", stream.times)
	}
}
