package charset

import (
	"bytes"
	"unicode/utf8"

	"citykpi/pipeline/source/fold"

	"golang.org/x/text/encoding/traditionalchinese"
)

// clearly is how much more plausible a line must be in the other encoding to be of that.
const clearly = 0.15

// foreign reports a line of a text that is in the other encoding.
func foreign(line []byte, gb bool) bool {
	inUTF8, inGB := plausible(line)
	if gb {
		return inUTF8 >= 0.9 && inUTF8 > inGB+clearly
	}
	return inGB >= 0.7 && inGB > inUTF8+clearly && !(utf8.Valid(line) && garbledLatin(line))
}

// Line is a line of a chunk that is in another encoding, by its places in the chunk in bytes.
type Line struct {
	RawFrom, rawTo int // as it stands in the file
	From, To       int // as text
	Encoding       string
}

// foreignLines finds lines of the other encoding in a chunk, and those of Big5 if it has any. Of most
// lines the first character decides. Of lines that may as well be Big5 those beside them do.
func foreignLines(b []byte, gb, big5 bool, into []Line) []Line {
	into, other := into[:0], GB18030
	if gb {
		other = UTF8
	}
	var doubtful []Line // lines before the one at hand, back to the last that is known
	for before, at := false, 0; at < len(b); {
		end := len(b)
		if i := bytes.IndexByte(b[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		line := b[at:end]
		here := Line{RawFrom: at, rawTo: end}
		at = end
		i := 0
		for i < len(line) && line[i] < utf8.RuneSelf {
			i++
		}
		if i == len(line) {
			continue
		}
		isOther, likely := suspicious(line[i:], gb) && foreign(line, gb), notBig5
		if big5 && (gb && !isOther || !gb && !utf8.Valid(line)) {
			likely = likelyBig5(line)
		}
		if here.Encoding = Big5; isOther && likely < isBig5 {
			here.Encoding, likely = other, notBig5
			into = append(into, here)
		}
		switch {
		case likely == isBig5, likely > notBig5 && before:
			into, before = append(append(into, doubtful...), here), true
			doubtful = doubtful[:0]
		case likely == ratherBig5:
			doubtful = append(doubtful, here)
		case likely == notBig5:
			before, doubtful = false, doubtful[:0]
		}
	}
	return into
}

// suspicious reports a line that may be of the other encoding, by its first character.
func suspicious(b []byte, gb bool) bool {
	r, n := utf8.DecodeRune(b)
	if gb {
		return n == 3 && r != utf8.RuneError
	}
	return r == utf8.RuneError || n == 2 && !commonSign(r) || !utf8.Valid(b)
}

// UTF8Lines is whole lines of a text in UTF-8, b itself if all of it is, and in into those that are in another encoding.
func UTF8Lines(b []byte, into []Line) (text []byte, lines []Line, odd bool) {
	valid, odd := Examine(b)
	if lines = into[:0]; odd || !valid {
		lines = foreignLines(b, false, !valid && hasBig5(b), lines)
	}
	switch {
	case len(lines) > 0:
		return appendLines(nil, b, lines, false), lines, true
	case valid:
		return b, lines, odd
	}
	return bytes.ToValidUTF8(b, fold.Replacement), lines, odd
}

// DecodeLines is decode of whole lines, of which some may be in another encoding.
func (d *Decoder) DecodeLines(dst, b []byte, into []Line) (text []byte, lines []Line, odd bool) {
	if lines = foreignLines(b, true, false, into); len(lines) == 0 {
		text, _, odd = d.Decode(dst, b)
		if bytes.IndexByte(text, firstOfPrivate) < 0 {
			return text, lines, odd
		}
		dst, odd = text, true
	}
	if hasBig5(b) {
		lines = foreignLines(b, true, true, lines)
	}
	if len(lines) == 0 {
		return text, lines, odd
	}
	return appendLines(dst[:0], b, lines, true), lines, true
}

// appendLines decodes a chunk, the lines of another encoding in that, and notes where in the text these are.
func appendLines(dst, b []byte, lines []Line, gb bool) []byte {
	own, at := UTF8, 0
	if gb {
		own = GB18030
	}
	for i := range lines {
		line := &lines[i]
		dst = appendDecoded(dst, b[at:line.RawFrom], own)
		line.From = len(dst)
		dst = appendDecoded(dst, b[line.RawFrom:line.rawTo], line.Encoding)
		line.To, at = len(dst), line.rawTo
	}
	return appendDecoded(dst, b[at:], own)
}

func appendDecoded(dst, b []byte, encoding string) []byte {
	switch encoding {
	case GB18030:
		text, _, _ := NewDecoder().Decode(nil, b)
		return append(dst, text...)
	case Big5:
		text, _ := traditionalchinese.Big5.NewDecoder().Bytes(b) // what is no character becomes U+FFFD
		return append(dst, text...)
	}
	return append(dst, bytes.ToValidUTF8(b, fold.Replacement)...)
}
