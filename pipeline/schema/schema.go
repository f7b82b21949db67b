// Package schema says what a YAML file of a project may hold, as far as that can be said key by key.
// Editors complete and check files by it (JSON Schema), and the pages of reference/ are
// written from it. What ties one key to another only the program checks.
package schema

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"time"
)

// Draft is the version of JSON Schema that Schema speaks: the one that all editors know.
const Draft = "http://json-schema.org/draft-07/schema#"

// Schema is what one value may be: that part of JSON Schema which the files need.
type Schema struct {
	Draft       string   `json:"$schema,omitempty"`
	Title       string   `json:"title,omitempty"`
	Description string   `json:"description,omitempty"`
	Type        Types    `json:"type,omitempty"`
	Enum        []any    `json:"enum,omitempty"`
	Pattern     string   `json:"pattern,omitempty"`
	Minimum     *float64 `json:"minimum,omitempty"`
	Maximum     *float64 `json:"maximum,omitempty"`
	MinLength   int      `json:"minLength,omitempty"`
	MaxLength   int      `json:"maxLength,omitempty"`
	Ref         string   `json:"$ref,omitempty"`
	First       []Schema `json:"-"` // what the first of a list are; the others are Items
	Items       *Schema  `json:"-"`
	MinItems    int      `json:"minItems,omitempty"`
	MaxItems    int      `json:"maxItems,omitempty"`
	Unique      bool     `json:"uniqueItems,omitempty"`
	Keys        Keys     `json:"properties,omitempty"`
	Required    []string `json:"required,omitempty"`
	Name        *Schema  `json:"propertyNames,omitempty"` // of a mapping whose keys are the writer's: what they may be
	// Rest is false where Keys are all there are, or a *Schema: what the writer's own keys hold.
	Rest     any      `json:"additionalProperties,omitempty"`
	AnyOf    []Schema `json:"anyOf,omitempty"`
	OneOf    []Schema `json:"oneOf,omitempty"`
	Default  any      `json:"default,omitempty"`
	Examples []any    `json:"examples,omitempty"`
}

// MarshalJSON writes a list as draft 7 has it: items are of one kind, or those at the beginning one by one.
func (s Schema) MarshalJSON() ([]byte, error) {
	type fields Schema
	list := struct {
		fields
		Items any     `json:"items,omitempty"`
		More  *Schema `json:"additionalItems,omitempty"`
	}{fields: fields(s)}
	switch {
	case s.First != nil:
		list.Items, list.More = s.First, s.Items
	case s.Items != nil:
		list.Items = s.Items
	}
	return plain(list)
}

// Types are the kinds of value there may be, in the words of JSON Schema.
type Types []string

// MarshalJSON writes one kind as a word and several as a list.
func (t Types) MarshalJSON() ([]byte, error) {
	if len(t) == 1 {
		return json.Marshal(t[0])
	}
	return json.Marshal([]string(t))
}

// Key is one key of a mapping and what it holds.
type Key struct {
	Name string
	Schema
}

// Keys are those of a mapping in the order in which they are told.
type Keys []Key

// MarshalJSON keeps the order.
func (keys Keys) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	for i, k := range keys {
		name, err := json.Marshal(k.Name)
		if err != nil {
			return nil, err
		}
		value, err := plain(k.Schema)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			b.WriteByte('{')
		} else {
			b.WriteByte(',')
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// JSON is the schema as a file.
func (s Schema) JSON() ([]byte, error) {
	text, err := plain(s)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = json.Indent(&b, text, "", "  ")
	return append(bytes.TrimSpace(b.Bytes()), '\n'), err
}

// plain leaves <, > and & as they are, which no browser will read here.
func plain(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

// Key finds what a key of a mapping holds, nil if there is none; *: what the writer's own keys hold.
func (s *Schema) Key(name string) *Schema {
	if of, ok := s.Rest.(*Schema); ok && name == "*" {
		return of
	}
	for i := range s.Keys {
		if s.Keys[i].Name == name {
			return &s.Keys[i].Schema
		}
	}
	return nil
}

// Text is any text. A number that is written without quotes is read as the text it is written as.
func Text() Schema { return Schema{Type: Types{"string", "number"}} }

// Like is a text of a form.
func Like(form *regexp.Regexp) Schema { return Schema{Type: Types{"string"}, Pattern: form.String()} }

// OneOf is one of several words.
func OneOf[word ~string](words ...word) Schema {
	s := Schema{Type: Types{"string"}}
	for _, w := range words {
		s.Enum = append(s.Enum, string(w))
	}
	return s
}

// Truth is true or false.
func Truth() Schema { return Schema{Type: Types{"boolean"}} }

// Whole is a whole number from low to high.
func Whole(low, high int) Schema {
	least, most := float64(low), float64(high)
	return Schema{Type: Types{"integer"}, Minimum: &least, Maximum: &most}
}

// Otherwise says what holds where the key is not written.
func (s Schema) Otherwise(value any) Schema {
	s.Default = value
	return s
}

// Duration is a time span as Go writes it: 90s, 2h30m.
func Duration() Schema { return Like(duration) }

var duration = regexp.MustCompile(`^[+]?(0|(([0-9]+[.]?[0-9]*|[.][0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$`)

// Span is a time span as who writes YAML writes it: 2h, where Go says 2h0m0s.
func Span(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// List is a list of such values.
func List(of Schema) Schema { return Schema{Type: Types{"array"}, Items: &of} }

// Mapping is a mapping of these keys and no others.
func Mapping(keys ...Key) Schema {
	return Schema{Type: Types{"object"}, Keys: keys, Rest: false}
}

// Named is a mapping whose keys are the writer's own and hold such values.
func Named(of Schema) Schema { return Schema{Type: Types{"object"}, Rest: &of} }
