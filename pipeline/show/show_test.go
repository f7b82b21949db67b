package show

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
)

func TestText(t *testing.T) {
	for _, c := range []struct{ what, in, text, line string }{
		{"plain", "企业登记_2025Q3.csv", "企业登记_2025Q3.csv", "企业登记_2025Q3.csv"},
		{"rare characters", "龴𠂇\U00020BB7㐂︐﹁￥", "龴𠂇\U00020BB7㐂︐﹁￥", "龴𠂇\U00020BB7㐂︐﹁￥"},
		{"private use, as old GB18030 files have", "\ue5e5名", "\ue5e5名", "\ue5e5名"},
		{"a window's title", "\x1b]0;OWNED\a\x1b[2J", `\u001b]0;OWNED\u0007\u001b[2J`, `\u001b]0;OWNED\u0007\u001b[2J`},
		{"a control of one character", "a\u009b31mb", `a\u009b31mb`, `a\u009b31mb`},
		{"a control that is no UTF-8", "a\x9b31m\xef\xbf\ufffd", `a\x9b31m\xef\xbf` + "\ufffd", `a\x9b31m\xef\xbf` + "\ufffd"},
		{"a line redrawn", "refused\rloaded \b\x7f", `refused\rloaded \u0008\u007f`, `refused\rloaded \u0008\u007f`},
		{"a line of another system", "a\r\nb\r\r\n", "a\r\nb\\r\r\n", `a\r\nb\r\r\n`},
		{"a line forged", "甲.csv\n乙.csv  loaded\tok", "甲.csv\n乙.csv  loaded\tok", `甲.csv\n乙.csv  loaded\tok`},
		{"order turned around", "\u202egpj.\u2066exe\u2069\u200f\u061c", `\u202egpj.\u2066exe\u2069\u200f\u061c`,
			`\u202egpj.\u2066exe\u2069\u200f\u061c`},
		{"nothing to see", "甲\u200b\u2060\ufeff\u00ad乙\u2028\u2029", `甲\u200b\u2060\ufeff\u00ad乙\u2028\u2029`,
			`甲\u200b\u2060\ufeff\u00ad乙\u2028\u2029`},
		{"tags", "甲\U000e0041", `甲\udb40\udc41`, `甲\udb40\udc41`},
	} {
		if got := Text(c.in); got != c.text {
			t.Errorf("%s: text is %q, want %q", c.what, got, c.text)
		}
		if got := Line(c.in); got != c.line {
			t.Errorf("%s: line is %q, want %q", c.what, got, c.line)
		}
	}
}

func TestGuard(t *testing.T) {
	for _, s := range []string{"=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "\"=1", "\u200b=1",
		"＝1+1", "＋1", "－1+2", "＠SUM", "=", "-", "+86 138", "-1-1"} {
		if got := Guard(s); got != "'"+s {
			t.Errorf("Guard(%q) is %q, want an apostrophe before it", s, got)
		}
	}
	for _, s := range []string{"", "-5", "+3.2%", "-1,234.50", "1e-7", "-1.5E+10", "甲=乙", "2025-01-01", "—", "'=1", "91320100-X"} {
		if got := Guard(s); got != s {
			t.Errorf("Guard(%q) is %q, want it as it is", s, got)
		}
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{Cell("=HYPERLINK(\"http://x\")\n=2"), Cell("\u202e甲")})
	w.Flush()
	if want := "\"'=HYPERLINK(\"\"http://x\"\")\\n=2\",\\u202e甲\n"; b.String() != want {
		t.Errorf("CSV is %q, want %q", b.String(), want)
	}
}

// Whatever a text is cut into, the same is shown; and JSON stays exact.
func TestWriter(t *testing.T) {
	const hostile = "甲\x1b[31m\u202e乙\u2028\xff\xe4\xb8\r\n\r\t𠂇\u009b\xe4\xb8"
	for size := 1; size <= len(hostile); size++ {
		var b bytes.Buffer
		w := NewWriter(&b)
		for at := 0; at < len(hostile); at += size {
			if n, err := w.Write([]byte(hostile[at:min(at+size, len(hostile))])); err != nil || n != min(size, len(hostile)-at) {
				t.Fatalf("write: %d, %v", n, err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if got := b.String(); got != Text(hostile) {
			t.Fatalf("in pieces of %d: %q, want %q", size, got, Text(hostile))
		}
	}
	var b bytes.Buffer
	w := NewWriter(&b)
	value := strings.ToValidUTF8(hostile, "?") + "\u200b\U000e0041\x7f\u0085\r"
	if err := json.NewEncoder(w).Encode(value); err != nil {
		t.Fatal(err)
	}
	var back string
	if err := json.Unmarshal(b.Bytes(), &back); err != nil || back != value {
		t.Errorf("JSON %s reads as %q (%v), want %q", b.Bytes(), back, err, value)
	}
	if shown := b.String(); Text(shown) != shown {
		t.Errorf("JSON is not shown whole: %q", shown)
	}
}

func FuzzText(f *testing.F) {
	f.Add("甲\x1b[31m\u202e")
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range Line(s) {
			if r < 0x20 || acts(r) {
				t.Fatalf("%q shows %U", s, r)
			}
		}
		if formula(Cell(s)) {
			t.Fatalf("%q is a formula as %q", s, Cell(s))
		}
	})
}

func BenchmarkWriter(b *testing.B) {
	text := []byte(strings.Repeat("<td>南京市江北新区某某科技有限公司“甲”</td>\n", 1000))
	w := NewWriter(&bytes.Buffer{})
	w.to = discard{}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		w.Write(text)
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// What a page's script reads of JSON is what people may see.
func TestJSON(t *testing.T) {
	for _, s := range []string{"甲", "", "a\x1b[0m\u202e\"\\\u2028</script>\r\b\f\n\t\x7f", `\u202e`, `\`, "\\\x1b", "\U000e0041\u200b&"} {
		raw, err := json.Marshal([]string{s})
		if err != nil {
			t.Fatal(err)
		}
		var read []string
		if err := json.Unmarshal(JSON(raw), &read); err != nil || read[0] != Text(s) {
			t.Errorf("JSON of %q is %s, read as %q (%v), want %q", s, JSON(raw), read, err, Text(s))
		}
	}
}

func TestFileName(t *testing.T) {
	for in, want := range map[string]string{
		"小表_20250101": "小表_20250101", "a/b\\c": "a_b_c", "..": "_", ".hidden": "_hidden", "": "_", "../../x": "__.._x",
		"表\x1b]0;OWNED\a": "表_]0;OWNED_", "表\n\u202e": "表__", "表\xff": "表_", "a..b": "a..b",
	} {
		if got := FileName(in); got != want {
			t.Errorf("FileName(%q) is %q, want %q", in, got, want)
		}
	}
}
