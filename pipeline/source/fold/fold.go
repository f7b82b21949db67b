// Package fold makes texts comparable: widths, blanks, marks that take no ink, and characters that only look like
// others differ in the files of bureaus and mean nothing. All texts are UTF-8.
package fold

import (
	"bytes"
	"unicode/utf8"
)

// IsTrimmed is a quick look that most cells pass: at both ends stands a letter, a digit, a sign of ASCII or
// an ideograph.
func IsTrimmed(b []byte) bool {
	n := len(b)
	return n > 2 && startsText[b[0]] && (b[n-1]-'!' < 0x7F-'!' || b[n-3]-0xE4 <= 0xE9-0xE4)
}

var startsText = func() (t [256]bool) {
	for c := range t {
		t[c] = c > ' ' && c < 0x7F && c != '\'' || c >= 0xE4 && c <= 0xE9
	}
	return t
}()

// Trim drops what people and programs leave around a value: blanks of every
// width, zero-width marks and the apostrophe by which Excel is told "text".
func Trim(b []byte) []byte {
	for len(b) > 0 {
		switch c := b[0]; {
		case c <= ' ', c == 0x7F:
			b = b[1:]
			continue
		case c == 0xC2 || c == 0xE2 || c == 0xE3 || c == 0xEF:
			if r, n := utf8.DecodeRune(b); Invisible(r) {
				b = b[n:]
				continue
			}
		case c == '\'':
			b = b[1:]
			continue
		}
		break
	}
	for len(b) > 0 {
		c := b[len(b)-1]
		if c <= ' ' || c == 0x7F {
			b = b[:len(b)-1]
			continue
		}
		if c < 0x80 || c > 0xBF || ideographEnd(b) || !invisibleEnd(c) {
			break
		}
		r, n := utf8.DecodeLastRune(b)
		if !Invisible(r) {
			break
		}
		b = b[:len(b)-n]
	}
	return b
}

// Invisible: blanks and marks that take no ink, NBSP, U+3000 and BOM among them.
func Invisible(r rune) bool {
	switch {
	case r <= ' ', r == 0x7F, r == 0xA0, r == 0xAD, r == 0x3000, r == 0xFEFF:
		return true
	case r >= 0x2000 && r <= 0x200F, r >= 0x2028 && r <= 0x202F, r >= 0x205F && r <= 0x2064:
		return true
	}
	return false
}

// ideographEnd: b ends with a common ideograph, or with what is no text.
func ideographEnd(b []byte) bool {
	return len(b) >= 3 && b[len(b)-3] >= 0xE4 && b[len(b)-3] <= 0xE9
}

// invisibleEnd: the last UTF-8 byte of an invisible rune is one of these.
func invisibleEnd(c byte) bool {
	return c <= 0x8F || c == 0xA0 || c == 0xA1 || c == 0xA2 || c == 0xA3 || c == 0xA4 || c == 0x9F ||
		c >= 0xA8 && c <= 0xAF || c == 0xAD || c == 0xBF
}

