package numfmt

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"citykpi/pipeline/source/parse"
)

// Shown is what a person sees of a number; ok is false where that is not known.
func (f *Format) Shown(v float64, epoch1904 bool) (text string, ok bool) {
	if f.local {
		day, ok := parse.SerialDay(int(v), epoch1904)
		text = parse.DateOfDays(day).String()
		if minutes := int(math.Round((v - math.Floor(v)) * 24 * 60)); f.clock && minutes > 0 && minutes < 24*60 {
			text += fmt.Sprintf(" %02d:%02d", minutes/60, minutes%60)
		}
		return text, ok && v >= 0 && v < parse.FirstSerialBeyond
	}
	s, signed := f.pick(v)
	switch {
	case s == nil || s.unread:
		return "", false
	case s.dated:
		return s.showMoment(v, epoch1904)
	case v < 0 && !signed:
		return "-" + s.showNumber(-v), true
	}
	return s.showNumber(math.Abs(v)), true
}

// showNumber fills the digits of a number that is not below zero into their places. The first
// place takes all digits that have none.
func (s *formatSection) showNumber(v float64) string {
	whole, fraction := decimalDigits(v, 2*s.percent-3*s.scaled, s.decimals)
	var b strings.Builder
	place, point := 0, false
	for _, t := range s.tokens {
		switch t.kind {
		case showsText, showsPercent:
			b.WriteString(t.text)
		case showsGeneral:
			b.WriteString(parse.PlainNumber(v))
		case showsPoint:
			if s.whole == 0 {
				b.WriteString(whole)
			}
			point = true
			b.WriteByte('.')
		case showsDigit:
			if point {
				b.WriteString(blankDigit(fraction[:1], t.text, strings.Trim(fraction, "0") == ""))
				fraction = fraction[1:]
				continue
			}
			place++
			left := s.whole - place // places to come
			digits := "0"
			if n := len(whole) - left; n > 0 {
				digits, whole = whole[:n], whole[n:]
				s.writeGrouped(&b, digits, left)
				continue
			}
			if digits = blankDigit(digits, t.text, true); digits == "0" {
				s.writeGrouped(&b, digits, left)
			} else {
				b.WriteString(digits)
			}
		}
	}
	return b.String()
}

// blankDigit is a digit in its place: # and ? leave a zero at the number's end out.
func blankDigit(digit, place string, zero bool) string {
	switch {
	case place == "0" || !zero:
		return digit
	case place == "?":
		return " "
	}
	return ""
}

// writeGrouped writes digits behind which left more stand before the point.
func (s *formatSection) writeGrouped(b *strings.Builder, digits string, left int) {
	for i := range len(digits) {
		b.WriteByte(digits[i])
		if right := len(digits) - 1 - i + left; s.grouped && right > 0 && right%3 == 0 {
			b.WriteByte(',')
		}
	}
}

// decimalDigits rounds v·10^shift, as Excel does on the fifteen digits it keeps, to so many decimals.
// Zero has no digits before the point.
func decimalDigits(v float64, shift, decimals int) (whole, fraction string) {
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', 14, 64), "e")
	digits := strings.Replace(mantissa, ".", "", 1)
	point, _ := strconv.Atoi(exponent)
	if point += 1 + shift; point < 0 {
		digits, point = strings.Repeat("0", -point)+digits, 0
	}
	keep := point + decimals
	digits += strings.Repeat("0", max(0, keep-len(digits)))
	b := []byte("0" + digits[:keep])
	if len(digits) > keep && digits[keep] >= '5' {
		i := len(b) - 1
		for ; b[i] == '9'; i-- {
			b[i] = '0'
		}
		b[i]++
	}
	return strings.TrimLeft(string(b[:1+point]), "0"), string(b[1+point:])
}

var weekdays = []string{"日", "一", "二", "三", "四", "五", "六"}

