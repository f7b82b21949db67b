// Command make writes the corpus: small files with one defect each, in every
// format where it can occur, and beside them, in want.json, what reading them
// must give. The same program writes the same bytes.
//
//	cd pipeline/source && go run -tags duckdb_arrow ./testdata/make testdata/corpus
package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// want is what every file of a case must give.
type want struct {
	Contract string              `json:"contract"`          // of the corpus
	Rows     []map[string]string `json:"rows,omitempty"`    // the loaded ones: the columns that matter
	Rejects  []reject            `json:"rejects,omitempty"` // all of them
	Dropped  map[string]int64    `json:"dropped,omitempty"` // by reason
	Notes    []string            `json:"notes,omitempty"`   // parts of what the operator is told
	Error    string              `json:"error,omitempty"`   // part of the refusal; nothing is loaded then
}

type reject struct {
	Row    int64  `json:"row_no"`
	Rule   string `json:"rule"`
	Column string `json:"column"`
	Value  string `json:"value"`
}

// corpusCase is a folder of the corpus.
type corpusCase struct {
	name    string
	want    want
	formats []string          // table is written in each of them
	table   table             //
	files   map[string][]byte // others, by the end of their name
}

// Formats by what they can hold.
var (
	encodings = []string{".csv", ".bom.csv", ".gb18030.csv", ".utf-16le.csv", ".utf-16be.csv", ".tsv", ".semicolon.csv"}
	sheets    = []string{".xlsx", ".xls", ".html"}
	records   = []string{".json", ".jsonl", ".list.json", ".parquet"}
	rows      = slices.Concat(encodings, sheets) // a table may start anywhere in them
	all       = slices.Concat(rows, records, []string{".zip"})
	brief     = []string{".csv", ".xlsx", ".xls", ".jsonl", ".parquet"}
)

// write is the table in one format.
func (t table) write(format string) []byte {
	comma := csvOf(t, ",")
	switch format {
	case ".csv":
		return []byte(comma)
	case ".bom.csv":
		return []byte("\ufeff" + comma)
	case ".gb18030.csv":
		return gb18030(comma)
	case ".utf-16le.csv":
		return wide(comma, binary.LittleEndian, true)
	case ".utf-16be.csv":
		return wide(comma, binary.BigEndian, true)
	case ".tsv":
		return []byte(csvOf(t, "\t"))
	case ".semicolon.csv":
		return []byte(csvOf(t, ";"))
	case ".pipe.csv":
		return []byte(csvOf(t, "|"))
	case ".xlsx":
		return xlsxOf(t)
	case ".xls":
		return xlsOf(t)
	case ".html":
		return []byte(htmlOf(t))
	case ".json":
		return []byte("[\n" + strings.Join(objects(t), ",\n") + "\n]\n")
	case ".jsonl":
		return []byte(strings.Join(objects(t), "\n") + "\n")
	case ".list.json":
		return []byte(`{"code": 0, "data": {"total": ` + fmt.Sprint(len(t.rows)) + `, "list": [` + strings.Join(objects(t), ",") + `]}, "message": "成功"}`)
	case ".parquet":
		return parquetOf(t)
	case ".zip":
		return archive(member{"导出/表.csv", []byte(comma)})
	}
	panic(format)
}

const stem = "小表_20250930"

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
	for _, c := range slices.Concat(values(), layouts(), disguises(), hostile(), texts(), writers(), shown(), raised(), misread(), names(), styles(), silent(), otherEncodings(), withoutRoom()) {
		dir := filepath.Join(root, c.name)
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		if c.want.Contract == "" {
			c.want.Contract = "contract.yaml"
		}
		text, err := json.MarshalIndent(c.want, "", "  ")
		if err != nil {
			return err
		}
		files := map[string][]byte{"want.json": append(text, '\n')}
		for _, format := range c.formats {
			files[stem+format] = c.table.write(format)
		}
		for end, content := range c.files {
			files[stem+end] = content
		}
		for name, content := range files {
			if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}
