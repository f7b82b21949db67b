package charset

import (
	"unicode"
	"unicode/utf8"

	"citykpi/pipeline/source/fold"
)

// plausible weighs the characters of a text that are no ASCII, read as UTF-8 and as GB 18030:
// 1 if all are such as people write, 0 if none are. Well-formed text of one encoding can be well
// formed in the other by accident, but what it says there hardly anybody writes.
func plausible(b []byte) (utf, gb float64) {
	total := 0
	for _, c := range b {
		if c >= utf8.RuneSelf {
			total++
		}
	}
	if total == 0 {
		return 1, 1
	}
	return plausibleUTF8(b) / float64(total), plausibleGB(b) / float64(total)
}

func plausibleUTF8(b []byte) (sum float64) {
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		weight := 0.0
		switch {
		case r == utf8.RuneError:
		case r >= 0x4E00 && r <= 0x9FFF, r >= 0x3000 && r <= 0x303F, r >= 0xFF00 && r <= 0xFFEF, r >= 0x2000 && r <= 0x26FF, commonSign(r):
			weight = 1
		case r >= 0x3400 && r <= 0x9FFF, r > 0xFFFF, r == 0xFEFF:
			weight = 0.5
		case r < 0x250: // a Latin letter with an accent stands in a word of Latin letters
			weight = 0.25
			if i > 0 && fold.IsLetter(b[i-1]) || i+n < len(b) && fold.IsLetter(b[i+n]) {
				weight = 1
			}
		case unicode.In(r, unicode.Greek, unicode.Cyrillic):
			weight = 0.9
		case n == 3:
			weight = 0.2
		}
		sum += weight * float64(n)
		i += n
	}
	return sum
}

func plausibleGB(b []byte) (sum float64) {
	for i := 0; i < len(b); {
		c := b[i]
		if c < utf8.RuneSelf || i+1 == len(b) {
			i++
			continue
		}
		trail := b[i+1]
		switch {
		case c == 0x80 || c == 0xFF || trail < 0x30:
			i++
			continue
		case trail <= '9':
			if i+3 < len(b) && b[i+2] >= 0x81 && b[i+3] >= '0' && b[i+3] <= '9' {
				sum += 0.2 * 2 // two of the four bytes are counted
				i += 4
			} else {
				i++
			}
			continue
		case trail < 0x40 || trail == 0x7F || trail == 0xFF:
			i++
			continue
		case trail >= 0xA1 && (c >= 0xB0 && c <= 0xD7 || c >= 0xA1 && c <= 0xA3): // common characters, punctuation
			sum += 2
		case trail >= 0xA1 && c >= 0xD8 && c <= 0xF7: // rare ones
			sum += 0.4 * 2
		default:
			sum += 0.1 * 2
		}
		i += 2
	}
	return sum
}
