package grid

import (
	"bytes"
	"slices"
)

// Script is how a font sets its characters, as an .xls numbers it.
type Script uint8

const (
	OnLine Script = iota
	Superscript
	Subscript
	StruckOut // through a line, whatever else
)

// raisedDigits are the digits as they stand in a script: the 2 of a note behind 12 does not make 122.
var raisedDigits = [...][]rune{Superscript: []rune("⁰¹²³⁴⁵⁶⁷⁸⁹"), Subscript: []rune("₀₁₂₃₄₅₆₇₈₉")}

// of is a character as it stands in the script.
func (s Script) of(r rune) rune {
	if (s == Superscript || s == Subscript) && r >= '0' && r <= '9' {
		return raisedDigits[s][r-'0']
	}
	return r
}

// Raise is a text as it stands in a script.
func Raise(in Script, text []byte) []byte {
	switch in {
	case OnLine:
		return text
	case StruckOut:
		return AppendStruck(nil, text)
	}
	return bytes.Map(in.of, text)
}

// Scripts are by cell style the scripts of the cells' own fonts. What a text says of the fonts
// of its runs counts before them: of a text in runs only what leads them is in the cell's font.
type Scripts []Script

// Of is the script of a cell style.
func (c Scripts) Of(style int) Script {
	if style >= 0 && style < len(c) {
		return c[style]
	}
	return OnLine
}

// InFontOfCell is a text whose first bytes are in the cell's font.
func InFontOfCell(in Script, text []byte, lead int) []byte {
	if in == OnLine {
		return text
	}
	return slices.Concat(Raise(in, text[:lead]), text[lead:])
}
