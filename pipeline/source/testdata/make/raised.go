package main

import (
	"math"
	"unicode/utf16"
)

// textRun is where a text goes on in another font: at a 16-bit character.
type textRun struct{ at, font int }

// richText is a string of an .xls with its runs.
func richText(s string, runs ...textRun) []byte {
	units := utf16.Encode([]rune(s))
	b := append(u16(len(units)), 1|8)
	b = append(b, u16(len(runs))...)
	for _, u := range units {
		b = le.AppendUint16(b, u)
	}
	return append(b, runsOf(runs)...)
}

func runsOf(runs []textRun) []byte {
	var b []byte
	for _, r := range runs {
		b = append(b, u16(r.at, r.font)...)
	}
	return b
}

// raised are workbooks with digits that stand above or below the line, those of a note or of a unit, and with
// texts and numbers that are struck out, as a whole and in part.
func raised() map[string][]byte {
	return map[string][]byte{
		"raised_digits/.xls":   raisedShared(0),
		"raised_digits/.b.xls": raisedShared(4),
		"raised_digits/.c.xls": raisedShared(2),
		"raised_digits/.d.xls": raisedCells(labelRecord, func(t raisedText) []byte { return richText(t.text, t.runs...) }),
		"raised_digits/.e.xls": raisedCells(0x00D6, func(t raisedText) []byte {
			return append(wideText(t.text, 2), append(u16(len(t.runs)), runsOf(t.runs)...)...)
		}),
		"struck_xls/.xls": struck(),
	}
}

type raisedText struct {
	row, column int
	style       int // 0, or that of the raised font
	text        string
	runs        []textRun
}

// Fonts of the texts: an .xls has no font 4, so of six fonts the last two are 5 and 6.
const normal, above, below = 0, 5, 6

const raisedStyle = xlsStyles + 4 // those of the fonts come last

var raisedTexts = []raisedText{
	{1, 2, 0, "122", []textRun{{2, above}}},
	{2, 2, 0, "7", []textRun{{0, normal}}},
	{2, 3, 0, "𠂇m2，CO2", []textRun{{3, above}, {4, normal}, {7, below}}},
	{3, 2, raisedStyle, "3", nil},
	{4, 2, raisedStyle, "8", []textRun{{0, normal}}},
	{5, 2, raisedStyle, "12", []textRun{{1, normal}}},
}

func fiveRows() table {
	return of("编号|名称|人数|地址", "A1|甲", "A2|乙", "A3|丙", "A4|丁", "A5|戊")
}

// raisedCells has the texts in records of one kind.
func raisedCells(id uint16, content func(t raisedText) []byte) []byte {
	t := fiveRows()
	t.fonts = []int{0, 0, 0, 0, 1, 2}
	t.records = func(w *biff) {
		for _, x := range raisedTexts {
			w.record(id, append(u16(x.row, x.column, x.style), content(x)...))
		}
	}
	return xlsOf(t)
}

// raisedShared has them in the table of strings; the end of a record cuts the first text's runs so many bytes
// before their own.
func raisedShared(cut int) []byte {
	t := fiveRows()
	t.fonts = []int{0, 0, 0, 0, 1, 2}
	for _, x := range raisedTexts {
		t.rich = append(t.rich, richText(x.text, x.runs...))
	}
	if cut > 0 {
		t.cut = 8 + len(t.rich[0]) - cut
	}
	t.records = func(w *biff) {
		for i, x := range raisedTexts {
			w.record(0x00FD, le.AppendUint32(u16(x.row, x.column, x.style), uint32(i)))
		}
	}
	return xlsOf(t)
}

// struckFont is a font of an .xls that strikes out what it sets.
const struckFont = 0x100

func struck() []byte {
	const normal, struck = 0, 1
	t := fiveRows()
	t.fonts = []int{0, struckFont}
	t.records = func(w *biff) {
		w.record(0x0203, le.AppendUint64(u16(1, 2, xlsStyles+struck), math.Float64bits(90)))
		w.record(labelRecord, append(u16(2, 2, 0), richText("9010", textRun{0, struck}, textRun{2, normal})...))
		w.record(labelRecord, append(u16(3, 2, xlsStyles+struck), richText("5")...))
		w.record(0x00BD, append(le.AppendUint32(u16(4, 2, xlsStyles+struck), 7<<2|2), u16(2)...))
		w.record(0x0203, le.AppendUint64(u16(5, 2, xlsStyles+normal), math.Float64bits(8)))
		w.record(labelRecord, append(u16(5, 3, 0), richText("甲 乙", textRun{1, struck}, textRun{2, normal})...))
	}
	return xlsOf(t)
}
