// Package show makes text that comes from outside fit to be shown. A cell, a sheet's or
// a file's name may hold anything: a sequence that moves a terminal's cursor or names its
// window, a mark that turns the reading order of a line around, a line break that forges
// the next line, a formula that a spreadsheet would run. None of it is taken away: it is
// shown as text, \u202e for U+202E, so that people see what is there.
package show

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Text is s as people may see it: what a terminal or a browser would act on instead of
// showing it is written as an escape. Line breaks and tabs stay.
func Text(s string) string {
	if clean(s) {
		return s
	}
	return string(appendText(make([]byte, 0, len(s)+16), s))
}

var lineBreaks = strings.NewReplacer("\n", `\n`, "\t", `\t`, "\r", `\r`)

// Line is Text on one line: a line break or a tab in it is shown too.
func Line(s string) string { return lineBreaks.Replace(Text(s)) }

// Cell is Line as a cell of a CSV file: text that a spreadsheet would take for a formula
// begins with an apostrophe, as people write it to say so. Numbers stay numbers.
func Cell(s string) string { return Guard(Line(s)) }

// FileName is s as a part of a path that is made here: what acts on a terminal, and what
// parts a path or leads out of its folder, is replaced.
func FileName(s string) string {
	name := strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' || r == '\n' || r == '\t' || r == utf8.RuneError || acts(r) {
			return '_'
		}
		return r
	}, s)
	if name == "" || name[0] == '.' {
		name = "_" + strings.TrimLeft(name, ".")
	}
	return name
}

// Guard puts an apostrophe before text that a spreadsheet would take for a formula.
func Guard(s string) string {
	if formula(s) {
		return "'" + s
	}
	return s
}

// formula reports whether a spreadsheet may compute s: white space, quotes and what
// cannot be seen do not hide the sign that makes it a formula, nor does its wide form.
func formula(s string) bool {
	bare := strings.TrimLeftFunc(s, func(r rune) bool {
		return r == '"' || unicode.IsSpace(r) || acts(r) || unicode.In(r, unicode.Mn)
	})
	if len(bare) < len(s) && strings.ContainsRune("\t\r\n", rune(s[0])) {
		return true
	}
	sign, size := utf8.DecodeRuneInString(bare)
	return size > 0 && strings.ContainsRune("=+-@＝＋－＠﹦﹢﹣﹫−", sign) && !number(s)
}

// number reports whether s is nothing but a number: -5, +3.2%, -1,234.50, 1e-7.
func number(s string) bool {
	digits := false
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits = true
		case r == '.' || r == ',':
		case r == '+' || r == '-':
			if i > 0 && s[i-1] != 'e' && s[i-1] != 'E' {
				return false
			}
		case r == 'e' || r == 'E':
			if !digits {
				return false
			}
		case r == '%' && i == len(s)-1:
		default:
			return false
		}
	}
	return digits
}

// acts reports whether a character does something instead of being seen: controls (C0,
// DEL, C1), format characters (bidi, zero width, tags) and the line separators of Unicode.
func acts(r rune) bool {
	if r < 0x20 || r >= 0x7f && r < 0xa0 {
		return r != '\n' && r != '\t'
	}
	// Nothing else below U+00AD, no dash or quotation mark and no Chinese character is of these kinds.
	if r < 0xad || r >= 0x2010 && r < 0x2028 || r >= 0x3000 && r < 0xfe00 {
		return false
	}
	return unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
}

func clean(s string) bool {
	for i, r := range s {
		if r >= 0x20 && r < 0x7f || r >= 0x3000 && r < 0xfe00 {
			continue
		}
		if r == '\r' && strings.HasPrefix(s[i+1:], "\n") { // the line end of other systems
			continue
		}
		if acts(r) || r == utf8.RuneError && !strings.HasPrefix(s[i:], "\ufffd") {
			return false
		}
	}
	return true
}

func appendText(b []byte, s string) []byte {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case size == 1 && r == utf8.RuneError:
			b = fmt.Appendf(b, `\x%02x`, s[i])
		case r == '\r' && strings.HasPrefix(s[i+1:], "\n"):
			b = append(b, '\r')
		case r == '\r':
			b = append(b, `\r`...)
		case !acts(r):
			b = append(b, s[i:i+size]...)
		case r > 0xffff: // as JSON writes it
			high, low := utf16.EncodeRune(r)
			b = fmt.Appendf(b, `\u%04x\u%04x`, high, low)
		default:
			b = fmt.Appendf(b, `\u%04x`, r)
		}
		i += size
	}
	return b
}

// Writer shows everything that is written through it as Text. What it writes for U+202E
// is what JSON writes for it too, so JSON stays JSON and exact. Several may write at once.
type Writer struct {
	to io.Writer

	mu   sync.Mutex
	rest string // of a character that the last write broke off
	buf  []byte
}

// NewWriter shows what is written to w.
func NewWriter(w io.Writer) *Writer { return &Writer{to: w} }

func (w *Writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	const piece = 64 << 10 // at a time: a result of thousands of files comes in one write
	for n := 0; ; n += piece {
		if len(p)-n <= piece {
			m, err := w.write(p[n:])
			return n + m, err
		}
		if m, err := w.write(p[n : n+piece]); err != nil {
			return n + m, err
		}
	}
}

func (w *Writer) write(p []byte) (int, error) {
	text := w.rest + string(p)
	whole := len(text) - broken(text)
	if w.rest == "" && whole == len(p) && clean(text) {
		return w.to.Write(p)
	}
	w.rest = text[whole:]
	w.buf = appendText(w.buf[:0], text[:whole])
	if _, err := w.to.Write(w.buf); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Close shows what is left of a character that never came whole. It does not close what w writes to.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	rest := w.rest
	w.rest = ""
	if rest == "" {
		return nil
	}
	_, err := w.to.Write(appendText(nil, rest))
	return err
}

// Unwrap is what the writer writes to: for what is no text, and for the program's own
// control of a terminal.
func (w *Writer) Unwrap() io.Writer { return w.to }

// Raw is the writer behind a Writer, or w itself.
func Raw(w io.Writer) io.Writer {
	if shown, ok := w.(*Writer); ok {
		return shown.Unwrap()
	}
	return w
}

// broken is how many bytes at the end of p begin a character, or a line end, that is not there whole.
func broken(p string) int {
	if strings.HasSuffix(p, "\r") { // a line end, perhaps
		return 1
	}
	for n := 1; n < utf8.UTFMax && n <= len(p); n++ {
		if c := p[len(p)-n]; utf8.RuneStart(c) {
			if c >= utf8.RuneSelf && !utf8.FullRuneInString(p[len(p)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}
