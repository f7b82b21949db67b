package source

import (
	"slices"
	"strconv"
	"strings"

	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/grid"
)

// numberStyles is how a workbook shows its numbers and, where they are not as they stand, its texts.
type numberStyles struct {
	epoch1904 bool
	kinds     []grid.Kind // by cell style: what a number under it is
	formats   []*numberFormat
	byCode    map[string]grid.Kind
	struck    []bool           // by cell style: it strikes the cell out; nil: none does
	texts     []*formatSection // by cell style, of those that show a text in another way; shorter if no more do
}

// plainStyles are those of a file that keeps no formats.
var plainStyles = &numberStyles{}

// add takes the next cell style. A workbook may define the numbered formats anew, but what
// it says there of a currency every system replaces by its own.
func (s *numberStyles) add(id int, code string, defined bool) {
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
			f = parseNumberFormat(code)
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
			s.texts = append(s.texts, make([]*formatSection, len(s.kinds)-len(s.texts))...)
			s.texts = append(s.texts, t)
		}
	}
	s.kinds = append(s.kinds, kind)
}

// textSection is the section of a format that says how a text is shown; nil: as it stands.
func textSection(code string) *formatSection {
	var sections []formatSection
	for f := (&numberFormat{}); code != ""; {
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

// shownText is a text as a cell of the style shows it: with the words that its format has around it.
func (s *numberStyles) shownText(style int, text []byte) ([]byte, grid.Kind) {
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

// format is how a cell of the kind is shown; nil: as it is.
func (s *numberStyles) format(k grid.Kind) *numberFormat {
	if i := int(k >> grid.KindBits); i > 0 && i <= len(s.formats) {
		return s.formats[i-1]
	}
	return nil
}

// dateFormat tells what a number is whose format has this code: a day if it shows one,
// a month if it shows a year and a month, a year if only that.
func dateFormat(code string) grid.Kind {
	if f := parseNumberFormat(code); f != nil {
		return f.kind
	}
	return grid.Number
}
