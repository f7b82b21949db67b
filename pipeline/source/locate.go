package source

import (
	"errors"
	"io"
	"unicode/utf8"

	"citykpi/pipeline/source/fold"
)

// locator is a source that knows where in the file a row has its first bytes
// that are no character.
type locator interface {
	// badByte is the offset in the file as the bureau sent it, -1 if unknown.
	badByte(row int64) int64
	// otherEncoding is that of the row at hand and where in the file its line starts, "" if it is the file's.
	otherEncoding() (encoding string, offset int64)
}

// badPlace walks through one chunk of a CSV as it stands in the file: what was
// parsed has been decoded and unquoted in place. Rows are asked for in order.
type badPlace struct {
	raw    []byte
	at     int64 // of raw in the content; -1: nothing yet
	record int64 // that starts at pos
	pos    int
	units  unitCount
}

// badByte implements locator for the chunk that is being handed on.
func (r *csvRange) badByte(row int64) int64 {
	p := &r.bad
	if p.raw == nil || p.at != r.at.offset {
		raw := make([]byte, min(chunkSize, r.end-r.at.offset))
		n, err := r.body.file.ReadAt(raw, r.at.offset)
		if err != nil && !errors.Is(err, io.EOF) {
			return -1
		}
		p.raw, p.at, p.record, p.pos = raw[:n], r.at.offset, r.at.record, 0
	}
	for p.record < row {
		n := r.body.firstRecord(p.raw[p.pos:])
		if n == 0 {
			return -1
		}
		p.pos, p.record = p.pos+n, p.record+1
	}
	n := r.body.firstRecord(p.raw[p.pos:])
	if n == 0 {
		n = len(p.raw) - p.pos
	}
	at := firstBad(p.raw[p.pos:p.pos+n], r.body.gb)
	if at < 0 {
		return -1
	}
	offset := p.at + int64(p.pos+at)
	if r.body.copied == nil {
		return offset
	}
	return p.units.original(r.body.copied, offset)
}

// firstBad is the index of the first bytes that are no character, -1 if all are.
func firstBad(b []byte, gb bool) int {
	if !gb {
		for i := 0; i < len(b); {
			r, n := utf8.DecodeRune(b[i:])
			if r == utf8.RuneError {
				return i
			}
			i += n
		}
		return -1
	}
	d := newGBDecoder()
	for i := 0; i < len(b); {
		n := 1
		if b[i] >= utf8.RuneSelf {
			if n = 2; b[i] == 0x80 {
				n = 1 // €
			} else if i+1 < len(b) && b[i+1] >= '0' && b[i+1] <= '9' {
				n = 4
			}
			n = min(n, len(b)-i)
			if text, bad, _ := d.decode(nil, b[i:i+n]); bad > 0 || fold.HasReplacement(text) {
				return i
			}
		}
		i += n
	}
	return -1
}

// unitCount finds a place of a UTF-16 text by that in its copy. It goes on from
// where it was: places are asked for in order.
type unitCount struct {
	copied int64 // bytes of the copy that are counted
	sent   int64 // bytes of the file that they were
}

func (u *unitCount) original(t *transcoded, offset int64) int64 {
	if t.from != UTF16LE && t.from != UTF16BE {
		return -1
	}
	if u.sent == 0 || u.copied > offset {
		u.copied, u.sent = 0, t.bom
	}
	buf := make([]byte, 64<<10)
	for u.copied < offset {
		n, err := t.file.ReadAt(buf[:min(int64(len(buf)), offset-u.copied)], u.copied)
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
