package html

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"citykpi/pipeline/source/grid"
)

// effects are what elements within a cell make of its text: some is not shown, some is raised,
// and of what may be chosen from a list one word is.
type effects struct {
	veil    string // the element that is not shown; "" none is
	veils   int    // open ones of its name
	raise   string // sup or sub, of scripts
	choice  bool   // within a list to choose from
	chosen  bool   // one of its words has been shown
	from    int    // where the cell's text goes on behind what was there before the list
	passed  bool   // within a word that is not chosen
	whole   bool   // the cell is struck out
	clear   bool   // nothing in the cell is seen
	strike  string // the element that is struck out; "" none is
	struck  int    // open ones of its name
	turn    string // the element that is seen from its end; "" none is
	turned  int    // open ones of its name
	back    bool   // the cell is
	picture bool   // there is one
	hint    string // what a picture is of, or the whole of a text that may be cut
	left    bool   // words and numbers of the cell, or of an element in it, stand from the right to the left
}

// scripts are the elements that raise or lower what is in them.
var scripts = map[string]grid.Script{"sup": grid.Superscript, "sub": grid.Subscript}

// voidElements have no end, so that there is nothing in them to hide.
var voidElements = []string{"area", "base", "br", "col", "embed", "hr", "img", "link", "meta", "param", "source", "track", "wbr"}

// unshown are elements of which a browser shows nothing, or, beside a character, how it is said.
// What stands within a video or a frame is for programs that have none.
var unshown = []string{"noscript", "template", "datalist", "rp", "rt", "title", "desc", "metadata", "defs", "iframe",
	"noframes", "audio", "video", "canvas"}

// valueless are the kinds of input of which a browser shows no value, or dots for it.
var valueless = []string{"hidden", "checkbox", "radio", "image", "file", "range", "color", "password"}

// ownLines are the elements that a browser sets on lines, or in cells, of their own.
var ownLines = []string{"address", "article", "blockquote", "br", "caption", "center", "dd", "div", "dl", "dt", "fieldset",
	"form", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
	"li", "ol", "p", "pre", "section", "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "tr", "ul"}

// part ends the line where an element of its own lines begins or ends.
func (s *source) part(name string) {
	if !s.inCell || !slices.Contains(ownLines, name) {
		return
	}
	cell := &s.cells[len(s.cells)-1]
	*cell = bytes.TrimRight(*cell, " ")
	if n := len(*cell); n > 0 && (*cell)[n-1] != '\n' {
		*cell = append(*cell, '\n')
	}
}

// seen reports whether text is shown where the reader is.
func (f *effects) seen() bool { return f.veil == "" && !f.passed && !f.clear }

// partly reports a cell of which hint says more than is seen: it is a picture without a word, or ends in dots where
// hint goes on.
func partly(cell []byte, hint string, picture bool) bool {
	if hint == "" {
		return false
	}
	if len(cell) == 0 {
		return picture
	}
	text := string(cell)
	seen := strings.TrimRight(text, "….")
	return (strings.HasSuffix(text, "…") || strings.HasSuffix(text, "...")) && len(seen) < len(hint) && strings.HasPrefix(hint, seen)
}

// lookOf is how the element at hand is seen.
func (s *source) lookOf(name string, more bool) look {
	var e element
	for more {
		var key, value []byte
		key, value, more = s.tokens.TagAttr()
		e.take(key, value)
	}
	return s.book.styles.look(name, &e)
}

// bodies are the parts of a table, whose ends may be left out.
var bodies = []string{"thead", "tbody", "tfoot"}

// around takes the start of an element in which rows stand: theirs are read and noted if it is not shown.
func (s *source) around(name string, more, closed bool) {
	if closed || slices.Contains(voidElements, name) {
		return
	}
	if slices.Contains(bodies, name) && slices.Contains(bodies, s.veil) {
		s.veil = ""
	}
	switch look := s.lookOf(name, more); {
	case s.veil == name:
		s.veils++
	case s.veil == "" && (look.gone || look.clear):
		s.veil, s.veils = name, 1
	case s.turned == name:
		s.turns++
	case s.turned == "" && look.leftward:
		s.turned, s.turns = name, 1
	}
}

// unveil takes the end of such an element.
func (s *source) unveil(name string) {
	switch {
	case name == "table" && slices.Contains(bodies, s.veil):
		s.veil = ""
	case s.veil != "" && s.veil == name:
		if s.veils--; s.veils == 0 {
			s.veil = ""
		}
	case s.turned != "" && s.turned == name:
		if s.turns--; s.turns == 0 {
			s.turned = ""
		}
	}
}

// within takes the start of an element within a cell.
func (s *source) within(name string, more, closed bool) {
	f := &s.field
	if !s.inCell {
		return
	}
	kind, text, selected, e := "text", []byte(nil), false, element{}
	for more {
		var key, value []byte
		key, value, more = s.tokens.TagAttr()
		e.take(key, value)
		switch string(key) {
		case "type":
			kind = strings.ToLower(string(value))
		case "value":
			text = bytes.Clone(value)
		case "selected":
			selected = true
		case "alt", "title":
			f.hint = cmp.Or(f.hint, strings.TrimSpace(string(value)))
		}
	}
	if f.veil != "" {
		if name == f.veil && !closed {
			f.veils++
		}
		return
	}
	look := s.book.styles.look(name, &e)
	f.left = f.left || look.leftward
	hides, strikes := look.gone || look.clear || slices.Contains(unshown, name), look.struck || slices.Contains(strikers, name)
	switch {
	case closed || slices.Contains(voidElements, name):
	case f.strike == name, f.strike == "" && strikes:
		f.strike = name
		f.struck++
	}
	switch {
	case closed || slices.Contains(voidElements, name):
	case f.turn == name, f.turn == "" && look.reversed:
		f.turn = name
		f.turned++
	}
	switch {
	case name == "input":
		if !slices.Contains(valueless, kind) && !hides {
			s.addText(text)
		}
	case hides && !closed && !slices.Contains(voidElements, name):
		f.veil, f.veils = name, 1
	case name == "img":
		f.picture = f.picture || !hides
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
func (f *effects) shut(name string) {
	if f.veil == "" && f.strike != "" && name == f.strike {
		if f.struck--; f.struck == 0 {
			f.strike = ""
		}
	}
	if f.veil == "" && f.turn != "" && name == f.turn {
		if f.turned--; f.turned == 0 {
			f.turn = ""
		}
	}
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

// strikers are the elements of a web page that strike a text out.
var strikers = []string{"del", "s", "strike"}
