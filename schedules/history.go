package schedules

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"citykpi/pipeline/durable"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Status says what became of a due time.
type Status string

const (
	Running     Status = "running"
	Done        Status = "done"        // exit code 0
	Failed      Status = "failed"      // any other exit code, or it could not start
	TimedOut    Status = "timed_out"   // stopped at the job's timeout
	Interrupted Status = "interrupted" // the scheduler ended, or died, under it
	Skipped     Status = "skipped"     // the job's previous run had not ended
	Missed      Status = "missed"      // no daemon ran at that time
)

// Trigger says why a run started.
type Trigger string

const (
	OnSchedule Trigger = "schedule"
	OnCatchUp  Trigger = "catch_up" // after its due time, by catch_up: latest
	ByHand     Trigger = "manual"
)

// Record is one line of the history. Times are UTC; a time that has not come,
// or never will, is nil, as is the exit code of what did not end by itself.
type Record struct {
	ID        int64      `json:"id"`
	Job       string     `json:"job"`
	DueAt     time.Time  `json:"due_at"`
	Trigger   Trigger    `json:"trigger"`
	Status    Status     `json:"status"`
	StartedAt *time.Time `json:"started_at"`
	EndedAt   *time.Time `json:"ended_at"`
	ExitCode  *int       `json:"exit_code"`
	Output    string     `json:"output"` // last lines of the job's standard error
	Note      string     `json:"note"`   // why it was skipped, interrupted, …
}

// History is the durable record of what ran and what did not: a SQLite file
// that several processes may use at once.
type History struct {
	db   *sql.DB
	path string

	mu    sync.Mutex
	owner *owner // this process as a runner of jobs, once it is one
}

// Open opens the history, and makes or upgrades the file at path as needed;
// its folder must exist. The caller closes it.
func Open(path string) (*History, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open schedule history %s: %w", path, err)
	}
	if _, err := os.Stat(filepath.Dir(abs)); err != nil {
		return nil, fmt.Errorf("open schedule history %s: %w. Try: citykpi init, or --project with the project's folder", path, err)
	}
	// Made here, SQLite would leave it open to others; its -wal and -shm take the mode of the file.
	if f, err := durable.OpenFile(abs, os.O_RDWR|os.O_CREATE|os.O_EXCL); err == nil {
		f.Close()
	} else if !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("open schedule history %s: %w", path, err)
	}
	// FULL, because a claim lost with the power would let a due time run twice.
	dsn := "file:" + (&url.URL{Path: abs}).EscapedPath() + "?" + url.Values{
		"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)"},
		"_txlock": {"immediate"},
	}.Encode()
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("open schedule history %s: %w", path, err)
	}
	// One connection: a process never waits for a lock that it holds itself.
	db.SetMaxOpenConns(1)
	h := &History{db: db, path: abs}
	if err := oneAtATime(abs, func() error { return h.migrate(context.Background()) }); err != nil {
		db.Close()
		return nil, fmt.Errorf("open schedule history %s: %w%s", path, err, damageHint(err))
	}
	return h, nil
}

// Close ends this process's ownership of its runs: what it left running is
// from now on interrupted.
func (h *History) Close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.owner != nil {
		h.owner.release()
		h.owner = nil
	}
	return h.db.Close()
}

//go:embed migrations/*.sql
var migrations embed.FS

// migrationFiles in the order of the user_version they lead to, from 1. A
// published one is never edited.
var migrationFiles = []string{"migrations/1_history.sql", "migrations/2_by_due_time.sql"}

