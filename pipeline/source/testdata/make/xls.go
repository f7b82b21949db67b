package main

import (
	"encoding/binary"
	"math"
	"slices"
	"strconv"
	"unicode/utf16"
)

var le = binary.LittleEndian

// biff collects the records of a workbook stream.
type biff struct{ b []byte }

func (w *biff) record(id uint16, content []byte) {
	w.b = le.AppendUint16(w.b, id)
	w.b = le.AppendUint16(w.b, uint16(len(content)))
	w.b = append(w.b, content...)
}

func u16(values ...int) []byte {
	var b []byte
	for _, v := range values {
		b = le.AppendUint16(b, uint16(v))
	}
	return b
}

// wideText is a string of 16-bit characters behind their number, in size bytes.
func wideText(s string, size int) []byte {
	units := utf16.Encode([]rune(s))
	b := []byte{byte(len(units))}
	if size == 2 {
		b = u16(len(units))
	}
	b = append(b, 1)
	for _, u := range units {
		b = le.AppendUint16(b, u)
	}
	return b
}

// sharedTexts is the table of strings, with each string's index.
type sharedTexts struct {
	first int // the index of the first
	list  []string
	index map[string]int
	uses  int
}

func (s *sharedTexts) of(text string) int {
	s.uses++
	if _, known := s.index[text]; !known {
		s.index[text] = s.first + len(s.list)
		s.list = append(s.list, text)
	}
	return s.index[text]
}

// xlsOf writes a BIFF8 workbook of the given sheets in an OLE container.
func xlsOf(sheets ...table) []byte { return compoundOf("Workbook", xlsStream(sheets...)) }

func xlsStream(sheets ...table) []byte {
	texts := &sharedTexts{first: len(sheets[0].rich), index: map[string]int{}}
	var bodies [][]byte
	for _, t := range sheets {
		bodies = append(bodies, sheetRecords(t, texts))
	}
	globals := xlsGlobals(sheets, texts, nil)
	offsets, at := []int{}, len(globals)
	for _, b := range bodies {
		offsets, at = append(offsets, at), at+len(b)
	}
	return slices.Concat(append([][]byte{xlsGlobals(sheets, texts, offsets)}, bodies...)...)
}

func xlsGlobals(sheets []table, texts *sharedTexts, offsets []int) []byte {
	w := &biff{}
	w.record(0x0809, append(u16(0x0600, 0x0005, 0x0DBB, 0x07CC), make([]byte, 8)...))
	if sheets[0].epoch1904 {
		w.record(0x0022, u16(1))
	}
	for _, script := range sheets[0].fonts {
		flags := 0
		if script == struckFont {
			script, flags = 0, 0x0008
		}
		w.record(0x0031, append(u16(200, flags, 0x7FFF, 400, script), append(make([]byte, 4), wideText("宋体", 1)...)...))
	}
	w.record(0x041E, append(u16(164), wideText(`yyyy"年"m"月"d"日"`, 2)...))
	formats := []int{0, 14, 164}
	if sheets[0].has(month) || sheets[0].has(year) {
		w.record(0x041E, append(u16(165), wideText("yyyy", 2)...))
		formats = append(formats, 57, 165)
	}
	for i, code := range sheets[0].formats {
		w.record(0x041E, append(u16(170+i), wideText(code, 2)...))
		formats = append(formats, 170+i)
	}
	for _, format := range formats {
		w.record(0x00E0, append(u16(0, format), make([]byte, 16)...))
	}
	for i := range sheets[0].fonts {
		if i > 3 {
			i++ // no font has the number 4
		}
		w.record(0x00E0, append(u16(i, 0), make([]byte, 16)...))
	}
	for i, t := range sheets {
		offset := 0
		if offsets != nil {
			offset = offsets[i]
		}
		name, hidden := t.sheet, byte(0)
		if name == "" {
			name = "Sheet" + strconv.Itoa(i+1)
		}
		if t.invisible {
			hidden = 1
		}
		w.record(0x0085, append(append(le.AppendUint32(nil, uint32(offset)), hidden, 0), wideText(name, 1)...))
	}
	table := le.AppendUint32(le.AppendUint32(nil, uint32(texts.uses)), uint32(texts.first+len(texts.list)))
	for _, s := range sheets[0].rich {
		table = append(table, s...)
	}
	for _, s := range texts.list {
		table = append(table, wideText(s, 2)...)
	}
	id := uint16(0x00FC)
	for len(table) > 8000 {
		panic("a table of strings that goes on is tested with real files")
	}
	if cut := sheets[0].cut; cut > 0 {
		w.record(id, table[:cut])
		if id, table = 0x003C, table[cut:]; sheets[0].cutText {
			table = append([]byte{1}, table...)
		}
	}
	w.record(id, table)
	w.record(0x000A, nil)
	return w.b
}

