package query

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"citykpi/pipeline/duck"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// typeKey is the field's metadata that holds its DuckDB type, as JSON.
const typeKey = "duckdb"

const (
	maxHeadBytes = 16 << 20            // of a message: its description
	maxBodyBytes = maxRowBytes + 1<<20 // of a message: its cells
	maxHeldBytes = 4 * maxBodyBytes    // of all that a reader holds at once
	maxWordBytes = 1 << 20             // of the child's last word
)

// column is one column of a result.
type column struct {
	Name string
	Type duck.Type
}

// errLying is a child that sends what no child of ours sends.
var errLying = errors.New("the query's process sent what is no result")

// receive reads what the child writes, up to its last word, and prints the
// rows. The child runs somebody else's program and may be in somebody else's
// hands: nothing it says makes this process panic, or hold more than a few
// messages. io.ErrUnexpectedEOF means that the last word did not come.
func receive(pipe io.Reader, out printer, maxRows int) (last ending, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", errLying, p)
		}
	}()
	in := bufio.NewReaderSize(pipe, 1<<16)
	mark, err := in.ReadByte()
	if err != nil {
		return last, unexpected(err)
	}
	begun, printed := false, 0
	if mark == rows {
		begun = true
		printed, err = receiveRows(in, out, maxRows)
		var enough errEnough
		if errors.As(err, &enough) {
			return ending{Rows: int(enough), Truncated: true}, out.close(int(enough))
		}
		if err != nil {
			return last, err
		}
		if mark, err = in.ReadByte(); err != nil {
			return last, unexpected(err)
		}
	}
	if mark != end {
		return last, errLying
	}
	word, err := io.ReadAll(io.LimitReader(in, maxWordBytes))
	if err != nil {
		return last, unexpected(err)
	}
	if err := json.Unmarshal(word, &last); err != nil {
		return last, io.ErrUnexpectedEOF
	}
	last.Rows = printed
	if begun && last.Failure == "" {
		err = out.close(printed)
	}
	return last, err
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return io.ErrUnexpectedEOF
	}
	return fmt.Errorf("query: read the result: %w", err)
}

func receiveRows(in io.Reader, out printer, maxRows int) (printed int, err error) {
	r, err := ipc.NewReader(&guard{in: in}, ipc.WithAllocator(&bounded{left: maxHeldBytes}))
	if err != nil {
		return 0, broken(err)
	}
	defer r.Release()
	if err := out.header(r.Schema(), columnsOf(r.Schema())); err != nil {
		return 0, err
	}
	for r.Next() {
		rec := r.RecordBatch()
		if printed += int(rec.NumRows()); maxRows > 0 && printed > maxRows {
			return printed, errLying
		}
		if err := out.batch(rec); err != nil {
			return printed, err
		}
	}
	if err := r.Err(); err != nil && !errors.Is(err, io.EOF) {
		return printed, broken(err)
	}
	return printed, nil
}

// broken tells a child that died in the middle from one that lies.
func broken(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return fmt.Errorf("%w: %w", errLying, err)
}

func columnsOf(schema *arrow.Schema) []column {
	var columns []column
	for _, f := range schema.Fields() {
		c := column{Name: f.Name}
		if i := f.Metadata.FindKey(typeKey); i >= 0 {
			_ = json.Unmarshal([]byte(f.Metadata.Values()[i]), &c.Type) // a hint, and used as one
		}
		columns = append(columns, c)
	}
	return columns
}

// guard hands on an Arrow IPC stream message by message, none larger than one
// of ours can be, and ends where the stream ends.
type guard struct {
	in   io.Reader
	head []byte // still to be handed on
	body int64  // likewise, from in
	done bool
}

func (g *guard) Read(p []byte) (int, error) {
	if len(g.head) == 0 && g.body == 0 {
		if g.done {
			return 0, io.EOF
		}
		if err := g.message(); err != nil {
			return 0, err
		}
	}
	if len(g.head) > 0 {
		n := copy(p, g.head)
		g.head = g.head[n:]
		return n, nil
	}
	n, err := g.in.Read(p[:min(int64(len(p)), g.body)])
	g.body -= int64(n)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// message reads the length and the description of the next message.
func (g *guard) message() error {
	prefix := make([]byte, 8)
	if _, err := io.ReadFull(g.in, prefix); err != nil {
		return io.ErrUnexpectedEOF
	}
	size := binary.LittleEndian.Uint32(prefix[4:])
	switch {
	case binary.LittleEndian.Uint32(prefix) != 0xFFFFFFFF || size > maxHeadBytes:
		return errLying
	case size == 0:
		g.head, g.done = prefix, true
		return nil
	}
	g.head = append(prefix, make([]byte, size)...)
	if _, err := io.ReadFull(g.in, g.head[8:]); err != nil {
		return io.ErrUnexpectedEOF
	}
	var err error
	g.body, err = sound(g.head[8:])
	return err
}

// bounded is an allocator that gives no more than so many bytes at a time.
type bounded struct {
	memory.GoAllocator
	left int
}

func (b *bounded) take(n int) {
	if b.left -= n; b.left < 0 {
		panic("a result that is larger than what was announced")
	}
}

func (b *bounded) Allocate(size int) []byte {
	b.take(size)
	return b.GoAllocator.Allocate(size)
}

func (b *bounded) Reallocate(size int, old []byte) []byte {
	b.take(size - len(old))
	return b.GoAllocator.Reallocate(size, old)
}

func (b *bounded) Free(old []byte) {
	b.left += len(old)
	b.GoAllocator.Free(old)
}
