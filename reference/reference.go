// Package reference says what every key of a project's YAML files means: of each kind of file a
// page for people (<kind>.md) and a JSON Schema for editors (<kind>.schema.json). Both are written
// from the parsers by reference/write, and a test there says when they are not current. The shipped
// files name their schema in the first line, by a path that leads here as well as in a project, into
// which init writes this folder.
package reference

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

//go:generate go run -tags duckdb_arrow -trimpath -buildmode=pie ./write

// FS holds the pages and the schemas.
//
//go:embed *.md *.schema.json
var FS embed.FS

// Folder is where a project keeps them.
const Folder = "reference"

// Kind is a kind of file.
type Kind struct {
	Name  string
	Files string // as patterns of paths below a project
	About string
}

// Kinds are all of them.
var Kinds = []Kind{
	{"config", "citykpi.yml", "the project"},
	{"policy", "data/policies/*.yaml", "a policy document and what it commits to"},
	{"contract", "data/sources/*.yaml", "what one bureau's export must look like"},
	{"recognition", "data/recognition.yaml", "by which rules, and at which tiers, enterprises are recognised"},
	{"model", "sql/*/*.yml", "what must hold of the table that the SQL beside it makes"},
	{"layer", "sql/*.yml", "what all models of a folder say of their columns"},
	{"given", "sql/given/*.yml", "a table that the program fills before any model runs"},
	{"page", "sql/page/*.yml", "what the query beside it gives, by which the program reads a release"},
	{"schedule", "schedules/*.yaml", "a job of the timetable, or several"},
}

// ErrKind is returned for a kind of file that there is not.
var ErrKind = errors.New("no such kind of file")

// SchemaFile is what the schema of a kind is called.
func SchemaFile(kind string) string { return kind + ".schema.json" }

// Schema is the JSON Schema of a kind.
func Schema(kind string) ([]byte, error) {
	var names []string
	for _, k := range Kinds {
		if k.Name == kind {
			return fs.ReadFile(FS, SchemaFile(kind))
		}
		names = append(names, k.Name)
	}
	return nil, fmt.Errorf("%q: %w. Try: one of %s", kind, ErrKind, strings.Join(names, ", "))
}

// FirstLine is the comment by which an editor finds the schema of a file of a kind: up leads from
// the file's folder to the project's, as ../../.
func FirstLine(kind, up string) string {
	return "# yaml-language-server: $schema=" + up + Folder + "/" + SchemaFile(kind) + "\n"
}
