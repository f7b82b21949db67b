//go:build duckdb_arrow

package warehouse

import (
	"context"
	"fmt"

	"citykpi/pipeline/kpi"
)

// MatchQueue lists the texts that name no enterprise, or several, with the
// enterprises each may mean; the most used first.
func (db *DB) MatchQueue(ctx context.Context) ([]kpi.Match, error) {
	const query = `
		with waiting as (
			select named_as, min(name) as name, count(*) as rows, string_agg(distinct source, ', ' order by source) as sources
			from mart.unmatched
			group by named_as
		)
		select w.named_as, w.name, w.rows, w.sources, coalesce(c.enterprise_id, ''), coalesce(e.enterprise_name, ''), coalesce(c.same_words, false)
		from waiting w
		left join mart.match_candidate c on c.named_as = w.named_as
		left join core.enterprise e on e.enterprise_id = c.enterprise_id
		order by w.rows desc, w.named_as, c.same_words desc, c.enterprise_id`
	rows, err := db.sql.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("read what waits for a match: %w", err)
	}
	defer rows.Close()
	var list []kpi.Match
	for rows.Next() {
		var m kpi.Match
		var c kpi.Candidate
		if err := rows.Scan(&m.NamedAs, &m.Name, &m.Rows, &m.Sources, &c.ID, &c.Name, &c.SameWords); err != nil {
			return nil, fmt.Errorf("read what waits for a match: %w", err)
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
