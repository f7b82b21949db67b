package charset

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf16"
	"unicode/utf8"

	"citykpi/pipeline/source/refusal"
)

// Copy is a copy of a text in UTF-8: of what is UTF-16, and of a web page
// or JSON in GB 18030. It lies in a file that has no name and goes with it.
type Copy struct {
	File *os.File
	From string // the encoding of the original
	Mark int64  // bytes of the mark with which the original begins
}

// WideEncoding tells UTF-16 by its mark, or, without one, where nothing else can be meant: it
// has zeros and a line end, and nearly all of it decodes into what people write.
func WideEncoding(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return UTF16LE
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return UTF16BE
	}
	if bytes.IndexByte(head, 0) < 0 {
		return ""
	}
	even := head[:len(head)&^1]
	for _, encoding := range []string{UTF16LE, UTF16BE} {
		text, bad := appendWide(nil, even, encoding)
		controls := bytes.ContainsFunc(text, func(r rune) bool { return r < ' ' && isControl(byte(r)) })
		if bad == 0 && !controls && bytes.ContainsAny(text, "\r\n") && mostlyCommon(text) {
			return encoding
		}
	}
	return ""
}

// mostlyCommon reports a text of ASCII and of what Chinese texts have.
func mostlyCommon(text []byte) bool {
	common, all := 0, 0
	for _, r := range string(text) {
		all++
		switch {
		case r < utf8.RuneSelf, r >= 0x2000 && r <= 0x26FF, r >= 0x3000 && r <= 0x303F, r >= 0x4E00 && r <= 0x9FFF,
			r >= 0xFF00 && r <= 0xFFEF:
			common++
		}
	}
	return common*10 >= all*9
}

// appendWide decodes UTF-16; bad counts halves of pairs.
func appendWide(dst, b []byte, encoding string) (out []byte, bad int) {
	order := binary.ByteOrder(binary.LittleEndian)
	if encoding == UTF16BE {
		order = binary.BigEndian
	}
	for i := 0; i+1 < len(b); i += 2 {
		r := rune(order.Uint16(b[i:]))
		if utf16.IsSurrogate(r) {
			low := rune(0)
			if i+3 < len(b) {
				low = rune(order.Uint16(b[i+2:]))
			}
			if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
				bad++
			} else {
				i += 2
			}
		}
		dst = utf8.AppendRune(dst, r)
	}
	if len(b)%2 != 0 { // half a unit
		dst, bad = utf8.AppendRune(dst, utf8.RuneError), bad+1
	}
	return dst, bad
}

// Write fills the copy with the text of a file of size bytes, and returns how long it became.
func (t *Copy) Write(name string, in io.ReaderAt, size int64) (written int64, err error) {
	if t.From == UTF16LE || t.From == UTF16BE {
		t.Mark = wideMark(in)
	}
	at, buf, text, decoder := t.Mark, make([]byte, copySize), []byte(nil), NewDecoder()
	for at < size {
		n, err := in.ReadAt(buf, at)
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, fmt.Errorf("read %s: %w", name, err)
		}
		if n == 0 {
			return 0, &refusal.Error{File: name, Err: refusal.ErrChanged, Detail: "it became shorter",
				Try: "load it again when it is complete"}
		}
		n = wholeCharacters(buf[:n], t.From, at+int64(n) >= size)
		if t.From == GB18030 {
			text, _, _ = decoder.DecodeLines(text, buf[:n], nil) // the names of members have to be read in any case
		} else {
			text, _ = appendWide(text[:0], buf[:n], t.From)
		}
		if _, err := t.File.Write(text); err != nil {
			return 0, fmt.Errorf("copy %s as UTF-8: %w. Try: make room in %s", name, err, os.TempDir())
		}
		at, written = at+int64(n), written+int64(len(text))
	}
	return written, nil
}

// copySize is what is read and copied at a time.
const copySize = 1 << 20

func wideMark(r io.ReaderAt) int64 {
	var b [2]byte
	if n, _ := r.ReadAt(b[:], 0); n == 2 && (b == [2]byte{0xFF, 0xFE} || b == [2]byte{0xFE, 0xFF}) {
		return 2
	}
	return 0
}

// wholeCharacters is how much of b can be decoded by itself.
func wholeCharacters(b []byte, encoding string, last bool) int {
	switch {
	case last:
		return len(b)
	case encoding == GB18030: // what is less than a digit is never part of a longer character
		n := len(b)
		for n > 0 && b[n-1] >= '0' {
			n--
		}
		if n == 0 {
			return len(b)
		}
		return n
	}
	n := len(b) &^ 1
	unit := binary.LittleEndian.Uint16(b[n-2:])
	if encoding == UTF16BE {
		unit = binary.BigEndian.Uint16(b[n-2:])
	}
	if unit&0xFC00 == 0xD800 { // the first half of a pair
		n -= 2
	}
	return n
}

// Counter finds a place of a UTF-16 text by that in its copy. It goes on from
// where it was: places are asked for in order.
type Counter struct {
	copied int64 // bytes of the copy that are counted
	sent   int64 // bytes of the file that they were
}

// Original is the place in the file of a place in its copy, both counted in bytes; -1 if it is not known.
func (u *Counter) Original(t *Copy, offset int64) int64 {
	if t.From != UTF16LE && t.From != UTF16BE {
		return -1
	}
	if u.sent == 0 || u.copied > offset {
		u.copied, u.sent = 0, t.Mark
	}
	buf := make([]byte, 64<<10)
	for u.copied < offset {
		n, err := t.File.ReadAt(buf[:min(int64(len(buf)), offset-u.copied)], u.copied)
		if n == 0 || err != nil && !errors.Is(err, io.EOF) {
			return -1
		}
		for _, c := range buf[:n] {
			switch {
			case c&0xC0 == 0x80: // the rest of a character
			case c >= 0xF0: // a pair
				u.sent += 4
			default:
				u.sent += 2
			}
		}
		u.copied += int64(n)
	}
	return u.sent
}
