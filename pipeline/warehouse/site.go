package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"citykpi/pipeline/duck"
	"citykpi/pipeline/kpi"
)

// Site reads what stands behind the figures of one release, for the pages that
// open them. It may be used by several goroutines, once Detail has returned.
type Site struct {
	db      *DB
	asOf    kpi.Date
	named   map[string]bool // commitments with facts: whether these name enterprises; nil before Detail
	behind  sync.Once
	origins map[string]origin          // of batches
	within  map[string]map[string]bool // the regions of a region, itself among them
	err     error                      // of reading these two
}

// manyBytes is how large a release database is whose queries are worth several threads each;
// pages are written several at a time.
const manyBytes = 128 << 20

// OpenSite opens a release database for reading by the queries of sql/page; it stays as it is on disk. Close it.
func OpenSite(ctx context.Context, path string, pages fs.FS, asOf kpi.Date) (*Site, error) {
	lim := duck.Limits{ReadOnly: true}
	if f, err := os.Stat(path); err == nil && f.Size() < manyBytes {
		lim.Threads = 1
	}
	db, err := Open(ctx, path, lim)
	if err != nil {
		return nil, err
	}
	db.pages = pages
	return &Site{db: db, asOf: asOf}, nil
}

// Close closes the release database.
func (s *Site) Close() error { return s.db.Close() }

func dateLiteral(d kpi.Date) string { return "date '" + d.String() + "'" }

func day(t sql.NullTime) kpi.Date {
	if !t.Valid {
		return kpi.Date{}
	}
	return kpi.DateOf(t.Time)
}

// Detail reads what the pages about one subject list, as of the release's date.
func (s *Site) Detail(ctx context.Context) (*kpi.Detail, error) {
	d := &kpi.Detail{}
	return d, errors.Join(s.loaded(ctx, d), s.tiers(ctx, d), s.awards(ctx, d), s.scores(ctx, d), s.parks(ctx, d),
		s.contracts(ctx, d), s.rest(ctx, d), s.forms(ctx, d))
}

// list reads the rows of a query of sql/page.
func list[T any](ctx context.Context, s *Site, to *[]T, page string, scan func(*T) []any, args ...any) error {
	return doing("read the site's detail", ask(ctx, s.db, to, page, scan, args...))
}

// scanDate lets a query write a kpi.Date.
type scanDate struct{ d *kpi.Date }

func (s scanDate) Scan(v any) error {
	if t, ok := v.(time.Time); ok {
		*s.d = kpi.DateOf(t)
	}
	return nil
}

func (s *Site) loaded(ctx context.Context, d *kpi.Detail) error {
	return errors.Join(
		func() (err error) { d.Batches, err = s.db.Batches(ctx); return err }(),
		func() (err error) { d.Matched, err = s.db.MatchQuality(ctx); return err }(),
		list(ctx, s, &d.MatchRows, "match_rows", func(m *kpi.MatchRow) []any {
			return []any{&m.Source, &m.How, &m.Name, &m.NamedAs, &m.EntityID, &m.Matched, &m.File, &m.Sheet, &m.Row}
		}))
}

func (s *Site) tiers(ctx context.Context, d *kpi.Detail) error {
	until := kpi.QuarterOf(s.asOf).Add(4).End()
	return errors.Join(
		list(ctx, s, &d.TierMoves, "tier_moves", func(m *kpi.TierMove) []any {
			return []any{scanDate{&m.AsOf}, &m.From, &m.To, &m.Enterprises, &m.CrossesRule}
		}, s.asOf.Time()),
		list(ctx, s, &d.TierMoved, "tier_moved", func(m *kpi.TierMoved) []any {
			return []any{scanDate{&m.AsOf}, &m.EntityID, &m.Name, &m.Region, &m.From, &m.To, &m.File, &m.Sheet, &m.Row}
		}, s.asOf.Time(), kpi.QuarterOf(s.asOf).Add(1-kpi.MovedQuarters).End().Time()),
		list(ctx, s, &d.Expiring, "tiers_expiring", func(x *kpi.Expiry) []any {
			return []any{&x.EntityID, &x.Name, &x.Region, &x.Tier, scanDate{&x.Last}, &x.File, &x.Sheet, &x.Row}
		}, s.asOf.Time(), until.AddDays(1).Time()),
		list(ctx, s, &d.Industries, "tier_industries", func(c *kpi.TierCell) []any {
			return []any{&c.Tier, &c.Industry, &c.Enterprises}
		}, s.asOf.Time()))
}

func (s *Site) awards(ctx context.Context, d *kpi.Detail) error {
	return errors.Join(list(ctx, s, &d.Budgets, "award_budgets", func(b *kpi.Budget) []any {
		return []any{&b.Document, &b.Article, &b.Unit, &b.Amount, &b.Paid, &b.Payments, &b.File, &b.Sheet, &b.Row}
	}, s.asOf.Time()), list(ctx, s, &d.Payments, "award_payments", func(p *kpi.Payment) []any {
		return []any{scanDate{&p.On}, &p.No, &p.Payee, &p.Rule, &p.Region, &p.Jurisdiction, &p.Article, &p.Amount, &p.File,
			&p.Sheet, &p.Row}
	}, s.asOf.Time()), list(ctx, s, &d.Awards, "award_lines", func(a *kpi.AwardLine) []any {
		return []any{&a.Rule, &a.Region, &a.Year, &a.Payments, &a.Amount}
	}, s.asOf.Time()))
}

