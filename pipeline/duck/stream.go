//go:build duckdb_arrow

package duck

/*
#include <stdint.h>
#include <stdlib.h>

// As Arrow's specification of its C interfaces declares them.
struct ArrowArray;

struct ArrowSchema {
	const char *format, *name, *metadata;
	int64_t flags, n_children;
	struct ArrowSchema **children, *dictionary;
	void (*release)(struct ArrowSchema*);
	void *private_data;
};

struct ArrowArrayStream {
	int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema*);
	int (*get_next)(struct ArrowArrayStream*, struct ArrowArray*);
	const char* (*get_last_error)(struct ArrowArrayStream*);
	void (*release)(struct ArrowArrayStream*);
	void *private_data;
};

struct lent {
	struct ArrowArrayStream stream, reader;
	struct ArrowSchema schema;
};

static void leave(struct ArrowSchema *s) { s->release = NULL; }

static int lent_schema(struct ArrowArrayStream *s, struct ArrowSchema *out) {
	*out = ((struct lent*)s->private_data)->schema;
	out->release = leave;
	return 0;
}

static int lent_next(struct ArrowArrayStream *s, struct ArrowArray *out) {
	struct ArrowArrayStream *reader = &((struct lent*)s->private_data)->reader;
	return reader->get_next(reader, out);
}

static const char* lent_error(struct ArrowArrayStream *s) {
	struct ArrowArrayStream *reader = &((struct lent*)s->private_data)->reader;
	return reader->get_last_error(reader);
}

static struct lent* lend() {
	struct lent *l = calloc(1, sizeof *l);
	if (l != NULL) {
		l->stream = (struct ArrowArrayStream){lent_schema, lent_next, lent_error, NULL, l};
	}
	return l;
}

static void take_back(struct lent *l) {
	if (l->reader.release != NULL) {
		l->reader.release(&l->reader);
	}
	if (l->schema.release != NULL) {
		l->schema.release(&l->schema);
	}
	free(l);
}
*/
import "C"

import (
	"database/sql/driver"
	"errors"
	"reflect"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/cdata"
	bindings "github.com/duckdb/duckdb-go-bindings"
)

// lend lets DuckDB read a stream of Arrow as a view of that name, until the stream is taken back.
//
// The driver's RegisterView does the same and loses memory: DuckDB asks a stream for its schema several times for
// each statement and releases none of them, as it takes them to be the stream's own (duckdb/duckdb#16050). With
// twenty thousand small files these are 60 MB. Here the schema is the stream's own: one for all who ask.
func lend(conn driver.Conn, reader array.RecordReader, name string) (takeBack func(), err error) {
	raw, err := handle(conn)
	if err != nil {
		return nil, err
	}
	l := C.lend()
	if l == nil {
		return nil, errors.New("no memory for a stream")
	}
	cdata.ExportRecordReader(reader, (*cdata.CArrowArrayStream)(unsafe.Pointer(&l.reader)))
	cdata.ExportArrowSchema(reader.Schema(), (*cdata.CArrowSchema)(unsafe.Pointer(&l.schema)))
	if bindings.ArrowScan(raw, name, bindings.ArrowStream{Ptr: unsafe.Pointer(&l.stream)}) != bindings.StateSuccess {
		C.take_back(l)
		return nil, errors.New("DuckDB does not take the stream")
	}
	return func() { C.take_back(l) }, nil
}

// handle is DuckDB's own connection, which the driver keeps to itself.
func handle(conn driver.Conn) (bindings.Connection, error) {
	v := reflect.ValueOf(conn)
	if v.Kind() == reflect.Pointer && v.Elem().Kind() == reflect.Struct {
		if raw := v.Elem().FieldByName("conn"); raw.Kind() == reflect.Struct && raw.Type() == reflect.TypeFor[bindings.Connection]() {
			return bindings.Connection{Ptr: raw.FieldByName("Ptr").UnsafePointer()}, nil
		}
	}
	return bindings.Connection{}, errors.New("the driver's connection is not made as this version of citykpi knows it")
}
