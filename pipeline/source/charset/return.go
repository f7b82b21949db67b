package charset

import (
	"bytes"
	"io"
)

// LineEnds reads a text whose lines end with a carriage return alone, as some programs on a Mac
// write them, as if they ended with a line feed. Every byte keeps its place.
type LineEnds struct{ io.ReaderAt }

// ReadAt implements io.ReaderAt.
func (l LineEnds) ReadAt(b []byte, at int64) (int, error) {
	n, err := l.ReaderAt.ReadAt(b, at)
	for i := bytes.IndexByte(b[:n], '\r'); i >= 0 && i < n; {
		next := b[i+1 : n]
		if len(next) < 2 {
			var behind [2]byte
			k, _ := l.ReaderAt.ReadAt(behind[:], at+int64(i)+1)
			next = behind[:k]
		}
		if loneReturn(next) {
			b[i] = '\n'
		}
		j := bytes.IndexByte(b[i+1:n], '\r')
		if j < 0 {
			break
		}
		i += 1 + j
	}
	return n, err
}

// loneReturn reports that a carriage return is a line's whole end, by what follows it.
func loneReturn(next []byte) bool {
	return !bytes.HasPrefix(next, []byte("\n")) && !bytes.HasPrefix(next, []byte("\r\n"))
}

// HasLoneReturns looks for such line ends.
func HasLoneReturns(b []byte) bool {
	for {
		i := bytes.IndexByte(b, '\r')
		if i < 0 || i+2 >= len(b) {
			return false
		}
		if b = b[i+1:]; loneReturn(b) {
			return true
		}
	}
}
