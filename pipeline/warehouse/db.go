// Package warehouse makes a release's database of batches and models, checks it, and reads it back.
package warehouse

import (
	"context"
	"io/fs"

	"citykpi/pipeline/duck"
	"citykpi/pipeline/lake"
)

// DB is a release's database: one that is built, or one that is read.
type DB struct {
	*duck.DB
	pages    fs.FS           // sql/, whose queries in page a release is read by
	distinct map[string]bool // sources each row of which counts; set by Build
	batches  []lake.Batch    // likewise: what they were found to hold included
}

// Open opens or creates a database to build in, at path or, where that is "", in memory.
func Open(ctx context.Context, path string, lim duck.Limits) (*DB, error) {
	db, err := duck.Open(ctx, path, lim)
	if err != nil {
		return nil, err
	}
	return &DB{DB: db}, nil
}
