package main

import (
	"math"
	"strings"
)

// Records of an .xls.
const (
	formulaRecord = 0x0006
	stringRecord  = 0x0207 // the text of the formula before it
	labelRecord   = 0x0204
	rowRecord     = 0x0208
)

// Results of a formula that are no numbers, as its record holds them.
var (
	textFollows = []byte{0, 0, 0, 0, 0, 0, 0xFF, 0xFF}
	emptyText   = []byte{3, 0, 0, 0, 0, 0, 0xFF, 0xFF}
)

func (w *biff) label(row, column int, text string) {
	w.record(labelRecord, append(u16(row, column, 0), wideText(text, 2)...))
}

// formula is one with a result, and flags that say whether Excel is to compute it.
func (w *biff) formula(row, column int, result []byte, flags byte) {
	content := append(u16(row, column, 0), result...)
	w.record(formulaRecord, append(content, flags, 0, 0, 0, 0, 0, 0, 0))
}

// legacy are workbooks of Excel 97 as other programs write them.
func legacy() map[string][]byte {
	two, heads := plain(), of("编号|名称|人数", "A1|甲|", "A2|乙|")
	with := func(t table, records func(w *biff)) []byte {
		t.records = records
		return xlsOf(t)
	}
	third := func(more func(w *biff)) []byte {
		return with(heads, func(w *biff) {
			w.label(3, 0, "A3")
			w.label(3, 1, "丙")
			more(w)
		})
	}
	oldFormula := func(id uint16) []byte {
		return third(func(w *biff) {
			w.record(id, append(le.AppendUint64(u16(3, 2, 0), math.Float64bits(7)), make([]byte, 8)...))
		})
	}
	// textless has a formula whose text should stand in a record behind it, and one whose text does:
	// between the first and the next cell are records that hold no text.
	textless := func(between ...uint16) []byte {
		return third(func(w *biff) {
			w.formula(3, 2, textFollows, 0)
			for _, id := range between {
				w.record(id, append(u16(4, 3, 0), make([]byte, 10)...))
			}
			w.label(4, 0, "A4")
			w.formula(4, 1, textFollows, 0)
			w.record(stringRecord, wideText("丁", 2))
		})
	}
	rowless := func(records func(w *biff)) []byte {
		t := three()
		t.rowless = true
		return with(t, records)
	}
	// counted has a table of texts that says rightly how often they are used, and wrongly how many they are
	counted := func(count func(right uint32) uint32) []byte {
		return patched(0x00FC, func(b []byte) { le.PutUint32(b[4:], count(le.Uint32(b[4:]))) })
	}
	halves := of("编号|名称", "A1|𠮷𠂇公司")
	for _, text := range []string{"编号", "名称", "A1"} {
		halves.cut += len(wideText(text, 2))
	}
	halves.cut += 8 + 3 + 2 // within the first character of the last text
	halves.cutText = true
	return map[string][]byte{
		"xls_old_formulas/.xls":               oldFormula(0x0406),
		"xls_old_formulas/.b.xls":             oldFormula(0x0206),
		"xls_old_formulas/.c.xls":             oldFormula(formulaRecord),
		"xls_unknown_record/.xls":             with(two, func(w *biff) { w.record(0x0002, u16(3, 0, 0, 0, 7)) }),
		"xls_unknown_record/.b.xls":           with(two, func(w *biff) { w.record(0x0333, make([]byte, 12)) }),
		"xls_empty_formula_text/.xls":         third(func(w *biff) { w.formula(3, 2, emptyText, 2) }),
		"xls_formulas_left_to_excel/.xls":     third(func(w *biff) { w.formula(3, 2, emptyText, 3) }),
		"xls_formula_text_never_comes/.xls":   textless(),
		"xls_formula_text_never_comes/.b.xls": textless(0x0208),
		"xls_formula_text_never_comes/.c.xls": textless(0x04BC, 0x0201),
		"xls_strings_counted_wrong/.xls":      counted(func(right uint32) uint32 { return right + 3 }),
		"xls_strings_counted_wrong/.b.xls":    counted(func(uint32) uint32 { return 1 << 31 }),
		"xls_strings_counted_wrong/.c.xls":    counted(func(uint32) uint32 { return 1 }),
		"xls_halves_in_two_records/.xls":      xlsOf(halves),
		"xls_texts/.xls": with(two, func(w *biff) {
			w.label(3, 0, "A3")
			w.label(3, 1, "丙")
			w.record(labelRecord, u16(3, 2, 0, 0)) // empty, without its flags
			w.label(4, 0, "A4")
			w.formula(4, 1, textFollows, 0)
			lengthy := wideText(strings.Repeat("长文", 3000), 2)
			w.record(stringRecord, lengthy[:8003])
			w.record(0x003C, append([]byte{1}, lengthy[8003:]...))
		}),
		"rows_without_height/.xls": rowless(func(w *biff) { w.record(rowRecord, u16(2, 0, 3, 0, 0, 0, 0x140, 15)) }),
		"rows_without_height_of_their_own/.xls": rowless(func(w *biff) {
			w.record(0x0225, u16(2, 300)) // by default none
			w.record(rowRecord, u16(2, 0, 3, 300, 0, 0, 0x100, 15))
		}),
	}
}
