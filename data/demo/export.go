package demo

import (
	"io"
	"slices"
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
func (c *city) exports() []export {
	list := slices.Concat(c.peopleExports(), c.moneyExports(), c.conversionExports(), c.parkExports(),
		c.consortiumExports(), c.heilongjiang.exports())
	for q := range c.ends {
		list = append(list, c.registryExport(q))
	}
	for _, l := range c.lists {
		list = append(list, c.smeExport(l))
	}
	if c.mistaken != nil {
		list = append(list, c.mistakenFile(false))
	}
	return list
}

// told is what happened, as a file tells of it: without cells.
type told interface{ row(c *city) row }

// listed is what stands in the file of a quarter.
type listed interface {
	told
	in(c *city) int
}

// filed are the files of a look: each thing stands in that of its quarter.
func filed[T listed](c *city, name string, things []T) []export {
	var files []export
	for q := range c.ends {
		files = append(files, fileOf(c, name, q, filedIn(c, things, q))...)
	}
	return files
}

// filedIn selects the things of a quarter's file.
func filedIn[T listed](c *city, things []T, q int) []T {
	return filtered(things, func(v T) bool { return v.in(c) == q })
}

// fileOf is a look's file of a quarter; none where nothing is to be told.
func fileOf[T told](c *city, name string, q int, things []T) []export {
	if len(things) == 0 {
		return nil
	}
	k := c.looks[name]
	return []export{sheet(c, k, k.named(c, q), c.quarter(q).End(), k.form(c, q, 0), things)}
}

// sheet makes the export of some things under a path without its ending.
func sheet[T told](c *city, k *look, path string, saved kpi.Date, f form, things []T) export {
	path += f.extension()
	return export{path: path, day: saved, write: func(w io.Writer) (FileTruth, error) {
		r := stream(c.seed, path)
		columns := k.arrange(r, f)
		t := table{source: k.Source, titles: f.Titles, unit: f.Unit, dates: dateStyle(r.n(int(compact) + 1))}
		for _, col := range columns {
			t.header = append(t.header, col.head)
		}
		if f.CSV == "" {
			t.dates = pick(r, []dateStyle{serial, serial, dashed, chinese, dotted})
		}
		for _, v := range things {
			line := v.row(c)
			var err error
			if line.cells, err = k.cells(line, columns, dayOf(saved)); err != nil {
				return FileTruth{}, err
			}
			line.key = k.key(line)
			t.rows = append(t.rows, line)
		}
		if f.Numbered {
			t.numbered()
		}
		if f.Total {
			t.total()
		}
		var err error
		if f.CSV == "" {
			name, inline := pick(r, []string{"Sheet1", "名单", "汇总表"}), r.chance(300)
			err = t.writeXLSX(w, sheetStyle{name, inline, saved.Time().Add(9 * time.Hour)})
		} else {
			err = t.writeCSV(w, f.CSV, c.chars)
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
			continue
		case seen[r.key]:
			f.Repeated++
		case r.stranger:
			f.Unmatched++
		}
		seen[r.key] = true
	}
	return f
}

func filtered[T any](items []T, keep func(T) bool) []T {
	var list []T
	for _, v := range items {
		if keep(v) {
			list = append(list, v)
		}
	}
	return list
}

// named is a file's name: the words, then the quarter or its last day.
func (c *city) named(words string, q int, byDay bool) string {
	if byDay {
		return words + "_" + compact.write(c.ends[q])
	}
	return words + "_" + c.quarter(q).String()
}

// blank is a value, or none where a list says nothing.
func blank[T any](v T, empty bool) any {
	if empty {
		return nil
	}
	return v
}

// districtName is the name of a district; -1: none is told.
func districtName(region int) string {
	if region < 0 {
		return ""
	}
	return districts()[region].Name
}
