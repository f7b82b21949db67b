package contract

import (
	"fmt"
	"strings"
	"testing"
)

// A bureau and a source become folders: they are names, and say so with their line.
func TestNamesAreNoPaths(t *testing.T) {
	const text = "source: %s\nname: 小表\nbureau: %s\nfiles: [\"*小表*\"]\nmode: append\nkey: [no]\ndata_date: " +
		"[file_name]\ncolumns:\n  no: {cn: [编号], type: text}\n"
	for _, c := range []struct{ source, bureau, want string }{
		{"small", "市工信局", ""},
		{"small", "市场监督管理局（知识产权局）", ""},
		{"staging", "局", ":1: source: staging is a folder that the lake keeps"},
		{"originals", "局", ":1: source"}, {"pulls", "局", ":1: source"}, {"ledger", "局", ":1: source"},
		{"../x", "局", ":1: source"}, {"a/b", "局", ":1: source"}, {"Small", "局", ":1: source"},
		{strings.Repeat("a", 81), "局", ":1: source: 81"},
		{"small", "../../../escaped", ":3: bureau"}, {"small", "/etc", ":3: bureau"}, {"small", "a/b", ":3: bureau"},
		{"small", `a\b`, ":3: bureau"},
		{"small", "..", ":3: bureau"}, {"small", ".", ":3: bureau"}, {"small", ".git", ":3: bureau"}, {"small", `"局\e[2J"`, ":3: bureau"},
		{"small", `"局\0"`, ":3: bureau"}, {"small", `"局\n乙"`, ":3: bureau"}, {"small", `"\u202e局"`, ":3: bureau"},
		{"small", `"局 "`, ":3: bureau"},
		{"small", "局.", ":3: bureau"}, {"small", "\"a:b\"", ":3: bureau"}, {"small", strings.Repeat("局", 27), ":3: bureau"},
	} {
		_, err := Parse("data/sources/small.yaml", fmt.Appendf(nil, text, c.source, c.bureau))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), "data/sources/small.yaml"+c.want)) {
			t.Errorf("source %s, bureau %s: %v, want %q", c.source, c.bureau, err, c.want)
		}
	}
}
