package demo

import (
	"bufio"
	"io"
	"strings"
)

// writeCSV writes a table in UTF-8 or gb18030, with CRLF line ends, as Windows programs do.
func (t *table) writeCSV(w io.Writer, encoding string, chars *charset) error {
	out := bufio.NewWriterSize(w, 1<<16)
	if encoding == "utf8" {
		out.WriteString("\ufeff")
	}
	var line, coded []byte
	for _, cells := range t.lines() {
		line = line[:0]
		for i, c := range cells {
			line = appendSeparated(line, i, t.string(c))
		}
		line = append(line, '\r', '\n')
		if encoding == "gb18030" {
			coded = chars.encode(coded[:0], line)
			out.Write(coded)
		} else {
			out.Write(line)
		}
	}
	return out.Flush() // which tells of any write that failed
}

func appendSeparated(line []byte, i int, s string) []byte {
	if i > 0 {
		line = append(line, ',')
	}
	return appendField(line, s)
}

// appendField quotes what RFC 4180 asks to be quoted.
func appendField(line []byte, s string) []byte {
	if !strings.ContainsAny(s, ",\"\r\n") {
		return append(line, s...)
	}
	line = append(line, '"')
	for i := range len(s) {
		if s[i] == '"' {
			line = append(line, '"')
		}
		line = append(line, s[i])
	}
	return append(line, '"')
}
