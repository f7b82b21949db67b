package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"citykpi/pipeline/duck"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/source/personal"
)

// Persons are masked where rows enter the warehouse, in lake.<source>: no model, check or
// query ever sees a clear value. The functions live in the process that builds; no
// text of SQL holds the key, and none of them is in a release.
const (
	maskID        = "mask_id"
	maskPhone     = "mask_phone"
	maskParty     = "mask_party"
	maskText      = "mask_text" // identity numbers in a text
	holdsIdentity = "holds_identity"
)

// registerMasks makes the functions known to the database.
func (db *DB) registerMasks(ctx context.Context, m personal.Masker) error {
	if m.Fingerprint() == "" {
		return errors.New("no key to mask persons with: under one word for all of them they would be one")
	}
	return db.Register(ctx,
		duck.Function{Name: maskID, Of: func(s string) any { return m.ID(s) }},
		duck.Function{Name: maskPhone, Of: func(s string) any { return m.Phone(s) }},
		duck.Function{Name: maskParty, Of: func(s string) any { return m.Party(s) }},
		duck.Function{Name: maskText, Of: func(s string) any { return m.Text(s) }},
		duck.Function{Name: holdsIdentity, Truth: true, Of: func(s string) any { return personal.HoldsIdentity([]byte(s)) }})
}

// masked is a column of a batch as models see it, from what the lake holds.
func masked(c LakeColumn, b lake.Batch, from string) string {
	text := "cast(" + from + " as varchar)"
	switch {
	case c.Personal == personal.Name:
		return "case when length(" + text + ") < 2 then repeat('*', length(" + text + ")) else " +
			"left(" + text + ", 1) || repeat('*', length(" + text + ") - 1) end"
	case c.Personal == personal.ID:
		return maskID + "(" + text + ")"
	case c.Personal == personal.Phone:
		return maskPhone + "(" + text + ")"
	case c.Personal == personal.Party:
		return maskParty + "(" + text + ")"
	}
	i := slices.IndexFunc(b.Personal, func(p personal.Column) bool { return p.Column == c.Name })
	switch {
	case !c.Free || i < 0:
		return "cast(" + from + " as " + c.Type + ")"
	case b.Personal[i].Whole:
		return maskID + "(" + text + ")"
	}
	return maskText + "(" + text + ")"
}

// personal looks through the batches that an older version loaded, which did not look
// for identity numbers.
func (b *builder) personal(ctx context.Context) error {
	b.in.Batches = slices.Clone(b.in.Batches)
	for i := range b.in.Batches {
		batch := &b.in.Batches[i]
		at := slices.IndexFunc(b.in.Tables, func(t LakeTable) bool { return t.Source == batch.Source })
		if batch.Personal != nil || batch.Loaded == 0 || at < 0 {
			continue
		}
		var err error
		if batch.Personal, err = personalIn(ctx, b.db, b.in.Tables[at], *batch); err != nil {
			return fmt.Errorf("look for identity numbers in batch %s: %w", batch.Batch, err)
		}
	}
	b.into.batches = b.in.Batches
	return nil
}

// couldBeNumber is what DuckDB looks for before it asks holds_identity: fourteen digits,
// as the shortest form has them, with what may stand between.
const couldBeNumber = `[0-9０-９]([^0-9０-９\p{L}]{0,3}[0-9０-９]){13}`

func personalIn(ctx context.Context, db *sql.DB, t LakeTable, batch lake.Batch) ([]personal.Column, error) {
	var names, sums []string
	for _, c := range t.Columns {
		if !c.Free || c.Personal != "" || !slices.Contains(batch.Columns, c.Name) {
			continue
		}
		text := "cast(" + duck.Ident(c.Name) + " as varchar)"
		found := "case when strlen(" + text + ") >= 15 and regexp_matches(" + text + ", " + duck.Literal(couldBeNumber) + ")" +
			" then " + holdsIdentity + "(" + text + ") else false end"
		names, sums = append(names, c.Name), append(sums, "count(*) filter (where "+found+")")
	}
	found := []personal.Column{}
	if names == nil {
		return found, nil
	}
	counts := make([]int64, len(names))
	into := make([]any, len(names))
	for i := range counts {
		into[i] = &counts[i]
	}
	q := "select " + strings.Join(sums, ", ") + " from " + duck.Parquet(batch.Rows())
	if err := db.QueryRowContext(ctx, q).Scan(into...); err != nil {
		return nil, err
	}
	for i, n := range counts {
		if n > 0 {
			found = append(found, personal.Column{Column: names[i], Header: names[i], Cells: n})
		}
	}
	return found, nil
}
