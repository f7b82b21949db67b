package csv

import (
	"bytes"

	"citykpi/pipeline/source/fold"
)

// SniffDelimiter chooses the delimiter that cuts most of the first records
// into the same number of cells, more than one.
func SniffDelimiter(head []byte) byte {
	if d, ok := saidDelimiter(head); ok {
		return d
	}
	best, score := byte(','), 0
	for _, d := range []byte{',', '\t', ';', '|'} {
		r := reader{body: &Body{Delimiter: d}}
		counts := map[int]int{}
		text := bytes.Clone(head[:min(len(head), 64<<10)])
		for i := 0; i < 50 && len(text) > 0; i++ {
			text = r.split(text)
			counts[len(r.cells)]++
		}
		for cells, records := range counts {
			if s := (cells - 1) * records * records; cells > 1 && s > score {
				best, score = d, s
			}
		}
	}
	return best
}

// saidDelimiter is the delimiter that a first line sep=; says, which Excel obeys and does not show.
func saidDelimiter(head []byte) (byte, bool) {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	line = bytes.Trim(bytes.TrimSuffix(line, []byte("\r")), `"`)
	if len(line) != 5 || !bytes.EqualFold(line[:4], []byte("sep=")) {
		return 0, false
	}
	d := line[4]
	return d, d == '\t' || d > ' ' && d < 0x7F && d != '"' && !fold.IsLetter(d) && (d < '0' || d > '9')
}
