package schedules

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"
)

// claim is what came of asking for a due time.
type claim int

const (
	taken   claim = iota // somebody has dealt with it already
	granted              // the caller runs it
	skipped              // recorded as skipped: the job is still running
	full                 // as many jobs run as may at once; nothing is recorded
)

// claimDue asks for one due time of a job, however many run. When it is granted a running row
// with the returned id exists, and no other process can be granted the same.
func (h *History) claimDue(ctx context.Context, job string, due, now time.Time, why Trigger) (c claim, id int64, err error) {
	return h.claimTurn(ctx, job, due, now, why, 0, "")
}

// claimTurn is claimDue where at most parallel jobs may run at once, in all processes, those
// started by hand aside; 0 is no limit. note is kept with what is granted.
func (h *History) claimTurn(ctx context.Context, job string, due, now time.Time, why Trigger, parallel int,
	note string) (c claim, id int64, err error) {
	me, err := h.own(ctx, now)
	if err != nil {
		return taken, 0, fmt.Errorf("claim %s: %w", job, err)
	}
	err = h.update(ctx, func(tx *sql.Tx) error {
		if why != ByHand {
			exists, err := dealtWith(tx, job, due, why)
			if err != nil || exists {
				return err
			}
		}
		if err := interruptDead(tx, me, now); err != nil {
			return err
		}
		busy, err := runningSince(tx, job)
		if err != nil {
			return err
		}
		if busy != "" {
			if c = skipped; why == ByHand {
				return nil
			}
			_, err := tx.Exec(`insert into schedule_run (job, due_at, trigger, status, note) values (?, ?, ?, ?, ?)`,
				job, moment(due), why, Skipped, "the run started at "+busy+" has not ended")
			return err
		}
		if why != ByHand && parallel > 0 {
			var n int
			err := tx.QueryRow(`select count(*) from schedule_run where status = 'running' and trigger <> 'manual'`).Scan(&n)
			if err != nil {
				return err
			}
			if n >= parallel {
				c = full
				return nil
			}
		}
		res, err := tx.Exec(`insert into schedule_run (job, due_at, trigger, status, started_at, owner, note) values (?, ?, ?, ?, ?, ?, ?)`,
			job, moment(due), why, Running, moment(now), me.id, note)
		if err != nil {
			return err
		}
		c = granted
		id, err = res.LastInsertId()
		return err
	})
	if err != nil {
		return taken, 0, fmt.Errorf("claim %s due %s: %w", job, due.Format(time.RFC3339), err)
	}
	return c, id, nil
}

// dealtWith says whether a due time has a row. One that was called missed and is on time after
// all, because the clock was ahead then and has been put back, loses it.
func dealtWith(tx *sql.Tx, job string, due time.Time, why Trigger) (bool, error) {
	if why == OnSchedule {
		_, err := tx.Exec(`delete from schedule_run where job = ? and due_at = ? and trigger <> 'manual' and status = 'missed'`,
			job, moment(due))
		if err != nil {
			return false, err
		}
	}
	var n int
	err := tx.QueryRow(`select count(*) from schedule_run where job = ? and due_at = ? and trigger <> 'manual'`,
		job, moment(due)).Scan(&n)
	return n > 0, err
}

// runningSince is when the job's present run started, "" when there is none.
func runningSince(tx *sql.Tx, job string) (string, error) {
	var started string
	err := tx.QueryRow(`select started_at from schedule_run where job = ? and status = 'running' limit 1`, job).Scan(&started)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return started, err
}

// recover marks what dead processes left running.
func (h *History) recover(ctx context.Context, now time.Time) error {
	me, err := h.own(ctx, now)
	if err != nil {
		return err
	}
	err = h.update(ctx, func(tx *sql.Tx) error { return interruptDead(tx, me, now) })
	if err != nil {
		return fmt.Errorf("recover interrupted runs: %w", err)
	}
	return nil
}

