package main

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"citykpi/pipeline/source/parse"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"
)

// registryHeader is that of the registry export that is measured: 15 columns.
var registryHeader = []string{
	"统一社会信用代码", "企业名称", "注册号", "企业类型", "登记状态", "成立日期", "核准日期", "注册资本（万元）", "币种", "行业门类",
	"法定代表人", "住所", "所属区", "经营范围", "登记机关",
}

// registryTypes are those of the lake, but for money: DuckDB reads DECIMAL(20,2) three times as slowly as this.
var registryTypes = []string{
	"varchar", "varchar", "varchar", "varchar", "varchar", "date", "date", "decimal(18,2)", "varchar", "varchar",
	"varchar", "varchar", "varchar", "varchar", "varchar",
}

var (
	districts = []string{"玄武区", "秦淮区", "建邺区", "鼓楼区", "浦口区", "栖霞区", "雨花台区", "江宁区", "六合区", "溧水区", "高淳区", "江北新区"}
	offices   = []string{"320102", "320104", "320105", "320106", "320111", "320113", "320114", "320115", "320116", "320117",
		"320118", "320191"}
	trades = []string{"精密科技", "智能装备", "生物医药", "新材料", "软件", "电子", "能源", "环保", "信息技术", "检测"}
	words  = []string{"华", "瑞", "中", "盛", "科", "创", "新", "达", "金", "宁", "苏", "海", "天", "宏", "远", "恒"}
	scopes = []string{"技术开发、技术咨询、技术转让、技术服务；计算机软硬件研发、销售", "机械设备、电子产品研发、制造、销售", "新材料技术研发；环保设备销售", "软件开发；信息系统集成服务；数据处理"}
)

const codeAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// registryRow is one enterprise with a valid credit code.
func registryRow(r *rand.Rand, i int, row []string) []string {
	d := r.IntN(len(districts))
	body := make([]byte, 17, 18)
	copy(body, "91"+offices[d]+"MA")
	for k, n := 16, i; k > 9; k, n = k-1, n/31 {
		body[k] = codeAlphabet[n%31]
	}
	check, _ := parse.CheckCharacter(string(body))
	name := "南京" + words[r.IntN(16)] + words[r.IntN(16)] + words[r.IntN(16)] + trades[r.IntN(len(trades))] + "有限公司"
	founded := fmt.Sprintf("%d-%02d-%02d", 1995+r.IntN(30), 1+r.IntN(12), 1+r.IntN(28))
	return append(row, string(body)+string(check), name, "", "有限责任公司", "存续", founded, founded,
		fmt.Sprint(50+r.IntN(20000)), "人民币", trades[r.IntN(len(trades))], "张"+words[r.IntN(16)],
		fmt.Sprintf("南京市%s%s路%d号%d室", districts[d], words[r.IntN(16)]+words[r.IntN(16)], 1+r.IntN(400), 100+r.IntN(2000)),
		districts[d], scopes[r.IntN(len(scopes))], "南京市"+districts[d]+"市场监督管理局")
}

// form is how a registry export is written.
type form int

const (
	utf8CSV form = iota
	gb18030CSV
	jsonLines
	wrongCodes // a CSV whose every credit code has a wrong check character
)

// registry writes the export once and returns its path and size.
func (b *bench) registry(name string, rows int, as form) (string, int64, error) {
	path := filepath.Join(b.dir, name)
	if info, err := os.Stat(path); err == nil {
		return path, info.Size(), nil
	}
	f, err := os.Create(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	var encoded io.Writer = f
	if as == gb18030CSV {
		t := transform.NewWriter(f, simplifiedchinese.GB18030.NewEncoder())
		defer t.Close()
		encoded = t
	}
	w := bufio.NewWriterSize(encoded, 1<<20)
	if as != jsonLines {
		writeCSV(w, registryHeader)
	}
	var row []string
	r := rand.New(rand.NewPCG(1, 2))
	for i := range rows {
		row = registryRow(r, i, row[:0])
		switch as {
		case jsonLines:
			writeObject(w, row)
			continue
		case wrongCodes:
			row[0] = row[0][:17] + string(codeAlphabet[(strings.IndexByte(codeAlphabet, row[0][17])+1)%31])
		}
		writeCSV(w, row)
	}
	if err := w.Flush(); err != nil {
		return "", 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return "", 0, err
	}
	return path, info.Size(), nil
}

func writeCSV(w *bufio.Writer, row []string) {
	for k, cell := range row {
		if k > 0 {
			w.WriteByte(',')
		}
		w.WriteString(cell)
	}
	w.WriteByte('\n')
}

// writeObject writes a row as one line of JSON; nothing in it needs escaping.
func writeObject(w *bufio.Writer, row []string) {
	for k, cell := range row {
		w.WriteString([]string{`,"`, `{"`}[max(0, 1-k)])
		w.WriteString(registryHeader[k])
		w.WriteString(`":"`)
		w.WriteString(cell)
		w.WriteByte('"')
	}
	w.WriteString("}\n")
}

// workbook writes the XLSX once and returns its path and size.
func (b *bench) workbook(name string, rows int) (string, int64, error) {
	path := filepath.Join(b.dir, name)
	if info, err := os.Stat(path); err == nil {
		return path, info.Size(), nil
	}
	f := excelize.NewFile()
	defer f.Close()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return "", 0, err
	}
	row := slices.Clone(registryHeader)
	cells := make([]any, 15)
	r := rand.New(rand.NewPCG(1, 2))
	for i := -1; i < rows; i++ {
		if i >= 0 {
			row = registryRow(r, i, row[:0])
		}
		for k, c := range row {
			cells[k] = c
		}
		at, err := excelize.CoordinatesToCellName(1, i+2)
		if err != nil {
			return "", 0, err
		}
		if err := w.SetRow(at, cells); err != nil {
			return "", 0, err
		}
	}
	if err := w.Flush(); err != nil {
		return "", 0, err
	}
	if err := f.SaveAs(path); err != nil {
		return "", 0, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", 0, err
	}
	return path, info.Size(), nil
}
