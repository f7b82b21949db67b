package warehouse

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"citykpi/pipeline/duck"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/personal"

	"golang.org/x/sync/errgroup"
)

// fewRows is up to how many rows of a source are read into memory once. What reads a view opens
// its files again, and of a source of small files, nearly all, that is most of what a run does.
const fewRows = 200_000

// lake makes one view per source: the row known last for each natural key (and
// data date, where each batch is the whole register). Few rows are read into memory once, as
// lake.filed.<source>; those of large registers are read in place from Parquet.
func (b *builder) lake(ctx context.Context) error {
	var self string // views in another database need the full name of what they read
	if err := b.db.QueryRowContext(ctx, "select current_database()").Scan(&self); err != nil {
		return fmt.Errorf("prepare release database: %w", err)
	}
	steps, distinct := make([][]values, len(b.in.Tables)), make([]bool, len(b.in.Tables))
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(runtime.NumCPU())
	for i, t := range b.in.Tables {
		work.Go(func() (err error) {
			steps[i], distinct[i], err = b.source(ctx, t, duck.Ident(self)+".core.")
			return err
		})
	}
	if err := work.Wait(); err != nil {
		return err
	}
	for i, t := range b.in.Tables {
		b.found = append(b.found, steps[i]...)
		b.into.distinct[t.Source] = distinct[i]
	}
	return nil
}

// source makes lake.<source>. It returns what its rows correct, for core.correction, and whether each of them counts.
func (b *builder) source(ctx context.Context, t LakeTable, core string) (steps []values, distinct bool, err error) {
	rows := rowsOf(t, b.in.Batches, core)
	if isFew(t, b.in.Batches) {
		if err := b.exec(ctx, "create table "+rows+" as\n"+lakeRows(t, b.in.Batches, core)); err != nil {
			return nil, false, fmt.Errorf("read batches of %s: %w", t.Source, err)
		}
	}
	if steps, err = b.settle(ctx, t, rows); err != nil {
		return nil, false, fmt.Errorf("see what rows of %s correct: %w", t.Source, err)
	}
	if distinct, err = b.supersede(ctx, t, rows, core); err != nil {
		return nil, false, err
	}
	if err := b.exec(ctx, "create view lake."+duck.Ident(t.Source)+" as\n"+lakeView(t, rows, core, distinct)); err != nil {
		return nil, false, fmt.Errorf("read batches of %s: %w", t.Source, err)
	}
	return steps, distinct, nil
}

func isFew(t LakeTable, batches []lake.Batch) bool {
	n := filedRows(t, batches)
	return n > 0 && n <= fewRows
}

// rowsOf is what all rows of a source's batches are selected from, as lakeRows has them.
func rowsOf(t LakeTable, batches []lake.Batch, core string) string {
	if isFew(t, batches) {
		return "lake.filed." + duck.Ident(t.Source)
	}
	return "(" + lakeRows(t, batches, core) + ")"
}

func filedRows(t LakeTable, batches []lake.Batch) (n int64) {
	for _, b := range batches {
		if b.Source == t.Source {
			n += b.Loaded
		}
	}
	return n
}

// batchOf is the batch of a row of a Parquet file: its folder.
const batchOf = `parse_filename(parse_dirpath("file of the row"))`

// lakeView is the select of lake.<source> from its rows (lakeRows): those that count, all of them where they are distinct.
func lakeView(t LakeTable, rows, core string, distinct bool) string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = "r." + duck.Ident(c.Name)
	}
	view := "select " + strings.Join(names, ", ") + ", b.data_date from " + rows + " r join " + core + "batch b on b.batch_id = r.batch_id"
	if !distinct {
		view += " anti join " + superseded(t) + " o on o.batch_id = r.batch_id and o.row_no = r.row_no"
	}
	return view
}

// lakeRows are all rows of a source's batches, masked, in the columns of its contract. The words of
// names stand beside them, and where some of the rows correct others what they say of it.
func lakeRows(t LakeTable, batches []lake.Batch, core string) string {
	var parts []string
	steps := corrects(t, batches)
	for _, group := range byColumns(t.Source, batches) {
		cols, words := make([]string, len(t.Columns)), []string(nil)
		for i, c := range t.Columns {
			from := "r." + duck.Ident(c.Name)
			switch {
			case c.Name == contract.BatchColumn:
				from = batchOf
			case !slices.Contains(group[0].Columns, c.Name):
				from = "null"
			case c.Name == contract.RowColumn && severalSheets(group[0]):
				from += " + h.rows_above"
			}
			if c.Name == contract.SheetColumn && from != "null" {
				from = sheetOf(group[0])
			}
			cols[i] = masked(c, group[0], from) + " as " + duck.Ident(c.Name)
			if c.Personal == personal.Name {
				words = append(words, maskID+"(cast("+from+" as varchar)) as "+wordOf(c))
			}
		}
		cols = append(cols, words...)
		if steps {
			cols = append(cols, correcting(t, group[0])...)
		}
		part := "select " + strings.Join(cols, ", ") + " from " + batchRows(group) + " r"
		if severalSheets(group[0]) {
			part += " join " + core + "batch_sheet h on h.batch_id = " + batchOf + " and h.sheet = " + sheetOf(group[0])
		}
		parts = append(parts, part)
	}
	if parts != nil {
		return strings.Join(parts, " union all ")
	}
	cols := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		cols[i] = "cast(null as " + c.Type + ") as " + duck.Ident(c.Name)
	}
	return "select " + strings.Join(cols, ", ") + " where false"
}

// byColumns groups a source's batches by the columns they were written with, older
// contract versions may lack some, by whether they have several sheets, and by the
// columns in which identity numbers were found.
func byColumns(of string, batches []lake.Batch) [][]lake.Batch {
	at := map[string]int{}
	var groups [][]lake.Batch
	for _, b := range batches {
		if b.Source != of || b.Loaded == 0 {
			continue
		}
		k := fmt.Sprint(severalSheets(b), b.Columns, personal.HoldsIdentity([]byte(b.Sheet)))
		for _, p := range b.Personal {
			k += fmt.Sprint("\x00", p.Column, p.Whole)
		}
		if _, ok := at[k]; !ok {
			at[k] = len(groups)
			groups = append(groups, nil)
		}
		groups[at[k]] = append(groups[at[k]], b)
	}
	return groups
}

// batchRows reads the rows of batches, each with the file it stands in (batchOf).
func batchRows(batches []lake.Batch) string {
	paths := make([]string, len(batches))
	for i, b := range batches {
		paths[i] = b.Rows()
	}
	return strings.TrimSuffix(duck.Parquet(paths...), ")") + ", filename = 'file of the row')"
}
