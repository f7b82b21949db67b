//go:build duckdb_arrow

package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

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

// OpenSite opens a release database for reading; it stays as it is on disk. Close it.
func OpenSite(ctx context.Context, path string, asOf kpi.Date) (*Site, error) {
	lim := Limits{}
	if f, err := os.Stat(path); err == nil && f.Size() < manyBytes {
		lim.Threads = 1
	}
	db, err := open(ctx, path, true, lim)
	if err != nil {
		return nil, err
	}
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
	return d, errors.Join(s.loaded(ctx, d), s.tiers(ctx, d), s.awards(ctx, d), s.scores(ctx, d), s.parks(ctx, d), s.contracts(ctx, d), s.rest(ctx, d), s.forms(ctx, d))
}

// list reads the rows of a query; scan gets a pointer to a new element and
// returns where its columns go.
func list[T any](ctx context.Context, s *Site, to *[]T, query string, scan func(*T) []any, args ...any) error {
	rows, err := s.db.sql.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("read the site's detail: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var row T
		if err := rows.Scan(scan(&row)...); err != nil {
			return fmt.Errorf("read the site's detail: %w", err)
		}
		*to = append(*to, row)
	}
	return rows.Err()
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
		list(ctx, s, &d.MatchRows, `select m.source, m.how, m.name, m.named_as, coalesce(m.enterprise_id, ''), coalesce(m.enterprise_name, ''), `+place("m")+`
			from mart.match_row m`+standsIn("m")+`
			order by case m.how when 'pending' then 1 when 'strange' then 2 when 'left_out' then 3 when 'decision' then 4 when 'former_name' then 5 when 'number' then 6 else 7 end,
				m.name, m.source, b.seq, m.row_no`,
			func(m *kpi.MatchRow) []any {
				return []any{&m.Source, &m.How, &m.Name, &m.NamedAs, &m.EntityID, &m.Matched, &m.File, &m.Sheet, &m.Row}
			}))
}

func (s *Site) tiers(ctx context.Context, d *kpi.Detail) error {
	until := kpi.QuarterOf(s.asOf).Add(4).End()
	return errors.Join(
		list(ctx, s, &d.TierMoves, `select as_of, coalesce(from_tier, ''), coalesce(to_tier, ''), count(*), bool_or(crosses_rule)
			from mart.tier_movement where as_of <= $1 group by 1, 2, 3 order by 1, 2, 3`, func(m *kpi.TierMove) []any {
			return []any{scanDate{&m.AsOf}, &m.From, &m.To, &m.Enterprises, &m.CrossesRule}
		}, s.asOf.Time()),
		list(ctx, s, &d.TierMoved, `select m.as_of, m.enterprise_id, m.enterprise_name, m.region_code, coalesce(m.from_tier, ''), coalesce(m.to_tier, ''), `+place("m")+`
			from mart.tier_movement m`+standsIn("m")+`
			where m.as_of <= $1 and m.as_of >= $2 order by m.as_of desc, m.to_tier, m.from_tier, m.enterprise_id`, func(m *kpi.TierMoved) []any {
			return []any{scanDate{&m.AsOf}, &m.EntityID, &m.Name, &m.Region, &m.From, &m.To, &m.File, &m.Sheet, &m.Row}
		}, s.asOf.Time(), kpi.QuarterOf(s.asOf).Add(1-kpi.MovedQuarters).End().Time()),
		// of a firm whose tiers end together, nested as they are, only the highest
		list(ctx, s, &d.Expiring, `select enterprise_id, enterprise_name, region_code, tier, valid_to - interval 1 day, file, sheet, row from (
				select i.enterprise_id, e.enterprise_name, i.region_code, i.tier, i.valid_to, b.file, h.sheet, i.row_no - h.rows_above as row,
					row_number() over (partition by i.enterprise_id, i.valid_to order by case i.tier when 'champion' then 4 when 'little_giant' then 3 when 'specialised' then 2 else 1 end desc) as place
				from core.tier_interval i join core.enterprise e on e.enterprise_id = i.enterprise_id`+standsIn("i")+`
				where i.valid_from <= $1 and i.valid_to > $1 and i.valid_to <= $2) where place = 1
			order by valid_to, tier, enterprise_id`, func(x *kpi.Expiry) []any {
			return []any{&x.EntityID, &x.Name, &x.Region, &x.Tier, scanDate{&x.Last}, &x.File, &x.Sheet, &x.Row}
		}, s.asOf.Time(), until.AddDays(1).Time()),
		list(ctx, s, &d.Industries, `select i.tier, coalesce(e.industry, ''), count(distinct i.enterprise_id)
			from core.tier_interval i join core.enterprise e on e.enterprise_id = i.enterprise_id
			where i.valid_from <= $1 and i.valid_to > $1 group by 1, 2 order by 1, 2`, func(c *kpi.TierCell) []any {
			return []any{&c.Tier, &c.Industry, &c.Enterprises}
		}, s.asOf.Time()))
}

