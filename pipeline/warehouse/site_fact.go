package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"citykpi/pipeline/kpi"
)

// Facts gives each every fact that the commitment counts on the as-of date or
// counted at the end of the quarter before, the newest first. A ratio has those
// of its two sides.
func (s *Site) Facts(ctx context.Context, c kpi.Commitment, region string, each func(kpi.Fact)) error {
	s.behind.Do(func() { s.err = errors.Join(s.readOrigins(ctx), s.readRegions(ctx)) })
	if s.err != nil {
		return s.err
	}
	sides := []struct {
		measure string
		kind    kpi.Kind
	}{{"", c.Kind}}
	if c.Of != nil && c.To != nil {
		sides[0].measure, sides[0].kind = "of", c.Of.Kind
		sides = append(sides, sides[0])
		sides[1].measure, sides[1].kind = "to", c.To.Kind
	}
	for _, side := range sides {
		if err := s.facts(ctx, kpi.Key{ID: c.ID, Measure: side.measure, Region: region}, side.kind, c.Model, each); err != nil {
			return fmt.Errorf("read facts of %s: %w", c.ID, err)
		}
	}
	return nil
}

func (s *Site) facts(ctx context.Context, k kpi.Key, kind kpi.Kind, model string, each func(kpi.Fact)) error {
	if _, any := s.named[k.ID]; s.named != nil && !any {
		return nil // of half the commitments of a young project
	}
	now := counts(kind, s.asOf)
	before := now + " and f.event_date <= " + dateLiteral(kpi.QuarterOf(s.asOf).Start().AddDays(-1))
	if kind.Interval() {
		before = counts(kind, kpi.QuarterOf(s.asOf).Start().AddDays(-1))
	}
	facet, how := facets[model], "coalesce(m.matched_by, '')"
	match := " left join core.enterprise_match m on m.batch_id = f.batch_id and m.row_no = f.row_no"
	if s.named != nil && !s.named[k.ID] {
		how, match = "''", ""
	}
	rows, err := s.db.SQL().QueryContext(ctx, `select f.entity_id, coalesce(f.entity_name, ''), f.region_code, cast(f.weight as double),
		f.event_date, f.valid_from, f.valid_to, `+now+`, `+before+`, `+how+`, f.batch_id, f.row_no`+facet.columns+`
		from mart.fact f`+facet.joins+match+`
		where f.kpi_id = $1 and f.measure = $2 and (`+now+` or `+before+`)
		order by coalesce(f.event_date, f.valid_from) desc, f.entity_id, f.valid_from, f.batch_id, f.row_no,
			f.region_code, f.weight, f.valid_to`, k.ID, k.Measure)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		f := kpi.Fact{Measure: k.Measure}
		var batch string
		var on, from, until sql.NullTime
		to := []any{&f.EntityID, &f.Name, &f.Region, &f.Weight, &on, &from, &until, &f.Now, &f.Before, &f.Matched, &batch, &f.Row}
		f.Facets = make([]string, len(kpi.Facets(model)))
		for i := range f.Facets {
			to = append(to, &f.Facets[i])
		}
		if err := rows.Scan(to...); err != nil {
			return err
		}
		if !s.within[k.Region][f.Region] {
			continue
		}
		if f.File, f.Sheet, f.Row, err = s.origin(batch, f.Row); err != nil {
			return err
		}
		f.On, f.From, f.Until = day(on), day(from), day(until)
		each(f)
	}
	return rows.Err()
}

// facets read what kpi.Facets names.
var facets = map[string]struct{ columns, joins string }{
	"enterprise_tier": {`, coalesce(e.industry, '')`, ` left join core.enterprise e on e.enterprise_id = f.entity_id`},
	"consortium_size": {`, coalesce(c.consortium_name, '')`,
		` left join core.consortium c on c.consortium_no = split_part(f.entity_id, ' ', 1)`},
}

// forms say which columns the lists of facts have, of every commitment at once.
func (s *Site) forms(ctx context.Context, d *kpi.Detail) error {
	type row struct {
		id string
		kpi.FactForm
	}
	var all []row
	err := list(ctx, s, &all, "fact_forms", func(r *row) []any { return []any{&r.id, &r.Interval, &r.Weighed, &r.Matched, &r.Parts} })
	d.Forms, s.named = map[string]kpi.FactForm{}, map[string]bool{}
	for _, r := range all {
		d.Forms[r.id] = r.FactForm
		s.named[r.id] = r.Matched
	}
	return err
}

// origin is where a batch's rows stand in the file that was sent.
type origin struct {
	file   string
	sheets []sheetSpan // in the workbook's order
}

// sheetSpan is a row of core.batch_sheet.
type sheetSpan struct {
	name        string
	above, last int64
}

// Pages ask for facts some hundred times, and there are few batches and regions: read once, they spare
// each of these queries three joins.
func (s *Site) readOrigins(ctx context.Context) error {
	type row struct {
		batch, file string
		sheetSpan
	}
	var all []row
	err := list(ctx, s, &all, "sheets", func(r *row) []any { return []any{&r.batch, &r.file, &r.name, &r.above, &r.last} })
	s.origins = map[string]origin{}
	for _, r := range all {
		s.origins[r.batch] = origin{r.file, append(s.origins[r.batch].sheets, r.sheetSpan)}
	}
	return err
}

func (s *Site) readRegions(ctx context.Context) error {
	var all [][2]string
	err := list(ctx, s, &all, "region_paths", func(r *[2]string) []any { return []any{&r[0], &r[1]} })
	s.within = map[string]map[string]bool{}
	for _, r := range all {
		if s.within[r[0]] == nil {
			s.within[r[0]] = map[string]bool{}
		}
		s.within[r[0]][r[1]] = true
	}
	return err
}

// origin is the file, the sheet and the row as a person counts it of a row that models number rowNo.
func (s *Site) origin(batch string, rowNo int64) (file, sheet string, row int64, err error) {
	from := s.origins[batch]
	for _, h := range from.sheets {
		if rowNo > h.above && rowNo <= h.last {
			return from.file, h.name, rowNo - h.above, nil
		}
	}
	return "", "", 0, fmt.Errorf("batch %q has no row %d", batch, rowNo)
}
