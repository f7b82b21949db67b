package demo

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Kinds of naming, as the truth tells them: what stands between a row that has no
// good credit code and its enterprise.
const (
	namedNow      = "name"        // as registered now
	namedOnce     = "former_name" // as registered once
	namedByNumber = "number"      // the 15-digit number
	otherWriting  = "writing"     // half-width brackets, blanks, no brackets, 有限责任公司
	homonym       = "homonym"     // two firms bear the name at that time, and nothing tells which
	inDistrict    = "homonym_district"
	inTime        = "homonym_time"
	inherited     = "former_and_present" // one firm's name once, another's now
	oneOff        = "one_character"
	otherForm     = "other_form" // 股份有限公司 of a 有限公司
	branchOf      = "branch"
	traditional   = "traditional"
	shortened     = "short"
	parentOf      = "without_city" // without （南京）: a firm elsewhere
	outside       = "outside"      // a firm of another city, without a code
	nobody        = "unknown"
)

// Named is how one accepted row without a good credit code names an enterprise, and
// which it means: "" for none of the city's. In JSON it is [row, code, kind].
type Named struct {
	Row  int
	Code string
	Kind string
}

// MarshalJSON writes the three values as a list: there are very many.
func (n Named) MarshalJSON() ([]byte, error) { return json.Marshal([]any{n.Row, n.Code, n.Kind}) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (n *Named) UnmarshalJSON(raw []byte) error {
	return json.Unmarshal(raw, &[]any{&n.Row, &n.Code, &n.Kind})
}

// FileNames are the rows of one file that name enterprises without a good code.
type FileNames struct {
	File   string  `json:"file"`
	Source string  `json:"source"`
	Rows   []Named `json:"rows"`
}

// mentioned is what the truth says of a mention, if it has to say anything.
func (c *city) mentioned(row int, m mention) (Named, bool) {
	if m.name == "" || len(m.code) == 18 {
		return Named{}, false
	}
	n := Named{Row: row, Kind: m.kind}
	switch {
	case m.firm >= 0:
		n.Code = c.code(m.firm)
		if n.Kind == "" || n.Kind == namedNow {
			n.Kind = namedNow
			if last := len(c.ends) - 1; plain(m.name) != c.name(m.firm, last) {
				n.Kind = namedOnce
			}
		}
		if len(m.code) == 15 {
			n.Kind = namedByNumber
		}
	case m.kind == "":
		n.Kind = nobody
	case m.kind != parentOf && m.kind != outside:
		n.Code = c.code(m.means)
	}
	return n, true
}

// plain undoes disguise.
func plain(name string) string {
	return strings.NewReplacer("(", "（", ")", "）", " ", "", "　", "").Replace(name)
}

// rewrite is a name in a writing that still tells the firm: another hand's brackets
// and blanks, or the longer word for the form.
func rewrite(r *rng, m *mention) {
	long := strings.TrimSuffix(m.name, "有限公司")
	switch k := r.n(100); {
	case k < 5 && long != m.name && !strings.HasSuffix(long, "股份"):
		m.name, m.kind = long+"有限责任公司", otherWriting
	case k < 8 && strings.Contains(m.name, "（"):
		m.name, m.kind = strings.NewReplacer("（", "", "）", "").Replace(m.name), otherWriting
	}
}

// puzzle names a firm so that nobody could be sure: whoever reads it has to ask.
func (c *city) puzzle(r *rng, q int) mention {
	pool := c.employers[q].ordinary
	if len(pool) == 0 || r.chance(300) {
		return unknown(r)
	}
	e := pick(r, pool)
	name := c.name(e, q)
	m := mention{firm: -1, means: e, name: name, kind: oneOff}
	switch r.n(7) {
	case 0:
		if strings.HasPrefix(name, "江苏") { // the forms of 南京… are names of their own here
			m.name, m.kind = strings.TrimSuffix(name, "有限公司")+"股份有限公司", otherForm
		}
	case 1:
		m.name, m.kind = name+districts()[r.n(len(districts()))].Short+"分公司", branchOf
	case 2:
		if t := strings.NewReplacer("电", "電", "机", "機", "车", "車", "业", "業", "达", "達", "华", "華").Replace(name); t != name {
			m.name, m.kind = t, traditional
		}
	case 3:
		m.name, m.kind = strings.TrimSuffix(strings.TrimSuffix(name, "有限公司"), "股份"), shortened
	case 4:
		if without := strings.Replace(name, "（南京）", "", 1); without != name {
			m.name, m.kind = without, parentOf
		}
	case 5:
		m = c.outsider(r)
		m.code, m.kind = "", outside
	}
	if m.kind == oneOff { // by a character that no name of the city has
		runes := []rune(name)
		at := 2
		if strings.Contains(name, "（") {
			at = 1
		}
		runes[at] = pick(r, []rune("迪凌皓薇炜峻"))
		m.name = string(runes)
	}
	return m
}

// stranger is a name that resolves to nothing: one nobody knows, or a puzzle. The
// stream goes on as for one nobody knows.
func (c *city) stranger(r *rng, q int) mention {
	m := unknown(r)
	own := rng{mix(r.state)}
	if own.chance(700) {
		return c.puzzle(&own, q)
	}
	return m
}

// namedIn adds to a file's truth which enterprises its rows name without a code.
func (c *city) namedIn(f FileTruth, t *table) FileTruth {
	for i, r := range t.rows {
		if n, ok := c.mentioned(len(t.titles)+2+i, r.at); ok && !r.rejected {
			f.names = append(f.names, n)
		}
	}
	return f
}

// cancelledOn is the day a firm was struck off, endless for others.
func (c *city) cancelledOn(e int32) day {
	f := &c.firms[e]
	if f.ending != cancelled || int(f.ends) >= len(c.ends) {
		return endless
	}
	return c.endedOn(f)
}

func (c *city) exists(e int32, on day) bool {
	return c.firms[e].established <= on && on < c.cancelledOn(e)
}

// calmOne is a firm that nothing happens to and that has no part yet.
func (c *city) calmOne(e int32) bool {
	f := &c.firms[e]
	return !f.apart && f.ends == never && f.moves == never && f.renames == never && f.gap == never
}

// successors gives some firms the name of one that was struck off before they were
// founded, and some the name that another gave up but was once known by.
func (c *city) successors(r *rng) {
	for range c.scaled(12, 2) {
		for range 2000 {
			a, b := int32(r.n(len(c.firms))), int32(r.n(len(c.firms)))
			fa, fb := &c.firms[a], &c.firms[b]
			if a == b || fa.apart || fa.gap != never || fa.first > 0 || !c.calmOne(b) || fb.first == 0 {
				continue
			}
			gone := c.cancelledOn(a)
			switch {
			case gone < endless && gone < fb.established:
				c.twin[b] = a
			case int(fa.renames) < len(c.ends) && c.ends[fa.renames] < fb.established:
				c.heir[b] = a
			default:
				continue
			}
			fa.apart, fb.apart = true, true
			break
		}
	}
}

// nameSakes are rows that name firms whose names are borne twice: some tell which by
// the district or the day, some do not.
func (c *city) nameSakes() []entry {
	var list []entry
	add := func(m mention, on day, region int) {
		v := entry{host: fmt.Sprintf("南京示例同名%d产业技术研究院有限公司", len(list)+1), at: m, kind: "引进", on: on, region: max(region, 0)}
		if region >= 0 {
			v.district = districts()[region].Name
		}
		if c.ended(on) && on >= c.start(0) {
			list = append(list, v)
		}
	}
	for b := range int32(len(c.firms)) {
		fb := &c.firms[b]
		if a, ok := c.twin[b]; ok {
			fa, name := &c.firms[a], c.name(b, 0)
			for _, on := range []day{c.start(2) + 11, c.start(len(c.ends)-1) + 5} {
				switch both := c.exists(a, on) && c.exists(b, on); {
				case both && fa.region != fb.region && fa.moves == never && fb.moves == never:
					add(mention{firm: a, name: name, kind: inDistrict}, on, int(fa.region))
					add(mention{firm: b, name: name, kind: inDistrict}, on+1, int(fb.region))
					add(mention{firm: -1, means: a, name: name, kind: homonym}, on+2, -1)
				case both:
					add(mention{firm: -1, means: b, name: name, kind: homonym}, on, -1)
				}
			}
			if gone := c.cancelledOn(a); gone < fb.established {
				add(mention{firm: a, name: name, kind: inTime}, gone-1, -1)
				add(mention{firm: b, name: name, kind: inTime}, fb.established+30, -1)
			}
		}
		if a, ok := c.heir[b]; ok {
			name := c.name(b, 0)
			add(mention{firm: -1, means: b, name: name, kind: inherited}, fb.established+30, -1)
			add(mention{firm: a, name: name, kind: inTime}, fb.established-30, -1)
		}
	}
	return list
}
