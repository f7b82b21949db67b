package grid

import "bytes"

// A text that is struck out is none that counts any more, but what is meant by it only its author
// knows: it is kept as it is seen, in brackets that say so, and a cell with such a text is rejected.
const (
	StruckOpen = "〔划去："
	struckShut = "〕"
)

// AppendStruck appends a text that is struck out; a line through blanks strikes nothing.
func AppendStruck(dst, text []byte) []byte {
	if len(bytes.TrimSpace(text)) == 0 {
		return append(dst, text...)
	}
	return append(append(append(dst, StruckOpen...), text...), struckShut...)
}
