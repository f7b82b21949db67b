package source

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// script is how a font sets its characters, as an .xls numbers it.
type script uint8

const (
	onLine script = iota
	superscript
	subscript
	struckOut // through a line, whatever else
)

// raisedDigits are the digits as they stand in a script: the 2 of a note behind 12 does not make 122.
var raisedDigits = [...][]rune{superscript: []rune("⁰¹²³⁴⁵⁶⁷⁸⁹"), subscript: []rune("₀₁₂₃₄₅₆₇₈₉")}

// of is a character as it stands in the script.
func (s script) of(r rune) rune {
	if (s == superscript || s == subscript) && r >= '0' && r <= '9' {
		return raisedDigits[s][r-'0']
	}
	return r
}

// raised is a text as it stands in a script.
func raised(in script, text []byte) []byte {
	switch in {
	case onLine:
		return text
	case struckOut:
		return appendStruck(nil, text)
	}
	return bytes.Map(in.of, text)
}

// cellScripts are by cell style the scripts of the cells' own fonts. What a text says of the fonts
// of its runs counts before them: of a text in runs only what leads them is in the cell's font.
type cellScripts []script

func (c cellScripts) of(style int) script {
	if style >= 0 && style < len(c) {
		return c[style]
	}
	return onLine
}

// inFontOfCell is a text whose first bytes are in the cell's font.
func inFontOfCell(in script, text []byte, lead int) []byte {
	if in == onLine {
		return text
	}
	return slices.Concat(raised(in, text[:lead]), text[lead:])
}

// textRun is where a text goes on in another font: at a 16-bit character, as an .xls counts.
type textRun struct {
	at uint16
	in script
}

// setRuns sets the text that dst ends with, from a byte on, in its runs; lead is how many of
// its bytes come before them.
func setRuns(dst []byte, from int, runs []textRun) (out []byte, lead int) {
	text := bytes.Clone(dst[from:])
	dst, lead = dst[:from], len(text)
	in, led, unit, begun := onLine, true, 0, 0
	for i := 0; i < len(text); {
		for len(runs) > 0 && int(runs[0].at) <= unit {
			if led {
				lead, led = i, false
			}
			dst = append(dst, raised(in, text[begun:i])...)
			in, runs, begun = runs[0].in, runs[1:], i
		}
		r, n := utf8.DecodeRune(text[i:])
		if i, unit = i+n, unit+1; r > 0xFFFF {
			unit++
		}
	}
	return append(dst, raised(in, text[begun:])...), lead
}
