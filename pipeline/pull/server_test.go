package pull_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"citykpi/pipeline/pull"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
)

// password is one that would be seen in a message.
const password = "Geheim#42@/x"

// server is a database server of this test's own: an empty folder, a socket, no network.
type server struct {
	driver string
	dir    string
	dsn    func(user, password, database string) string
	admin  func(ctx context.Context, database, statements string) error
	end    syscall.Signal // after which it goes at once
	stop   func()
}

// servers are started once and stopped by TestMain.
var servers = map[string]func() (*server, error){
	pull.Postgres: sync.OnceValues(startPostgres),
	pull.MySQL:    sync.OnceValues(startMariaDB),
}

var (
	started   []*server
	databases atomic.Int64 // made so far: each has a name of its own
)

func TestMain(m *testing.M) {
	code := m.Run()
	for _, s := range started {
		s.stop()
	}
	os.Exit(code)
}

// dialect is what the tests' own statements need of a server.
type dialect struct {
	driver string
	moment string // a type of moments that knows of zones
	zeros  string // what a moment of six decimals ends in, if these are none
}

var dialects = []dialect{{pull.Postgres, "timestamptz", ""}, {pull.MySQL, "timestamp(6)", ".000000"}}

// fresh is a database of its own on the server, filled by the statements, and
// a connection to it as a user who may only read.
func fresh(t *testing.T, driver, statements string) (*server, string, pull.Connection) {
	t.Helper()
	s, err := servers[driver]()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skipf("SKIPPED: %v. As root: .ci/needs", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("t%d", databases.Add(1))
	create := "create database " + name
	if driver == pull.MySQL {
		create += " character set utf8mb4"
	}
	if err := s.admin(t.Context(), "", create); err != nil {
		t.Fatal(err)
	}
	s.do(t, name, statements)
	file := filepath.Join(t.TempDir(), "registry.dsn")
	if err := os.WriteFile(file, []byte(s.dsn("reader", password, name)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return s, name, pull.Connection{Name: "registry", Driver: driver, DSNFile: file}
}

func (s *server) do(t *testing.T, database, statements string) {
	t.Helper()
	if err := s.admin(t.Context(), database, statements); err != nil {
		t.Fatalf("%s: %v", statements, err)
	}
}

// unprivileged is whom a server runs as: servers refuse to run as root.
func unprivileged(names ...string) (*syscall.SysProcAttr, func(path string) error, error) {
	if os.Getuid() != 0 {
		return nil, func(string) error { return nil }, nil
	}
	for _, name := range append(names, "nobody") {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}},
			func(path string) error { return os.Chown(path, uid, gid) }, nil
	}
	return nil, nil, fmt.Errorf("no user to run it as: %v", names)
}

// program finds a server's program where Debian keeps it.
func program(name string, elsewhere ...string) (string, error) {
	for _, glob := range append([]string{"/usr/sbin/" + name}, elsewhere...) {
		found, _ := filepath.Glob(glob)
		if len(found) > 0 {
			slices.Sort(found)
			return found[len(found)-1], nil
		}
	}
	return exec.LookPath(name)
}

// run runs a program to its end.
func run(as *syscall.SysProcAttr, dir, path string, args ...string) error {
	cmd := exec.Command(path, args...)
	cmd.Dir, cmd.SysProcAttr = dir, as
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(path), err, out)
	}
	return nil
}

