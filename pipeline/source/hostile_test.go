package source

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline/source/refusal"
	"citykpi/pipeline/source/unzip"
	"citykpi/pipeline/source/xls"
)

// packed is an archive of one file.
func packed(t *testing.T, name string, content io.Reader) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err == nil {
		_, err = io.Copy(w, content)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What is too large for the corpus: each is refused with one line, within five
// seconds and a gigabyte.
func TestHostileSizes(t *testing.T) {
	c := contractOf(t, "small.yaml", small)
	for _, tt := range []struct {
		name    string
		content func() []byte
		says    string
	}{
		{"小表_20250930.zip", func() []byte { return packed(t, "小表.csv", &blanks{size: 24 << 20}) }, "packed more than 250 to 1"},
		{"小表_20250930.xls", func() []byte { return append(bytes.Clone(xls.Magic), make([]byte, 128<<20)...) }, "more than 128 MB"},
		{"小表_20250930.json", func() []byte { return []byte(`[{"编号":"` + strings.Repeat("A", 12<<20)) }, "longer than 8 MB"},
		{"小表_20250930.jsonl", func() []byte { return []byte(strings.Repeat(`{"a":`, 4<<20)) }, "objects within objects"},
		{"小表_20250930.html", func() []byte { return []byte("<table><tr><td>" + strings.Repeat("甲", 2<<20) + "</table>") },
			"a text of more than 4 MB"},
		{"小表_20250930.csv", func() []byte { return []byte("编号,名称\nA1,\"" + strings.Repeat("甲\n", 1<<20)) }, "a quoted cell never ends"},
		{"小表_20250930.parquet", func() []byte { return append([]byte("PAR1"), bytes.Repeat([]byte{0xFF}, 1<<20)...) },
			"Parquet file is broken"},
	} {
		path := write(t, tt.name, tt.content())
		start := time.Now()
		_, err := tryLoad(t, Reader{}, path, c)
		var refused *refusal.Error
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "\n") ||
			len(err.Error()) > 400 {
			t.Errorf("%s: %.500v", tt.name, err)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s: %s", tt.name, took)
		}
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip("no /proc here: memory is not looked at")
	}
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	peak, _, _ = strings.Cut(peak, " kB")
	if kilobytes, err := strconv.Atoi(strings.TrimSpace(peak)); err != nil || kilobytes > 1<<20 {
		t.Errorf("%s kB were needed at a time: %v", peak, err)
	}
}

// Files that are each small enough may together be too much.
func TestArchiveBudget(t *testing.T) {
	noise := make([]byte, 900<<10)
	r := rand.New(rand.NewPCG(1, 1))
	for i := range noise {
		noise[i] = byte('0' + r.IntN(10))
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"a.csv", "b.csv", "c.csv", "d.csv", "e.csv"} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte("编号,名称\n"))
		w.Write(noise)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := write(t, "x.zip", b.Bytes())
	a, err := openArchive(func() (*os.File, error) { return os.Open(path) }, path, unzip.Limits{EntryBytes: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range a.Names {
		f, err := a.Open(name)
		if err == nil {
			f.Close()
		}
		if want := i == 4; errors.Is(err, refusal.ErrTooLarge) != want || !want && err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The place of a broken character is that in the file as it was sent.
func TestBrokenCharacterPlace(t *testing.T) {
	c := contractOf(t, "small.yaml", small)
	utf16 := func(s string) []byte {
		b := []byte{0xFF, 0xFE}
		for _, r := range s {
			b = binary.LittleEndian.AppendUint16(b, uint16(r)) // of 𠂇 below the first half only
		}
		return b
	}
	rows := strings.Repeat("A2,乙乙乙乙乙乙乙乙乙乙\n", 30)
	for name, tt := range map[string]struct {
		content []byte
		offset  int
	}{
		"UTF-8":  {[]byte("编号,名称\nA1,甲\n" + rows + "A3,\"x\n\xff\"\n"), len("编号,名称\nA1,甲\n"+rows) + 6},
		"BOM":    {[]byte("\ufeff编号,名称\n" + rows + "A3,\xff\n"), len("\ufeff编号,名称\n"+rows) + 3},
		"UTF-16": {append(utf16("编号,名称\n"+rows+"A3,x"), 0x40, 0xD8, '\n', 0), 2 + 2*len([]rune("编号,名称\n"+rows+"A3,x"))},
		"GB 18030": {[]byte("\xb1\xe0\xba\xc5,\xc3\xfb\xb3\xc6\n" +
			strings.Repeat("A1,\xbc\xd7\xbc\xd7\xbc\xd7\xbc\xd7\xbc\xd7\n", 30) + "A3,\xbc\xd7\xff\n"), 10 + 30*14 + 5},
	} {
		out := load(t, Reader{}, write(t, "小表_20250930.csv", tt.content), c)
		if len(out.rejects) != 1 || !strings.Contains(out.rejects[0].Reason, "第"+strconv.Itoa(tt.offset)+"字节") {
			t.Errorf("%s: %+v, want byte %d", name, out.rejects, tt.offset)
		}
	}
}
