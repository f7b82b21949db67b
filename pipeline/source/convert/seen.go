package convert

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"citykpi/pipeline/source/charset"
	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/numfmt"
	"citykpi/pipeline/source/parse"
)

// seen is a workbook's cell as a person sees it, where that is more than the text or number
// behind it. A text is what is shown, a number what it means: 12.5% of 0.125.
func (c *Converter) seen(t contract.Type, cell []byte, kind grid.Kind) ([]byte, grid.Kind, *parse.Problem) {
	switch kind {
	case grid.Error:
		return cell, kind, &parse.Problem{Rule: "cell.error", Reason: "单元格是公式错误或未计算的公式"}
	case grid.List:
		if bytes.HasPrefix(cell, []byte("{")) {
			return cell, kind, &parse.Problem{Rule: "cell.object", Reason: "单元格是对象（含若干字段），应只有一个值，请逐列填写"}
		}
		return cell, kind, &parse.Problem{Rule: "cell.list", Reason: "单元格是列表，应只有一个值，请逐行或以文字填写"}
	case grid.Bool:
		if t == contract.Name || t == contract.CreditCode || t == contract.RegistrationNo {
			return cell, kind, notText(cell)
		}
		return cell, kind, nil
	case grid.Rounded:
		return cell, kind, &parse.Problem{Rule: "number.digits_lost", Reason: "数值以单精度保存，末尾数位已丢失，请改为双精度或小数类型后重新导出"}
	case grid.Part:
		return cell, kind, &parse.Problem{Rule: "cell.part", Reason: "单元格里是图片或被截短的文字，看不到全部内容，请以完整的文字导出"}
	case grid.Unseen:
		return cell, kind, &parse.Problem{Rule: "cell.format", Reason: "单元格的数字格式不显示其中的文字，看到的是空白，请将该列设为文本后重新导出"}
	case grid.Other:
		if _, number := t.Scale(); number {
			return cell, kind, shownOtherwise
		}
		return cell, grid.Text, nil
	}
	v, err := strconv.ParseFloat(string(cell), 64)
	if err != nil || t == contract.DateType || math.Abs(v) >= parse.DigitsKept && !kind.IsDate() {
		return cell, kind.Stored(), nil
	}
	f := c.styles.Format(kind)
	switch t {
	case contract.Money, contract.Integer, contract.Decimal:
		if kind.IsDate() { // no number is seen
			return []byte(c.styles.Text(string(cell), kind)), grid.Text, nil
		}
		return c.seenNumber(t, f, v)
	}
	if f == nil {
		return []byte(parse.SerialText(string(cell), kind, c.epoch)), grid.Text, nil
	}
	text, ok := f.Shown(v, c.epoch)
	shown := fold.Trim([]byte(text))
	switch {
	case t == contract.CreditCode || t == contract.RegistrationNo: // a grouped or rounded one is the number behind it
		if !ok || !fold.Alphanumeric(bytes.ToUpper(shown)) {
			return cell, kind.Stored(), nil
		}
	case !ok:
		return cell, kind, &parse.Problem{Rule: "cell.format", Reason: "单元格按数字格式显示的内容与保存的数不同，无法照读，请将该列设为文本后重新导出"}
	}
	return shown, grid.Text, nil
}

var shownOtherwise = &parse.Problem{Rule: "number.format", Reason: "单元格按数字格式显示的数与保存的数不同，请设为常规格式后重新导出"}

// seenNumber is the number that is seen, with the unit that the format writes around it.
func (c *Converter) seenNumber(t contract.Type, f *numfmt.Format, v float64) ([]byte, grid.Kind, *parse.Problem) {
	n, ok := f.Numeral(v)
	switch {
	case !ok:
		return nil, grid.Number, shownOtherwise
	case t == contract.Money:
		back := strings.TrimRight(n.Back, "整正")
		if strange := cmp.Or(strangeAround(n.Front, ""), strangeAround("", back)); strange != "" && !strings.HasPrefix(back, "%") {
			return nil, grid.Number, strangeWord(strange)
		}
		return []byte(n.Front + n.Digits + back), grid.Number, nil
	}
	back := strings.TrimPrefix(fold.Word(n.Back), "%")
	switch strange := strangeAround(n.Front, ""); {
	case strange != "":
		return nil, grid.Number, strangeWord(strange)
	case !countNoun(strings.Trim(back, "()[]")):
		return nil, grid.Number, strangeWord(n.Back)
	case strings.HasPrefix(fold.Word(n.Back), "%"):
		n.Digits += "%"
	}
	return []byte(n.Digits), grid.Number, nil
}

func strangeWord(word string) *parse.Problem {
	return &parse.Problem{Rule: "number.format", Reason: "单元格按数字格式显示了“" + word + "”，数的含义无法判断，请设为常规格式后重新导出"}
}

// strangeAround is what a format writes before or behind a number if it says neither a currency nor a unit of money.
func strangeAround(front, back string) string {
	if _, p := parse.SplitAmount(fold.Append(nil, []byte(front+"1"+back))); p != nil {
		return front + back
	}
	return ""
}

// countNoun reports a word behind a number that only says what is counted: 人, 家, 平方米. Of 以上,
// 余人 or 约 the number is not the one that is meant, of 成, 折, 万人 or ‰ it is a multiple of it.
func countNoun(word string) bool {
	switch strings.ToLower(word) {
	case "成", "折", "打", "k", "w":
		return false
	}
	if strings.Contains(word, "左右") || strings.ContainsAny(strings.ReplaceAll(word, "百分点", ""), "以余多几约估超近十百千万亿") {
		return false
	}
	return !strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !strings.ContainsRune("/·²³㎡㎥㎞㎏", r) })
}

// controlIn refuses a cell with a control character that no text has: tabs and line ends are fine.
// At its ends they have been trimmed. In a garbled text they are no more than that.
func controlIn(cell []byte) *parse.Problem {
	if !fold.ASCII(cell) && charset.Garbled(cell) {
		return garbledProblem
	}
	for i, c := range cell {
		r := rune(c)
		if c == 0xC2 && i+1 < len(cell) {
			r, _ = utf8.DecodeRune(cell[i:])
		}
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || c == 0xC2 && r < 0xA0 {
			return &parse.Problem{Rule: "text.control", Reason: fmt.Sprintf("含有控制字符（U+%04X），请删去后重新导出", r)}
		}
	}
	return nil
}
