// Command make writes those files of the corpus that are made: the same small table in every format that can
// hold it, and workbooks that are odd or broken. The same program writes the same bytes.
//
// A folder of the corpus is a case. What is written by hand in it is want.json, which says what reading each of
// its files must give, and
//
//   - table.json: a table, and the formats it is written in
//   - parts.END/…: parts of a workbook that stand in the place of the plain one's, for the file of that end
//   - files of text that no table gives
//
// What cannot be written by hand is in damaged.go, legacy.go and raised.go.
//
//	cd pipeline/source && go run -tags duckdb_arrow ./testdata/make testdata/corpus
package main

import (
	"encoding/binary"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Groups of formats by what they can hold, as table.json names them.
var (
	encodings = []string{".csv", ".bom.csv", ".gb18030.csv", ".utf-16le.csv", ".utf-16be.csv", ".tsv", ".semicolon.csv"}
	sheets    = []string{".xlsx", ".xls", ".html"}
	records   = []string{".json", ".jsonl", ".list.json", ".parquet"}
	rows      = slices.Concat(encodings, sheets) // a table may start anywhere in them
	groups    = map[string][]string{
		"encodings": encodings,
		"sheets":    sheets,
		"rows":      rows,
		"all":       slices.Concat(rows, records, []string{".zip"}),
		"brief":     {".csv", ".xlsx", ".xls", ".jsonl", ".parquet"},
	}
)

// write is the first of the sheets in one format, or all of them in a workbook.
func write(format string, sheets ...table) []byte {
	t := sheets[0]
	comma := csvOf(t, ",")
	switch format {
	case ".csv":
		return []byte(comma)
	case ".bom.csv":
		return []byte("\ufeff" + comma)
	case ".gb18030.csv":
		return gb18030(comma)
	case ".utf-16le.csv":
		return wide(comma, binary.LittleEndian)
	case ".utf-16be.csv":
		return wide(comma, binary.BigEndian)
	case ".tsv":
		return []byte(csvOf(t, "\t"))
	case ".semicolon.csv":
		return []byte(csvOf(t, ";"))
	case ".pipe.csv":
		return []byte(csvOf(t, "|"))
	case ".xlsx":
		return xlsxOf(sheets...)
	case ".xls":
		return xlsOf(sheets...)
	case ".html":
		return []byte(htmlOf(t))
	case ".json":
		return []byte("[\n" + strings.Join(objects(t), ",\n") + "\n]\n")
	case ".jsonl":
		return []byte(strings.Join(objects(t), "\n") + "\n")
	case ".list.json":
		list := strings.Join(objects(t), ",")
		return fmt.Appendf(nil, `{"code": 0, "data": {"total": %d, "list": [%s]}, "message": "成功"}`, len(t.rows), list)
	case ".parquet":
		return parquetOf(t)
	case ".zip":
		return archive(member{"导出/表.csv", []byte(comma)})
	}
	panic(format)
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: make <folder of the corpus>")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(root string) error {
	corpus := os.DirFS(root)
	files := map[string][]byte{} // by folder and end of their name
	for _, made := range []map[string][]byte{fromTables(corpus), fromParts(corpus), damaged(), legacy(), raised()} {
		maps.Copy(files, made)
	}
	for name, content := range files {
		dir := filepath.Join(root, path.Dir(name))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, "小表_20250930"+path.Base(name)), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// fromTables are the tables of the corpus in each of their formats.
func fromTables(corpus fs.FS) map[string][]byte {
	files := map[string][]byte{}
	for _, name := range must(fs.Glob(corpus, "*/table.json")) {
		formats, sheets := readTable(must(fs.ReadFile(corpus, name)))
		for _, format := range formats {
			files[path.Dir(name)+"/"+format] = write(format, sheets...)
		}
	}
	return files
}

// fromParts are the workbooks of which the corpus has parts.
func fromParts(corpus fs.FS) map[string][]byte {
	files := map[string][]byte{}
	for _, dir := range must(fs.Glob(corpus, "*/parts.*")) {
		changed := map[string][]byte{}
		folder := must(fs.Sub(corpus, dir))
		err := fs.WalkDir(folder, ".", func(name string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				changed[name], err = fs.ReadFile(folder, name)
			}
			return err
		})
		if err != nil {
			panic(err)
		}
		parts := xlsxParts(plain())
		for i, p := range parts {
			if content, ok := changed[p.name]; ok {
				parts[i].content = content
				delete(changed, p.name)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(changed)) {
			parts = append(parts, member{name, changed[name]})
		}
		files[path.Dir(dir)+"/"+strings.TrimPrefix(path.Base(dir), "parts")] = archive(parts...)
	}
	return files
}

// plain is the table of cases that are not about its cells.
func plain() table { return of("编号|名称", "A1|甲", "A2|乙") }
