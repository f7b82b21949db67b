package charset

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"
)

// UTF-16 is decoded as Go decodes it, in either order and in whatever pieces it comes,
// and what is no character is counted.
func FuzzWide(f *testing.F) {
	for _, s := range []string{"编号,名称\n", "𠂇\U0001F600", "a"} {
		var b []byte
		for _, u := range utf16.Encode([]rune(s)) {
			b = binary.LittleEndian.AppendUint16(b, u)
		}
		f.Add(b, uint8(3))
	}
	f.Add([]byte{0x3D, 0xD8, 'a'}, uint8(2))
	f.Fuzz(func(t *testing.T, b []byte, cut uint8) {
		for encoding, order := range map[string]binary.ByteOrder{UTF16LE: binary.LittleEndian, UTF16BE: binary.BigEndian} {
			var units []uint16
			for i := 0; i+1 < len(b); i += 2 {
				units = append(units, order.Uint16(b[i:]))
			}
			want := string(utf16.Decode(units))
			if len(b)%2 != 0 {
				want += "\uFFFD"
			}
			got, bad := appendWide(nil, b, encoding)
			if string(got) != want || bad > strings.Count(want, "\uFFFD") || bad == 0 && !bytes.Contains(b, []byte{0xFF}) &&
				strings.Contains(want, "\uFFFD") {
				t.Fatalf("%X in %s is %q, %d bad, want %q", b, encoding, got, bad, want)
			}
			size := max(4, int(cut))
			var pieces []byte
			for rest := b; len(rest) > 0; {
				last := len(rest) <= size
				n := wholeCharacters(rest[:min(size, len(rest))], encoding, last)
				if n <= 0 {
					t.Fatalf("nothing of %X in %s can be decoded", rest, encoding)
				}
				pieces, _ = appendWide(pieces, rest[:n], encoding)
				rest = rest[n:]
			}
			if string(pieces) != want {
				t.Fatalf("%X in %s is %q, by %d bytes %q", b, encoding, want, size, pieces)
			}
		}
	})
}
