package source

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/refusal"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// A row without an end is said to be one, and not a quote.
func TestRowTooLong(t *testing.T) {
	c := contractOf(t, "small.yaml", small)
	path := write(t, "小表_20250930.csv", []byte("编号,名称\nA1,甲\nA2,"+strings.Repeat("1", grid.ChunkSize+1)+"\nA3,甲\n"))
	if _, err := tryLoad(t, Reader{}, path, c); !errors.Is(err, refusal.ErrTooLarge) ||
		!strings.Contains(err.Error(), "row 3: the file holds more than it may: a row of more than 1 MB") {
		t.Error(err)
	}
}

// Rows of Big5 stand far down in a long file of GB 18030: each is rejected, the others are loaded.
func TestBig5FarDown(t *testing.T) {
	gb := func(s string) []byte {
		b, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	foreign, err := traditionalchinese.Big5.NewEncoder().Bytes([]byte("B1,臺北市電子股份有限公司,\nB2,華碩,\n"))
	if err != nil {
		t.Fatal(err)
	}
	before := gb("编号,名称,地址\n" + strings.Repeat("A1,南京市公司,"+strings.Repeat("南京市玄武区", 100)+"\n", 2000))
	out := load(t, Reader{Workers: 2}, write(t, "小表_20250930.csv", slices.Concat(before, foreign, gb("A2,镇江公司,\n"))),
		contractOf(t, "small.yaml", small))
	if len(out.rejects) != 2 || out.rejects[0].Row != 2002 || out.rejects[0].Rule != "text.encoding" ||
		!strings.Contains(out.rejects[0].Reason, fmt.Sprintf("第%d字节起是 BIG5 编码", len(before))) || len(out.rows) != 2001 {
		t.Errorf("%d rows, %+v", len(out.rows), out.rejects)
	}
}
