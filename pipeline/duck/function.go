//go:build duckdb_arrow

package duck

import (
	"context"
	"database/sql/driver"
	"fmt"

	"github.com/duckdb/duckdb-go/v2"
)

// Function is one of a text, which SQL calls by its name in the database of this process; null gives null.
type Function struct {
	Name  string
	Truth bool             // Of returns a bool; else a string
	Of    func(string) any // called by several threads at a time
}

// Register makes functions known to the database.
func (db *DB) Register(ctx context.Context, functions ...Function) error {
	text, err := duckdb.NewTypeInfo(duckdb.TYPE_VARCHAR)
	if err != nil {
		return err
	}
	truth, err := duckdb.NewTypeInfo(duckdb.TYPE_BOOLEAN)
	if err != nil {
		return err
	}
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	for _, f := range functions {
		result := text
		if f.Truth {
			result = truth
		}
		if err := duckdb.RegisterScalarUDF(conn, f.Name, textFunction{text, result, f.Of}); err != nil {
			return fmt.Errorf("register %s: %w", f.Name, err)
		}
	}
	return nil
}

type textFunction struct {
	text, result duckdb.TypeInfo
	of           func(string) any
}

func (f textFunction) Config() duckdb.ScalarFuncConfig {
	return duckdb.ScalarFuncConfig{InputTypeInfos: []duckdb.TypeInfo{f.text}, ResultTypeInfo: f.result}
}

func (f textFunction) Executor() duckdb.ScalarFuncExecutor {
	return duckdb.ScalarFuncExecutor{RowExecutor: func(values []driver.Value) (any, error) {
		return f.of(values[0].(string)), nil
	}}
}
