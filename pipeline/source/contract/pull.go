package contract

import (
	"regexp"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/schema"
	"citykpi/pipeline/source/fold"

	"github.com/goccy/go-yaml/ast"
)

// Pull says that a contract's rows are fetched from a database rather than
// mailed in. The query's columns have the headers of the contract.
type Pull struct {
	Connection string `json:"connection"` // by its name in citykpi.yml
	Query      string `json:"query"`      // a SELECT, without the condition on the watermark
	// Watermark is the column of the query that rises with every change of a row;
	// only what has changed since is fetched. "": all rows, each time.
	Watermark string `json:"watermark,omitempty"`
	Line      int    `json:"-"` // where the query's first line stands in the contract
}

// PulledName is what the export of a day is called.
func (c *Contract) PulledName(day kpi.Date) string {
	return c.Name + "_" + strings.ReplaceAll(day.String(), "-", "") + ".parquet"
}

var readingQuery = regexp.MustCompile(`(?i)^(\s|--[^\n]*\n|(?s:/\*.*?\*/))*\(*\s*(select|with)\b`)

func (p *yamlParser) pullKey() key {
	k := groupKey("pull", pullKeys(new(Pull)), "The rows are fetched from a database rather than mailed in.")
	k.read = func(p *yamlParser, e pair, where string) {
		p.c.Pull = &Pull{Line: line(e.value)}
		p.mapping(e.value, where, where+".", pullKeys(p.c.Pull))
	}
	return k
}

// pullKeys are those of a pull.
func pullKeys(pull *Pull) keys {
	return keys{
		textKey("connection", &pull.Connection,
			"A database, by its name under connections in citykpi.yml.").needed().as("registry"),
		makeKey("query",
			"A SELECT whose columns have the headers of the contract, without a condition on the watermark.",
			schema.Text(), pull.readQuery).needed(),
		makeKey("watermark",
			"The column of the query that rises with every change of a row: only what changed since is fetched. Left out: all "+
				"rows, each time.",
			schema.Text(), func(p *yamlParser, e pair, where string) {
				if pull.Watermark = p.text(e.value, where); pull.Watermark == "" {
					p.bad(e.line, "%s: want the name of a column; leave it out to fetch all rows each time", where)
				}
			}).as("updated_at"),
	}
}

func (pull *Pull) readQuery(p *yamlParser, e pair, where string) {
	pull.Query = strings.TrimRight(p.text(e.value, where), "; \t\r\n")
	pull.Line = e.line
	if _, block := e.value.(*ast.LiteralNode); block {
		pull.Line++
	}
	if !readingQuery.MatchString(pull.Query) {
		p.bad(e.line, "%s: want a query that reads, beginning with select or with", where)
	}
}

// checkPull finds what would make a pulled export another source's, of no date,
// or take the rows that did not change for rows that are gone.
func (p *yamlParser) checkPull() {
	c := p.c
	if c.Pull == nil {
		return
	}
	at := func(key string) int {
		if l, ok := p.lines[key]; ok {
			return l
		}
		return p.lines["pull"]
	}
	if c.Pull.Connection == "" || c.Pull.Query == "" {
		p.bad(at("pull"), "pull: want connection, the name of a database in citykpi.yml, and query")
	}
	if len(c.DataDate) == 0 || c.DataDate[0] != "file_name" {
		p.bad(at("data_date"), "data_date: what is pulled is of the day of the pull, which stands in the file's name; put file_name first")
	}
	if name := c.PulledName(kpi.Date{Year: 2026, Month: 9, Day: 30}); len(c.Files) > 0 && !c.Claims(name) {
		p.bad(at("files"), "files: no pattern fits %s, as a pulled export is called; add one, such as %q", name, c.Name+"_*")
	}
	if c.Pull.Watermark == "" {
		return
	}
	if c.Mode == Snapshot {
		p.bad(at("pull.watermark"), "pull.watermark: in mode snapshot a row that did not change would count as gone; "+
			"drop it, or write mode: append")
	}
	if c.ownHold {
		p.bad(at("hold_if"), "hold_if: with pull.watermark only changes come, few or many, and are never held; drop it")
	}
	if c.Covers == Whole {
		p.bad(at("covers"), "covers: with pull.watermark only changes come, never the whole list; drop it")
	}
	mark, _ := fold.HeaderKey(c.Pull.Watermark)
	for _, col := range c.Columns {
		if col.Personal != "" && (col.Name == c.Pull.Watermark || slices.Contains(col.Keys, mark)) {
			p.bad(at("pull.watermark"),
				"pull.watermark: %s holds persons (personal: %s), and how far a source was read is printed; "+
					"choose a column of times or numbers", c.Pull.Watermark, col.Personal)
		}
	}
	if strings.Contains(c.Pull.Query, ":watermark") {
		p.bad(at("pull.query"), "pull.query: the condition on the watermark is added by the program; leave it out")
	}
}
