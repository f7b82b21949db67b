package source

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/source/convert"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/refusal"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"golang.org/x/text/encoding/simplifiedchinese"
)

const goodCode = "91350100M000100Y43"

// small is a contract with a column of most types.
const small = `
source: small
name: 小表
bureau: 市某局
files: ["*小表*"]
mode: append
key: [no]
data_date: [file_name, title, day]
header: {search_rows: 6}
columns:
  no: {cn: [编号], type: text, required: true, pattern: "^[A-Z][0-9]+$", like: "一个字母加数字，如 A1"}
  name: {cn: [企业名称, 名称], type: name, required: true}
  code: {cn: [信用代码], type: credit_code}
  kind: {cn: [类别], type: category, values: {dev: [技术开发], sale: [技术转让, 转让]}}
  day: {cn: [日期], type: date, range: [2000-01-01, data_date]}
  amount: {cn: [金额], type: money, min: 0}
  net: {cn: [净额], type: money, foreign: keep}
  heads: {cn: [人数], type: integer, range: [0, 1000]}
  share: {cn: [比例], type: decimal}
  again: {cn: [是否续聘], type: boolean}
  district: {cn: [所属区], type: text}
  address: {cn: [地址], type: text}
rules:
  - {id: net_within_amount, when: "net > amount", column: net, cn: 净额大于金额}
region: {from: [district, address, code]}
`

const smallHeader = "编号,企业名称,信用代码,类别,日期,金额（万元）,净额(元),人数,比例,是否续聘,所属区,地址\n"

func smallTable(t testing.TB, rows ...string) string {
	return write(t, "小表_20250930.csv", []byte(smallHeader+strings.Join(rows, "\n")))
}

func TestValuesOfARow(t *testing.T) {
	c := contractOf(t, "small.yaml", small)
	out := load(t, Reader{}, smallTable(t,
		"A1,南京华科(集团) 有限公司,"+goodCode+",转让,2025年9月1日,\"1,234.5\",1200万人民币,１２,12.5%,是,江宁开发区,南京市鼓楼区",
		"A2,甲,,,,,297(万美元),,,否,,南京市浦口区江北新区星火路",
		"A3,乙,320107000123456,技术开发,长期,0,0,,0.000001,,320111003,",
	), c)
	want := []map[string]any{
		{"no": "A1", "name": "南京华科（集团）有限公司", "code": goodCode, "kind": "sale", "day": "2025-09-01", "amount": "12345000",
			"net": "12000000", "net_foreign": nil, "net_currency": nil,
			"heads": 12.0, "share": "12.5", "again": true, "district": "江宁开发区", "address": "南京市鼓楼区", "region_code": "320115-01",
			"sheet": "", "row_no": 2.0},
		{"no": "A2", "name": "甲", "code": nil, "kind": nil, "day": nil, "amount": nil, "net": nil, "net_foreign": "2970000",
			"net_currency": "USD",
			"heads":        nil, "share": nil, "again": false, "district": nil, "address": "南京市浦口区江北新区星火路", "region_code": "320191",
			"sheet": "", "row_no": 3.0},
	}
	if len(out.rows) != 2 || len(out.rejects) != 1 {
		t.Fatalf("%d rows, rejects %+v", len(out.rows), out.rejects)
	}
	if r := out.rejects[0]; r.Rule != "date.range" || r.Row != 4 { // 长期 lies behind the data date
		t.Errorf("%+v", r)
	}
	short := func(v any) string { return strings.TrimRight(strings.TrimRight(fmt.Sprint(v), "0"), ".") }
	for i := range want {
		for k, v := range want[i] {
			if got := out.rows[i][k]; !reflect.DeepEqual(got, v) && !(k == "amount" || k == "net" || k == "net_foreign" || k == "share") {
				t.Errorf("row %d: %s is %v, want %v", i, k, got, v)
			} else if v != nil && short(got) != short(v) {
				t.Errorf("row %d: %s is %v, want %v", i, k, got, v)
			}
		}
	}
}

