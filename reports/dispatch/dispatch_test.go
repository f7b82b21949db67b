package dispatch

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"citykpi/pipeline/kpi"
	"citykpi/reports/browsertest"
	"citykpi/reports/digest"
	"citykpi/reports/snapshottest"
)

func page(t *testing.T, s *kpi.Snapshot) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := HTML(&b, s, snapshottest.Quarter); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func book(t *testing.T, s *kpi.Snapshot) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := XLSX(&b, s, snapshottest.Quarter); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func every() map[string]*kpi.Snapshot {
	return map[string]*kpi.Snapshot{
		"full": snapshottest.Full(), "hostile": snapshottest.Hostile(), "one quarter": snapshottest.OneQuarter(),
		"unconnected": snapshottest.Unconnected(), "empty": snapshottest.Empty(),
	}
}

func TestAnotherQuarterIsRefused(t *testing.T) {
	s, other := snapshottest.Full(), snapshottest.Quarter.Add(-1)
	for name, write := range map[string]func() error{
		"HTML": func() error { return HTML(&bytes.Buffer{}, s, other) },
		"XLSX": func() error { return XLSX(&bytes.Buffer{}, s, other) },
	} {
		if err := write(); !errors.Is(err, ErrPeriod) || !strings.Contains(err.Error(), "Try: citykpi run --as-of 2026-06-30") {
			t.Errorf("%s = %v, want ErrPeriod and what to run", name, err)
		}
	}
}

func TestSameSnapshotSameBytes(t *testing.T) {
	for name := range every() {
		if !bytes.Equal(page(t, every()[name]), page(t, every()[name])) {
			t.Errorf("%s: two pages differ", name)
		}
		if !bytes.Equal(book(t, every()[name]), book(t, every()[name])) {
			t.Errorf("%s: two workbooks differ", name)
		}
	}
}

// cell is one td of a report: its exact value, "" where it has none, and its text.
var cell = regexp.MustCompile(`<td[^>]*?(?: data-v="([^"]*)")?>([^<]*)</td>`)

// TestHTMLFiguresEqualTheSnapshot parses the table of commitments out of the page.
func TestHTMLFiguresEqualTheSnapshot(t *testing.T) {
	s := snapshottest.Full()
	html := string(page(t, s))
	for _, a := range s.Attainments {
		if a.Region != s.Region.Code {
			continue
		}
		_, row, found := strings.Cut(html, `<tr id="`+a.ID+`">`)
		if !found {
			t.Errorf("%s is not in the report", a.ID)
			continue
		}
		cells := cell.FindAllStringSubmatch(row[:strings.Index(row, "</tr>")], -1)
		unit := cells[2][2]
		for column, want := range map[int]*float64{5: a.Rate, 6: a.Time, 7: a.Gap} {
			same(t, a.ID, cells[column][1], want)
		}
		value := a.Value
		if unit == "万元" && value != nil {
			v := *value / 1e4
			value = &v
		}
		same(t, a.ID+" value", cells[4][1], value)
		if want := a.Light.Chinese(); a.Light != kpi.NoLight && !strings.Contains(cells[8][2], want) {
			t.Errorf("%s: light %q, want %s", a.ID, cells[8][2], want)
		}
	}
}

func same(t *testing.T, what, got string, want *float64) {
	t.Helper()
	if want == nil {
		if got != "" {
			t.Errorf("%s: printed %q, want no figure", what, got)
		}
		return
	}
	if v, err := strconv.ParseFloat(got, 64); err != nil || v != *want {
		t.Errorf("%s: printed %q, want %v", what, got, *want)
	}
}

