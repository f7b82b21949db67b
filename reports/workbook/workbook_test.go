package workbook

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"citykpi/pipeline/kpi"
)

var props = Properties{Title: "测试", Creator: "citykpi", Created: time.Date(2026, 10, 16, 2, 3, 0, 0, time.UTC)}

func sample() Table {
	t := Table{Name: "指标", Note: "截至 2026年9月30日", Columns: []Column{
		{Title: "名称"}, {Title: "值", Kind: Count}, {Title: "金额（万元）", Kind: Money},
		{Title: "偏差", Kind: Points}, {Title: "日期", Kind: Day}, {Title: "状态", Kind: Light},
	}}
	t.Add("=HYPERLINK(\"x\")", 1234, 2.5, -7.25, kpi.Date{Year: 2026, Month: 9, Day: 30}, kpi.Red)
	t.Add("</td><script>", nil, nil, nil, kpi.Date{}, kpi.NoLight)
	t.AddTotal("合计", 1234.5, 2.5, nil, nil, kpi.Met)
	return t
}

func write(t *testing.T, tables ...Table) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteXLSX(&b, props, tables...); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWriteXLSX(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(write(t, sample())))
	if err != nil {
		t.Fatal(err)
	}
	for cell, want := range map[string]string{
		"A1": "指标", "A2": "截至 2026年9月30日", "B3": "值", "A4": "=HYPERLINK(\"x\")", "B4": "1,234",
		"C4": "2.50", "D4": "-7.3", "E4": "2026-09-30", "F4": "■ 红", "B5": "—", "E5": "—", "F5": "—", "B6": "1,234.5",
	} {
		if got, _ := f.GetCellValue("指标", cell); got != want {
			t.Errorf("%s = %q, want %q", cell, got, want)
		}
	}
	if raw, _ := f.GetCellValue("指标", "D4", excelize.Options{RawCellValue: true}); raw != "-7.25" {
		t.Errorf("D4 holds %q, want the exact -7.25", raw)
	}
	if formula, _ := f.GetCellFormula("指标", "A4"); formula != "" {
		t.Errorf("A4 became the formula %q", formula)
	}
	style, _ := f.GetCellStyle("指标", "A4")
	if q := f.Styles.CellXfs.Xf[style].QuotePrefix; q == nil || !*q {
		t.Error("A4 begins with = and has no quotePrefix: editing it would make it a formula")
	}
	if panes, _ := f.GetPanes("指标"); !panes.Freeze || panes.YSplit != 3 {
		t.Errorf("heads are not frozen: %+v", panes)
	}
}

// What would be a formula in a CSV would be one in a cell that somebody edits.
func TestTextStaysTextWhenEdited(t *testing.T) {
	table := Table{Name: "指标", Columns: []Column{{Title: "名称"}}}
	texts := []string{"=1+1", "+1+1", "-1+1", "@x", "\t=1+1", "\r=1+1", " =1+1", "＝1+1", "\u200b=1+1", `"=1+1"`, "甲=1"}
	for _, text := range texts {
		table.Add(text)
	}
	f, err := excelize.OpenReader(bytes.NewReader(write(t, table)))
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		cell := fmt.Sprint("A", headerRows+1+i)
		formula, _ := f.GetCellFormula("指标", cell)
		style, _ := f.GetCellStyle("指标", cell)
		q := f.Styles.CellXfs.Xf[style].QuotePrefix
		if quoted := q != nil && *q; formula != "" || quoted != (text != "甲=1") {
			t.Errorf("%q is the formula %q, with quotePrefix %v", text, formula, quoted)
		}
	}
}

func TestWriteXLSXIsDeterministic(t *testing.T) {
	first := write(t, sample(), Table{Name: "空", Columns: []Column{{Title: "名称"}}})
	for range 3 {
		if !bytes.Equal(first, write(t, sample(), Table{Name: "空", Columns: []Column{{Title: "名称"}}})) {
			t.Fatal("the same tables gave different bytes")
		}
	}
}

func TestRowsMustFitColumns(t *testing.T) {
	bad := sample()
	bad.Add("too", "short")
	if err := WriteXLSX(&bytes.Buffer{}, props, bad); !errors.Is(err, ErrShape) {
		t.Errorf("WriteXLSX = %v, want ErrShape", err)
	}
	if _, err := bad.HTML(); !errors.Is(err, ErrShape) {
		t.Errorf("HTML = %v, want ErrShape", err)
	}
	if err := WriteXLSX(&bytes.Buffer{}, props); !errors.Is(err, ErrNoTable) {
		t.Errorf("WriteXLSX of nothing = %v, want ErrNoTable", err)
	}
}

