package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// hostileMemory is what a load may need at a time.
const hostileMemory = 1 << 30

// patience only ends what would never end.
const patience = 2 * time.Minute

const hostileGood = "小表_20250101.csv" // older than all others, so that it is loaded first

// hostileProject has the corpus's contract and one good file in its inbox.
func hostileProject(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	contract, err := os.ReadFile(filepath.Join(corpusDir, "contract.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "citykpi.yml"), []byte("region: \"320100\"\nsince: 2022-09-30\n"))
	put(t, filepath.Join(dir, "data", "sources", "small.yaml"), contract)
	put(t, filepath.Join(dir, "var", "inbox", "局", hostileGood), []byte("编号,名称\nA1,甲\n"))
	return dir
}

var corpusDir = filepath.Join("..", "..", "pipeline", "source", "testdata", "corpus")

// loadHostile runs load in a process of its own and returns what became of each file.
func loadHostile(t *testing.T, dir string) (files map[string]hostileResult, code int) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	cmd := child(ctx, "--project", dir, "--format", "json", "--now", "2025-12-01T08:00", "load")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	start := time.Now()
	err := cmd.Run()
	took := time.Since(start)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		t.Fatalf("after %s: %v %v\n%.2000s", took, err, ctx.Err(), stderr.String())
	}
	// Linux counts what the process that starts another holds as the other's, so that this is at least the test's own.
	memory := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10
	t.Logf("%.1f s, %.1f s of processor, %d MB", took.Seconds(),
		(cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(), memory>>20)
	if memory > hostileMemory {
		t.Errorf("%d MB were needed at a time", memory>>20)
	}
	if strings.Contains(stderr.String(), "goroutine ") {
		t.Errorf("it panicked: %.2000s", stderr.String())
	}
	var list struct{ Files []hostileResult }
	if err := json.Unmarshal(stdout.Bytes(), &list); err != nil {
		t.Fatalf("%v: %.1000s %.2000s", err, stdout.String(), stderr.String())
	}
	files = map[string]hostileResult{}
	for _, f := range list.Files {
		files[f.File] = f
	}
	return files, cmd.ProcessState.ExitCode()
}

type hostileResult struct {
	File, Status, Error string
	Loaded, Dropped     int64
}

// refusedInOneLine holds what became of a file against how a refusal must read.
func refusedInOneLine(t *testing.T, f hostileResult, says string) {
	t.Helper()
	if f.Status != "refused" || f.Loaded > 0 || !strings.Contains(f.Error, says) || strings.Contains(f.Error, "\n") ||
		len(f.Error) > 500 || !strings.Contains(f.Error, "Try: ") {
		t.Errorf("%q is %s: %.600q, want %q", f.File, f.Status, f.Error, says)
	}
}

