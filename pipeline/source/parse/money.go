package parse

import (
	"bytes"
	"errors"
	"math/bits"
	"strconv"
	"strings"
	"unicode/utf8"

	"citykpi/pipeline/source/fold"
)

var (
	ErrNumber = errors.New("not a number")
	ErrComma  = errors.New("a comma that parts no thousands")
)

// CommaProblem is what a bureau is told of ErrComma.
var CommaProblem = &Problem{"cell.comma", "逗号不在千分位（1,234,567.00）或万分位（1,2345）上：小数点请用“.”，几个数请逐行填写"}

// PlainFixed is fixed for what most cells are: up to fifteen digits with at
// most scale decimals. ok is false for anything else.
func PlainFixed(b []byte, scale int, unit int64) (value int64, ok bool) {
	if len(b) == 0 || len(b)+scale > 18 {
		return 0, false
	}
	decimals := -1
	for i, c := range b {
		if c == '.' && decimals < 0 && i > 0 {
			decimals = len(b) - 1 - i
			continue
		}
		if c < '0' || c > '9' {
			return 0, false
		}
		value = value*10 + int64(c-'0')
	}
	if decimals > scale {
		return 0, false
	}
	for d := max(decimals, 0); d < scale; d++ {
		value *= 10
	}
	if value > 1<<62/max(unit, 1) {
		return 0, false
	}
	return value * unit, true
}

// Fixed reads a decimal number into an integer of 10^-scale, multiplied by
// unit, rounded half away from zero.
func Fixed(b []byte, scale int, unit int64) (int64, error) {
	mantissa, decimals, negative, err := MantissaOf(b)
	if err != nil {
		return 0, err
	}
	hi, lo := bits.Mul64(mantissa, uint64(unit))
	for ; decimals < scale; decimals++ {
		var carry uint64
		carry, lo = bits.Mul64(lo, 10)
		if hi > 0 || carry > 0 {
			return 0, ErrNumber
		}
	}
	if decimals > scale {
		by := uint64(1)
		for ; decimals > scale; decimals-- {
			by *= 10
		}
		if hi >= by {
			return 0, ErrNumber
		}
		var rest uint64
		lo, rest = bits.Div64(hi, lo, by)
		hi = 0
		if rest >= by-rest {
			lo++
		}
	}
	if hi != 0 || lo > 1<<63-1 {
		return 0, ErrNumber
	}
	if negative {
		return -int64(lo), nil
	}
	return int64(lo), nil
}

// MantissaOf splits "-1,234.50" into 123450, 2 decimals, negative. An exponent
// ("1.5E7", as Excel stores it) moves the point. Decimals beyond 19 significant
// digits are cut.
func MantissaOf(b []byte) (mantissa uint64, decimals int, negative bool, err error) {
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		negative = b[0] == '-'
		b = b[1:]
	}
	seen, point, commas := false, false, false
	i, whole := 0, 0
	for ; i < len(b); i++ {
		c := b[i]
		switch {
		case c >= '0' && c <= '9':
			seen = true
			if mantissa >= 1e18 {
				if !point {
					return 0, 0, false, ErrNumber
				}
				continue
			}
			mantissa = mantissa*10 + uint64(c-'0')
			if point {
				decimals++
			}
			continue
		case c == '.' && !point:
			point, whole = true, i
			continue
		case c == ',' && seen && !point:
			commas = true
			continue
		}
		break
	}
	if !point {
		whole = i
	}
	if !seen {
		return 0, 0, false, ErrNumber
	}
	if i < len(b) {
		e, ok := exponentOf(b[i:])
		if !ok {
			return 0, 0, false, ErrNumber
		}
		decimals -= e
	}
	if commas && !grouped(b[:whole]) {
		return 0, 0, false, ErrComma
	}
	for decimals < 0 {
		if mantissa > 1<<63/10 {
			return 0, 0, false, ErrNumber
		}
		mantissa *= 10
		decimals++
		if mantissa == 0 {
			decimals = 0
		}
	}
	for decimals > 18 {
		mantissa /= 10
		decimals--
	}
	return mantissa, decimals, negative, nil
}

// grouped reports digits that commas part into groups of three from the right, or of four, as
// 万 and 亿 count: 1,234,567 and 1,2345,6789. Anywhere else a comma may be a decimal point.
func grouped(whole []byte) bool {
	size := len(whole) - 1 - bytes.LastIndexByte(whole, ',')
	if size != 3 && size != 4 || whole[0] == '0' {
		return false
	}
	for i, c := range whole {
		if (c == ',') != ((len(whole)-1-i)%(size+1) == size) {
			return false
		}
	}
	return whole[0] != ','
}

// exponentOf reads "E+7".
func exponentOf(b []byte) (int, bool) {
	if b[0] != 'E' && b[0] != 'e' {
		return 0, false
	}
	b = b[1:]
	down := len(b) > 0 && b[0] == '-'
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		b = b[1:]
	}
	e := fold.Digits(b)
	if e < 0 || e > 300 {
		return 0, false
	}
	if down {
		e = -e
	}
	return e, true
}

// Amount is what a money cell says by itself.
type Amount struct {
	Number   []byte // digits, sign, separators, exponent
	Factor   int64  // of the unit in the cell: 10000 for 万元; 0 none
	Currency string // ISO 4217; "" none
}

