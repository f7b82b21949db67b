package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"unicode"
	"unicode/utf8"

	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/refusal"
)

// plausible weighs the characters of a text that are no ASCII, read as UTF-8 and as GB 18030:
// 1 if all are such as people write, 0 if none are. Well-formed text of one encoding can be well
// formed in the other by accident, but what it says there hardly anybody writes.
func plausible(b []byte) (utf, gb float64) {
	total := 0
	for _, c := range b {
		if c >= utf8.RuneSelf {
			total++
		}
	}
	if total == 0 {
		return 1, 1
	}
	return plausibleUTF8(b) / float64(total), plausibleGB(b) / float64(total)
}

func plausibleUTF8(b []byte) (sum float64) {
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		weight := 0.0
		switch {
		case r == utf8.RuneError:
		case r >= 0x4E00 && r <= 0x9FFF, r >= 0x3000 && r <= 0x303F, r >= 0xFF00 && r <= 0xFFEF, r >= 0x2000 && r <= 0x26FF, commonSign(r):
			weight = 1
		case r >= 0x3400 && r <= 0x9FFF, r > 0xFFFF, r == 0xFEFF:
			weight = 0.5
		case r < 0x250: // a Latin letter with an accent stands in a word of Latin letters
			weight = 0.25
			if i > 0 && fold.IsLetter(b[i-1]) || i+n < len(b) && fold.IsLetter(b[i+n]) {
				weight = 1
			}
		case unicode.In(r, unicode.Greek, unicode.Cyrillic):
			weight = 0.9
		case n == 3:
			weight = 0.2
		}
		sum += weight * float64(n)
		i += n
	}
	return sum
}

// commonSign: what of Latin-1 stands in Chinese texts: 阿里·木, 3×4, ±5°, m².
func commonSign(r rune) bool {
	switch r {
	case 0xA7, 0xB0, 0xB1, 0xB2, 0xB3, 0xB7, 0xD7, 0xF7:
		return true
	}
	return false
}

func plausibleGB(b []byte) (sum float64) {
	for i := 0; i < len(b); {
		c := b[i]
		if c < utf8.RuneSelf || i+1 == len(b) {
			i++
			continue
		}
		trail := b[i+1]
		switch {
		case c == 0x80 || c == 0xFF || trail < 0x30:
			i++
			continue
		case trail <= '9':
			if i+3 < len(b) && b[i+2] >= 0x81 && b[i+3] >= '0' && b[i+3] <= '9' {
				sum += 0.2 * 2 // two of the four bytes are counted
				i += 4
			} else {
				i++
			}
			continue
		case trail < 0x40 || trail == 0x7F || trail == 0xFF:
			i++
			continue
		case trail >= 0xA1 && (c >= 0xB0 && c <= 0xD7 || c >= 0xA1 && c <= 0xA3): // common characters, punctuation
			sum += 2
		case trail >= 0xA1 && c >= 0xD8 && c <= 0xF7: // rare ones
			sum += 0.4 * 2
		default:
			sum += 0.1 * 2
		}
		i += 2
	}
	return sum
}

// tolerated: one character in so many may be broken; its row is rejected.
const tolerated = 50

const (
	voteSize   = 64 << 10 // of the first part that is not ASCII
	voteBlocks = 16       // spread over the rest
	blockSize  = 8 << 10
)

