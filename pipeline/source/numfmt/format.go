// Package numfmt knows the formats in which a workbook shows its numbers: what a person sees of a number, what a format
// writes around it, and where that is not known.
package numfmt

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"citykpi/pipeline/source/grid"
)

// Format is a number format of a workbook (ECMA-376 part 1, 18.8.31): what a
// person sees of a number. A code of four digits is seen as 0012, a share as 12.5%.
// What is not read of it says so: nothing is guessed from the number behind.
type Format struct {
	kind     grid.Kind // what a number under it is: grid.Number, or a date as far as it is shown
	sections []formatSection
	local    bool // a date as the reader's system writes it: taken as 2022-09-01
	clock    bool // and as 2022-09-01 08:30
}

// formatSection is a format for some numbers: those above zero, below it, or as a condition says.
type formatSection struct {
	tokens   []formatToken
	operator string // of a condition: <, >=; "" none
	bound    float64
	percent  int // signs of it: each shows the number a hundred times as large
	scaled   int // commas behind the digits: each shows a thousandth
	grouped  bool
	whole    int  // digits that have a place before the point
	decimals int  // and behind it
	dated    bool // shows a day or a time
	unread   bool // has a fraction, an exponent, Chinese numerals or an era
	coloured bool
}

type formatToken struct {
	kind byte // of the constants below
	text string
}

const (
	showsText      = 't' // as it stands
	showsDigit     = '0' // 0, # or ?
	showsPoint     = '.'
	showsComma     = ','
	showsPercent   = '%'
	showsGeneral   = 'g' // the number as it is
	showsTextIn    = '@'
	showsDate      = 'd' // a part of a date or a time: yyyy, m, [h], am/pm
	showsMinute    = 'n'
	showsYearOfEra = 'e' // of the era that the Chinese locale counts by: the year
	showsEra       = 'b' // of another
)

// localDates are the built-in formats that every system writes in its own way.
var localDates = map[int]bool{14: true, 15: true, 16: true, 17: true, 22: true, 30: true}

// builtinFormats are the codes of the numbered formats (ECMA-376 part 1, 18.8.30), those
// of the Chinese locale included. 5 to 8, 42 and 44 show the sign of the system's currency.
var builtinFormats = map[int]string{
	1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "¥#,##0;¥-#,##0", 6: "¥#,##0;¥-#,##0", 7: "¥#,##0.00;¥-#,##0.00",
	8: "¥#,##0.00;¥-#,##0.00",
	9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
	27: `yyyy"年"m"月"`, 28: `m"月"d"日"`, 29: `m"月"d"日"`, 31: `yyyy"年"m"月"d"日"`, 32: `h"时"mm"分"`, 33: `h"时"mm"分"ss"秒"`,
	34: `上午/下午h"时"mm"分"`, 35: `上午/下午h"时"mm"分"ss"秒"`, 36: `yyyy"年"m"月"`,
	37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
	41: `_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ `, 42: `_ ¥* #,##0_ ;_ ¥* -#,##0_ ;_ ¥* "-"_ ;_ @_ `,
	43: `_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ `, 44: `_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ `,
	45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0",
	50: `yyyy"年"m"月"`, 51: `m"月"d"日"`, 52: `yyyy"年"m"月"`, 53: `m"月"d"日"`, 54: `m"月"d"日"`, 55: `上午/下午h"时"mm"分"`,
	56: `上午/下午h"时"mm"分"ss"秒"`, 57: `yyyy"年"m"月"`, 58: `m"月"d"日"`,
}

// builtinFormat is the format of a number that the workbook does not define; nil: General.
// 17, mmm-yy, is what some programs give every first of a month, so that it does not mean the month.
func builtinFormat(id int) *Format {
	if localDates[id] {
		return &Format{kind: grid.Date, local: true, clock: id == 22}
	}
	return parseFormat(builtinFormats[id])
}

