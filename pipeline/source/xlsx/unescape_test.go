package xlsx

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"
	"unicode/utf8"
)

// Text that XML escapes is read as it was, but for what is no character of XML.
func FuzzXMLText(f *testing.F) {
	for _, s := range []string{"甲 & 乙 <丙> \"丁\" '戊'", "_x000D_", "&#x110000;", "&amp;amp;", "_x_x0041_", "\r\n\t"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := appendUnescaped(nil, []byte(s)); utf8.ValidString(s) && !utf8.Valid(got) {
			t.Fatalf("%q is read as %q", s, got)
		}
		var b bytes.Buffer
		if err := xml.EscapeText(&b, []byte(s)); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(s, "_x") { // Excel's own escape
			return
		}
		want := strings.Map(func(r rune) rune {
			if r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 {
				return r
			}
			return utf8.RuneError
		}, s)
		if got := appendUnescaped(nil, b.Bytes()); string(got) != want {
			t.Fatalf("%q is written %s and read %q", s, b.Bytes(), got)
		}
	})
}
