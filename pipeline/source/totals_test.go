package source

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"citykpi/pipeline/source/convert"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/parse"
)

// What is compared, beside what the corpus holds: digits that are not shown,
// digits that a column does not keep, and what stands in for the number.
func TestTotals(t *testing.T) {
	c := contractOf(t, "small.yaml", small)
	for _, tt := range []struct {
		name string
		rows []string
		want []string // of Total.String, "=" before those that agree
	}{
		{"shown digits", []string{"A1,甲,1.2345,", "A2,乙,2.5,", "合计,,3.73,"},
			[]string{"= 合计 in row 4 says 3.73 under C 金额（万元）, its 2 rows add up to 3.7345"}},
		{"one digit off", []string{"A1,甲,1.2345,", "A2,乙,2.5,", "合计,,3.74,"},
			[]string{"合计 in row 4 says 3.74 under C 金额（万元）, its 2 rows add up to 3.7345"}},
		{"exact where all digits show", []string{"A1,甲,1.01,", "A2,乙,2.02,", "合计,,3.04,"},
			[]string{"合计 in row 4 says 3.04 under C 金额（万元）, its 2 rows add up to 3.03"}},
		{"more digits than a fen", []string{"A1,甲,0.12345678,", "A2,乙,0.12345678,", "合计,,0.24691356,"},
			[]string{"= 合计 in row 4 says 0.24691356 under C 金额（万元）, its 2 rows add up to 0.246914"}},
		{"noise of a spreadsheet", []string{"A1,甲,0.1,", "A2,乙,0.2,", "合计,,0.30000000000000004,"},
			[]string{"= 合计 in row 4 says 0.30000000000000004 under C 金额（万元）, its 2 rows add up to 0.3"}},
		{"an empty total", []string{"A1,甲,0.1,", "合计,,,"}, nil},
		{"a total in words", []string{"A1,甲,0.1,", "合计,,若干,"}, []string{"合计 in row 3 is not compared, C 金额（万元）: it says 若干"}},
		{"negative", []string{"A1,甲,,-5", "A2,乙,,3", "合计,,,-2"}, []string{"= 合计 in row 4 says -2 under D 净额（元）, its 2 rows add up to -2"}},
		{"two pages", []string{"A1,甲,1,", "本页小计,,1,", "A2,乙,2,", "本页小计,,2,", "合计,,3,"}, []string{
			"= 本页小计 in row 3 says 1 under C 金额（万元）, its 1 rows add up to 1",
			"= 本页小计 in row 5 says 2 under C 金额（万元）, its 1 rows add up to 2",
			"= 合计 in row 6 says 3 under C 金额（万元）, its 2 rows add up to 3"}},
		{"sections, each with its 合计", []string{"A1,甲,1,", "合计,,1,", "A2,乙,2,", "合计,,2,", "总计,,3,"}, []string{
			"= 合计 in row 3 says 1 under C 金额（万元）, its 1 rows add up to 1",
			"= 合计 in row 5 says 2 under C 金额（万元）, its 1 rows add up to 2",
			"= 总计 in row 6 says 3 under C 金额（万元）, its 2 rows add up to 3"}},
		{"no rows above", []string{"合计,,3,"}, []string{"合计 in row 2 says 3 under C 金额（万元）, its 0 rows add up to 0"}},
		{"a row too short", []string{"A1,甲,1,", "A2,乙,2", "合计,,3,"},
			[]string{"合计 in row 4 is not compared, C 金额（万元）: 1 of its 2 rows hold no number there"}},
		{"a broken name", []string{"A1,甲,1,", "A2,\ufffd,2,", "合计,,3,"},
			[]string{"= 合计 in row 4 says 3 under C 金额（万元）, its 2 rows add up to 3"}},
	} {
		out := load(t, Reader{}, write(t, "小表_20250930.csv", []byte("编号,名称,金额（万元）,净额（元）\n"+strings.Join(tt.rows, "\n"))), c)
		var got []string
		for _, total := range out.Totals() {
			mark := ""
			if total.Agrees {
				mark = "= "
			}
			got = append(got, mark+total.String())
		}
		if !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
		}
	}
}

// Totals are compared across the ranges of a large file as in one piece.
func TestTotalsOfRanges(t *testing.T) {
	c := contractOf(t, "small.yaml", small)
	r := rand.New(rand.NewPCG(9, 4))
	var b strings.Builder
	b.WriteString("编号,名称,金额（万元）,人数,地址\n")
	all, group, heads, rows, wrong, marks := int64(0), int64(0), int64(0), 0, 0, 0
	for b.Len() < 5*grid.ChunkSize {
		rows++
		cents := r.Int64N(1e9)
		all, group, heads = all+cents, group+cents, heads+int64(rows%900)
		id := "A"
		if r.IntN(100) == 0 {
			id = "坏" // rejected, and added up all the same
		}
		fmt.Fprintf(&b, "%s%d,甲,%s,%d,%s\n", id, rows, parse.FixedText(cents, 2), rows%900, strings.Repeat("某路", r.IntN(80)))
		if rows%1000 == 0 {
			marks++
			if off := int64(r.IntN(2)); off > 0 {
				wrong, group = wrong+1, group+off
			}
			fmt.Fprintf(&b, "小计,,%s,,\n", parse.FixedText(group, 2))
			group = 0
		}
	}
	fmt.Fprintf(&b, "合计,,%s,%d,\n", parse.FixedText(all, 2), heads+1)
	path := write(t, "小表_20250930.csv", []byte(b.String()))
	var first []convert.Total
	for _, workers := range []int{1, 2, 5} {
		out := load(t, Reader{Workers: workers}, path, c)
		got := out.Totals()
		if first == nil {
			first = got
		} else if !reflect.DeepEqual(got, first) {
			t.Fatalf("%d workers give other totals than one", workers)
		}
		if out.Counts().Rejected == 0 || len(got) != marks+2 {
			t.Fatalf("%d totals, want %d; %+v", len(got), marks+2, out.Counts())
		}
		if last := got[len(got)-2:]; !last[0].Agrees || last[0].Rows != int64(rows) || last[1].Agrees { // one head too many
			t.Errorf("%+v", last)
		}
		off := 0
		for _, total := range got[:marks] {
			if !total.Agrees {
				off++
			}
		}
		if off != wrong || off == 0 {
			t.Errorf("%d workers: %d subtotals are off, want %d", workers, off, wrong)
		}
	}
}

// A file of nothing but totals does not take more memory than its rows are worth.
func TestTooManyTotals(t *testing.T) {
	out := load(t, Reader{}, write(t, "小表_20250930.csv", []byte("编号,名称,人数\nA1,甲,1\n"+strings.Repeat("小计,,1\n", 10_000+5))),
		contractOf(t, "small.yaml", small))
	if got := len(out.Totals()); got != 10_000 {
		t.Errorf("%d totals", got)
	}
	if notes := strings.Join(out.Notes(), "\n"); !strings.Contains(notes, "too many to compare: 5") {
		t.Errorf("%s", notes)
	}
}
