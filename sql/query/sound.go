package query

import flatbuffers "github.com/google/flatbuffers/go"

// The fields of Arrow's Message, Schema, Field, KeyValue and RecordBatch that are looked at here,
// by their places in a flatbuffers table (format/Message.fbs and Schema.fbs of Apache Arrow).
const (
	msgType, msgHeader, msgBody, msgMetadata          = 6, 8, 10, 12
	schemaEndianness, schemaFields, schemaMetadata    = 4, 6, 8
	fieldName, fieldType, fieldDict                   = 4, 8, 12
	fieldChildren, fieldMetadata                      = 14, 16
	batchRows, batchNodes, batchBuffers, batchPacking = 4, 6, 8, 10
)

const (
	headerSchema, headerBatch = 1, 3
	typeUnion, typeMap        = 14, 17 // of the types up to map a result has all but unions
	maxNested                 = 64
	fieldBytes                = 32      // the least that a field takes
	manyNulls                 = 1 << 24 // elements that take no room in a body
)

// sound is a message's body length in bytes. It refuses a description that no child of ours
// writes: the Arrow reader makes room for whatever count stands in it and follows its references,
// so that a few bytes could ask for all memory, or lead into themselves. A description that is
// too short for what it says panics, which receive takes for a lie.
func sound(description []byte) (body int64, err error) {
	message := table{flatbuffers.Table{Bytes: description, Pos: flatbuffers.GetUOffsetT(description)}}
	body = message.number(msgBody)
	if body < 0 || body > maxBodyBytes || message.has(msgMetadata) || !message.has(msgHeader) {
		return 0, errLying
	}
	header := message.child(msgHeader)
	switch left := len(description); message.kind(msgType) {
	case headerSchema:
		if !header.soundSchema(&left) {
			return 0, errLying
		}
	case headerBatch:
		if !header.soundBatch(body) {
			return 0, errLying
		}
	default:
		return 0, errLying
	}
	return body, nil
}

// table is one flatbuffers table.
type table struct{ flatbuffers.Table }

func (t table) at(field flatbuffers.VOffsetT) flatbuffers.UOffsetT {
	return flatbuffers.UOffsetT(t.Offset(field))
}

func (t table) has(field flatbuffers.VOffsetT) bool { return t.at(field) != 0 }

func (t table) number(field flatbuffers.VOffsetT) int64 {
	return t.GetInt64Slot(field, 0)
}

func (t table) kind(field flatbuffers.VOffsetT) byte { return t.GetByteSlot(field, 0) }

func (t table) text(field flatbuffers.VOffsetT) int {
	if at := t.at(field); at != 0 {
		return len(t.ByteVector(t.Pos + at))
	}
	return 0
}

func (t table) child(field flatbuffers.VOffsetT) table {
	return table{flatbuffers.Table{Bytes: t.Bytes, Pos: t.Indirect(t.Pos + t.at(field))}}
}

// vector is where a list of elements of so many bytes begins, and how many there are; ok if they are there.
func (t table) vector(field flatbuffers.VOffsetT, size int) (start flatbuffers.UOffsetT, n int, ok bool) {
	at := t.at(field)
	if at == 0 {
		return 0, 0, true
	}
	start, n = t.Vector(at), t.VectorLen(at)
	return start, n, n <= len(t.Bytes)/size && int(start)+n*size <= len(t.Bytes)
}

// each calls f for the tables of a list, as long as it says true.
func (t table) each(field flatbuffers.VOffsetT, f func(table) bool) bool {
	start, n, ok := t.vector(field, 4)
	for i := 0; ok && i < n; i++ {
		ok = f(table{flatbuffers.Table{Bytes: t.Bytes, Pos: t.Indirect(start + flatbuffers.UOffsetT(4*i))}})
	}
	return ok
}

// soundSchema spends the description's bytes on what stands in it: a tree that is one never needs
// more than there are, and one that refers to a part of it again and again soon does.
func (t table) soundSchema(left *int) bool {
	return t.GetInt16Slot(schemaEndianness, 0) == 0 && t.soundMetadata(schemaMetadata, left) &&
		t.each(schemaFields, func(field table) bool { return field.soundField(left, maxNested) })
}

func (t table) soundField(left *int, depth int) bool {
	*left -= fieldBytes + t.text(fieldName)
	kind := t.kind(fieldType)
	return *left >= 0 && depth > 0 && kind <= typeMap && kind != typeUnion && !t.has(fieldDict) &&
		t.soundMetadata(fieldMetadata, left) &&
		t.each(fieldChildren, func(child table) bool { return child.soundField(left, depth-1) })
}

func (t table) soundMetadata(field flatbuffers.VOffsetT, left *int) bool {
	return t.each(field, func(pair table) bool {
		*left -= 8 + pair.text(4) + pair.text(6)
		return *left >= 0
	})
}

// soundBatch refuses counts that the body has no room for, and packed bodies.
func (t table) soundBatch(body int64) bool {
	most := 8*body + manyNulls
	start, n, ok := t.vector(batchNodes, 16)
	_, _, buffers := t.vector(batchBuffers, 16)
	if rows := t.number(batchRows); !ok || !buffers || t.has(batchPacking) || rows < 0 || rows > most {
		return false
	}
	for i := range n {
		if length := t.GetInt64(start + flatbuffers.UOffsetT(16*i)); length < 0 || length > most {
			return false
		}
	}
	return true
}
