package modeltest

import (
	"strconv"

	"github.com/goccy/go-yaml/ast"
)

// child is the value of a key of a mapping, or of an index of a list; nil if there is none.
func child(node ast.Node, key string) ast.Node {
	switch node := node.(type) {
	case *ast.MappingNode:
		for _, v := range node.Values {
			if v.Key.GetToken().Value == key {
				return v.Value
			}
		}
	case *ast.MappingValueNode: // of one key
		if node.Key.GetToken().Value == key {
			return node.Value
		}
	case *ast.SequenceNode:
		if i, err := strconv.Atoi(key); err == nil && i < len(node.Values) {
			return node.Values[i]
		}
	}
	return nil
}

// first is the line in which a node begins.
func first(node ast.Node) int {
	switch node := node.(type) {
	case *ast.MappingNode:
		if !node.IsFlowStyle && len(node.Values) > 0 { // its own token is the colon of the first key
			return node.Values[0].Key.GetToken().Position.Line
		}
	case *ast.MappingValueNode:
		return node.Key.GetToken().Position.Line
	}
	return node.GetToken().Position.Line
}