func (h *History) migrate(ctx context.Context) error {
	var version int
	err := h.db.QueryRowContext(ctx, "pragma user_version").Scan(&version)
	if err != nil || version == len(migrationFiles) {
		return err
	}
	return h.update(ctx, func(tx *sql.Tx) error {
		// Another process may have been faster.
		if err := tx.QueryRow("pragma user_version").Scan(&version); err != nil {
			return err
		}
		if version > len(migrationFiles) {
			return fmt.Errorf("state version %d, this citykpi knows %d: %w. Try: the newer citykpi",
				version, len(migrationFiles), ErrNewerState)
		}
		for n := version; n < len(migrationFiles); n++ {
			text, err := migrations.ReadFile(migrationFiles[n])
			if err != nil {
				return err
			}
			if _, err := tx.Exec(string(text)); err != nil {
				return fmt.Errorf("%s: %w", migrationFiles[n], err)
			}
		}
		_, err := tx.Exec(fmt.Sprintf("pragma user_version = %d", len(migrationFiles)))
		return err
	})
}

// damageHint is the next step for a file SQLite cannot read.
func damageHint(err error) string {
	var e *sqlite.Error
	if errors.As(err, &e) && (e.Code() == sqlite3.SQLITE_NOTADB || e.Code() == sqlite3.SQLITE_CORRUPT) {
		return ". Try: move the file away; a new, empty history is made"
	}
	return ""
}

// update runs f in a transaction that holds the write lock from its start, so
// that what f reads is still true when it writes.
func (h *History) update(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := h.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after Commit
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// Filter narrows List; its zero value takes everything.
type Filter struct {
	Job    string
	Status Status
	DueBy  time.Time // only what was due by then; zero: all
	Brief  bool      // without what jobs said
	Limit  int       // 0 means no limit
}

// List returns records, the latest due time first.
func (h *History) List(ctx context.Context, f Filter) ([]Record, error) {
	if f.Limit <= 0 {
		f.Limit = -1
	}
	by := ""
	if !f.DueBy.IsZero() {
		by = moment(f.DueBy)
	}
	output := "output"
	if f.Brief {
		output = "''"
	}
	return h.records(ctx, output, `where (?1 = '' or job = ?1) and (?2 = '' or status = ?2) and (?4 = '' or due_at <= ?4)
		order by due_at desc, id desc limit ?3`, f.Job, f.Status, f.Limit, by)
}

func (h *History) get(ctx context.Context, id int64) (Record, error) {
	list, err := h.records(ctx, "output", `where id = ?`, id)
	if err != nil {
		return Record{}, err
	}
	if len(list) == 0 {
		return Record{}, fmt.Errorf("run %d is not in the schedule history", id)
	}
	return list[0], nil
}

func (h *History) records(ctx context.Context, output, which string, args ...any) ([]Record, error) {
	rows, err := h.db.QueryContext(ctx, `
		select id, job, due_at, trigger, status, started_at, ended_at, exit_code, `+output+`, note
		from schedule_run `+which, args...)
	if err != nil {
		return nil, fmt.Errorf("list schedule history: %w", err)
	}
	defer rows.Close()
	list := []Record{} // an empty history is [] in JSON
	for rows.Next() {
		r, err := scanRecord(rows)
		if err != nil {
			return nil, fmt.Errorf("list schedule history: %w", err)
		}
		list = append(list, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("list schedule history: %w", err)
	}
	return list, nil
}

func scanRecord(rows *sql.Rows) (Record, error) {
	var r Record
	var due string
	var started, ended sql.NullString
	var code sql.NullInt64
	err := rows.Scan(&r.ID, &r.Job, &due, &r.Trigger, &r.Status, &started, &ended, &code, &r.Output, &r.Note)
	if err != nil {
		return r, err
	}
	if r.DueAt, err = parseMoment(due); err != nil {
		return r, err
	}
	for _, m := range []struct {
		text sql.NullString
		to   **time.Time
	}{{started, &r.StartedAt}, {ended, &r.EndedAt}} {
		if !m.text.Valid {
			continue
		}
		t, err := parseMoment(m.text.String)
		if err != nil {
			return r, err
		}
		*m.to = &t
	}
	if code.Valid {
		c := int(code.Int64)
		r.ExitCode = &c
	}
	return r, nil
}

const momentLayout = "2006-01-02T15:04:05.000Z"

func moment(t time.Time) string { return t.UTC().Format(momentLayout) }

func parseMoment(s string) (time.Time, error) { return time.Parse(momentLayout, s) }
