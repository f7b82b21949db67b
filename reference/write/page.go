package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"citykpi/pipeline/schema"
	"citykpi/reference"
)

const written = "<!-- Written from the parsers by go generate ./reference; what is changed here is lost. -->\n\n"

// index is the page that lists the others.
func index() []byte {
	var b bytes.Buffer
	b.WriteString("# Reference\n\n" + written)
	b.WriteString("Every key of the YAML files of a project, written from the parsers that read them.\n\n")
	b.WriteString("| kind | files | says | schema |\n|---|---|---|---|\n")
	for _, k := range reference.Kinds {
		file := reference.SchemaFile(k.Name)
		fmt.Fprintf(&b, "| [%s](%s.md) | `%s` | %s | [%s](%s) |\n", k.Name, k.Name, k.Files, k.About, file, file)
	}
	b.WriteString("\nThe schemas are JSON Schema (draft 7). An editor that knows yaml-language-server completes and checks a file\n" +
		"by the one that its first line names, without the Internet:\n\n```yaml\n" + reference.FirstLine("contract", "../../") + "```\n\n" +
		"`citykpi schema` lists the kinds, `citykpi schema KIND` prints a schema, and `citykpi schema --write` writes this folder\n" +
		"into a project again, as a newer program may know more keys. " +
		"A schema knows one key at a time; what ties keys and files to each other\n" +
		"only `citykpi check` says.\n")
	return b.Bytes()
}

// page is the page of a kind: an example, and a table of the keys of each mapping.
func page(kind reference.Kind, s schema.Schema, example []byte) []byte {
	p := &pages{seen: map[string]string{}}
	fmt.Fprintf(&p.Buffer, "# %s\n\n%s%s\n\n", s.Title, written, prose.Replace(s.Description))
	file := reference.SchemaFile(kind.Name)
	fmt.Fprintf(&p.Buffer, "Files: `%s`. Schema: [%s](%s), or `citykpi schema %s`. ", kind.Files, file, file, kind.Name)
	p.WriteString("A key that is not listed here is an error.\n")
	fmt.Fprintf(&p.Buffer, "\n```yaml\n%s```\n", example)
	p.mapping("Keys", "", s)
	return p.Bytes()
}

type pages struct {
	bytes.Buffer
	seen map[string]string // mapping → where it stands
}

// mapping writes the keys of a mapping, and after them those of the mappings in it.
func (p *pages) mapping(title, path string, s schema.Schema) {
	fmt.Fprintf(&p.Buffer, "\n## %s\n\n", title)
	if one := alternatives(s); one != "" {
		p.WriteString(one + "\n\n")
	}
	p.WriteString("| key | value | if left out | meaning |\n|---|---|---|---|\n")
	type part struct {
		path string
		schema.Schema
	}
	var parts []part
	for _, k := range s.Keys {
		at := path + k.Name
		value := p.value(k.Schema)
		if inner, suffix := mappingIn(k.Schema); inner != nil {
			at += suffix
			if where, ok := p.seen[identity(*inner)]; ok {
				value += " as in `" + where + "`"
			} else {
				p.seen[identity(*inner)] = at
				parts = append(parts, part{at, *inner})
				value += ", see `" + at + "`"
			}
		}
		otherwise := "—"
		switch {
		case slices.Contains(s.Required, k.Name):
			otherwise = "**needed**"
		case k.Default != nil:
			otherwise = code(k.Default)
		}
		meaning := prose.Replace(k.Description)
		if shown := examples(k.Schema); shown != "" {
			meaning += " " + shown
		}
		fmt.Fprintf(&p.Buffer, "| `%s` | %s | %s | %s |\n", k.Name, cell(value), cell(otherwise), cell(meaning))
	}
	for _, part := range parts {
		p.mapping("`"+part.path+"`", part.path+".", part.Schema)
	}
}

// mappingIn is the mapping of known keys that a value is or holds, and how its path goes on.
func mappingIn(s schema.Schema) (*schema.Schema, string) {
	if s.Keys != nil {
		return &s, ""
	}
	if s.Items != nil && s.Items.Keys != nil {
		return s.Items, "[]"
	}
	if of, ok := s.Rest.(*schema.Schema); ok && of.Keys != nil {
		return of, ".<name>"
	}
	return nil, ""
}

