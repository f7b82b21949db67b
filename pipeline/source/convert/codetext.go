package convert

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/parse"
	"citykpi/pipeline/source/personal"
)

var codesSeveral = &parse.Problem{Rule: "cell.several", Reason: "单元格里的编号中间有空格或换行，是一个还是几个无法判断，请删去空格或逐行填写"}

var codeLookalike = &parse.Problem{Rule: "text.lookalike", Reason: "编号中有形似拉丁字母的希腊或西里尔字母，请改用英文字母重新填写"}

var codeDate = &parse.Problem{Rule: "text.date", Reason: "编号被存成了日期（如 9-1 变成 9月1日），原编号已丢失，请将该列设为文本后重新填写"}

var codeDecimal = &parse.Problem{Rule: "text.number", Reason: "编号被存成了数字（多出“.0”），请将该列设为文本后重新导出"}

// asDate is what a spreadsheet makes of a code such as 9-1 or 3-25: a day without a year, a month with half of one.
var asDate = regexp.MustCompile(`^(\d{1,2}月\d{1,2}日|\d{1,2}-[A-Z][a-z]{2}(-\d\d)?|[A-Z][a-z]{2}-\d\d)$`)

// asDecimal is what programs that know no whole numbers make of one: 320102.0.
var (
	asDecimal = regexp.MustCompile(`^\d{4,}\.0$`)
	pointZero = []byte(".0")
)

// codeValue is a code as it is compared. A pattern says itself which blanks are none of the code's.
func codeValue(col *contract.Column, cell []byte) ([]byte, *parse.Problem) {
	switch {
	case cell[len(cell)-1] == '0' && bytes.HasSuffix(cell, pointZero) && asDecimal.Match(cell):
		return nil, codeDecimal
	case len(cell) <= len("12月31日") && (bytes.IndexByte(cell, '-') > 0 || bytes.HasSuffix(cell, []byte("日"))) && asDate.Match(cell):
		return nil, codeDate
	case fold.Plain(cell):
		return cell, nil
	}
	if p := codeParted(col, cell); p != nil {
		return nil, p
	}
	code := appendCode(nil, cell, col.Form != nil)
	if looksLatin(code) {
		return nil, codeLookalike
	}
	return code, nil
}

