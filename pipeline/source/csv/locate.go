package csv

import (
	"errors"
	"io"

	"citykpi/pipeline/source/charset"
	"citykpi/pipeline/source/grid"
)

// badPlace walks through one chunk of a CSV as it stands in the file: what was
// parsed has been decoded and unquoted in place. Rows are asked for in order.
type badPlace struct {
	raw    []byte
	at     int64 // of raw in the content; -1: nothing yet
	record int64 // that starts at pos
	pos    int
	units  charset.Counter
}

// BadByte implements locator for the chunk that is being handed on.
func (r *reader) BadByte(row int64) int64 {
	p := &r.bad
	if p.raw == nil || p.at != r.at.offset {
		raw := make([]byte, min(grid.ChunkSize, r.end-r.at.offset))
		n, err := r.body.File.ReadAt(raw, r.at.offset)
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
	at := charset.FirstBad(p.raw[p.pos:p.pos+n], r.body.GB)
	if at < 0 {
		return -1
	}
	offset := p.at + int64(p.pos+at)
	if r.body.Copied == nil {
		return offset
	}
	return p.units.Original(r.body.Copied, offset)
}
