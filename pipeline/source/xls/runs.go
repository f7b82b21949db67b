package xls

import (
	"bytes"
	"unicode/utf8"

	"citykpi/pipeline/source/grid"
)

// textRun is where a text goes on in another font: at a 16-bit character, as an .xls counts.
type textRun struct {
	at uint16
	in grid.Script
}

// setRuns sets the text that dst ends with, from a byte on, in its runs; lead is how many of
// its bytes come before them.
func setRuns(dst []byte, from int, runs []textRun) (out []byte, lead int) {
	text := bytes.Clone(dst[from:])
	dst, lead = dst[:from], len(text)
	in, led, unit, begun := grid.OnLine, true, 0, 0
	for i := 0; i < len(text); {
		for len(runs) > 0 && int(runs[0].at) <= unit {
			if led {
				lead, led = i, false
			}
			dst = append(dst, grid.Raise(in, text[begun:i])...)
			in, runs, begun = runs[0].in, runs[1:], i
		}
		r, n := utf8.DecodeRune(text[i:])
		if i, unit = i+n, unit+1; r > 0xFFFF {
			unit++
		}
	}
	return append(dst, grid.Raise(in, text[begun:])...), lead
}
