package convert

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/parse"
	"citykpi/pipeline/source/personal"
)

// convert types the cell of contract column i into row c.n, or notes why it cannot.
// It always appends exactly one value, so that a rejected row can be taken back.
func (c *Converter) convert(i int) {
	col, v := &c.columns[i], &c.vectors[i]
	for k := range c.beside[i] {
		c.beside[i][k].setNull(c.n)
	}
	cell, kind, p := c.raw(i), c.kind(i), (*parse.Problem)(nil)
	if !fold.IsTrimmed(cell) {
		cell = fold.Trim(cell)
	}
	if kind > grid.Number {
		cell, kind, p = c.seen(col.Type, cell, kind)
	}
	if p == nil && c.odd {
		if p = controlIn(cell); p == nil {
			p = struckIn(cell)
		}
	}
	if p == nil && kind == grid.Text && len(cell) > 1 && (cell[0] == '#' || cell[0] == '=') {
		p = noValueIn(cell)
	}
	if p != nil {
		v.setNull(c.n)
		c.fail(i, *p)
		return
	}
	if len(cell) <= len("undefined") && (fold.IsNull(cell) || col.named && saysNothing(cell)) {
		v.setNull(c.n)
		if col.Required && !(c.withdrawing && !slices.Contains(c.contract.Key, col.Name)) {
			c.fail(i, parse.Problem{Rule: "required", Reason: "必填项为空"})
		}
		return
	}
	switch col.Type {
	case contract.Text, contract.Name, contract.RegistrationNo, contract.CreditCode:
		if kind == grid.Text && !c.odd && (col.anyText || col.names && plainName(cell)) {
			p = c.asItStands(i, cell)
		} else {
			p = c.textValue(i, cell, kind)
		}
	case contract.DateType:
		p = c.dateValue(i, cell, kind)
	case contract.Category:
		p = c.categoryValue(i, cell)
	case contract.Money:
		p = c.moneyValue(i, cell, kind)
	case contract.Integer, contract.Decimal:
		p = c.numberValue(i, cell, kind)
	case contract.Boolean:
		p = c.booleanValue(i, cell)
	}
	if p != nil {
		v.setNull(c.n)
		c.fail(i, *p)
	}
}

// asItStands takes most cells there are: a text of which nothing is asked, or that is plainly what it should be.
func (c *Converter) asItStands(i int, text []byte) *parse.Problem {
	if parse.LostEnd(text) {
		return textDigitsLost
	}
	if c.columns[i].mayShow(text) {
		c.sightings.look(i, text)
	}
	c.vectors[i].setText(c.n, text)
	return nil
}

func (c *Converter) textValue(i int, cell []byte, kind grid.Kind) *parse.Problem {
	col, v := &c.columns[i], &c.vectors[i]
	text := cell
	excelNumber := kind.IsNumber()
	if excelNumber {
		text = c.numberText(cell, kind)
	} else if c.odd {
		c.scratch = fold.StripInvisible(c.scratch[:0], cell)
		text = c.scratch
	}
	switch col.Type {
	case contract.Name:
		if !fold.NameIsClean(text) {
			if severalNames(text, col.Personal == personal.Party) {
				return namesSeveral
			}
			c.scratch = fold.Name(make([]byte, 0, len(text)+16), text)
			text = c.scratch
		}
	case contract.CreditCode:
		code, p := parse.Code(nil, text, excelNumber)
		if p != nil {
			return p
		}
		text = code
	case contract.RegistrationNo:
		no, p := parse.RegistrationNo(nil, text, excelNumber)
		if p != nil {
			return p
		}
		text = no
	}
	var p *parse.Problem
	switch {
	case col.code:
		if text, p = codeValue(col.Column, text); p == nil && parse.Exponential(text) {
			p = textDigitsLost
		}
	case col.person && severalPersons(text):
		p = personsSeveral
	}
	if p != nil {
		return p
	}
	if col.Form != nil {
		if !col.Form.Match(text) {
			if parse.Scientific(text) || excelNumber && len(text) > 15 {
				return textDigitsLost
			}
			return &parse.Problem{Rule: "text.pattern", Reason: "应为" + col.Like}
		}
	}
	if excelNumber && parse.LongNumber(text) || parse.LostEnd(text) {
		return textDigitsLost
	}
	if col.Type == contract.Name || col.person {
		if p := nameForm(text); p != nil {
			return p
		}
	}
	creditCode := col.Type == contract.CreditCode && len(text) == 18 && text[0] == '9' // whole and right, and no person's number begins so
	if !creditCode && col.mayShow(text) {
		c.sightings.look(i, text)
	}
	v.setText(c.n, text)
	return nil
}

var textDigitsLost = &parse.Problem{Rule: "text.digits_lost", Reason: "编号被存成了数字，末尾数位已丢失，请将该列设为文本后重新导出"}

// numberText is a workbook's number as a person sees it: fifteen significant
// digits, no exponent; a date as YYYY-MM-DD.
func (c *Converter) numberText(cell []byte, kind grid.Kind) []byte {
	return []byte(parse.SerialText(string(cell), kind, c.epoch))
}