// Each bad row is rejected once, under its rule, with the raw value and the whole row.
func TestRejects(t *testing.T) {
	c := contractOf(t, "small.yaml", small)
	base := []string{"A1", "甲", goodCode, "转让", "2025-01-02", "1", "2", "3", "4", "是", "江宁区", "某路"}
	for _, tt := range []struct {
		cell        int
		value, rule string
		column      string
	}{
		{0, "", "required", "编号"}, {0, "1A", "text.pattern", "编号"}, {0, "3.20E+15", "text.digits_lost", "编号"},
		{1, "N/A", "required", "企业名称"},
		{1, "华\uFFFD科", "text.replacement", "企业名称"}, {2, "91350100M000100Y44", "credit_code.check", "信用代码"},
		{2, "12345", "credit_code.form", "信用代码"},
		{2, "9.13201E+17", "credit_code.digits_lost", "信用代码"}, {3, "租赁", "category.unknown", "类别"},
		{4, "2025年9月", "date.day_missing", "日期"},
		{4, "2025-02-30", "date.calendar", "日期"}, {4, "昨天", "date.form", "日期"}, {4, "2025-10-01", "date.range", "日期"},
		{4, "1999-12-31", "date.range", "日期"},
		{5, "-1", "number.range", "金额（万元）"}, {5, "若干", "money.form", "金额（万元）"}, {5, "300万美元", "money.currency", "金额（万元）"},
		{5, "1.2E+07", "money.digits_lost", "金额（万元）"},
		{6, "10001", "net_within_amount", "净额(元)"}, {7, "3.5", "number.whole", "人数"}, {7, "1001", "number.range", "人数"},
		{7, "三", "number.form", "人数"},
		{9, "也许", "boolean.form", "是否续聘"}, {10, "苏州工业园区", "region.unknown", "所属区"},
	} {
		cells := append([]string(nil), base...)
		cells[tt.cell] = tt.value
		out := load(t, Reader{}, smallTable(t, strings.Join(base, ","), strings.Join(cells, ",")), c)
		if len(out.rejects) != 1 || len(out.rows) != 1 {
			t.Errorf("%q: %d rows, rejects %+v", tt.value, len(out.rows), out.rejects)
			continue
		}
		r := out.rejects[0]
		if r.Rule != tt.rule || r.Column != tt.column || r.Value != tt.value || r.Row != 3 || len(r.Errors) != 0 || r.Reason == "" {
			t.Errorf("%q: %+v", tt.value, r)
		}
		if !reflect.DeepEqual(r.Cells, cells) {
			t.Errorf("%q: cells %q", tt.value, r.Cells)
		}
	}
}

// A full export leaves out what is void: a row that is said to be is no row of it, and is not read as one.
func TestVoidRowsOfAFullExport(t *testing.T) {
	c := contractOf(t, "small.yaml", strings.Replace(small, "mode: append", "mode: snapshot", 1))
	out := load(t, Reader{}, write(t, "小表_20250930.csv", []byte(
		"编号,企业名称,处理方式\nA1,甲,\nA2,乙,作废\nA3,丙, 撤销 \nA4,丁,变更\nA5,戊,新增\n")), c)
	var loaded, void []string
	for _, row := range out.rows {
		loaded = append(loaded, row["no"].(string))
	}
	for _, r := range out.rejects {
		void = append(void, fmt.Sprintf("%s %s", r.Cells[0], r.Rule))
	}
	if got := strings.Join(append(loaded, void...), ", "); got != "A1, A4, A5, A2 row_action, A3 row_action" {
		t.Error(got)
	}
}

