package warehouse

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline/duck"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
)

// Filing is how often a source has been filed, and up to which data date.
type Filing struct {
	Batches  int
	DataDate kpi.Date // of the newest batch, or the day its database had nothing newer

	Dates  []kpi.Date // the data dates of all batches and such days, the oldest first
	Pulled bool       // a database is asked for all there is: it says nothing less of the days between
}

// Ends are the dates for which the source was filed: those that its files bear, and the ends of the
// periods which were over on them.
func (f Filing) Ends(every string) []kpi.Date {
	var ends []kpi.Date
	for i, on := range f.Dates {
		if i > 0 && f.Pulled {
			ends = append(ends, kpi.QuarterEnds(f.Dates[i-1], on)...)
		}
		ends = append(ends, kpi.LastPeriodEnd(every, on), on)
	}
	slices.SortFunc(ends, kpi.Date.Compare)
	return slices.Compact(ends)
}

// Filings say of every source for whom it was filed; what was never filed is not in it.
type Filings map[FilingKey]Filing

// FilingKey names a source and for whom it was filed: a jurisdiction, or of a ledger
// the document whose commitments its rows name.
type FilingKey struct{ Source, For string }

func (f Filings) add(k FilingKey, b lake.Batch) {
	was := f[k]
	was.Batches++
	was.Pulled = was.Pulled || b.Pull != nil
	f[k] = was
	f.date(k, b.DataDate)
}

func (f Filings) date(k FilingKey, on kpi.Date) {
	was := f[k]
	if on.After(was.DataDate) {
		was.DataDate = on
	}
	if at, found := slices.BinarySearchFunc(was.Dates, on, kpi.Date.Compare); !found {
		was.Dates = slices.Insert(was.Dates, at, on)
	}
	f[k] = was
}

// namesCommitment is the column that makes a source a ledger: one kept for the
// commitments of any document. A ledger is filed for the documents whose commitments
// its rows name, from then on by every file of the same bureau: what it does not name
// has nothing new. Every other source is filed for its contract's jurisdiction.
const namesCommitment = "commitment_id"

func (t LakeTable) ledger() bool {
	return slices.ContainsFunc(t.Columns, func(c LakeColumn) bool { return c.Name == namesCommitment })
}

// leaveOut takes away the batches of ledgers whose rows name nothing but commitments of documents that
// are not chosen: like those of sources that no chosen document needs, they are in no release.
func (b *builder) leaveOut(ctx context.Context) error {
	if len(b.in.Spare) == 0 {
		return nil
	}
	for _, t := range b.in.Tables {
		if !t.ledger() || filedRows(t, b.in.Batches) == 0 {
			continue
		}
		conn, err := b.db.Conn(ctx)
		if err != nil {
			return err
		}
		var spare []string
		err = query(ctx, conn, "select batch_id from ("+lakeRows(t, b.in.Batches, "core.")+") group by batch_id having bool_and("+
			namesCommitment+" in (select word from core.left_out))", func(scan func(...any) error) error {
			var batch string
			err := scan(&batch)
			spare = append(spare, batch)
			return err
		})
		if err = errors.Join(err, conn.Close()); err != nil {
			return fmt.Errorf("see what %s was filed for: %w", t.Source, err)
		}
		b.in.Batches = slices.DeleteFunc(slices.Clone(b.in.Batches), func(of lake.Batch) bool { return slices.Contains(spare, of.Batch) })
		for _, batch := range spare {
			for _, table := range []string{"core.batch", "core.batch_sheet"} {
				if err := b.exec(ctx, "delete from "+table+" where batch_id = "+duck.Literal(batch)); err != nil {
					return fmt.Errorf("leave out %s: %w", batch, err)
				}
			}
		}
	}
	return nil
}

// filings finds out what was filed for whom.
func (b *builder) filings(ctx context.Context) (Filings, error) {
	filed := Filings{}
	for _, t := range b.in.Tables {
		at := FilingKey{t.Source, cmp.Or(t.Region, b.in.Region)}
		ledger := t.ledger()
		for _, batch := range b.in.Batches {
			if batch.Source == t.Source && (!ledger || batch.Loaded == 0) {
				filed.add(at, batch)
			}
		}
		if !ledger {
			continue
		}
		if err := b.ledger(ctx, t.Source, filed); err != nil {
			return nil, fmt.Errorf("see who filed %s: %w", t.Source, err)
		}
	}
	for _, a := range b.in.Asked {
		for k := range filed {
			if k.Source == a.Source {
				filed.date(k, a.On)
			}
		}
	}
	return filed, nil
}

