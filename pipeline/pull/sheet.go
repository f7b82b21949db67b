package pull

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
	"strconv"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// A chunk of rows is what is kept in memory, and a row group of the file.
const (
	chunkRows  = 16384
	chunkBytes = 8 << 20
)

// sheet writes rows into a Parquet file whose cells are texts as the database
// writes them: the contract's checks, not the file's types, say what holds, so
// that a day without end or the month 00 costs its row and not the file. Only
// floats are kept as such, for the reader to know that their last digits do
// not count. The same rows give the same bytes.
type sheet struct {
	file    *os.File
	root    *schema.GroupNode
	columns []sheetColumn
	writer  *file.Writer
	hash    hash.Hash
	rows    int64
	chunk   int    // rows at hand
	memory  []byte // their texts
}

type sheetColumn struct {
	column
	texts  []parquet.ByteArray
	floats []float64
	levels []int16 // 1, or 0 for NULL
}

func newSheet(to *os.File, columns []column) (*sheet, error) {
	s := &sheet{file: to}
	var fields schema.FieldList
	for _, c := range columns {
		logical, physical := schema.LogicalType(schema.StringLogicalType{}), parquet.Types.ByteArray
		if c.float {
			logical, physical = schema.NoLogicalType{}, parquet.Types.Double
		}
		node, err := schema.NewPrimitiveNodeLogical(c.name, parquet.Repetitions.Optional, logical, physical, 0, -1)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", c.name, err)
		}
		fields = append(fields, node)
		s.columns = append(s.columns, sheetColumn{column: c})
	}
	var err error
	if s.root, err = schema.NewGroupNode("pull", parquet.Repetitions.Required, fields, -1); err != nil {
		return nil, err
	}
	return s, s.restart()
}

// restart forgets all rows.
func (s *sheet) restart() error {
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := s.file.Truncate(0); err != nil {
		return err
	}
	s.empty()
	s.hash, s.rows = sha256.New(), 0
	properties := parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd), parquet.WithCreatedBy("citykpi"))
	s.writer = file.NewParquetWriter(struct{ io.Writer }{io.MultiWriter(s.file, s.hash)}, s.root, file.WithWriterProps(properties))
	return nil
}

func (s *sheet) empty() {
	s.chunk, s.memory = 0, s.memory[:0]
	for i := range s.columns {
		c := &s.columns[i]
		c.texts, c.floats, c.levels = c.texts[:0], c.floats[:0], c.levels[:0]
	}
}

func (s *sheet) add(values [][]byte) error {
	for i, v := range values {
		c := &s.columns[i]
		if v == nil {
			c.levels = append(c.levels, 0)
			continue
		}
		c.levels = append(c.levels, 1)
		if c.float {
			f, err := strconv.ParseFloat(string(v), 64)
			if err != nil {
				return fmt.Errorf("column %s: %q is no number", c.name, v)
			}
			c.floats = append(c.floats, f)
			continue
		}
		from := len(s.memory)
		s.memory = c.appendText(s.memory, v)
		c.texts = append(c.texts, s.memory[from:len(s.memory):len(s.memory)])
	}
	s.rows++
	if s.chunk++; s.chunk >= chunkRows || len(s.memory) >= chunkBytes {
		return s.flush()
	}
	return nil
}

// appendText writes a value as the contract's checks know it.
func (c *column) appendText(to, v []byte) []byte {
	switch {
	case c.truth:
		return strconv.AppendBool(to, string(v) == "t")
	case c.bits:
		n := uint64(0)
		for _, b := range v {
			n = n<<8 | uint64(b)
		}
		return strconv.AppendUint(to, n, 10)
	}
	return append(to, v...)
}

// flush writes the rows at hand as a row group.
func (s *sheet) flush() error {
	group, err := s.writer.AppendRowGroupChecked()
	if err != nil {
		return err
	}
	for i := range s.columns {
		next, err := group.NextColumn()
		if err != nil {
			return err
		}
		c := &s.columns[i]
		switch w := next.(type) {
		case *file.ByteArrayColumnChunkWriter:
			_, err = w.WriteBatch(c.texts, c.levels, nil)
		case *file.Float64ColumnChunkWriter:
			_, err = w.WriteBatch(c.floats, c.levels, nil)
		}
		if err != nil {
			return err
		}
	}
	s.empty()
	return group.Close()
}

// finish makes the file whole and durable.
func (s *sheet) finish() (sum string, err error) {
	if s.chunk > 0 {
		if err := s.flush(); err != nil {
			return "", err
		}
	}
	if err := s.writer.Close(); err != nil {
		return "", err
	}
	if err := s.file.Sync(); err != nil {
		return "", err
	}
	return hex.EncodeToString(s.hash.Sum(nil)), nil
}
