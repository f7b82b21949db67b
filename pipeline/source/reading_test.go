package source

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"citykpi/pipeline/source/refusal"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// What a person sees of a number.
func TestNumberFormats(t *testing.T) {
	for _, tt := range []struct {
		code string
		v    float64
		want string // "": it is not known
	}{
		{"00000", 123, "00123"}, {`"NJ"0000`, 12, "NJ0012"}, {`\N\J0000`, 12, "NJ0012"}, {`e"年"m"月"`, 44805, "2022年9月"}, {`yyyy"年"m"月"d"日"`, 44805, "2022年9月1日"},
		{"000-0000", 1234567, "123-4567"}, {"000-0000", 5551234567, "555123-4567"}, {"0000-00-00", 20220901, "2022-09-01"}, {"0", 12.5, "13"}, {"0.00", 2.675, "2.68"}, {"0.00", -1.005, "-1.01"},
		{"#,##0", 1234567, "1,234,567"}, {"#,##0.00;(#,##0.00)", -1234.5, "(1,234.50)"}, {"#", 0, ""}, {"0%", 0.12, "12%"}, {"0.0%", 0.125, "12.5%"}, {"0.00%", 0.07, "7.00%"},
		{`0"万元"`, 5, "5万元"}, {`[$¥-804]#,##0.00`, 1234, "¥1,234.00"}, {`"$"#,##0`, 1234, "$1,234"}, {"0.0,", 12345, "12.3"}, {"#.##", 0.5, ".5"}, {"0.##", 5, "5."}, {"?0", 5, " 5"},
		{"General;-General;;@", 0, ""}, {"General;-;;", -3, "-"}, {"General;-;;", 7, "7"}, {`[>=100]"甲"0;"乙"0`, 150, "甲150"}, {`[>=100]"甲"0;"乙"0`, 50, "乙50"}, {`[Red]0;[Blue]-0`, -4, "-4"},
		{"h:mm", 0.3541666667, "8:30"}, {"[h]:mm:ss", 1.5, "36:00:00"}, {"h:mm AM/PM", 0.75, "6:00 PM"}, {"yyyy-mm-dd hh:mm", 44805.5, "2022-09-01 12:00"}, {"aaaa", 44805, "星期四"}, {"mmm-yy", 44805, "Sep-22"},
		{`上午/下午h"时"mm"分"`, 0.75, "下午6时00分"}, {`_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ `, 0, "-"}, {`_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ `, 1200, "1,200"},
		{"yyyy-mm-dd", 60, "?"}, {"yyyy-mm-dd", 1, "1900-01-01"}, {"yyyy-mm-dd", 59, "1900-02-28"}, {"yyyy-mm-dd", 61, "1900-03-01"},
		{"[DBNum1]0", 12, "?"}, {"# ?/?", 0.5, "?"}, {"0.00E+00", 12345, "?"}, {"ggge", 44805, "?"}, {"mm:ss.0", 0.5, "?"}, {"dddd", 44805, "?"}, {"[<0]0;0", -1, "?"},
	} {
		f := parseNumberFormat(tt.code)
		if f == nil {
			t.Errorf("%s shows numbers as they are", tt.code)
			continue
		}
		got, ok := f.shown(tt.v, false)
		if got = strings.Trim(got, " "); !ok {
			got = "?"
		}
		if got != strings.Trim(tt.want, " ") {
			t.Errorf("%s shows %v as %q, want %q", tt.code, tt.v, got, tt.want)
		}
	}
	for _, code := range []string{"", "General", "@", "general;@", "G/通用格式"} {
		if f := parseNumberFormat(code); f != nil {
			t.Errorf("%q is more than General: %+v", code, f)
		}
	}
}