func TestSeveralErrorsOfARow(t *testing.T) {
	out := load(t, Reader{}, smallTable(t, "1,,x,转让,,,,,,,,", "A1,甲,,,,,,,,,,", "A2,乙,,,,,,,,,"), contractOf(t, "small.yaml", small))
	if len(out.rows) != 1 || len(out.rejects) != 2 {
		t.Fatalf("%d rows, %+v", len(out.rows), out.rejects)
	}
	var rules []string
	for _, e := range out.rejects[0].Errors {
		rules = append(rules, e.Rule)
	}
	if got := strings.Join(rules, " "); got != "text.pattern required credit_code.form" || out.rejects[0].Rule != "text.pattern" {
		t.Errorf("%s: %+v", got, out.rejects[0])
	}
	if r := out.rejects[1]; r.Rule != "row.width" || !strings.Contains(r.Reason, "11个") || !strings.Contains(r.Reason, "12列") {
		t.Errorf("%+v", r)
	}
}

func TestTitlesFootersAndBlanks(t *testing.T) {
	text := "2025年第三季度小表,,,\n单位：万元,,,\n名称,编号,金额,备注栏\n甲,A1,5,\n,,,\n名称,编号,金额,备注栏\n合计科技有限公司,A2,1万元,\n合 计,,6,\n制表人：张三,,,\n"
	out := load(t, Reader{}, write(t, "小表.csv", []byte(text)), contractOf(t, "small.yaml", small))
	if n := out.Counts(); n != (convert.Counts{Read: 6, Loaded: 2, Dropped: 4}) {
		t.Errorf("%+v", n)
	}
	want := []convert.Drop{{Reason: convert.DropBlank, Count: 1, Rows: []int64{5}},
		{Reason: convert.DropFooter, Count: 2, Rows: []int64{8, 9}}, {Reason: convert.DropHeader, Count: 1, Rows: []int64{6}}}
	if got := out.Dropped(); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	if l := out.Layout; l.DataDate != (kpi.Date{Year: 2025, Month: 9, Day: 30}) || l.DataDateFrom != "title" || l.HeaderRow != 3 ||
		l.Units["amount"] != "万元" || !reflect.DeepEqual(l.Unknown, []string{"备注栏"}) {
		t.Errorf("%+v", l)
	}
	if out.rows[0]["amount"] != "50000" && fmt.Sprint(out.rows[0]["amount"]) != "50000.00" || out.rows[1]["row_no"] != 7.0 {
		t.Errorf("%v", out.rows)
	}
}

// Quotes, line ends in quotes, doubled quotes, bare quotes inside a cell, CRLF, BOM, each delimiter, both encodings.
func TestCSVForms(t *testing.T) {
	c := contractOf(t, "small.yaml", small)
	for _, delimiter := range []string{",", ";", "\t", "|"} {
		text := "编号,名称,地址\r\nA1,\"甲\"\"乙\",\"第一行\r\n第二行\"\r\nA2,专精\"小巨人\",\"a\"b\r\nA3,\"丙\",\r\n\"A4\",\"丁\",\"末\""
		text = strings.ReplaceAll(text, ",", delimiter)
		for _, encode := range []func(string) string{
			func(s string) string { return s }, func(s string) string { return "\ufeff" + s },
			func(s string) string { e, _ := simplifiedchinese.GB18030.NewEncoder().String(s); return e },
		} {
			if delimiter == "|" && encode("南") != "南" && !strings.HasPrefix(encode("南"), "\ufeff") {
				continue // in GB 18030, | may be half a character: quotes are not read there
			}
			out := load(t, Reader{}, write(t, "小表_20250930.csv", []byte(encode(text))), c)
			if len(out.rows) != 4 {
				t.Fatalf("%q: %+v", delimiter, out.rejects)
			}
			for i, want := range [][3]any{{"A1", `甲"乙`, "第一行\r\n第二行"}, {"A2", `专精"小巨人"`, "ab"}, {"A3", "丙", nil}, {"A4", "丁", "末"}} {
				row := out.rows[i]
				if got := [3]any{row["no"], row["name"], row["address"]}; got != want || row["row_no"] != float64(i+2) {
					t.Errorf("%q: row %v is %v, want %v", delimiter, row["row_no"], got, want)
				}
			}
		}
	}
}

