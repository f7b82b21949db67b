package convert

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode/utf8"
)

// What goes into rejects.ndjson comes out of it: a line of JSON, whatever the cell held.
func FuzzRejectText(f *testing.F) {
	for _, s := range []string{"甲\"乙\\", "\x00\x1b[31m\n", "\xff\xfe", "\u2028</script>", "𠂇", "\uFFFD"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		line := appendJSON(nil, s)
		if asBytes := appendJSON(nil, []byte(s)); !bytes.Equal(line, asBytes) {
			t.Fatalf("%q is %s, as bytes %s", s, line, asBytes)
		}
		var got string
		if err := json.Unmarshal(line, &got); err != nil || bytes.ContainsAny(line, "\n\r") || !utf8.Valid(line) {
			t.Fatalf("%q is written %q: %v", s, line, err)
		}
		want := string([]rune(s)) // bytes that are no character become one each
		if got != want {
			t.Fatalf("%q is written %s and read %q", s, line, got)
		}
	})
}