// sniffEncoding decides the encoding by what most lines of the file are, from its first part that
// is not plain ASCII and from blocks spread over the rest. What is different is rejected row by row.
func (f *File) sniffEncoding() error {
	sample, sampleAt := f.head, f.bom
	for at := f.bom + int64(len(f.head)); fold.ASCII(sample) && at < f.length; {
		buf := make([]byte, min(headSize, f.length-at))
		n, err := f.content.ReadAt(buf, at)
		if err != nil && !errors.Is(err, io.EOF) || n == 0 {
			return fmt.Errorf("read %s: %w", f.Name, err)
		}
		if sample = buf[:n]; isBinary(sample) {
			return f.refuse(refusal.ErrBinary, "", "send the table as CSV or .xlsx")
		}
		if i := bytes.LastIndexByte(sample, '\n'); i >= 0 {
			sample = sample[:i+1]
		}
		sampleAt, at = at, at+int64(len(sample))
	}
	switch {
	case f.Encoding != "": // its mark says it
		return nil
	case fold.ASCII(sample):
		f.Encoding = UTF8
		return nil
	}
	f.Encoding = UTF8
	if at := big5Begins(sample); at >= 0 { // no header is found in it
		return f.refuse(refusal.ErrEncoding, fmt.Sprintf("it is Big5 (traditional Chinese), from the line at byte %d on", sampleAt+int64(at)), "save it as CSV UTF-8 or as .xlsx")
	}
	var v encodingVote
	v.count(sample[:min(len(sample), voteSize)])
	f.spread(sampleAt+int64(len(sample)), &v)
	if v.gb > v.utf || v.gb == v.utf && invalidUTF8(sample) > 0 && invalidUTF8(sample) >= invalidGB(sample) {
		f.Encoding = GB18030
	}
	if f.Encoding == GB18030 && v.clear*2 < v.lines {
		f.notes = append(f.notes, "most of its lines are read as GB18030, but hardly are what anybody writes: see whether the file is in another encoding")
	}
	bad, other := invalidUTF8(withoutHalf(sample)), invalidGB(sample)
	if f.Encoding == GB18030 {
		bad, other = other, bad
	}
	if characters := max(1, utf8.RuneCount(sample)); bad*tolerated >= characters && v.clear*2 < v.lines {
		return f.refuse(refusal.ErrEncoding, fmt.Sprintf("%d broken characters in the first %d, the first at byte %d", min(bad, other), characters, sampleAt+int64(max(0, firstBad(sample, f.Encoding == GB18030)))),
			"save it as CSV UTF-8 or as .xlsx")
	}
	return nil
}

// encodingVote counts lines that are not ASCII: how many bytes of them are rather of which
// encoding, and how many are clearly of one.
type encodingVote struct {
	utf, gb      int
	lines, clear int
}

func (v *encodingVote) count(sample []byte) {
	for len(sample) > 0 {
		line := sample
		if i := bytes.IndexByte(sample, '\n'); i >= 0 {
			line = sample[:i]
		}
		sample = sample[min(len(line)+1, len(sample)):]
		if fold.ASCII(line) {
			continue
		}
		inUTF8, inGB := plausible(line)
		v.lines++
		if max(inUTF8, inGB) >= 0.5 || surelyBig5(line) {
			v.clear++
		}
		switch {
		case inUTF8 > inGB:
			v.utf += len(line)
		case inGB > inUTF8:
			v.gb += len(line)
		}
	}
}

// spread counts whole lines of blocks behind from.
func (f *File) spread(from int64, v *encodingVote) {
	buf := make([]byte, blockSize)
	for k := range int64(voteBlocks) {
		at := from + (f.length-from)*k/voteBlocks
		if f.length-from < voteBlocks*blockSize {
			if at = from + k*blockSize; at >= f.length {
				return
			}
		}
		n, _ := f.content.ReadAt(buf, at) // what cannot be read is met again while reading
		b := buf[:n]
		first, last := bytes.IndexByte(b, '\n'), bytes.LastIndexByte(b, '\n')
		if first >= 0 {
			v.count(b[first+1 : last+1])
		}
	}
}

func invalidGB(b []byte) int {
	_, bad, _ := newGBDecoder().decode(nil, b)
	return bad
}

// isBinary reports bytes that are no text: some dozens of control characters of many kinds. A text
// with a stray one is a text, and its row is looked at.
func isBinary(b []byte) bool {
	for _, magic := range []string{"\x89PNG", "%PDF-", "GIF8", "\xFF\xD8\xFF", "\x1F\x8B", "Rar!", "7z\xBC\xAF", "BZh", "\x7FELF", "\x28\xB5\x2F\xFD"} {
		if bytes.HasPrefix(b, []byte(magic)) {
			return true
		}
	}
	kinds, runs := uint32(0), 0
	for i, c := range b {
		if isControl(c) {
			kinds |= 1 << c
			if i == 0 || b[i-1] != c {
				runs++
			}
		}
	}
	return bits.OnesCount32(kinds) >= 4 && runs*50 > len(b) || runs*5 > len(b)*2
}

// isControl: a control character that no text has.
func isControl(c byte) bool {
	return c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1A && c != 0x0B
}

// lineEnds reads a text whose lines end with a carriage return alone, as some programs on a Mac
// write them, as if they ended with a line feed. Every byte keeps its place.
type lineEnds struct{ io.ReaderAt }

func (l lineEnds) ReadAt(b []byte, at int64) (int, error) {
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

// hasLoneReturns looks for such line ends.
func hasLoneReturns(b []byte) bool {
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
