package show

import (
	"fmt"
	"strconv"
	"strings"
)

// JSON makes every string in a JSON text one that is shown as Text by the page that reads
// it. A Writer will not do there: what it escapes, the page's script would have back.
func JSON(raw []byte) []byte {
	text := string(raw)
	if clean(text) && !strings.Contains(text, `\`) {
		return raw
	}
	b := make([]byte, 0, len(raw)+16)
	for len(text) > 0 {
		at := strings.IndexByte(text, '\\')
		if at < 0 {
			at = len(text)
		}
		for _, part := range appendText(nil, text[:at]) { // of what stands in it unescaped
			if part == '\\' {
				b = append(b, '\\')
			}
			b = append(b, part)
		}
		if text = text[at:]; len(text) < 2 {
			break
		}
		end := 2
		if text[1] == 'u' {
			end = min(6, len(text))
		}
		b = appendEscape(b, text[:end])
		text = text[end:]
	}
	return b
}

// appendEscape adds an escape of JSON, or its text where the character it stands for acts.
func appendEscape(b []byte, escape string) []byte {
	switch escape[1] {
	case 'r':
		return append(b, `\\r`...)
	case 'b':
		return append(b, `\\u0008`...)
	case 'f':
		return append(b, `\\u000c`...)
	case 'u':
		if r, err := strconv.ParseUint(escape[2:], 16, 16); err == nil && acts(rune(r)) {
			return fmt.Appendf(b, `\\u%04x`, r)
		}
	}
	return append(b, escape...)
}
