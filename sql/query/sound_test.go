package query

import (
	"encoding/binary"
	"errors"
	"testing"

	flatbuffers "github.com/google/flatbuffers/go"
)

// schemaMessage is a schema's message whose fields are what write leaves behind.
func schemaMessage(write func(b *flatbuffers.Builder) (fields flatbuffers.UOffsetT)) []byte {
	b := flatbuffers.NewBuilder(0)
	fields := write(b)
	b.StartObject(4)
	b.PrependUOffsetTSlot(1, fields, 0)
	schema := b.EndObject()
	b.StartObject(5)
	b.PrependByteSlot(1, headerSchema, 0)
	b.PrependUOffsetTSlot(2, schema, 0)
	b.Finish(b.EndObject())
	return b.FinishedBytes()
}

// references is a vector of so many references to the same table.
func references(b *flatbuffers.Builder, of flatbuffers.UOffsetT, times int) flatbuffers.UOffsetT {
	b.StartVector(4, times, 4)
	for range times {
		b.PrependUOffsetT(of)
	}
	return b.EndVector(times)
}

func structField(b *flatbuffers.Builder, children flatbuffers.UOffsetT) flatbuffers.UOffsetT {
	b.StartObject(7)
	b.PrependByteSlot(2, 13, 0)
	if children != 0 {
		b.PrependUOffsetTSlot(5, children, 0)
	}
	return b.EndObject()
}

// What a few bytes may not ask for: more fields than there are bytes, one field a million
// times, a doubling at each of sixty levels, a field that is its own child.
func TestUnsoundSchemas(t *testing.T) {
	one := schemaMessage(func(b *flatbuffers.Builder) flatbuffers.UOffsetT { return references(b, structField(b, 0), 1) })
	if _, err := sound(one); err != nil {
		t.Fatalf("a schema of one field: %v", err)
	}
	beyond := schemaMessage(func(b *flatbuffers.Builder) flatbuffers.UOffsetT {
		b.StartVector(4, 0, 4)
		return b.EndVector(1 << 30)
	})
	again := schemaMessage(func(b *flatbuffers.Builder) flatbuffers.UOffsetT { return references(b, structField(b, 0), 1<<20) })
	doubling := schemaMessage(func(b *flatbuffers.Builder) flatbuffers.UOffsetT {
		field := structField(b, 0)
		for range 60 {
			field = structField(b, references(b, field, 2))
		}
		return references(b, field, 1)
	})
	itself := schemaMessage(func(b *flatbuffers.Builder) flatbuffers.UOffsetT {
		return references(b, structField(b, references(b, structField(b, 0), 1)), 1)
	})
	message := table{flatbuffers.Table{Bytes: itself, Pos: flatbuffers.GetUOffsetT(itself)}}
	message.child(msgHeader).each(schemaFields, func(field table) bool {
		start, _, _ := field.vector(fieldChildren, 4)
		binary.LittleEndian.PutUint32(itself[start:], uint32(field.Pos-start)) // an offset that goes back, as one that wraps
		return true
	})
	for name, description := range map[string][]byte{"beyond": beyond, "again": again, "doubling": doubling, "itself": itself} {
		if _, err := sound(description); !errors.Is(err, errLying) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
