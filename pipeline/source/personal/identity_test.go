package personal

import (
	"encoding/binary"
	"strings"
	"testing"

	"citykpi/pipeline/source/parse"
)

func TestIdentityNumbers(t *testing.T) {
	for _, c := range []struct {
		name, text, masked string // # stands for a word
	}{
		{"a number", "320102200103051230", "#"},
		{"check X", "11010519491231002X", "#"},
		{"small x", "11010519491231002x", "#"},
		{"full width", "１１０１０５１９４９１２３１００２Ｘ", "#"},
		{"in lines", "110105\n19491231\r\n002X", "#"},
		{"parted by what is no text", "110105\x0019491231\x7F002X", "#"},
		{"Arabic digits", "١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "#"},
		{"digits of Thai", "๑๑๐๑๐๕๑๙๔๙๑๒๓๑๐๐๒X", "#"},
		{"bold digits", "𝟏𝟏𝟎𝟏𝟎𝟓𝟏𝟗𝟒𝟗𝟏𝟐𝟑𝟏𝟎𝟎𝟐X", "#"},
		{"a Cyrillic X", "11010519491231002Х", "#"},
		{"in groups", "110105 19491231 002X", "#"},
		{"with dashes", "110105-1949-1231-002X", "#"},
		{"with points", "110105.19491231.002X", "#"},
		{"with full points", "110105．19491231．002X", "#"},
		{"with middle dots", "张某110105·19491231·002X。", "张某#。"},
		{"with strokes", "110105/1949/12/31/002X", "#"},
		{"in a file's name", "名单_110105_19491231_002X.csv", "名单_#.csv"},
		{"with commas", "110105,19491231,002X", "#"},
		{"with Chinese commas", "110105、19491231，002X", "#"},
		{"parted elsewhere", "1101.05194912.31002X", "1101.05194912.31002X"},
		{"a point after a day", "2026.08.01.320102200103051230", "2026.08.01.#"},
		{"fifteen digits between strokes", "身份证/320102010305123/13800000000", "身份证/#/13800000000"},
		{"old and new side by side", "身份证320102010305123、110105,19491231,002X", "身份证#、#"},
		{"amounts", "320,102,198,001,011,000", "320,102,198,001,011,000"},
		{"in a remark", "身份证320102200103051230已核", "身份证#已核"},
		{"behind letters", "ID:320102200103051230;", "ID:#;"},
		{"two", "320102200103051230、11010519491231002X", "#、#"},
		{"after a row's number", "1 320102200103051230", "1 #"},
		{"the tax number of a person", "32010220010305123001", "#01"},
		{"mistyped", "320102200103051231", "#"},
		{"what Excel left of it", "3.20102200103051E+17", "#"},
		{"of before 1999, said to be one", "身份证号：320102010305123", "身份证号：#"},
		{"fifteen digits", "320102010305123", "320102010305123"},
		{"a credit code", "91320102MA1K2X3Y4A", "91320102MA1K2X3Y4A"},
		{"a credit code of digits", "913201023025000010", "913201023025000010"},
		{"a contract's number by place and day", "320102202503050001", "320102202503050001"},
		{"no such day", "320102200113051230", "320102200113051230"},
		{"no such province", "170102200103051230", "170102200103051230"},
		{"two days", "2001-03-05 2012-03-05 12", "2001-03-05 2012-03-05 12"},
		{"a company", "南京金陵智能装备制造股份有限公司江宁分公司（筹）", "南京金陵智能装备制造股份有限公司江宁分公司（筹）"},
		{"nothing", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			masked := ""
			b, at := []byte(c.text), 0
			if MayHoldIdentity(b) {
				identities(b, func(from, to int, _ []byte) {
					masked += string(b[at:from]) + "#"
					at = to
				})
			}
			if masked += string(b[at:]); masked != c.masked {
				t.Errorf("%q: got %q, want %q", c.text, masked, c.masked)
			}
			if HoldsIdentity(b) != (c.text != c.masked) {
				t.Errorf("%q: HoldsIdentity = %v", c.text, HoldsIdentity(b))
			}
		})
	}
}

// A number that satisfies both checks is a person's if it holds a day of birth.
func TestIdentityAgainstCreditCode(t *testing.T) {
	both, wrong := 0, 0
	digits := []byte("320102198001010000")
	for n := range 1000 {
		digits[14], digits[15], digits[16] = byte('0'+n/100), byte('0'+n/10%10), byte('0'+n%10)
		credit, _, ok := parse.CodeCheck(digits)
		if !ok || credit < '0' || credit > '9' {
			continue
		}
		digits[17] = credit
		if identityCheck(digits) == credit {
			both++
			if !HoldsIdentity(digits) {
				t.Errorf("%s satisfies both checks and holds a day of birth", digits)
			}
		} else if wrong++; HoldsIdentity(digits) {
			t.Errorf("%s is a credit code by its check and no identity number by its own", digits)
		}
	}
	if both == 0 || wrong == 0 {
		t.Errorf("%d numbers satisfy both checks, %d one: the test shows nothing", both, wrong)
	}
}

