package html

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// styles are what the style sheets of a web page say of elements that are not seen or are struck
// out: .xl65 {display:none}, td.x, #y, tr. They are known before the first row is read, as a browser
// applies them wherever they stand.
type styles struct {
	rules   []rule
	unclear []string // selectors of rules that hide or strike out and are not understood
	known   map[string]look
}

// rule is one declaration of an element with a tag, an id and classes, of which the first two may be "".
type rule struct {
	tag, id  string
	classes  []string
	property string
	value    string
	weight   int
}

// look is how an element is seen.
type look struct {
	gone     bool // it takes no room
	clear    bool // its room is empty
	struck   bool
	reversed bool // its characters stand from the right to the left, whatever they are
	leftward bool // its words and numbers do
}

// element is what its attributes say of how an element is seen.
type element struct {
	class, id, style, dir, title string
	hidden                       bool
}

func (e *element) take(key, value []byte) {
	switch string(key) {
	case "class":
		e.class = string(value)
	case "id":
		e.id = string(value)
	case "style":
		e.style = string(value)
	case "title":
		e.title = strings.TrimSpace(string(value))
	case "dir":
		e.dir = strings.ToLower(string(value))
	case "hidden":
		e.hidden = true
	}
}

// important, and behind it inline styles, ids, classes and tags, decide between declarations; of equals the last does.
const (
	weightTag       = 1
	weightClass     = 1 << 8
	weightID        = 1 << 16
	weightInline    = 1 << 24
	weightImportant = 1 << 30
)

// look is how the element is seen.
func (s *styles) look(tag string, e *element) look {
	if e.class == "" && e.id == "" && e.style == "" && e.dir == "" && !e.hidden && len(s.rules) == 0 {
		return look{}
	}
	mark := strings.Join([]string{tag, e.class, e.id, e.style, e.dir, strconv.FormatBool(e.hidden)}, "\x00")
	out, ok := s.known[mark]
	if !ok {
		out = s.cascade(tag, e)
		if s.known == nil || len(s.known) > 1<<12 {
			s.known = map[string]look{}
		}
		s.known[mark] = out
	}
	return out
}

func (s *styles) cascade(tag string, e *element) look {
	values, weights := map[string]string{}, map[string]int{}
	set := func(property, value string, weight int) {
		if weight >= weights[property] {
			values[property], weights[property] = value, weight
		}
	}
	classes := strings.Fields(e.class)
	lacks := func(class string) bool { return !slices.Contains(classes, class) }
	for _, r := range s.rules {
		if (r.tag == "" || r.tag == tag) && (r.id == "" || r.id == e.id) && !slices.ContainsFunc(r.classes, lacks) {
			set(r.property, r.value, r.weight)
		}
	}
	for _, d := range declarations(e.style) {
		set(d.property, d.value, d.weight+weightInline)
	}
	if _, said := values["display"]; e.hidden && !said {
		values["display"] = "none"
	}
	opacity, err := strconv.ParseFloat(strings.TrimSuffix(values["opacity"], "%"), 64)
	leftward := cmp.Or(values["direction"], e.dir) == "rtl"
	invisible := values["visibility"] == "hidden" || values["visibility"] == "collapse"
	return look{
		gone:     values["display"] == "none" || values["mso-hide"] == "all",
		clear:    invisible || err == nil && opacity == 0 || noSize(values["font-size"]) || values["color"] == "transparent",
		struck:   strings.Contains(values["text-decoration"], "line-through"),
		reversed: leftward && (tag == "bdo" || strings.HasSuffix(values["unicode-bidi"], "override")),
		leftward: leftward,
	}
}

// noSize reports a size of letters of nothing: 0, 0px, 0.0em.
func noSize(size string) bool {
	number := strings.TrimRight(size, "%abcdefghijklmnopqrstuvwxyz")
	return number != "" && strings.Trim(number, "0.") == ""
}

// declarations are those of a style that can hide, strike out, turn round or add a text. text-decoration-line is part of text-decoration.
func declarations(style string) (out []rule) {
	for _, d := range strings.Split(strings.ToLower(style), ";") {
		property, value, _ := strings.Cut(d, ":")
		property, value = strings.TrimSpace(property), strings.TrimSpace(value)
		if property == "text-decoration-line" {
			property = "text-decoration"
		}
		weight := 0
		if cut, ok := strings.CutSuffix(value, "important"); ok && strings.HasSuffix(strings.TrimSpace(cut), "!") {
			value, weight = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(cut), "!")), weightImportant
		}
		switch property {
		case "display", "mso-hide", "visibility", "opacity", "text-decoration", "font-size", "color",
			"direction", "unicode-bidi", "content":
			out = append(out, rule{property: property, value: value, weight: weight})
		}
	}
	return out
}

// veils reports a declaration that may do so.
func (r *rule) veils() bool {
	switch r.property {
	case "display":
		return r.value == "none"
	case "visibility":
		return r.value != "visible"
	case "text-decoration":
		return strings.Contains(r.value, "line-through")
	case "opacity":
		return strings.Trim(r.value, "0.%") == ""
	case "font-size":
		return noSize(r.value)
	case "color":
		return r.value == "transparent"
	case "direction":
		return r.value == "rtl"
	case "content": // what ::before and ::after add
		return strings.Trim(r.value, `"' `) != "" && r.value != "none" && r.value != "normal"
	case "unicode-bidi":
		return strings.HasSuffix(r.value, "override")
	}
	return r.value == "all"
}

