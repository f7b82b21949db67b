package demo

import (
	"fmt"
	"strings"
)

// creditAlphabet is the 31 characters of GB 32100-2015, by value.
const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

var (
	creditWeights = [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}
	orgWeights    = [8]int{3, 7, 9, 10, 5, 8, 4, 2}
)

// creditCode completes 17 characters of a unified social credit code with the
// check character of GB 32100-2015: (31 - Σ Ci·3^(i-1) mod 31) mod 31.
func creditCode(first17 string) string {
	sum := 0
	for i := range 17 {
		sum += creditValue(first17[i]) * creditWeights[i]
	}
	return first17 + string(creditAlphabet[(31-sum%31)%31])
}

func creditValue(c byte) int { return strings.IndexByte(creditAlphabet, c) }

// orgCode completes the 8 characters of an organisation code with the check
// character of GB 11714-1997; its letters count A=10 … Z=35, unlike the credit code's.
func orgCode(body string) string {
	sum := 0
	for i := range 8 {
		v := int(body[i] - '0')
		if body[i] >= 'A' {
			v = int(body[i]-'A') + 10
		}
		sum += v * orgWeights[i]
	}
	switch c := 11 - sum%11; c {
	case 10:
		return body + "X"
	case 11:
		return body + "0"
	default:
		return body + string(rune('0'+c))
	}
}

// registrationNo completes 14 digits (office and sequence) of a registration
// number with its check digit: GS15-2006, ISO 7064 MOD 11,10.
func registrationNo(first14 string) string {
	p := 10
	for i := range 14 {
		s := (int(first14[i]-'0') + p) % 10
		if s == 0 {
			s = 10
		}
		p = 2 * s % 11
	}
	return first14 + string(rune('0'+(11-p)%10))
}

// wrongCheck replaces the last character of a code by one that does not check.
func wrongCheck(code string) string {
	i := creditValue(code[len(code)-1])
	return code[:len(code)-1] + string(creditAlphabet[(i+7)%31])
}

// scientific is what a spreadsheet makes of a code it takes for a number.
func scientific(code string) string { return fmt.Sprintf("%s.%sE+17", code[:1], code[1:6]) }

const (
	base31Six  = 31 * 31 * 31 * 31 * 31 * 31
	codeReform = day(16709) // 2015-10-01: credit codes replace registration numbers
)

// code is the enterprise's credit code. Firms older than the reform keep their
// numeric organisation code inside it, younger ones got one that starts with MA.
func (c *city) code(e int32) string {
	f := &c.firms[e]
	var body [8]byte
	if f.established < codeReform {
		n := (uint64(e)*61_803_399 + c.seed%1e8) % 1e8
		for i := 7; i >= 0; i-- {
			body[i] = byte('0' + n%10)
			n /= 10
		}
	} else {
		n := (uint64(e)*271_828_183 + c.seed%base31Six) % base31Six
		body[0], body[1] = 'M', 'A'
		for i := 7; i >= 2; i-- {
			body[i] = creditAlphabet[n%31]
			n /= 31
		}
	}
	return creditCode(fmt.Sprintf("91%06d%s", f.office, orgCode(string(body[:]))))
}

// oldNumber is the 15-digit registration number of a firm older than the reform,
// "" for younger ones. Its office is written with the code of its time.
func (c *city) oldNumber(e int32) string {
	f := &c.firms[e]
	if f.established >= codeReform {
		return ""
	}
	sequence := (uint64(e)*27_182_819 + c.seed%40_000_000) % 40_000_000 // 0–3 first: domestic enterprises
	return registrationNo(fmt.Sprintf("%s%08d", districts()[f.region].OldOffice, sequence))
}