func TestMaskerTellsPersonsApart(t *testing.T) {
	m := NewMasker([]byte("a key"))
	same := []string{"11010519491231002X", "11010519491231002x", " 110105 19491231 002X", "１１０１０５１９４９１２３１００２Ｘ", "110105491231002"}
	for _, s := range same {
		if got, want := m.Value(ID, s), m.ID(same[0]); got != want {
			t.Errorf("%q is masked as %s, %q as %s: one person", s, got, same[0], want)
		}
	}
	if got, want := m.Text("证"+same[0]), "证"+m.ID(same[0]); got != want {
		t.Errorf("in a text it is %s, want %s", got, want)
	}
	if m.ID("JL-001") == m.ID("JL-002") {
		t.Error("two numbers have one word")
	}
	if m.ID("JL-001") == NewMasker([]byte("another")).ID("JL-001") {
		t.Error("two keys give one word")
	}
	for _, p := range []string{"13812345678", "+86 138-1234-5678", "138 1234 5678"} {
		if m.Phone(p) != m.Phone("13812345678") {
			t.Errorf("%q is another telephone", p)
		}
	}
	for name, want := range map[string]string{"张伟": "张*", "欧阳锋": "欧**", "李": "*", "": "", "𠂇某": "𠂇*"} {
		if got := m.Name(name); got != want {
			t.Errorf("%s is masked as %s, want %s", name, got, want)
		}
	}
	if w := m.ID("JL-001"); m.Text(w) != w {
		t.Errorf("%s is taken for a number", w)
	}
}

func BenchmarkLookForIdentity(b *testing.B) {
	for _, cell := range []string{"91320102MA1K2X3Y4A", "913201023025000010", "320102000123456", "张伟", "南京金陵智能装备制造股份有限公司",
		"江苏省南京市江宁区秣陵街道将军大道159号"} {
		b.Run(cell, func(b *testing.B) {
			text := []byte(cell)
			for b.Loop() {
				HoldsIdentity(text)
			}
		})
	}
}

// Money goes to firms, whose names stay, and to persons, whose do not.
func TestPartiesThatArePersons(t *testing.T) {
	m := NewMasker([]byte("key"))
	for _, firm := range []string{"南京示例软件有限公司", "南京大学", "江宁医院", "ABB", "示例集团", "南京市示例区财政局", ""} {
		if got := m.Value(Party, firm); got != firm {
			t.Errorf("%s became %s", firm, got)
		}
	}
	for _, person := range []string{"杨辰龙", "李园", "欧阳试样", "阿依古丽·买买提", "张 三", "李学会计"} {
		got := m.Value(Party, person)
		if strings.Contains(got, person[3:]) || !strings.HasPrefix(got, person[:3]+"*") {
			t.Errorf("%s became %s", person, got)
		}
	}
	if a, b := m.Party("张三"), m.Party("张四"); a == b || a != m.Party("张三") {
		t.Errorf("two persons are %s and %s", a, b)
	}
}

func TestBeginsIdeograph(t *testing.T) {
	for c := range 256 {
		for at := range 8 {
			b := []byte("\x00\xE3\xEA\x7F\x80\xFF\x64\x69")
			b[at] = byte(c)
			if got, want := beginsIdeograph(binary.LittleEndian.Uint32(b[at&^3:])), c >= 0xE4 && c <= 0xE9; got != want {
				t.Fatalf("%#x at %d: %v", c, at, got)
			}
		}
	}
}

// FuzzMaskText: whatever stands in a text, nothing in what is shown of it looks like an identity
// number any more.
func FuzzMaskText(f *testing.F) {
	for _, s := range []string{"身份证320102010305123、110105,19491231,002X", "1.320102200103051230E+17",
		"110105 19491231 002X/320102200103051230", "3.20102200103051E+17。",
		"身份证110000000101000\u2001110105 19491231 002X"} {
		f.Add(s)
	}
	mask := NewMasker([]byte("key"))
	f.Fuzz(func(t *testing.T, s string) {
		if shown := mask.Text(s); HoldsIdentity([]byte(shown)) {
			t.Errorf("%q is shown as %q", s, shown)
		}
		identities([]byte(s), func(from, to int, _ []byte) {
			if !MayHoldIdentity([]byte(s)) {
				t.Errorf("the quick look at %q misses %q", s, s[from:to])
			}
		})
	})
}
