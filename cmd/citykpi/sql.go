package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/release"
	"citykpi/pipeline/show"
	"citykpi/sql/query"

	"github.com/spf13/cobra"
)

// asksForLake finds queries that may read lake.* or staging.*, or list tables. Those of
// a release are made when they are first asked for.
var asksForLake = regexp.MustCompile(`(?i)\b(lake|staging|show|describe|information_schema|duckdb_\w+|pg_\w+)\b`)

// sqlVerb is the one verb that prints in more formats than the others.
const sqlVerb = "sql"

func (a *app) sqlCmd() *cobra.Command {
	var text string
	var maxRows int
	var timeout time.Duration
	var memory int
	cmd := &cobra.Command{
		Use:   sqlVerb,
		Short: "Ask the current release a question in SQL, read-only",
		Long: `Sql runs one reading statement on the current release, in a process of its own
that can touch no file and no network. The query comes from -q or standard input.
It may read the tables of core, kpi, mart, lake and staging (show tables, describe
mart.value) with the functions that compute; what else there is in DuckDB is refused.

--format is table, csv, json, ndjson, xlsx, parquet or arrow (an IPC stream). The last
three keep numbers, dates and texts as such, and go to a file: … > result.xlsx`,
		Example: `  citykpi sql -q "select kpi_id, value from mart.value where as_of = date '2026-09-30' and region_code = '320100'"
  citykpi sql --format xlsx --max-rows 0 -q "from mart.value" > values.xlsx`,
		Args: usage(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			if text == "" {
				if terminal(a.in) {
					return fmt.Errorf("%w: no query. Try: citykpi sql -q 'select …'", errUsage)
				}
				b, err := io.ReadAll(io.LimitReader(a.in, query.MaxText+1))
				if err != nil {
					return err
				}
				if len(b) > query.MaxText { // or without end, as a device is
					return fmt.Errorf("%w: a query of more than %d KB. "+
						"Try: a join with a table of the release instead of a list of values", errUsage, query.MaxText>>10)
				}
				text = string(b)
			}
			if query.Format(a.format).Binary() && terminal(a.out) {
				return fmt.Errorf("%w: --format %s is nothing for a terminal. Try: citykpi sql --format %s … > result.%s",
					errUsage, a.format, a.format, a.format)
			}
			p, err := a.open()
			if err != nil {
				return err
			}
			m, err := pipeline.Releases(p).Current()
			if err != nil {
				return err
			}
			lake := ""
			if asksForLake.MatchString(text) {
				making := func() {
					fmt.Fprintf(a.err, "making lake.* and staging.* of release %s with persons masked; "+
						"the next query finds them there\n", m.ID)
				}
				if lake, err = pipeline.LakeOf(c.Context(), p, m, making); err != nil {
					return err
				}
			}
			binary, err := os.Executable()
			if err != nil {
				return fmt.Errorf("find the citykpi binary: %w", err)
			}
			out := a.out
			switch format := query.Format(a.format); {
			case format.Binary():
				out = show.Raw(out)
			case format == query.CSV && a.bom:
				out = &marked{out: out}
			}
			res, err := query.Run(c.Context(), query.Request{
				Binary: binary, Database: filepath.Join(pipeline.Releases(p).Dir(m.ID), release.DatabaseFile), Lake: lake,
				SQL: text, Format: query.Format(a.format), MaxRows: maxRows, Timeout: timeout, MemoryMB: memory,
				Walls: p.Config.RequireSandbox,
			}, out)
			if err != nil {
				return err
			}
			if res.Truncated {
				fmt.Fprintln(a.err, res.Note())
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVarP(&text, "query", "q", "", "the query")
	f.IntVar(&maxRows, "max-rows", 1000, "rows to show; 0 is all")
	f.DurationVar(&timeout, "timeout", 30*time.Second, "stop the query after this long")
	f.IntVar(&memory, "memory", 1024, "megabytes the query may take")
	return cmd
}

// sqlChildCmd is the other end of sql: the process the query runs in.
func (a *app) sqlChildCmd() *cobra.Command {
	return &cobra.Command{
		Use: query.ChildVerb, Hidden: true, Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			os.Exit(query.Child(a.in, show.Raw(a.out), a.err)) // bytes for the parent, which shows what it prints
			return nil
		},
	}
}
