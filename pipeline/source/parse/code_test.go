package parse

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"citykpi/pipeline/source/fold"
)

func TestParseCode(t *testing.T) {
	for _, tt := range []struct {
		in    string
		excel bool
		want  string
	}{
		{"91350100M000100Y43", false, "91350100M000100Y43"},
		{"91350100M000100Y4Z", false, "credit_code.check"},
		{"91350100M000100Y44", false, "credit_code.check"},
		{"91231222MA193K3x7M", false, "91231222MA193K3X7M"},
		{"９１３５０１００Ｍ０００１００Ｙ４３", false, "91350100M000100Y43"},
		{"9135 0100 M000 100Y 43", false, "91350100M000100Y43"},
		{"320100000123456", false, "320100000123456"}, {"3201000001234", false, "3201000001234"}, {"企独苏宁字第1", false, "credit_code.form"},
		{"12345678X90", false, "12345678X90"}, {"9.13201E+17", false, "credit_code.digits_lost"},
		{"913201000000000000", true, "credit_code.digits_lost"},
		{"320100000123456", true, "320100000123456"}, {"123", false, "credit_code.form"}, {"32010000012345A", false, "credit_code.form"},
	} {
		got, p := Code(nil, []byte(tt.in), tt.excel)
		text := string(got)
		if p != nil {
			text = p.Rule
		}
		if text != tt.want {
			t.Errorf("parseCode(%q) = %s, want %s", tt.in, text, tt.want)
		}
	}
	_, p := Code(nil, []byte("91350100M000100Y44"), false)
	if want := "校验码不符：末位应为“3”，实为“4”"; p.Reason != want {
		t.Errorf("reason %q, want %q", p.Reason, want)
	}
}

// A registration number is not two.
func TestParseRegistrationNo(t *testing.T) {
	for in, want := range map[string]string{"320100000123456": "320100000123456", "企独苏宁总字第 000001 号": "企独苏宁总字第000001号",
		"3201 0000 0123 456": "320100000123456", "32010000\n0123456": "320100000123456",
		"320100000123456\n320100000123457": "registration_no.several",
		"320100000123456 320100000123457":  "registration_no.several", "3201000001234\n3201000001235": "registration_no.several"} {
		got, p := RegistrationNo(nil, []byte(in), false)
		text := string(got)
		if p != nil {
			text = p.Rule
		}
		if text != want {
			t.Errorf("parseRegistrationNo(%q) = %s, want %s", in, text, want)
		}
	}
}

// A code that is read has every letter and digit of its cell in their order,
// reads as itself again, and passes its check.
func FuzzCode(f *testing.F) {
	for _, s := range []string{"91350100M000100Y43", "320100000123456", "9.13201E+17", "91350100M000100Y44",
		"'91350100m000100y43 ", "３２０１００００００１２３４５６"} {
		f.Add(s, false)
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, s string, excel bool) {
		if !utf8.ValidString(s) {
			return
		}
		cell := fold.Trim([]byte(s))
		no, p := RegistrationNo(nil, cell, excel)
		if p == nil {
			if again, p := RegistrationNo(nil, no, false); p != nil || !bytes.Equal(again, no) {
				t.Fatalf("registration number %q is %q, which is %q %v", s, no, again, p)
			}
		}
		code, p := Code(nil, cell, excel)
		if p != nil {
			if p.Rule == "" || p.Reason == "" || !utf8.ValidString(p.Reason) {
				t.Fatalf("%q is refused as %+v", s, p)
			}
			return
		}
		if want := bytes.ToUpper(fold.Append(nil, cell)); !bytes.Equal(code, want) {
			t.Fatalf("%q is %q, its characters are %q", s, code, want)
		}
		if again, p := Code(nil, code, false); p != nil || !bytes.Equal(again, code) {
			t.Fatalf("%q is %q, which is %q %v", s, code, again, p)
		}
		if check, ok := CheckCharacter(string(code)); len(code) == 18 && (!ok || check != code[17]) {
			t.Fatalf("%q passes with check %c", code, check)
		}
		if excel && len(code) > 15 {
			t.Fatalf("%q passes as a number, of which a workbook keeps fifteen digits", code)
		}
	})
}
