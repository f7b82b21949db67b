// Package syntax keeps a YAML file that is made to take all time or memory, or is one by
// accident, from the parser, which has no bounds of its own: 40 KB of brackets took it
// seconds and gigabytes. Whatever reads YAML in a project reads it through here.
package syntax

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// What a file may be at most. The largest that is shipped, a policy of eighty
// commitments, has 44 KB, five levels and no alias.
const (
	MaxBytes   = 128 << 10
	maxTokens  = 30000
	maxDepth   = 40
	maxWidth   = 2000 // entries of one block
	maxDocs    = 50
	maxAliases = 100
	maxNodes   = 100000 // with every alias written out
	maxBlank   = 200    // empty lines on end, of which the lexer makes work without end
)

// Error is a bound that a file breaks, in the form the parser's own errors have.
type Error struct {
	Line int
	What string
}

func (e *Error) Error() string { return fmt.Sprintf("[%d:1] %s", e.Line, e.What) }

// Decode reads YAML into a value, and returns the tree that says where what stands (Line); unknown keys are errors, and so is what
// is not as it is written once it is decoded (see exactly), and a list that is longer than the array it is for, over which
// the decoder panics.
func Decode(text []byte, into any) (tree *ast.File, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("a list has more values than its key takes (%v)", p)
		}
	}()
	if tree, err = Parse(text); err != nil {
		return nil, err
	}
	first := true
	for _, doc := range tree.Docs {
		if doc.Body == nil {
			continue
		}
		if !first { // which nobody reads: only what it says must be YAML
			into = new(any)
		}
		if err := yaml.NodeToValue(doc.Body, into, yaml.Strict()); err != nil {
			return nil, err
		}
		if err := exactly(doc.Body, reflect.TypeOf(into)); err != nil {
			return nil, err
		}
		first = false
	}
	return tree, nil
}

// Told is an error of Decode or Parse for who wrote the file: its line, 0 if it has none, what is
// wrong, and the next step; "" where what is wrong says it.
func Told(err error) (line int, what, try string) {
	what, _, _ = strings.Cut(strings.TrimSpace(yaml.FormatError(err, false, false)), "\n")
	if m := position.FindStringSubmatch(what); m != nil {
		line, _ = strconv.Atoi(m[1])
		what = m[2]
	}
	var bound *Error
	var unknown *yaml.UnknownFieldError
	var kind *yaml.TypeError
	var large *yaml.OverflowError
	switch {
	case errors.As(err, &kind) && kind.Token != nil && kind.DstType != nil:
		what, try = fmt.Sprintf("%q is %s, where %s is wanted", kind.Token.Value, kindOf(kind.SrcType), kindOf(kind.DstType)),
			"write "+kindOf(kind.DstType)
	case errors.As(err, &large):
		what, try = fmt.Sprintf("%s is too large or too small a number", large.SrcNum), "write another number"
	case errors.As(err, &bound):
	case errors.As(err, &unknown):
		try = "correct its spelling, or take it out"
	case twice.MatchString(what): // the parser has no type of its own for it
		try = "keep one of the two"
	default:
		try = "correct the YAML there"
	}
	return line, what, try
}

// kindOf names a kind of value as who writes YAML knows it.
func kindOf(t reflect.Type) string {
	if t == nil {
		return "nothing"
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "a whole number"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Map, reflect.Struct:
		return "a mapping (key: value)"
	}
	return "a text"
}

var (
	position = regexp.MustCompile(`^\[(\d+):\d+\] (.*)`)
	twice    = regexp.MustCompile(`^mapping key .* already defined at `)
)

// Parse reads YAML into its tree.
func Parse(text []byte, options ...parser.Option) (*ast.File, error) {
	if err := Check(text); err != nil {
		return nil, err
	}
	return parser.ParseBytes(text, 0, options...)
}

// Check finds what would cost the parser, or whoever follows its aliases, too much.
// What is no YAML at all is for the parser to say.
func Check(text []byte) error {
	if len(text) > MaxBytes {
		return &Error{1, fmt.Sprintf("the file has %d bytes, at most %d are read; split it", len(text), MaxBytes)}
	}
	if at := strings.Index(strings.ReplaceAll(string(text), "\r", ""), strings.Repeat("\n", maxBlank)); at >= 0 {
		return &Error{1 + strings.Count(string(text[:at]), "\n"), fmt.Sprintf("more than %d empty lines; take them out", maxBlank)}
	}
	if ordinary(text) {
		return nil
	}
	tokens := lexer.Tokenize(string(text))
	if len(tokens) > maxTokens {
		return &Error{1, fmt.Sprintf("the file has %d words and signs, at most %d are read; split it", len(tokens), maxTokens)}
	}
	var n nesting
	aliases := 0
	for _, t := range tokens {
		if err := n.token(t); err != nil {
			return err
		}
		if t.Type == token.AliasType {
			if aliases++; aliases > maxAliases {
				return &Error{line(t), fmt.Sprintf("more than %d aliases (*name); write out what they stand for", maxAliases)}
			}
		}
	}
	if aliases == 0 {
		return nil
	}
	tree, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil // said when it is read
	}
	return expand(tree)
}

