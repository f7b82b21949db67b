package pull

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
)

// mariadb is MySQL or MariaDB. Every query is prepared by the server: one
// statement is one statement, and a FLOAT comes whole, not in six digits.
type mariadb struct {
	pool *sql.DB
	conn *sql.Conn
	name string
}

func openMySQL(ctx context.Context, c Connection, dsn string) (database, error) {
	config, err := mysql.ParseDSN(dsn)
	if err != nil {
		return nil, c.malformed("user:password@tcp(host:3306)/database")
	}
	config.ParseTime, config.MultiStatements, config.AllowAllFiles, config.InterpolateParams = false, false, false, false
	config.Logger = &mysql.NopLogger{}
	if config.Timeout == 0 || config.Timeout > connectWithin {
		config.Timeout = connectWithin
	}
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return nil, c.malformed("user:password@tcp(host:3306)/database")
	}
	db := &mariadb{pool: sql.OpenDB(connector)}
	if db.conn, err = db.connect(ctx); err == nil {
		err = db.begin(ctx, c.timeout())
	}
	if err != nil {
		db.close()
		var refused *mysql.MySQLError
		denied := errors.As(err, &refused) && (refused.Number == 1044 || refused.Number == 1045 || refused.Number == 1698)
		return nil, c.unreachable(err, config.Passwd, denied)
	}
	return db, nil
}

// connect bounds the whole handshake: the driver's own limit ends with the dialling.
func (db *mariadb) connect(ctx context.Context) (*sql.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, connectWithin)
	defer cancel()
	return db.pool.Conn(ctx)
}

const unknownVariable = 1193

func (db *mariadb) begin(ctx context.Context, within time.Duration) error {
	var version string
	if err := db.conn.QueryRowContext(ctx, "select version()").Scan(&version); err != nil {
		return err
	}
	limit := fmt.Sprintf("set session max_execution_time = %d", within.Milliseconds())
	db.name = "MySQL " + version
	if strings.Contains(version, "MariaDB") {
		limit = fmt.Sprintf("set session max_statement_time = %d", int(math.Ceil(within.Seconds())))
		db.name = "MariaDB " + version
	}
	_, err := db.conn.ExecContext(ctx, limit)
	var refused *mysql.MySQLError
	if errors.As(err, &refused) && refused.Number == unknownVariable {
		err = nil // before 5.7: our own limit breaks the connection off
	}
	if err != nil {
		return err
	}
	for _, statement := range []string{
		"set names utf8mb4",
		"set session time_zone = '+08:00'", // names of zones are installed on few servers
		"set session net_write_timeout = 600",
		"set session transaction isolation level repeatable read, read only",
		"start transaction with consistent snapshot, read only",
	} {
		if _, err := db.conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

func (db *mariadb) about() string { return db.name }

func (db *mariadb) close() {
	if db.conn != nil {
		db.conn.Close()
	}
	db.pool.Close() // which ends the transaction
}

func (db *mariadb) quote(name string) string {
	return "`" + strings.ReplaceAll(name, "`", "``") + "`"
}

func (db *mariadb) columns(ctx context.Context, query string) ([]column, error) {
	rows, err := db.query(ctx, query+"\nlimit 0", nil)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	all := make([]column, len(types))
	for i, t := range types {
		all[i] = mysqlColumn(t.Name(), t.DatabaseTypeName(), db.quote(t.Name()))
	}
	return all, nil
}

func mysqlColumn(name, typ, by string) column {
	c := column{name: name, typ: typ, order: by}
	switch bare := strings.TrimPrefix(typ, "UNSIGNED "); bare {
	case "TINYINT", "SMALLINT", "MEDIUMINT", "INT", "BIGINT", "YEAR":
		c.rises, c.bound = true, "cast(? as signed)"
		if bare != typ || typ == "YEAR" {
			c.bound = "cast(? as unsigned)"
		}
	case "DECIMAL":
		c.rises, c.bound = true, "cast(? as decimal(65, 30))"
	case "DATE":
		c.rises, c.day, c.bound = true, true, "cast(? as date)"
	case "DATETIME", "TIMESTAMP":
		c.rises, c.day, c.bound = true, true, "cast(? as datetime(6))"
	case "TIME":
	case "FLOAT", "DOUBLE":
		c.float = true
	case "BIT":
		c.bits = true
	case "CHAR", "VARCHAR", "TINYTEXT", "TEXT", "MEDIUMTEXT", "LONGTEXT", "ENUM", "SET":
		// not cast(… as binary): sorting by that, MariaDB 10.11 loses the first of many rows
		c.order = "convert(" + by + " using utf8mb4) collate utf8mb4_bin"
	case "JSON", "NULL":
		c.order = ""
	default:
		c.refused = "bytes are no cell: leave it out, or write hex(…)"
	}
	return c
}

// query prepares and runs; closing the rows closes the statement.
func (db *mariadb) query(ctx context.Context, query string, arguments []string) (*preparedRows, error) {
	statement, err := db.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	values := make([]any, len(arguments))
	for i, a := range arguments {
		values[i] = a
	}
	rows, err := statement.QueryContext(ctx, values...)
	if err != nil {
		statement.Close()
		return nil, err
	}
	return &preparedRows{rows, statement}, nil
}

type preparedRows struct {
	*sql.Rows
	statement *sql.Stmt
}

func (r *preparedRows) Close() error {
	return errors.Join(r.Rows.Close(), r.statement.Close())
}

func (db *mariadb) rows(ctx context.Context, query string, arguments []string, each func(values [][]byte) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	rows, err := db.query(ctx, query, arguments)
	if err != nil {
		return err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	raw, values, into := make([]sql.RawBytes, len(names)), make([][]byte, len(names)), make([]any, len(names))
	for i := range raw {
		into[i] = &raw[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i, v := range raw {
			values[i] = v
		}
		if err := each(values); err != nil {
			cancel() // what the server still has to say is not waited for
			return err
		}
	}
	return rows.Err()
}

func (db *mariadb) queryError(err error, _ string) (int, string) {
	var refused *mysql.MySQLError
	if !errors.As(err, &refused) {
		return 0, err.Error()
	}
	line := 0
	if i := strings.LastIndex(refused.Message, "at line "); i >= 0 {
		_, _ = fmt.Sscanf(refused.Message[i:], "at line %d", &line)
	}
	return line, fmt.Sprintf("%s (error %d)", refused.Message, refused.Number)
}
