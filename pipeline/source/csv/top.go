package csv

import (
	"bytes"

	"citykpi/pipeline/source/charset"
)

// Top hands on at most so many records of a text's head, each with the offset behind it, and returns how much
// of the head is left. Of a text that is longer the record that the head cuts is left. Offsets are found by
// cutting the raw bytes in step with the text.
func (c *Body) Top(head []byte, whole bool, most int, row func(cells [][]byte, end int)) (rest int) {
	r := reader{body: c}
	if c.GB {
		r.decoder = charset.NewDecoder()
	}
	at := 0
	for records := 0; at < len(head) && records < most; records++ {
		n := c.firstRecord(head[at:])
		if n == 0 {
			if !whole {
				break
			}
			n = len(head) - at
		}
		r.decode(bytes.Clone(head[at : at+n]))
		r.split(r.text)
		at += n
		row(r.cells, at)
	}
	return len(head) - at
}

// firstRecord is the length of the first record of b with its line end, 0 if b holds no whole one.
func (c *Body) firstRecord(b []byte) int {
	for from := 0; ; {
		i := bytes.IndexByte(b[from:], '\n')
		if i < 0 {
			return 0
		}
		if from += i + 1; from > 0 {
			if end, _, open := c.scan(b[:from]); end == from && !open {
				return from
			}
		}
	}
}