// Ranges of a large file meet at record ends wherever they fall: the streams
// together are the file in order, for any number of them.
func TestParallelRanges(t *testing.T) {
	c := contractOf(t, "small.yaml", small)
	var b strings.Builder
	b.WriteString("编号,名称,地址\n")
	r := rand.New(rand.NewPCG(3, 4))
	rows := 0
	for b.Len() < 5*grid.ChunkSize {
		rows++
		if r.IntN(3) == 0 {
			fmt.Fprintf(&b, "A%d,甲,\"%s\"\n", rows, strings.Repeat("换行\n,\"\"引号\"\"", r.IntN(40)))
		} else if r.IntN(50) == 0 {
			fmt.Fprintf(&b, "坏%d,甲,%s\n", rows, strings.Repeat("某路", r.IntN(100)))
		} else {
			fmt.Fprintf(&b, "A%d,甲\"乙,%s\n", rows, strings.Repeat("x", r.IntN(200)))
		}
	}
	path := write(t, "小表_20250930.csv", []byte(b.String()))
	var first *result
	for _, workers := range []int{1, 2, 5} {
		out := load(t, Reader{Workers: workers}, path, c)
		if n := out.Counts(); n.Read != int64(rows) || n.Rejected == 0 {
			t.Fatalf("%d workers: %+v of %d", workers, n, rows)
		}
		last := 0.0
		for _, row := range out.rows {
			if row["row_no"].(float64) <= last {
				t.Fatalf("%d workers: row %v after %v", workers, row["row_no"], last)
			}
			last = row["row_no"].(float64)
			if row["no"] != fmt.Sprintf("A%d", int(last)-1) {
				t.Fatalf("%d workers: row %v is %v", workers, last, row["no"])
			}
		}
		if first == nil {
			first = out
		} else if !reflect.DeepEqual(out.rejects, first.rejects) {
			t.Fatalf("%d workers: rejects differ", workers)
		}
	}
}

// A file whose every row is rejected, in several streams, spools its rejects in order.
func TestEveryRowRejected(t *testing.T) {
	line := "x," + strings.Repeat("长", 60) + "\n"
	n := 5 * grid.ChunkSize / len(line)
	out := load(t, Reader{Workers: 4}, write(t, "小表_20250930.csv", []byte("编号,名称\n"+strings.Repeat(line, n))),
		contractOf(t, "small.yaml", small))
	if len(out.rejects) != n || len(out.rows) != 0 {
		t.Fatalf("%d rejects of %d", len(out.rejects), n)
	}
	for i, r := range out.rejects {
		if r.Row != int64(i+2) {
			t.Fatalf("reject %d is of row %d", i, r.Row)
		}
	}
}

// What cannot be written of the rejects fails the load, and ends it there.
func TestRejectsCannotBeWritten(t *testing.T) {
	full := errors.New("no space left on device")
	for name, tc := range map[string]struct{ rows, room int }{"in the midst": {200_000, 3 * (256 << 10)}, "at the end": {1, 0}} {
		path := write(t, "小表_20250930.csv", []byte(smallHeader+strings.Repeat("A1,,,,,,,,,,,\n", tc.rows)))
		f, c := open(t, path), contractOf(t, "small.yaml", small)
		r := Reader{Units: testUnits(t), Places: testPlaces(t)}
		layout, err := r.Inspect(t.Context(), f, c)
		if err != nil {
			t.Fatal(err)
		}
		w := &shortWriter{room: tc.room, err: full}
		l, err := r.Read(t.Context(), f, layout, layout.DataDate, w)
		if err != nil {
			t.Fatal(err)
		}
		for l.Streams[0].Next() {
		}
		if !errors.Is(l.Err(), full) {
			t.Errorf("%s: %v", name, l.Err())
		}
		l.Close()
		if w.after > 0 {
			t.Errorf("%s: %d writes after the one that failed", name, w.after)
		}
	}
}

// shortWriter has room for some bytes and fails from then on.
type shortWriter struct {
	room, after int
	err         error
	failed      bool
}