func (s *Site) scores(ctx context.Context, d *kpi.Detail) error {
	return errors.Join(
		list(ctx, s, &d.Points, "scorecard_points", func(p *kpi.ScorePoint) []any {
			return []any{&p.Consortium, &p.Name, &p.Region, &p.Year, &p.Item, &p.ItemName, &p.Bonus, &p.Full, &p.Computed,
				&p.Points, &p.Reason, &p.Override, &p.Unjustified, &p.Adjusted}
		}, s.asOf.Time()),
		list(ctx, s, &d.Conditions, "scorecard_conditions", func(c *kpi.ScoreCheck) []any {
			return []any{&c.Consortium, &c.Year, &c.Item, &c.No, &c.Name, &c.Wants, &c.Value, &c.Holds}
		}, s.asOf.Time()),
		list(ctx, s, &d.Evidence, "scorecard_proofs", func(p *kpi.ScoreProof) []any {
			return []any{&p.Consortium, &p.Year, &p.Item, &p.No, &p.Subject, &p.Name, &p.Quantity, &p.Amount, &p.Counted,
				&p.File, &p.Sheet, &p.Row}
		}, s.asOf.Time()))
}

func (s *Site) parks(ctx context.Context, d *kpi.Detail) error {
	return errors.Join(
		list(ctx, s, &d.Parks, "parks", func(p *kpi.Park) []any {
			return []any{&p.Code, &p.Name, &p.Cohort, &p.Region, &p.FiveOne, &p.Has[0], &p.Has[1], &p.Has[2], &p.Has[3], &p.Has[4], &p.Plan,
				&p.Universities, &p.Platforms, &p.Graduates, &p.Leading, &p.Top, &p.Tracks, &p.Green, &p.Yellow, &p.Red, &p.Done}
		}),
		list(ctx, s, &d.ParkItems, "park_items", func(i *kpi.ParkItem) []any {
			return []any{&i.Park, &i.Cohort, &i.Topic, &i.ID, &i.Name, scanDate{&i.From}, &i.File, &i.Sheet, &i.Row}
		}, s.asOf.Time()),
		list(ctx, s, &d.Tasks, "park_tasks", func(t *kpi.ParkTask) []any {
			return []any{&t.No, &t.Level, &t.Task, &t.Park, &t.Region, &t.Colour, &t.Unit, scanDate{&t.Due}, scanDate{&t.Since},
				&t.File, &t.Sheet, &t.Row}
		}, s.asOf.Time()))
}

// Contracts gives take every technology contract registered in a year and by the as-of
// date, the newest first.
func (s *Site) Contracts(ctx context.Context, year int, take func(kpi.Contract)) error {
	until := kpi.YearEnd(year)
	if until.After(s.asOf) {
		until = s.asOf
	}
	err := each(ctx, s.db, "contracts", func(c *kpi.Contract) []any {
		return []any{scanDate{&c.On}, &c.No, &c.Seller, &c.Kind, &c.Field, &c.School, &c.Region, &c.To, &c.Amount, &c.Tech,
			&c.File, &c.Sheet, &c.Row}
	}, take, until.Time(), kpi.YearEnd(year-1).Time())
	return doing("read technology contracts", err)
}

func (s *Site) contracts(ctx context.Context, d *kpi.Detail) error {
	year := s.asOf.Year
	return errors.Join(
		list(ctx, s, &d.Flows, "contract_flows", func(f *kpi.Flow) []any {
			return []any{&f.Year, &f.School, &f.To, &f.Local, &f.Contracts, &f.Amount, &f.Tech}
		}, year),
		list(ctx, s, &d.Fields, "contract_fields", func(f *kpi.FieldCell) []any {
			return []any{&f.Quarter.Year, &f.Quarter.N, &f.Field, &f.Contracts, &f.Amount, &f.Tech}
		}),
		list(ctx, s, &d.Universities, "universities", func(u *kpi.University) []any {
			return []any{&u.Year, &u.Place, &u.Name, &u.Contracts, &u.Amount, &u.Tech, &u.Local, &u.LocalShare, &u.Firms}
		}, year),
		list(ctx, s, &d.Firms, "university_firms", func(f *kpi.UniversityFirm) []any {
			return []any{scanDate{&f.On}, &f.Name, &f.Code, &f.University, &f.District, &f.File, &f.Sheet, &f.Row}
		}, kpi.YearEnd(year).Time()))
}

func (s *Site) corrections(ctx context.Context, d *kpi.Detail) error {
	rows, err := s.db.SQL().QueryContext(ctx, correctionsOf+" order by known_on desc, batch_id desc, row_no, step")
	if err != nil {
		return fmt.Errorf("read the site's detail: %w", err)
	}
	defer rows.Close()
	return scanned(rows, correctionFields, func(c kpi.Correction) { d.Corrections = append(d.Corrections, c) })
}

func (s *Site) rest(ctx context.Context, d *kpi.Detail) error {
	return errors.Join(
		s.corrections(ctx, d),
		list(ctx, s, &d.Platforms, "platforms", func(p *kpi.Platform) []any {
			return []any{&p.No, &p.Name, &p.Kind, &p.Level, &p.University, &p.Region, scanDate{&p.From}, &p.File, &p.Sheet, &p.Row}
		}, s.asOf.Time()),
		list(ctx, s, &d.Prefectures, "prefectures", func(p *kpi.Prefecture) []any {
			return []any{&p.Code, &p.Name, &p.Achievements, &p.Invested, &p.Revenue, &p.HighTech, &p.OnTime, &p.Owed, &p.Rate}
		}, s.asOf.Time()))
}
