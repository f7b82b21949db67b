// Package place tells which region a row is of, by what it says of districts, addresses and codes.
package place

import (
	"bytes"
	"sort"
	"unicode/utf8"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/source/fold"
)

// Index resolves what a row says about its place to a region code. It is
// immutable and safe for concurrent use.
type Index struct {
	jurisdiction string
	codes        []string          // every region code, sorted: the dictionary of region_code
	index        map[string]int16  // region code -> position in codes
	words        map[string]string // names, shorts, aliases and codes -> region code
	offices      map[string]string // six digits of a credit code -> region code
	byFirst      map[[3]byte][]placeName
}

// placeName is a name to look for in an address. A higher rank wins, then the
// longer name, then the one that stands first.
type placeName struct {
	text []byte
	code string
	rank int
}

// Ranks of names found in an address. A functional area or park covers parts of
// several districts and must win over them, but only by a name that is its own:
// 高新区 alone, or the short 江北, is also part of streets and of others' names.
const (
	rankCity = iota
	rankShort
	rankGeneric
	rankDistrict
	rankArea
)

// New indexes regions. The jurisdiction is the first region without a
// parent; a row that says nothing about its place belongs to it.
func New(regions []kpi.Region) *Index {
	p := &Index{index: map[string]int16{}, words: map[string]string{}, offices: map[string]string{}, byFirst: map[[3]byte][]placeName{}}
	for _, r := range regions {
		if p.jurisdiction == "" && r.Parent == "" {
			p.jurisdiction = r.Code
		}
		p.codes = append(p.codes, r.Code)
	}
	sort.Strings(p.codes)
	for i, c := range p.codes {
		p.index[c] = int16(i)
	}
	for _, r := range regions {
		for _, code := range append([]string{r.Code}, r.Codes...) {
			p.words[code] = r.Code
			p.offices[code] = r.Code
		}
		names := append([]string{r.Name, r.Short}, r.Alias...)
		for _, n := range names {
			if n = fold.Word(n); n != "" {
				if _, taken := p.words[n]; !taken {
					p.words[n] = r.Code
				}
				p.addName(n, r)
			}
		}
	}
	if p.jurisdiction != "" {
		for _, w := range []string{"市本级", "市级", "市属", "市直", "全市", "本市"} {
			if _, taken := p.words[w]; !taken {
				p.words[w] = p.jurisdiction
			}
		}
	}
	return p
}

func (p *Index) addName(name string, r kpi.Region) {
	runes := utf8.RuneCountInString(name)
	rank := rankShort
	switch area := r.Kind == "functional" || r.Kind == "park"; {
	case r.Parent == "":
		rank = rankCity
	case area && runes >= 4:
		rank = rankArea
	case area && runes == 3:
		rank = rankGeneric
	case area:
		return // two characters of an area's short name are part of too many streets
	case runes >= 3:
		rank = rankDistrict
	}
	if len(name) < 3 {
		return
	}
	first := [3]byte{name[0], name[1], name[2]}
	p.byFirst[first] = append(p.byFirst[first], placeName{[]byte(name), r.Code, rank})
}

// Jurisdiction is the code of the region that has no parent.
func (p *Index) Jurisdiction() string { return p.jurisdiction }

// Codes lists every region code, sorted.
func (p *Index) Codes() []string { return p.codes }

// Number is the position of a region code in Codes.
func (p *Index) Number(code string) int16 { return p.index[code] }

// District resolves a district column: a name, a short name, an alias, a code
// of six, nine or twelve digits, or a text that contains one of these names.
// ok is false for words that mean no known place.
func (p *Index) District(text string) (code string, ok bool) {
	text = fold.Word(text)
	if code, ok = p.words[text]; ok {
		return code, true
	}
	if len(text) >= 6 && fold.Digits([]byte(text[:6])) >= 0 {
		code, ok = p.offices[text[:6]]
		return code, ok
	}
	code, rank := p.find([]byte(text))
	return code, rank > rankCity || rank == rankCity && code != ""
}

// Address resolves the most specific place named in an address. ok is false if
// it names none below the jurisdiction.
func (p *Index) Address(text []byte) (code string, ok bool) {
	code, rank := p.find(text)
	return code, code != "" && rank > rankCity
}

func (p *Index) find(text []byte) (code string, rank int) {
	best, length := -1, 0
	for i := 0; i+3 <= len(text); {
		c := text[i]
		if c < 0xE0 {
			i++
			continue
		}
		if names := p.byFirst[[3]byte{c, text[i+1], text[i+2]}]; names != nil {
			for _, n := range names {
				if (n.rank > best || n.rank == best && len(n.text) > length) && bytes.HasPrefix(text[i:], n.text) {
					code, best, length = n.code, n.rank, len(n.text)
				}
			}
		}
		i += 3
	}
	return code, best
}

// Code resolves the registering office in a credit code (characters 3 to 8) or
// in a 15-digit registration number (the first six). ok is false for offices
// that are none of the regions'.
func (p *Index) Code(code []byte) (region string, ok bool) {
	var office []byte
	switch len(code) {
	case 18:
		office = code[2:8]
	case 15, 13:
		office = code[:6]
	default:
		return "", false
	}
	region, ok = p.offices[string(office)]
	return region, ok
}