func (w *shortWriter) Write(b []byte) (int, error) {
	if w.failed {
		w.after++
	}
	if w.room -= len(b); w.room < 0 {
		w.failed = true
		return 0, w.err
	}
	return len(b), nil
}

// A consumer that stops early leaves nothing behind; neither does a cancelled context.
func TestStopEarly(t *testing.T) {
	csv := write(t, "企业登记_20250930.csv", registryCSV(40_000))
	for _, path := range []string{csv, registryXLSX(t, 8_000)} {
		c := shipped(t, "enterprise_registry")
		for _, cancelled := range []bool{false, true} {
			checked := memory.NewCheckedAllocator(memory.NewGoAllocator())
			r := Reader{Units: testUnits(t), Places: testPlaces(t), Workers: 2, Memory: checked}
			f := open(t, path)
			layout, err := r.Inspect(t.Context(), f, c)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			l, err := r.Read(ctx, f, layout, layout.DataDate, &strings.Builder{})
			if err != nil {
				t.Fatal(err)
			}
			if !l.Streams[0].Next() {
				t.Fatal(l.Streams[0].Err())
			}
			if cancelled {
				cancel()
				for l.Streams[0].Next() {
				}
				if err := l.Streams[0].Err(); !errors.Is(err, context.Canceled) {
					t.Errorf("%s: %v", path, err)
				}
			}
			for _, s := range l.Streams {
				s.Release()
			}
			if l.Err() == nil {
				t.Errorf("%s: a load that was stopped reports no error", path)
			}
			l.Close()
			l.Close()
			cancel()
			checked.AssertSize(t, 0)
		}
	}
}

func TestDataDateOfAColumn(t *testing.T) {
	c := contractOf(t, "small.yaml", small)
	path := write(t, "小表.csv", []byte("编号,名称,日期\nA1,甲,2025/3/4\nA2,乙,长期\nA3,丙,2205-01-01\nA4,丁,2025-06-05\nA5,戊,bad\n"))
	out := load(t, Reader{NotAfter: kpi.Date{Year: 2025, Month: 12, Day: 31}}, path, c)
	if l := out.Layout; l.DataDate.String() != "2025-06-05" || l.DataDateFrom != "day" {
		t.Errorf("%s from %s", l.DataDate, l.DataDateFrom)
	}
	if len(out.rows) != 2 {
		t.Errorf("%d rows, %+v", len(out.rows), out.rejects)
	}
}

// read = loaded + rejected + dropped on random messy files (load checks it),
// and the same file gives the same rows and rejects every time.
func TestCountsOfMessyFiles(t *testing.T) {
	c := contractOf(t, "small.yaml", small)
	pieces := []string{"A1", "甲", goodCode, "技术转让", "2025-01-02", "12", "\"", ",", ",", ",", "\n", "\r\n", "合计", "制表人：",
		"\uFFFD", "\xff", "\"甲,乙\"", "\"\n\"", "　", "'", "-", "长期", "1万美元", "\t", ";"}
	accepted := 0
	for seed := range uint64(120) {
		r := rand.New(rand.NewPCG(seed, 1))
		var b strings.Builder
		b.WriteString(smallHeader)
		for range r.IntN(200) {
			if r.IntN(4) == 0 {
				fmt.Fprintf(&b, "A%d,甲,,,,,,,,,,\n", r.IntN(99))
			}
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		path := write(t, "小表_20250930.csv", []byte(b.String()))
		one, err := tryLoad(t, Reader{}, path, c)
		if err != nil {
			var refused *refusal.Error
			if !errors.As(err, &refused) {
				t.Fatalf("seed %d: %v", seed, err)
			}
			continue
		}
		accepted++
		two := load(t, Reader{}, path, c)
		if !reflect.DeepEqual(one.rows, two.rows) || !reflect.DeepEqual(one.rejects, two.rejects) {
			t.Fatalf("seed %d: two readings differ", seed)
		}
	}
	if accepted < 30 {
		t.Fatalf("only %d files were read", accepted)
	}
}
