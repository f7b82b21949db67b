package demo

import (
	"fmt"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// moved are the characters whose two-byte codes the 2005 and 2022 editions of
// GB 18030 took from the private-use area. x/text writes and reads them as before.
var moved = map[rune]uint16{
	0x9FB4: 0xFE59, 0x9FB5: 0xFE61, 0x9FB6: 0xFE66, 0x9FB7: 0xFE67, 0x9FB8: 0xFE6D, 0x9FB9: 0xFE7E, 0x9FBA: 0xFE90, 0x9FBB: 0xFEA0,
	0x20087: 0xFE51, 0x20089: 0xFE52, 0x200CC: 0xFE53, 0x215D7: 0xFE6C, 0x2298F: 0xFE76, 0x241FE: 0xFE91,
}

// charset encodes UTF-8 as GB 18030, by a table: a million rows take seconds through
// x/text. It is safe for concurrent use.
type charset struct {
	codes [1 << 16]uint32 // two or four bytes of each character of the basic plane, 0: none
}

func newCharset() (*charset, error) {
	runes := make([]rune, 0, 1<<16)
	for r := rune(0x80); r < 1<<16; r++ {
		if utf8.ValidRune(r) && (r < 0xE000 || r > 0xF8FF) && r != utf8.RuneError {
			runes = append(runes, r)
		}
	}
	coded, err := simplifiedchinese.GB18030.NewEncoder().String(string(runes))
	if err != nil {
		return nil, fmt.Errorf("build GB 18030 table: %w", err)
	}
	c := &charset{}
	for _, r := range runes {
		size := 2
		if coded[1] < 0x40 { // second byte 0x30–0x39: four bytes
			size = 4
		}
		for _, b := range []byte(coded[:size]) {
			c.codes[r] = c.codes[r]<<8 | uint32(b)
		}
		coded = coded[size:]
	}
	for r, code := range moved {
		if r < 1<<16 {
			c.codes[r] = uint32(code)
		}
	}
	return c, nil
}

// encode appends the GB 18030 form of UTF-8 text to out.
func (c *charset) encode(out, text []byte) []byte {
	for len(text) > 0 {
		if text[0] < utf8.RuneSelf {
			out, text = append(out, text[0]), text[1:]
			continue
		}
		r, size := utf8.DecodeRune(text)
		text = text[size:]
		var code uint32
		if r < 1<<16 {
			code = c.codes[r]
		} else if m, ok := moved[r]; ok {
			code = uint32(m)
		} else {
			code = supplementary(r)
		}
		if code > 0xFFFF {
			out = append(out, byte(code>>24), byte(code>>16))
		}
		out = append(out, byte(code>>8), byte(code))
	}
	return out
}

// supplementary is the four-byte code of a character beyond the basic plane: they
// are numbered without gaps from 0x90308130.
func supplementary(r rune) uint32 {
	n := uint32(r) - 0x10000
	return (0x90+n/12600)<<24 | (0x30+n/1260%10)<<16 | (0x81+n/10%126)<<8 | (0x30 + n%10)
}
