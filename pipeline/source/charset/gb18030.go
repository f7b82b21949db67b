package charset

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"sync"
	"unicode/utf8"

	"citykpi/pipeline/source/fold"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"
)

// gbTable holds, for each of the 23,940 two-byte codes of GB 18030 less 0x8000, its UTF-8
// bytes in the low end and their number in the top byte; 0 is a code of four UTF-8 bytes
// (in astral) or no code.
type gbTable struct {
	entries [1 << 15]uint32
	astral  map[uint16]rune
}

// gbPatch are the two-byte codes that x/text v0.43 turns into U+FFFD although
// GB 18030-2005 and -2022 assign them: vertical forms, ḿ, and the fourteen
// characters that once had private-use codes. Private-use codes follow by rule
// in gbPrivate.
var gbPatch = map[uint16]rune{
	0xA6D9: 0xFE10, 0xA6DA: 0xFE12, 0xA6DB: 0xFE11, 0xA6DC: 0xFE13, 0xA6DD: 0xFE14, 0xA6DE: 0xFE15, 0xA6DF: 0xFE16,
	0xA6EC: 0xFE17, 0xA6ED: 0xFE18, 0xA6F3: 0xFE19, 0xA8BC: 0x1E3F,
	0xFE51: 0x20087, 0xFE52: 0x20089, 0xFE53: 0x200CC, 0xFE59: 0x9FB4, 0xFE61: 0x9FB5, 0xFE66: 0x9FB6,
	0xFE67: 0x9FB7, 0xFE6C: 0x215D7, 0xFE6D: 0x9FB8, 0xFE76: 0x2298F, 0xFE7E: 0x9FB9, 0xFE90: 0x9FBA,
	0xFE91: 0x241FE, 0xFEA0: 0x9FBB,
}

// gbPrivate are the runs of two-byte codes that mean private-use characters:
// the three user-defined areas and the gaps between the rows of symbols
// (GB 18030-2005, annex; the same in WHATWG's index).
var gbPrivate = []struct {
	from, to uint16
	rune     rune
}{
	{0xA2AB, 0xA2B0, 0xE766}, {0xA2E4, 0xA2E4, 0xE76D}, {0xA2EF, 0xA2F0, 0xE76E}, {0xA2FD, 0xA2FE, 0xE770},
	{0xA4F4, 0xA4FE, 0xE772}, {0xA5F7, 0xA5FE, 0xE77D}, {0xA6B9, 0xA6C0, 0xE785}, {0xA6F6, 0xA6FE, 0xE797},
	{0xA7C2, 0xA7D0, 0xE7A0}, {0xA7F2, 0xA7FE, 0xE7AF}, {0xA896, 0xA8A0, 0xE7BC}, {0xA8C1, 0xA8C4, 0xE7C9},
	{0xA8EA, 0xA8FE, 0xE7CD}, {0xA958, 0xA958, 0xE7E2}, {0xA95B, 0xA95B, 0xE7E3}, {0xA95D, 0xA95F, 0xE7E4},
	{0xA997, 0xA9A3, 0xE7F4}, {0xA9F0, 0xA9FE, 0xE801}, {0xD7FA, 0xD7FE, 0xE810},
}

// gbRune is the patch's answer for a two-byte code that x/text does not know.
func gbRune(code uint16) rune {
	if r, ok := gbPatch[code]; ok {
		return r
	}
	lead, trail := rune(code>>8), rune(code&0xFF)
	switch {
	case lead >= 0xAA && lead <= 0xAF && trail >= 0xA1:
		return 0xE000 + (lead-0xAA)*94 + trail - 0xA1
	case lead >= 0xF8 && lead <= 0xFE && trail >= 0xA1:
		return 0xE234 + (lead-0xF8)*94 + trail - 0xA1
	case lead >= 0xA1 && lead <= 0xA7 && trail <= 0xA0:
		if trail > 0x7F {
			trail-- // 0x7F is no trail byte
		}
		return 0xE4C6 + (lead-0xA1)*96 + trail - 0x40
	}
	for _, run := range gbPrivate {
		if code >= run.from && code <= run.to {
			return run.rune + rune(code-run.from)
		}
	}
	return utf8.RuneError
}

// gbTableOnce builds the table on first use: it is a constant that is too long to write.
var gbTableOnce = sync.OnceValue(func() *gbTable {
	t := &gbTable{astral: map[uint16]rune{}}
	decoder := simplifiedchinese.GB18030.NewDecoder()
	for lead := 0x81; lead <= 0xFE; lead++ {
		for trail := 0x40; trail <= 0xFE; trail++ {
			if trail == 0x7F {
				continue
			}
			code := uint16(lead<<8 | trail)
			text, err := decoder.Bytes([]byte{byte(lead), byte(trail)})
			r, _ := utf8.DecodeRune(text)
			if err != nil || r == utf8.RuneError {
				r = gbRune(code)
			}
			var b [4]byte
			n := utf8.EncodeRune(b[:], r)
			if n == 4 {
				t.astral[code] = r
				continue
			}
			t.entries[code&0x7FFF] = binary.LittleEndian.Uint32(b[:]) | uint32(n)<<24
		}
	}
	return t
})

