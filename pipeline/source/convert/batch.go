package convert

import (
	"encoding/binary"
	"math/bits"
	"sync"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// vector is a column of a batch under construction. Unlike Arrow's builders it
// can take back its last row, which a rejected row needs.
type vector struct {
	mem   memory.Allocator
	width int // bytes of a value; 0: text of any length
	valid []byte
	nulls int
	data  []byte
	used  int    // bytes of data in use, texts only
	off   []byte // int32 ends of the texts
}

// start makes room for rows rows, and for as much text as the batch before had, whose buffers
// now belong to it.
func (v *vector) start(rows int) {
	v.valid, v.nulls = v.mem.Allocate((rows+7)/8), 0
	if v.width > 0 {
		v.data = v.mem.Allocate(rows * v.width)
		return
	}
	v.off = v.mem.Allocate((rows + 1) * 4)
	binary.LittleEndian.PutUint32(v.off, 0)
	text := v.mem.Allocate(max(rows*16+256, v.used))
	v.data, v.used = text[:cap(text)], 0
}

func (v *vector) setNull(n int) {
	v.valid[n>>3] &^= 1 << (n & 7)
	v.nulls++
	switch v.width {
	case 0:
		binary.LittleEndian.PutUint32(v.off[(n+1)*4:], uint32(v.used))
	case 2:
		binary.LittleEndian.PutUint16(v.data[n*2:], 0)
	case 4:
		binary.LittleEndian.PutUint32(v.data[n*4:], 0)
	case 8:
		binary.LittleEndian.PutUint64(v.data[n*8:], 0)
	case 16:
		v.setInt128(n, 0)
		v.valid[n>>3] &^= 1 << (n & 7)
	}
}

func (v *vector) setText(n int, b []byte) {
	if v.used+len(b) > len(v.data) {
		v.data = v.mem.Reallocate(max(2*len(v.data), v.used+len(b)), v.data)
	}
	v.used += copy(v.data[v.used:], b)
	binary.LittleEndian.PutUint32(v.off[(n+1)*4:], uint32(v.used))
	v.valid[n>>3] |= 1 << (n & 7)
}

func (v *vector) setInt16(n int, x int16) {
	binary.LittleEndian.PutUint16(v.data[n*2:], uint16(x))
	v.valid[n>>3] |= 1 << (n & 7)
}

func (v *vector) setInt32(n int, x int32) {
	binary.LittleEndian.PutUint32(v.data[n*4:], uint32(x))
	v.valid[n>>3] |= 1 << (n & 7)
}

func (v *vector) setInt64(n int, x int64) {
	binary.LittleEndian.PutUint64(v.data[n*8:], uint64(x))
	v.valid[n>>3] |= 1 << (n & 7)
}

func (v *vector) setInt128(n int, x int64) {
	binary.LittleEndian.PutUint64(v.data[n*16:], uint64(x))
	binary.LittleEndian.PutUint64(v.data[n*16+8:], uint64(x>>63))
	v.valid[n>>3] |= 1 << (n & 7)
}

func (v *vector) isNull(n int) bool { return v.valid[n>>3]&(1<<(n&7)) == 0 }

// number is the value at n of a column that is not text.
func (v *vector) number(n int) int64 {
	switch v.width {
	case 2:
		return int64(int16(binary.LittleEndian.Uint16(v.data[n*2:])))
	case 4:
		return int64(int32(binary.LittleEndian.Uint32(v.data[n*4:])))
	case 8:
		return int64(binary.LittleEndian.Uint64(v.data[n*8:]))
	}
	return int64(binary.LittleEndian.Uint64(v.data[n*16:]))
}

// text is the value at n of a text column.
func (v *vector) text(n int) []byte {
	return v.data[binary.LittleEndian.Uint32(v.off[n*4:]):binary.LittleEndian.Uint32(v.off[n*4+4:])]
}

// takeBack forgets row n, the last one.
func (v *vector) takeBack(n int) {
	if v.isNull(n) {
		v.nulls--
	}
	if v.width == 0 {
		v.used = int(binary.LittleEndian.Uint32(v.off[n*4:]))
	}
}

// buffers hands the first n rows over; the vector must be started anew.
func (v *vector) buffers(n int) []*memory.Buffer {
	own := func(b []byte, used int) *memory.Buffer {
		buf := memory.NewBufferWithAllocator(b, v.mem)
		buf.ResizeNoShrink(used)
		return buf
	}
	out := []*memory.Buffer{nil}
	if v.nulls > 0 {
		out[0] = own(v.valid, (n+7)/8)
	} else {
		v.mem.Free(v.valid)
	}
	if v.width == 0 {
		out = append(out, own(v.off, (n+1)*4), own(v.data, v.used))
	} else {
		out = append(out, own(v.data, n*v.width))
	}
	v.valid, v.off, v.data = nil, nil, nil
	return out
}

// free gives back the buffers of a batch that is not handed over.
func (v *vector) free() {
	for _, b := range [][]byte{v.valid, v.off, v.data} {
		if b != nil {
			v.mem.Free(b)
		}
	}
	v.valid, v.off, v.data = nil, nil, nil
}

// array is the first n rows as an Arrow array. words is what the values of a
// word column are indexes into, nil for all others.
func (v *vector) array(t arrow.DataType, n int, words []string) arrow.Array {
	if t.ID() == arrow.BOOL {
		v.packBooleans(n)
	}
	width := v.width
	if words != nil {
		v.spell(n, words)
	}
	nulls, buffers := v.nulls, v.buffers(n)
	v.width = width
	data := array.NewData(t, n, buffers, nil, nulls, 0)
	for _, b := range buffers {
		if b != nil {
			b.Release()
		}
	}
	defer data.Release()
	return array.MakeFromData(data)
}

// spell turns the first n indexes into the words they stand for.
func (v *vector) spell(n int, words []string) {
	size := 0
	for i := range n {
		if !v.isNull(i) {
			size += len(words[v.number(i)])
		}
	}
	index := *v
	v.off, v.data, v.width, v.used = v.mem.Allocate((n+1)*4), v.mem.Allocate(max(size, 1)), 0, 0
	binary.LittleEndian.PutUint32(v.off, 0)
	for i := range n {
		if !index.isNull(i) {
			v.used += copy(v.data[v.used:], words[index.number(i)])
		}
		binary.LittleEndian.PutUint32(v.off[(i+1)*4:], uint32(v.used))
	}
	v.mem.Free(index.data)
}

// packBooleans turns values of one int16 each into bits, in place.
func (v *vector) packBooleans(n int) {
	for i := range n {
		bit := v.data[i*2]&1 != 0
		if i&7 == 0 {
			v.data[i>>3] = 0
		}
		if bit {
			v.data[i>>3] |= 1 << (i & 7)
		}
	}
}

// Recycler is an allocator whose freed buffers serve again, by powers of two.
// It is safe for concurrent use; a batch released by DuckDB's thread feeds the
// next one.
type Recycler struct {
	mu   sync.Mutex
	free [32][][]byte
}

const recycled = 64 // buffers kept of each size

func sizeClass(size int) int { return bits.Len(uint(max(size, 64) - 1)) }

// Allocate implements memory.Allocator.
func (r *Recycler) Allocate(size int) []byte {
	class := sizeClass(size)
	if class < len(r.free) {
		r.mu.Lock()
		if list := r.free[class]; len(list) > 0 {
			b := list[len(list)-1]
			r.free[class] = list[:len(list)-1]
			r.mu.Unlock()
			return b[:size]
		}
		r.mu.Unlock()
	}
	return make([]byte, size, 1<<class)
}

// Reallocate implements memory.Allocator.
func (r *Recycler) Reallocate(size int, b []byte) []byte {
	if size <= cap(b) {
		return b[:size]
	}
	bigger := r.Allocate(size)
	copy(bigger, b)
	r.Free(b)
	return bigger
}

// Free implements memory.Allocator.
func (r *Recycler) Free(b []byte) {
	class := sizeClass(cap(b))
	if cap(b) != 1<<class || class >= len(r.free) {
		return
	}
	r.mu.Lock()
	if len(r.free[class]) < recycled {
		r.free[class] = append(r.free[class], b)
	}
	r.mu.Unlock()
}
