//go:build duckdb_arrow

package duck

import (
	"errors"
	"fmt"
	"strings"
	"syscall"

	"citykpi/pipeline/durable"

	"github.com/duckdb/duckdb-go/v2"
)

// Disk makes a *durable.DiskError of what DuckDB says when it could not write its files at
// path, and hands on any other error. DuckDB keeps no error number: it quotes the
// system's words, and of an appender not even the type of its error is left.
func Disk(path string, err error) error {
	var own *duckdb.Error
	if err == nil {
		return nil
	}
	words := strings.ToLower(err.Error())
	for _, errno := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EROFS, syscall.EACCES, syscall.EIO} {
		if strings.Contains(words, errno.Error()) {
			return &durable.DiskError{Err: fmt.Errorf("%s: %w: %w", path, err, errno)}
		}
	}
	if errors.As(err, &own) && (own.Type == duckdb.ErrorTypeIO || own.Type == duckdb.ErrorTypeFatal) {
		return &durable.DiskError{Err: fmt.Errorf("%s: %w", path, err)}
	}
	return err
}
