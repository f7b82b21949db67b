// Package charset reads the bytes of texts: it decodes GB 18030, Big5 and UTF-16 into UTF-8, and tells which of them a text
// is, which lines of it are in another, and what was read in a wrong one before.
package charset

import (
	"bytes"
	"math/bits"
	"unicode/utf8"

	"citykpi/pipeline/source/fold"
)

// Encodings of texts. A workbook's is "".
const (
	UTF8    = "utf-8"
	GB18030 = "gb18030"
	UTF16LE = "utf-16le"
	UTF16BE = "utf-16be"
)

// Byte order marks.
const (
	MarkUTF8 = "\xEF\xBB\xBF"
	MarkGB   = "\x84\x31\x95\x33"
)

// WithoutHalf cuts off the first bytes of a UTF-8 character that b's end, in a
// text of one long line, has parted.
func WithoutHalf(b []byte) []byte {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if utf8.RuneStart(b[len(b)-n]) {
			if !utf8.FullRune(b[len(b)-n:]) {
				return b[:len(b)-n]
			}
			break
		}
	}
	return b
}

// InvalidUTF8 counts the bytes that are no UTF-8.
func InvalidUTF8(b []byte) (bad int) {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			bad++
		}
		b = b[n:]
	}
	return bad
}

// FirstBad is the index of the first bytes that are no character, -1 if all are.
func FirstBad(b []byte, gb bool) int {
	if !gb {
		for i := 0; i < len(b); {
			r, n := utf8.DecodeRune(b[i:])
			if r == utf8.RuneError {
				return i
			}
			i += n
		}
		return -1
	}
	d := NewDecoder()
	for i := 0; i < len(b); {
		n := 1
		if b[i] >= utf8.RuneSelf {
			if n = 2; b[i] == 0x80 {
				n = 1 // €
			} else if i+1 < len(b) && b[i+1] >= '0' && b[i+1] <= '9' {
				n = 4
			}
			n = min(n, len(b)-i)
			if text, bad, _ := d.Decode(nil, b[i:i+n]); bad > 0 || fold.HasReplacement(text) {
				return i
			}
		}
		i += n
	}
	return -1
}

// commonSign: what of Latin-1 stands in Chinese texts: 阿里·木, 3×4, ±5°, m².
func commonSign(r rune) bool {
	switch r {
	case 0xA7, 0xB0, 0xB1, 0xB2, 0xB3, 0xB7, 0xD7, 0xF7:
		return true
	}
	return false
}

// InvalidGB counts the bytes of GB 18030 that are no character.
func InvalidGB(b []byte) int {
	_, bad, _ := NewDecoder().Decode(nil, b)
	return bad
}

// IsBinary reports bytes that are no text: some dozens of control characters of many kinds. A text
// with a stray one is a text, and its row is looked at.
func IsBinary(b []byte) bool {
	for _, magic := range []string{
		"\x89PNG", "%PDF-", "GIF8", "\xFF\xD8\xFF", "\x1F\x8B", "Rar!", "7z\xBC\xAF", "BZh", "\x7FELF", "\x28\xB5\x2F\xFD",
	} {
		if bytes.HasPrefix(b, []byte(magic)) {
			return true
		}
	}
	kinds, runs := uint32(0), 0
	for i, c := range b {
		if isControl(c) {
			kinds |= 1 << c
			if i == 0 || b[i-1] != c {
				runs++
			}
		}
	}
	return bits.OnesCount32(kinds) >= 4 && runs*50 > len(b) || runs*5 > len(b)*2
}

// isControl: a control character that no text has.
func isControl(c byte) bool {
	return c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1A && c != 0x0B
}