// TestWorkbookFiguresEqualTheSnapshot opens the workbook and reads it back.
func TestWorkbookFiguresEqualTheSnapshot(t *testing.T) {
	s := snapshottest.Full()
	f, err := excelize.OpenReader(bytes.NewReader(book(t, s)))
	if err != nil {
		t.Fatal(err)
	}
	d := digest.Read(s)
	tables := Tables(d, snapshottest.Quarter)
	if got := f.GetSheetList(); len(got) != len(tables) {
		t.Fatalf("sheets = %v, want %d", got, len(tables))
	}
	for i, table := range tables {
		rows, err := f.GetRows(f.GetSheetList()[i], excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		if got := len(rows) - 3; got != len(table.Rows) {
			t.Errorf("%s has %d rows, want %d", table.Name, got, len(table.Rows))
		}
	}
	rows, _ := f.GetRows("指标完成情况", excelize.Options{RawCellValue: true})
	byID := map[string][]string{}
	for _, r := range rows[3:] {
		byID[r[0]] = r
	}
	dash := func(v string) string { return strings.ReplaceAll(v, "—", "") }
	for _, a := range s.Attainments {
		if a.Region != s.Region.Code {
			continue
		}
		r := byID[a.ID]
		money := 1.0
		if r[3] == "万元" {
			money = 1e4
		}
		for column, want := range map[int]*float64{5: scaled(a.Value, money), 6: a.Rate, 7: a.Time, 8: a.Gap, 9: scaled(a.Left, money), 10: scaled(a.Required, money)} {
			same(t, a.ID+" "+rows[2][column], dash(r[column]), want)
		}
	}
	districts, _ := f.GetRows("各区完成值", excelize.Options{RawCellValue: true})
	for c, it := range d.Ranked() {
		for r, region := range append(d.Districts(), s.Region) {
			want := d.At(it.ID, region.Code).Value
			if it.UnitName() == "元" {
				want = scaled(want, 1e4)
			}
			same(t, region.Name+" "+it.Name, dash(districts[3+r][c+1]), want)
		}
	}
}

func scaled(v *float64, by float64) *float64 {
	if v == nil {
		return nil
	}
	x := *v / by
	return &x
}

func TestHostileNamesStayText(t *testing.T) {
	html := string(page(t, snapshottest.Hostile()))
	for _, bad := range []string{"<script", "<img", " onmouseover=\"window"} {
		if strings.Contains(html, bad) {
			t.Errorf("the page holds %q as markup", bad)
		}
	}
	f, err := excelize.OpenReader(bytes.NewReader(book(t, snapshottest.Hostile())))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, sheet := range f.GetSheetList() {
		rows, _ := f.GetRows(sheet)
		for r, row := range rows {
			for c, value := range row {
				if !strings.HasPrefix(value, "=") {
					continue
				}
				found++
				name, _ := excelize.CoordinatesToCellName(c+1, r+1)
				if formula, _ := f.GetCellFormula(sheet, name); formula != "" {
					t.Errorf("%s!%s is the formula %s", sheet, name, formula)
				}
			}
		}
	}
	if found == 0 {
		t.Error("no hostile name reached the workbook: the test tests nothing")
	}
}

// TestNothingUnfinished looks for what a template prints when something is missing.
func TestNothingUnfinished(t *testing.T) {
	for name, s := range every() {
		html := string(page(t, s))
		for _, bad := range []string{"<nil>", "%!", "NaN", "+Inf", "ZgotmplZ", "<script"} {
			if strings.Contains(html, bad) {
				t.Errorf("%s: the page holds %q", name, bad)
			}
		}
		for _, section := range []string{"一、总体情况", "二、指标完成情况", "三、滞后清单", "四、各区排名", "五、技术合同", "六、奖补兑付", "七、数据报送"} {
			if !strings.Contains(html, section) {
				t.Errorf("%s: no section %s", name, section)
			}
		}
	}
	if html := string(page(t, snapshottest.Empty())); !strings.Contains(html, "尚未载入政策文件") || !strings.Contains(html, "各区暂无数据。") {
		t.Error("an empty release does not say that it is empty")
	}
}

func TestPageIsQuietAndPrints(t *testing.T) {
	p := browsertest.Start(t).Open(t, page(t, snapshottest.Full()), "", 900, 1200)
	p.Quiet(t)
	if pdf := p.PDF(t); !bytes.HasPrefix(pdf, []byte("%PDF-")) || len(pdf) < 20_000 {
		t.Errorf("the print has %d bytes", len(pdf))
	}
	var wide []string
	p.Eval(t, `[...document.querySelectorAll('.paper *')].filter(e => e.getBoundingClientRect().right > document.querySelector('.paper').getBoundingClientRect().right + 1 && !e.closest('.wide')).map(e => e.tagName + ' ' + e.textContent.slice(0, 20))`, &wide)
	if len(wide) > 0 {
		t.Errorf("outside the paper: %v", wide)
	}
}

// TestLook writes the report to the folder in CITYKPI_LOOK, to be looked at by people.
func TestLook(t *testing.T) {
	dir := os.Getenv("CITYKPI_LOOK")
	if dir == "" {
		t.Skip("set CITYKPI_LOOK=DIR to write pictures of the report there")
	}
	save := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	browser := browsertest.Start(t)
	for name, s := range every() {
		name = fmt.Sprintf("dispatch-%s", strings.ReplaceAll(name, " ", "-"))
		html := page(t, s)
		save(name+".html", html)
		save(name+".xlsx", book(t, s))
		p := browser.Open(t, html, "", 1100, 900)
		save(name+".png", p.Screenshot(t, true))
		save(name+".pdf", p.PDF(t))
	}
}
