package warehouse

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"citykpi/pipeline/duck"
)

// LakeFile is the database that holds what analysts may read of a release's batches:
// schemas lake and staging, masked as the models saw them.
const LakeFile = "lake.duckdb"

// Extract writes LakeFile at path: every lake table and staging model of the inputs, from
// the release's own database and its batches. It costs as much as a good part of a run,
// so it is made when somebody asks, and not with each release.
func Extract(ctx context.Context, path, releaseDatabase string, in Inputs, temp string) error {
	if err := os.MkdirAll(temp, 0o755); err != nil {
		return err
	}
	db, err := Open(ctx, "", duck.Limits{TempDir: temp})
	if err != nil {
		return err
	}
	return duck.Disk(path, errors.Join(db.extract(ctx, path, releaseDatabase, in), db.Close()))
}

func (db *DB) extract(ctx context.Context, path, releaseDatabase string, in Inputs) error {
	db.SQL().SetMaxOpenConns(1) // names are looked up as one connection is told
	if err := db.registerMasks(ctx, in.Mask); err != nil {
		return err
	}
	b := &builder{db: db.SQL(), into: db, in: in}
	if err := db.AttachNew(ctx, path, "lake_file"); err != nil {
		return fmt.Errorf("prepare %s: %w", LakeFile, err)
	}
	for _, q := range []string{
		"attach " + duck.Literal(releaseDatabase) + " as published (read_only)",
		"create schema lake_file.lake", "create schema lake_file.staging",
		"attach ':memory:' as settled", "create schema settled.superseded",
		"set search_path = 'lake_file.main,lake_file.lake,lake_file.staging,published.main,published.core'",
	} {
		if err := b.exec(ctx, q); err != nil {
			return fmt.Errorf("prepare %s: %w", LakeFile, err)
		}
	}
	if err := b.personal(ctx); err != nil {
		return err
	}
	for _, t := range in.Tables {
		rows := "(" + lakeRows(t, b.in.Batches, "published.core.") + ")"
		_, err := b.settle(ctx, t, rows)
		distinct := false
		if err == nil {
			distinct, err = b.supersede(ctx, t, rows, "published.core.")
		}
		if err == nil {
			err = b.exec(ctx, "create table lake_file.lake."+duck.Ident(t.Source)+" as\n"+lakeView(t, rows, "published.core.", distinct))
		}
		if err != nil {
			return fmt.Errorf("read batches of %s: %w", t.Source, err)
		}
	}
	for _, m := range in.Models {
		if err := b.exec(ctx, "create table lake_file."+m.Name+" as\n"+m.SQL); err != nil {
			return fmt.Errorf("%s: %s", m.Name, firstLines(err.Error(), 4))
		}
	}
	return b.exec(ctx, "checkpoint lake_file")
}

// Layer lists the models of one layer, in order.
func (ms Models) Layer(name string) Models {
	return slices.DeleteFunc(slices.Clone(ms), func(m Model) bool { return !strings.HasPrefix(m.Name, name+".") })
}
