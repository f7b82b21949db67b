package pull

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgconn"
)

// postgres speaks the extended protocol with all values as text: so they are
// what the database writes, and one statement is one statement.
type postgres struct {
	conn *pgconn.PgConn
	name string
}

func openPostgres(ctx context.Context, c Connection, dsn string) (database, error) {
	config, err := pgconn.ParseConfig(dsn)
	if err != nil {
		return nil, c.malformed("postgres://user:password@host:5432/database")
	}
	if config.ConnectTimeout == 0 || config.ConnectTimeout > connectWithin {
		config.ConnectTimeout = connectWithin
	}
	conn, err := pgconn.ConnectConfig(ctx, config)
	if err != nil {
		var refused *pgconn.PgError
		denied := errors.As(err, &refused) && strings.HasPrefix(refused.Code, "28")
		return nil, c.unreachable(err, config.Password, denied)
	}
	db := &postgres{conn: conn, name: "PostgreSQL " + conn.ParameterStatus("server_version")}
	// All of it holds for the transaction only, as poolers of connections demand.
	begin := fmt.Sprintf(`begin isolation level repeatable read, read only;
set local default_transaction_read_only = on;
set local statement_timeout = %d;
set local lock_timeout = %d;
set local client_encoding = 'UTF8';
set local timezone = 'Asia/Shanghai';
set local datestyle = 'ISO, YMD';
set local intervalstyle = 'iso_8601';
set local extra_float_digits = 1`, c.timeout().Milliseconds(), c.timeout().Milliseconds())
	if _, err := conn.Exec(ctx, begin).ReadAll(); err != nil {
		db.close()
		return nil, c.unreachable(err, config.Password, false)
	}
	return db, nil
}

func (db *postgres) about() string { return db.name }

func (db *postgres) close() {
	ctx, cancel := context.WithTimeout(context.Background(), connectWithin)
	defer cancel()
	_ = db.conn.Close(ctx) // which ends the transaction
}

func (db *postgres) quote(name string) string {
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// Object identifiers of PostgreSQL's own types, from its pg_type.dat.
const (
	pgBool, pgBytea, pgInt8, pgInt2, pgInt4, pgOID   = 16, 17, 20, 21, 23, 26
	pgChar, pgName, pgText, pgBPChar, pgVarchar      = 18, 19, 25, 1042, 1043
	pgFloat4, pgFloat8, pgMoney, pgNumeric, pgUUID   = 700, 701, 790, 1700, 2950
	pgDate, pgTime, pgTimestamp, pgTimestampTZ, pgTZ = 1082, 1083, 1114, 1184, 1266
)

func (db *postgres) columns(ctx context.Context, query string) ([]column, error) {
	described, err := db.conn.Prepare(ctx, "", query, nil)
	if err != nil {
		return nil, err
	}
	all := make([]column, len(described.Fields))
	for i, f := range described.Fields {
		c := column{name: f.Name, bound: "$1"}
		by := db.quote(f.Name)
		switch f.DataTypeOID {
		case pgBool:
			c.truth, c.order = true, by
		case pgInt2, pgInt4, pgInt8, pgOID, pgNumeric:
			c.rises, c.order = true, by
		case pgDate, pgTimestamp, pgTimestampTZ:
			c.rises, c.day, c.order = true, true, by
		case pgTime, pgTZ, pgUUID:
			c.order = by
		case pgChar, pgName, pgText, pgBPChar, pgVarchar:
			c.order = by + `::text collate "C"`
		case pgFloat4, pgFloat8:
			c.float, c.order = true, by
		case pgBytea:
			c.typ, c.refused = "bytea", "bytes are no cell: leave it out, or write encode(…, 'hex')"
		case pgMoney:
			c.typ, c.refused = "money", "how money is written depends on the server: write (…)::numeric"
		}
		all[i] = c
	}
	return all, nil
}

func (db *postgres) rows(ctx context.Context, query string, arguments []string, each func(values [][]byte) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var parameters [][]byte
	for _, a := range arguments {
		parameters = append(parameters, []byte(a))
	}
	result := db.conn.ExecParams(ctx, query, parameters, nil, nil, nil)
	var stopped error
	for stopped == nil && result.NextRow() {
		stopped = each(result.Values())
	}
	if stopped != nil {
		cancel() // what the server still has to say is not waited for
	}
	_, err := result.Close()
	if stopped != nil {
		return stopped
	}
	return err
}

func (db *postgres) queryError(err error, sent string) (int, string) {
	var refused *pgconn.PgError
	if !errors.As(err, &refused) {
		return 0, err.Error()
	}
	message := refused.Message + " (SQLSTATE " + refused.Code + ")"
	if refused.Position == 0 {
		return 0, message
	}
	before := sent
	for i := range sent { // Position counts characters
		if utf8.RuneCountInString(sent[:i]) >= int(refused.Position)-1 {
			before = sent[:i]
			break
		}
	}
	return 1 + strings.Count(before, "\n"), message
}
