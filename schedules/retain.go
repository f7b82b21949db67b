package schedules

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

const (
	// mostRows bounds the history however short the time in which it came about: a job of every
	// minute makes as many in a week.
	mostRows = 10_000
	// pruneAtOnce keeps one transaction short: others wait for it.
	pruneAtOnce = 2_000
	// slack is how many bytes of the file may be empty before it is written anew.
	slack = 1 << 20
)

// Prune forgets due times that are more than some days older than the newest that has come, and
// all but the newest ten thousand, whole rows at a time, and gives their room back to the disk.
// What runs stays, and so does the newest due time of each job: it says up to when the job is
// settled. It returns how many were forgotten.
func (h *History) Prune(ctx context.Context, days int, now time.Time) (n int, err error) {
	var newest sql.NullString
	err = h.db.QueryRowContext(ctx, `select max(due_at) from schedule_run where due_at <= ?`, moment(now)).Scan(&newest)
	if err != nil {
		return 0, fmt.Errorf("prune the schedule's history: %w", err)
	}
	if !newest.Valid {
		return 0, nil
	}
	last, err := parseMoment(newest.String)
	if err != nil {
		return 0, fmt.Errorf("prune the schedule's history: %w", err)
	}
	before := last.AddDate(0, 0, -days)
	for {
		gone, err := h.pruneSome(ctx, before)
		n += gone
		if err != nil {
			return n, fmt.Errorf("prune the schedule's history: %w", err)
		}
		if gone < pruneAtOnce {
			break
		}
	}
	if err := h.pruneOwners(ctx); err != nil {
		return n, fmt.Errorf("prune the schedule's history: %w", err)
	}
	if err := h.shrink(ctx); err != nil {
		return n, fmt.Errorf("shrink the schedule's history: %w", err)
	}
	return n, nil
}

func (h *History) pruneSome(ctx context.Context, before time.Time) (gone int, err error) {
	err = h.update(ctx, func(tx *sql.Tx) error {
		res, err := tx.Exec(`
			delete from schedule_run where id in (
				select id from schedule_run
				where (due_at < ?1 or due_at < (select due_at from schedule_run order by due_at desc limit 1 offset ?2))
					and status <> 'running'
					and id not in (
						select r.id from schedule_job as j, schedule_run as r
						where r.job = j.job and r.trigger <> 'manual'
							and r.due_at = (select max(due_at) from schedule_run where job = j.job and trigger <> 'manual'))
				order by due_at limit ?3)`, moment(before), mostRows-1, pruneAtOnce)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		gone = int(n)
		return err
	})
	return gone, err
}

// pruneOwners forgets processes that neither live nor stand behind a run that is kept.
func (h *History) pruneOwners(ctx context.Context) error {
	file, err := openOwners(h.path)
	if err != nil {
		return err
	}
	defer file.Close()
	look := &owner{file: file} // owns nothing
	return h.update(ctx, func(tx *sql.Tx) error {
		rows, err := tx.Query(`select id from schedule_owner where id not in (select owner from schedule_run where owner is not null)`)
		if err != nil {
			return err
		}
		defer rows.Close()
		var dead []int64
		for rows.Next() {
			var id int64
			if err := rows.Scan(&id); err != nil {
				return err
			}
			alive, err := look.alive(id)
			if err != nil {
				return err
			}
			if !alive && (h.owner == nil || h.owner.id != id) {
				dead = append(dead, id)
			}
		}
		if err := rows.Err(); err != nil {
			return err
		}
		for _, id := range dead {
			if _, err := tx.Exec(`delete from schedule_owner where id = ?`, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// shrink writes the file anew where much of it is empty.
func (h *History) shrink(ctx context.Context) error {
	var free, size, pages int64
	for of, into := range map[string]*int64{"freelist_count": &free, "page_size": &size, "page_count": &pages} {
		if err := h.db.QueryRowContext(ctx, "pragma "+of).Scan(into); err != nil {
			return err
		}
	}
	if free*size < slack || free*8 < pages {
		return nil
	}
	if _, err := h.db.ExecContext(ctx, "vacuum"); err != nil {
		return err
	}
	_, err := h.db.ExecContext(ctx, "pragma wal_checkpoint(truncate)")
	return err
}
