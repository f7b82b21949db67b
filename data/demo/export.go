package demo

import (
	"fmt"
	"io"
	"time"

	"citykpi/pipeline/kpi"
)

// export is one file of a bureau: where it goes below var/inbox and how it is
// written. Files are independent of each other and may be written in any order.
type export struct {
	path  string   // 市科技局/技术合同登记_2024Q1.csv
	day   kpi.Date // what it holds is known up to that day
	write func(w io.Writer) (FileTruth, error)
}

// exports lists every file the city's bureaus hand in.
func (c *city) exports(chars *charset) []export {
	var list []export
	for q := range c.ends {
		list = append(list, c.registryExport(q, chars))
	}
	for _, l := range c.lists {
		list = append(list, c.smeExport(l, chars))
	}
	if c.mistaken != nil {
		list = append(list, c.mistakenFile(false))
	}
	for q := range c.ends {
		list = append(list, c.peopleExports(q, chars)...)
		list = append(list, c.moneyExports(q, chars)...)
		list = append(list, c.rateExport(q, chars))
		list = append(list, c.conversionExports(q, chars)...)
		list = append(list, c.basisExports(q, chars)...)
	}
	list = append(list, c.budgetExports(chars)...)
	list = append(list, c.parkExports(chars)...)
	list = append(list, c.consortiumExports(chars)...)
	return append(list, c.heilongjiang.exports(chars)...)
}

// form is the file format a bureau chose for one file.
type form struct {
	xlsx     bool
	encoding encoding
	titles   []string
	numbered bool // 序号 first
	total    bool // 合计 last
	unit     unit
	inHeader bool // the unit stands in the header rather than in a title
}

func (f form) extension() string {
	if f.xlsx {
		return ".xlsx"
	}
	return ".csv"
}

// sheet makes the export of some rows of a source. one turns an item into a row
// without cells: its key and what is wrong with it.
func sheet[T any](c *city, path, source string, saved kpi.Date, f form, chars *charset, items []T, columns []column[T], one func(T) row) export {
	path += f.extension()
	return export{path: path, day: saved, write: func(w io.Writer) (FileTruth, error) {
		r := stream(c.seed, path)
		l := arrange(r, columns, f.unit, f.inHeader)
		t := table{source: source, titles: f.titles, header: l.header, unit: f.unit, dates: dateStyle(r.n(int(compact) + 1))}
		if f.xlsx {
			t.dates = pick(r, []dateStyle{serial, serial, dashed, chinese, dotted})
		}
		for _, v := range items {
			line := one(v)
			line.cells = l.cells(v)
			t.rows = append(t.rows, line)
		}
		if f.numbered {
			t.numbered()
		}
		if f.total {
			t.total()
		}
		var err error
		if f.xlsx {
			err = t.writeXLSX(w, sheetStyle{sheet: pick(r, []string{"Sheet1", "名单", "汇总表"}), inline: r.chance(300), saved: saved.Time().Add(9 * time.Hour)})
		} else {
			err = t.writeCSV(w, f.encoding, chars)
		}
		return c.namedIn(t.truth(path), &t), err
	}}
}

// truth counts what must become of the file's rows.
func (t *table) truth(path string) FileTruth {
	f := FileTruth{File: path, Source: t.source, Rows: len(t.rows), Footers: len(t.footers)}
	seen := make(map[string]bool, len(t.rows))
	for _, r := range t.rows {
		switch {
		case r.rejected:
			f.Rejected++
		case seen[r.key]:
			f.Repeated++
		}
		if !r.rejected {
			if r.stranger && !seen[r.key] {
				f.Unmatched++
			}
			seen[r.key] = true
		}
	}
	return f
}

// listedIn selects the items whose quarter is q.
func listedIn[T any](items []T, q int, listed func(T) int) []T {
	var list []T
	for _, v := range items {
		if listed(v) == q {
			list = append(list, v)
		}
	}
	return list
}

// again repeats a few of a file's rows, as happens when lists are pasted together.
func again[T any](r *rng, items []T, perMille int) []T {
	n := len(items)
	for i := range n {
		if r.chance(perMille) {
			items = append(items, items[i])
		}
	}
	return items
}

// named is a file's name: the words, then the quarter or its last day.
func (c *city) named(words string, q int, byDay bool) string {
	if byDay {
		d := c.quarter(q).End()
		return fmt.Sprintf("%s_%d%02d%02d", words, d.Year, d.Month, d.Day)
	}
	return words + "_" + c.quarter(q).String()
}