func (s *Site) awards(ctx context.Context, d *kpi.Detail) error {
	return errors.Join(s.budgets(ctx, d), list(ctx, s, &d.Payments, `select a.paid_on, a.payment_no, coalesce(a.payee_name, ''), coalesce(a.rule_id, ''), g.reporting_code, a.jurisdiction_code,
			case when r.status = 'draft' then '征求意见稿' else coalesce(r.article, a.article, '') end, cast(a.amount as double), `+place("a")+`
		from core.award_payment a join core.region g on g.region_code = a.region_code left join core.award_rule r on r.rule_id = a.rule_id`+standsIn("a")+`
		where a.paid_on <= $1 order by a.paid_on desc, a.payment_no, b.seq, a.row_no`, func(p *kpi.Payment) []any {
		return []any{scanDate{&p.On}, &p.No, &p.Payee, &p.Rule, &p.Region, &p.Jurisdiction, &p.Article, &p.Amount, &p.File, &p.Sheet, &p.Row}
	}, s.asOf.Time()), list(ctx, s, &d.Awards, `select coalesce(a.rule_id, ''), g.reporting_code, cast(extract(year from a.paid_on) as bigint), count(*), cast(sum(a.amount) as double)
		from mart.award_audit a join core.region g on g.region_code = a.region_code
		where a.paid_on <= $1 group by 1, 2, 3 order by 1, 2, 3`, func(a *kpi.AwardLine) []any {
		return []any{&a.Rule, &a.Region, &a.Year, &a.Payments, &a.Amount}
	}, s.asOf.Time()))
}

func (s *Site) budgets(ctx context.Context, d *kpi.Detail) error {
	return list(ctx, s, &d.Budgets, `select a.document, a.article, coalesce(a.unit, ''), cast(a.budget as double), cast(a.paid as double), a.payments, `+place("a")+`
		from mart.award_budget a`+standsIn("a")+`where a.period_end = $1 order by a.document, try_cast(a.article as integer), a.article`, func(b *kpi.Budget) []any {
		return []any{&b.Document, &b.Article, &b.Unit, &b.Amount, &b.Paid, &b.Payments, &b.File, &b.Sheet, &b.Row}
	}, s.asOf.Time())
}

func (s *Site) scores(ctx context.Context, d *kpi.Detail) error {
	evaluated := " join core.scorecard_score t on t.consortium_no = s.consortium_no and t.year = s.year and t.evaluated_on <= $1 "
	return errors.Join(
		list(ctx, s, &d.Points, `select s.consortium_no, s.consortium_name, s.region_code, s.year, s.kpi_id, s.item_name, s.bonus, cast(s.full_points as double),
			cast(s.computed_points as double), cast(s.points as double), s.reason, coalesce(s.override_reason, ''), coalesce(s.unjustified, ''), coalesce(s.adjusted, '')
			from mart.scorecard s`+evaluated+`order by s.consortium_no, s.year, s.kpi_id`, func(p *kpi.ScorePoint) []any {
			return []any{&p.Consortium, &p.Name, &p.Region, &p.Year, &p.Item, &p.ItemName, &p.Bonus, &p.Full, &p.Computed, &p.Points, &p.Reason, &p.Override, &p.Unjustified, &p.Adjusted}
		}, s.asOf.Time()),
		list(ctx, s, &d.Conditions, `select s.consortium_no, s.year, s.kpi_id, s.condition_no, s.condition_name, s.wants, cast(s.value as double), s.holds
			from core.scorecard_condition_value s`+evaluated+`order by s.consortium_no, s.year, s.kpi_id, s.condition_no`, func(c *kpi.ScoreCheck) []any {
			return []any{&c.Consortium, &c.Year, &c.Item, &c.No, &c.Name, &c.Wants, &c.Value, &c.Holds}
		}, s.asOf.Time()),
		list(ctx, s, &d.Evidence, `select s.consortium_no, s.year, s.kpi_id, s.condition_no, s.subject, coalesce(s.name, ''), cast(s.quantity as double), cast(s.amount as double),
			s.counted, `+place("s")+`
			from core.scorecard_evidence s`+standsIn("s")+`
			where s.evaluated_on <= $1 order by s.consortium_no, s.year, s.kpi_id, s.condition_no, s.on_date, s.subject, b.seq, s.row_no`, func(p *kpi.ScoreProof) []any {
			return []any{&p.Consortium, &p.Year, &p.Item, &p.No, &p.Subject, &p.Name, &p.Quantity, &p.Amount, &p.Counted, &p.File, &p.Sheet, &p.Row}
		}, s.asOf.Time()))
}

