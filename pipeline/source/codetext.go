package source

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// isCode reports a text column of the contract that tells one thing from others: a number, a code, or
// part of the key. The same code is the same however it is typed, so that a correction finds its row
// and nothing is counted twice, see appendCode.
func (c *Contract) isCode(col *Column) bool {
	switch {
	case col.Type != Text || col.Personal == PersonalName || col.Personal == PersonalPhone:
		return false
	case col.pattern != nil, col.Personal == PersonalID, slices.Contains(c.Key, strings.TrimPrefix(col.Name, ReplacesPrefix)):
		return true
	}
	return slices.ContainsFunc(col.keys, func(header string) bool { return strings.HasSuffix(header, "号") || strings.HasSuffix(header, "码") })
}

var codesSeveral = &cellProblem{"cell.several", "单元格里的编号中间有空格或换行，是一个还是几个无法判断，请删去空格或逐行填写"}

var codeLookalike = &cellProblem{"text.lookalike", "编号中有形似拉丁字母的希腊或西里尔字母，请改用英文字母重新填写"}

// codeValue is a code as it is compared. A pattern says itself which blanks are none of the code's.
func codeValue(col *Column, cell []byte) ([]byte, *cellProblem) {
	if plain(cell) {
		return cell, nil
	}
	if p := codeParted(col, cell); p != nil {
		return nil, p
	}
	code := appendCode(nil, cell, col.pattern != nil)
	if looksLatin(code) {
		return nil, codeLookalike
	}
	return code, nil
}

// codeParted refuses a code in which a blank or a line end may as well part two.
func codeParted(col *Column, cell []byte) *cellProblem {
	parts, fewest, whole := blank, 2, func(piece []byte) bool { return bytes.ContainsAny(piece, "0123456789") }
	switch {
	case col.pattern != nil:
		parts, fewest, whole = lineEnd, 1, col.pattern.Match
	case bytes.ContainsFunc(cell, ideographic): // 宁科〔2025〕3号 may be wrapped
		parts, whole = lineEnd, func(piece []byte) bool {
			return bytes.HasSuffix(piece, []byte("号")) || len(piece) > 0 && allDigits(piece[len(piece)-1:])
		}
	}
	pieces := bytes.FieldsFunc(cell, parts)
	if joined := folded(nil, cell); len(pieces) < 2 || len(joined) == 18 && identityNumber(joined, true) {
		return nil
	}
	for _, piece := range pieces {
		if whole(folded(nil, piece)) {
			fewest--
		}
	}
	if fewest <= 0 {
		return codesSeveral
	}
	return nil
}

func ideographic(r rune) bool { return unicode.Is(unicode.Han, r) }

// appendCode appends a code in the form in which codes are compared: letters, digits and signs of ASCII
// are narrow, between two of them every dash is the hyphen, and no blanks are left. Case stays. A text with ideographs
// has brackets as names have them, unless a pattern asks for others.
func appendCode(dst, cell []byte, narrow bool) []byte {
	if narrow || !bytes.ContainsFunc(cell, ideographic) {
		dst = folded(dst, cell)
	} else {
		dst = cleanName(dst, cell)
	}
	if !bytes.ContainsFunc(dst, dash) {
		return dst
	}
	var out []byte
	for i := 0; i < len(dst); {
		r, n := utf8.DecodeRune(dst[i:])
		if dash(r) && len(out) > 0 && asciiWord(out[len(out)-1]) && i+n < len(dst) && asciiWord(dst[i+n]) {
			out = append(out, '-')
		} else {
			out = append(out, dst[i:i+n]...)
		}
		i += n
	}
	return out
}

// dash reports what is typed for a hyphen, beside the one of ASCII.
func dash(r rune) bool {
	return r >= 0x2010 && r <= 0x2015 || r == '−' || r == '﹣' || r == '﹘' || r == '⁃'
}

func asciiWord(c byte) bool { return c >= '0' && c <= '9' || asciiLetter(c) }

// looksLatin reports a code of ASCII with a letter of another alphabet that looks as one of it does:
// nobody can see that it is another code.
func looksLatin(code []byte) bool {
	return bytes.ContainsFunc(code, func(r rune) bool { return r < utf8.RuneSelf && asciiWord(byte(r)) }) &&
		bytes.ContainsAny(code, "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕЅІЈКМНОРСТУХасеорху")
}

// nothing are the words for "none" in a column of codes or names, where no code and no name is meant.
var nothing = strings.Fields("无 暂无 没有 未知 不详 不明 待定 待补 NA na")

func saysNothing(cell []byte) bool {
	return len(cell) <= len("不详") && slices.Contains(nothing, string(cell))
}

// spreadsheetErrors are what a spreadsheet shows for a value that could not be computed, as text files have it.
var spreadsheetErrors = strings.Fields("#N/A #REF! #VALUE! #DIV/0! #NAME? #NUM! #NULL! #SPILL! #CALC! #FIELD! #BLOCKED! #CONNECT! #UNKNOWN! #BUSY! #GETTING_DATA")

// noValueIn refuses a text that is a spreadsheet's error or a formula instead of its value.
func noValueIn(cell []byte) *cellProblem {
	switch {
	case len(cell) < 2 || cell[0] != '#' && cell[0] != '=':
		return nil
	case cell[0] == '=':
		if c := cell[1]; asciiWord(c) || strings.IndexByte(`$(+-'"@`, c) >= 0 {
			return &cellProblem{"cell.error", "单元格是公式而不是它的结果，请粘贴为数值后重新导出"}
		}
	case len(bytes.Trim(cell, "#")) == 0:
		return &cellProblem{"cell.error", "单元格显示为“" + string(cell) + "”（列宽不足），内容已丢失，请加宽该列后重新导出"}
	case slices.Contains(spreadsheetErrors, string(bytes.ToUpper(cell))):
		return &cellProblem{"cell.error", "单元格是公式错误“" + string(cell) + "”，请改正公式后重新导出"}
	}
	return nil
}

// nameForm refuses what is in a column of names and names nobody: a number, a day, a truth value.
func nameForm(name []byte) *cellProblem {
	if len(name) > 0 && name[0] >= 0xE4 && name[0] <= 0xE9 { // nearly all begin with an ideograph
		return nil
	}
	if upper := string(bytes.ToUpper(name)); upper == booleanWords[0] || upper == booleanWords[1] {
		return &cellProblem{"cell.boolean", "单元格是逻辑值 " + upper + "，不是文字"}
	}
	if !bytes.ContainsFunc(name, func(r rune) bool { return unicode.IsLetter(r) && !strings.ContainsRune("年月日号", r) }) {
		return &cellProblem{"name.form", "不是名称（只有数字、日期或符号）"}
	}
	return nil
}