// Append appends b to dst with full-width ASCII made narrow and invisible
// runes dropped: what a code, a number, a date or a header is compared by.
func Append(dst, b []byte) []byte {
	for i := 0; i < len(b); {
		c := b[i]
		if c < utf8.RuneSelf {
			if c > ' ' && c != 0x7F {
				dst = append(dst, c)
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		switch {
		case r >= 0xFF01 && r <= 0xFF5E:
			dst = append(dst, byte(r-0xFEE0))
		case r == '−' || r == '﹣':
			dst = append(dst, '-')
		case Invisible(r):
		case ideograph(r) != r:
			dst = utf8.AppendRune(dst, ideograph(r))
		default:
			dst = append(dst, b[i:i+n]...)
		}
		i += n
	}
	return dst
}

// Blank: an invisible rune that takes room, or ends a line.
func Blank(r rune) bool {
	return r <= ' ' || r == 0x7F || r == 0xA0 || r >= 0x2000 && r <= 0x200A ||
		r == 0x2028 || r == 0x2029 || r == 0x202F || r == 0x205F || r == 0x3000
}

// DigitsApart reports digits with a blank or a line end between them: Append would make one number of two.
func DigitsApart(b []byte) bool {
	digit, apart := false, false
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		b = b[n:]
		switch {
		case r >= '0' && r <= '9' || r >= '０' && r <= '９':
			if apart {
				return true
			}
			digit = true
		case digit && Blank(r):
			apart = true
		}
	}
	return false
}

// Apart is what Append makes of b, with one blank kept wherever some part digits.
func Apart(b []byte) []byte {
	var out []byte
	for _, piece := range bytes.FieldsFunc(b, Blank) {
		piece = Append(nil, piece)
		if n := len(out); n > 0 && len(piece) > 0 && AllDigits(out[n-1:]) && AllDigits(piece[:1]) {
			out = append(out, ' ')
		}
		out = append(out, piece...)
	}
	return out
}

// Word is what Append makes of a short text that are compared as a whole.
func Word(s string) string { return string(Append(nil, []byte(s))) }

// IsNull reports the ways bureaus write "nothing" into a cell. b is trimmed.
func IsNull(b []byte) bool {
	if len(b) > 6 {
		return false
	}
	switch string(b) {
	case "", "-", "--", "—", "——", "–", "－", "/", "\\", "N/A", "n/a", "NULL", "null", "\\N":
		return true
	}
	return false
}

// Name appends an organisation's name: ASCII made narrow, brackets
// full-width, no blanks, and characters for what only looks like them.
func Name(dst, b []byte) []byte {
	for i := 0; i < len(b); {
		c := b[i]
		if c < utf8.RuneSelf {
			dst = appendNameRune(dst, rune(c))
			i++
			continue
		}
		if c >= 0xE4 && c <= 0xE9 && i+3 <= len(b) { // the common ideographs
			dst = append(dst, b[i], b[i+1], b[i+2])
			i += 3
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		dst = appendNameRune(dst, r)
		i += n
	}
	return dst
}

func appendNameRune(dst []byte, r rune) []byte {
	if r >= 0xFF01 && r <= 0xFF5E {
		r -= 0xFEE0
	}
	switch {
	case r == '(' || r == '﹙':
		return append(dst, "（"...)
	case r == ')' || r == '﹚':
		return append(dst, "）"...)
	case Invisible(r):
		return dst
	}
	return utf8.AppendRune(dst, ideograph(r))
}

// NameIsClean reports whether Name would change nothing, and none of LostTwice is there: the fast path.
func NameIsClean(b []byte) bool {
	for i := 0; i < len(b); {
		switch c := b[i]; {
		case c >= 0xE4 && c <= 0xE8, c == 0xE9 && !bytes.HasPrefix(b[i:], LostTwice[:3]):
			i += 3
		case c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c >= 'a' && c <= 'z':
			i++
		case c == 0xEF && i+3 <= len(b) && b[i+1] == 0xBC && (b[i+2] == 0x88 || b[i+2] == 0x89): // （ ）
			i += 3
		default:
			return false
		}
	}
	return true
}

// Replacement stands for bytes that are no character: U+FFFD.
var Replacement = []byte("\uFFFD")

// RightToLeft makes what follows it be seen from its end.
var RightToLeft = []byte("\u202E")

// LostTwice is what two characters that were lost become when their UTF-8 is read as GB 18030.
var LostTwice = []byte("锟斤拷")

// HasReplacement reports that b holds U+FFFD.
func HasReplacement(b []byte) bool {
	return bytes.Contains(b, Replacement)
}

// StripInvisible appends b without zero-width marks; blanks between words stay.
func StripInvisible(dst, b []byte) []byte {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == 0xA0:
			dst = append(dst, ' ')
		case r >= 0x200B && r <= 0x200F, r == 0xFEFF, r == 0xAD, r >= 0x2060 && r <= 0x2064:
		default:
			dst = append(dst, b[:n]...)
		}
		b = b[n:]
	}
	return dst
}

// FirstRune cuts the first character off s.
func FirstRune(s string) (first, rest string) {
	_, n := utf8.DecodeRuneInString(s)
	return s[:n], s[n:]
}
