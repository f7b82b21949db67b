package query

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// texts is a batch of one row of texts.
func texts(cells ...string) (arrow.RecordBatch, []column) {
	var fields []arrow.Field
	var arrays []arrow.Array
	var columns []column
	for i, c := range cells {
		b := array.NewStringBuilder(memory.DefaultAllocator)
		b.Append(c)
		name := string(rune('a' + i))
		fields = append(fields, arrow.Field{Name: name, Type: arrow.BinaryTypes.String, Nullable: true})
		arrays = append(arrays, b.NewArray())
		columns = append(columns, column{Name: name})
	}
	return array.NewRecordBatch(arrow.NewSchema(fields, nil), arrays, 1), columns
}

// What the CSV and JSON printers write is read back as the texts they were
// given; a text that would drive a terminal or a spreadsheet is not left raw.
func FuzzRow(f *testing.F) {
	f.Add("plain", "a \"quote\", a comma", "two\nlines")
	f.Add("", " ", "[1,{\"a\":\"]\"}]")
	f.Add("\\", "\\\"", "名称，")
	f.Add("=1+1", "\x1b[31m", "\u202ereversed")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		for _, s := range []string{a, b, c} {
			if !utf8.ValidString(s) {
				t.Skip()
			}
		}
		rec, columns := texts(a, b, c)
		var out bytes.Buffer
		j := &jsonPrinter{w: bufio.NewWriter(&out)}
		if err := print1(j, rec, columns); err != nil {
			t.Fatal(err)
		}
		if i := strings.IndexFunc(out.String(), func(r rune) bool { return r != '\n' && drives(r) }); i >= 0 {
			t.Fatalf("JSON drives a terminal: %q", out.String())
		}
		var got []map[string]string
		if err := json.Unmarshal(out.Bytes(), &got); err != nil || len(got) != 1 || got[0]["a"] != a || got[0]["b"] != b ||
			got[0]["c"] != c {
			t.Fatalf("%q, %q, %q were read back as %q, %v", a, b, c, got, err)
		}
		out.Reset()
		if err := print1(&csvPrinter{w: bufio.NewWriter(&out)}, rec, columns); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&out).ReadAll()
		if err != nil || len(rows) != 2 || !slices.Equal(rows[1], []string{guarded(a), guarded(b), guarded(c)}) {
			t.Fatalf("%q, %q, %q were read back as %q, %v", a, b, c, rows, err)
		}
		for _, s := range rows[1] {
			if strings.HasPrefix(s, "=") && len(s) > 1 || strings.ContainsAny(s, "\x1b\r\u202e") {
				t.Fatalf("CSV holds %q raw", s)
			}
		}
	})
}

// What stands before the sign of a formula does not hide it, nor does the sign's wide form.
func TestCSVHoldsNoFormula(t *testing.T) {
	for _, s := range []string{"=1+1", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\n=1", " =1", "\u00a0=1", "\u3000=1", "\u200b=1",
		"\ufeff=1", "\"=1", "\"\" +1+1", "＝1", "＋1+1", "－2", "＠x", "﹦1", "−1+1", "+86 25"} {
		if got := guarded(s); got != "'"+s {
			t.Errorf("%q is written as %q", s, got)
		}
	}
	for _, s := range []string{"", "-", "—", "-5", "-1.5e3", "甲=1", "'=1", "1-1"} {
		if got := guarded(s); got != s {
			t.Errorf("%q is written as %q", s, got)
		}
	}
}

func print1(p printer, rec arrow.RecordBatch, columns []column) error {
	if err := p.header(rec.Schema(), columns); err != nil {
		return err
	}
	if err := p.batch(rec); err != nil {
		return err
	}
	return p.close(1)
}
