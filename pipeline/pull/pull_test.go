package pull_test

import (
	"errors"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/pull"
	"citykpi/pipeline/source/contract"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
)

var day = kpi.Date{Year: 2026, Month: 9, Day: 30}

// contractOf pulls by a query; watermark "" pulls everything each time.
func contractOf(t *testing.T, query, watermark string) *contract.Contract {
	t.Helper()
	text := "source: change\nname: 企业变更\nbureau: 市某局\nfiles: ['企业变更_*']\nmode: append\nkey: [code]\ndata_date: [file_name]\n" +
		"pull:\n  connection: registry\n  query: |-\n    " + strings.ReplaceAll(query, "\n", "\n    ") + "\n"
	if watermark != "" {
		text += "  watermark: " + watermark + "\n"
	}
	c, err := contract.Parse("data/sources/change.yaml", []byte(text+"columns:\n  code: {cn: [code], type: text}\n"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// fetch pulls and returns the rows as lines of cells, NULL as ∅.
func fetch(t *testing.T, conn pull.Connection, c *contract.Contract, last lake.Pull) ([]string, pull.Export) {
	t.Helper()
	dir := t.TempDir()
	x, err := pull.Fetch(t.Context(), conn, c, last, day, dir)
	if err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if x.Path == "" {
		if len(left) > 0 {
			t.Errorf("nothing new, but %s is left", left[0].Name())
		}
		return nil, x
	}
	rows := readSheet(t, x.Path)
	if int64(len(rows)) != x.Pull.Rows {
		t.Errorf("%d rows are written and %d said", len(rows), x.Pull.Rows)
	}
	return rows, x
}

func readSheet(t *testing.T, path string) []string {
	t.Helper()
	r, err := file.OpenParquetFile(path, false)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var rows []string
	for g := range r.NumRowGroups() {
		group := r.RowGroup(g)
		n := int(group.NumRows())
		lines := make([][]string, n)
		for i := range r.MetaData().Schema.NumColumns() {
			column, err := group.Column(i)
			if err != nil {
				t.Fatal(err)
			}
			levels, at := make([]int16, n), 0
			var value func(k int) string
			switch column := column.(type) {
			case *file.ByteArrayColumnChunkReader:
				values := make([]parquet.ByteArray, n)
				_, _, err = column.ReadBatch(int64(n), values, levels, nil)
				value = func(k int) string { return string(values[k]) }
			case *file.Float64ColumnChunkReader:
				values := make([]float64, n)
				_, _, err = column.ReadBatch(int64(n), values, levels, nil)
				value = func(k int) string { return "float " + strconv.FormatFloat(values[k], 'g', -1, 64) }
			}
			if err != nil {
				t.Fatal(err)
			}
			for k, level := range levels {
				if level == 0 {
					lines[k] = append(lines[k], "∅")
					continue
				}
				lines[k] = append(lines[k], value(at))
				at++
			}
		}
		for _, l := range lines {
			rows = append(rows, strings.Join(l, "|"))
		}
	}
	return rows
}

func wantRows(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s:\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Every type comes as the database writes it: no digit is lost, no moment moved
// but into China's time, NULL is not the empty text.
func TestTypes(t *testing.T) {
	text := "“引号” ' \" \u2028 龴 😀"
	quoted := "'" + strings.ReplaceAll(text, "'", "''") + "'"
	for _, c := range []struct{ driver, create, insert, want string }{
		{pull.Postgres, `create type mood as enum ('好', '坏');
create table x (code text, amount numeric(18,2), big numeric(30,0), any_scale numeric, day date, at timestamp, atz timestamptz,
  flag boolean, n bigint, small smallint, f real, d double precision, fixed char(4), id uuid, span interval, clock time,
  m mood, tags text[], j jsonb)`,
			`insert into x values (` + quoted + `, 9999999999999999.99, 123456789012345678901234567890, 0.10,
  '2026-02-28', '2026-02-28 23:59:59.123456', '2026-02-28 23:59:59.5+00',
  true, 9223372036854775807, -32768, 0.1, 0.1, 'ab', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
  '1 day 2 hours', '08:00', '坏', '{a,b}', '{"k": 1}'),
 ('', null, null, null, 'infinity', '-infinity', '0044-03-15 00:00:00+00 BC', false, null, null,
  'NaN', '-1e300', '', null, null, null, null, null, null)`,
			`|∅|∅|∅|infinity|-infinity|0044-03-15 08:05:43+08:05:43 BC|false|∅|∅|float NaN|float -1e+300|    |∅|∅|∅|∅|∅|∅
` + text + `|9999999999999999.99|123456789012345678901234567890|0.10|2026-02-28|2026-02-28 23:59:59.123456|` +
				`2026-03-01 07:59:59.5+08|true|9223372036854775807|-32768|float 0.1|float 0.1|ab  |` +
				`a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|P1DT2H|08:00:00|坏|{a,b}|{"k": 1}`},
		{pull.MySQL, `create table x (code text, amount decimal(18,2), big decimal(30,0), day date, at datetime(6), atz timestamp(1) null,
  flag boolean, bits bit(9), n bigint, u bigint unsigned, f float, d double, fixed char(4), m enum('好','坏'), y year, clock time, j json)`,
			`set time_zone='+00:00'; insert into x values (` + quoted + `, 9999999999999999.99, 123456789012345678901234567890,
  '2026-02-28', '2026-02-28 23:59:59.123456', '2026-02-28 23:59:59.5',
  true, b'100000001', -9223372036854775808, 18446744073709551615, 0.1, 0.1, 'ab', '坏', 2026, '08:00:00', '{"k": 1}'),
 ('', null, null, '0000-00-00', '9999-12-31 23:59:59', null, false, null, null, null, 16777217, -1e300, '', null, null, null, null)`,
			`|∅|∅|0000-00-00|9999-12-31 23:59:59.000000|∅|0|∅|∅|∅|float 1.6777216e+07|float -1e+300||∅|∅|∅|∅
` + text + `|9999999999999999.99|123456789012345678901234567890|2026-02-28|2026-02-28 23:59:59.123456|` +
				`2026-03-01 07:59:59.5|1|257|-9223372036854775808|18446744073709551615|float 0.1|float 0.1|ab|坏|2026|08:00:00|{"k": 1}`},
	} {
		t.Run(c.driver, func(t *testing.T) {
			_, _, conn := fresh(t, c.driver, c.create+";"+c.insert)
			rows, _ := fetch(t, conn, contractOf(t, "select * from x", ""), lake.Pull{})
			wantRows(t, "rows", rows, strings.Split(c.want, "\n")...)
		})
	}
}

// each runs a test on every kind of server.
func each(t *testing.T, test func(t *testing.T, d dialect)) {
	for _, d := range dialects {
		t.Run(d.driver, func(t *testing.T) { test(t, d) })
	}
}

// A pull takes exactly the rows that are new or changed since the one before,
// also where they share its last watermark, and says so when there are none.
func TestWatermark(t *testing.T) {
	each(t, func(t *testing.T, d dialect) {
		s, name, conn := fresh(t, d.driver, `create table x (code varchar(20), n int, updated_at `+d.moment+`);
insert into x values ('b', 1, '2026-09-01 10:00:00.000001'), ('a', 1, '2026-09-01 10:00:00.000001'), ('c', 1, '2026-08-01 00:00:00')`)
		c := contractOf(t, "select code, n, updated_at from x", "updated_at")
		short := func(rows []string) (out []string) {
			for _, r := range rows {
				out = append(out, r[:3])
			}
			return out
		}
		rows, x := fetch(t, conn, c, lake.Pull{})
		wantRows(t, "first", short(rows), "c|1", "a|1", "b|1")
		if x.Pull.From != "" || !strings.HasPrefix(x.Pull.To, "2026-09-01 18:00:00.000001") { // the server is of UTC, the pull of China
			t.Errorf("pull %+v", x.Pull)
		}
		first := x.Pull

		rows, x = fetch(t, conn, c, first)
		wantRows(t, "nothing new", rows)
		if x.Pull.From != first.To || x.Pull.To != first.To || x.Pull.Edge != first.Edge {
			t.Errorf("nothing new, but %+v after %+v", x.Pull, first)
		}

		s.do(t, name, `insert into x values ('e', 1, '2026-09-02 00:00:00'); update x set n = 2, `+
			`updated_at = '2026-09-03 00:00:00' where code = 'c'`)
		rows, x = fetch(t, conn, c, first)
		wantRows(t, "one new, one changed", short(rows), "e|1", "c|2")
		second := x.Pull

		s.do(t, name, `insert into x values ('d', 1, '2026-09-03 00:00:00')`)
		rows, x = fetch(t, conn, c, second)
		wantRows(t, "new at the same watermark", short(rows), "c|2", "d|1")
		if x.Pull.To != second.To || x.Pull.Edge == second.Edge {
			t.Errorf("pull %+v after %+v", x.Pull, second)
		}

		rows, _ = fetch(t, conn, contractOf(t, "select code, n, updated_at from x where n > 0", "updated_at"), x.Pull)
		wantRows(t, "another query", short(rows), "a|1", "b|1", "e|1", "c|2", "d|1")
		elsewhere := conn
		elsewhere.Name = "copy"
		if rows, _ = fetch(t, elsewhere, c, x.Pull); len(rows) != 5 {
			t.Errorf("another connection: %d rows, want all", len(rows))
		}
	})
}

// Numbers beyond what a float can tell apart are watermarks too.
func TestWatermarkOfLargeNumbers(t *testing.T) {
	each(t, func(t *testing.T, d dialect) {
		for _, typ := range []string{"bigint", "decimal(30,1)", "date"} {
			values := []string{"9007199254740992", "9007199254740993"}
			if typ == "date" {
				values = []string{"'2026-09-29'", "'2026-09-30'"}
			}
			s, name, conn := fresh(t, d.driver, "create table x (code varchar(9), v "+typ+"); insert into x values ('a', "+values[0]+")")
			c := contractOf(t, "select code, v from x", "v")
			_, x := fetch(t, conn, c, lake.Pull{})
			s.do(t, name, "insert into x values ('b', "+values[1]+")")
			rows, y := fetch(t, conn, c, x.Pull)
			if len(rows) != 1 || !strings.HasPrefix(rows[0], "b|") {
				t.Errorf("%s: %q after %q", typ, rows, x.Pull.To)
			}
			if rows, _ := fetch(t, conn, c, y.Pull); rows != nil {
				t.Errorf("%s: again %q", typ, rows)
			}
		}
	})
}

// The same rows are the same bytes, however the table keeps them.
func TestSameRowsSameBytes(t *testing.T) {
	each(t, func(t *testing.T, d dialect) {
		s, name, conn := fresh(t, d.driver, `create table x (code varchar(20), v varchar(20)); insert into x values ('b', 'x'), `+
			`('a', 'X'), ('a', 'x'), ('A', null)`)
		c := contractOf(t, "select * from x; ", "")
		rows, x := fetch(t, conn, c, lake.Pull{})
		wantRows(t, "rows", rows, "A|∅", "a|X", "a|x", "b|x")
		s.do(t, name, `delete from x; insert into x values ('a', 'x'), ('A', null), ('b', 'x'), ('a', 'X')`)
		if _, y := fetch(t, conn, c, x.Pull); y.SHA256 != x.SHA256 {
			t.Error("the same rows in another order are other bytes")
		}
		s.do(t, name, `update x set v = '' where v is null`)
		if _, y := fetch(t, conn, c, x.Pull); y.SHA256 == x.SHA256 {
			t.Error("other rows are the same bytes")
		}
		s.do(t, name, `delete from x`)
		if rows, y := fetch(t, conn, c, lake.Pull{}); rows != nil || y.Path != "" {
			t.Errorf("no rows, but %q", rows)
		}
	})
}

// What cannot be pulled is said in one line: where, why, what next.
func TestRefused(t *testing.T) {
	each(t, func(t *testing.T, d dialect) {
		writes := "create sequence s; create function bump() returns int language sql as 'insert into x values (''new'', null, " +
			"null) returning 1'"
		if d.driver == pull.MySQL {
			writes = "create function bump() returns int begin insert into x values ('new', null, null); return 1; end"
		}
		bytes := map[string]string{pull.Postgres: "bytea", pull.MySQL: "blob"}[d.driver]
		s, name, conn := fresh(t, d.driver, `create table x (code varchar(20), raw `+bytes+`, updated_at `+d.moment+` null);
insert into x values ('a', null, '2026-09-01 00:00:00'), ('b', null, null), ('c', null, '2036-09-01 00:00:00'); `+writes)
		for _, c := range []struct {
			what, query, watermark string
			err                    error
			words                  []string
		}{
			{"null", "select code, updated_at from x", "updated_at", pull.ErrWatermark,
				[]string{"change.yaml:11: ", "updated_at is NULL", "coalesce(updated_at"}},
			{"future", "select code, updated_at from x where code <> 'b'", "updated_at", pull.ErrWatermark,
				[]string{"reaches 2036-09-01", "a day to come"}},
			{"no such column", "select code from x", "updated_at", pull.ErrWatermark, []string{"no column updated_at among code"}},
			{"text", "select code from x", "code", pull.ErrWatermark, []string{"code is neither"}},
			{"bytes", "select code, raw from x", "", pull.ErrColumns, []string{"column raw is " + strings.ToUpper(bytes)[:4], "Try: "}},
			{"unknown table", "select code\nfrom y", "", pull.ErrQuery, []string{"y", "Try: run the query by hand"}},
			{"syntax", "select code\nfrom x\nwhere where", "", pull.ErrQuery, []string{"change.yaml:13: "}},
			{"two statements", "select code from x; delete from x", "", pull.ErrQuery, nil},
			{"out of the brackets", "select 1 as a) as x; delete from x; select * from (select 1 as a", "", pull.ErrQuery, nil},
			{"a function that writes", "select bump() as code", "", pull.ErrQuery, []string{"read"}},
			{"too long", map[string]string{pull.Postgres: "select pg_sleep(20)::text as code",
				pull.MySQL: "select sleep(20) as code"}[d.driver], "", pull.ErrQuery, nil},
		} {
			t.Run(c.what, func(t *testing.T) {
				conn, dir := conn, t.TempDir()
				if c.what == "too long" {
					conn.Timeout = time.Second
				}
				_, err := pull.Fetch(t.Context(), conn, contractOf(t, c.query, c.watermark), lake.Pull{}, day, dir)
				t.Log(err)
				if !errors.Is(err, c.err) {
					t.Fatalf("error %v, want %v", err, c.err)
				}
				for _, words := range append(c.words, "connection registry", "data/sources/change.yaml:1") {
					if !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(words)) {
						t.Errorf("%q is not in: %v", words, err)
					}
				}
				if strings.Contains(err.Error(), "\n") {
					t.Errorf("more than one line: %v", err)
				}
				if left, _ := os.ReadDir(dir); len(left) > 0 {
					t.Errorf("%s is left", left[0].Name())
				}
			})
		}
		rows, _ := fetch(t, conn, contractOf(t, "select code from x", ""), lake.Pull{})
		wantRows(t, "untouched", rows, "a", "b", "c")
		s.do(t, name, "drop table x")
	})
	_, _, conn := fresh(t, pull.Postgres, "create table x (code text)")
	for query, words := range map[string]string{
		"select code, code from x":        "two columns are called code",
		"select nextval('s') as n from x": "s",
		"select 12.5::money as amount":    "column amount is money",
		"select set_config('transaction_read_only', 'off', true) as a, (select count(*) from x) as b": "must be set before any query",
	} {
		_, err := pull.Fetch(t.Context(), conn, contractOf(t, query, ""), lake.Pull{}, day, t.TempDir())
		if err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v", query, err)
		}
	}
}

// Nobody is let in, or nobody is there: the message names the connection and
// the next step, and never the password.
func TestConnections(t *testing.T) {
	each(t, func(t *testing.T, d dialect) {
		s, name, good := fresh(t, d.driver, "create table x (code text)")
		gone := map[string]string{
			pull.Postgres: "postgres://reader:Geheim%2342%40%2Fx@127.0.0.1:1/" + name,
			pull.MySQL:    "reader:" + password + "@tcp(127.0.0.1:1)/" + name,
		}[d.driver]
		for _, c := range []struct {
			what, dsn string
			err       error
			words     string
		}{
			{"right", s.dsn("reader", password, name), nil, ""},
			{"wrong password", s.dsn("reader", password+"y", name), pull.ErrConnect, "Try: correct the user or the password in "},
			{"no such user", s.dsn("nobody", password, name), pull.ErrConnect, "Try: correct the user or the password in "},
			{"no such database", s.dsn("reader", password, "nowhere"), pull.ErrConnect, "nowhere"},
			{"down", gone, pull.ErrConnect, "Try: ask whether the database is up"},
			{"malformed", "reader:Geheim@@:::x y", pull.ErrConnection, "Try: write it as "},
			{"empty", "", pull.ErrConnection, "Try: "},
		} {
			t.Run(c.what, func(t *testing.T) {
				conn := pull.Connection{Name: "registry", Driver: d.driver, DSNFile: filepath.Join(t.TempDir(), "dsn")}
				if err := os.WriteFile(conn.DSNFile, []byte(c.dsn), 0o600); err != nil {
					t.Fatal(err)
				}
				if conn.Exposed() {
					t.Error("a file of mode 600 counts as readable by others")
				}
				if os.Chmod(conn.DSNFile, 0o640); !conn.Exposed() {
					t.Error("a file of mode 640 does not count as readable by others")
				}
				about, err := pull.Check(t.Context(), conn)
				if err != nil {
					t.Log(err)
				}
				if !errors.Is(err, c.err) {
					t.Fatalf("%q, %v, want %v", about, err, c.err)
				}
				if err == nil {
					return
				}
				if words := err.Error(); !strings.Contains(words, c.words) ||
					!strings.HasPrefix(words, "connection registry: ") || strings.Contains(words, "\n") {
					t.Errorf("want %q in %q", c.words, words)
				}
				if strings.Contains(err.Error(), "Geheim") {
					t.Errorf("the password is in %v", err)
				}
			})
		}
		good.DSNFile, good.DSNEnv = "", "CITYKPI_TEST_DSN"
		if _, err := pull.Check(t.Context(), good); !errors.Is(err, pull.ErrConnection) ||
			!strings.Contains(err.Error(), "CITYKPI_TEST_DSN is empty") {
			t.Errorf("an empty variable: %v", err)
		}
		t.Setenv("CITYKPI_TEST_DSN", s.dsn("reader", password, name))
		if about, err := pull.Check(t.Context(), good); err != nil ||
			!strings.Contains(about, map[string]string{pull.Postgres: "PostgreSQL", pull.MySQL: "MariaDB"}[d.driver]) {
			t.Errorf("by variable: %q, %v", about, err)
		}
	})
}

// 200,000 rows, 130 MB of text, go through the memory of a chunk.
func TestMemoryIsBounded(t *testing.T) {
	const rows, limit = 200_000, 96 << 20
	each(t, func(t *testing.T, d dialect) {
		query := "select n as code, repeat(md5(n::text), 20) as words from generate_series(1, " + strconv.Itoa(rows) + ") as n"
		if d.driver == pull.MySQL {
			query = "select seq as code, repeat(md5(seq), 20) as words from seq_1_to_" + strconv.Itoa(rows)
		}
		_, _, conn := fresh(t, d.driver, "create table x (code text)")
		c := contractOf(t, query, "code")
		defer debug.SetGCPercent(debug.SetGCPercent(10)) // what is counted is in use, not rubbish
		stop, most := make(chan struct{}), make(chan uint64)
		var before runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		go func() {
			var m runtime.MemStats
			var peak uint64
			for {
				select {
				case <-stop:
					most <- peak
					return
				case <-time.After(5 * time.Millisecond):
					runtime.ReadMemStats(&m)
					peak = max(peak, m.HeapAlloc)
				}
			}
		}()
		dir := t.TempDir()
		began := time.Now()
		x, err := pull.Fetch(t.Context(), conn, c, lake.Pull{}, day, dir)
		took := time.Since(began)
		close(stop)
		peak := <-most
		if err != nil || x.Pull.Rows != rows || x.Pull.To != strconv.Itoa(rows) {
			t.Fatalf("%+v, %v", x, err)
		}
		t.Logf("%d rows in %s, %d MB of heap at most", rows, took.Round(time.Millisecond), peak>>20)
		if peak > before.HeapAlloc+limit {
			t.Errorf("%d MB of heap for %d rows, want at most %d MB", (peak-before.HeapAlloc)>>20, rows, limit>>20)
		}
	})
}

// A disk that is full is no fault of the query, and leaves nothing behind.
func TestDiskIsFull(t *testing.T) {
	_, _, conn := fresh(t, pull.Postgres, "create table x (code text); "+
		"insert into x select md5(n::text) from generate_series(1, 200000) as n")
	dir := t.TempDir()
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ) // the limit is far above the log that go test keeps
	defer signal.Reset(syscall.SIGXFSZ)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1 << 20, Max: before.Max}); err != nil {
		t.Fatal(err)
	}
	_, err := pull.Fetch(t.Context(), conn, contractOf(t, "select code from x", ""), lake.Pull{}, day, dir)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	if !errors.Is(err, syscall.EFBIG) || errors.Is(err, pull.ErrQuery) {
		t.Errorf("error %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%s is left", left[0].Name())
	}
}

