//go:build duckdb_arrow

package duck

import (
	"fmt"
	"strings"

	duckdb "github.com/duckdb/duckdb-go-bindings"
)

// Type is a DuckDB type as a tree.
type Type struct {
	Name   string   `json:"name"`             // HUGEINT, DECIMAL(18,2), JSON, LIST, STRUCT …
	Of     []Type   `json:"of,omitempty"`     // of a LIST or ARRAY its element, of a MAP key and value, of a STRUCT its fields
	Fields []string `json:"fields,omitempty"` // names of a STRUCT's fields
	Size   int      `json:"size,omitempty"`   // of an ARRAY
}

// sent are the types whose values DuckDB's Arrow export keeps, with the names SQL gives them.
var sent = map[duckdb.Type]string{
	duckdb.TypeBoolean: "BOOLEAN", duckdb.TypeTinyInt: "TINYINT", duckdb.TypeSmallInt: "SMALLINT",
	duckdb.TypeInteger: "INTEGER", duckdb.TypeBigInt: "BIGINT", duckdb.TypeUTinyInt: "UTINYINT",
	duckdb.TypeUSmallInt: "USMALLINT", duckdb.TypeUInteger: "UINTEGER", duckdb.TypeUBigInt: "UBIGINT",
	duckdb.TypeFloat: "FLOAT", duckdb.TypeDouble: "DOUBLE", duckdb.TypeHugeInt: "HUGEINT",
	duckdb.TypeDate: "DATE", duckdb.TypeTime: "TIME", duckdb.TypeTimeNS: "TIME_NS",
	duckdb.TypeTimestamp: "TIMESTAMP", duckdb.TypeTimestampS: "TIMESTAMP_S", duckdb.TypeTimestampMS: "TIMESTAMP_MS",
	duckdb.TypeTimestampNS: "TIMESTAMP_NS", duckdb.TypeTimestampTZ: "TIMESTAMPTZ",
	duckdb.TypeVarchar: "VARCHAR", duckdb.TypeBlob: "BLOB", duckdb.TypeUUID: "UUID", duckdb.TypeSQLNull: "NULL",
}

// asText are those it would change or cannot send: an UHUGEINT comes out
// negative, an INTERVAL of 300 years in hours overflows, a TIMETZ loses its
// zone. They are sent as DuckDB's own text; so is every type not named here.
var asText = map[duckdb.Type]string{
	duckdb.TypeUHugeInt: "UHUGEINT", duckdb.TypeBigNum: "BIGNUM", duckdb.TypeInterval: "INTERVAL",
	duckdb.TypeTimeTZ: "TIMETZ", duckdb.TypeBit: "BIT", duckdb.TypeEnum: "ENUM", duckdb.TypeUnion: "UNION",
	duckdb.TypeGeometry: "GEOMETRY", duckdb.TypeVariant: "VARIANT",
}

func typeOf(t duckdb.LogicalType) Type {
	id := duckdb.GetTypeId(t)
	switch id {
	case duckdb.TypeDecimal:
		return Type{Name: fmt.Sprintf("DECIMAL(%d,%d)", duckdb.DecimalWidth(t), duckdb.DecimalScale(t))}
	case duckdb.TypeList:
		return Type{Name: "LIST", Of: []Type{taken(duckdb.ListTypeChildType(t))}}
	case duckdb.TypeArray:
		return Type{Name: "ARRAY", Of: []Type{taken(duckdb.ArrayTypeChildType(t))}, Size: int(duckdb.ArrayTypeArraySize(t))}
	case duckdb.TypeMap:
		return Type{Name: "MAP", Of: []Type{taken(duckdb.MapTypeKeyType(t)), taken(duckdb.MapTypeValueType(t))}}
	case duckdb.TypeStruct:
		s := Type{Name: "STRUCT"}
		for i := range duckdb.StructTypeChildCount(t) {
			s.Fields = append(s.Fields, duckdb.StructTypeChildName(t, i))
			s.Of = append(s.Of, taken(duckdb.StructTypeChildType(t, i)))
		}
		return s
	case duckdb.TypeVarchar:
		if alias := duckdb.LogicalTypeGetAlias(t); alias == "JSON" {
			return Type{Name: alias}
		}
	}
	if name, ok := sent[id]; ok {
		return Type{Name: name}
	}
	if name, ok := asText[id]; ok {
		return Type{Name: name}
	}
	return Type{Name: fmt.Sprintf("TYPE_%d", id)}
}

func taken(t duckdb.LogicalType) Type {
	defer duckdb.DestroyLogicalType(&t)
	return typeOf(t)
}

var sentNames = func() map[string]bool {
	names := map[string]bool{"JSON": true}
	for _, n := range sent {
		names[n] = true
	}
	return names
}()

// SentAs is the type to cast a column to before it can be sent, "" when it can be sent as it is.
func (t Type) SentAs() string {
	if sql, whole := t.sql(); !whole {
		return sql
	}
	return ""
}

// sql spells the type as it is sent, and tells whether that is the type itself.
func (t Type) sql() (text string, whole bool) {
	var of []string
	whole = true
	for _, c := range t.Of {
		s, same := c.sql()
		of, whole = append(of, s), whole && same
	}
	switch t.Name {
	case "LIST":
		return of[0] + "[]", whole
	case "ARRAY":
		return fmt.Sprintf("%s[%d]", of[0], t.Size), whole
	case "MAP":
		return "MAP(" + of[0] + ", " + of[1] + ")", whole
	case "STRUCT":
		for i, name := range t.Fields {
			if name == "" && !whole { // row(…): SQL has no name for such a type
				return "VARCHAR", false
			}
			of[i] = Ident(name) + " " + of[i]
		}
		return "STRUCT(" + strings.Join(of, ", ") + ")", whole
	case "JSON":
		return "VARCHAR", true
	case "NULL":
		return "INTEGER", true
	}
	if sentNames[t.Name] || strings.HasPrefix(t.Name, "DECIMAL(") {
		return t.Name, true
	}
	return "VARCHAR", false
}
