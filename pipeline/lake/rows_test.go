package lake

import (
	"errors"
	"slices"
	"testing"

	"citykpi/pipeline/duck"
	"citykpi/pipeline/durable"
	"citykpi/pipeline/source/contract"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// streamOf is rows of texts under these columns, as a file's reader hands them on.
func streamOf(t *testing.T, columns []string, rows ...[]string) array.RecordReader {
	t.Helper()
	fields := make([]arrow.Field, len(columns))
	for i, c := range columns {
		fields[i] = arrow.Field{Name: c, Type: arrow.BinaryTypes.String}
	}
	schema := arrow.NewSchema(fields, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	for i := range columns {
		for _, r := range rows {
			b.Field(i).(*array.StringBuilder).Append(r[i])
		}
	}
	reader, err := array.NewRecordReader(schema, []arrow.RecordBatch{b.NewRecordBatch()})
	if err != nil {
		t.Fatal(err)
	}
	return reader
}

func TestBatchesAreCompared(t *testing.T) {
	l, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	db, err := duck.Open(t.Context(), "", duck.Limits{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	written := func(id string, columns []string, streams ...[][]string) *Staged {
		s, err := l.Stage(id)
		if err != nil {
			t.Fatal(err)
		}
		var readers []array.RecordReader
		want := int64(0)
		for _, rows := range streams {
			readers, want = append(readers, streamOf(t, columns, rows...)), want+int64(len(rows))
		}
		if n, err := s.Write(t.Context(), db, readers); err != nil || n != want {
			t.Fatalf("%s: %d rows of %d, %v", id, n, want, err)
		}
		return s
	}
	columns := []string{"row_no", "code", "name"}
	first := written("a", columns, [][]string{{"2", "A1", "甲"}, {"3", "A2", "乙"}}, [][]string{{"4", "A2", "乙"}})
	for id, c := range map[string]struct {
		columns []string
		rows    [][]string
		same    bool
		filed   int64
	}{
		"moved":     {columns, [][]string{{"9", "A2", "乙"}, {"8", "A1", "甲"}, {"7", "A2", "乙"}}, true, 3},
		"not-twice": {columns, [][]string{{"2", "A1", "甲"}, {"3", "A1", "甲"}, {"4", "A2", "乙"}}, false, 3},
		"renamed":   {columns, [][]string{{"2", "A1", "甲"}, {"3", "A2", "丙"}, {"4", "A3", "乙"}}, false, 3},
		"withdrawn": {append(slices.Clone(columns), contract.ActionColumn),
			[][]string{{"2", "A1", "甲", contract.Withdraw}, {"3", "A2", "乙", ""}, {"4", "A3", "乙", ""}}, false, 2},
	} {
		s := written(id, c.columns, c.rows)
		other := Batch{Dir: s.dir, Manifest: Manifest{Columns: c.columns}}
		if len(c.columns) == len(columns) {
			if same, err := first.SameRows(t.Context(), db, other); err != nil || same != c.same {
				t.Errorf("%s has the same rows: %v, %v", id, same, err)
			}
		}
		if n, err := first.RowsFiled(t.Context(), db, other, []string{"code"}); err != nil || n != c.filed {
			t.Errorf("%s has filed %d rows, want %d: %v", id, n, c.filed, err)
		}
	}
	first.Discard()
	var disk *durable.DiskError
	if _, err := first.Write(t.Context(), db, []array.RecordReader{streamOf(t, columns)}); !errors.As(err, &disk) {
		t.Errorf("rows written to no folder: %v", err)
	}
}