// showMoment writes the day and the time of a serial.
func (s *formatSection) showMoment(v float64, epoch1904 bool) (text string, ok bool) {
	if v < 0 || v >= parse.FirstSerialBeyond {
		return "", false
	}
	seconds := int(math.Round(v * parse.SecondsOfDay))
	number, known := parse.SerialDay(seconds/parse.SecondsOfDay, epoch1904)
	day, of := parse.DateOfDays(number), seconds%parse.SecondsOfDay
	afternoon := of / (parse.SecondsOfDay / 2)
	twelve := slices.ContainsFunc(s.tokens, func(t formatToken) bool { return strings.Contains(t.text, "/") && t.kind == showsDate })
	two := func(n int, width string) string {
		if len(width) > 1 && n < 10 {
			return "0" + strconv.Itoa(n)
		}
		return strconv.Itoa(n)
	}
	var b strings.Builder
	for _, t := range s.tokens {
		word := t.text
		switch {
		case t.kind == showsMinute:
			word = two(of/60%60, word)
		case t.kind != showsDate:
		case word == "[h]":
			word = strconv.Itoa(seconds / 3600)
		case word == "[m]":
			word = strconv.Itoa(seconds / 60)
		case word == "[s]":
			word = strconv.Itoa(seconds)
		case word == "am/pm" || word == "a/p":
			word = strings.ToUpper(strings.Split(word, "/")[afternoon])
		case strings.Contains(word, "/"): // 上午/下午
			word = strings.Split(word, "/")[afternoon]
		case word[0] == 'h' && twelve:
			word = two((of/3600+11)%12+1, word)
		case word[0] == 'h':
			word = two(of/3600, word)
		case word[0] == 's':
			word = two(of%60, word)
		case !known, word[0] == 'd' && len(word) > 2: // a day that never was; a weekday in the language of the reader's system
			return "", false
		case word[0] == 'y' && len(word) <= 2:
			word = two(day.Year%100, "yy")
		case word[0] == 'y':
			word = strconv.Itoa(day.Year)
		case word[0] == 'm' && len(word) > 4:
			word = day.Month.String()[:1]
		case word[0] == 'm' && len(word) == 4:
			word = day.Month.String()
		case word[0] == 'm' && len(word) == 3:
			word = day.Month.String()[:3]
		case word[0] == 'm':
			word = two(int(day.Month), word)
		case word[0] == 'd':
			word = two(day.Day, word)
		default: // aaa, aaaa
			word = strings.Repeat("星期", len(word)/4) + weekdays[((int(number)+4)%7+7)%7]
		}
		b.WriteString(word)
	}
	return b.String(), true
}

// Numeral is a number with all its digits, and what stands around it where it is shown.
type Numeral struct{ Front, Digits, Back string }

// Numeral is the number that a person sees: 12.5 before % of 0.125, and 5 before 万元 where the
// format writes the unit. ok is false where that is not the number behind: 1.2 of 12345 under
// 0!.0, is a ten-thousandth of it.
func (f *Format) Numeral(v float64) (n Numeral, ok bool) {
	s, signed := f.pick(v)
	switch {
	case s == nil || s.dated || s.scaled > 0 || s.percent > 1, v < 0 && signed && s.hidesSign():
		return n, false
	case s.unread: // a fraction, an exponent or other numerals of the same number
		n.Digits = parse.PlainNumber(v)
		return n, s.percent == 0
	}
	around := [3]string{} // before the digits, within and behind them
	at := 0
	for i, t := range s.tokens {
		switch t.kind {
		case showsDigit, showsPoint, showsGeneral:
			at = 1
			if !slices.ContainsFunc(s.tokens[i+1:], func(t formatToken) bool {
				return t.kind == showsDigit || t.kind == showsPoint || t.kind == showsGeneral
			}) {
				at = 2
			}
		case showsText:
			around[at] += t.text
		}
	}
	signs := "+-() ▲▼↑↓"
	if v < 0 && signed {
		signs += "△负−－（）"
	}
	n.Front, n.Back = strings.Trim(around[0], signs), strings.Trim(around[2], signs)
	if strings.Trim(around[1], " \u00a0'’") != "" && at == 2 { // 1年23月 of 123
		return n, false
	}
	digits := strings.ContainsAny(n.Front+n.Back+around[1], "0123456789")
	if digits || strings.Contains(around[1], ".") || strings.Contains(around[0], "-") && !signed {
		return n, false
	}
	if at == 0 { // words alone
		return Numeral{Digits: "0"}, v == 0
	}
	n.Digits = parse.PlainNumber(v)
	if s.percent > 0 {
		n.Digits, n.Back = hundredfold(v), "%"+n.Back
	}
	return n, true
}

// hundredfold is v·100 by its decimal digits: 7 of 0.07.
func hundredfold(v float64) string {
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', 14, 64), "e")
	e, _ := strconv.Atoi(exponent)
	times, _ := strconv.ParseFloat(mantissa+"e"+strconv.Itoa(e+2), 64)
	return strconv.FormatFloat(times, 'f', -1, 64)
}

// adds reports that what is shown of v has more than its digits: zeros before them, or words.
func (f *Format) adds(v float64) bool {
	s, _ := f.pick(v)
	n, ok := f.Numeral(v)
	return s != nil && (s.dated || s.whole > 1 && !s.grouped || !ok || n.Front != "" || n.Back != "")
}
