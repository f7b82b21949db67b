package charset

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// A text that some program read in the wrong encoding and saved again is well formed, and says nothing:
// ¼×¹«Ë¾ and ç”²å…¬å�¸ are 甲公司, 鍗椾含鍏徃 is 南京公司.

// Garbled reports a text, not all of it ASCII, whose characters are rather the bytes of Chinese ones.
func Garbled(text []byte) bool { return garbledLatin(text) || garbledGB(text) }

// garbledLatin reports letters with accents and signs, four or more of them side by side, that are the bytes of
// Chinese characters. No language has words of such letters alone.
func garbledLatin(text []byte) bool {
	var run []byte
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		text = text[n:]
		c, ok := byte(r), r >= 0x80 && r <= 0xFF
		if !ok && r >= 0x152 && r <= 0x2122 && r != utf8.RuneError {
			c, ok = charmap.Windows1252.EncodeRune(r)
		}
		if ok {
			if run = append(run, c); len(text) > 0 {
				continue
			}
		}
		inUTF8, inGB := plausible(run)
		wasUTF8 := utf8.Valid(run) && inUTF8 >= 0.9 && mostlyCommon(run)
		if len(run) >= 4 && (wasUTF8 || len(run)%2 == 0 && inGB >= 0.9) {
			return true
		}
		run = run[:0]
	}
	return false
}

// garbledGB reports characters that are the bytes in GB 18030 of two or more Chinese ones in UTF-8. Some of such
// characters are always for private use: none else are looked at.
func garbledGB(text []byte) bool {
	if bytes.IndexByte(text, firstOfPrivate) < 0 {
		return false
	}
	encoder, raw := simplifiedchinese.GB18030.NewEncoder(), []byte(nil)
	for _, r := range string(text) {
		if code := gbPrivateCode(r); code != 0 {
			raw = append(raw, byte(code>>8), byte(code))
			continue
		}
		b, err := encoder.Bytes([]byte(string(r)))
		if err != nil {
			return false
		}
		raw = append(raw, b...)
	}
	if raw = bytes.TrimRight(WithoutHalf(raw), "?"); !utf8.Valid(raw) {
		return false
	}
	chinese := 0
	for _, r := range string(raw) {
		if r >= 0x4E00 && r <= 0x9FFF {
			chinese++
		}
	}
	return chinese >= 2
}

// gbPrivateCode is the two-byte code of a character of the three user-defined areas, 0 of any other.
func gbPrivateCode(r rune) uint16 {
	switch {
	case r >= 0xE000 && r < 0xE234:
		return uint16((0xAA+(r-0xE000)/94)<<8 | 0xA1 + (r-0xE000)%94)
	case r >= 0xE234 && r < 0xE4C6:
		return uint16((0xF8+(r-0xE234)/94)<<8 | 0xA1 + (r-0xE234)%94)
	case r >= 0xE4C6 && r < 0xE766:
		trail := 0x40 + (r-0xE4C6)%96
		if trail >= 0x7F {
			trail++
		}
		return uint16((0xA1+(r-0xE4C6)/96)<<8 | trail)
	}
	return 0
}
