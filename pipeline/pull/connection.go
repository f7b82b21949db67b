package pull

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"citykpi/pipeline/source/contract"
)

// The databases that can be pulled from.
const (
	Postgres = "postgres"
	MySQL    = "mysql" // MariaDB too
)

var Drivers = []string{Postgres, MySQL}

// Connection is a database of citykpi.yml. Where it is and how to log in stands
// in a file or an environment variable, as the driver writes it:
// postgres://user:password@host:5432/database, or user:password@tcp(host:3306)/database.
type Connection struct {
	Driver string `yaml:"driver"` // what the database is; mysql: MariaDB too
	// File that holds where it is and how to log in, as the driver writes it: below the project, or by its whole path.
	DSNFile string        `yaml:"dsn_file,omitempty"`
	DSNEnv  string        `yaml:"dsn_env,omitempty"` // environment variable that holds it instead
	Timeout time.Duration `yaml:"timeout,omitempty"` // for one query; left out: 15 minutes
	Name    string        `yaml:"-"`
}

// Problem says what is wrong with the connection's own words, and of which key; "" if nothing is.
func (c Connection) Problem() (key, what string) {
	switch {
	case !slices.Contains(Drivers, c.Driver):
		return "driver", fmt.Sprintf("driver %q is unknown; want %s or %s", c.Driver, Postgres, MySQL)
	case (c.DSNFile == "") == (c.DSNEnv == ""):
		return "", "want one of dsn_file, a file that holds the data source name, and dsn_env, an environment variable that does"
	case c.Timeout < 0:
		return "timeout", "want a positive time, as in 15m"
	}
	return "", ""
}

func (c Connection) timeout() time.Duration {
	if c.Timeout == 0 {
		return 15 * time.Minute
	}
	return c.Timeout
}

// Exposed reports whether others than the owner can read the file that holds the password.
func (c Connection) Exposed() bool {
	info, err := os.Stat(c.DSNFile)
	return c.DSNFile != "" && err == nil && info.Mode().Perm()&0o077 != 0
}

// connectWithin bounds how long a database may take to let somebody in.
const connectWithin = 10 * time.Second

func (c Connection) dsn() (string, error) {
	if c.DSNEnv != "" {
		dsn := strings.TrimSpace(os.Getenv(c.DSNEnv))
		switch {
		case dsn == "":
			return "", c.refuse(ErrConnection, "environment variable "+c.DSNEnv+" is empty", "set it to the data source name")
		case len(dsn) > maxDSN:
			return "", c.refuse(ErrConnection, "environment variable "+c.DSNEnv+" is too long for a data source name",
				"set it to the data source name")
		}
		return dsn, nil
	}
	text, err := readSecret(c.DSNFile)
	if err != nil {
		return "", c.refuse(ErrConnection, err.Error(), "write the data source name into that file, readable by this user only")
	}
	dsn := strings.TrimSpace(string(text))
	if dsn == "" {
		return "", c.refuse(ErrConnection, c.DSNFile+" is empty", "write the data source name into it")
	}
	return dsn, nil
}

// maxDSN is more than any data source name has.
const maxDSN = 64 << 10

// readSecret reads a small file that nobody else can have put there. All is asked of
// the file that was opened, whatever links lead to it; a pipe is not waited for.
func readSecret(path string) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", path)
	case info.Size() > maxDSN:
		return nil, fmt.Errorf("%s has %d bytes: that is no data source name", path, info.Size())
	case ok && st.Uid != 0 && int(st.Uid) != os.Geteuid():
		return nil, fmt.Errorf("%s belongs to another user", path)
	case info.Mode().Perm()&0o002 != 0:
		return nil, fmt.Errorf("%s can be written by anybody", path)
	}
	return io.ReadAll(io.LimitReader(f, maxDSN))
}

func (c Connection) refuse(err error, detail, try string) *Error {
	return &Error{Connection: c.Name, Err: err, Detail: detail, Try: try}
}

// malformed does not repeat the driver's words: these quote the data source name.
func (c Connection) malformed(form string) *Error {
	return c.refuse(ErrConnection, "the data source name cannot be read", "write it as "+form)
}

// unreachable says why nobody was let in; password is kept out of it.
func (c Connection) unreachable(err error, password string, denied bool) *Error {
	detail := err.Error()
	if password != "" {
		detail = strings.ReplaceAll(detail, password, "…")
	}
	if denied {
		return c.refuse(ErrConnect, detail, "correct the user or the password in "+c.whereDSN())
	}
	return c.refuse(ErrConnect, detail, "ask whether the database is up, then citykpi doctor")
}

func (c Connection) whereDSN() string {
	if c.DSNEnv != "" {
		return c.DSNEnv
	}
	return c.DSNFile
}

// database is one session: a transaction that only reads and sees one state of
// all tables. Values are handed on as the database writes them, nil for NULL.
type database interface {
	// columns describes what a query returns, without running it.
	columns(ctx context.Context, query string) ([]column, error)
	// rows runs a query; values are valid until the function returns.
	rows(ctx context.Context, query string, arguments []string, each func(values [][]byte) error) error
	// quote makes a name an identifier.
	quote(name string) string
	// queryError says which line of the query, which begins on line 2 of what was sent, is to blame; 0 if none.
	queryError(err error, sent string) (line int, message string)
	about() string
	close()
}

// column is a column of a query.
type column struct {
	name    string
	typ     string // in the database's words
	refused string // why it cannot be loaded, "" if it can
	float   bool   // kept in binary: what is printed of it is not exact
	truth   bool   // a boolean, written t and f
	bits    bool   // a bit field, written in binary
	day     bool   // a date or a moment
	rises   bool   // may be a watermark
	bound   string // SQL of a parameter of its type
	order   string // SQL to sort by it, so that no two different values are equal; "": it has no order
}

func (c Connection) open(ctx context.Context) (database, error) {
	dsn, err := c.dsn()
	if err != nil {
		return nil, err
	}
	if c.Driver == MySQL {
		return openMySQL(ctx, c, dsn)
	}
	return openPostgres(ctx, c, dsn)
}

// Check logs in and says what database answers.
func Check(ctx context.Context, c Connection) (about string, err error) {
	db, err := c.open(ctx)
	if err != nil {
		return "", err
	}
	defer db.close()
	return db.about(), nil
}

// At names the line of a contract's query.
func at(c *contract.Contract, line int) string {
	return fmt.Sprintf("%s:%d", c.File, c.Pull.Line+max(0, line-2))
}
