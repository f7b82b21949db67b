// Command write writes the pages and JSON Schemas of reference/ from the parsers. Run it by
//
//	go generate ./reference
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"citykpi/pipeline/schema"
	"citykpi/reference"
)

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, "write the reference:", err)
		os.Exit(1)
	}
}

// run writes all files into the folder of package reference.
func run(dir string) error {
	files, err := files(filepath.Join(dir, ".."))
	if err != nil {
		return err
	}
	for name, text := range files {
		err = errors.Join(err, os.WriteFile(filepath.Join(dir, name), text, 0o644))
	}
	return err
}

// files are those of reference/ by their names. root is the folder of the module, whose comments are read.
func files(root string) (map[string][]byte, error) {
	list := map[string][]byte{"README.md": index()}
	w := &writer{root: root, comments: map[string]map[string]string{}}
	for _, kind := range reference.Kinds {
		s := w.schema(kind.Name)
		if w.err != nil {
			return nil, w.err
		}
		s.Draft = schema.Draft
		text, err := s.JSON()
		if err != nil {
			return nil, err
		}
		example, err := os.ReadFile(filepath.Join(root, "reference", "write", "example", kind.Name+".yaml"))
		if err != nil {
			return nil, err
		}
		list[reference.SchemaFile(kind.Name)] = text
		list[kind.Name+".md"] = page(kind, s, example)
	}
	return list, nil
}