func sheetRecords(t table, texts *sharedTexts) []byte {
	w := &biff{}
	w.record(0x0809, append(u16(0x0600, 0x0010, 0x0DBB, 0x07CC), make([]byte, 8)...))
	for _, j := range t.unseen {
		w.record(0x007D, u16(j, j, 0x900, 15, 1, 0))
	}
	if len(t.unseen) > 0 {
		w.record(0x007D, u16(len(t.header), 256, 0, 15, 0, 0))
	}
	for i, row := range t.all() {
		flags := 0x100
		if t.hidden[i] {
			flags |= 0x20
		}
		if !t.rowless {
			w.record(0x0208, u16(i, 0, len(row), 255, 0, 0, flags, 15))
		}
		for j, c := range row {
			cellRecord(w, t, c, i, j, texts)
		}
	}
	if t.records != nil {
		t.records(w)
	}
	if len(t.merges) > 0 {
		b := u16(len(t.merges))
		for _, m := range t.merges {
			b = append(b, u16(m.row, m.toRow, m.column, m.toColumn)...)
		}
		w.record(0x00E5, b)
	}
	w.record(0x000A, nil)
	return w.b
}

func cellRecord(w *biff, t table, c cell, row, column int, texts *sharedTexts) {
	at := u16(row, column, 0)
	switch c.kind {
	case number:
		v, err := strconv.ParseFloat(c.text, 64)
		if err != nil {
			panic(err)
		}
		if c.format > 0 {
			at = u16(row, column, xlsStyles+c.format-1)
		}
		if v == math.Trunc(v) && math.Abs(v) < 1<<28 { // as Excel does: a whole number in 30 bits
			w.record(0x027E, le.AppendUint32(at, uint32(int32(v)<<2)|2))
			return
		}
		w.record(0x0203, le.AppendUint64(at, math.Float64bits(v)))
	case date:
		w.record(0x0203, le.AppendUint64(u16(row, column, 1+row%2), math.Float64bits(float64(c.serial(t.epoch1904)))))
	case month:
		w.record(0x0203, le.AppendUint64(u16(row, column, 3), math.Float64bits(float64(c.serial(t.epoch1904)))))
	case year:
		w.record(0x0203, le.AppendUint64(u16(row, column, 4), math.Float64bits(float64(c.serial(t.epoch1904)))))
	case boolean:
		w.record(0x0205, append(at, map[string]byte{"true": 1}[c.text], 0))
	case failed:
		w.record(0x0205, append(at, 0x2A, 1))
	case pending:
		w.record(0x0006, append(append(at, make([]byte, 8)...), 2, 0, 0, 0, 0, 0, 0, 0))
	case text:
		if c.format > 0 {
			at = u16(row, column, xlsStyles+c.format-1)
		}
		if c.text != "" {
			w.record(0x00FD, le.AppendUint32(at, uint32(texts.of(c.text))))
		}
	}
}

// xlsStyles are the cell styles before those of the table's own formats.
const xlsStyles = 3

const sector = 512

// compoundOf puts one stream into an OLE container: a FAT, a directory, the stream.
func compoundOf(name string, stream []byte) []byte {
	stream = append(stream, make([]byte, max(0, 4096-len(stream)))...) // shorter ones lie elsewhere
	size := len(stream)
	stream = append(stream, make([]byte, (sector-size%sector)%sector)...)
	sectors := len(stream) / sector
	if sectors+2 > sector/4 {
		panic("more than one sector of FAT")
	}
	const end, free, isFAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
	fat := []uint32{isFAT, end}
	for i := range sectors {
		next := uint32(i + 3)
		if i == sectors-1 {
			next = end
		}
		fat = append(fat, next)
	}
	for len(fat) < sector/4 {
		fat = append(fat, free)
	}
	head := append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), make([]byte, 16)...)
	head = append(head, u16(0x3E, 3, 0xFFFE, 9, 6)...)
	head = append(head, make([]byte, 10)...)
	for _, v := range []uint32{1, 1, 0, 4096, end, 0, end, 0, 0} { // FAT sectors, directory, …, the first of the FAT
		head = le.AppendUint32(head, v)
	}
	for len(head) < sector {
		head = le.AppendUint32(head, free)
	}
	var out []byte
	out = append(out, head...)
	for _, v := range fat {
		out = le.AppendUint32(out, v)
	}
	out = append(out, entry("Root Entry", 5, 1, end, 0)...)
	out = append(out, entry(name, 2, free, 2, size)...)
	out = append(out, entry("", 0, free, 0, 0)...)
	out = append(out, entry("", 0, free, 0, 0)...)
	return append(out, stream...)
}

func entry(name string, kind byte, child, start uint32, size int) []byte {
	b := make([]byte, 128)
	units := utf16.Encode([]rune(name))
	for i, u := range units {
		le.PutUint16(b[2*i:], u)
	}
	if name != "" {
		le.PutUint16(b[64:], uint16(2*len(units)+2))
	}
	b[66], b[67] = kind, 1
	le.PutUint32(b[68:], 0xFFFFFFFF)
	le.PutUint32(b[72:], 0xFFFFFFFF)
	le.PutUint32(b[76:], child)
	le.PutUint32(b[116:], start)
	le.PutUint32(b[120:], uint32(size))
	return b
}
