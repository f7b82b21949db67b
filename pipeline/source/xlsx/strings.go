package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"citykpi/pipeline/source/book"
	"citykpi/pipeline/source/charset"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/refusal"
)

// xmlChunks reads a part of a workbook in chunks that end with a given end
// tag, so that each can be scanned by itself. A prefix of the tags (x:row) is
// removed. The text is checked to be UTF-8.
type xmlChunks struct {
	book     *Book
	part     string
	in       io.ReadCloser
	tag      []byte // </row> or </si>
	prefix   []byte // "x:" or nil
	begun    bool
	examined bool // the part's start
	ended    bool // the input
	odd      bool // the last chunk may hold U+FFFD, invisible characters or what is struck out
	plain    bool // nothing of it is escaped
	carry    []byte
	step     int // bytes read last
}

const (
	xmlRead  = 1 << 20
	maxChunk = 64 << 20 // a single row or string beyond it is refused
)

// next fills buf with the next chunk; the last one, behind the last end tag,
// has last set. buf's capacity is reused.
func (x *xmlChunks) next(buf []byte) (chunk []byte, last bool, err error) {
	chunk = append(buf[:0], x.carry...)
	x.carry = x.carry[:0]
	looked := 0 // there is no end tag before
	for {
		from := len(chunk)
		if x.ended {
			return chunk, true, x.examine(chunk)
		}
		x.step = min(max(2*x.step, 64<<10), xmlRead) // most parts are small
		chunk = append(chunk, make([]byte, x.step)...)
		n, err := io.ReadFull(x.in, chunk[from:])
		chunk = chunk[:from+n]
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			x.ended = true
		} else if err != nil {
			return nil, false, err
		}
		if !x.begun {
			if err := x.begin(chunk); err != nil {
				return nil, false, err
			}
		}
		if x.prefix != nil {
			chunk = x.stripPrefix(chunk, from)
		}
		cut := len(chunk)
		if i := lastIndex(chunk[looked:], x.tag); i >= 0 {
			cut = looked + i + len(x.tag)
		} else if !x.ended {
			if len(chunk) > maxChunk {
				return nil, false, x.book.refuse(refusal.ErrWorkbook, x.part+": a row or a text without end", refusal.Resave)
			}
			looked = max(0, len(chunk)-len(x.tag))
			continue
		}
		if x.ended && cut == len(chunk) {
			return chunk, true, x.examine(chunk)
		}
		x.carry = append(x.carry, chunk[cut:]...)
		return chunk[:cut], false, x.examine(chunk[:cut])
	}
}

// lastIndex is bytes.LastIndex for a tag that is expected near the end.
func lastIndex(b, tag []byte) int {
	for window := 16 << 10; ; window *= 8 {
		from := max(0, len(b)-window)
		if i := bytes.LastIndex(b[from:], tag); i >= 0 || from == 0 {
			if i >= 0 {
				i += from
			}
			return i
		}
	}
}

// begin looks at the part's start: its encoding and the root's prefix.
func (x *xmlChunks) begin(head []byte) error {
	x.begun = true
	if bytes.HasPrefix(head, []byte{0xFF, 0xFE}) || bytes.HasPrefix(head, []byte{0xFE, 0xFF}) {
		return x.book.refuse(refusal.ErrWorkbook, x.part+" is UTF-16", refusal.Resave)
	}
	at := 0
	for {
		i := bytes.IndexByte(head[at:], '<')
		if i < 0 || at+i+1 >= len(head) {
			return x.book.refuse(refusal.ErrWorkbook, x.part+" has no root element", refusal.Resave)
		}
		at += i + 1
		if head[at] != '?' && head[at] != '!' {
			break
		}
	}
	root := head[at:]
	if i := bytes.IndexAny(root, " >/\t\r\n"); i >= 0 {
		root = root[:i]
	}
	if i := bytes.IndexByte(root, ':'); i > 0 {
		x.prefix = bytes.Clone(root[:i+1])
	}
	return nil
}

// stripPrefix removes the prefix from the tags at and behind from, in place. A
// tag cut by the chunk's end keeps its prefix: the carry is stripped again.
func (x *xmlChunks) stripPrefix(b []byte, from int) []byte {
	start := max(0, from-len(x.prefix)-2)
	out := start
	for i := start; i < len(b); {
		b[out] = b[i]
		out++
		if b[i] != '<' {
			i++
			continue
		}
		i++
		if i < len(b) && b[i] == '/' {
			b[out] = '/'
			out++
			i++
		}
		if bytes.HasPrefix(b[i:], x.prefix) {
			i += len(x.prefix)
		}
	}
	return b[:out]
}