func (c *Converter) dateValue(i int, cell []byte, kind grid.Kind) *parse.Problem {
	col := &c.columns[i]
	day, p := parse.DayOfCell(cell, kind, c.epoch)
	if col.Months {
		day, p = c.dayOrMonth(i, cell, kind, day, p)
	}
	switch {
	case p != nil:
		return p
	case col.hasLow && day < col.low:
		return &parse.Problem{Rule: "date.range", Reason: fmt.Sprintf("日期早于 %s", parse.DateOfDays(col.low))}
	case col.hasHigh && day > col.high:
		if col.HighIsDataDay {
			return &parse.Problem{Rule: "date.range", Reason: fmt.Sprintf("日期晚于数据日期 %s", parse.DateOfDays(col.high))}
		}
		return &parse.Problem{Rule: "date.range", Reason: fmt.Sprintf("日期晚于 %s", parse.DateOfDays(col.high))}
	}
	c.vectors[i].setInt32(c.n, day)
	return nil
}

// precisions are how much of a date is known, in a column that keeps months.
var precisions = []string{"day", "month"}

// dayOrMonth takes a cell that is no day for a month, which then stands as its
// last day, or as the last that the data can hold: by then it has happened.
func (c *Converter) dayOrMonth(i int, cell []byte, kind grid.Kind, day int32, p *parse.Problem) (int32, *parse.Problem) {
	precision := int16(0)
	if p != nil {
		first, last, ok := parse.MonthOfCell(cell, kind, c.epoch)
		if !ok {
			return day, p
		}
		if col := &c.columns[i]; col.hasHigh && first <= col.high {
			last = min(last, col.high)
		}
		day, precision = last, 1
	}
	c.beside[i][0].nulls-- // convert has put a null there
	c.beside[i][0].setInt16(c.n, precision)
	return day, nil
}

func (c *Converter) categoryValue(i int, cell []byte) *parse.Problem {
	col := &c.columns[i]
	seen := c.categories[i].of(cell)
	if !seen.is(cell) {
		index, ok := col.words[string(cell)]
		if !ok {
			index, ok = col.words[string(fold.Append(nil, cell))]
		}
		if !ok {
			var words []string
			for _, v := range col.Values {
				words = append(words, v.Words...)
			}
			return &parse.Problem{Rule: "category.unknown", Reason: "不在允许的取值之内：" + strings.Join(words, "、")}
		}
		seen.keep(cell, index)
	}
	c.vectors[i].setInt16(c.n, seen.index)
	return nil
}

var severalNumbers = &parse.Problem{Rule: "cell.several", Reason: "单元格里有几个数（中间有空格或换行），应只有一个，请逐行填写或删去空格"}

func (c *Converter) numberValue(i int, cell []byte, kind grid.Kind) *parse.Problem {
	col := &c.columns[i]
	scale, _ := col.Type.Scale()
	if kind.IsNumber() && parse.LongNumber(cell) {
		return &parse.Problem{Rule: "number.digits_lost", Reason: "数值超过15位，末尾数位已丢失，请将该列设为文本后重新导出"}
	}
	value, ok := parse.PlainFixed(cell, scale, 1)
	if !ok {
		if !fold.Plain(cell) {
			if fold.DigitsApart(cell) {
				return severalNumbers
			}
			cell = fold.Append(nil, cell)
		}
		if kind == grid.Text && parse.Scientific(cell) {
			return &parse.Problem{Rule: "number.digits_lost", Reason: "数值以科学计数法保存，尾数已丢失"}
		}
		factor := int64(1)
		if scale > 0 {
			if whole, ok := bytes.CutSuffix(cell, []byte("%")); ok {
				cell = whole // 12.5% stays 12.5: the contract's unit is percent
			}
		}
		v, err := parse.Fixed(cell, scale, factor)
		if errors.Is(err, parse.ErrComma) {
			return parse.CommaProblem
		} else if err != nil {
			return &parse.Problem{Rule: "number.form", Reason: "不是可识别的数值"}
		}
		if col.Type == contract.Integer {
			switch fine, err := parse.Fixed(cell, 6, 1); {
			case err != nil:
				return &parse.Problem{Rule: "number.form", Reason: "数值过大"}
			case fine != v*1e6:
				return &parse.Problem{Rule: "number.whole", Reason: "应为整数"}
			}
		}
		value = v
	}
	if p := c.bounds(col, value, scale); p != nil {
		return p
	}
	if col.Type == contract.Integer {
		if value >= 1e17 && personal.HoldsIdentity(strconv.AppendInt(nil, value, 10)) {
			return &parse.Problem{Rule: "number.identity", Reason: "疑似身份证号码，不应填入数值列"}
		}
		c.vectors[i].setInt64(c.n, value)
	} else {
		c.vectors[i].setInt128(c.n, value)
	}
	return nil
}