func (s *Site) parks(ctx context.Context, d *kpi.Detail) error {
	return errors.Join(
		list(ctx, s, &d.Parks, `select park_code, park_name, cohort, region_code, five_one, direction > 0, platform > 0, talent > 0, fund > 0, project > 0, joint_plan > 0,
			universities, platforms, graduates, leading_talents, top_talents, tracks, tasks_green, tasks_yellow, tasks_red, tasks_done
			from mart.park_evaluation order by cohort, park_code`, func(p *kpi.Park) []any {
			return []any{&p.Code, &p.Name, &p.Cohort, &p.Region, &p.FiveOne, &p.Has[0], &p.Has[1], &p.Has[2], &p.Has[3], &p.Has[4], &p.Plan,
				&p.Universities, &p.Platforms, &p.Graduates, &p.Leading, &p.Top, &p.Tracks, &p.Green, &p.Yellow, &p.Red, &p.Done}
		}),
		// each thing once, as the evaluation counts them
		list(ctx, s, &d.ParkItems, `select park_name, cohort, topic, item_id, coalesce(item_name, ''), begun_on, file, sheet, row from (
				select k.park_code, k.park_name, k.cohort, i.topic, i.item_id, i.item_name, i.begun_on, b.file, h.sheet, i.row_no - h.rows_above as row,
					row_number() over (partition by i.park_code, case when i.topic in ('research', 'verification', 'integration') then 'platforms' else i.topic end, i.item_id
						order by i.begun_on, b.seq, i.row_no) as place
				from core.park_item i join core.park k on k.park_code = i.park_code`+standsIn("i")+`
				where i.begun_on <= $1 and i.ended_on > $1 and k.listed_on <= $1 and k.left_on > $1) where place = 1
			order by cohort, park_code, topic, begun_on desc, item_id`, func(i *kpi.ParkItem) []any {
			return []any{&i.Park, &i.Cohort, &i.Topic, &i.ID, &i.Name, scanDate{&i.From}, &i.File, &i.Sheet, &i.Row}
		}, s.asOf.Time()),
		list(ctx, s, &d.Tasks, `select t.task_no, t.list_level, t.task, k.park_name, t.region_code, t.colour, coalesce(t.unit, ''), t.due_on, t.valid_from, `+place("t")+`
			from core.park_task t join core.park k on k.park_code = t.park_code`+standsIn("t")+`
			where t.valid_from <= $1 and t.valid_to > $1
			order by case t.colour when 'red' then 1 when 'yellow' then 2 when 'green' then 3 else 4 end, t.task_no`, func(t *kpi.ParkTask) []any {
			return []any{&t.No, &t.Level, &t.Task, &t.Park, &t.Region, &t.Colour, &t.Unit, scanDate{&t.Due}, scanDate{&t.Since}, &t.File, &t.Sheet, &t.Row}
		}, s.asOf.Time()))
}

