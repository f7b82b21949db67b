package demo

import (
	"bufio"
	"io"
	"strings"
)

// writeCSV writes a table in UTF-8 or gb18030, with CRLF line ends, as Windows programs do.
func (t *table) writeCSV(w io.Writer, encoding string, chars *charset) error {
	out := bufio.NewWriterSize(w, 1<<16)
	var line, coded []byte
	put := func() error {
		line = append(line, '\r', '\n')
		if encoding == "gb18030" {
			coded = chars.encode(coded[:0], line)
			_, err := out.Write(coded)
			return err
		}
		_, err := out.Write(line)
		return err
	}
	if encoding == "utf8" {
		out.WriteString("\ufeff")
	}
	for _, title := range t.titles {
		line = appendField(line[:0], title)
		line = append(line, strings.Repeat(",", len(t.header)-1)...)
		if err := put(); err != nil {
			return err
		}
	}
	line = line[:0]
	for i, h := range t.header {
		line = appendSeparated(line, i, h)
	}
	if err := put(); err != nil {
		return err
	}
	for _, r := range t.rows {
		line = line[:0]
		for i, c := range r.cells {
			line = appendSeparated(line, i, t.string(c))
		}
		if err := put(); err != nil {
			return err
		}
	}
	for _, f := range t.footers {
		line = line[:0]
		for i, c := range f {
			line = appendSeparated(line, i, t.string(c))
		}
		if err := put(); err != nil {
			return err
		}
	}
	return out.Flush()
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
