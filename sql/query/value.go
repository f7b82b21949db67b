package query

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a bare server may have no zone files
	"unicode/utf8"

	"citykpi/pipeline/duck"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// shanghai is the zone of timestamps that have one.
var shanghai = func() *time.Location {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		panic(err) // the zones are part of the program
	}
	return zone
}()

// maxCellText bounds the text of one cell. A cell's bytes are bounded by its
// message's, and become at most so much text.
const maxCellText = 16 * maxRowBytes

// appendJSON appends cell i of a column as JSON. Numbers are exact (DECIMAL and
// HUGEINT with all their digits), dates YYYY-MM-DD, timestamps ISO 8601 (with
// time zone: in Asia/Shanghai), intervals P1Y2M3DT4H5M6.5S, lists arrays,
// structs and maps objects, JSON itself, blobs \x hex texts, NULL null; NaN and
// the infinities, which JSON has not, are texts. kind is what DuckDB calls the
// type; a value that does not fit it is printed as the text it is.
func appendJSON(dst []byte, a arrow.Array, kind duck.Type, i int) ([]byte, error) {
	if a.IsNull(i) {
		return append(dst, "null"...), nil
	}
	switch a := a.(type) {
	case *array.List:
		from, to := a.ValueOffsets(i)
		return appendList(dst, a.ListValues(), kind, from, to)
	case *array.FixedSizeList:
		from, to := a.ValueOffsets(i)
		return appendList(dst, a.ListValues(), kind, from, to)
	case *array.Map:
		return appendMap(dst, a, kind, i)
	case *array.Struct:
		return appendStruct(dst, a, kind, i)
	}
	text, err := scalar(a, kind, i)
	switch {
	case err != nil:
		return dst, err
	case bare(a, kind, text):
		return append(dst, text...), nil
	case kind.Name == "JSON" && json.Valid([]byte(text)):
		out := bytes.NewBuffer(dst)
		err := json.Compact(out, []byte(text))
		return out.Bytes(), err
	}
	return appendText(dst, text), nil
}

// cellText is cell i as people read it: of texts themselves, of nested values JSON.
func cellText(a arrow.Array, kind duck.Type, i int) (string, error) {
	switch a.(type) {
	case *array.List, *array.FixedSizeList, *array.Map, *array.Struct:
		text, err := appendJSON(nil, a, kind, i)
		return string(text), err
	}
	return scalar(a, kind, i)
}

var number = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

// bare tells whether JSON takes a scalar's text as it is.
func bare(a arrow.Array, kind duck.Type, text string) bool {
	switch a.(type) {
	case *array.Boolean:
		return true
	case *array.String:
		return (kind.Name == "UHUGEINT" || kind.Name == "BIGNUM") && number.MatchString(text)
	case *array.Int8, *array.Int16, *array.Int32, *array.Int64, *array.Uint8, *array.Uint16, *array.Uint32, *array.Uint64,
		*array.Decimal128, *array.Decimal32, *array.Decimal64:
		return true
	case *array.Float32, *array.Float64:
		return number.MatchString(text)
	}
	return false
}

