package source

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"testing"

	"citykpi/pipeline/source/parse"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// registryHeader is the fifteen columns of a registration bureau's export.
var registryHeader = []string{"统一社会信用代码", "企业名称", "注册号", "企业类型", "登记状态", "成立日期", "核准日期", "注册资本（万元）", "币种",
	"行业门类", "法定代表人", "住所", "所属区", "经营范围", "登记机关"}

// registryRow is a row as a bureau writes it; the same i gives the same row.
func registryRow(r *rand.Rand, i int) []string {
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	body := fmt.Sprintf("913201%02dMA%07d", []int{2, 4, 5, 6, 11, 13, 14, 15, 16}[r.IntN(9)], i)
	check, _ := parse.CheckCharacter(body)
	district := pick("玄武区", "秦淮区", "建邺区", "鼓楼区", "浦口区", "栖霞区", "雨花台区", "江宁区", "江北新区")
	founded := fmt.Sprintf("%d-%02d-%02d", 1990+r.IntN(35), 1+r.IntN(12), 1+r.IntN(28))
	return []string{body + string(check), "南京" + pick("华", "新", "中", "安", "瑞") + pick("科", "达", "信", "远") + fmt.Sprint(i) +
		pick("精密机械", "软件", "生物医药", "新材料") + "有限公司",
		fmt.Sprintf("3201%011d", i), pick("有限责任公司", "股份有限公司", "个人独资企业"), pick("存续", "存续", "存续", "注销", "迁出"), founded,
		founded, fmt.Sprintf("%d.%02d", r.IntN(100000), r.IntN(100)), "人民币", pick("制造业", "批发和零售业", "信息传输、软件和信息技术服务业"),
		pick("张", "王", "李", "赵") + pick("伟", "芳", "建国", "秀英"), "南京市" + district + pick("中山路", "胜太路", "学府路") +
			fmt.Sprint(r.IntN(999)) + "号", district,
		pick("技术开发、技术咨询、技术服务；", "机械设备及配件的研发、生产、销售；", "食品销售；") + "依法须经批准的项目", "南京市" + district + "行政审批局"}
}

func registryCSV(rows int) []byte {
	var b bytes.Buffer
	r := rand.New(rand.NewPCG(1, 2))
	line := func(cells []string) {
		for i, c := range cells {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(c)
		}
		b.WriteString("\r\n")
	}
	line(registryHeader)
	for i := range rows {
		line(registryRow(r, i))
	}
	return b.Bytes()
}

const benchRows = 200_000

func BenchmarkCSVUTF8(b *testing.B) {
	benchmarkRead(b, write(b, "企业登记_20250930.csv", registryCSV(benchRows)))
}

func BenchmarkCSVGB18030(b *testing.B) {
	text, err := simplifiedchinese.GB18030.NewEncoder().Bytes(registryCSV(benchRows))
	if err != nil {
		b.Fatal(err)
	}
	benchmarkRead(b, write(b, "企业登记_20250930.csv", text))
}

// BenchmarkJSONLines reads the same table as BenchmarkCSVUTF8.
func BenchmarkJSONLines(b *testing.B) {
	var text bytes.Buffer
	r := rand.New(rand.NewPCG(1, 2))
	for i := range benchRows {
		for j, cell := range registryRow(r, i) {
			text.WriteString(map[bool]string{true: "{", false: ","}[j == 0])
			fmt.Fprintf(&text, "%q:%q", registryHeader[j], cell)
		}
		text.WriteString("}\n")
	}
	benchmarkRead(b, write(b, "企业登记_20250930.jsonl", text.Bytes()))
}

// BenchmarkXLSX reads the same table as BenchmarkExcelizeRows.
func BenchmarkXLSX(b *testing.B) { benchmarkRead(b, registryXLSX(b, benchRows)) }

func BenchmarkExcelizeRows(b *testing.B) {
	path := registryXLSX(b, benchRows)
	for b.Loop() {
		f, err := excelize.OpenFile(path)
		if err != nil {
			b.Fatal(err)
		}
		rows, err := f.Rows(f.GetSheetName(0))
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for rows.Next() {
			if _, err := rows.Columns(); err != nil {
				b.Fatal(err)
			}
			n++
		}
		f.Close()
		if n != benchRows+1 {
			b.Fatalf("%d rows", n)
		}
	}
	b.ReportMetric(float64(benchRows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func registryXLSX(b testing.TB, rows int) string {
	f := excelize.NewFile()
	defer f.Close()
	w, err := f.NewStreamWriter(f.GetSheetName(0))
	if err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range rows + 1 {
		cells := registryHeader
		if i > 0 {
			cells = registryRow(r, i)
		}
		row := make([]any, len(cells))
		for j, c := range cells {
			row[j] = c
		}
		if err := w.SetRow(fmt.Sprintf("A%d", i+1), row); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(b.TempDir(), "企业登记_20250930.xlsx")
	if err := f.SaveAs(path); err != nil {
		b.Fatal(err)
	}
	return path
}

// benchmarkRead opens, inspects and reads a file with its streams drained at once.
func benchmarkRead(b *testing.B, path string) {
	r := Reader{Units: testUnits(b), Places: testPlaces(b), Workers: runtime.GOMAXPROCS(0)}
	c := shipped(b, "enterprise_registry")
	b.ReportAllocs()
	for b.Loop() {
		f, err := Open(path)
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(f.Size)
		layout, err := r.Inspect(b.Context(), f, c)
		if err != nil {
			b.Fatal(err)
		}
		l, err := r.Read(b.Context(), f, layout, layout.DataDate, io.Discard)
		if err != nil {
			b.Fatal(err)
		}
		done := make(chan bool)
		for _, s := range l.Streams {
			go func() {
				for s.Next() {
				}
				s.Release()
				done <- true
			}()
		}
		for range l.Streams {
			<-done
		}
		if err := l.Err(); err != nil {
			b.Fatal(err)
		}
		if n := l.Counts(); n.Loaded != benchRows {
			b.Fatalf("%+v", n)
		}
		l.Close()
		f.Close()
	}
	b.ReportMetric(float64(benchRows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
