package query

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/xuri/excelize/v2"
)

const every = `select * from (values (1, 99999999999999999999999999999999999999::hugeint, -12.50::decimal(38, 2),
	18446744073709551615::ubigint, date '2026-09-30', timestamptz '2026-09-30 00:30:00+00', '=1+1', 123456789012345678, [1, 2], null))
	as t(i, h, d, u, day, tz, s, long, l, n)`

func TestArrowKeepsTypes(t *testing.T) {
	out, _, err := run(t, release(t), every, Arrow)
	if err != nil {
		t.Fatal(err)
	}
	r, err := ipc.NewReader(strings.NewReader(out))
	if err != nil || !r.Next() {
		t.Fatal(err)
	}
	rec := r.RecordBatch()
	for i, want := range []string{"int32", "decimal(38, 0)", "decimal(38, 2)", "uint64", "date32",
		"timestamp[us, tz=Asia/Shanghai]", "utf8", "int64", "list<l: int32, nullable>"} {
		if got := rec.Column(i).DataType().String(); got != want {
			t.Errorf("%s: %s, want %s", rec.ColumnName(i), got, want)
		}
	}
	if got := rec.Column(1).ValueStr(0); got != "99999999999999999999999999999999999999" {
		t.Errorf("hugeint: %s", got)
	}
}

func TestParquetKeepsTypes(t *testing.T) {
	out, _, err := run(t, release(t), every, Parquet)
	if err != nil {
		t.Fatal(err)
	}
	r, err := file.NewParquetReader(bytes.NewReader([]byte(out)))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if r.NumRows() != 1 {
		t.Errorf("%d rows", r.NumRows())
	}
	s := r.MetaData().Schema
	for i, want := range []string{"Int(bitWidth=32", "Decimal(precision=38, scale=0)", "Decimal(precision=38, scale=2)",
		"Int(bitWidth=64, isSigned=false)",
		"Date", "Timestamp(isAdjustedToUTC=true, timeUnit=microseconds", "String", "Int(bitWidth=64", "JSON"} {
		if got := s.Column(i).LogicalType().String(); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s, want %s", s.Column(i).Name(), got, want)
		}
	}
}

func TestWorkbookRoundsNothing(t *testing.T) {
	out, _, err := run(t, release(t), every, XLSX)
	if err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(strings.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	got, err := book.GetRows("Sheet1")
	if err != nil || len(got) != 2 {
		t.Fatalf("%v, %v", got, err)
	}
	want := "1|99999999999999999999999999999999999999|-12.5|18446744073709551615|2026-09-30|" +
		"2026-09-30T08:30:00+08:00|=1+1|123456789012345678|[1,2]"
	if row := strings.Join(got[1], "|"); row != want {
		t.Errorf("got  %s\nwant %s", row, want)
	}
	for _, cell := range []string{"G2", "H2"} {
		kind, err := book.GetCellType("Sheet1", cell)
		formula, _ := book.GetCellFormula("Sheet1", cell)
		if err != nil || kind == excelize.CellTypeNumber || kind == excelize.CellTypeUnset || formula != "" {
			t.Errorf("%s is of type %v, formula %q, %v", cell, kind, formula, err)
		}
	}
	style, _ := book.GetCellStyle("Sheet1", "G2")
	if quoted := book.Styles.CellXfs.Xf[style].QuotePrefix; quoted == nil || !*quoted {
		t.Error("G2 begins with = and has no quotePrefix: editing it would make it a formula")
	}
}

// What a format would change is refused with its place.
func TestWhatHasNoPlaceIsRefused(t *testing.T) {
	db := release(t)
	for _, c := range []struct {
		sql    string
		format Format
		want   string
	}{
		{"select 170141183460469231731687303715884105727::hugeint as h", Parquet, "row 1, column h"},
		{"select (-170141183460469231731687303715884105727)::hugeint - 1 as h", Arrow, "row 1, column h"},
		{"select 'infinity'::date as d", Parquet, "row 1, column d"},
		{"select ['-infinity'::timestamp] as d", Arrow, "column d"},
		{"select repeat('x', 40000) as s", XLSX, "row 1, column s"},
		{"select repeat('x', 40000000) as s", CSV, "row 1 is larger than 32 MB"},
	} {
		_, _, err := run(t, db, c.sql, c.format)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s as %s: %v", c.sql, c.format, err)
		}
	}
	if _, _, err := run(t, db, "select 1 as a, 2 as a", Parquet); !errors.Is(err, ErrDuplicateColumn) {
		t.Errorf("duplicate names: %v", err)
	}
}

// A cancelled query ends whatever its child sends.
func TestTimelyWriter(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (timely{ctx, &bytes.Buffer{}}).Write([]byte("x")); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
