package kpi

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// KeptMark begins what stands in a return workbook for a text that no workbook can hold.
const KeptMark = "〔原文照旧"

// cellRoom is what a cell of a workbook holds, in UTF-16 units; what is more is cut.
const cellRoom = 32767

// workbookEscape is how a workbook writes characters that XML has none for: taken for one,
// the text _x0041_ comes back as A.
var workbookEscape = regexp.MustCompile(`_[xX][0-9A-Fa-f]{4}_`)

// KeptCell is what goes into a return workbook in place of a text that would come back as
// another: too long, or with characters that workbooks and the programs that save them do
// not keep. It names the text by its hash; returned as it is, the text itself is loaded.
// kept is false for all other texts, which go back as they are.
func KeptCell(text string) (mark string, kept bool) {
	if fits(text) {
		return text, false
	}
	sum := sha256.Sum256([]byte(text))
	return fmt.Sprintf("%s %s，%d字，工作簿容纳不下；无需更正的请勿改动，需更正的请整格重填〕", KeptMark, hex.EncodeToString(sum[:8]), utf8.RuneCountInString(text)), true
}

func fits(text string) bool {
	units := 0
	for i, r := range text {
		units += max(1, utf16.RuneLen(r))
		switch {
		case r == '\n' || r == '\t':
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) || r == 0xfffe || r == 0xffff:
			return false
		case r == utf8.RuneError:
			if _, size := utf8.DecodeRuneInString(text[i:]); size == 1 {
				return false
			}
		}
	}
	return units <= cellRoom && !workbookEscape.MatchString(text)
}
