//go:build duckdb_arrow

package warehouse

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a bare server may have no zone files
	"unicode/utf8"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/google/uuid"
)

// ResultColumn describes one column of a reader's result.
type ResultColumn struct {
	Name string `json:"name"`
	Type string `json:"type"` // DuckDB's name, e.g. DECIMAL(18,2)
}

// Rows is the result of a reader's statement, row by row.
type Rows struct {
	columns []ResultColumn
	infos   []duckdb.TypeInfo
	rows    driver.Rows
	values  []driver.Value
	zone    *time.Location
}

func newRows(ctx context.Context, stmt *duckdb.Stmt, names []string) (*Rows, error) {
	infos := make([]duckdb.TypeInfo, len(names))
	for i := range infos {
		info, err := stmt.ColumnTypeInfo(i)
		if err != nil {
			return nil, err
		}
		infos[i] = info
	}
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return nil, fmt.Errorf("time zone of timestamps: %w", err)
	}
	rows, err := stmt.QueryContext(ctx, nil)
	if err != nil {
		return nil, err
	}
	r := &Rows{infos: infos, rows: rows, values: make([]driver.Value, len(names)), zone: zone}
	typed, _ := rows.(driver.RowsColumnTypeDatabaseTypeName)
	for i, name := range names {
		c := ResultColumn{Name: name}
		if typed != nil {
			c.Type = typed.ColumnTypeDatabaseTypeName(i)
		}
		r.columns = append(r.columns, c)
	}
	return r, nil
}

func (r *Rows) close() { r.rows.Close() }

// Columns are the result's columns in order; names may repeat.
func (r *Rows) Columns() []ResultColumn { return r.columns }

// Next appends the next row to dst as one JSON array, and returns io.EOF after
// the last. Numbers are exact (DECIMAL and HUGEINT with all their digits),
// dates YYYY-MM-DD, timestamps ISO 8601 (with time zone: in Asia/Shanghai),
// lists arrays, structs and maps objects, blobs \x hex texts, NULL null; NaN
// and the infinities, which JSON has not, are texts. Numbers inside a JSON column
// are doubles: the driver has decoded them.
func (r *Rows) Next(dst []byte) ([]byte, error) {
	if err := r.rows.Next(r.values); err != nil {
		return dst, err
	}
	dst = append(dst, '[')
	for i, v := range r.values {
		if i > 0 {
			dst = append(dst, ',')
		}
		var err error
		if dst, err = r.appendJSON(dst, v, r.infos[i]); err != nil {
			return dst, fmt.Errorf("column %s: %w", r.columns[i].Name, err)
		}
	}
	return append(dst, ']'), nil
}

// appendJSON appends one value of a type; info tells what Go's value does not:
// whether a time is a date, and the order of a struct's fields.
func (r *Rows) appendJSON(dst []byte, v any, info duckdb.TypeInfo) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...), nil
	case bool:
		return strconv.AppendBool(dst, v), nil
	case string:
		return appendText(dst, v), nil
	case []byte:
		return appendBytes(dst, v, info), nil
	case float32:
		return appendFloat(dst, float64(v), 32), nil
	case float64:
		return appendFloat(dst, v, 64), nil
	case int8, int16, int32, int64, uint8, uint16, uint32, uint64:
		return fmt.Append(dst, v), nil
	case *big.Int:
		return v.Append(dst, 10), nil
	case duckdb.Decimal:
		return append(dst, decimalText(v)...), nil
	case time.Time:
		return appendText(dst, r.timeText(v, info.InternalType())), nil
	case duckdb.Interval:
		return appendText(dst, intervalText(v)), nil
	case duckdb.Union:
		return r.appendUnion(dst, v, info)
	case []any:
		return r.appendList(dst, v, info)
	case map[string]any:
		return r.appendStruct(dst, v, info)
	case duckdb.OrderedMap:
		return r.appendMap(dst, v, info)
	}
	// What is left are JSON columns, which the driver has decoded.
	text, err := json.Marshal(v)
	return append(dst, text...), err
}

func appendText(dst []byte, s string) []byte {
	if plainText(s) {
		return append(append(append(dst, '"'), s...), '"')
	}
	var out strings.Builder
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.Encode(s) // a string cannot fail
	return append(dst, strings.TrimSuffix(out.String(), "\n")...)
}

// plainText tells whether JSON takes s as it is, as it does almost every text.
func plainText(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] == '"' || s[i] == '\\' {
			return false
		}
	}
	return utf8.ValidString(s)
}

func appendBytes(dst []byte, b []byte, info duckdb.TypeInfo) []byte {
	if info.InternalType() == duckdb.TYPE_UUID && len(b) == 16 {
		return appendText(dst, uuid.UUID(b).String())
	}
	if info.InternalType() != duckdb.TYPE_BLOB && utf8.Valid(b) {
		return appendText(dst, string(b))
	}
	return fmt.Appendf(dst, `"\\x%x"`, b)
}

func appendFloat(dst []byte, f float64, bits int) []byte {
	switch {
	case math.IsNaN(f):
		return append(dst, `"NaN"`...)
	case math.IsInf(f, 0):
		return fmt.Appendf(dst, "%q", map[bool]string{true: "Infinity", false: "-Infinity"}[f > 0])
	case f == math.Trunc(f) && math.Abs(f) < 1e15:
		return strconv.AppendFloat(dst, f, 'f', 1, bits) // 3.0, as DuckDB prints a double
	}
	return strconv.AppendFloat(dst, f, 'g', -1, bits)
}