// examine refuses what hardly any program writes and the scanner does not read: comments,
// CDATA, DOCTYPE and instructions behind the first. They are looked for by the letter that is rare.
func (x *xmlChunks) examine(chunk []byte) error {
	from := 0
	if !x.examined && bytes.HasPrefix(bytes.TrimPrefix(chunk, []byte("\ufeff")), []byte("<?")) {
		from = bytes.IndexByte(chunk, '?') + 1
	}
	x.examined = true
	for _, rare := range []byte{'!', '?'} {
		for at := from; ; at++ {
			i := bytes.IndexByte(chunk[at:], rare)
			if i < 0 {
				break
			}
			if at += i; at > 0 && chunk[at-1] == '<' {
				return x.book.refuse(refusal.ErrWorkbook, x.part+" has "+string(chunk[at-1:min(len(chunk), at+8)]), refusal.Resave)
			}
		}
	}
	valid, odd := charset.Examine(chunk)
	x.plain = bytes.IndexByte(chunk, '&') < 0 && bytes.IndexByte(chunk, '_') < 0
	x.odd = odd || !x.plain && mayEscape(chunk) || hasStruck(chunk) || x.book.styles.Struck != nil
	if !valid {
		return x.book.refuse(refusal.ErrWorkbook, x.part+" is not UTF-8", refusal.Resave)
	}
	return nil
}

// mayEscape reports references by number and Excel's own escapes: they may be of any character.
func mayEscape(b []byte) bool {
	return bytes.Contains(b, []byte("&#")) || bytes.Contains(b, []byte("_x"))
}

// hasStruck reports <strike>, by the letter of it that is rare in XML of Excel.
func hasStruck(b []byte) bool {
	const before, behind = "<stri", "ke"
	for at := 0; ; at++ {
		i := bytes.IndexByte(b[at:], 'k')
		if i < 0 {
			return false
		}
		if at += i; at >= len(before) && string(b[at-len(before):at]) == before && bytes.HasPrefix(b[at:], []byte(behind)) {
			return true
		}
	}
}

// What the string table may hold: it is in memory as a whole. A full sheet of fifteen
// columns has sixteen million cells.
const (
	maxStrings     = 32 << 20
	maxStringBytes = 256 << 20
	manyBytes      = 32 << 20 // from here on room is made for as many as there may be
)

// readStrings scans the string table: plain <si><t>…</t></si>, runs of rich
// text joined, phonetic guides left out.
func (w *Book) readStrings(part string) error {
	in, err := w.open(part)
	if err != nil {
		return err
	}
	defer in.Close()
	if err = w.scanStrings(part, in); !errors.Is(err, refusal.ErrWorkbook) && !errors.Is(err, refusal.ErrTruncated) {
		return err
	}
	again, openErr := w.open(part)
	if openErr != nil {
		return err
	}
	defer again.Close()
	plain, oddErr := utf8XML(again)
	var text []byte
	if oddErr == nil {
		text, oddErr = rewriteStrings(plain)
	}
	if oddErr != nil {
		return err
	}
	w.strings = book.Strings{}
	return w.scanStrings(part, io.NopCloser(bytes.NewReader(text)))
}

func (w *Book) scanStrings(part string, in io.ReadCloser) error {
	x := &xmlChunks{book: w, part: part, in: in, tag: []byte("</si>")}
	var buf []byte
	for {
		chunk, last, err := x.next(buf)
		if err != nil {
			return err
		}
		w.strings.Odd = w.strings.Odd || x.odd
		if text := w.strings.Text; len(text)+len(chunk) > max(cap(text), manyBytes) { // once: growing would hold it twice and more
			w.strings.Text = append(make([]byte, 0, maxStringBytes+2*maxChunk), text...)
		}
		if err := scanItems(&w.strings, chunk); err != nil {
			return w.refuse(refusal.ErrWorkbook, part+": "+err.Error(), refusal.Resave)
		}
		if w.strings.Count() > maxStrings || len(w.strings.Text) > maxStringBytes {
			return w.refuse(refusal.ErrTooLarge,
				fmt.Sprintf("%s passes %d strings or %d MB of them", part, maxStrings, maxStringBytes>>20),
				"split the table into several files, or send it as CSV")
		}
		if last {
			if !bytes.Contains(chunk, []byte("</sst>")) && !bytes.Contains(chunk, []byte("<sst")) {
				return w.refuse(refusal.ErrTruncated, part+" ends early", refusal.Resend)
			}
			return nil
		}
		buf = chunk
	}
}

var errXML = errors.New("broken XML")

// scanItems appends the strings of a piece of the table, which holds whole ones.
func scanItems(s *book.Strings, b []byte) error {
	for {
		i := bytes.Index(b, []byte("<si"))
		if i < 0 {
			return nil
		}
		b = b[i+3:]
		if len(b) == 0 {
			return errXML
		}
		if !endsName(b[0]) {
			continue
		}
		open := bytes.IndexByte(b, '>')
		if open < 0 {
			return errXML
		}
		if open > 0 && b[open-1] == '/' {
			s.End(0)
			b = b[open+1:]
			continue
		}
		end := bytes.Index(b, []byte("</si>"))
		if end < open {
			return errXML
		}
		var lead int
		var whole bool
		if s.Text, lead, whole = appendRuns(s.Text, b[open+1:end]); !whole {
			return errXML
		}
		s.End(lead)
		b = b[end+5:]
	}
}