// codeParted refuses a code in which a blank or a line end may as well part two.
func codeParted(col *contract.Column, cell []byte) *parse.Problem {
	fewest, whole := 2, func(piece []byte) bool { return bytes.ContainsAny(piece, "0123456789") }
	wordy := bytes.ContainsFunc(cell, ideographic)
	switch {
	case col.Form != nil:
		fewest, whole = 1, col.Form.Match
	case wordy: // 宁科〔2025〕3号 may be wrapped
		whole = func(piece []byte) bool {
			return bytes.HasSuffix(piece, []byte("号")) || len(piece) > 0 && fold.AllDigits(piece[len(piece)-1:])
		}
	}
	if joined := fold.Append(nil, cell); len(joined) == 18 && fold.AllDigits(joined[:17]) && personal.IdentityNumber(joined, true) {
		return nil
	}
	lines := bytes.FieldsFunc(cell, lineEnd)
	for _, line := range lines {
		if len(lines) > 1 && whole(fold.Append(nil, line)) {
			fewest--
		}
	}
	pieces := bytes.FieldsFunc(cell, fold.Blank)
	if fewest <= 0 || col.Form == nil && !wordy && len(pieces) > 1 && parse.Alike(pieces) {
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
		dst = fold.Append(dst, cell)
	} else {
		dst = fold.Name(dst, cell)
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

func asciiWord(c byte) bool { return c >= '0' && c <= '9' || fold.IsLetter(c) }

// looksLatin reports a code of ASCII with a letter of another alphabet that looks as one of it does:
// nobody can see that it is another code.
func looksLatin(code []byte) bool {
	return bytes.ContainsFunc(code, func(r rune) bool { return r < utf8.RuneSelf && asciiWord(byte(r)) }) &&
		bytes.ContainsAny(code, "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕЅІЈКМНОРСТУХасеорху")
}

// saysNothing reports the words for "none" in a column of codes or names, where no code and no name is meant.
func saysNothing(cell []byte) bool {
	switch string(cell) {
	case "无", "暂无", "没有", "未知", "不详", "不明", "待定", "待补", "NA", "na", "NaN", "nan", "<NA>", "NaT", "None", "none", "undefined", "nil":
		return true
	}
	return false
}

// spreadsheetErrors are what a spreadsheet shows for a value that could not be computed, as text files have it.
var spreadsheetErrors = strings.Fields("#N/A #REF! #VALUE! #DIV/0! #NAME? #NUM! #NULL! #SPILL! #CALC! #FIELD! #BLOCKED! " +
	"#CONNECT! #UNKNOWN! #BUSY! #GETTING_DATA")

// formulaShown is a formula: a function that is called, or nothing but what formulas are written with. =1+1号 is a text.
var formulaShown = regexp.MustCompile(`(?i)^=(?:[a-z][a-z0-9.]*\(|[\w$(+\-'"@][ -~]*$)`)

// noValueIn refuses a text of # or = and more that is a spreadsheet's error or a formula instead of its value.
func noValueIn(cell []byte) *parse.Problem {
	switch {
	case cell[0] == '=':
		if formulaShown.Match(cell) {
			return &parse.Problem{Rule: "cell.error", Reason: "单元格是公式而不是它的结果，请粘贴为数值后重新导出"}
		}
	case len(bytes.Trim(cell, "#")) == 0:
		return &parse.Problem{Rule: "cell.error", Reason: "单元格显示为“" + string(cell) + "”（列宽不足），内容已丢失，请加宽该列后重新导出"}
	case slices.Contains(spreadsheetErrors, string(bytes.ToUpper(cell))):
		return &parse.Problem{Rule: "cell.error", Reason: "单元格是公式错误“" + string(cell) + "”，请改正公式后重新导出"}
	}
	return nil
}

func isBoolean(cell []byte) bool {
	return slices.Contains(grid.BooleanWords[:], string(bytes.ToUpper(cell)))
}

func notText(cell []byte) *parse.Problem {
	return &parse.Problem{Rule: "cell.boolean", Reason: "单元格是逻辑值 " + string(cell) + "，不是文字"}
}

var nameLost = &parse.Problem{Rule: "text.replacement", Reason: "名称中有问号或“锟斤拷”，是导出时丢失的字，请以 UTF-8 或 GB18030 重新导出"}

// markup is what programs leave in a text: &amp; <b> \n \u7532 %E7%94%B2 _x000D_.
var markup = regexp.MustCompile(`&#?\w+;|</?\w+[ />]|\\|%[0-9A-F]{2}%[0-9A-F]{2}|_x[0-9A-Fa-f]{4}_`)

// plainName reports a name of which nothing need be asked: it begins with an ideograph and stands as it is kept.
func plainName(name []byte) bool {
	return len(name) > 0 && name[0] >= 0xE4 && name[0] <= 0xE9 && fold.NameIsClean(name)
}

// nameForm refuses what is in a column of names and names nobody: a number, a day, a truth value, a
// text with what programs put around it, a name whose rare characters were lost.
func nameForm(name []byte) *parse.Problem {
	ideograph := len(name) > 0 && name[0] >= 0xE4 && name[0] <= 0xE9
	switch {
	case plainName(name): // as nearly all are
		return nil
	case bytes.Contains(name, fold.LostTwice):
		return nameLost
	case markup.Match(name):
		return &parse.Problem{Rule: "name.markup", Reason: "名称中有网页或程序的转义字符（如 &amp; <b> \\n），请以原文字重新导出"}
	case bytes.ContainsAny(name, "?？"):
		return nameLost
	case ideograph:
		return nil
	}
	if isBoolean(name) {
		return notText(name)
	}
	if !bytes.ContainsFunc(name, func(r rune) bool { return unicode.IsLetter(r) && !strings.ContainsRune("年月日号", r) }) {
		return &parse.Problem{Rule: "name.form", Reason: "不是名称（只有数字、日期或符号）"}
	}
	return nil
}