// interruptDead marks running rows whose owner no longer lives. When the run
// really ended nobody knows, so ended_at is left empty.
func interruptDead(tx *sql.Tx, me *owner, now time.Time) error {
	rows, err := tx.Query(`select id, owner from schedule_run where status = 'running'`)
	if err != nil {
		return err
	}
	var dead []int64
	for rows.Next() {
		var id, owner int64
		if err := rows.Scan(&id, &owner); err != nil {
			rows.Close()
			return err
		}
		alive, err := me.alive(owner)
		if err != nil {
			rows.Close()
			return err
		}
		if !alive {
			dead = append(dead, id)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, id := range dead {
		_, err := tx.Exec(`update schedule_run set status = ?, note = ? where id = ?`,
			Interrupted, "the scheduler ended without notice; found at "+moment(now), id)
		if err != nil {
			return err
		}
	}
	return nil
}

// finish closes a granted run. code is nil when the job did not end by itself.
func (h *History) finish(ctx context.Context, id int64, s Status, code *int, output, note string, now time.Time) error {
	_, err := h.db.ExecContext(ctx,
		`update schedule_run set status = ?1, ended_at = ?2, exit_code = ?3, output = ?4,
			note = case when ?5 = '' then note when note = '' then ?5 else note || '; ' || ?5 end where id = ?6`,
		s, moment(now), code, output, note, id)
	if err != nil {
		return fmt.Errorf("record the end of run %d: %w", id, err)
	}
	return nil
}

// miss records due times no daemon was there for. A due time somebody has
// dealt with is left as it is. note goes to the first of them.
func (h *History) miss(ctx context.Context, job string, due []time.Time, note string) error {
	err := h.update(ctx, func(tx *sql.Tx) error {
		for i, at := range due {
			if i > 0 {
				note = ""
			}
			_, err := tx.Exec(`insert into schedule_run (job, due_at, trigger, status, note) values (?, ?, ?, ?, ?)
				on conflict do nothing`, job, moment(at), OnSchedule, Missed, note)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("record missed times of %s: %w", job, err)
	}
	return nil
}

// settled returns, per enabled job, the moment up to which its due times are
// dealt with. A job that is new, or has another timetable than before, starts
// now: it cannot have been missed before it existed. A job that is no longer
// there, or switched off, is forgotten, so that it starts anew when it returns; where
// jobs are not all there are, as a file cannot be read, it may be among the others, and
// its due times until the file is mended are not to be lost.
func (h *History) settled(ctx context.Context, jobs []Job, all bool, now time.Time) (map[string]time.Time, error) {
	upTo := map[string]time.Time{}
	err := h.update(ctx, func(tx *sql.Tx) error {
		known, err := timetables(tx)
		if err != nil {
			return err
		}
		for _, j := range jobs {
			if !j.Enabled {
				continue
			}
			at, err := settledJob(tx, j, known[j.Name], now)
			if err != nil {
				return err
			}
			upTo[j.Name] = at
		}
		for name := range known {
			if _, ok := upTo[name]; !ok && (all || switchedOff(jobs, name)) {
				if _, err := tx.Exec(`delete from schedule_job where job = ?`, name); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read where the schedule stood: %w", err)
	}
	return upTo, nil
}

func switchedOff(jobs []Job, name string) bool {
	return slices.ContainsFunc(jobs, func(j Job) bool { return j.Name == name && !j.Enabled })
}

// settledJob is one job's part of settled; known is its stored timetable.
func settledJob(tx *sql.Tx, j Job, known string, now time.Time) (time.Time, error) {
	timetable := j.Cron + " " + j.Location.String()
	if known != timetable {
		_, err := tx.Exec(`insert into schedule_job (job, timetable, since) values (?1, ?2, ?3)
			on conflict (job) do update set timetable = ?2, since = ?3`, j.Name, timetable, moment(now))
		return now, err
	}
	var text string
	err := tx.QueryRow(`
		select max(min(since, ?2),
			coalesce((select max(due_at) from schedule_run where job = ?1 and trigger <> 'manual' and due_at <= ?2), ''))
		from schedule_job where job = ?1`, j.Name, moment(now)).Scan(&text)
	if err != nil {
		return now, err
	}
	// What was written while the machine's clock was ahead does not count.
	return parseMoment(text)
}

func timetables(tx *sql.Tx) (map[string]string, error) {
	rows, err := tx.Query(`select job, timetable from schedule_job`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	known := map[string]string{}
	for rows.Next() {
		var job, timetable string
		if err := rows.Scan(&job, &timetable); err != nil {
			return nil, err
		}
		known[job] = timetable
	}
	return known, rows.Err()
}