// appendRuns joins the <t> elements of b, those of phonetic guides left out and raised digits and what is
// struck out as they are seen; lead is how many bytes come before the first run with a font of its own,
// and whole is false where an end tag is not found.
func appendRuns(dst, b []byte) (out []byte, lead int, whole bool) {
	in, led, strike, start := grid.OnLine, true, false, len(dst)
	for {
		i := bytes.IndexByte(b, '<')
		if i < 0 {
			return dst, lead, true
		}
		b = b[i+1:]
		if bytes.HasPrefix(b, []byte("rPh")) && len(b) > 3 && endsName(b[3]) {
			end := bytes.Index(b, []byte("</rPh>"))
			if end < 0 || bytes.Contains(b[:end], []byte("<rPh")) {
				return dst, lead, false
			}
			b = b[end+6:]
			continue
		}
		switch {
		case bytes.HasPrefix(b, []byte("/r>")):
			in, strike = grid.OnLine, false
		case bytes.HasPrefix(b, []byte("rPr")) && len(b) > 3 && endsName(b[3]):
			led = false
		case bytes.HasPrefix(b, []byte("strike")) && len(b) > 6 && endsName(b[6]):
			strike = strikesOut(string(attribute(b[:max(bytes.IndexByte(b, '>'), 0)], "val")))
		case bytes.HasPrefix(b, []byte("vertAlign ")):
			in = xmlScripts[string(attribute(b[:max(bytes.IndexByte(b, '>'), 0)], "val"))]
		}
		if len(b) < 2 || b[0] != 't' || !endsName(b[1]) {
			if bytes.HasPrefix(b, []byte("si")) || bytes.HasPrefix(b, []byte("/si")) || bytes.HasPrefix(b, []byte("/t")) {
				return dst, lead, false // its end was not seen
			}
			continue
		}
		open := bytes.IndexByte(b, '>')
		if open < 0 {
			return dst, lead, false
		}
		if b[open-1] == '/' {
			b = b[open+1:]
			continue
		}
		b = b[open+1:]
		end := bytes.IndexByte(b, '<')
		if end < 0 || !bytes.HasPrefix(b[end:], []byte("</t>")) {
			return dst, lead, false
		}
		from := len(dst)
		dst = appendUnescaped(dst, b[:end])
		if in != grid.OnLine {
			dst = append(dst[:from], grid.Raise(in, dst[from:])...)
		}
		if led {
			lead = len(dst) - start
		}
		if strike {
			dst = grid.AppendStruck(dst[:from], bytes.Clone(dst[from:]))
		}
		b = b[end+4:]
	}
}

// xmlScripts are the values of vertAlign that set digits apart.
var xmlScripts = map[string]grid.Script{"superscript": grid.Superscript, "subscript": grid.Subscript}

// appendUnescaped appends XML text: entities, and Excel's own _x000D_.
func appendUnescaped(dst, b []byte) []byte {
	for {
		i := bytes.IndexAny(b, "&_")
		if i < 0 {
			return append(dst, b...)
		}
		dst = append(dst, b[:i]...)
		b = b[i:]
		r, n := escaped(b)
		if n == 0 {
			dst, b = append(dst, b[0]), b[1:]
			continue
		}
		dst, b = utf8.AppendRune(dst, r), b[n:]
	}
}

// escaped decodes the entity or escape at the start of b; n is 0 if there is none.
func escaped(b []byte) (r rune, n int) {
	if b[0] == '_' {
		if len(b) >= 7 && b[1] == 'x' && b[6] == '_' {
			if v, err := strconv.ParseUint(string(b[2:6]), 16, 16); err == nil {
				return rune(v), 7
			}
		}
		return 0, 0
	}
	end := bytes.IndexByte(b[:min(len(b), 12)], ';')
	if end < 2 {
		return 0, 0
	}
	switch name := string(b[1:end]); name {
	case "amp":
		return '&', end + 1
	case "lt":
		return '<', end + 1
	case "gt":
		return '>', end + 1
	case "quot":
		return '"', end + 1
	case "apos":
		return '\'', end + 1
	default:
		if name[0] != '#' {
			return 0, 0
		}
		base, digits := 10, name[1:]
		if len(digits) > 1 && (digits[0] == 'x' || digits[0] == 'X') {
			base, digits = 16, digits[1:]
		}
		v, err := strconv.ParseUint(digits, base, 32)
		if err != nil || v > utf8.MaxRune {
			return utf8.RuneError, end + 1
		}
		return rune(v), end + 1
	}
}