// What a number means where its format says more than its digits.
func TestSeenNumbers(t *testing.T) {
	for _, tt := range []struct {
		code string
		v    float64
		want string // "?": another number is seen
	}{
		{"0.0%", 0.125, "12.5%"}, {"0%", 0.07, "7%"}, {"0%", -0.125, "-12.5%"}, {"0%", 0, "0%"}, {"0.00%", 1.0 / 3, "33.3333333333333%"}, {"0%", 12, "1200%"},
		{`0"万元"`, 5.5, "5.5万元"}, {`"$"0`, 5, "$5"}, {`[$¥-804]#,##0.00`, 1234.5, "¥1234.5"}, {`#,##0;(#,##0)`, -5, "-5"}, {"0.00E+00", 12345, "12345"}, {`0"人"`, 12, "12人"},
		{`0!.0,`, 12345, "?"}, {`0\.0000`, 12345, "?"}, {"0.0,,", 12345, "?"}, {`"-"0`, 5, "?"}, {`"1"000`, 5, "?"}, {"h:mm", 0.5, "?"}, {`-0`, 5, "?"}, {`"优";"劣"`, 5, "?"}, {`0;-0;"无"`, 0, "0"}, {`_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ `, -12, "-12"},
	} {
		n, ok := parseNumberFormat(tt.code).numeral(tt.v)
		got := n.front + n.digits + n.back
		if !ok {
			got = "?"
		}
		if got != tt.want {
			t.Errorf("%s of %v means %q, want %q", tt.code, tt.v, got, tt.want)
		}
	}
}

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
	out := load(t, Reader{}, write(t, "小表_20250930.csv", []byte("编号,名称\n"+strings.Repeat("A1,甲乙丙丁\n", n)+"A2,甲\rA3,乙\n"+string(gbOf(t, "A4,北京公司\n"))+"A5,丁\x01戊\n")), c)
	var rules []string
	for _, r := range out.rejects {
		rules = append(rules, r.Rule)
	}
	if got := strings.Join(rules, " "); out.Counts().Loaded != n || got != "row.width text.encoding text.control" {
		t.Errorf("%+v, rejected for %s", out.Counts(), got)
	}
	for _, r := range out.rejects[1:2] {
		if want := fmt.Sprintf("第%d字节", len("编号,名称\n")+n*len("A1,甲乙丙丁\n")+len("A2,甲\rA3,乙\n")); !strings.Contains(r.Reason, want) || r.Cells[1] != "北京公司" {
			t.Errorf("%+v, want %s", r, want)
		}
	}
	var rows strings.Builder
	for no := range n {
		fmt.Fprintf(&rows, `<row r="%d"><c r="A%[1]d" t="inlineStr"><is><t>A1</t></is></c><c r="B%[1]d" t="inlineStr"><is><t>甲</t></is></c></row>`, no+2)
	}
	sheet := func(end string) string {
		return handmade(t, "小表_20250930.xlsx", handmadeHead+rows.String()+end+"</sheetData></worksheet>")
	}
	const last = `<c r="A25002" t="inlineStr"><is><t>A2</t></is></c>`
	out = load(t, Reader{}, sheet(`<!-- x --><row r="25002">`+last+`<c r="B25002" t="inlineStr"><is><t><![CDATA[乙]]></t></is></c></row>`), c)
	if got := out.Counts(); got.Read != n+1 || got.Loaded != n+1 || out.rows[n]["name"] != "乙" {
		t.Errorf("%+v", got)
	}
	_, err := tryLoad(t, Reader{}, sheet(`<row r="25002">`+last+`</row><row r="25002"><c r="B25002" t="inlineStr"><is><t>乙</t></is></c></row>`), c)
	if !errors.Is(err, refusal.ErrWorkbook) || !strings.Contains(err.Error(), "row 25002: ") || !strings.Contains(err.Error(), "rows come in pieces") {
		t.Error(err)
	}
}

