package xlsx

import (
	"bytes"

	"citykpi/pipeline/source/book"
	"citykpi/pipeline/source/fold"
)

// What a workbook hides is read and noted like all else. Excel hides a row or a column by an attribute of its
// own, other programs and some people give it no height or no width.

// lookAbove reads from what stands above the first row which columns are not seen, and whether rows have any
// height that do not say so themselves.
func (s *source) lookAbove(b []byte) {
	if i := bytes.Index(b, rowStart); i >= 0 {
		b = b[:i]
	}
	eachTag(b, "sheetFormatPr", func(tag []byte) {
		s.scanner.flat, s.hidden.ByDefault = noRoom(attribute(tag, "defaultRowHeight")), isTrue(attribute(tag, "zeroHeight"))
		if noRoom(attribute(tag, "defaultColWidth")) {
			s.columns.Add(0, book.MaxColumns-1)
		}
	})
	eachTag(b, "col", func(tag []byte) {
		first, last := fold.Digits(attribute(tag, "min"))-1, fold.Digits(attribute(tag, "max"))-1
		if hidesColumn(attribute(tag, "hidden"), attribute(tag, "width")) {
			s.columns.Add(first, last)
		} else if attribute(tag, "width") != nil {
			s.columns.Remove(first, last)
		}
	})
}

// eachTag calls take with what stands in every tag of the name.
func eachTag(b []byte, name string, take func(tag []byte)) {
	for {
		i := bytes.Index(b, []byte("<"+name))
		if i < 0 {
			return
		}
		b = b[i+1+len(name):]
		end := bytes.IndexByte(b, '>')
		if end < 0 {
			return
		}
		if endsName(b[0]) {
			take(b[:end])
		}
		b = b[end:]
	}
}

// noRoom reports a height or a width of nothing.
func noRoom(size []byte) bool {
	return len(size) > 0 && len(bytes.Trim(size, "0.")) == 0
}

// hidesColumn says it of the attributes of a col.
func hidesColumn(hidden, width []byte) bool {
	return isTrue(hidden) || noRoom(width)
}

// hidesRow says it of a row's tag; flat reports that rows without a height of their own have none.
func hidesRow(tag []byte, flat bool) bool {
	if bytes.Contains(tag, []byte("hidden")) && isTrue(attribute(tag, "hidden")) {
		return true
	}
	if flat || bytes.Contains(tag, []byte("ht=")) {
		height := attribute(tag, "ht")
		return noRoom(height) || flat && height == nil
	}
	return false
}

func isTrue(b []byte) bool { return string(b) == "1" || string(b) == "true" }
