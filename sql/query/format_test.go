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
)

// What the CSV printer writes, a CSV reader reads back; what one row's JSON
// holds, splitRow cuts out.
func FuzzRow(f *testing.F) {
	f.Add("plain", "a \"quote\", a comma", "two\nlines")
	f.Add("", " ", "[1,{\"a\":\"]\"}]")
	f.Add("\\", "\\\"", "名称，")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		for _, s := range []string{a, b, c} {
			if !utf8.ValidString(s) || strings.Contains(s, "\r") { // encoding/csv drops \r before \n
				t.Skip()
			}
		}
		line, err := json.Marshal([]any{a, 1.5, b, []any{c, nil}, nil, c})
		if err != nil {
			t.Fatal(err)
		}
		var want []json.RawMessage
		if err := json.Unmarshal(line, &want); err != nil {
			t.Fatal(err)
		}
		cells := splitRow(append(line, '\n'), nil)
		if !slices.EqualFunc(cells, want, func(x, y json.RawMessage) bool { return bytes.Equal(x, y) }) {
			t.Fatalf("%s was cut into %q", line, cells)
		}
		var out bytes.Buffer
		p := &csvPrinter{w: bufio.NewWriter(&out)}
		p.header([]column{{Name: a}, {Name: b}})
		p.row([]json.RawMessage{cells[0], cells[5]})
		if err := p.close(ending{}); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&out).ReadAll()
		if err != nil || len(rows) != 2 || !slices.Equal(rows[0], []string{a, b}) || !slices.Equal(rows[1], []string{a, c}) {
			t.Fatalf("%q, %q, %q were read back as %q, %v", a, b, c, rows, err)
		}
	})
}