// No code of a format ends the program, and what is seen of a number has its digits.
func FuzzNumberFormat(f *testing.F) {
	for _, code := range []string{"00000", `"NJ"0000`, `e"年"m"月"`, "0.0%", "[>=100]0;0", "# ?/?", "[$-804]yyyy;@", `0!.0,`, "h:mm AM/PM", ";;", `\`} {
		f.Add(code, 44805.5)
		f.Add(code, -0.125)
	}
	f.Fuzz(func(t *testing.T, code string, v float64) {
		n := parseNumberFormat(code)
		if n == nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return
		}
		n.shown(v, false)
		n.adds(v)
		seen, ok := n.numeral(v)
		if !ok {
			return
		}
		got, err := strconv.ParseFloat(seen.digits, 64)
		near := func(a float64) bool { return math.Abs(a-v) <= 1e-9*math.Abs(v) }
		percent := strings.HasPrefix(seen.back, "%") && near(got/100) // or a sign that is only written there: 0!%
		if err != nil || !near(got) && !percent {
			t.Fatalf("%q of %v means %+v", code, v, seen)
		}
	})
}

// A column of lists, or one that is a group of others, is told from a column that is missing.
func TestParquetLists(t *testing.T) {
	text := func(name string, r parquet.Repetition) schema.Node {
		return must2(schema.NewPrimitiveNodeLogical(name, r, schema.StringLogicalType{}, parquet.Types.ByteArray, 0, -1))
	}
	for name, node := range map[string]schema.Node{
		"list":             text("编号", parquet.Repetitions.Repeated),
		"group of columns": must2(schema.NewGroupNode("编号", parquet.Repetitions.Required, schema.FieldList{text("x", parquet.Repetitions.Required)}, -1)),
	} {
		var b bytes.Buffer
		w := file.NewParquetWriter(&b, must2(schema.NewGroupNode("table", parquet.Repetitions.Required, schema.FieldList{node, text("名称", parquet.Repetitions.Required)}, -1)))
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
	list := must2(schema.ListOf(must2(schema.NewPrimitiveNodeLogical("编号", optional, schema.StringLogicalType{}, parquet.Types.ByteArray, 0, -1)), optional, -1))
	var b bytes.Buffer
	w := file.NewParquetWriter(&b, must2(schema.NewGroupNode("schema", parquet.Repetitions.Required, schema.FieldList{list, schema.NewInt64Node("数", optional, -1)}, -1)))
	group := must2(w.AppendRowGroupChecked())
	texts := must2(group.NextColumn()).(*file.ByteArrayColumnChunkWriter)
	must2(texts.WriteBatch([]parquet.ByteArray{[]byte("x")}, []int16{3}, []int16{0})) // in a list, in an element
	numbers := must2(group.NextColumn()).(*file.Int64ColumnChunkWriter)
	must2(numbers.WriteBatch([]int64{1}, []int16{1}, nil))
	if err := errors.Join(group.Close(), w.Close()); err != nil {
		t.Fatal(err)
	}
	_, err := tryLoad(t, Reader{}, write(t, "小表_20250930.parquet", b.Bytes()), contractOf(t, "small.yaml", small))
	if !errors.Is(err, refusal.ErrLists) || !strings.Contains(err.Error(), "column 编号 is a list, which no contract reads. Try: export one value a row of 编号") {
		t.Error(err)
	}
}

func must2[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// A range may be of one value, and is not of none.
func TestContractRanges(t *testing.T) {
	with := func(bounds string) string {
		return strings.Replace(small, "columns:", "columns:\n  v: {cn: [数], "+bounds+"}", 1)
	}
	for _, bounds := range []string{"type: integer, range: [1, 1]", "type: date, range: [2022-09-01, 2022-09-01]", "type: decimal, min: 5, max: 5"} {
		if _, err := ParseContract("a.yaml", []byte(with(bounds))); err != nil {
			t.Errorf("%s: %v", bounds, err)
		}
	}
	for _, bounds := range []string{"type: integer, range: [2, 1]", "type: date, range: [2022-09-02, 2022-09-01]", "type: money, min: 6, max: 5"} {
		if _, err := ParseContract("a.yaml", []byte(with(bounds))); err == nil || !strings.Contains(err.Error(), "swap the bounds") {
			t.Errorf("%s: %v", bounds, err)
		}
	}
}