// identity tells mappings apart by what they hold.
func identity(s schema.Schema) string {
	text, err := json.Marshal(s.Keys)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// alternatives says which of several keys a mapping has.
func alternatives(s schema.Schema) string {
	var keys []string
	for _, one := range s.OneOf {
		keys = append(keys, "`"+strings.Join(one.Required, "` and `")+"`")
	}
	if keys == nil {
		return ""
	}
	return "Exactly one of " + strings.Join(keys, ", ") + " is written."
}

// value says in words what a key may hold.
func (p *pages) value(s schema.Schema) string {
	if s.AnyOf != nil {
		var list []string
		for _, one := range s.AnyOf {
			list = append(list, p.value(one))
		}
		return strings.Join(list, ", or ")
	}
	if s.Enum != nil {
		var list []string
		for _, word := range s.Enum {
			if word != nil {
				list = append(list, code(word))
			}
		}
		return strings.Join(list, ", ")
	}
	has := func(kind string) bool { return slices.Contains(s.Type, kind) }
	switch {
	case has("array"):
		return p.list(s)
	case has("object"):
		if of, ok := s.Rest.(*schema.Schema); ok && of.Keys == nil {
			names := "names of your own"
			if s.Name != nil {
				names = p.value(*s.Name)
			}
			return "mapping: " + names + ", each with " + p.value(*of)
		}
		return "mapping"
	case has("boolean") && !has("string"):
		return "`true`, `false`"
	case has("integer"):
		return "whole number" + bounds(s)
	case has("number") && !has("string"):
		return "number" + bounds(s)
	case s.Pattern == schema.Duration().Pattern:
		return "time span: `90s`, `15m`, `2h30m`"
	case s.Pattern == day.String():
		return "day: `2026-09-30`"
	case s.Pattern != "":
		return "text like `" + s.Pattern + "`"
	case s.MaxLength > 0:
		return fmt.Sprintf("text of at most %d characters", s.MaxLength)
	}
	return "text"
}

func (p *pages) list(s schema.Schema) string {
	if s.Items != nil && s.Items.Keys != nil {
		return "list of mappings"
	}
	of := "texts"
	if s.Items != nil && (s.Items.Enum != nil || !slices.Contains(s.Items.Type, "string")) {
		of = p.value(*s.Items) + "s"
		if s.Items.Enum != nil {
			of = p.value(*s.Items)
		}
	}
	count := ""
	if s.MinItems > 0 && s.MinItems == s.MaxItems {
		count = fmt.Sprintf("%d ", s.MinItems)
	}
	if s.First != nil {
		of += ", the first of them " + p.value(s.First[0])
	}
	return "list of " + count + of
}

func bounds(s schema.Schema) string {
	switch {
	case s.Minimum != nil && s.Maximum != nil:
		return fmt.Sprintf(" from %v to %v", *s.Minimum, *s.Maximum)
	case s.Minimum != nil:
		return fmt.Sprintf(" from %v on", *s.Minimum)
	}
	return ""
}

func examples(s schema.Schema) string {
	var list []string
	for _, e := range s.Examples {
		list = append(list, code(e))
	}
	if list == nil {
		return ""
	}
	return "E.g. " + strings.Join(list, ", ") + "."
}

// code is a value as it may be written in YAML.
func code(v any) string { return "`" + flow(v) + "`" }

func flow(v any) string {
	switch v := v.(type) {
	case []string:
		list := make([]any, len(v))
		for i, s := range v {
			list[i] = s
		}
		return flow(list)
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = flow(e)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		var parts []string
		for name, e := range v {
			parts = append(parts, name+": "+flow(e))
		}
		slices.Sort(parts)
		return "{" + strings.Join(parts, ", ") + "}"
	case string:
		if v == "" || strings.ContainsAny(v[:1], "*&!|>%@[{\"'#") || v == "\t" || strings.ContainsAny(v, ",;") {
			text, err := json.Marshal(v)
			if err == nil {
				return string(text)
			}
		}
		return v
	}
	return fmt.Sprint(v)
}

// prose shows signs in a sentence as they are.
var prose = strings.NewReplacer("<", `\<`, "*", `\*`)

// cell keeps a text in its cell of a table.
func cell(text string) string { return strings.NewReplacer("|", `\|`, "\n", " ").Replace(text) }