// ordinary reports whether a file cannot break a bound, whatever its brackets, quotes and
// comments mean: so nearly every file is read once and not twice.
func ordinary(text []byte) bool {
	const columns, brackets = 24, 12 // levels there are at most, even with one column for each
	open, lines := 0, 0
	for line := range bytes.Lines(text) {
		lines++
		if len(line)-len(bytes.TrimLeft(line, " -?\t")) > columns {
			return false
		}
		for _, c := range line {
			switch c {
			case '[', '{':
				if open++; open > brackets {
					return false
				}
			case ']', '}':
				open = max(0, open-1)
			case '&': // no anchor, no alias
				return false
			}
		}
	}
	return lines < maxWidth && len(text) < MaxBytes/2 && bytes.Count(text, []byte("\n---")) < maxDocs
}

func line(t *token.Token) int {
	if t == nil || t.Position == nil {
		return 1
	}
	return t.Position.Line
}

// nesting follows how deep and how wide the tokens of a file go.
type nesting struct {
	blocks []block
	flow   int // brackets and braces that are open
	docs   int
}

// block is a mapping or a list that is told from others by where it is indented to.
type block struct{ column, entries int }

func (n *nesting) token(t *token.Token) error {
	switch t.Type {
	case token.SequenceStartType, token.MappingStartType:
		n.flow++
	case token.SequenceEndType, token.MappingEndType:
		n.flow = max(0, n.flow-1)
	case token.DocumentHeaderType:
		n.blocks = nil
		if n.docs++; n.docs > maxDocs {
			return &Error{line(t), fmt.Sprintf("more than %d documents (---) in one file; split it", maxDocs)}
		}
	case token.SequenceEntryType, token.MappingKeyType:
		return n.entry(t)
	case token.MappingValueType:
		if t.Prev != nil {
			return n.entry(t.Prev)
		}
	}
	return n.depth(t)
}

// entry is one more of the block that begins in the token's column.
func (n *nesting) entry(t *token.Token) error {
	if n.flow > 0 || t.Position == nil {
		return nil
	}
	at := len(n.blocks)
	for at > 0 && n.blocks[at-1].column > t.Position.Column {
		at--
	}
	if n.blocks = n.blocks[:at]; at == 0 || n.blocks[at-1].column < t.Position.Column {
		n.blocks = append(n.blocks, block{column: t.Position.Column})
	}
	last := &n.blocks[len(n.blocks)-1]
	if last.entries++; last.entries > maxWidth {
		return &Error{line(t), fmt.Sprintf("more than %d entries in one list or mapping; split the file", maxWidth)}
	}
	return n.depth(t)
}

func (n *nesting) depth(t *token.Token) error {
	if len(n.blocks)+n.flow > maxDepth {
		return &Error{line(t), fmt.Sprintf("more than %d levels of lists and mappings in one another; "+
			"nothing that is read here has so many", maxDepth)}
	}
	return nil
}

// expand adds up what a tree is with every alias written out: aliases of aliases make a
// few lines a billion nodes.
func expand(tree *ast.File) error {
	x := expansion{anchors: map[string]size{}}
	for _, doc := range tree.Docs {
		if doc.Body == nil {
			continue
		}
		if s := x.of(doc.Body); x.err == nil && s.nodes > maxNodes {
			x.err = &Error{1, fmt.Sprintf("with its aliases written out the file has %d values, at most %d are read", s.nodes, maxNodes)}
		}
	}
	if x.err != nil {
		return x.err
	}
	return nil
}

type size struct{ nodes, depth int }

type expansion struct {
	anchors map[string]size
	err     *Error
}

func (x *expansion) of(n ast.Node) size {
	switch n := n.(type) {
	case *ast.AnchorNode:
		s := x.of(n.Value)
		x.anchors[n.Name.String()] = s
		return s
	case *ast.AliasNode:
		s, known := x.anchors[n.Value.String()]
		if !known { // none, or one that it is a part of: the second would never end
			x.fail(n, "alias *%s stands before its anchor &%s, or in it; write out what it stands for", n.Value, n.Value)
		}
		return s
	case *ast.MappingNode:
		var list []ast.Node
		for _, v := range n.Values {
			list = append(list, v.Key, v.Value)
		}
		return x.sum(n, list...)
	case *ast.MappingValueNode:
		return x.sum(n, n.Key, n.Value)
	case *ast.SequenceNode:
		return x.sum(n, n.Values...)
	case *ast.TagNode:
		return x.of(n.Value)
	case *ast.MappingKeyNode:
		return x.of(n.Value)
	}
	return size{1, 1}
}

func (x *expansion) sum(at ast.Node, parts ...ast.Node) size {
	s := size{nodes: 1}
	for _, part := range parts {
		if part == nil {
			continue
		}
		p := x.of(part)
		s = size{s.nodes + p.nodes, max(s.depth, p.depth)}
		if s.nodes > maxNodes {
			x.fail(at, "with its aliases written out the file has more than %d values; write out what they stand for", maxNodes)
			s.nodes = maxNodes // no sum of these grows without end
		}
	}
	if s.depth++; s.depth > maxDepth {
		x.fail(at, "with its aliases written out the file has more than %d levels of lists and mappings in one another", maxDepth)
	}
	return s
}

func (x *expansion) fail(at ast.Node, format string, args ...any) {
	if x.err == nil {
		x.err = &Error{line(at.GetToken()), fmt.Sprintf(format, args...)}
	}
}
