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
		"rich": rich(), "rich hostile": richHostile(),
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

// cellPattern is one td of a report: its exact value, "" where it has none, and
// what it says.
var cellPattern = regexp.MustCompile(`<td[^>]*?(?: data-v="([^"]*)")?>(.*?)</td>`)

// TestHTMLFiguresEqualTheSnapshot parses the two tables of commitments out of the
// page: what is judged has nine cells, what is only watched six.
func TestHTMLFiguresEqualTheSnapshot(t *testing.T) {
	s := rich()
	html := string(page(t, s))
	judged, watched := 0, 0
	for _, a := range s.Attainments {
		if a.Region != s.Region.Code {
			continue
		}
		_, row, found := strings.Cut(html, `<tr id="`+a.ID+`">`)
		if !found {
			t.Errorf("%s is not in the report", a.ID)
			continue
		}
		cells := cellPattern.FindAllStringSubmatch(row[:strings.Index(row, "</tr>")], -1)
		switch len(cells) {
		case 9:
			judged++
			same(t, a.ID+" value", cells[3][1], a.Value)
			for column, want := range map[int]*float64{4: a.Rate, 5: a.Time, 6: a.Gap} {
				same(t, a.ID, cells[column][1], want)
			}
			if want := a.Light.Chinese(); a.Light != kpi.NoLight && !strings.Contains(cells[7][2], want) {
				t.Errorf("%s: light %q, want %s", a.ID, cells[7][2], want)
			}
		case 6:
			watched++
			same(t, a.ID+" value", cells[2][1], a.Value)
			for column, change := range map[int]*kpi.Change{3: a.Quarter, 4: a.Year} {
				var want *float64
				if change != nil {
					want = &change.Diff
				}
				same(t, a.ID, cells[column][1], want)
			}
		default:
			t.Errorf("%s has %d cells", a.ID, len(cells))
		}
	}
	if judged < 10 || watched < 3 {
		t.Errorf("%d judged and %d watched commitments: the test tests little", judged, watched)
	}
}

// table is the rows of a table of the page by its class, a row per line.
func tableOf(t *testing.T, html, class string) string {
	t.Helper()
	_, table, found := strings.Cut(html, `<table class="data `+class+`">`)
	if !found {
		t.Fatalf("the page has no table %s", class)
	}
	return table[:strings.Index(table, "</table>")]
}

// holds fails unless some row of the text holds all the parts.
func holds(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, row := range strings.Split(text, "<tr") {
		all := true
		for _, p := range parts {
			all = all && strings.Contains(row, p)
		}
		if all {
			return
		}
	}
	t.Errorf("no row holds %v in:\n%s", parts, text)
}

func TestRestatementsKeepWhatWasPublished(t *testing.T) {
	html := string(page(t, rich()))
	if !strings.Contains(html, "已公布季度的数据重述 4 项（迟报数据 2 项、更正数据 1 项、口径调整 1 项）") {
		t.Error("the restatements are not summed up")
	}
	restated := tableOf(t, html, "restated")
	holds(t, restated, "2026Q2", "创新型中小企业", "南京市", `data-v="12439"`, `data-v="12441"`, `data-v="2"`, "更正数据")
	holds(t, restated, "创新型中小企业", "江宁区", `data-v="2987"`, `data-v="2991"`, "迟报数据")
	holds(t, restated, "校企联合攻关财政资金投入", `data-v="718180000"`, ">—<", "口径调整")
	holds(t, restated, "人次", `data-v="271"`)
	if city, district := strings.Index(restated, "12439"), strings.Index(restated, "2987"); city > district {
		t.Error("a district stands before the city")
	}
	if html := string(page(t, snapshottest.Full())); !strings.Contains(html, "已公布季度的数据无重述。") ||
		strings.Contains(html, `class="data restated"`) {
		t.Error("without restatements the section is not one sentence")
	}
}