// decimalText is the number with all digits of its scale: 12.50, not 12.5.
func decimalText(d duckdb.Decimal) string {
	digits := new(big.Int).Abs(d.Value).String()
	scale := int(d.Scale)
	if len(digits) <= scale {
		digits = strings.Repeat("0", scale-len(digits)+1) + digits
	}
	if scale > 0 {
		digits = digits[:len(digits)-scale] + "." + digits[len(digits)-scale:]
	}
	if d.Value.Sign() < 0 {
		digits = "-" + digits
	}
	return digits
}

func (r *Rows) timeText(t time.Time, kind duckdb.Type) string {
	if s := infinity(t, kind); s != "" {
		return s
	}
	switch kind {
	case duckdb.TYPE_DATE:
		return t.Format(time.DateOnly)
	case duckdb.TYPE_TIME:
		return t.Format("15:04:05.999999")
	case duckdb.TYPE_TIME_TZ:
		return t.Format("15:04:05.999999Z07:00")
	case duckdb.TYPE_TIMESTAMP_TZ:
		return t.In(r.zone).Format("2006-01-02T15:04:05.999999Z07:00")
	}
	return t.Format("2006-01-02T15:04:05.999999999")
}

// infinity names DuckDB's two dates beyond all others, which the driver gives
// as the first and last its integers hold; "" for every other time.
func infinity(t time.Time, kind duckdb.Type) string {
	var n, last int64
	switch kind {
	case duckdb.TYPE_DATE:
		n, last = t.Unix()/(24*60*60), math.MaxInt32
	case duckdb.TYPE_TIMESTAMP, duckdb.TYPE_TIMESTAMP_TZ:
		n, last = t.UnixMicro(), math.MaxInt64
	default:
		return ""
	}
	switch n {
	case last:
		return "infinity"
	case -last:
		return "-infinity"
	}
	return ""
}

// intervalText is ISO 8601: P1Y2M3DT4H5M6.5S, each part with its own sign.
func intervalText(i duckdb.Interval) string {
	var date, clock strings.Builder
	part := func(b *strings.Builder, n int64, unit byte) {
		if n != 0 {
			fmt.Fprintf(b, "%d%c", n, unit)
		}
	}
	part(&date, int64(i.Months)/12, 'Y')
	part(&date, int64(i.Months)%12, 'M')
	part(&date, int64(i.Days), 'D')
	part(&clock, i.Micros/3_600_000_000, 'H')
	part(&clock, i.Micros%3_600_000_000/60_000_000, 'M')
	if rest := i.Micros % 60_000_000; rest != 0 {
		d := duckdb.Decimal{Scale: 6, Value: big.NewInt(rest)}
		clock.WriteString(strings.TrimRight(strings.TrimRight(decimalText(d), "0"), ".") + "S")
	}
	switch {
	case clock.Len() > 0:
		return "P" + date.String() + "T" + clock.String()
	case date.Len() > 0:
		return "P" + date.String()
	}
	return "PT0S"
}

func (r *Rows) appendList(dst []byte, list []any, info duckdb.TypeInfo) ([]byte, error) {
	child := info
	switch d := info.Details().(type) {
	case *duckdb.ListDetails:
		child = d.Child
	case *duckdb.ArrayDetails:
		child = d.Child
	}
	dst = append(dst, '[')
	for i, v := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		var err error
		if dst, err = r.appendJSON(dst, v, child); err != nil {
			return dst, err
		}
	}
	return append(dst, ']'), nil
}

func (r *Rows) appendStruct(dst []byte, fields map[string]any, info duckdb.TypeInfo) ([]byte, error) {
	d, ok := info.Details().(*duckdb.StructDetails)
	if !ok { // a decoded JSON object
		text, err := json.Marshal(fields)
		return append(dst, text...), err
	}
	dst = append(dst, '{')
	for i, field := range d.Entries {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendText(dst, field.Name()), ':')
		var err error
		if dst, err = r.appendJSON(dst, fields[field.Name()], field.Info()); err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}

// appendMap writes a map as an object; a key that is no text becomes its JSON.
func (r *Rows) appendMap(dst []byte, m duckdb.OrderedMap, info duckdb.TypeInfo) ([]byte, error) {
	d, ok := info.Details().(*duckdb.MapDetails)
	if !ok {
		return dst, errors.New("a map without its type")
	}
	values := m.Values()
	dst = append(dst, '{')
	for i, key := range m.Keys() {
		if i > 0 {
			dst = append(dst, ',')
		}
		text, err := r.appendJSON(nil, key, d.Key)
		if err != nil {
			return dst, err
		}
		if len(text) > 0 && text[0] != '"' {
			text = appendText(nil, string(text))
		}
		dst = append(append(dst, text...), ':')
		if dst, err = r.appendJSON(dst, values[i], d.Value); err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}

func (r *Rows) appendUnion(dst []byte, u duckdb.Union, info duckdb.TypeInfo) ([]byte, error) {
	if d, ok := info.Details().(*duckdb.UnionDetails); ok {
		for _, m := range d.Members {
			if m.Name == u.Tag {
				return r.appendJSON(dst, u.Value, m.Type)
			}
		}
	}
	return dst, fmt.Errorf("union member %q without its type", u.Tag)
}
