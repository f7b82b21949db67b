package source

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"citykpi/pipeline/source/refusal"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
	"golang.org/x/text/encoding/simplifiedchinese"
)

func gbOf(t testing.TB, s string) []byte {
	t.Helper()
	b, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What the first look at a file does not see is met while it is read: then rows are rejected or the
// file is refused, and no row is read twice or in part.
func TestOddFarDown(t *testing.T) {
	c := contractOf(t, "small.yaml", small)
	const n = 25000
	out := load(t, Reader{},
		write(t, "小表_20250930.csv",
			[]byte("编号,名称\n"+strings.Repeat("A1,甲乙丙丁\n", n)+"A2,甲\rA3,乙\n"+string(gbOf(t, "A4,北京公司\n"))+"A5,丁\x01戊\n")), c)
	var rules []string
	for _, r := range out.rejects {
		rules = append(rules, r.Rule)
	}
	if got := strings.Join(rules, " "); out.Counts().Loaded != n || got != "row.width text.encoding text.control" {
		t.Errorf("%+v, rejected for %s", out.Counts(), got)
	}
	for _, r := range out.rejects[1:2] {
		want := fmt.Sprintf("第%d字节", len("编号,名称\n")+n*len("A1,甲乙丙丁\n")+len("A2,甲\rA3,乙\n"))
		if !strings.Contains(r.Reason, want) || r.Cells[1] != "北京公司" {
			t.Errorf("%+v, want %s", r, want)
		}
	}
	var rows strings.Builder
	for no := range n {
		fmt.Fprintf(&rows,
			`<row r="%d"><c r="A%[1]d" t="inlineStr"><is><t>A1</t></is></c><c r="B%[1]d" t="inlineStr"><is><t>甲</t></is></c></row>`, no+2)
	}
	sheet := func(end string) string {
		return handmade(t, "小表_20250930.xlsx", handmadeHead+rows.String()+end+"</sheetData></worksheet>")
	}
	const last = `<c r="A25002" t="inlineStr"><is><t>A2</t></is></c>`
	out = load(t, Reader{},
		sheet(`<!-- x --><row r="25002">`+last+`<c r="B25002" t="inlineStr"><is><t><![CDATA[乙]]></t></is></c></row>`), c)
	if got := out.Counts(); got.Read != n+1 || got.Loaded != n+1 || out.rows[n]["name"] != "乙" {
		t.Errorf("%+v", got)
	}
	_, err := tryLoad(t, Reader{},
		sheet(`<row r="25002">`+last+`</row><row r="25002"><c r="B25002" t="inlineStr"><is><t>乙</t></is></c></row>`), c)
	if !errors.Is(err, refusal.ErrWorkbook) || !strings.Contains(err.Error(), "row 25002: ") ||
		!strings.Contains(err.Error(), "rows come in pieces") {
		t.Error(err)
	}
}

// A column of lists, or one that is a group of others, is told from a column that is missing.
func TestParquetLists(t *testing.T) {
	text := func(name string, r parquet.Repetition) schema.Node {
		return must2(schema.NewPrimitiveNodeLogical(name, r, schema.StringLogicalType{}, parquet.Types.ByteArray, 0, -1))
	}
	for name, node := range map[string]schema.Node{
		"list": text("编号", parquet.Repetitions.Repeated),
		"group of columns": must2(schema.NewGroupNode("编号", parquet.Repetitions.Required,
			schema.FieldList{text("x", parquet.Repetitions.Required)}, -1)),
	} {
		var b bytes.Buffer
		w := file.NewParquetWriter(&b,
			must2(schema.NewGroupNode("table", parquet.Repetitions.Required,
				schema.FieldList{node, text("名称", parquet.Repetitions.Required)}, -1)))
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		_, err := tryLoad(t, Reader{}, write(t, "小表_20250930.parquet", b.Bytes()), contractOf(t, "small.yaml", small))
		if !errors.Is(err, refusal.ErrLists) || !strings.Contains(err.Error(), "column 编号 is a "+name+", which no contract reads. Try: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A list as Arrow's writers keep it, in a table with a row: {"编号": [["x"]], "数": [1]}.
func TestParquetListOfArrow(t *testing.T) {
	optional := parquet.Repetitions.Optional
	list := must2(schema.ListOf(must2(schema.NewPrimitiveNodeLogical("编号", optional, schema.StringLogicalType{},
		parquet.Types.ByteArray, 0, -1)), optional, -1))
	var b bytes.Buffer
	w := file.NewParquetWriter(&b,
		must2(schema.NewGroupNode("schema", parquet.Repetitions.Required,
			schema.FieldList{list, schema.NewInt64Node("数", optional, -1)}, -1)))
	group := must2(w.AppendRowGroupChecked())
	texts := must2(group.NextColumn()).(*file.ByteArrayColumnChunkWriter)
	must2(texts.WriteBatch([]parquet.ByteArray{[]byte("x")}, []int16{3}, []int16{0})) // in a list, in an element
	numbers := must2(group.NextColumn()).(*file.Int64ColumnChunkWriter)
	must2(numbers.WriteBatch([]int64{1}, []int16{1}, nil))
	if err := errors.Join(group.Close(), w.Close()); err != nil {
		t.Fatal(err)
	}
	_, err := tryLoad(t, Reader{}, write(t, "小表_20250930.parquet", b.Bytes()), contractOf(t, "small.yaml", small))
	if !errors.Is(err, refusal.ErrLists) || !strings.Contains(err.Error(), "column 编号 is a list, which no contract reads. "+
		"Try: export one value a row of 编号") {
		t.Error(err)
	}
}

func must2[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