// What a closing said of a deadline, and reads otherwise now, has a paragraph of its own.
func TestVerdictsOfClosingsAreTold(t *testing.T) {
	title := "到期结论或到期数值与关账时不同的事项"
	if strings.Contains(string(page(t, rich())), title) {
		t.Error("it is told where nothing reads otherwise")
	}
	s := rich()
	v := func(f float64) *float64 { return &f }
	for i := range s.Attainments {
		if a := &s.Attainments[i]; a.ID == "NJ88-032" && a.Region == s.Region.Code {
			a.Given = []kpi.Given{{Judged: kpi.Judged{ID: a.ID, Deadline: kpi.YearEnd(2025), Value: v(1), Wanted: 3,
				Outcome: kpi.NotDone}, Quarter: kpi.Quarter{Year: 2025, N: 4},
				On: kpi.Date{Year: 2026, Month: 1, Day: 12}, Cause: kpi.LateData}}
		}
	}
	html := string(page(t, s))
	want := "共 1 项：紧密型职教集团（2025年12月31日到期：2026年1月12日关账时为未完成，1／3 个，还差 2 个，其后补报，现为逾期完成（2026年第二季度末），2 个）。"
	if !strings.Contains(html, title) || !strings.Contains(html, want) {
		t.Errorf("the report does not say %s", want)
	}
}

// Amounts of one row have one unit and as many decimals, on paper and in the workbook, and what was restated never
// looks as it did.
func TestRestatedAmountsAreReadAgainstOneAnother(t *testing.T) {
	s := rich()
	old, now := 98765400.0, 123456700.0
	close, closer := 1234500.0, 1234512.5
	s.Restated = []kpi.Restatement{
		{Quarter: s.Restated[0].Quarter, ID: "NJ88-011", Region: s.Region.Code, Old: &old, New: &now, Cause: kpi.CorrectedData},
		{Quarter: s.Restated[0].Quarter, ID: "NJ88-011", Region: s.Region.Code, Old: &close, New: &closer, Cause: kpi.CorrectedData},
	}
	restated := tableOf(t, string(page(t, s)), "restated")
	holds(t, restated, ">0.99 亿元<", ">1.23 亿元<", ">&#43;0.24 亿元<", `data-v="98765400"`)
	holds(t, restated, ">123.4500 万元<", ">123.4513 万元<", ">&#43;0.0013 万元<", `data-v="1234512.5"`)
	table := digest.Read(s).RestatementTable()
	for i, want := range [][]any{{"万元", "9,876.54", "12,345.67", "+2,469.13"}, {"万元", "123.4500", "123.4513", "+0.0013"}} {
		for n, w := range want {
			if got := table.Columns[5+n].Kind.Format(table.Rows[i].Cells[5+n]); got != w {
				t.Errorf("row %d: %s is %s, want %s", i, table.Columns[5+n].Title, got, w)
			}
		}
	}
}

// TestManyRestatementsStayShort: districts go to the workbook, the city stays.
func TestManyRestatementsStayShort(t *testing.T) {
	s := rich()
	district := s.Restated[0]
	for len(s.Restated) < restatedRows+30 {
		s.Restated = append(s.Restated, district)
	}
	html := string(page(t, s))
	restated := tableOf(t, html, "restated")
	if n := strings.Count(restated, "<tr>") - 1; n != 3 || strings.Contains(restated, "江宁区") {
		t.Errorf("%d rows, want the city's three:\n%s", n, restated)
	}
	if want := fmt.Sprintf("下表之外的 %d 项见工作簿“重述”。", restatedRows+27); !strings.Contains(html, want) {
		t.Errorf("the page does not say %s", want)
	}
	if n := len(digest.Read(s).RestatementTable().Rows); n != restatedRows+30 {
		t.Errorf("the workbook holds %d restatements, want all", n)
	}
}

func TestFindingsAreOfTheOwnJurisdiction(t *testing.T) {
	html := string(page(t, rich()))
	if want := "累计发现问题 3 项，其中按有效文件应核实 2 项，涉及 128.5 万元；未对应规则的 1 项，涉及 30.0 万元，只作提示。其中本季度兑付的 1 项。"; !strings.Contains(html, want) {
		t.Errorf("the page does not say %s", want)
	}
	findings := tableOf(t, html, "findings")
	holds(t, findings, "累计兑付超过封顶", `data-v="1234567.89"`, `data-v="300000"`)
	holds(t, findings, "合计", `data-v="1284567.89"`)
}

