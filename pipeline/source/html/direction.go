package html

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"citykpi/pipeline/source/fold"
)

// A page may have a text written from the right to the left. A cell that is seen otherwise than it is kept
// gets the mark that says so in every other kind of file, and is rejected like those.

// appendReversed appends a text whose characters are seen from the last to the first; of one character nothing
// is seen of that.
func appendReversed(dst, text []byte) []byte {
	if utf8.RuneCount(bytes.TrimSpace(text)) < 2 {
		return append(dst, text...)
	}
	return append(append(dst, fold.RightToLeft...), text...)
}

// reorders reports a text that is seen in another order where lines run from the right to the left (UAX #9): numbers and
// words stay as they are, but change places with those that blanks and signs part from them, as 10 ~ 20 does.
// One sign of those that stand within numbers parts none.
func reorders(text []byte) bool {
	digits, parts, apart := false, 0, true
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		i += n
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if apart {
				parts++
			}
			digits, apart = digits || unicode.IsDigit(r), false
		case strings.ContainsRune("-+./,:", r) && i > n && i < len(text) && decimal(text[i-n-1]) && decimal(text[i]):
		default:
			apart = true
		}
	}
	return digits && parts > 1
}

func decimal(c byte) bool { return c >= '0' && c <= '9' }
