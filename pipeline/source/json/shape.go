package json

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A JSON file in which no header is found mostly keeps its table in another way than as
// records. What it is instead is told from a sketch of its head.

// shape is what a value is, and of an object or a list what its first members are.
type shape struct {
	kind  byte     // { [ " or, of a number or a word, 0
	names []string // of an object's members
	of    []*shape
	text  string
}

// sketchWidth is how many members of one value are sketched.
const sketchWidth = 50

const wantRecords = `export it as a list of records, one object a row: [{"名称": "甲", …}, …]; or as CSV`

// OtherShape says as what a text keeps its table, if not as lines or records, and what to do; "" if it is none of these.
// meant: the text is said to be JSON, or read as it. head is its beginning, in UTF-8.
func OtherShape(head []byte, meant bool) (what, try string) {
	head = bytes.TrimSpace(head)
	switch {
	case inCall.Match(head):
		return "a call stands around the JSON (JSONP)", "export the JSON alone"
	case !meant && !bytes.HasPrefix(head, []byte("[")) && !bytes.HasPrefix(head, []byte("{")):
		return "", ""
	case singleQuoted.Match(head):
		return "its texts stand in single quotes, as Python prints them, which is no JSON", "write it with json.dump"
	}
	d := json.NewDecoder(bytes.NewReader(head))
	d.UseNumber()
	s, _ := sketch(d, 0)                       // as far as the head goes
	if s == nil || s.kind != '[' && d.More() { // lines of text, or of records
		return "", ""
	}
	return s.other(), wantRecords
}

var (
	inCall       = regexp.MustCompile(`^[\w$.]+\s*\(\s*[\[{]\s*["\[{]`)
	singleQuoted = regexp.MustCompile(`^(\[\s*)?[\[{]\s*'`)
)

// sketch reads a value; with an error comes what was read before it.
func sketch(d *json.Decoder, depth int) (*shape, error) {
	if depth > maxNesting {
		return nil, errJSON
	}
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	s := &shape{}
	switch t := t.(type) {
	case string:
		s.kind, s.text = '"', t
	case json.Delim:
		s.kind = byte(t)
		for d.More() {
			name := ""
			if s.kind == '{' {
				t, err := d.Token()
				if err != nil {
					return s, err
				}
				name, _ = t.(string)
			}
			member, err := sketch(d, depth+1)
			if member != nil && len(s.of) < sketchWidth {
				s.names, s.of = append(s.names, name), append(s.of, member)
			}
			if err != nil {
				return s, err
			}
		}
		_, err = d.Token()
	}
	return s, err
}

// all reports a value with members all of which are of a kind.
func (s *shape) all(is func(*shape) bool) bool {
	return len(s.of) > 0 && !slices.ContainsFunc(s.of, func(m *shape) bool { return !is(m) })
}

func (s *shape) plain() bool { return s.kind == '"' || s.kind == 0 }

// other says what the file is, "" if it is records.
func (s *shape) other() string {
	switch {
	case s.kind == '{':
		return s.otherObject("")
	case s.kind != '[':
		return "the file is a single value"
	case len(s.of) == 0 || s.of[0].kind == '{':
		return ""
	case s.all((*shape).plain):
		return "the file is a list of values, which have no names"
	case s.of[0].kind == '[':
		return "the file is a list of lists, whose values have no names"
	}
	return "the list holds values that are no records"
}

// otherObject says it of an object that stands in a file under a name.
func (s *shape) otherObject(name string) string {
	where := "the file is "
	if name != "" {
		where = "what stands in " + name + " is "
	}
	objects := 0 // and where the last is
	at := -1
	for i, m := range s.of {
		inner := strings.TrimPrefix(name+"."+s.names[i], ".")
		switch {
		case m.kind == '{':
			objects, at = objects+1, i
		case m.kind == '[' && (len(m.of) == 0 || m.of[0].kind == '{'): // these are the records, or where they would be
			return ""
		case m.kind == '[' && m.of[0].kind == '[':
			return "the rows in " + inner + " are lists of values, which have no names"
		case m.kind == '"' && (strings.HasPrefix(m.text, `{"`) || strings.HasPrefix(m.text, `[{`)):
			return inner + " is a text in which the JSON stands"
		}
	}
	values := func(m *shape) bool { return m.kind == '[' && m.all((*shape).plain) }
	rows := func(m *shape) bool { return m.kind == '{' && m.all((*shape).plain) }
	switch {
	case s.all(values):
		return where + "a table by columns: " + s.someNames() + ", each a list of its values"
	case s.all(rows) && slices.Equal(s.of[0].names, numbered(len(s.of[0].names))):
		return where + "a table by columns: " + s.someNames() + ", each an object of its values by row"
	case len(s.of) > 1 && s.all(rows):
		return where + "an object of objects: each under a name of its own is a record"
	case objects == 1:
		return s.of[at].otherObject(strings.TrimPrefix(name+"."+s.names[at], "."))
	case name != "" && len(s.of) > 0:
		return where + "one object, not a list: " + s.someNames()
	}
	return ""
}

// numbered are the names 0, 1, … that pandas gives to rows.
func numbered(n int) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprint(i))
	}
	return out
}

// someNames are the first names of the members.
func (s *shape) someNames() string {
	if len(s.names) > 5 {
		return strings.Join(s.names[:5], ", ") + ", …"
	}
	return strings.Join(s.names, ", ")
}