// Decoder turns GB 18030 into UTF-8. It is not safe for concurrent use.
type Decoder struct {
	table *gbTable
	slow  transform.Transformer
}

// NewDecoder makes a decoder; all of them share one table.
func NewDecoder() *Decoder {
	return &Decoder{table: gbTableOnce(), slow: simplifiedchinese.GB18030.NewDecoder().Transformer}
}

// Decode appends src, which ends between characters, to dst[:0]. Bytes that
// are no character become U+FFFD; bad counts them. odd reports that the text
// has U+FFFD, invisible or control characters.
func (d *Decoder) Decode(dst, src []byte) (out []byte, bad int, odd bool) {
	dst = roomFor(dst[:0], src)
	n, i := 0, 0
	for i < len(src) {
		for i+8 <= len(src) { // eight bytes, or as many of them as are ASCII
			w := binary.LittleEndian.Uint64(src[i:])
			if w&highBits == 0 {
				binary.LittleEndian.PutUint64(dst[n:], w)
				odd = odd || belowBlank(w) && hasControls(src[i:i+8])
				i, n = i+8, n+8
				continue
			}
			if ascii := leadingASCII(w); ascii > 0 {
				binary.LittleEndian.PutUint64(dst[n:], w)
				odd = odd || belowBlank(onlyFirst(w, ascii)) && hasControls(src[i:i+ascii])
				i, n = i+ascii, n+ascii
			}
			break
		}
		if i >= len(src) {
			break
		}
		if c := src[i]; c < utf8.RuneSelf {
			odd = odd || isControl(c)
			dst[n] = c
			i, n = i+1, n+1
			continue
		}
		before := i
		for i+1 < len(src) && src[i] >= utf8.RuneSelf {
			e := d.table.entries[binary.BigEndian.Uint16(src[i:])&0x7FFF]
			if e == 0 {
				break
			}
			binary.LittleEndian.PutUint32(dst[n:], e)
			i, n = i+2, n+int(e>>24)
		}
		if i > before {
			continue
		}
		r, width := d.rare(src[i:])
		if r == utf8.RuneError {
			bad++
		}
		odd = odd || r == utf8.RuneError || fold.Invisible(r) || r < 0xA0
		n += utf8.EncodeRune(dst[n:], r)
		i += width
		dst = roomFor(dst[:n], src[i:]) // one byte that is no character became three
	}
	return dst[:n], bad, odd
}

// roomFor gives dst room for src as UTF-8, of which two bytes become three at most, and all of its capacity.
func roomFor(dst, src []byte) []byte {
	dst = slices.Grow(dst, len(src)*3/2+64)
	return dst[:cap(dst)]
}

// rare decodes a code of four bytes, or of two that UTF-8 has four for, or a byte that is no character.
func (d *Decoder) rare(src []byte) (rune, int) {
	if len(src) >= 2 {
		if r, ok := d.table.astral[binary.BigEndian.Uint16(src)]; ok {
			return r, 2
		}
	}
	if src[0] == 0x80 {
		return '€', 1
	}
	if len(src) >= 4 && src[0] <= 0xFE && src[1] >= 0x30 && src[1] <= 0x39 && src[2] >= 0x81 && src[2] <= 0xFE &&
		src[3] >= 0x30 && src[3] <= 0x39 {
		var b [8]byte
		d.slow.Reset()
		n, _, err := d.slow.Transform(b[:], src[:4], true)
		if r, _ := utf8.DecodeRune(b[:n]); err == nil && n > 0 {
			return r, 4
		}
	}
	return utf8.RuneError, 1
}

const highBits = 0x8080808080808080

// leadingASCII is how many of eight bytes, from the first on, are ASCII.
func leadingASCII(w uint64) int { return bits.TrailingZeros64(w&highBits) / 8 }

// onlyFirst has the first n of eight bytes, and blanks for the others.
func onlyFirst(w uint64, n int) uint64 {
	const blanks = ' ' * 0x0101010101010101
	first := uint64(1)<<(8*n) - 1 // all bits for 8
	return w&first | blanks&^first
}

// belowBlank reports that one of eight ASCII characters is less than a blank: it borrows from its highest bit.
func belowBlank(w uint64) bool {
	const blanks = ' ' * 0x0101010101010101
	return (w-blanks)&highBits != 0
}

// hasControls reports a control character that no text has.
func hasControls(b []byte) bool {
	for _, c := range b {
		if isControl(c) {
			return true
		}
	}
	return false
}