// Contracts gives each every technology contract registered in a year and by the as-of
// date, the newest first.
func (s *Site) Contracts(ctx context.Context, year int, each func(kpi.Contract)) error {
	until := kpi.YearEnd(year)
	if until.After(s.asOf) {
		until = s.asOf
	}
	rows, err := s.db.sql.QueryContext(ctx, `select c.registered_on, c.contract_no, coalesce(c.seller_name, ''), `+contractKind("c")+`, c.field, coalesce(u.name, ''),
			c.region_code, c.buyer_code, cast(c.amount as double), cast(c.tech_amount as double), `+place("c")+`
		from core.tech_contract c left join core.school u on u.school_code = c.school_code`+standsIn("c")+`
		where c.registered_on <= $1 and c.registered_on > $2 order by c.registered_on desc, c.contract_no, b.seq, c.row_no`, until.Time(), kpi.YearEnd(year-1).Time())
	if err != nil {
		return fmt.Errorf("read technology contracts: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var c kpi.Contract
		if err := rows.Scan(scanDate{&c.On}, &c.No, &c.Seller, &c.Kind, &c.Field, &c.School, &c.Region, &c.To, &c.Amount, &c.Tech, &c.File, &c.Sheet, &c.Row); err != nil {
			return fmt.Errorf("read technology contracts: %w", err)
		}
		each(c)
	}
	return rows.Err()
}

func (s *Site) contracts(ctx context.Context, d *kpi.Detail) error {
	year := s.asOf.Year
	return errors.Join(
		list(ctx, s, &d.Flows, `select f.year, coalesce(c.name, ''), f.buyer_code, f.buyer_code <> '', f.contracts, cast(f.amount as double), cast(f.tech_amount as double)
			from mart.tech_contract_flow f left join core.school c on c.school_code = f.school_code
			where f.year <= $1 order by f.year, f.amount desc, f.school_code, f.buyer_code`, func(f *kpi.Flow) []any {
			return []any{&f.Year, &f.School, &f.To, &f.Local, &f.Contracts, &f.Amount, &f.Tech}
		}, year),
		list(ctx, s, &d.Fields, `select year, quarter, field, contracts, cast(amount as double), cast(tech_amount as double)
			from mart.tech_contract_field order by year, quarter, field`, func(f *kpi.FieldCell) []any {
			return []any{&f.Quarter.Year, &f.Quarter.N, &f.Field, &f.Contracts, &f.Amount, &f.Tech}
		}),
		list(ctx, s, &d.Universities, `select year, place, university_name, contracts, cast(amount as double), cast(tech_amount as double),
			cast(local_amount as double), cast(local_share as double), firms
			from mart.university_ranking where year <= $1 order by year, place, school_code`, func(u *kpi.University) []any {
			return []any{&u.Year, &u.Place, &u.Name, &u.Contracts, &u.Amount, &u.Tech, &u.Local, &u.LocalShare, &u.Firms}
		}, year),
		list(ctx, s, &d.Firms, `select f.founded_on, f.enterprise_name, coalesce(f.enterprise_code, ''), f.university_name, coalesce(f.district, ''), `+place("f")+`
			from mart.university_firm f`+standsIn("f")+`
			where f.founded_on <= $1 order by f.founded_on desc, f.enterprise_name, b.seq, f.row_no`, func(f *kpi.UniversityFirm) []any {
			return []any{scanDate{&f.On}, &f.Name, &f.Code, &f.University, &f.District, &f.File, &f.Sheet, &f.Row}
		}, kpi.YearEnd(year).Time()))
}

func (s *Site) rest(ctx context.Context, d *kpi.Detail) error {
	return errors.Join(
		list(ctx, s, &d.Corrections, correctionsOf+` order by known_on desc, batch_id desc, row_no, step`, correctionFields),
		list(ctx, s, &d.Platforms, `select p.platform_no, p.platform_name, p.kind, coalesce(p.level, ''), coalesce(p.university_name, ''), p.region_code, p.valid_from, `+place("p")+`
			from core.platform p`+standsIn("p")+`
			where p.valid_from <= $1 and p.valid_to > $1 order by p.kind, p.valid_from desc, p.platform_no, p.stage`, func(p *kpi.Platform) []any {
			return []any{&p.No, &p.Name, &p.Kind, &p.Level, &p.University, &p.Region, scanDate{&p.From}, &p.File, &p.Sheet, &p.Row}
		}, s.asOf.Time()),
		list(ctx, s, &d.Prefectures, `select region_code, region_name, cast(achievements as double), cast(invested as double), cast(revenue as double),
			cast(high_tech as double), cast(on_time as double), cast(owed as double), cast(on_time_rate as double)
			from mart.prefecture_assessment where as_of = $1 order by region_code`, func(p *kpi.Prefecture) []any {
			return []any{&p.Code, &p.Name, &p.Achievements, &p.Invested, &p.Revenue, &p.HighTech, &p.OnTime, &p.Owed, &p.Rate}
		}, s.asOf.Time()))
}
