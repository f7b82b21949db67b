package warehouse

import "strings"

// Ident quotes an identifier. Identifiers are the only thing SQL is ever built from.
func Ident(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// Literal quotes a text, for the places where DuckDB takes no parameter.
func Literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
