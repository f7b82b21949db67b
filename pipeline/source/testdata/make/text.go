package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"html"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// csvOf writes a table as CSV. Cells are quoted where they must be.
func csvOf(t table, delimiter string) string {
	var b strings.Builder
	for _, row := range t.all() {
		for j, c := range row {
			if j > 0 {
				b.WriteString(delimiter)
			}
			text := c.shown()
			if strings.ContainsAny(text, "\"\n\r"+delimiter) {
				text = `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
			}
			b.WriteString(text)
		}
		b.WriteString("\r\n")
	}
	return b.String()
}

func gb18030(s string) []byte {
	b, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s))
	if err != nil {
		panic(fmt.Sprintf("%q: %v", s, err))
	}
	return b
}

func wide(s string, order binary.AppendByteOrder) []byte {
	b := order.AppendUint16(nil, 0xFEFF)
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return b
}

// htmlOf writes what a web system calls an Excel export.
func htmlOf(t table) string {
	var b strings.Builder
	b.WriteString("<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\">\n" +
		"<head><meta charset=\"utf-8\"><style>td{mso-number-format:\"\\@\"}</style></head>\n<body><table border=1>\n")
	if len(t.unseen) > 0 {
		from := 0
		for _, j := range t.unseen {
			fmt.Fprintf(&b, "<col span=%d><col style='display:none'>", j-from)
			from = j + 1
		}
		b.WriteString("\n")
	}
	covered := map[[2]int]bool{}
	for i, row := range t.all() {
		style := ""
		if t.hidden[i] {
			style = ` style="display: none"`
		}
		fmt.Fprintf(&b, "<tr%s>", style)
		for j, c := range row {
			if covered[[2]int{i, j}] {
				continue
			}
			span := ""
			if m, ok := t.mergeAt(i, j); ok {
				span = fmt.Sprintf(" rowspan=%d colspan=%d", m.toRow-m.row+1, m.toColumn-m.column+1)
				for k := m.row; k <= m.toRow; k++ {
					for l := m.column; l <= m.toColumn; l++ {
						covered[[2]int{k, l}] = true
					}
				}
			}
			if c.kind == number {
				span += ` x:num="` + c.text + `"`
			}
			fmt.Fprintf(&b, "<td%s>%s</td>", span, html.EscapeString(c.shown()))
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</table></body></html>\n")
	return b.String()
}

// objects writes the rows as JSON objects, members in the order of the header;
// a cell that is empty is left out, as most systems do.
func objects(t table) []string {
	var out []string
	for _, row := range t.rows {
		var members []string
		for j, c := range row {
			if c.text == "" && c.kind == text {
				continue
			}
			value := string(quoted(c.shown()))
			if c.kind == number || c.kind == boolean {
				value = c.text
			}
			members = append(members, string(quoted(t.header[j].text))+": "+value)
		}
		out = append(out, "{"+strings.Join(members, ", ")+"}")
	}
	return out
}

func quoted(s string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err)
	}
	return bytes.TrimSpace(b.Bytes())
}
