package duck

import (
	"strings"
	"testing"
)

// A text quoted for SQL is one literal, a name one identifier, whatever they hold.
func FuzzQuote(f *testing.F) {
	for _, s := range []string{"it's", `a"b`, "'", `\`, "甲\n--", "/*", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := Literal(s); strings.ReplaceAll(got[1:len(got)-1], "''", "'") != s || strings.Count(got, "'")%2 != 0 ||
			got[0] != '\'' || got[len(got)-1] != '\'' {
			t.Fatalf("%q is quoted %s", s, got)
		}
		if got := Ident(s); strings.ReplaceAll(got[1:len(got)-1], `""`, `"`) != s || strings.Count(got, `"`)%2 != 0 ||
			got[0] != '"' || got[len(got)-1] != '"' {
			t.Fatalf("the name %q is quoted %s", s, got)
		}
	})
}