func TestHTMLEscapesAndKeepsExactValues(t *testing.T) {
	got, err := sample().SortableHTML()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`&lt;/td&gt;&lt;script&gt;`, `data-v="-7.25">−7.2<`, `class="light light-red"`,
		`<tr class="total">`, `class="data sortable"`} {
		if !strings.Contains(string(got), want) {
			t.Errorf("markup lacks %s:\n%s", want, got)
		}
	}
	empty, err := Table{Name: "空", Empty: "本季度无兑付记录", Columns: []Column{{Title: "a"}, {Title: "b"}}}.HTML()
	if err != nil || !strings.Contains(string(empty), `colspan="2">本季度无兑付记录<`) {
		t.Errorf("an empty table says nothing: %s %v", empty, err)
	}
}

func TestRejects(t *testing.T) {
	sheet := RejectSheet{
		Title: "技术合同.xlsx 退回记录", Note: "请更正后重新报送", Header: []string{"合同编号", "金额"},
		Letter: Letter{Bureau: "市科技局", File: "技术合同.xlsx", DataDate: kpi.Date{Year: 2026, Month: 9, Day: 30}, Received: props.Created,
			Due: kpi.Date{Year: 2026, Month: 10, Day: 23}, Number: "tech_contract-20260930-0007", Read: 9, Loaded: 6,
			Rejected: 2, Dropped: 1},
		Rows: []RejectRow{
			{Sheet: "Sheet1", Row: 17, Cells: []string{"0012", "-5"}, Faults: []Fault{
				{Column: 1, Rule: "amount.min", Reason: "金额为 -5，应不小于 0"},
				{Column: -1, Rule: "tech_amount_within_amount", Reason: "技术交易额大于成交额"}}},
			{Row: 18, Cells: []string{"=cmd|'/c calc'!A1"},
				Faults: []Fault{{Column: 0, Rule: "contract_no.pattern", Reason: "编号应为 14 或 16 位数字"}}},
		},
	}
	var a, b bytes.Buffer
	for _, w := range []*bytes.Buffer{&a, &b} {
		if err := Rejects(w, props, sheet); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same rejects gave different bytes")
	}
	f, err := excelize.OpenReader(&a)
	if err != nil {
		t.Fatal(err)
	}
	for cell, want := range map[string]string{
		"A3": "合同编号", "F3": "原因", "A4": "0012", "B4": "-5", "C4": "Sheet1", "D4": "17",
		"E4": "amount.min\ntech_amount_within_amount", "F5": "编号应为 14 或 16 位数字", "A5": "=cmd|'/c calc'!A1", "B5": "",
	} {
		if got, _ := f.GetCellValue(kpi.ReturnRows, cell); got != want {
			t.Errorf("%s = %q, want %q", cell, got, want)
		}
	}
	for cell, want := range map[string]string{
		"A1": "数据退回通知", "A2": "市科技局：", "B7": "金额为 -5，应不小于 0", "D7": "1", "A11": kpi.ReturnNumber, "B11": "tech_contract-20260930-0007",
		"A3": "    贵单位报送的《技术合同.xlsx》（数据截至2026年9月30日）已于2026年10月16日接收。经校验，共读取 9 行，装载 6 行，略过合计、说明等 1 行，退回 2 行。",
	} {
		if got, _ := f.GetCellValue(kpi.ReturnLetter, cell); got != want {
			t.Errorf("letter: %s = %q, want %q", cell, got, want)
		}
	}
	comments, _ := f.GetComments(kpi.ReturnRows)
	if len(comments) != 2 || comments[0].Cell != "B4" || !strings.Contains(comments[0].Paragraph[0].Text, "应不小于 0") {
		t.Errorf("comments = %+v", comments)
	}
	sheet.Rows[0].Cells = []string{"1", "2", "3"}
	if err := Rejects(&bytes.Buffer{}, props, sheet); !errors.Is(err, ErrShape) {
		t.Errorf("a row wider than the header = %v, want ErrShape", err)
	}
}

func TestWideTablesAreSplit(t *testing.T) {
	wide := Table{Name: "宽", Columns: []Column{{Title: "区"}, {Title: "一"}, {Title: "二"}, {Title: "三"}}}
	wide.Add("江宁区", 1, 2, 3)
	wide.AddTotal("全市", 4, 5, 6)
	parts := wide.Split(3)
	if len(parts) != 2 || len(parts[0].Columns) != 3 || len(parts[1].Columns) != 2 {
		t.Fatalf("parts %+v", parts)
	}
	last := parts[1].Rows[1]
	if parts[1].Columns[1].Title != "三" || !last.Total || last.Cells[0] != "全市" || last.Cells[1] != 6 {
		t.Errorf("last part %+v", parts[1])
	}
	if whole := wide.Split(4); len(whole) != 1 || len(whole[0].Columns) != 4 {
		t.Errorf("a table that fits stays whole: %+v", whole)
	}
}
