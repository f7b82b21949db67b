package syntax

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"sync"

	"github.com/goccy/go-yaml/ast"
)

// exactly refuses what the decoder made something else of without a word: 7.5 where a whole number is wanted
// becomes 7, a text may become a number, and a list that is too short for its array is filled up with 0.
func exactly(n ast.Node, t reflect.Type) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
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
			what := fmt.Sprintf("a list of %d, where one of %d is wanted; write %d values", len(n.Values), t.Len(), t.Len())
			return &Error{line(n.GetToken()), what}
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
		known, ok := fields.Load(t)
		if !ok {
			known, _ = fields.LoadOrStore(t, fieldsOf(t))
		}
		return known.(map[string]reflect.Type)[key]
	}
	return nil
}

// fields are those of the structs seen, by key: a policy has a thousand keys, and to look through the
// tags for each took a tenth of reading a project.
var fields sync.Map

func fieldsOf(t reflect.Type) map[string]reflect.Type {
	known := map[string]reflect.Type{}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		known[name] = t.Field(i).Type
	}
	return known
}
