package syntax

import (
	"strconv"

	"github.com/goccy/go-yaml/ast"
)

// Line is the line, from 1, of the value that keys of mappings and indices of lists lead to in the first document of a
// tree, or that of the nearest one above it that is there; 1 where there is no tree.
func Line(tree *ast.File, keys ...string) int {
	at := 1
	node := Body(tree)
	for _, key := range keys {
		if node = Child(node, key); node == nil {
			break
		}
		at = begins(node)
	}
	return at
}

// Body is what the first document of a tree holds, nil if that is nothing.
func Body(tree *ast.File) ast.Node {
	if tree == nil || len(tree.Docs) == 0 {
		return nil
	}
	return tree.Docs[0].Body
}

// Child is the value of a key of a mapping, or of an index of a list; nil if there is none.
func Child(node ast.Node, key string) ast.Node {
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
		if i, err := strconv.Atoi(key); err == nil && i >= 0 && i < len(node.Values) {
			return node.Values[i]
		}
	}
	return nil
}

// begins is the line in which a node begins.
func begins(node ast.Node) int {
	switch node := node.(type) {
	case *ast.MappingNode:
		if !node.IsFlowStyle && len(node.Values) > 0 { // its own token is the colon of the first key
			return line(node.Values[0].Key.GetToken())
		}
	case *ast.MappingValueNode:
		return line(node.Key.GetToken())
	}
	return line(node.GetToken())
}