// TestTheReportSpeaksOfItsOwnJurisdiction: another city is installed beside it, and each has a report of its own.
func TestTheReportSpeaksOfItsOwnJurisdiction(t *testing.T) {
	s := rich()
	html := string(page(t, s))
	for _, word := range []string{"南通", "启东", "海工联合体", "其他地区", "以章程为准"} {
		if strings.Contains(html, word) {
			t.Errorf("the report of %s says %s", s.Region.Name, word)
		}
	}
	s.Region, s.Districts = s.Regions[len(s.Regions)-3], s.Regions[len(s.Regions)-2:]
	html = string(page(t, s))
	if !strings.Contains(html, "共 2 项承诺") || strings.Contains(html, "江宁") {
		t.Error("the other city's report is not about it")
	}
	scorecards := tableOf(t, html, "scorecards")
	holds(t, scorecards, "海工联合体", "启东市", `data-v="55"`, ">2025<", `data-v="47.5"`, "摘牌重组")
	holds(t, scorecards, "纺织联合体", "崇川区", ">—<", `data-v="96"`, "优秀")
	if n := strings.Count(scorecards, "海工联合体"); n != 1 {
		t.Errorf("a holder stands in %d rows, want its latest evaluation only", n)
	}
}

// TestManyLaggingItemsAreNotAllTold: the list holds what the sentences leave out.
func TestManyLaggingItemsAreNotAllTold(t *testing.T) {
	s := crowded()
	behind := len(digest.Read(s).Attention())
	if behind <= told+2 {
		t.Fatalf("only %d lag: the test tests nothing", behind)
	}
	html := string(page(t, s))
	if n := strings.Count(html, `<p class="item">`); n != told {
		t.Errorf("%d lagging items are told, want %d", n, told)
	}
	if want := fmt.Sprintf("其余 %d 项见“三、滞后清单”", behind-told); !strings.Contains(html, want) {
		t.Errorf("the page does not say %s", want)
	}
	if n := strings.Count(tableOf(t, html, "lagging"), "<tr>") - 1; n != behind {
		t.Errorf("the list has %d rows, want %d", n, behind)
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
	s := rich()
	f, err := excelize.OpenReader(bytes.NewReader(book(t, s)))
	if err != nil {
		t.Fatal(err)
	}
	d := digest.Read(s.Own()) // the workbook speaks of no other jurisdiction
	tables := Tables(d, snapshottest.Quarter)
	if got := f.GetSheetList(); len(got) != len(tables) {
		t.Fatalf("sheets = %v, want %d", got, len(tables))
	}
	for i, table := range tables {
		rows, err := f.GetRows(f.GetSheetList()[i], excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		if got := len(rows) - 3; got != len(table.Rows) && (len(table.Rows) > 0 || got != 1) { // an empty table says that it is
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
		for column, want := range map[int]*float64{5: scaled(a.Value, money), 6: a.Rate, 7: a.Time, 8: a.Gap,
			9: scaled(a.Left, money), 10: scaled(a.Required, money)} {
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
	for name, s := range map[string]*kpi.Snapshot{"hostile": snapshottest.Hostile(), "rich hostile": richHostile()} {
		html := string(page(t, s))
		for _, bad := range []string{"<script", "<img", " onmouseover=\"window"} {
			if strings.Contains(html, bad) {
				t.Errorf("%s: the page holds %q as markup", name, bad)
			}
		}
		if n := strings.Count(html, "</style>"); n != 1 {
			t.Errorf("%s: the style sheet ends %d times", name, n)
		}
	}
	f, err := excelize.OpenReader(bytes.NewReader(book(t, richHostile())))
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
		for _, section := range []string{"一、总体情况", "二、指标完成情况", "三、滞后清单", "四、各区排名", "五、技术合同", "六、奖补兑付", "七、数据报送", "八、已公布数据的重述"} {
			if !strings.Contains(html, section) {
				t.Errorf("%s: no section %s", name, section)
			}
		}
	}
	if html := string(page(t, snapshottest.Empty())); !strings.Contains(html, "尚未载入政策文件") || !strings.Contains(html, "各区暂无数据。") {
		t.Error("an empty release does not say that it is empty")
	}
}

// sheets counts the pages of a PDF.
var sheets = regexp.MustCompile(`/Type\s*/Page\b[^s]`)

func TestPageIsQuietAndPrints(t *testing.T) {
	browser := browsertest.Start(t)
	for name, s := range map[string]*kpi.Snapshot{"rich": rich(), "rich hostile": richHostile(), "crowded": crowded(),
		"unconnected": snapshottest.Unconnected()} {
		p := browser.Open(t, page(t, s), "", 900, 1200)
		p.Quiet(t)
		var outside []string
		p.Eval(t,
			`[...document.querySelectorAll('.paper *')].filter(e => e.getBoundingClientRect().right > `+
				`document.querySelector('.paper').getBoundingClientRect().right + 1).map(e => e.tagName + ' ' + `+
				`e.textContent.slice(0, 20))`, &outside)
		if len(outside) > 0 {
			t.Errorf("%s: outside the paper: %v", name, outside)
		}
		var clipped []string
		p.Eval(t,
			`[...document.querySelectorAll('td, `+
				`th')].filter(e => e.scrollWidth > e.clientWidth + 2).map(e => e.closest('table').className + ': ' + `+
				`e.textContent.slice(0, 40))`, &clipped)
		if len(clipped) > 0 {
			t.Errorf("%s: wider than their cell: %v", name, clipped)
		}
		pdf := p.PDF(t)
		if !bytes.HasPrefix(pdf, []byte("%PDF-")) || len(pdf) < 20_000 {
			t.Errorf("%s: the print has %d bytes", name, len(pdf))
		}
		n := len(sheets.FindAll(pdf, -1))
		if least, most := 2, map[string]int{"rich": 9, "rich hostile": 12, "crowded": 20, "unconnected": 5}[name]; n < least || n > most {
			t.Errorf("%s: %d pages, want %d to %d", name, n, least, most)
		}
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
	all := every()
	all["crowded"] = crowded()
	for name, s := range all {
		name = fmt.Sprintf("dispatch-%s", strings.ReplaceAll(name, " ", "-"))
		html := page(t, s)
		save(name+".html", html)
		save(name+".xlsx", book(t, s))
		p := browser.Open(t, html, "", 1100, 900)
		save(name+".png", p.Screenshot(t, true))
		save(name+".pdf", p.PDF(t))
	}
}

// A report of a release that does not serve says so above itself, on every printed page and in its workbook.
func TestTheReportOfAReleaseBesideSaysSo(t *testing.T) {
	s, why := snapshottest.Full(), "旁列版本，不是现行版本：统计日期 2026-12-31 尚未到来，制作于 2026-11-30。"
	for _, beside := range []string{"", why} {
		s.Release.Beside = beside
		var page bytes.Buffer
		if err := HTML(&page, s, snapshottest.Quarter); err != nil {
			t.Fatal(err)
		}
		if got, want := strings.Contains(page.String(), ">本报告为"+why+"<"), beside != ""; got != want {
			t.Errorf("%q: said in the report: %v", beside, got)
		}
		if got, want := strings.Contains(page.String(), cssString(title(s, snapshottest.Quarter)+"（旁列版本，不是现行版本）")),
			beside != ""; got != want {
			t.Errorf("%q: said above every printed page: %v", beside, got)
		}
		if got, want := strings.HasPrefix(overview(digest.Read(s.Own())).Note, "本报告为"+why), beside != ""; got != want {
			t.Errorf("%q: said in the workbook: %v", beside, got)
		}
	}
}

// Of a source that was never filed it is not known whether there was anything.
func TestWhatWasNeverFiledIsNotNone(t *testing.T) {
	s := snapshottest.Full()
	s.Payouts, s.Contracts = nil, nil
	said := func() string {
		d := digest.Read(s.Own())
		r, err := newReport(d, snapshottest.Quarter)
		if err != nil {
			t.Fatal(err)
		}
		return r.Contracts.Sentence + r.Payouts.Sentence + d.ContractTable(snapshottest.Quarter).Empty + "，" +
			d.PayoutTable(snapshottest.Quarter).Empty
	}
	if got, want := said(), "本季度无技术合同登记。本季度无奖补资金兑付。本季度无技术合同登记，本季度无奖补资金兑付"; got != want {
		t.Errorf("filed, and none: %s, want %s", got, want)
	}
	for i, of := range s.Submissions {
		if of.Source == digest.ContractSource || of.Source == digest.PayoutSource {
			s.Submissions[i].Status, s.Submissions[i].Batches = kpi.SourceMissing, 0
			s.Submissions[i].Name, s.Submissions[i].Bureau = of.Source, "局"
		}
	}
	if got, want := said(), "局未报送tech_contract。局未报送award_payout。局未报送tech_contract，局未报送award_payout"; got != want {
		t.Errorf("never filed: %s, want %s", got, want)
	}
}
