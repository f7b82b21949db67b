package dashboard

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/show"
	"citykpi/reports/figure"
)

// Rows a page shows itself, and rows a file of further rows holds.
const (
	rowsShown = 20
	rowsChunk = 2000
)

// kind is what a column of a long table holds.
type kind string

const (
	asText   kind = "t" // short words, on one line
	asWords  kind = "w" // words that may wrap
	asNumber kind = "n"
	asMoney  kind = "m" // in the unit of the heading, two decimals
	asDay    kind = "d"
	asPlace  kind = "r" // the district something counts for: readers can choose one
	asHidden kind = "x" // stands in the files only, for addresses and downloads
)

type column struct {
	Title string
	Kind  kind
}

// of are columns of one kind.
func (k kind) of(titles ...string) []column {
	columns := make([]column, len(titles))
	for i, title := range titles {
		columns[i] = column{title, k}
	}
	return columns
}

// placed are the columns of the row of a bureau's file that said something.
var placed = slices.Concat(asWords.of("文件"), asText.of("工作表"), asNumber.of("行"))

// Numeric reports whether the column is aligned to the right.
func (c column) Numeric() bool { return c.Kind == asNumber || c.Kind == asMoney }

// rows is a long table: the first rows stand in the page, all of them in files
// that the script reads when the reader pages, sorts or searches.
type rows struct {
	ID      string
	Columns []column
	First   [][]string
	Total   int
	Chunks  int
	Chunk   int // rows in a file
	Empty   string

	dir    string
	buffer [][]any
	err    error
}

func (w *site) rows(id string, columns ...[]column) *rows {
	return &rows{ID: slug(id), Columns: slices.Concat(columns...), Chunk: rowsChunk, Empty: "无记录", dir: filepath.Join(w.dir, "data")}
}

// Count is the number of rows as people read it.
func (r *rows) Count() string { return figure.Count(float64(r.Total)) }

// add takes one cell per column: string, a number, kpi.Date or nil; a kpi.Place at the end is the cells of placed.
func (r *rows) add(cells ...any) {
	if at, ok := cells[len(cells)-1].(kpi.Place); ok {
		cells = append(cells[:len(cells)-1], at.File, at.Sheet, at.Row)
	}
	if len(cells) != len(r.Columns) {
		r.err = fmt.Errorf("table %s: %d cells, %d columns", r.ID, len(cells), len(r.Columns))
		return
	}
	r.Total++
	if len(r.First) < rowsShown {
		texts := make([]string, len(cells))
		for i, c := range cells {
			texts[i] = cellText(r.Columns[i].Kind, c)
		}
		r.First = append(r.First, texts)
	}
	for i, c := range cells {
		if d, ok := c.(kpi.Date); ok {
			cells[i] = d.String()
		}
	}
	r.buffer = append(r.buffer, cells)
	if len(r.buffer) == r.Chunk {
		r.flush()
	}
}

func cellText(k kind, c any) string {
	if v, ok := c.(float64); ok && k == asMoney {
		return figure.Number(v, 2)
	}
	switch c := c.(type) {
	case nil:
		return figure.None
	case string:
		if c == "" {
			return figure.None
		}
		return c
	case int:
		return figure.Count(float64(c))
	case int64:
		return figure.Count(float64(c))
	case float64:
		return figure.Count(c)
	case kpi.Date:
		return figure.Day(c)
	}
	return fmt.Sprint(c)
}

// end writes what is left. A table that fits the page needs no file.
func (r *rows) end() error {
	if r.Total > rowsShown && len(r.buffer) > 0 {
		r.flush()
	}
	r.buffer = nil
	return r.err
}

// flush writes one file of rows: a call with values only, JSON throughout. Words that
// repeat are written once, the most frequent first: in a column of words a number is the
// place in that list, counted from one, and 0 is nothing.
func (r *rows) flush() {
	if r.err != nil {
		return
	}
	list, place := repeated(r.buffer)
	var b strings.Builder
	for i, row := range r.buffer {
		if i > 0 {
			b.WriteString(",\n")
		}
		b.WriteByte('[')
		for n, c := range row {
			if n > 0 {
				b.WriteByte(',')
			}
			r.cell(&b, r.Columns[n], c, place)
		}
		b.WriteByte(']')
	}
	words, err := json.Marshal(list)
	if err != nil || r.err != nil {
		r.err = errors.Join(r.err, err)
		return
	}
	r.Chunks++
	name := fmt.Sprintf("%s-%d.js", r.ID, r.Chunks)
	text := fmt.Sprintf("citykpi.rows(%q,%d,%s,[\n%s\n])\n", r.ID, r.Chunks, show.JSON(words), b.String())
	if err := os.WriteFile(filepath.Join(r.dir, name), []byte(text), 0o644); err != nil {
		r.err = fmt.Errorf("table %s: %w", r.ID, err)
	}
	r.buffer = r.buffer[:0]
}

// cell writes one cell of a file of rows.
func (r *rows) cell(b *strings.Builder, in column, c any, place map[string]int) {
	if text, ok := c.(string); !in.Numeric() && (c == nil || ok) {
		if at := place[text]; text == "" || at > 0 {
			b.WriteString(strconv.Itoa(at))
			return
		}
	} else if !in.Numeric() {
		r.err = fmt.Errorf("table %s: %v in column %s of words", r.ID, c, in.Title)
		return
	}
	raw, err := json.Marshal(c)
	if err != nil {
		r.err = fmt.Errorf("table %s: %w", r.ID, err)
		return
	}
	b.Write(show.JSON(raw))
}

// repeated lists the words that stand in several cells, the most frequent first, and
// where each stands in the list, from one.
func repeated(rows [][]any) (list []string, place map[string]int) {
	seen := map[string]int{}
	list, place = []string{}, map[string]int{}
	for _, row := range rows {
		for _, c := range row {
			if text, ok := c.(string); ok && len(text) > 3 {
				if seen[text]++; seen[text] == 2 {
					list = append(list, text)
				}
			}
		}
	}
	slices.SortStableFunc(list, func(a, b string) int { return cmp.Compare(seen[b], seen[a]) })
	for i, text := range list {
		place[text] = i + 1
	}
	return list, place
}