var cssComment = regexp.MustCompile(`(?s)/\*.*?\*/|<!--|-->`)

// read takes the rules of one style sheet. What applies to paper only does not apply.
func (s *styles) read(css string) {
	css = cssComment.ReplaceAllString(css, " ")
	for len(css) > 0 {
		selectors, rest, ok := strings.Cut(css, "{")
		if !ok {
			return
		}
		if at := strings.LastIndexAny(selectors, ";}"); at >= 0 { // @import "x"; and stray ends
			selectors = selectors[at+1:]
		}
		body, rest := block(rest)
		css = rest
		if selectors = strings.TrimSpace(selectors); !strings.HasPrefix(selectors, "@") {
			s.add(selectors, body)
			continue
		}
		media, ok := strings.CutPrefix(strings.ToLower(selectors), "@media")
		switch media = strings.TrimSpace(media); {
		case !ok || strings.HasPrefix(media, "print"):
		case media == "screen" || media == "all" || media == "":
			s.read(body)
		default:
			inner := &styles{}
			inner.read(body)
			if slices.ContainsFunc(inner.rules, func(r rule) bool { return r.veils() }) {
				s.unclear = append(s.unclear, selectors)
			}
		}
	}
}

// block cuts off what stands before the brace that shuts the one that has been opened.
func block(css string) (body, rest string) {
	depth := 1
	for i := range len(css) {
		switch css[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return css[:i], css[i+1:]
			}
		}
	}
	return css, ""
}

// structure are the elements around every cell, which a selector may name without saying more.
var structure = []string{"html", "body", "table", "tbody", "tr", "*"}

func (s *styles) add(selectors, body string) {
	said := declarations(body)
	if len(said) == 0 {
		return
	}
	for _, selector := range strings.Split(selectors, ",") {
		words := strings.Fields(strings.ReplaceAll(selector, ">", " "))
		if len(words) == 0 {
			continue
		}
		last := words[len(words)-1]
		around := slices.ContainsFunc(words[:len(words)-1], func(w string) bool { return !slices.Contains(structure, strings.ToLower(w)) })
		strange := strings.ContainsAny(selector, ":[+~\\")
		for _, d := range said {
			if strange || around && d.property != "text-decoration" { // what is struck out is rejected, so that nothing is lost by a doubt
				if d.veils() && !slices.Contains(s.unclear, strings.TrimSpace(selector)) {
					s.unclear = append(s.unclear, strings.TrimSpace(selector))
				}
				continue
			}
			d.name(last)
			s.rules = append(s.rules, d)
		}
	}
}

var simpleSelector = regexp.MustCompile(`[.#]?[^.#]+`)

// name says of which elements the declaration speaks: td.xl65#a.
func (r *rule) name(selector string) {
	r.classes = nil
	for _, part := range simpleSelector.FindAllString(selector, -1) {
		switch {
		case part[0] == '.':
			r.classes, r.weight = append(r.classes, part[1:]), r.weight+weightClass
		case part[0] == '#':
			r.id, r.weight = part[1:], r.weight+weightID
		case part != "*":
			r.tag, r.weight = strings.ToLower(part), r.weight+weightTag
		}
	}
}

// readStyles reads the page's style sheets up to the first row, or to the end if one stands further down;
// table reports that there is a row.
func (h *Book) readStyles() (table bool, err error) {
	left := h.countStyles()
	z, inStyle := h.tokens(), false
	for {
		switch z.Next() {
		case html.ErrorToken:
			return table, z.Err()
		case html.StartTagToken:
			name, _ := z.TagName()
			if inStyle = string(name) == "style"; inStyle {
				left--
			}
			table = table || string(name) == "tr"
		case html.TextToken:
			if inStyle {
				h.styles.read(string(z.Text()))
			}
		case html.EndTagToken:
			inStyle = false
		}
		if table && left <= 0 && !inStyle {
			return true, nil
		}
	}
}

// countStyles counts what may begin a style sheet.
func (h *Book) countStyles() (n int) {
	const begin = "<style"
	buf, at := make([]byte, min(h.text.Size(), 256<<10)), int64(0)
	for {
		got, err := h.text.ReadAt(buf, at)
		n += bytes.Count(bytes.ToLower(buf[:got]), []byte(begin))
		if err != nil || got < len(begin) {
			return n
		}
		at += int64(got - len(begin) + 1)
	}
}

// unclearNote says which rules were not understood, "" if all were.
func (s *styles) unclearNote() string {
	if len(s.unclear) == 0 {
		return ""
	}
	most := strings.Join(s.unclear[:min(len(s.unclear), 5)], ", ")
	if len(s.unclear) > 5 {
		most += ", …"
	}
	return "styles that hide, strike out or add texts, by rules that are not understood, are not applied: " + most +
		"; see whether the page shows all that is read"
}
