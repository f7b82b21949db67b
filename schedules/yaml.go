package schedules

import (
	"errors"
	"fmt"
	"strings"

	"citykpi/pipeline/syntax"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// Job files are read from the syntax tree and not into structs: that way every
// problem of a file is found in one go, each with its line.

// parseYAML returns the body of each document that has one.
func parseYAML(file string, text []byte) (docs []ast.Node, problem *Problem) {
	defer func() {
		if r := recover(); r != nil { // the parser's own defects must not end a daemon
			docs, problem = nil, &Problem{File: file, Text: fmt.Sprintf("is not YAML: %v", r)}
		}
	}()
	tree, err := syntax.Parse(text)
	if err != nil {
		var bound *syntax.Error
		if errors.As(err, &bound) {
			return nil, &Problem{File: file, Line: bound.Line, Text: bound.What}
		}
		return nil, &Problem{File: file, Line: errorLine(err), Text: "is not YAML: " + errorText(err)}
	}
	for _, doc := range tree.Docs {
		if doc.Body != nil && doc.Body.Type() != ast.CommentType && doc.Body.Type() != ast.NullType {
			docs = append(docs, doc.Body)
		}
	}
	return docs, nil
}

func errorLine(err error) int {
	var e yaml.Error
	if errors.As(err, &e) && e.GetToken() != nil {
		return e.GetToken().Position.Line
	}
	return 0
}

// errorText is the parser's sentence without the excerpt it draws below, and what to do.
func errorText(err error) string {
	_, what, try := syntax.Told(err)
	var e yaml.Error
	if errors.As(err, &e) && (strings.HasPrefix(tokenText(e), "@") || strings.HasPrefix(tokenText(e), "*")) {
		return what + `; write a spec that starts with @ or * in quotes, e.g. cron: "@daily"`
	}
	if try != "" {
		what += ". Try: " + try
	}
	return what
}

func tokenText(e yaml.Error) string {
	if e.GetToken() == nil {
		return ""
	}
	return strings.TrimSpace(e.GetToken().Origin)
}

// mapping is one YAML mapping in the order it is written.
type mapping struct {
	line int
	keys []keyValue
}

type keyValue struct {
	name  string
	line  int
	value ast.Node
}

func (m mapping) has(name string) bool { return m.lineOf(name) > 0 }

// lineOf is the line of a key, 0 when it is absent.
func (m mapping) lineOf(name string) int {
	for _, k := range m.keys {
		if k.name == name {
			return k.line
		}
	}
	return 0
}

func readMapping(n ast.Node) (mapping, bool) {
	var pairs []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	}
	if len(pairs) == 0 {
		return mapping{}, false
	}
	m := mapping{line: lineOf(pairs[0].Key)}
	for _, p := range pairs {
		name, ok := scalar(p.Key)
		if !ok {
			name = p.Key.String()
		}
		m.keys = append(m.keys, keyValue{name, lineOf(p.Key), p.Value})
	}
	return m, true
}

// scalar is the text of a plain value as it is written: 2026 and 1e3 stay what
// the author typed. Null, lists, mappings, aliases and tags have none.
func scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return strings.TrimSpace(n.Value.Value), true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// show quotes a value for a message, cut to a length that fits a line.
func show(n ast.Node) string {
	if n == nil || n.Type() == ast.NullType {
		return "nothing"
	}
	text, ok := scalar(n)
	if !ok {
		text = strings.Join(strings.Fields(n.String()), " ")
	}
	if r := []rune(text); len(r) > 60 {
		text = string(r[:60]) + "…"
	}
	return fmt.Sprintf("%q", text)
}

func lineOf(n ast.Node) int {
	if n == nil || n.GetToken() == nil {
		return 0
	}
	return n.GetToken().Position.Line
}