func (c *Converter) bounds(col *planColumn, value int64, scale int) *parse.Problem {
	if col.LowNum != nil && value < *col.LowNum {
		return &parse.Problem{Rule: "number.range", Reason: "小于下限 " + parse.FixedText(*col.LowNum, scale)}
	}
	if col.HighNum != nil && value > *col.HighNum {
		return &parse.Problem{Rule: "number.range", Reason: "大于上限 " + parse.FixedText(*col.HighNum, scale)}
	}
	return nil
}

func (c *Converter) moneyValue(i int, cell []byte, kind grid.Kind) *parse.Problem {
	col := &c.columns[i]
	currency := "CNY"
	if col.currencyAt >= 0 {
		var p *parse.Problem
		if currency, p = c.currencyCell(col.currencyAt); p != nil {
			return p
		}
	}
	if kind.IsNumber() && parse.LongNumber(cell) {
		return &parse.Problem{Rule: "money.digits_lost", Reason: "金额超过15位，末尾数位已丢失"}
	}
	if col.unit > 0 && currency == "CNY" {
		if value, ok := parse.PlainFixed(cell, parse.MoneyScale, col.unit); ok {
			if p := c.bounds(col, value, parse.MoneyScale); p != nil {
				return p
			}
			c.vectors[i].setInt128(c.n, value)
			return nil
		}
	}
	if !fold.Plain(cell) {
		if fold.DigitsApart(cell) {
			return severalNumbers
		}
		cell = fold.Append(nil, cell)
	}
	if kind == grid.Text && parse.Scientific(cell) {
		return &parse.Problem{Rule: "money.digits_lost", Reason: "金额以科学计数法保存，尾数已丢失，请将该列设为数值格式后重新导出"}
	}
	a, p := parse.SplitAmount(cell)
	if p != nil {
		return p
	}
	factor := a.Factor
	if factor == 0 {
		factor = col.unit
	}
	if a.Currency != "" && col.currencyAt >= 0 && currency != a.Currency && len(c.raw(col.currencyAt)) > 0 {
		return &parse.Problem{Rule: "money.currency", Reason: "金额中的币种与币种列不一致"}
	}
	if a.Currency != "" {
		currency = a.Currency
		if factor == 0 {
			factor = 1
		}
	}
	bare, err := parse.Fixed(a.Number, parse.MoneyScale, 1)
	if _, _, _, form := parse.MantissaOf(a.Number); errors.Is(form, parse.ErrComma) {
		return parse.CommaProblem
	} else if form != nil {
		return &parse.Problem{Rule: "money.form", Reason: "不是可识别的金额"}
	} else if err != nil {
		return &parse.Problem{Rule: "money.form", Reason: "金额过大"}
	}
	if factor == 0 && bare != 0 {
		return &parse.Problem{Rule: "money.unit", Reason: "金额没有单位，请在表头或标题注明，如“（万元）”"}
	}
	value, err := parse.Fixed(a.Number, parse.MoneyScale, max(factor, 1))
	if err != nil || value > 1e18 || value < -1e18 {
		return &parse.Problem{Rule: "money.form", Reason: "金额过大"}
	}
	if currency != "CNY" {
		return c.foreignMoney(i, value, currency)
	}
	if p := c.bounds(col, value, parse.MoneyScale); p != nil {
		return p
	}
	c.vectors[i].setInt128(c.n, value)
	return nil
}

func (c *Converter) foreignMoney(i int, value int64, currency string) *parse.Problem {
	if !c.columns[i].Foreign {
		return &parse.Problem{Rule: "money.currency", Reason: "不是人民币金额（" + currency + "），请折算后填报"}
	}
	if low := c.columns[i].LowNum; low != nil && *low == 0 && value < 0 { // the one bound that holds in every currency
		return c.bounds(&c.columns[i], value, parse.MoneyScale)
	}
	c.vectors[i].setNull(c.n)
	for k := range c.beside[i] {
		c.beside[i][k].nulls-- // convert has put nulls there
	}
	c.beside[i][0].setInt128(c.n, value)
	c.beside[i][1].setInt16(c.n, c.currency[currency])
	return nil
}

func (c *Converter) currencyCell(column int) (string, *parse.Problem) {
	cell := fold.Trim(c.raw(column))
	if fold.IsNull(cell) || string(cell) == "人民币" {
		return "CNY", nil
	}
	word := strings.ToLower(fold.Word(string(cell)))
	if code, ok := parse.Currencies[word]; ok {
		return code, nil
	}
	return "", &parse.Problem{Rule: "money.currency", Reason: "币种“" + string(cell) + "”无法识别"}
}

func (c *Converter) booleanValue(i int, cell []byte) *parse.Problem {
	switch strings.ToLower(fold.Word(string(cell))) {
	case "是", "有", "1", "true", "y", "yes", "√", "✓", "✔", "☑":
		c.vectors[i].setInt16(c.n, 1)
	case "否", "无", "没有", "0", "false", "n", "no", "×", "✕", "✗", "✘", "╳", "☐":
		c.vectors[i].setInt16(c.n, 0)
	default:
		return &parse.Problem{Rule: "boolean.form", Reason: "应填“是”或“否”"}
	}
	return nil
}