// Every file of the corpus that is refused, all in one inbox, with names and kinds
// of files that no bureau sends: each is refused in one line, the good file is loaded.
func TestHostileInbox(t *testing.T) {
	dir := hostileProject(t)
	inbox := filepath.Join(dir, "var", "inbox")
	want := map[string]string{}
	folders, err := filepath.Glob(filepath.Join(corpusDir, "*", "want.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		text, err := os.ReadFile(folder)
		var w struct{ Contract, Error string }
		if err == nil {
			err = json.Unmarshal(text, &w)
		}
		if err != nil {
			t.Fatal(err)
		}
		// which the inbox takes apart
		if w.Error == "" || w.Contract != "contract.yaml" || strings.HasSuffix(filepath.Dir(folder), "zip_several") {
			continue
		}
		found, err := filepath.Glob(filepath.Join(filepath.Dir(folder), "小表*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range found {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			name := filepath.Base(filepath.Dir(file)) + "/" + filepath.Base(file)
			put(t, filepath.Join(inbox, name), content)
			want[name] = w.Error
		}
	}
	outside := filepath.Join(t.TempDir(), "小表_20250930.csv")
	put(t, outside, []byte("编号,名称\nA7,庚\n"))
	put(t, filepath.Join(inbox, "局", "小\n表_20250930.csv"), []byte("编号,名称\nA8,辛\n"))
	want["局/小\n表_20250930.csv"] = "a control character in the name"
	put(t, filepath.Join(inbox, "局", "小表\x1b[31m_20250930.csv"), []byte("编号,名称\nA9,壬\n"))
	want["局/小表\x1b[31m_20250930.csv"] = "a control character in the name"
	for name, target := range map[string]string{"小表_链接_20250930.csv": outside, "小表_绕行_20250930.csv": "../../../../etc/passwd",
		"小表_自身_20250930.csv": "小表_自身_20250930.csv"} {
		if err := os.Symlink(target, filepath.Join(inbox, "局", name)); err != nil {
			t.Fatal(err)
		}
		want["局/"+name] = "not a regular file"
	}
	if err := syscall.Mkfifo(filepath.Join(inbox, "局", "小表_管道_20250930.csv"), 0o644); err != nil {
		t.Fatal(err)
	}
	want["局/小表_管道_20250930.csv"] = "not a regular file"

	files, code := loadHostile(t, dir)
	if code != exitFailed || files["局/"+hostileGood].Status != "loaded" {
		t.Errorf("exit %d, the good file: %+v", code, files["局/"+hostileGood])
	}
	seen := map[string]bool{}
	for name, f := range files {
		for file, says := range want {
			if name == file || strings.HasPrefix(name, file+"/") { // of an archive each member
				seen[file] = true
				if !strings.Contains(f.Error, "the same bytes as ") { // the first of them says why
					refusedInOneLine(t, f, says)
				}
			}
		}
	}
	for file := range want {
		if !seen[file] {
			t.Errorf("nothing is said of %q", file)
		}
	}
	if len(want) < 60 {
		t.Errorf("only %d files", len(want))
	}
}

// part is one of a workbook's, written head, unit so and so often, tail.
type hostilePart struct {
	name, head string
	unit       []byte
	times      int
	tail       string
}

// hostileZip packs the parts. A unit is packed once and its packed form repeated, so
// that four gigabytes take no longer than one unit.
func hostileZip(t *testing.T, path string, parts ...hostilePart) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	packed := func(b []byte, last bool) []byte {
		var out bytes.Buffer
		w, err := flate.NewWriter(&out, flate.BestSpeed)
		if err == nil {
			_, err = w.Write(b)
		}
		if err == nil && last {
			err = w.Close()
		} else if err == nil {
			err = w.Flush()
		}
		if err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	for _, p := range parts {
		head, unit, tail := packed([]byte(p.head), false), packed(p.unit, false), packed([]byte(p.tail), true)
		sum := crc32.ChecksumIEEE([]byte(p.head))
		for range p.times {
			sum = crc32.Update(sum, crc32.IEEETable, p.unit)
		}
		sum = crc32.Update(sum, crc32.IEEETable, []byte(p.tail))
		w, err := z.CreateRaw(&zip.FileHeader{Name: p.name, Method: zip.Deflate, CRC32: sum,
			CompressedSize64:   uint64(len(head) + p.times*len(unit) + len(tail)),
			UncompressedSize64: uint64(len(p.head) + p.times*len(p.unit) + len(p.tail))})
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range append(append([][]byte{head}, repeated(unit, p.times)...), tail) {
			if _, err := w.Write(b); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := errors.Join(z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
}

func repeated(b []byte, n int) [][]byte {
	out := make([][]byte, n)
	for i := range out {
		out[i] = b
	}
	return out
}

// hostileBook is a workbook of one sheet, with whatever parts are given instead of its own.
func hostileBook(given ...hostilePart) []hostilePart {
	parts := []hostilePart{
		{name: "_rels/.rels",
			head: `<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{name: "xl/workbook.xml", head: `<workbook xmlns:r="r"><sheets><sheet name="表" r:id="r1"/></sheets></workbook>`},
		{name: "xl/_rels/workbook.xml.rels",
			head: `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="sheet1.xml"/>` +
				`<Relationship Id="r2" Type="x/sharedStrings" Target="ss.xml"/>` +
				`<Relationship Id="r3" Type="x/styles" Target="st.xml"/></Relationships>`},
		{name: "xl/ss.xml", head: `<sst><si><t>编号</t></si><si><t>名称</t></si></sst>`},
		{name: "xl/st.xml", head: `<styleSheet/>`},
		{name: "xl/sheet1.xml", head: hostileHead, tail: hostileTail},
	}
	for _, g := range given {
		for i := range parts {
			if parts[i].name == g.name {
				parts[i] = g
			}
		}
	}
	return parts
}

const (
	hostileHead = `<worksheet><sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row><c t="str"><v>A2</v></c>` +
		`<c t="str"><v>乙</v></c></row>`
	hostileTail = `</sheetData></worksheet>`
)

// unit is about size bytes of what next gives, which may draw from a source of chance.
func unit(size int, next func(r *rand.Rand) string) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	var b []byte
	for len(b) < size {
		b = append(b, next(r)...)
	}
	return b
}

func always(s string) func(*rand.Rand) string { return func(*rand.Rand) string { return s } }

// blankRow is a row of 100 cells that have a style and nothing else, about as different
// from each other as is needed to be packed just less than 20 to 1.
func blankRow(r *rand.Rand) string {
	var b strings.Builder
	b.WriteString("<row>")
	for i := range 100 {
		if i%4 == 0 {
			fmt.Fprintf(&b, `<c s="%d"/>`, r.IntN(10))
		} else {
			b.WriteString(`<c s="1"/>`)
		}
	}
	b.WriteString("</row>")
	return b.String()
}

// Files that are made to take all time or all memory. Each is refused in one line,
// unless it can be read: blank rows are.
func TestHostileSizes(t *testing.T) {
	t.Parallel()
	const mega = 1 << 20
	rows := 1 << 17 // as many as a sheet may have, where there is time
	if os.Getenv("CITYKPI_SOAK") != "" {
		rows = 1 << 20
	}
	sheet := func(unit []byte, times int) []hostilePart {
		return hostileBook(hostilePart{"xl/sheet1.xml", hostileHead, unit, times, hostileTail})
	}
	numbered := func() []byte {
		var b []byte
		for n := 3; n <= rows; n++ {
			b = fmt.Appendf(b, `<row r="%d"><c r="A%d" s="1"/><c r="B%d" s="1"/><c r="C%d" s="2"/></row>`, n, n, n, n)
		}
		return b
	}
	sheets := func(n int) []hostilePart {
		var book, rels strings.Builder
		for i := range n {
			fmt.Fprintf(&book, `<sheet name="%d" r:id="r%d"/>`, i, i)
			fmt.Fprintf(&rels, `<Relationship Id="r%d" Type="x/worksheet" Target="sheet1.xml"/>`, i)
		}
		return hostileBook(hostilePart{name: "xl/workbook.xml", head: `<workbook xmlns:r="r"><sheets>` + book.String() +
			`</sheets></workbook>`},
			hostilePart{name: "xl/_rels/workbook.xml.rels", head: `<Relationships>` + rels.String() + `</Relationships>`})
	}
	for _, tt := range []struct {
		name, end string
		parts     func() []hostilePart
		says      string // "": it is read
	}{
		{"blank rows to the end of a sheet", ".xlsx", func() []hostilePart { return sheet(numbered(), 1) }, ""},
		{"4 GB packed less than 20 to 1", ".xlsx", func() []hostilePart { return sheet(unit(8*mega, blankRow), 500) }, "blank"},
		{"4 GB of spaces between rows", ".xlsx", func() []hostilePart {
			return sheet(unit(8*mega, func(r *rand.Rand) string { return strings.Repeat(" ", 40+r.IntN(200)) + "<row></row>" }), 500)
		}, "blank"},
		{"a bomb", ".xlsx", func() []hostilePart { return sheet(unit(8*mega, always("<row></row>")), 500) }, "blank"},
		{"a cell far to the right in every row", ".xlsx", func() []hostilePart {
			var b []byte
			for n := 3; n <= rows; n++ {
				b = fmt.Appendf(b, `<row r="%d"><c r="A%d" t="str"><v>x</v></c><c r="XFD%d"><v>1</v></c></row>`, n, n, n)
			}
			return sheet(b, 1)
		}, ""},
		{"a header as wide as a sheet", ".xlsx", func() []hostilePart {
			return hostileBook(hostilePart{"xl/sheet1.xml",
				`<worksheet><sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c r="XFD1"><v>1</v></c></row>`,
				unit(mega, always(`<row><c t="str"><v>x</v></c><c t="str"><v>y</v></c></row>`)), 16, hostileTail})
		}, "a header of 16384 columns"},
		{"half a gigabyte of empty strings", ".xlsx", func() []hostilePart {
			return hostileBook(hostilePart{"xl/ss.xml", `<sst><si><t>编号</t></si><si><t>名称</t></si>`,
				unit(8*mega, func(r *rand.Rand) string { return "<si/><si/><si/><si/>"[:5*(1+r.IntN(4))] }), 60, `</sst>`})
		}, "without end"},
		{"33 million empty strings", ".xlsx", func() []hostilePart {
			return hostileBook(hostilePart{"xl/ss.xml", `<sst><si><t>编号</t></si><si><t>名称</t></si>`,
				unit(8*mega, func(r *rand.Rand) string {
					return []string{"<si></si>", "<si><t/></si>", "<si/><si/>"}[r.IntN(3)]
				}), 60, `</sst>`})
		}, "strings"},
		{"half a gigabyte of strings", ".xlsx", func() []hostilePart {
			return hostileBook(hostilePart{"xl/ss.xml", `<sst><si><t>编号</t></si><si><t>名称</t></si>`,
				unit(8*mega, func(r *rand.Rand) string {
					return fmt.Sprintf("<si><t>%d%s</t></si>", r.IntN(1e9), strings.Repeat("甲", 300))
				}), 60, `</sst>`})
		}, "strings"},
		{"merged cells without end", ".xlsx", func() []hostilePart {
			return hostileBook(hostilePart{"xl/sheet1.xml", hostileHead + "</sheetData><mergeCells>", unit(mega, func(r *rand.Rand) string {
				n := 3 + r.IntN(1e6)
				return fmt.Sprintf(`<mergeCell ref="A%d:A%d"/>`, n, n+1)
			}), 500, `</mergeCells></worksheet>`})
		}, "without end"},
		{"as many merged cells as may be", ".xlsx", func() []hostilePart {
			return hostileBook(hostilePart{"xl/sheet1.xml", hostileHead + "</sheetData><mergeCells>", unit(mega, func(r *rand.Rand) string {
				n := 3 + r.IntN(1e6)
				return fmt.Sprintf(`<mergeCell ref="A%d:A%d"/>`, n, n+1)
			}), 55, `</mergeCells></worksheet>`})
		}, ""},
		{"100000 sheets", ".xlsx", func() []hostilePart { return sheets(100_000) }, "100000 sheets"},
		{"styles", ".xlsx", func() []hostilePart {
			return hostileBook(hostilePart{"xl/st.xml", `<styleSheet><cellXfs>`,
				unit(mega, func(r *rand.Rand) string { return fmt.Sprintf(`<xf numFmtId="%d"/>`, r.IntN(99)) }), 31,
				`</cellXfs></styleSheet>`})
		}, ""},
		{"a web page of spans", ".html.zip", func() []hostilePart {
			return []hostilePart{{"小表_20250930.html", "<table><tr><td>编号<td>名称<tr><td>A2<td>乙", unit(mega, func(r *rand.Rand) string {
				return fmt.Sprintf("<tr><td>%x<td colspan=16000>", r.Uint64())
			}), 10, "</table>"}}
		}, ""},
		{"half a gigabyte of blank lines", ".csv.zip", func() []hostilePart {
			return []hostilePart{{"小表_20250930.csv", "编号,名称\nA2,乙\n",
				unit(mega, func(r *rand.Rand) string { return strings.Repeat(" ", r.IntN(200)) + "\n" }), 500, ""}}
		}, ""},
		{"half a gigabyte of columns", ".csv.zip", func() []hostilePart {
			return []hostilePart{{"小表_20250930.csv", "编号,名称\nA2,乙\n",
				unit(mega, func(r *rand.Rand) string { return strings.Repeat(",", r.IntN(200)) }), 500, "\n"}}
		}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := hostileProject(t)
			name := "局/小表_20250930" + tt.end
			path := filepath.Join(dir, "var", "inbox", name)
			hostileZip(t, path, tt.parts()...)
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d KB", info.Size()>>10)
			files, code := loadHostile(t, dir)
			if files["局/"+hostileGood].Status != "loaded" {
				t.Errorf("the good file: %+v", files["局/"+hostileGood])
			}
			for file, f := range files {
				if strings.HasPrefix(file, name) {
					t.Logf("%s: %s %.300s", file, f.Status, f.Error)
					if tt.says != "" {
						refusedInOneLine(t, f, tt.says)
					}
				}
			}
			if len(files) < 2 || tt.says != "" && code != exitFailed {
				t.Errorf("exit %d, %d files", code, len(files))
			}
			checkSize(t, filepath.Join(dir, "var", "lake"))
		})
	}
}

// checkSize: nothing of a small file may fill the disk.
func checkSize(t *testing.T, root string) {
	t.Helper()
	var total int64
	err := filepath.WalkDir(root, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.Contains(path, "originals") {
			return err
		}
		info, err := e.Info()
		total += info.Size()
		return err
	})
	if err != nil || total > hostileMemory {
		t.Errorf("the lake holds %d MB: %v", total>>20, err)
	}
}
