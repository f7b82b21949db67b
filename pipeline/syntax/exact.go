package syntax

import (
	"encoding"
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// exact refuses what the decoder would make something else of without a word: 7.5 where a whole number
// is wanted becomes 7, a text may become a number, and a list that is too short for its array is filled with 0.
func exact(text []byte, into reflect.Type) error {
	tree, err := parser.ParseBytes(text, 0)
	if err != nil {
		return err
	}
	for _, doc := range tree.Docs {
		if err := exactly(doc.Body, into); err != nil {
			return err
		}
	}
	return nil
}

var (
	spanType = reflect.TypeFor[time.Duration]()
	ownText  = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// exactly holds a node against the type it was decoded into. The result is an error, not an *Error, so that nil is none.
func exactly(n ast.Node, t reflect.Type) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == spanType || reflect.PointerTo(t).Implements(ownText) {
		return nil // which read the text themselves
	}
	switch n := n.(type) {
	case *ast.AnchorNode:
		return exactly(n.Value, t)
	case *ast.MappingNode:
		for _, v := range n.Values {
			if err := exactly(v, t); err != nil {
				return err
			}
		}
	case *ast.MappingValueNode:
		if key, ok := n.Key.(ast.ScalarNode); ok {
			if of := under(t, fmt.Sprint(key.GetValue())); of != nil {
				return exactly(n.Value, of)
			}
		}
	case *ast.SequenceNode:
		if t.Kind() == reflect.Array && t.Len() != len(n.Values) {
			return &Error{line(n.GetToken()), fmt.Sprintf("a list of %d, where one of %d is wanted; write %d values", len(n.Values), t.Len(), t.Len())}
		}
		if t.Kind() != reflect.Array && t.Kind() != reflect.Slice {
			return nil
		}
		for _, v := range n.Values {
			if err := exactly(v, t.Elem()); err != nil {
				return err
			}
		}
	case *ast.FloatNode:
		if t.Kind() == reflect.Int && n.Value != math.Trunc(n.Value) {
			return wanted(n, "a number with a fraction", t)
		}
	case *ast.StringNode, *ast.LiteralNode:
		if t.Kind() == reflect.Int || t.Kind() == reflect.Float64 {
			return wanted(n, "a text", t)
		}
	}
	return nil
}

func wanted(n ast.Node, is string, t reflect.Type) error {
	return &Error{line(n.GetToken()), fmt.Sprintf("%q is %s, where %s is wanted; write %s", n.GetToken().Value, is, kindOf(t), kindOf(t))}
}

// under is the type of what a key of a mapping holds, nil where it is not known.
func under(t reflect.Type, key string) reflect.Type {
	switch t.Kind() {
	case reflect.Map:
		return t.Elem()
	case reflect.Struct:
		for i := range t.NumField() {
			if name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ","); name == key {
				return t.Field(i).Type
			}
		}
	}
	return nil
}
