package numfmt

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/parse"
)

// Styles is how a workbook shows its numbers and, where they are not as they stand, its texts.
type Styles struct {
	Epoch1904 bool
	Kinds     []grid.Kind // by cell style: what a number under it is
	formats   []*Format
	byCode    map[string]grid.Kind
	Struck    []bool           // by cell style: it strikes the cell out; nil: none does
	texts     []*formatSection // by cell style, of those that show a text in another way; shorter if no more do
}

// Plain are those of a file that keeps no formats.
var Plain = &Styles{}

// Add takes the next cell style. A workbook may define the numbered formats anew, but what
// it says there of a currency every system replaces by its own.
func (s *Styles) Add(id int, code string, defined bool) {
	if id >= 5 && id <= 8 || id >= 41 && id <= 44 || localDates[id] && dateFormat(code) != grid.Number {
		defined = false
	}
	key := strconv.Itoa(id)
	if defined {
		key = "=" + code
	}
	kind, known := s.byCode[key]
	if !known {
		f := builtinFormat(id)
		if defined {
			f = parseFormat(code)
		}
		if kind = grid.Number; f != nil && len(s.formats) < grid.MostFormats {
			s.formats = append(s.formats, f)
			kind = f.kind | grid.Kind(len(s.formats))<<grid.KindBits
		} else if f != nil {
			kind = f.kind
		}
		if s.byCode == nil {
			s.byCode = map[string]grid.Kind{}
		}
		s.byCode[key] = kind
	}
	if defined {
		if t := textSection(code); t != nil {
			s.texts = append(s.texts, make([]*formatSection, len(s.Kinds)-len(s.texts))...)
			s.texts = append(s.texts, t)
		}
	}
	s.Kinds = append(s.Kinds, kind)
}

// textSection is the section of a format that says how a text is shown; nil: as it stands.
func textSection(code string) *formatSection {
	var sections []formatSection
	for f := (&Format{}); code != ""; {
		var s formatSection
		code = s.parse(code, f)
		sections = append(sections, s)
	}
	n := len(sections)
	if n == 0 || n < 4 && !sections[n-1].has(showsTextIn) {
		return nil
	}
	s := sections[n-1]
	adds := func(t formatToken) bool { return t.kind != showsTextIn && strings.TrimSpace(t.text) != "" }
	if n > 4 || s.has(showsDigit) || s.has(showsGeneral) || s.has(showsTextIn) && !slices.ContainsFunc(s.tokens, adds) {
		return nil
	}
	return &s
}

// ShownText is a text as a cell of the style shows it: with the words that its format has around it.
func (s *Styles) ShownText(style int, text []byte) ([]byte, grid.Kind) {
	if style < 0 || style >= len(s.texts) || s.texts[style] == nil || len(fold.Trim(text)) == 0 {
		return text, grid.Text
	}
	var out []byte
	for _, t := range s.texts[style].tokens {
		if t.kind == showsTextIn {
			out = append(out, text...)
		}
		out = append(out, t.text...)
	}
	if !s.texts[style].has(showsTextIn) {
		return text, grid.Unseen
	}
	return out, grid.Text
}

// ShowsText reports that a text under the style may be shown in another way, see ShownText.
func (s *Styles) ShowsText(style int) bool { return style < len(s.texts) }

// Format is how a cell of the kind is shown; nil: as it is.
func (s *Styles) Format(k grid.Kind) *Format {
	if i := int(k >> grid.KindBits); i > 0 && i <= len(s.formats) {
		return s.formats[i-1]
	}
	return nil
}

// dateFormat tells what a number is whose format has this code: a day if it shows one,
// a month if it shows a year and a month, a year if only that.
func dateFormat(code string) grid.Kind {
	if f := parseFormat(code); f != nil {
		return f.kind
	}
	return grid.Number
}

// Text is a cell as titles and headers are read: as it is shown, a date as YYYY-MM-DD.
func (s *Styles) Text(cell string, kind grid.Kind) string {
	if f := s.Format(kind); f != nil && !kind.IsDate() {
		if v, err := strconv.ParseFloat(cell, 64); err == nil {
			if text, ok := f.Shown(v, s.Epoch1904); ok {
				return strings.TrimSpace(text)
			}
		}
	}
	return parse.SerialText(cell, kind, s.Epoch1904)
}

// GoesBack is a cell of a rejected row as it goes back: a date rather than a serial, which counts
// from the workbook's epoch, a number without an exponent where that keeps every digit, and what
// its format adds to it.
func (s *Styles) GoesBack(cell []byte, kind grid.Kind) []byte {
	v, err := strconv.ParseFloat(string(cell), 64)
	switch {
	case !kind.IsNumber() || err != nil:
		return cell
	case !kind.IsDate():
		if f := s.Format(kind); f != nil && math.Abs(v) < parse.DigitsKept {
			n, ok := f.Numeral(v)
			if ok && strings.HasPrefix(n.Back, "%") {
				return []byte(n.Digits + "%")
			}
			if text, ok := f.Shown(v, s.Epoch1904); ok && f.adds(v) {
				return []byte(strings.TrimSpace(text))
			}
		}
		if math.Abs(v) >= parse.DigitsKept || !bytes.ContainsAny(cell, "eE") {
			return cell
		}
	case kind.Stored() == grid.Date && v >= 1 && v < parse.FirstSerialBeyond-1:
		if seconds := int(math.Round(v * parse.SecondsOfDay)); seconds%parse.SecondsOfDay != 0 {
			if day, ok := parse.SerialDay(seconds/parse.SecondsOfDay, s.Epoch1904); ok {
				of := seconds % parse.SecondsOfDay
				return fmt.Appendf(nil, "%s %02d:%02d:%02d", parse.DateOfDays(day), of/3600, of/60%60, of%60)
			}
		}
	}
	return []byte(parse.SerialText(string(cell), kind, s.Epoch1904))
}
