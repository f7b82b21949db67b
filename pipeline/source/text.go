package source

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// isTrimmed is a quick look that most cells pass: at both ends stands a letter, a digit, a sign of ASCII or
// an ideograph.
func isTrimmed(b []byte) bool {
	n := len(b)
	return n > 2 && startsText[b[0]] && (b[n-1]-'!' < 0x7F-'!' || b[n-3]-0xE4 <= 0xE9-0xE4)
}

var startsText = func() (t [256]bool) {
	for c := range t {
		t[c] = c > ' ' && c < 0x7F && c != '\'' || c >= 0xE4 && c <= 0xE9
	}
	return t
}()

// trimmed drops what people and programs leave around a value: blanks of every
// width, zero-width marks and the apostrophe by which Excel is told "text".
func trimmed(b []byte) []byte {
	for len(b) > 0 {
		switch c := b[0]; {
		case c <= ' ', c == 0x7F:
			b = b[1:]
			continue
		case c == 0xC2 || c == 0xE2 || c == 0xE3 || c == 0xEF:
			if r, n := utf8.DecodeRune(b); invisible(r) {
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
		if !invisible(r) {
			break
		}
		b = b[:len(b)-n]
	}
	return b
}

// invisible: blanks and marks that take no ink, NBSP, U+3000 and BOM among them.
func invisible(r rune) bool {
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

// folded appends b to dst with full-width ASCII made narrow and invisible
// runes dropped: what a code, a number, a date or a header is compared by.
func folded(dst, b []byte) []byte {
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
		case invisible(r):
		case ideograph(r) != r:
			dst = utf8.AppendRune(dst, ideograph(r))
		default:
			dst = append(dst, b[i:i+n]...)
		}
		i += n
	}
	return dst
}

// blank: an invisible rune that takes room, or ends a line.
func blank(r rune) bool {
	return r <= ' ' || r == 0x7F || r == 0xA0 || r >= 0x2000 && r <= 0x200A || r == 0x2028 || r == 0x2029 || r == 0x202F || r == 0x205F || r == 0x3000
}

// several reports digits with a blank or a line end between them: folded would make one number of two.
func several(b []byte) bool {
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
		case digit && blank(r):
			apart = true
		}
	}
	return false
}

// foldedApart is folded with one blank kept wherever some part digits.
func foldedApart(b []byte) []byte {
	var out []byte
	for _, piece := range bytes.FieldsFunc(b, blank) {
		piece = folded(nil, piece)
		if n := len(out); n > 0 && len(piece) > 0 && allDigits(out[n-1:]) && allDigits(piece[:1]) {
			out = append(out, ' ')
		}
		out = append(out, piece...)
	}
	return out
}

// foldWord is folded for short texts that are compared as a whole.
func foldWord(s string) string { return string(folded(nil, []byte(s))) }

// plain reports whether every byte is printable ASCII, so that nothing is left to fold.
func plain(b []byte) bool {
	for _, c := range b {
		if c <= ' ' || c >= 0x7F {
			return false
		}
	}
	return true
}

// isNull reports the ways bureaus write "nothing" into a cell. b is trimmed.
func isNull(b []byte) bool {
	if len(b) > 6 {
		return false
	}
	switch string(b) {
	case "", "-", "--", "—", "——", "–", "－", "/", "\\", "N/A", "n/a", "NULL", "null", "\\N":
		return true
	}
	return false
}

// cleanName appends an organisation's name: ASCII made narrow, brackets
// full-width, no blanks, and characters for what only looks like them.
func cleanName(dst, b []byte) []byte {
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
	case invisible(r):
		return dst
	}
	return utf8.AppendRune(dst, ideograph(r))
}

// nameIsClean reports whether cleanName would change nothing, and none of lostTwice is there: the fast path.
func nameIsClean(b []byte) bool {
	for i := 0; i < len(b); {
		switch c := b[i]; {
		case c >= 0xE4 && c <= 0xE8, c == 0xE9 && !bytes.HasPrefix(b[i:], lostTwice[:3]):
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

var replacement = []byte("\uFFFD")

// rightToLeft makes what follows it be seen from its end.
var rightToLeft = []byte("\u202E")

// lostTwice is what two characters that were lost become when their UTF-8 is read as GB 18030.
var lostTwice = []byte("锟斤拷")

func hasReplacement(b []byte) bool {
	return bytes.Contains(b, replacement)
}

// stripInvisible appends b without zero-width marks; blanks between words stay.
func stripInvisible(dst, b []byte) []byte {
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

// headerKey is what a header is matched by, with a unit of money at its end
// split off: 注册资本（万元） gives 注册资本 and 万元. Widths, blanks, line breaks,
// case and the * of a mandatory column do not matter.
func headerKey(text string) (key, unit string) {
	key = strings.ToLower(strings.Trim(foldWord(text), "*"))
	for _, pair := range []string{"()", "[]", "【】", "〔〕"} {
		open, shut := firstRune(pair)
		if !strings.HasSuffix(key, shut) {
			continue
		}
		if i := strings.LastIndex(key, open); i > 0 {
			if u := unitWord(key[i+len(open) : len(key)-len(shut)]); u != "" {
				return key[:i], u
			}
		}
	}
	return key, ""
}

func firstRune(s string) (first, rest string) {
	_, n := utf8.DecodeRuneInString(s)
	return s[:n], s[n:]
}

// unitWord is the unit of money that s names (单位:万元, 人民币万元, 万元), or "".
func unitWord(s string) string {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "金额"), "单位")
	s = strings.TrimPrefix(s, ":")
	s = strings.TrimPrefix(s, "人民币")
	s = strings.TrimSuffix(s, "人民币")
	if s == "" || !strings.HasSuffix(s, "元") || strings.Trim(s, "十百千万亿元") != "" {
		return ""
	}
	return s
}

// nearest is the candidate with the smallest edit distance to s; the first of equals.
func nearest(s string, candidates []string) string {
	best, cost := "", 1<<30
	for _, c := range candidates {
		if d := distance([]rune(s), []rune(c)); d < cost {
			best, cost = c, d
		}
	}
	return best
}

func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			cost := diagonal
			if x != y {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
