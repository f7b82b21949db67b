package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"
)

// says is the comment of a struct's field, as a sentence: that above it, else that behind it.
func (w *writer) says(t reflect.Type, field string) string {
	if w.comments[t.PkgPath()] == nil {
		w.comments[t.PkgPath()] = map[string]string{}
		w.read(t.PkgPath())
	}
	text := w.comments[t.PkgPath()][t.Name()+"."+field]
	if text == "" {
		w.fail(fmt.Errorf("%s.%s has no comment. Try: say there what it means to who writes the file", t, field))
		return ""
	}
	if word, _, _ := strings.Cut(text, " "); !strings.ContainsAny(word, "_:.") { // else it is one that is written
		first, size := utf8.DecodeRuneInString(text)
		text = string(unicode.ToUpper(first)) + text[size:]
	}
	if !strings.HasSuffix(text, ".") {
		text += "."
	}
	return text
}

// read keeps the comments of the fields of all structs of a package.
func (w *writer) read(pkg string) {
	dir := filepath.Join(w.root, filepath.FromSlash(strings.TrimPrefix(pkg, "citykpi/")))
	entries, err := os.ReadDir(dir)
	w.fail(err)
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		name := filepath.Join(dir, e.Name())
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			w.fail(err)
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if fields, ok := spec.Type.(*ast.StructType); ok {
				for _, f := range fields.Fields.List {
					for _, name := range f.Names {
						w.comments[pkg][spec.Name.Name+"."+name.Name] = comment(f)
					}
				}
			}
			return true
		})
	}
}

func comment(f *ast.Field) string {
	text := f.Doc.Text()
	if text == "" {
		text = f.Comment.Text()
	}
	return strings.Join(strings.Fields(text), " ")
}
