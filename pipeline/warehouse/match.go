//go:build duckdb_arrow

package warehouse

import (
	"context"
	"fmt"

	"citykpi/pipeline/kpi"
)

// MatchQueue lists the texts that name no enterprise, or several, with the
// enterprises each may mean, the most used first: those that bear the text, then
// those whose name is like it.
func (db *DB) MatchQueue(ctx context.Context) ([]kpi.Match, error) {
	list, err := db.waiting(ctx)
	if err == nil && len(list) > 0 {
		err = db.alike(ctx, list)
	}
	if err != nil {
		return nil, fmt.Errorf("read what waits for a match: %w", err)
	}
	return list, nil
}

func (db *DB) waiting(ctx context.Context) ([]kpi.Match, error) {
	const query = `
		with waiting as (
			select named_as, min(name) as name, count(*) as rows, string_agg(distinct source, ', ' order by source) as sources
			from mart.unmatched
			group by named_as
		)
		select w.named_as, w.name, w.rows, w.sources, coalesce(c.enterprise_id, ''), coalesce(e.enterprise_name, '')
		from waiting w
		left join mart.match_candidate c on c.named_as = w.named_as
		left join core.enterprise e on e.enterprise_id = c.enterprise_id
		order by w.rows desc, w.named_as, c.enterprise_id`
	rows, err := db.sql.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []kpi.Match
	for rows.Next() {
		var m kpi.Match
		c := kpi.Candidate{SameWords: true}
		if err := rows.Scan(&m.NamedAs, &m.Name, &m.Rows, &m.Sources, &c.ID, &c.Name); err != nil {
			return nil, err
		}
		if n := len(list); n == 0 || list[n-1].NamedAs != m.NamedAs {
			list = append(list, m)
		}
		if c.ID != "" {
			last := &list[len(list)-1]
			last.Candidates = append(last.Candidates, c)
		}
	}
	return list, rows.Err()
}

// alike adds the enterprises whose present or former name is like a text's. The few
// texts are what is compared with, the registry passes by: no text of the queue is
// worth a table of every name's parts.
func (db *DB) alike(ctx context.Context, list []kpi.Match) error {
	_, city, err := texts(ctx, db.sql, `select distinct r.name, r.short from core.batch b
		join core.region r on r.region_code = b.jurisdiction_code where b.source = 'enterprise_registry' order by 1`)
	if err != nil {
		return err
	}
	names := make([]string, len(list))
	for i, m := range list {
		names[i] = m.Name
	}
	var words []string
	for _, c := range city {
		words = append(words, c...)
	}
	like := kpi.NewLikeness(names, words)
	rows, err := db.sql.QueryContext(ctx, `select k.enterprise_key, k.enterprise_id, e.enterprise_name
		from core.enterprise_key k join core.enterprise e on e.enterprise_id = k.enterprise_id
		where k.how in ('name', 'former_name') order by k.enterprise_id, k.enterprise_key`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		var c kpi.Candidate
		if err := rows.Scan(&key, &c.ID, &c.Name); err != nil {
			return err
		}
		for _, i := range like.To(key) {
			if !list[i].Has(c.ID) {
				list[i].Candidates = append(list[i].Candidates, c)
			}
		}
	}
	return rows.Err()
}

// MatchQuality counts, per source, how rows found their enterprises.
func (db *DB) MatchQuality(ctx context.Context) ([]kpi.MatchQuality, error) {
	rows, err := db.sql.QueryContext(ctx, `select q.source, s.name, q.rows, q.by_code, q.by_number, q.by_former_name, q.by_name, q.by_decision, q.pending, q.strange, q.left_out
		from mart.match_quality q join core.source s on s.source = q.source order by q.rows desc, q.source`)
	if err != nil {
		return nil, fmt.Errorf("read how rows were matched: %w", err)
	}
	defer rows.Close()
	var list []kpi.MatchQuality
	for rows.Next() {
		var q kpi.MatchQuality
		if err := rows.Scan(&q.Source, &q.Name, &q.Rows, &q.ByCode, &q.ByNumber, &q.ByFormer, &q.ByName, &q.ByDecision, &q.Pending, &q.Strange, &q.LeftOut); err != nil {
			return nil, fmt.Errorf("read how rows were matched: %w", err)
		}
		list = append(list, q)
	}
	return list, rows.Err()
}
