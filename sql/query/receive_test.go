package query

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// honest is what a child writes that has one row of two texts.
func honest(t testing.TB) []byte {
	t.Helper()
	rec, _ := texts("one", "two")
	out := bytes.NewBuffer([]byte{rows})
	w := ipc.NewWriter(out, ipc.WithSchema(rec.Schema()))
	if err := errors.Join(w.Write(rec), w.Close()); err != nil {
		t.Fatal(err)
	}
	return append(out.Bytes(), `E{"rows":1}`...)
}

func receiveAs(f Format, said []byte, maxRows int) (string, ending, error) {
	var out bytes.Buffer
	p, err := newPrinter(f, &out)
	if err != nil {
		return "", ending{}, err
	}
	last, err := receive(bytes.NewReader(said), p, maxRows)
	return out.String(), last, err
}

// A child that lies, stops or repeats itself is an error and nothing worse.
func TestLyingChild(t *testing.T) {
	whole := honest(t)
	if out, last, err := receiveAs(CSV, whole, 0); err != nil || last.Rows != 1 || out != "a,b\r\none,two\r\n" {
		t.Fatalf("%q, %+v, %v", out, last, err)
	}
	for n := range whole {
		if _, _, err := receiveAs(CSV, whole[:n], 0); err == nil {
			t.Errorf("cut after %d bytes it is taken for whole", n)
		}
	}
	for _, prefix := range [][]byte{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}, {0xff, 0xff, 0xff, 0xff, 0, 0, 0, 2},
		bytes.Repeat([]byte{1}, 64)} {
		if _, _, err := receiveAs(CSV, append([]byte{rows}, prefix...), 0); err == nil {
			t.Errorf("%x is taken for a message", prefix)
		}
	}
	if _, _, err := receiveAs(CSV, whole, -1); err != nil {
		t.Errorf("no limit: %v", err)
	}
	twice := honest(t)
	if _, _, err := receiveAs(CSV, append(twice[:len(twice)-len(`E{"rows":1}`)], honest(t)...), 0); !errors.Is(err, errLying) {
		t.Errorf("rows twice: %v", err)
	}
	if _, _, err := receiveAs(CSV, []byte("E"+strings.Repeat("x", 3*maxWordBytes)), 0); err == nil {
		t.Error("a last word without end is read")
	}
}

// More rows than were asked for are a lie; a list of endless nothing ends.
func TestEndlessChild(t *testing.T) {
	out := bytes.NewBuffer([]byte{rows})
	nothing := array.NewNull(1 << 40)
	schema := arrow.NewSchema([]arrow.Field{{Name: "a", Type: arrow.Null, Nullable: true}}, nil)
	rec := array.NewRecordBatch(schema, []arrow.Array{nothing}, 1<<40)
	w := ipc.NewWriter(out, ipc.WithSchema(schema))
	if err := errors.Join(w.Write(rec), w.Close()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := receiveAs(CSV, out.Bytes(), 1000); !errors.Is(err, errLying) {
		t.Errorf("2^40 rows: %v", err)
	}
	if _, last, err := receiveAs(Table, append(out.Bytes(), `E{}`...), MaxTableRows); err == nil && !last.Truncated {
		t.Errorf("2^40 rows in a table: %+v", last)
	}
}

// FuzzReceive: whatever a child writes, every format ends in rows or an error.
func FuzzReceive(f *testing.F) {
	f.Add(honest(f))
	f.Add([]byte(`E{"failure":"sql","text":"x"}`))
	f.Add([]byte{rows, 0xff, 0xff, 0xff, 0xff, 8, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8})
	f.Fuzz(func(t *testing.T, said []byte) {
		for _, format := range Formats {
			receiveAs(format, said, 100)
		}
	})
}

// A message may not say that it is longer than one of ours can be.
func TestGuardBoundsMessages(t *testing.T) {
	whole := honest(t)[1:]
	size := binary.LittleEndian.Uint32(whole[4:])
	second := whole[8+size:] // the batch
	body, err := sound(second[8:])
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(second[8:], []byte{byte(body), 0, 0, 0, 0, 0, 0, 0})
	if at < 0 {
		t.Fatal("no body length is seen")
	}
	binary.LittleEndian.PutUint64(second[8+at:], 1<<40)
	if _, err := io.ReadAll(&guard{in: bytes.NewReader(whole)}); !errors.Is(err, errLying) {
		t.Errorf("a body of a terabyte: %v", err)
	}
}

// One long cell among short ones costs its own length, and is cut in a table.
func TestTableCutsCells(t *testing.T) {
	b := array.NewStringBuilder(memory.DefaultAllocator)
	b.Append(strings.Repeat("宽", 1<<20))
	for range 999 {
		b.Append("a")
	}
	schema := arrow.NewSchema([]arrow.Field{{Name: "a", Type: arrow.BinaryTypes.String}}, nil)
	rec := array.NewRecordBatch(schema, []arrow.Array{b.NewArray()}, 1000)
	var out bytes.Buffer
	p, err := newPrinter(Table, &out)
	if err != nil {
		t.Fatal(err)
	}
	if err := print1(p, rec, []column{{Name: "a"}}); err != nil {
		t.Fatal(err)
	}
	if out.Len() > 1<<20 || !strings.Contains(out.String(), "宽…") {
		t.Errorf("%d bytes, cut: %v", out.Len(), strings.Contains(out.String(), "宽…"))
	}
}
