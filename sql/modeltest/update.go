package modeltest

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"citykpi/pipeline/durable"
	"citykpi/pipeline/project"
	"citykpi/pipeline/syntax"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// Update writes the figures that came of a case into its file in the project, in the place of those it expects; of a
// shipped case that becomes the project's own, which wins over it from then on. Only figures are written, so that all
// else stays as it is, comments and order too. Which rows are rejected and which files are refused is for a person to
// say. It returns what differs still.
func Update(p *project.Project, r Result) (left []Difference, err error) {
	for _, d := range r.Differences {
		if d.ID == "" {
			left = append(left, d)
		}
	}
	if len(left) == len(r.Differences) {
		return left, nil
	}
	text, err := r.rewritten()
	if err != nil {
		return left, err
	}
	path := filepath.Join(p.Dir, filepath.FromSlash(r.Case.File))
	if to, err := filepath.EvalSymlinks(path); err == nil {
		path = to
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil { // the user's own folder, as the umask says
		return left, err
	}
	return left, durable.WriteOut(path, text)
}

// edit puts a text in the place of what stands from one byte to another.
type edit struct {
	from, to int
	text     string
}

// rewritten is the case's file with the figures that came of it.
func (r Result) rewritten() ([]byte, error) {
	c := r.Case
	at := newPlaces(c.text)
	var edits []edit
	for i, v := range c.Expect.Values {
		if slices.EqualFunc(v.Values, r.got[i], same) {
			continue
		}
		more, err := at.figures(syntax.Child(syntax.Child(syntax.Child(syntax.Body(c.tree), "expect"), "values"), fmt.Sprint(i)), r.got[i])
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", c.File, c.valueLine(i), err)
		}
		edits = append(edits, more...)
	}
	slices.SortFunc(edits, func(a, b edit) int { return cmp.Compare(b.from, a.from) }) // from the end, so that places stay right
	text := c.text
	for _, e := range edits {
		text = slices.Concat(text[:e.from:e.from], []byte(e.text), text[e.to:])
	}
	return text, r.holds(text)
}

// holds makes sure that a text is the case with the figures that came of it and nothing else.
func (r Result) holds(text []byte) error {
	now, err := Parse(r.Case.File, text)
	was := r.Case
	if err == nil {
		was.Expect.Values = slices.Clone(was.Expect.Values)
		for i, got := range r.got {
			was.Expect.Values[i].Values = got
		}
		was.text, was.tree, was.Model = now.text, now.tree, now.Model
	}
	if err != nil || !reflect.DeepEqual(was, now) {
		return fmt.Errorf("%s: its figures stand in a form that is not rewritten. Try: values: [1, null], on one line", r.Case.File)
	}
	return nil
}

func same(a, b *float64) bool { return figure(a) == figure(b) }

func list(values []*float64) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = figure(v)
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

// places finds the bytes at which tokens stand, whose own offsets count something else.
type places struct {
	text  []byte
	lines []int // where each begins
}

func newPlaces(text []byte) places {
	at := places{text, []int{0}}
	for i, b := range text {
		if b == '\n' {
			at.lines = append(at.lines, i+1)
		}
	}
	return at
}

// of is where a token begins: lines and columns count from 1, columns in characters.
func (at places) of(t *token.Token) int {
	i := at.lines[min(t.Position.Line, len(at.lines))-1]
	for range t.Position.Column - 1 {
		_, size := utf8.DecodeRune(at.text[i:])
		i += size
	}
	return i
}

var errForm = errors.New("its figures stand in a form that is not rewritten. Try: values: [1, null], on one line")

// figures are the edits that give an expectation other figures: in the list that is there, value by value if it has
// lines of its own, or in a new one.
func (at places) figures(expectation ast.Node, got []*float64) ([]edit, error) {
	entry, ok := expectation.(*ast.MappingNode)
	if !ok {
		return nil, errForm
	}
	switch old := syntax.Child(entry, "values").(type) {
	case nil:
		return at.added(entry, got)
	case *ast.SequenceNode:
		if old.IsFlowStyle && old.Start.Position.Line == old.End.Position.Line {
			return []edit{{at.of(old.Start), at.of(old.End) + 1, list(got)}}, nil
		}
		if len(old.Values) != len(got) {
			return nil, errForm
		}
		var edits []edit
		for i, v := range old.Values {
			t := v.GetToken()
			edits = append(edits, edit{at.of(t), at.of(t) + len(t.Value), figure(got[i])})
		}
		return edits, nil
	}
	return nil, errForm
}

// added puts figures behind what an expectation has, which is none yet.
func (at places) added(entry *ast.MappingNode, got []*float64) ([]edit, error) {
	if entry.IsFlowStyle {
		end := at.of(entry.End)
		for end > 0 && at.text[end-1] == ' ' {
			end--
		}
		return []edit{{end, end, ", values: " + list(got)}}, nil
	}
	key := entry.Values[0].Key.GetToken()
	next := len(at.text)
	if line := entry.Values[len(entry.Values)-1].Key.GetToken().Position.Line; line < len(at.lines) {
		next = at.lines[line]
	}
	line := strings.Repeat(" ", key.Position.Column-1) + "values: " + list(got) + "\n"
	if next > 0 && at.text[next-1] != '\n' {
		line = "\n" + line
	}
	return []edit{{next, next, line}}, nil
}
