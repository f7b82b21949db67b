package warehouse

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"slices"
)

// Page is what sql/page/<name>.yml says of the query beside it, which pages, reports and commands are made
// from. The program takes its columns as they come.
type Page struct {
	Page       string   `yaml:"page"`       // its file's name
	Grain      string   `yaml:"grain"`      // what one row is
	Parameters []string `yaml:"parameters"` // what $1, $2 and so on stand for
	Columns    []string `yaml:"columns"`    // in the order of the query
}

// LoadPage reads a query of sql/page and what is said of it.
func LoadPage(fsys fs.FS, name string) (p Page, query string, err error) {
	file := "page/" + name
	if err := decodeSpec(fsys, file+".yml", &p); err != nil {
		return p, "", err
	}
	if p.Page != name {
		return p, "", fmt.Errorf("sql/%s.yml: page is %q, want %q", file, p.Page, name)
	}
	if p.Grain == "" || len(p.Columns) == 0 {
		return p, "", fmt.Errorf("sql/%s.yml: grain and columns are both needed", file)
	}
	text, err := fs.ReadFile(fsys, file+".sql")
	if err != nil {
		return p, "", fmt.Errorf("read sql/%s.sql: %w", file, err)
	}
	return p, string(text), nil
}

// ask reads the rows of a query of sql/page.
func ask[T any](ctx context.Context, db *DB, to *[]T, page string, scan func(*T) []any, args ...any) error {
	return each(ctx, db, page, scan, func(row T) { *to = append(*to, row) }, args...)
}

// each hands on the rows of a query of sql/page one by one. scan gets a pointer to a new row and returns
// where its columns go.
func each[T any](ctx context.Context, db *DB, page string, scan func(*T) []any, take func(T), args ...any) error {
	p, query, err := LoadPage(db.pages, page)
	if err != nil {
		return err
	}
	rows, err := db.SQL().QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if err := p.held(rows); err != nil {
		return err
	}
	return scanned(rows, scan, take)
}

// held holds a query's columns against those that are read of it: another in the place of one would be read as that.
func (p Page) held(rows *sql.Rows) error {
	columns, err := rows.Columns()
	if err == nil && !slices.Equal(columns, p.Columns) {
		err = fmt.Errorf("sql/page/%s.sql: its columns are %q, the .yml beside it says %q", p.Page, columns, p.Columns)
	}
	return err
}

func scanned[T any](rows *sql.Rows, scan func(*T) []any, take func(T)) error {
	for rows.Next() {
		var row T
		if err := rows.Scan(scan(&row)...); err != nil {
			return err
		}
		take(row)
	}
	return rows.Err()
}

// doing tells what was being done when an error came up.
func doing(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