func (b *builder) ledger(ctx context.Context, source string, filed Filings) error {
	document := map[string]string{}
	for _, d := range b.in.Documents {
		for _, c := range slices.Concat(d.Commitments, d.Indicators) {
			document[c.ID] = d.ID
		}
	}
	rows, err := b.db.QueryContext(ctx, "select distinct r."+namesCommitment+", r.batch_id, b.data_date from lake."+duck.Ident(source)+
		" r join core.batch b on b.batch_id = r.batch_id")
	if err != nil {
		return err
	}
	defer rows.Close()
	type part struct{ batch, document string }
	seen := map[part]bool{}
	keptBy := map[string]string{} // batch → the bureau in whose folder it came, else its contract's
	for _, batch := range b.in.Batches {
		keptBy[batch.Batch] = batch.Bureau
		if folder, _, nested := strings.Cut(batch.File, "/"); nested {
			keptBy[batch.Batch] = folder
		}
	}
	type keeper struct{ bureau, document string }
	since := map[keeper]kpi.Date{} // when a bureau first filed for a document
	for rows.Next() {
		var id, batch string
		var on time.Time
		if err := rows.Scan(&id, &batch, &on); err != nil {
			return err
		}
		p := part{batch, document[id]}
		if p.document == "" {
			continue
		}
		seen[p] = true
		k := keeper{keptBy[batch], p.document}
		if first, ok := since[k]; !ok || kpi.DateOf(on).Before(first) {
			since[k] = kpi.DateOf(on)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, batch := range b.in.Batches {
		if batch.Source != source || batch.Loaded == 0 {
			continue
		}
		for k, first := range since {
			if seen[part{batch.Batch, k.document}] || k.bureau == keptBy[batch.Batch] && !batch.DataDate.Before(first) {
				seen[part{batch.Batch, k.document}] = true
				filed.add(FilingKey{source, k.document}, batch)
			}
		}
	}
	return nil
}

// answer fills core.filing and core.filed, and core.commitment with every line for which all sources
// that it needs were filed: without that there is no value, which is not 0. Nor is anything known from
// before the last of those that come in periods was filed for the first time.
func (b *builder) answer(ctx context.Context) error {
	filed, err := b.filings(ctx)
	if err != nil {
		return err
	}
	var filings, dates, commitments []values
	bySource := func(a, b FilingKey) int { return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.For, b.For)) }
	for _, k := range slices.SortedFunc(maps.Keys(filed), bySource) {
		f := filed[k]
		filings = append(filings, values{"source": k.Source, "filed_for": k.For, "batches": f.Batches,
			"data_date": f.DataDate, "pulled": f.Pulled})
		for _, on := range f.Dates {
			dates = append(dates, values{"source": k.Source, "filed_for": k.For, "data_date": on})
		}
	}
	for _, d := range b.in.Documents {
		for _, l := range Lines(d) {
			needed := b.in.Models.Needed(l)
			if l.Model == "" || filed.All(needed, d) {
				m, _ := b.in.Models.Find("kpi." + l.Model)
				var known kpi.Date
				for _, t := range b.in.Tables {
					if t.Every != "" && slices.Contains(needed, t.Source) {
						if first := filed.Of(t.Source, d).Dates[0]; first.After(known) {
							known = first
						}
					}
				}
				commitments = append(commitments, values{
					"kpi_id": l.ID, "measure": l.Measure, "document": d.ID, "jurisdiction_code": d.Region, "model": l.Model,
					"variant": l.Variant,
					"kind":    string(l.Kind), "whole": m.Whole(l.Variant), "by_region": m.ByRegion(l.Variant), "bounded": l.Bounded,
					"counts_from": l.From, "known_from": known, "each_subject": l.Each, "at_least": l.AtLeast, "at_most": l.AtMost,
				})
			}
		}
	}
	return b.fill(ctx, map[string][]values{"filing": filings, "filed": dates, "commitment": commitments})
}

// Of is what was filed of a source for a document or its jurisdiction.
func (f Filings) Of(source string, d kpi.Document) Filing {
	if own, ok := f[FilingKey{source, d.ID}]; ok {
		return own
	}
	return f[FilingKey{source, d.Region}]
}