// scalar is the text of a cell that is not nested.
func scalar(a arrow.Array, kind duck.Type, i int) (string, error) {
	switch a := a.(type) {
	case *array.Null:
		return "", nil
	case *array.Boolean:
		return strconv.FormatBool(a.Value(i)), nil
	case *array.Int8:
		return strconv.FormatInt(int64(a.Value(i)), 10), nil
	case *array.Int16:
		return strconv.FormatInt(int64(a.Value(i)), 10), nil
	case *array.Int32:
		return strconv.FormatInt(int64(a.Value(i)), 10), nil
	case *array.Int64:
		return strconv.FormatInt(a.Value(i), 10), nil
	case *array.Uint8:
		return strconv.FormatUint(uint64(a.Value(i)), 10), nil
	case *array.Uint16:
		return strconv.FormatUint(uint64(a.Value(i)), 10), nil
	case *array.Uint32:
		return strconv.FormatUint(uint64(a.Value(i)), 10), nil
	case *array.Uint64:
		return strconv.FormatUint(a.Value(i), 10), nil
	case *array.Float32:
		return floatText(float64(a.Value(i)), 32), nil
	case *array.Float64:
		return floatText(a.Value(i), 64), nil
	case *array.Decimal128:
		scale := a.DataType().(*arrow.Decimal128Type).Scale
		return decimalText(a.Value(i).BigInt(), int(scale)), nil
	case *array.Date32:
		return dateText(int64(a.Value(i))), nil
	case *array.Time64:
		unit := a.DataType().(*arrow.Time64Type).Unit
		return timeText(int64(a.Value(i)), unit), nil
	case *array.Timestamp:
		return timestampText(int64(a.Value(i)), a.DataType().(*arrow.TimestampType)), nil
	case *array.Binary:
		return fmt.Sprintf(`\x%x`, a.Value(i)), nil
	case *array.String:
		if kind.Name == "INTERVAL" {
			return intervalText(a.Value(i)), nil
		}
		return a.Value(i), nil
	}
	return "", fmt.Errorf("query: a column of type %s is not printed. Try: cast(… as varchar)", a.DataType())
}

func appendText(dst []byte, s string) []byte {
	if plainText(s) {
		return append(append(append(dst, '"'), s...), '"')
	}
	dst = append(dst, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '\n':
			dst = append(dst, `\n`...)
		case r == '\t':
			dst = append(dst, `\t`...)
		case r == '\r':
			dst = append(dst, `\r`...)
		case drives(r):
			dst = fmt.Appendf(dst, `\u%04x`, r)
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return append(dst, '"')
}

// plainText tells whether JSON takes s as it is, as it does almost every text.
func plainText(s string) bool {
	for i := range len(s) {
		// 0xc2 begins the second row of control characters, 0xd8 and 0xe2 the signs of direction.
		if c := s[i]; c < 0x20 || c == '"' || c == '\\' || c == 0x7f || c == 0xc2 || c == 0xd8 || c == 0xe2 {
			return false
		}
	}
	return utf8.ValidString(s)
}

func floatText(f float64, bits int) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == math.Trunc(f) && math.Abs(f) < 1e15:
		return strconv.FormatFloat(f, 'f', 1, bits) // 3.0, as DuckDB prints a double
	}
	return strconv.FormatFloat(f, 'g', -1, bits)
}

// decimalText is the number with all digits of its scale: 12.50, not 12.5.
func decimalText(n *big.Int, scale int) string {
	digits := new(big.Int).Abs(n).String()
	if len(digits) <= scale {
		digits = strings.Repeat("0", scale-len(digits)+1) + digits
	}
	if scale > 0 {
		digits = digits[:len(digits)-scale] + "." + digits[len(digits)-scale:]
	}
	if n.Sign() < 0 {
		digits = "-" + digits
	}
	return digits
}

// infinity names DuckDB's two days and moments beyond all others, which are the
// first and last its integers hold; "" is every other.
func infinity(n, last int64) string {
	switch n {
	case last:
		return "infinity"
	case -last:
		return "-infinity"
	}
	return ""
}

func dateText(days int64) string {
	if s := infinity(days, math.MaxInt32); s != "" {
		return s
	}
	return time.Unix(days*24*60*60, 0).UTC().Format(time.DateOnly)
}

func timeText(n int64, unit arrow.TimeUnit) string {
	clock := "15:04:05.999999"
	if unit == arrow.Nanosecond {
		clock = "15:04:05.999999999"
	}
	whole := time.Unix(0, 0).UTC().Add(time.Duration(n) * unit.Multiplier())
	if whole.Day() == 2 && whole.Equal(time.Unix(24*60*60, 0)) {
		return "24:00:00" // the end of a day, which DuckDB knows
	}
	return whole.Format(clock)
}

