package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/place"
	"citykpi/pipeline/source/refusal"
	"citykpi/pipeline/source/reject"
	"citykpi/pipeline/source/unzip"

	"github.com/apache/arrow-go/v18/arrow/memory"
)

// fuzzLoad reads bytes as a file: it may be refused, but what is read must add up.
func fuzzLoad(t *testing.T, places *place.Index, dir, name string, content []byte, contracts ...*contract.Contract) {
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	var refused *refusal.Error
	f, err := OpenLimited(path, unzip.Limits{EntryBytes: 4 << 20})
	if err != nil {
		if !errors.As(err, &refused) {
			t.Fatal(err)
		}
		return
	}
	defer f.Close()
	c, _, err := Match(contracts, f)
	if err == nil {
		err = fuzzRead(t, places, f, c)
	}
	if err != nil && !errors.As(err, &refused) {
		t.Fatal(err)
	}
}

func fuzzRead(t *testing.T, places *place.Index, f *File, c *contract.Contract) error {
	checked := memory.NewCheckedAllocator(memory.NewGoAllocator())
	defer checked.AssertSize(t, 0)
	r := &Reader{Contracts: []*contract.Contract{c}, Units: map[string]int64{"元": 1, "万元": 10000}, Places: places,
		Memory: checked, Workers: 2}
	layout, err := r.Inspect(t.Context(), f, c)
	if err != nil {
		return err
	}
	var rejects bytes.Buffer
	l, err := r.Read(t.Context(), f, layout, layout.DataDate, &rejects)
	if err != nil {
		return err
	}
	defer l.Close()
	rows := int64(0)
	for _, s := range l.Streams {
		for s.Next() {
			b := s.RecordBatch()
			rows += b.NumRows()
			if text, err := b.MarshalJSON(); err != nil || !utf8.Valid(text) {
				t.Fatalf("batch %q: %v", text, err)
			}
		}
	}
	if err := l.Err(); err != nil {
		return err
	}
	n := l.Counts()
	if n.Read != n.Loaded+n.Rejected+n.Dropped || n.Loaded != rows || n.Rejected != int64(bytes.Count(rejects.Bytes(), []byte{'\n'})) {
		t.Fatalf("%+v with %d rows", n, rows)
	}
	for d := json.NewDecoder(&rejects); ; {
		var r reject.Line
		if err := d.Decode(&r); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil || r.Rule == "" || r.Reason == "" {
			t.Fatalf("reject %+v: %v", r, err)
		}
	}
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte(smallHeader + "A1,甲,,,2025-01-01,1,2,3,4,是,江宁区,\n\"A2\",\"a\"\"b\n\",x\n合计,,\n"))
	f.Add([]byte("单位：万元\n编号|名称|金额\nA1|甲|\"1,0\"\n"))
	f.Add([]byte("\xb1\xe0\xba\xc5,\xc3\xfb\xb3\xc6\r\nA1,\xbc\xd7\xff\r\n"))
	c, places, dir := contractOf(f, "small.yaml", small), testPlaces(f), f.TempDir()
	f.Fuzz(func(t *testing.T, b []byte) { fuzzLoad(t, places, dir, "小表_20250930.csv", b, c) })
}

func FuzzSheetXML(f *testing.F) {
	f.Add(handmadeHead +
		`<row r="2"><c r="A2" t="inlineStr"><is><t>A1</t></is></c><c r="B2" t="str"><f>x</f><v>甲&amp;</v></c><c r="C2" s="1">` +
		`<v>4.5E4</v></c></row></sheetData><mergeCells><mergeCell ref="A2:A3"/></mergeCells></worksheet>`)
	f.Add(`<x:worksheet><x:sheetData><x:row><x:c t="s"><x:v>0</x:v></x:c></x:row></x:sheetData></x:worksheet>`)
	c, places, dir := contractOf(f, "small.yaml", small), testPlaces(f), f.TempDir()
	f.Fuzz(func(t *testing.T, xml string) {
		content, err := os.ReadFile(handmade(t, "x.xlsx", xml))
		if err != nil {
			t.Fatal(err)
		}
		fuzzLoad(t, places, dir, "小表_20250930.xlsx", content, c)
	})
}

func FuzzXLSX(f *testing.F) {
	content, err := os.ReadFile(handmade(f, "x.xlsx", handmadeHead+`<row r="2"><c r="A2"/></row></sheetData></worksheet>`))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(content)
	c, places, dir := contractOf(f, "small.yaml", small), testPlaces(f), f.TempDir()
	f.Fuzz(func(t *testing.T, b []byte) { fuzzLoad(t, places, dir, "小表_20250930.xlsx", b, c) })
}

// fuzzFormat fuzzes the reader of a format, from the files of the corpus whose names end so.
func fuzzFormat(f *testing.F, ends ...string) {
	for _, files := range corpusFiles(f) {
		for _, file := range files {
			if slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix(file, end) }) {
				content, err := os.ReadFile(file)
				if err != nil {
					f.Fatal(err)
				}
				f.Add(content)
			}
		}
	}
	contract, err := os.ReadFile(filepath.Join(corpus, "contract.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	c, places, dir := contractOf(f, "contract.yaml", string(contract)), testPlaces(f), f.TempDir()
	f.Fuzz(func(t *testing.T, b []byte) { fuzzLoad(t, places, dir, "小表_20250930"+ends[0], b, c) })
}

func FuzzXLS(f *testing.F)     { fuzzFormat(f, ".xls") }
func FuzzHTML(f *testing.F)    { fuzzFormat(f, ".html") }
func FuzzJSON(f *testing.F)    { fuzzFormat(f, ".json", ".jsonl") }
func FuzzParquet(f *testing.F) { fuzzFormat(f, ".parquet") }
func FuzzArchive(f *testing.F) { fuzzFormat(f, ".zip") }
func FuzzUTF16(f *testing.F)   { fuzzFormat(f, ".utf-16le.csv", ".utf-16be.csv") }