// parseFormat reads a format's code; nil if it shows numbers as they are.
func parseFormat(code string) *Format {
	f := &Format{kind: grid.Number}
	for code != "" {
		var s formatSection
		code = s.parse(code, f)
		f.sections = append(f.sections, s)
	}
	for i := range f.sections {
		f.sections[i].complete()
	}
	if n := len(f.sections); n > 0 && (n == 4 || f.sections[n-1].has(showsTextIn)) { // for texts
		f.sections = f.sections[:n-1]
	}
	switch {
	case len(f.sections) == 0, len(f.sections) == 1 && f.sections[0].asItIs():
		return nil
	}
	f.kind = f.sections[0].kind()
	f.local = f.local && f.kind != grid.Number
	return f
}

func (s *formatSection) has(kind byte) bool {
	return slices.ContainsFunc(s.tokens, func(t formatToken) bool { return t.kind == kind })
}

// asItIs: nothing but General.
func (s *formatSection) asItIs() bool {
	return len(s.tokens) == 1 && s.tokens[0].kind == showsGeneral && s.operator == "" && !s.unread
}

// hidesSign reports a section for numbers below zero that shows them as if they were above: it
// writes no sign, no brackets and nothing in a colour.
func (s *formatSection) hidesSign() bool {
	return !s.coloured && !slices.ContainsFunc(s.tokens, func(t formatToken) bool { return strings.ContainsAny(t.text, "-−－(（△▲▼负") })
}

// parse reads one section and returns what follows its semicolon.
func (s *formatSection) parse(code string, f *Format) (rest string) {
	add := func(kind byte, text string) { s.tokens = append(s.tokens, formatToken{kind, text}) }
	for code != "" {
		c := code[0]
		_, width := utf8.DecodeRuneInString(code)
		switch {
		case c == ';':
			if code == ";" { // the last section shows nothing
				return " "
			}
			return code[1:]
		case c == '"':
			text, after, _ := strings.Cut(code[1:], `"`)
			add(showsText, text)
			code = after
			continue
		case (c == '\\' || c == '!') && len(code) > 1:
			_, width = utf8.DecodeRuneInString(code[1:])
			add(showsText, code[1:1+width])
			code = code[1+width:]
			continue
		case (c == '_' || c == '*') && len(code) > 1:
			_, width = utf8.DecodeRuneInString(code[1:])
			if c == '_' {
				add(showsText, " ")
			}
			code = code[1+width:]
			continue
		case c == '[':
			inside, after, _ := strings.Cut(code[1:], "]")
			s.bracket(inside, f)
			code = after
			continue
		case c == '0' || c == '#' || c == '?':
			add(showsDigit, code[:1])
		case c == '.':
			add(showsPoint, ".")
		case c == ',':
			add(showsComma, ",")
		case c == '%':
			s.percent++
			add(showsPercent, "%")
		case c == '@':
			add(showsTextIn, "")
		default:
			word, kind := dateWord(code)
			switch {
			case kind == 0:
				add(showsText, code[:width])
				s.unread = s.unread || c == '/' && s.has(showsDigit)
			case kind == showsYearOfEra && s.has(showsDigit), kind == showsEra: // an exponent
				s.unread = true
			default:
				add(kind, strings.ToLower(word))
			}
			width = max(len(word), width)
		}
		code = code[width:]
	}
	return ""
}

// dateWord is the part of a date, or the word General, at the start of a code; kind 0: it is neither.
func dateWord(code string) (word string, kind byte) {
	lower := strings.ToLower(code[:min(len(code), 16)])
	for _, general := range []string{"general", "g/通用格式", "常规"} {
		if strings.HasPrefix(lower, general) {
			return code[:len(general)], showsGeneral
		}
	}
	for _, half := range []string{"am/pm", "a/p", "上午/下午"} {
		if strings.HasPrefix(lower, half) {
			return code[:len(half)], showsDate
		}
	}
	n := 0
	for n < len(lower) && lower[n] == lower[0] {
		n++
	}
	switch c := lower[0]; {
	case c == 'y', c == 'm', c == 'd', c == 'h', c == 's', c == 'a' && n >= 3:
		return code[:n], showsDate
	case c == 'e':
		return code[:n], showsYearOfEra
	case c == 'b', c == 'g':
		return code[:n], showsEra
	}
	return "", 0
}

