package durable

import (
	"crypto/sha256"
	"unicode/utf8"
)

const (
	maxName      = 255 // bytes, in every file system that Linux has
	randomDigits = 11  // that replace appends, and the dash before them
)

// FileName is stem+end, or where that is longer than a name may be, the start of stem, letters that are
// a hash of all of it, its last part, which often says a date, and end: so that two long names stay two.
func FileName(stem, end string) string { return shorten(stem, maxName-len(end)) + end }

func shorten(name string, room int) string {
	if len(name) <= room {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	mark := []byte("~~")
	for _, b := range sum[:5] { // no digits: nobody shall take them for a date
		mark = append(mark, 'a'+b>>4, 'a'+b&15)
	}
	mark = append(mark, '~')
	to := len(name) - min(48, room/4)
	for to < len(name) && !utf8.RuneStart(name[to]) {
		to++
	}
	from := max(0, room-len(mark)-(len(name)-to))
	for back := 0; from > 0 && back < utf8.UTFMax && !utf8.RuneStart(name[from]); back++ {
		from--
	}
	return name[:from] + string(mark) + name[to:]
}
