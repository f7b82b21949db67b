package source

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"citykpi/pipeline/source/charset"
	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/refusal"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

func TestOpenRefuses(t *testing.T) {
	protected := func() []byte {
		f := excelize.NewFile()
		defer f.Close()
		var b bytes.Buffer
		if err := f.Write(&b, excelize.Options{Password: "secret"}); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}()
	for _, tt := range []struct {
		name    string
		content []byte
		want    error
		says    string
	}{
		{"空.csv", nil, refusal.ErrEmpty, "Try: "},
		{"空白.csv", []byte(" \r\n\r\n"), refusal.ErrEmpty, "blanks"},
		{"照片.csv", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), refusal.ErrBinary, "CSV or .xlsx"},
		{"网页.xls", []byte("\r\n<html><body>请先登录</body></html>"), refusal.ErrHTML, "as .xlsx or CSV"},
		{"数据.xls", []byte("<?xml version=\"1.0\"?><a/>"), refusal.ErrXML, "save it again as .xlsx"},
		{"旧.xlsx", append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), bytes.Repeat([]byte{0}, 2000)...), refusal.ErrTruncated,
			"sent again"},
		{"密.xlsx", protected, refusal.ErrPassword, "remove the password"},
		{"断.xlsx", []byte("PK\x03\x04 then nothing"), refusal.ErrTruncated, "sent again"},
		{"乱.csv", bytes.Repeat([]byte("\x80\xff\xfe,\xff\xff\n"), 50), refusal.ErrEncoding, "CSV UTF-8"},
		{"文档.xlsx", emptyZip(), refusal.ErrNotWorkbook, "CSV or .xlsx"},
	} {
		_, err := Open(write(t, tt.name, tt.content))
		var refused *refusal.Error
		if !errors.Is(err, tt.want) || !errors.As(err, &refused) || !strings.HasPrefix(err.Error(), tt.name+": ") ||
			!strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func emptyZip() []byte { return append([]byte("PK\x05\x06"), make([]byte, 18)...) }

func TestOpenSniffs(t *testing.T) {
	gb := func(s string) []byte {
		b, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	long := strings.Repeat("plain,ascii\n", 60_000) // the first foreign byte lies behind the head
	for _, tt := range []struct {
		name      string
		content   []byte
		encoding  string
		delimiter byte
	}{
		{"a.csv", []byte("编号,名称\n1,甲\n"), charset.UTF8, ','}, {"b.txt", gb("编号;名称\n1;甲\n"), charset.GB18030, ';'},
		{"c.xlsx", []byte("\ufeff编号\t名称\n1\t甲\n"), charset.UTF8, '\t'},
		{"d.csv", gb(long + "甲,乙\n"), charset.GB18030, ','}, {"e.csv", []byte(long + "甲,乙\n"), charset.UTF8, ','},
		{"f.csv", []byte("标题\n编号|名称|a\n1|甲;乙;丙|b\n2|丁|c\n"), charset.UTF8, '|'},
		{"g.csv", []byte("x,y\n1,2\n"), charset.UTF8, ','},
	} {
		f := open(t, write(t, tt.name, tt.content))
		if f.Kind != CSV || f.Encoding != tt.encoding || f.Delimiter != tt.delimiter || f.Size != int64(len(tt.content)) {
			t.Errorf("%s: %s %s %q %d", tt.name, f.Kind, f.Encoding, f.Delimiter, f.Size)
		}
	}
	for shift := range 3 { // one long line, which the head parts anywhere
		text := []byte(`[{"编号":"` + strings.Repeat("x", shift) + strings.Repeat("甲", headSize) + `"}]`)
		if f := open(t, write(t, "h.json", text)); f.Kind != JSON || f.Encoding != charset.UTF8 {
			t.Errorf("shift %d: %s %s", shift, f.Kind, f.Encoding)
		}
	}
	if f := open(t, registryXLSX(t, 3)); f.Kind != XLSX {
		t.Error(f.Kind)
	}
}

func TestInspectRefuses(t *testing.T) {
	c := contractOf(t, "small.yaml", small)
	declared := contractOf(t, "small.yaml", strings.Replace(small, "mode: append", "mode: append\nunit: 万元", 1))
	for _, tt := range []struct {
		name, text string
		c          *contract.Contract
		want       error
		says       string
	}{
		{"小表_20250930.csv", "编号,名称\n", c, refusal.ErrNoRows, "row 1"},
		{"小表_20250930.csv", "标题\n编号,名称\n,\n , \n", c, refusal.ErrNoRows, "row 2"},
		{"小表_20250930.csv", "a,b\n1,2\n", c, refusal.ErrNoHeader, "such as 编号"},
		{"小表_20250930.csv", "编号,企业全称\nA1,甲\n", c, refusal.ErrMissingColumn, "企业名称 (name), nearest is 企业全称"},
		{"小表_20250930.csv", "编号,名称,名称\nA1,甲,乙\n", c, refusal.ErrDuplicateColumn, "columns B and C"},
		{"小表_20250930.csv", "编号,名称,金额\nA1,甲,5\n", c, refusal.ErrNoUnit, "row 2, column C 金额"},
		{"小表_20250930.csv", "编号,名称,金额(千万元)\nA1,甲,5\n", c, refusal.ErrNoUnit, "千万元 is unknown"},
		{"小表_20250930.csv", "编号,名称,金额(元)\nA1,甲,5\n", declared, refusal.ErrUnitConflict, "the file says 元, the contract 万元"},
		{"小表_20250930.csv", "单位：元\n编号,名称,金额\nA1,甲,5\n", declared, refusal.ErrUnitConflict, "the file says 元"},
		{"小表.csv", "编号,名称\nA1,甲\n", c, refusal.ErrNoDataDate, "小表_20250930.csv"},
	} {
		f := open(t, write(t, tt.name, []byte(tt.text)))
		_, err := (&Reader{Units: testUnits(t)}).Inspect(t.Context(), f, tt.c)
		if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", tt.text, err)
		}
	}
}

// A quote that is never closed refuses the file, whether the end comes or a megabyte passes first.
func TestOpenQuote(t *testing.T) {
	c := contractOf(t, "small.yaml", small)
	for _, tail := range []string{"A2,\"乙,x\n", "A2,\"乙\n" + strings.Repeat("A3,丙\n", 2*grid.ChunkSize/8)} {
		_, err := tryLoad(t, Reader{}, write(t, "小表_20250930.csv", []byte("编号,名称\nA1,甲\n"+tail)), c)
		if !errors.Is(err, refusal.ErrQuote) || !strings.Contains(err.Error(), "row 3") {
			t.Error(err)
		}
	}
}

func TestMatch(t *testing.T) {
	all := shippedAll(t)
	registry := string(registryCSV(2))
	for _, tt := range []struct {
		name, text, source string
		noted              bool
		err                error
		says               string
	}{
		{"企业登记_20250930.csv", registry, "enterprise_registry", false, nil, ""},
		{"导出.csv", registry, "enterprise_registry", true, nil, ""},
		{"企业登记_20250930.csv", "名称\n甲\n", "enterprise_registry", false, nil, ""}, // Inspect names the missing column
		{"奖补兑付与技术合同.csv", "a,b\n1,2\n", "", false, refusal.ErrNoContract, ""},
		{"未知.csv", "统一社会信用代码,企业名称,经营状态\n1,2,3\n", "", false, refusal.ErrNoContract,
			"nearest is enterprise_registry (企业登记), but column 成立日期"},
		{"未知.csv", "a,b\n1,2\n", "", false, refusal.ErrNoContract, "neither the name nor any header"},
	} {
		f := open(t, write(t, tt.name, []byte(tt.text)))
		c, note, err := Match(all, f)
		if tt.err != nil {
			if !errors.Is(err, tt.err) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%s: %v", tt.name, err)
			}
			continue
		}
		if err != nil || c.Source != tt.source || (note != "") != tt.noted {
			t.Errorf("%s: %v %q %v", tt.name, c, note, err)
		}
	}
	twin := contractOf(t, "twin.yaml", strings.Replace(small, "source: small", "source: twin", 1))
	f := open(t, write(t, "小表_20250930.csv", []byte("编号,名称\nA1,甲\n")))
	_, _, err := Match([]*contract.Contract{contractOf(t, "small.yaml", small), twin}, f)
	if !errors.Is(err, refusal.ErrTwoContracts) || !strings.Contains(err.Error(), "small (小表) and twin (小表)") {
		t.Error(err)
	}
}
