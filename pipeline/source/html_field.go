package source

import (
	"bytes"
	"slices"
	"strings"
)

// htmlField is what elements within a cell make of its text: some is not shown, some is raised,
// and of what may be chosen from a list one word is.
type htmlField struct {
	veil   string // the element that is not shown; "" none is
	veils  int    // open ones of its name
	raise  string // sup or sub, of htmlScripts
	choice bool   // within a list to choose from
	chosen bool   // one of its words has been shown
	from   int    // where the cell's text goes on behind what was there before the list
	passed bool   // within a word that is not chosen
}

// htmlScripts are the elements that raise or lower what is in them.
var htmlScripts = map[string]script{"sup": superscript, "sub": subscript}

// voidElements have no end, so that there is nothing in them to hide.
var voidElements = []string{"area", "base", "br", "col", "embed", "hr", "img", "link", "meta", "param", "source", "track", "wbr"}

// seen reports whether text is shown where the reader is.
func (f *htmlField) seen() bool { return f.veil == "" && !f.passed }

// concealed reports an attribute by which an element is not shown.
func concealed(key, value []byte) bool {
	style := strings.ToLower(strings.ReplaceAll(string(value), " ", ""))
	return string(key) == "style" && (strings.Contains(style, "display:none") || strings.Contains(style, "mso-hide:all")) || string(key) == "hidden"
}

// within takes the start of an element within a cell.
func (s *htmlSource) within(name string, more, closed bool) {
	f := &s.field
	if !s.inCell {
		return
	}
	hides, kind, text, selected := false, "text", []byte(nil), false
	for more {
		var key, value []byte
		key, value, more = s.tokens.TagAttr()
		hides = hides || concealed(key, value)
		switch string(key) {
		case "type":
			kind = strings.ToLower(string(value))
		case "value":
			text = bytes.Clone(value)
		case "selected":
			selected = true
		}
	}
	if f.veil != "" {
		if name == f.veil && !closed {
			f.veils++
		}
		return
	}
	switch {
	case name == "input":
		if kind != "hidden" && kind != "checkbox" && kind != "radio" && !hides {
			s.addText(text)
		}
	case hides && !closed && !slices.Contains(voidElements, name):
		f.veil, f.veils = name, 1
	case name == "sup" || name == "sub":
		f.raise = name
	case name == "select":
		f.choice, f.chosen, f.passed, f.from = true, false, false, len(s.cells[len(s.cells)-1])
	case name == "option" && f.choice: // the first is shown unless another is chosen
		if f.passed = f.chosen && !selected; selected {
			s.cells[len(s.cells)-1] = s.cells[len(s.cells)-1][:f.from]
		}
		f.chosen = true
	}
}

// shut takes the end of an element.
func (f *htmlField) shut(name string) {
	switch {
	case f.veil != "":
		if name == f.veil {
			if f.veils--; f.veils == 0 {
				f.veil = ""
			}
		}
	case name == f.raise:
		f.raise = ""
	case name == "select":
		f.choice, f.passed = false, false
	}
}