// All reports whether every one of the sources was filed for the document.
func (f Filings) All(sources []string, d kpi.Document) bool {
	return !slices.ContainsFunc(sources, func(s string) bool { return f.Of(s, d).Batches == 0 })
}

// Filings reads what was filed for whom by the release's making.
func (db *DB) Filings(ctx context.Context) (Filings, error) {
	type row struct {
		FilingKey
		on      kpi.Date
		batches int
		pulled  bool
	}
	filed := Filings{}
	fields := func(r *row) []any { return []any{&r.Source, &r.For, scanDate{&r.on}, &r.batches, &r.pulled} }
	err := each(ctx, db, "filings", fields, func(r row) {
		filed.date(r.FilingKey, r.on)
		f := filed[r.FilingKey]
		f.Batches, f.Pulled = r.batches, r.pulled
		filed[r.FilingKey] = f
	})
	return filed, doing("read filings", err)
}

// CountedSources are the sources whose rows each commitment counts, by its own figure
// or, of a ratio, by what is counted.
func (db *DB) CountedSources(ctx context.Context) (map[string][]string, error) {
	counted := map[string][]string{}
	err := each(ctx, db, "counted_sources", func(r *[2]string) []any { return []any{&r[0], &r[1]} }, func(r [2]string) {
		counted[r[0]] = append(counted[r[0]], r[1])
	})
	return counted, doing("read what is counted", err)
}

// ToldQuarters are, by document and source, the ends of the quarters in which rows lie that its commitments
// count, the oldest first.
func (db *DB) ToldQuarters(ctx context.Context) (map[string]map[string][]kpi.Date, error) {
	type row struct {
		document, source string
		end              kpi.Date
	}
	told := map[string]map[string][]kpi.Date{}
	err := each(ctx, db, "told_quarters", func(r *row) []any { return []any{&r.document, &r.source, scanDate{&r.end}} }, func(r row) {
		if told[r.document] == nil {
			told[r.document] = map[string][]kpi.Date{}
		}
		told[r.document][r.source] = append(told[r.document][r.source], r.end)
	})
	return told, doing("read which quarters rows are of", err)
}

// Duties are what each subject had to do or to keep, and who is counted in a share, the oldest first.
func (db *DB) Duties(ctx context.Context) (list []kpi.Duty, err error) {
	var subject string
	err = ask(ctx, db, &list, "duties", func(d *kpi.Duty) []any {
		return []any{&d.ID, &d.Subject, scanDate{&d.Period}, scanDate{&d.Due}, scanDate{&d.Done}, &d.Listed, &d.Number, &subject}
	})
	return list, doing("read duties", err)
}

// Crossings are the days on which a commitment's value passed its target, the oldest first.
func (db *DB) Crossings(ctx context.Context) (map[string][]kpi.Crossing, error) {
	type row struct {
		id string
		kpi.Crossing
	}
	list := map[string][]kpi.Crossing{}
	err := each(ctx, db, "crossings", func(x *row) []any { return []any{&x.id, scanDate{&x.On}, &x.Reached} }, func(x row) {
		list[x.id] = append(list[x.id], x.Crossing)
	})
	return list, doing("read crossings", err)
}

// Batches lists the files of the release in the order they were loaded.
func (db *DB) Batches(ctx context.Context) (list []kpi.BatchLine, err error) {
	err = ask(ctx, db, &list, "batches", func(b *kpi.BatchLine) []any {
		return []any{&b.Batch, &b.Source, &b.Bureau, &b.File, scanDate{&b.DataDate}, &b.LoadedAt, scanDate{&b.LoadedOn},
			&b.SameAs, &b.Answers, &b.Read, &b.Loaded, &b.Rejected, &b.Dropped}
	})
	return list, doing("read batches", err)
}

// Parts are the days of the reports, up to a date, that a measure of a commitment counts, by region.
func (db *DB) Parts(ctx context.Context, id, measure string, until kpi.Date) (kpi.Parts, error) {
	type row struct {
		region string
		on     kpi.Date
	}
	parts := kpi.Parts{}
	err := each(ctx, db, "reporters", func(r *row) []any { return []any{&r.region, scanDate{&r.on}} }, func(r row) {
		parts[r.region] = append(parts[r.region], r.on)
	}, id, measure, until.Time())
	return parts, doing("read who reported", err)
}
