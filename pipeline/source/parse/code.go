// Package parse reads what people write into cells: days and months, numbers and amounts of money, codes. Each answers a
// cell with its value or with the Problem that the bureau is told of.
package parse

import (
	"bytes"
	"cmp"
	"fmt"
	"unicode"
	"unicode/utf8"

	"citykpi/pipeline/source/fold"
)

// GB 32100-2015: 18 characters of this alphabet (no I, O, S, V, Z), the last
// one a check: (31 - Σ value·3^(i-1) mod 31) mod 31 over the first seventeen.
const codeAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

var codeWeights = [17]uint16{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}

var codeValues = func() (t [256]uint8) {
	for i := range t {
		t[i] = 0xFF
	}
	for i := range codeAlphabet {
		t[codeAlphabet[i]] = uint8(i)
	}
	return t
}()

// CodeCheck is the 18th character that belongs to the first seventeen of
// b; ok is false if one of those is not of the alphabet, at is its index then.
func CodeCheck(b []byte) (check byte, at int, ok bool) {
	sum := uint32(0)
	for i := range 17 {
		v := codeValues[b[i]]
		if v == 0xFF {
			return 0, i, false
		}
		sum += uint32(v) * uint32(codeWeights[i])
	}
	return codeAlphabet[(31-sum%31)%31], 0, true
}

// CheckCharacter is the check character GB 32100-2015 gives the first
// seventeen characters of code; ok is false if they cannot be part of one.
func CheckCharacter(code string) (check byte, ok bool) {
	if len(code) < 17 {
		return 0, false
	}
	check, _, ok = CodeCheck([]byte(code))
	return check, ok
}

// Code normalises a 统一社会信用代码 (trimmed) into dst[:0] where it must
// change it. 15-, 13- and 11-character numbers from before 2015 are kept as
// they are: they are resolved to an enterprise later.
func Code(dst, b []byte, excelNumber bool) ([]byte, *Problem) {
	if len(b) == 18 {
		if check, _, ok := CodeCheck(b); ok && check == b[17] && !excelNumber {
			return b, nil
		}
	}
	b = bytes.ToUpper(fold.Append(dst[:0], b))
	if Scientific(b) || excelNumber && len(b) > 15 {
		return nil, &Problem{"credit_code.digits_lost", "代码被存成了数字，末尾数位已丢失，请将该列设为文本后重新导出"}
	}
	switch len(b) {
	case 18:
		check, at, ok := CodeCheck(b)
		switch {
		case !ok:
			return nil, &Problem{"credit_code.form", fmt.Sprintf("第%d位“%c”不是统一社会信用代码用字（不用 I、O、S、V、Z）", at+1, []rune(string(b[at:]))[0])}
		case check != b[17]:
			return nil, &Problem{"credit_code.check", fmt.Sprintf("校验码不符：末位应为“%c”，实为“%c”", check, b[17])}
		}
		return b, nil
	case 15, 13:
		if fold.AllDigits(b) {
			return b, nil
		}
	case 11:
		if fold.Alphanumeric(b) {
			return b, nil
		}
	}
	return nil, &Problem{"credit_code.form", fmt.Sprintf("统一社会信用代码应为18位（旧注册号15、13或11位），实为%d位", len([]rune(string(b))))}
}

// longestRegistration is more characters than a 注册号 has, and fewer than two have.
const longestRegistration = 20

// RegistrationNo normalises a 注册号: letters and digits, 企 号 and the
// like of older numbers included. Its MOD 11,10 check fails in one of ten real
// numbers, so it is not a reason to reject.
func RegistrationNo(dst, b []byte, excelNumber bool) ([]byte, *Problem) {
	if fold.AllDigits(b) && (!excelNumber || len(b) <= 15) {
		return b, nil
	}
	apart, pieces := fold.DigitsApart(b), bytes.FieldsFunc(b, fold.Blank)
	b = bytes.ToUpper(fold.Append(dst[:0], b))
	if n := utf8.RuneCount(b); apart && (n > longestRegistration || n != 15 && n != 13 && Alike(pieces)) {
		return nil, &Problem{"registration_no.several", "单元格里有几个注册号，应只有一个，请逐行填写"}
	}
	if Scientific(b) || excelNumber && len(b) > 15 {
		return nil, &Problem{"registration_no.digits_lost", "注册号被存成了数字，末尾数位已丢失，请将该列设为文本后重新导出"}
	}
	return b, nil
}

// Alike reports pieces that are of one form, as several codes are: k1 k2, 3201 0219. NJ 2025 001 is one.
func Alike(pieces [][]byte) bool {
	first := ""
	for i, piece := range pieces {
		form := []byte{}
		mixed := bytes.ContainsFunc(piece, unicode.IsLetter)
		for _, c := range fold.Append(nil, piece) {
			switch {
			case c >= '0' && c <= '9':
				c = '9'
			case fold.IsLetter(c):
				c = 'A'
			}
			if n := len(form); !mixed || n == 0 || form[n-1] != c { // of k9 and k10 the number of digits does not matter
				form = append(form, c)
			}
		}
		if first = cmp.Or(first, string(form)); string(form) != first || i == 0 && !bytes.ContainsRune(form, '9') {
			return false
		}
	}
	return true
}
