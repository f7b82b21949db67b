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

func (db *DB) waiting(ctx context.Context) (list []kpi.Match, err error) {
	type row struct {
		kpi.Match
		kpi.Candidate
	}
	err = each(ctx, db, "match_waiting", func(r *row) []any {
		return []any{&r.NamedAs, &r.Match.Name, &r.Rows, &r.Sources, &r.Candidate.ID, &r.Candidate.Name}
	}, func(r row) {
		if n := len(list); n == 0 || list[n-1].NamedAs != r.NamedAs {
			list = append(list, r.Match)
		}
		if r.Candidate.ID != "" {
			last := &list[len(list)-1]
			r.SameWords = true
			last.Candidates = append(last.Candidates, r.Candidate)
		}
	})
	return list, err
}

// alike adds the enterprises whose present or former name is like a text's. The few
// texts are what is compared with, the registry passes by: no text of the queue is
// worth a table of every name's parts.
func (db *DB) alike(ctx context.Context, list []kpi.Match) error {
	var words []string
	pair := func(r *[2]string) []any { return []any{&r[0], &r[1]} }
	if err := each(ctx, db, "registry_cities", pair, func(r [2]string) { words = append(words, r[0], r[1]) }); err != nil {
		return err
	}
	names := make([]string, len(list))
	for i, m := range list {
		names[i] = m.Name
	}
	like := kpi.NewLikeness(names, words)
	type row struct {
		key string
		kpi.Candidate
	}
	return each(ctx, db, "enterprise_names", func(r *row) []any { return []any{&r.key, &r.ID, &r.Name} }, func(r row) {
		for _, i := range like.To(r.key) {
			if !list[i].Has(r.ID) {
				list[i].Candidates = append(list[i].Candidates, r.Candidate)
			}
		}
	})
}

// MatchQuality counts, per source, how rows found their enterprises.
func (db *DB) MatchQuality(ctx context.Context) (list []kpi.MatchQuality, err error) {
	err = ask(ctx, db, &list, "match_quality", func(q *kpi.MatchQuality) []any {
		return []any{&q.Source, &q.Name, &q.Rows, &q.ByCode, &q.ByNumber, &q.ByFormer, &q.ByName, &q.ByDecision, &q.Pending,
			&q.Strange, &q.LeftOut}
	})
	return list, doing("read how rows were matched", err)
}