func timestampText(n int64, t *arrow.TimestampType) string {
	if s := infinity(n, math.MaxInt64); s != "" {
		return s
	}
	per := int64(time.Second / t.Unit.Multiplier())
	at := time.Unix(floor(n, per), (n-floor(n, per)*per)*int64(t.Unit.Multiplier()))
	if t.TimeZone != "" {
		return at.In(shanghai).Format("2006-01-02T15:04:05.999999Z07:00")
	}
	return at.UTC().Format("2006-01-02T15:04:05.999999999")
}

func floor(n, per int64) int64 {
	q := n / per
	if n%per < 0 {
		q--
	}
	return q
}

var (
	intervalPart  = regexp.MustCompile(`^(-?\d+) (year|month|day)s?(?: |$)`)
	intervalClock = regexp.MustCompile(`^(-?)(\d+):(\d\d):(\d\d)(\.\d+)?$`)
)

// intervalText is ISO 8601, P1Y2M3DT4H5M6.5S, each part with its own sign, from
// DuckDB's 1 year 2 months 3 days 04:05:06.5. What is no such text stays as it is.
func intervalText(text string) string {
	date, rest := "", text
	for {
		m := intervalPart.FindStringSubmatch(rest)
		if m == nil {
			break
		}
		date += m[1] + strings.ToUpper(m[2][:1])
		rest = rest[len(m[0]):]
	}
	clock := ""
	if rest != "" {
		m := intervalClock.FindStringSubmatch(rest)
		if m == nil {
			return text
		}
		for i, unit := range "HM" {
			if digits := strings.TrimLeft(m[2+i], "0"); digits != "" {
				clock += m[1] + digits + string(unit)
			}
		}
		seconds := strings.TrimLeft(m[4], "0")
		fraction := strings.TrimRight(strings.TrimRight(m[5], "0"), ".")
		if seconds+fraction != "" {
			if seconds == "" {
				seconds = "0"
			}
			clock += m[1] + seconds + fraction + "S"
		}
	}
	switch {
	case clock != "":
		return "P" + date + "T" + clock
	case date != "":
		return "P" + date
	}
	return "PT0S"
}

func kindOf(kind duck.Type, i int) duck.Type {
	if i < len(kind.Of) {
		return kind.Of[i]
	}
	return duck.Type{}
}

func appendList(dst []byte, values arrow.Array, kind duck.Type, from, to int64) ([]byte, error) {
	dst = append(dst, '[')
	for i := from; i < to; i++ {
		if len(dst) > maxCellText {
			return dst, errLying
		}
		if i > from {
			dst = append(dst, ',')
		}
		var err error
		if dst, err = appendJSON(dst, values, kindOf(kind, 0), int(i)); err != nil {
			return dst, err
		}
	}
	return append(dst, ']'), nil
}

func appendStruct(dst []byte, a *array.Struct, kind duck.Type, i int) ([]byte, error) {
	fields := a.DataType().(*arrow.StructType).Fields()
	dst = append(dst, '{')
	for f := range fields {
		if f > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendText(dst, fields[f].Name), ':')
		var err error
		if dst, err = appendJSON(dst, a.Field(f), kindOf(kind, f), i); err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}

// appendMap writes a map as an object; a key that is no text becomes its JSON.
func appendMap(dst []byte, a *array.Map, kind duck.Type, i int) ([]byte, error) {
	from, to := a.ValueOffsets(i)
	if to < from {
		return dst, errors.New("query: a map that ends before it begins")
	}
	dst = append(dst, '{')
	for k := from; k < to; k++ {
		if k > from {
			dst = append(dst, ',')
		}
		key, err := cellText(a.Keys(), kindOf(kind, 0), int(k))
		if err != nil {
			return dst, err
		}
		dst = append(appendText(dst, key), ':')
		if dst, err = appendJSON(dst, a.Items(), kindOf(kind, 1), int(k)); err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}
