package charset

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"citykpi/pipeline/source/fold"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// All 23,940 two-byte codes have a character of their own, and those that
// x/text knows are x/text's.
func TestGBTable(t *testing.T) {
	d := NewDecoder()
	reference := simplifiedchinese.GB18030.NewDecoder()
	owner := map[rune]int{}
	patched := 0
	for lead := 0x81; lead <= 0xFE; lead++ {
		for trail := 0x40; trail <= 0xFE; trail++ {
			if trail == 0x7F {
				continue
			}
			code := []byte{byte(lead), byte(trail)}
			text, bad, _ := d.Decode(nil, code)
			r, n := utf8.DecodeRune(text)
			if bad != 0 || r == utf8.RuneError || n != len(text) {
				t.Fatalf("%X decodes to %q", code, text)
			}
			want, _ := reference.Bytes(code)
			if w, _ := utf8.DecodeRune(want); w == utf8.RuneError {
				patched++
			} else if w != r {
				t.Errorf("%X is %U, x/text says %U", code, r, w)
			}
			if other, taken := owner[r]; taken && !(r == '\u3000') { // A3A0 is a second ideographic space
				t.Errorf("%X and %X are both %U", other, code, r)
			}
			owner[r] = lead<<8 | trail
		}
	}
	if patched != 2067 {
		t.Errorf("%d codes are patched; x/text has changed: look at gbPatch again", patched)
	}
	for code, want := range map[string]rune{"\xFE\x59": '龴', "\xFE\x61": '龵', "\xFE\x6D": '龸', "\xFE\xA0": '龻', "\xFE\x51": '𠂇',
		"\xFE\x76": '𢦏',
		"\xA6\xD9": '︐', "\xA6\xFE": '\uE79F', "\xAA\xA1": '\uE000', "\xFE\xFE": '\uE4C5', "\xA1\x40": '\uE4C6',
		"\xA7\xA0": '\uE765', "\xA8\xBC": 'ḿ'} {
		if text, _, _ := d.Decode(nil, []byte(code)); string(text) != string(want) {
			t.Errorf("%X is %q, want %q", code, text, want)
		}
	}
}

// Text of every plane comes back from x/text's encoder, at every offset to the fast path's words.
func TestGBRoundTrip(t *testing.T) {
	var text []rune
	for r := rune(1); r < 0x30000; r += 1 + r/200 {
		if utf8.ValidRune(r) && r != utf8.RuneError && !(r >= 0xE000 && r < 0xF900) {
			text = append(text, r)
		}
	}
	d := NewDecoder()
	for shift := range 9 {
		want := append(bytes.Repeat([]byte{'a'}, shift), string(text)...)
		encoded, err := simplifiedchinese.GB18030.NewEncoder().Bytes(want)
		if err != nil {
			t.Fatal(err)
		}
		if got, bad, _ := d.Decode(nil, encoded); bad != 0 || !bytes.Equal(got, want) {
			t.Fatalf("shift %d: %d bad", shift, bad)
		}
	}
}

func TestGBInvalid(t *testing.T) {
	d := NewDecoder()
	got, bad, odd := d.Decode(nil, []byte("a\xFFb\x81\x20c\x81"))
	if string(got) != "a\uFFFDb\uFFFD c\uFFFD" || bad != 3 || !odd {
		t.Errorf("%q, %d bad, odd %v", got, bad, odd)
	}
}

func TestExamineUTF8(t *testing.T) {
	for _, tt := range []struct {
		in         string
		valid, odd bool
	}{
		{"abcdefghij南京市", true, false}, {"南\uFFFD京", true, true}, {"南京\xe4\xba", false, true}, {"南\u200b京", true, true},
		{"\xff", false, true},
		{"南\u00a0京", true, true}, {"（南京）　", true, false}, {"", true, false}, {"𠂇·南3×4", true, false}, {"𠂇é南", true, true},
		{"a\x01b", true, true}, {"abcdefgh\x1fij", true, true}, {"ab\tcdefgh\r\nij", true, false},
		{"\xe5\x8d", false, true}, {"南a", true, false},
		{"南\uEEDF京", true, true},
	} {
		if valid, odd := Examine([]byte(tt.in)); valid != tt.valid || odd != tt.odd {
			t.Errorf("examineUTF8(%q) = %v, %v", tt.in, valid, odd)
		}
	}
}

func FuzzGB18030(f *testing.F) {
	f.Add([]byte("南京，（有限）　公司，\u3001\uFF5E\uFEFFab南1\x01"))
	f.Add([]byte("abcdefg南\x1fabcdefgh南京市江\uFFFD宁"))
	f.Add([]byte("\xC4\xCF\xBE\xA9abc\x82\x35\x90\x37\xFF"))
	f.Add([]byte("南\uEEDF京\uE000\uEFFF"))
	f.Add([]byte("\uF000\uF8FF南"))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, bad, odd := NewDecoder().Decode(nil, b)
		if !utf8.Valid(got) || bad > 0 && !odd {
			t.Fatalf("%X: %q, %d bad, odd %v", b, got, bad, odd)
		}
		if valid, odd := Examine(b); valid != utf8.Valid(b) || valid && odd != hasOddities(b) {
			t.Fatalf("%X: examineUTF8 says %v, odd %v", b, valid, odd)
		}
	})
}

// hasOddities is what Examine finds in valid text, one character after another.
func hasOddities(b []byte) bool {
	for _, r := range string(b) {
		switch n := utf8.RuneLen(r); {
		case n == 1 && isControl(byte(r)), r == utf8.RuneError, n > 1 && fold.Invisible(r) && r != 0x3000, n == 2 && !commonSign(r),
			r >= 0xE000 && r <= 0xEFFF:
			return true
		}
	}
	return false
}