// Currencies by the words bureaus use.
var Currencies = map[string]string{
	"元": "CNY", "圆": "CNY", "人民币": "CNY", "人民币元": "CNY", "元人民币": "CNY", "rmb": "CNY", "cny": "CNY", "¥": "CNY", "￥": "CNY", "156": "CNY",
	"美元": "USD", "美金": "USD", "usd": "USD", "$": "USD", "840": "USD", "us$": "USD",
	"欧元": "EUR", "eur": "EUR", "€": "EUR", "港元": "HKD", "港币": "HKD", "hkd": "HKD",
	"日元": "JPY", "日币": "JPY", "jpy": "JPY", "英镑": "GBP", "gbp": "GBP",
	"新台币": "TWD", "台币": "TWD", "新台币元": "TWD", "twd": "TWD", "澳门元": "MOP", "澳门币": "MOP", "mop": "MOP",
	"新加坡元": "SGD", "新元": "SGD", "sgd": "SGD", "加元": "CAD", "加拿大元": "CAD", "cad": "CAD",
	"澳元": "AUD", "澳大利亚元": "AUD", "aud": "AUD", "韩元": "KRW", "韩国元": "KRW", "krw": "KRW",
	"瑞士法郎": "CHF", "chf": "CHF", "瑞典克朗": "SEK", "sek": "SEK", "新西兰元": "NZD", "nzd": "NZD",
	"hk$": "HKD", "nt$": "TWD", "丹麦克朗": "DKK", "dkk": "DKK", "挪威克朗": "NOK", "nok": "NOK", "卢布": "RUB", "俄罗斯卢布": "RUB", "rub": "RUB",
	"林吉特": "MYR", "马来西亚林吉特": "MYR", "myr": "MYR", "泰铢": "THB", "thb": "THB",
}

// CurrencyOrder is the codes a currency dictionary holds.
var CurrencyOrder = []string{"AUD", "CAD", "CHF", "CNY", "DKK", "EUR", "GBP", "HKD", "JPY", "KRW", "MOP", "MYR", "NOK", "NZD", "RUB",
	"SEK", "SGD", "THB", "TWD", "USD"}

// multiples are what stands between a number and its currency.
var multiples = []struct {
	word   string
	factor int64
}{{"百万", 1e6}, {"千万", 1e7}, {"亿", 1e8}, {"万", 1e4}, {"千", 1e3}}

// SplitAmount takes a folded cell apart: 1,000(万元人民币) · 3500万人民币 ·
// 297(万美元) · 3.5亿 · ¥120.00 · 人民币500万元. It fails on an unknown word.
func SplitAmount(b []byte) (Amount, *Problem) {
	var a Amount
	if inner, ok := bytes.CutPrefix(b, []byte("(")); ok && bytes.HasSuffix(inner, []byte(")")) {
		if inner = inner[:len(inner)-1]; len(inner) > 0 && numeric(inner[0]) && inner[0] != '-' {
			b = append([]byte("-"), inner...) // how accountants write a negative amount
		}
	}
	lead := 0
	for lead < len(b) && !numeric(b[lead]) {
		lead++
	}
	end := lead
	for end < len(b) && (numeric(b[end]) || b[end] == ',' || (b[end] == 'e' || b[end] == 'E') && end+1 < len(b) && numeric(b[end+1])) {
		end++
	}
	a.Number = b[lead:end]
	front, back := withoutBrackets(b[:lead]), withoutBrackets(b[end:])
	if len(a.Number) == 0 {
		return a, &Problem{"money.form", "不是可识别的金额"}
	}
	for _, m := range multiples {
		if rest, ok := strings.CutPrefix(back, m.word); ok {
			a.Factor, back = m.factor, rest
			break
		}
	}
	for _, word := range []string{front, back} {
		if word == "" {
			continue
		}
		code, ok := Currencies[strings.ToLower(word)]
		if !ok {
			return a, &Problem{"money.form", "不是可识别的金额：“" + word + "”无法识别"}
		}
		if a.Currency != "" && a.Currency != code {
			return a, &Problem{"money.currency", "币种前后不一致"}
		}
		a.Currency = code
	}
	if a.Factor == 0 && unitNoun(back) {
		a.Factor = 1 // 120元 says its unit; ¥120, 120人民币 or USD 120 leave it to the header
	}
	return a, nil
}

// unitNoun: 元, 美元, 瑞士法郎 and 英镑 are what is counted; 人民币, 港币, USD and ¥ only say whose.
func unitNoun(word string) bool {
	chinese := word != "" && word[0] >= utf8.RuneSelf
	return strings.HasPrefix(word, "元") || chinese && !strings.HasSuffix(word, "币") && !strings.ContainsAny(word, "¥￥€")
}

func numeric(c byte) bool { return c >= '0' && c <= '9' || c == '.' || c == '-' || c == '+' }

// Brackets takes the brackets off a word.
var Brackets = strings.NewReplacer("(", "", ")", "", "[", "", "]", "")

func withoutBrackets(b []byte) string { return Brackets.Replace(string(b)) }

const (
	MoneyScale   = 2
	DecimalScale = 6
)

// FixedText writes a whole number of 10^-scale as a decimal, without zeros at its end.
func FixedText(v int64, scale int) string {
	s := strconv.FormatInt(v, 10)
	sign := ""
	if v < 0 {
		sign, s = "-", s[1:]
	}
	if len(s) <= scale {
		s = strings.Repeat("0", scale-len(s)+1) + s
	}
	if scale == 0 {
		return sign + s
	}
	return sign + strings.TrimRight(strings.TrimRight(s[:len(s)-scale]+"."+s[len(s)-scale:], "0"), ".")
}
