package contract

import (
	"regexp"
	"slices"
	"strings"

	"citykpi/pipeline/schema"
	"citykpi/pipeline/source/fold"

	"github.com/goccy/go-yaml/ast"
)

// key is one key of a mapping in a contract: what editors and the reference say of it, and how
// the parser reads it. Each stands once, bound to where its value goes, as flags of a command are.
type key struct {
	schema.Key
	must bool
	read func(p *yamlParser, e pair, where string)
}

type keys []key

// Schema says what a contract may hold.
func Schema() schema.Schema {
	p := &yamlParser{c: &Contract{}}
	s := p.contractKeys().mapping()
	s.Title = "Contract"
	s.Description = "What one bureau's export must look like: data/sources/<source>.yaml."
	return s
}

// mapping is the schema of a mapping of the keys.
func (list keys) mapping() schema.Schema {
	s := schema.Mapping()
	for _, k := range list {
		s.Keys = append(s.Keys, k.Key)
		if k.must {
			s.Required = append(s.Required, k.Name)
		}
	}
	return s
}

// mapping reads a mapping by its keys. what and prefix are how errors name it and its keys.
func (p *yamlParser) mapping(n ast.Node, what, prefix string, known keys) {
	for _, e := range p.pairs(n, what) {
		where := prefix + e.key
		i := slices.IndexFunc(known, func(k key) bool { return k.Name == e.key })
		if i < 0 {
			p.unknown(e, what, known)
			continue
		}
		p.lines[where] = e.line
		known[i].read(p, e, where)
	}
}

func (p *yamlParser) unknown(e pair, where string, known keys) {
	names := make([]string, len(known))
	for i, k := range known {
		names[i] = k.Name
	}
	p.bad(e.line, "%s: unknown key %s; did you mean %s? Known: %s", where, e.key, fold.Nearest(e.key, names), strings.Join(names, ", "))
}

func makeKey(name, says string, s schema.Schema, read func(p *yamlParser, e pair, where string)) key {
	s.Description = says
	return key{Key: schema.Key{Name: name, Schema: s}, read: read}
}

// needed marks a key that every such mapping has.
func (k key) needed() key {
	k.must = true
	return k
}

// like narrows a text to a form.
func (k key) like(form *regexp.Regexp) key {
	k.Type, k.Pattern = schema.Types{"string"}, form.String()
	return k
}

// filled says that an empty list is none.
func (k key) filled() key {
	k.MinItems = 1
	return k
}

// as shows what may be written.
func (k key) as(examples ...any) key {
	k.Examples = examples
	return k
}

// otherwise says what holds where the key is not written.
func (k key) otherwise(value any) key {
	k.Default = value
	return k
}

func textKey(name string, into *string, says string) key {
	return makeKey(name, says, schema.Text(), func(p *yamlParser, e pair, where string) { *into = p.text(e.value, where) })
}

func wordKey[word ~string](name string, into *word, words []word, says string) key {
	allowed := make([]string, len(words))
	for i, w := range words {
		allowed[i] = string(w)
	}
	return makeKey(name, says, schema.OneOf(words...), func(p *yamlParser, e pair, where string) {
		*into = word(p.oneOf(e.value, where, allowed))
	})
}

// keepKey is a switch that is written as a word: keep.
func keepKey(name string, into *bool, says string) key {
	words := []string{"keep"}
	return makeKey(name, says, schema.OneOf(words...), func(p *yamlParser, e pair, where string) {
		*into = p.oneOf(e.value, where, words) == "keep"
	})
}

func listKey(name string, into *[]string, says string) key {
	s := schema.List(schema.Text())
	s.Unique = true
	return makeKey(name, says, s, func(p *yamlParser, e pair, where string) { *into = p.list(e.value, where) })
}

func wholeKey(name string, into *int, low, high int, says string) key {
	return makeKey(name, says, schema.Whole(low, high), func(p *yamlParser, e pair, where string) {
		*into = p.integer(e.value, where, low, high)
	})
}

func truthKey(name string, into *bool, says string) key {
	return makeKey(name, says, schema.Truth(), func(p *yamlParser, e pair, where string) { *into = p.boolean(e.value, where) })
}

func groupKey(name string, inner keys, says string) key {
	return makeKey(name, says, inner.mapping(), func(p *yamlParser, e pair, where string) {
		p.mapping(e.value, where, where+".", inner)
	})
}
