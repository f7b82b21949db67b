//go:build !duckdb_arrow

package duck

// citykpi loads through Arrow, which the DuckDB driver only offers under a build
// tag. This line stops a build without it: use `make build`, or add
// -tags duckdb_arrow to the go command.
var _ = build_with_make_or_add_tags_duckdb_arrow
