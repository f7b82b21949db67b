package source

import (
	"slices"
	"strings"
	"testing"
)

// A record's end is guessed by the first brace. Where that is wrong, none is
// lost, none is read twice and nothing is said to be given twice.
func TestJSONRecordsThatAreNotFlat(t *testing.T) {
	c := contractOf(t, "small.yaml", small)
	for name, odd := range map[string]string{
		"a brace in a text":       `{"编号":"A2","企业名称":"甲}乙","地址":"南京"}`,
		"a brace and a quote":     `{"编号":"A2","企业名称":"甲\"}乙","地址":"南京"}`,
		"an object":               `{"编号":"A2","附":{"页":"1"},"企业名称":"甲乙"}`,
		"an object in the end":    `{"编号":"A2","企业名称":"甲乙","附":{"页":"1"}}`,
		"members in other order":  `{"企业名称":"甲乙","编号":"A2"}`,
		"blanks":                  "{ \"编号\" : \"A2\" ,\t\"企业名称\" : \"甲乙\" }",
		"a name with its escapes": `{"\u7f16号":"A2","企业名称":"甲乙"}`,
	} {
		t.Run(name, func(t *testing.T) {
			records := []string{`{"编号":"A1","企业名称":"甲"}`, odd, `{"编号":"A3","企业名称":"丙"}`, strings.Replace(odd, "A2", "A4", 1),
				`{"编号":"A5","企业名称":"戊"}`}
			out := load(t, Reader{}, write(t, "小表_20250930.json", []byte(strings.Join(records, "\n"))), c)
			var got []string
			for _, row := range out.rows {
				got = append(got, row["no"].(string))
			}
			if want := []string{"A1", "A2", "A3", "A4", "A5"}; !slices.Equal(got, want) || len(out.rejects) > 0 {
				t.Errorf("loaded %q and rejected %v, want %q", got, out.rejects, want)
			}
		})
	}
}