// launch starts a server, waits until ready answers, and knows how to stop it.
func launch(s *server, as *syscall.SysProcAttr, path string, args ...string) (*server, error) {
	log, err := os.Create(filepath.Join(s.dir, "log"))
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(path, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = s.dir, log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if as != nil {
		cmd.SysProcAttr.Credential = as.Credential
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	s.stop = func() {
		cmd.Process.Signal(s.end)
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			cmd.Process.Kill()
		}
		os.RemoveAll(s.dir)
	}
	var last error
	for range 300 {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		last = s.admin(ctx, "", "select 1")
		cancel()
		if last == nil {
			started = append(started, s)
			return s, nil
		}
		select {
		case err := <-ended:
			text, _ := os.ReadFile(log.Name())
			os.RemoveAll(s.dir)
			return nil, fmt.Errorf("%s ended: %w: %s", filepath.Base(path), err, text)
		case <-time.After(100 * time.Millisecond):
		}
	}
	s.stop()
	return nil, last
}

// folder is short: the name of a socket may have 107 characters.
func folder(own func(string) error) (string, error) {
	dir, err := os.MkdirTemp("", "cdb")
	if err != nil {
		return "", err
	}
	return dir, own(dir)
}

func startPostgres() (*server, error) {
	initdb, err := program("initdb", "/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return nil, err
	}
	as, own, err := unprivileged("postgres")
	if err != nil {
		return nil, err
	}
	dir, err := folder(own)
	if err != nil {
		return nil, err
	}
	secret := filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte(password), 0o600); err != nil {
		return nil, err
	}
	if err := own(secret); err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	if err := run(as, dir, initdb, "-D", data, "-U", "admin", "-E", "UTF8", "--locale=C.UTF-8", "-A", "scram-sha-256",
		"--pwfile", secret, "-N"); err != nil {
		return nil, err
	}
	s := &server{driver: pull.Postgres, dir: dir, end: syscall.SIGINT}
	s.dsn = func(user, password, database string) string {
		u := url.URL{Scheme: "postgres", User: url.UserPassword(user, password), Path: "/" + database,
			RawQuery: url.Values{"host": {dir}}.Encode()}
		return u.String()
	}
	s.admin = func(ctx context.Context, database, statements string) error {
		if database == "" {
			database = "postgres"
		}
		conn, err := pgconn.Connect(ctx, s.dsn("admin", password, database))
		if err != nil {
			return err
		}
		defer conn.Close(ctx)
		_, err = conn.Exec(ctx, statements).ReadAll()
		return err
	}
	if _, err := launch(s, as, filepath.Join(filepath.Dir(initdb), "postgres"), "-D", data, "-k", dir, "-h", "", "-F"); err != nil {
		return nil, err
	}
	// a reader who may also write: what he must not do is up to the pull
	return s, s.admin(context.Background(), "", "create role reader login superuser password '"+password+"'")
}

func startMariaDB() (*server, error) {
	install, err := program("mariadb-install-db", "/usr/bin/mariadb-install-db")
	if err != nil {
		return nil, err
	}
	daemon, err := program("mariadbd")
	if err != nil {
		return nil, err
	}
	as, own, err := unprivileged("mysql")
	if err != nil {
		return nil, err
	}
	dir, err := folder(own)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	if err := run(as, dir, install, "--no-defaults", "--datadir="+data, "--auth-root-authentication-method=normal",
		"--skip-test-db"); err != nil {
		return nil, err
	}
	socket := filepath.Join(dir, "s")
	s := &server{driver: pull.MySQL, dir: dir, end: syscall.SIGKILL}
	s.dsn = func(user, password, database string) string {
		c := mysql.NewConfig()
		c.User, c.Passwd, c.Net, c.Addr, c.DBName = user, password, "unix", socket, database
		return c.FormatDSN()
	}
	s.admin = func(ctx context.Context, database, statements string) error {
		c := mysql.NewConfig()
		c.User, c.Net, c.Addr, c.DBName, c.MultiStatements, c.Logger = "root", "unix", socket, database, true, &mysql.NopLogger{}
		connector, err := mysql.NewConnector(c)
		if err != nil {
			return err
		}
		db := sql.OpenDB(connector)
		defer db.Close()
		_, err = db.ExecContext(ctx, statements)
		return err
	}
	if _, err := launch(s, as, daemon, "--no-defaults", "--datadir="+data, "--socket="+socket, "--skip-networking",
		"--pid-file="+filepath.Join(dir, "pid"),
		"--innodb-flush-log-at-trx-commit=0", "--character-set-server=utf8mb4", "--sql-mode=NO_ENGINE_SUBSTITUTION"); err != nil {
		return nil, err
	}
	return s, s.admin(context.Background(), "", "create user reader@localhost identified by '"+strings.ReplaceAll(password, "'",
		"''")+"'; grant all on *.* to reader@localhost")
}