// bracket takes what stands in brackets: a currency and a locale, a condition, hours beyond a day, or a colour.
func (s *formatSection) bracket(inside string, f *Format) {
	lower := strings.ToLower(inside)
	switch {
	case strings.HasPrefix(inside, "$"):
		sign, locale, _ := strings.Cut(inside[1:], "-")
		s.tokens = append(s.tokens, formatToken{showsText, sign})
		f.local = f.local || strings.EqualFold(locale, "F800") || strings.EqualFold(locale, "F400")
	case strings.HasPrefix(lower, "dbnum"):
		s.unread = true
	case strings.Trim(lower, "h") == "", strings.Trim(lower, "m") == "", strings.Trim(lower, "s") == "":
		s.tokens = append(s.tokens, formatToken{showsDate, "[" + lower[:min(1, len(lower))] + "]"})
	default:
		if sign := inside[:len(inside)-len(strings.TrimLeft(inside, "<>="))]; sign != "" {
			bound, err := strconv.ParseFloat(strings.TrimSpace(inside[len(sign):]), 64)
			s.operator, s.bound, s.unread = sign, bound, s.unread || err != nil
			break
		}
		s.coloured = true
	}
}

// complete counts digits, and tells minutes from months and separators from what scales.
func (s *formatSection) complete() {
	point, last := false, -1
	var dates []int
	for i := range s.tokens {
		t := &s.tokens[i]
		switch t.kind {
		case showsYearOfEra:
			*t = formatToken{showsDate, "yyyy"}
			dates = append(dates, i)
		case showsDate:
			dates = append(dates, i)
		case showsPoint:
			point = true
		case showsDigit:
			last = i
			if point {
				s.decimals++
			} else {
				s.whole++
			}
		}
	}
	for k, i := range dates {
		t := &s.tokens[i]
		if t.text[0] != 'm' || len(t.text) > 2 {
			continue
		}
		behindHours := k > 0 && strings.Trim(s.tokens[dates[k-1]].text, "h[]") == ""
		if behindHours || k+1 < len(dates) && strings.Trim(s.tokens[dates[k+1]].text, "s[]") == "" {
			t.kind = showsMinute
		}
	}
	s.dated = len(dates) > 0
	s.unread = s.unread || s.dated && s.whole+s.decimals > 0 // parts of a second
	kept := s.tokens[:0]
	for i, t := range s.tokens {
		if t.kind == showsComma && !s.dated {
			if i > last {
				s.scaled++
			} else {
				s.grouped = true
			}
			continue
		}
		if t.kind == showsComma {
			t.kind = showsText
		}
		kept = append(kept, t)
	}
	s.tokens = kept
	if last < 0 { // a comma without digits is one
		s.scaled = 0
	}
}

// kind is how much of a date a number under the section is.
func (s *formatSection) kind() grid.Kind {
	year, month := false, false
	for _, t := range s.tokens {
		if t.kind != showsDate {
			continue
		}
		switch t.text[0] {
		case 'd':
			return grid.Date
		case 'y':
			year = true
		case 'm':
			month = true
		}
	}
	switch {
	case year && month:
		return grid.Month
	case year:
		return grid.Year
	}
	return grid.Number
}

// pick is the section for a number, and whether that one writes the sign itself; nil if none is known.
func (f *Format) pick(v float64) (s *formatSection, signed bool) {
	if slices.ContainsFunc(f.sections, func(s formatSection) bool { return s.operator != "" }) {
		for i := range f.sections {
			s := &f.sections[i]
			if s.operator != "" && !s.holds(v) {
				continue
			}
			if v < 0 || s.operator == "" && i < len(f.sections)-1 { // programs differ in these
				return nil, false
			}
			return s, false
		}
		return nil, false
	}
	switch n := len(f.sections); {
	case v < 0 && n > 1:
		return &f.sections[1], true
	case v == 0 && n > 2:
		return &f.sections[2], true
	case n == 0:
		return nil, false
	}
	return &f.sections[0], false
}

func (s *formatSection) holds(v float64) bool {
	switch s.operator {
	case "<":
		return v < s.bound
	case "<=":
		return v <= s.bound
	case ">":
		return v > s.bound
	case ">=":
		return v >= s.bound
	case "=":
		return v == s.bound
	case "<>":
		return v != s.bound
	}
	return false
}