// A link that somebody puts where the file will be is not written through.
func TestLinkIsNotFollowed(t *testing.T) {
	_, _, conn := fresh(t, pull.Postgres, "create table x (code text)")
	dir := t.TempDir()
	victim := filepath.Join(t.TempDir(), "victim")
	if err := os.WriteFile(victim, []byte("precious"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(victim, filepath.Join(dir, ".change.pulling")); err != nil {
		t.Fatal(err)
	}
	if _, err := pull.Fetch(t.Context(), conn, contractOf(t, "select 'a' as code", ""), lake.Pull{}, day, dir); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(victim); string(text) != "precious" {
		t.Errorf("written through the link: %q", text)
	}
}

// The words of a connection that cannot be right are refused before anything is asked.
func TestProblem(t *testing.T) {
	for _, c := range []struct {
		conn pull.Connection
		key  string
		want string
	}{
		{pull.Connection{Driver: pull.MySQL, DSNEnv: "A"}, "", ""},
		{pull.Connection{Driver: "oracle", DSNEnv: "A"}, "driver", `driver "oracle" is unknown; want postgres or mysql`},
		{pull.Connection{Driver: pull.Postgres}, "", "want one of dsn_file"},
		{pull.Connection{Driver: pull.Postgres, DSNEnv: "A", DSNFile: "b"}, "", "want one of dsn_file"},
		{pull.Connection{Driver: pull.Postgres, DSNEnv: "A", Timeout: -1}, "timeout", "want a positive time"},
	} {
		key, what := c.conn.Problem()
		if key != c.key || !strings.HasPrefix(what, c.want) || (c.want == "") != (what == "") {
			t.Errorf("%+v: %s: %s", c.conn, key, what)
		}
	}
}
