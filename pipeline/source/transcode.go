package source

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

// transcoded is a copy of a text in UTF-8: of what is UTF-16, and of a web page
// or JSON in GB 18030. It lies in a file that has no name and goes with it.
type transcoded struct {
	file *os.File
	from string
	bom  int64 // of the original
}

// temporary is a file that is gone when it is closed.
func temporary() (*os.File, error) {
	f, err := os.CreateTemp("", "citykpi-*")
	if err != nil {
		return nil, fmt.Errorf("make a temporary file: %w", err)
	}
	if err := os.Remove(f.Name()); err != nil {
		f.Close()
		return nil, fmt.Errorf("make a temporary file: %w", err)
	}
	return f, nil
}

// wideEncoding tells UTF-16 by its mark, or, without one, where nothing else can be meant: it
// has zeros and a line end, and nearly all of it decodes into what people write.
func wideEncoding(head []byte) string {
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
		if bad == 0 && bytes.IndexFunc(text, func(r rune) bool { return r < ' ' && isControl(byte(r)) }) < 0 && bytes.IndexAny(text, "\r\n") >= 0 && mostlyCommon(text) {
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
		if r < utf8.RuneSelf || r >= 0x4E00 && r <= 0x9FFF || r >= 0x3000 && r <= 0x303F || r >= 0xFF00 && r <= 0xFFEF || r >= 0x2000 && r <= 0x26FF {
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

// transcode makes content a copy in UTF-8, without a byte order mark.
func (f *File) transcode(from string) error {
	out, err := temporary()
	if err != nil {
		return err
	}
	f.copied = &transcoded{file: out, from: from, bom: f.bom}
	written, err := f.copied.write(f.Name, f.file, f.Size)
	if err != nil {
		return err
	}
	f.content, f.length, f.bom = out, written, 0
	return nil
}

// write fills the copy with the text of a file of size bytes, and returns how long it became.
func (t *transcoded) write(name string, in io.ReaderAt, size int64) (written int64, err error) {
	if t.from == UTF16LE || t.from == UTF16BE {
		t.bom = wideMark(in)
	}
	at, buf, text, decoder := t.bom, make([]byte, copySize), []byte(nil), newGBDecoder()
	for at < size {
		n, err := in.ReadAt(buf, at)
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, fmt.Errorf("read %s: %w", name, err)
		}
		if n == 0 {
			return 0, &refusal.Error{File: name, Err: refusal.ErrChanged, Detail: "it became shorter", Try: "load it again when it is complete"}
		}
		n = wholeCharacters(buf[:n], t.from, at+int64(n) >= size)
		if t.from == GB18030 {
			text, _, _ = decoder.decodeLines(text, buf[:n], nil) // the names of members have to be read in any case
		} else {
			text, _ = appendWide(text[:0], buf[:n], t.from)
		}
		if _, err := t.file.Write(text); err != nil {
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
