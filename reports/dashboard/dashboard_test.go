package dashboard

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/assets"
	"citykpi/reports/snapshottest"
)

// written writes the site of a snapshot, with what snapshottest puts behind it.
func written(t *testing.T, s *kpi.Snapshot) string {
	t.Helper()
	dir := t.TempDir()
	err := Site(t.Context(), dir, s, behind(s))
	if errors.Is(err, assets.ErrNotBuilt) {
		t.Skip("SKIPPED, LOUDLY: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// behind gives hostile snapshots hostile facts.
func behind(s *kpi.Snapshot) snapshottest.Behind {
	b := snapshottest.Behind{Snapshot: s}
	if len(s.Documents) > 0 && s.Documents[0].Title == snapshottest.HostileNames[0] {
		b.Names = snapshottest.HostileNames
	}
	return b
}

func every() map[string]*kpi.Snapshot {
	return map[string]*kpi.Snapshot{
		"full": snapshottest.Reviewed(snapshottest.Full()), "hostile": snapshottest.Hostile(), "one quarter": snapshottest.OneQuarter(),
		"unconnected": snapshottest.Unconnected(), "empty": snapshottest.Empty(), "one district": snapshottest.OneDistrict(),
		"nothing connected of many": manifold(snapshottest.Unconnected()),
		"mixed":                     mixed(),
	}
}

func TestSameSnapshotSameBytes(t *testing.T) {
	for name := range every() {
		one, other := files(t, written(t, every()[name])), files(t, written(t, every()[name]))
		if len(one) != len(other) {
			t.Errorf("%s: %d files, then %d", name, len(one), len(other))
		}
		for file, text := range one {
			if other[file] != text {
				t.Errorf("%s: two %s differ", name, file)
			}
		}
	}
}

// files are the texts of a site by path.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		texts[filepath.ToSlash(rel)] = string(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// body is the overview without its head.
func body(t *testing.T, s *kpi.Snapshot) string {
	t.Helper()
	_, html, _ := strings.Cut(files(t, written(t, s))["index.html"], "<main")
	return html
}

var figureCell = regexp.MustCompile(`<td class="n"(?: data-v="([^"]*)")?>([^<]*)</td>`)

// TestTableEqualsTheSnapshot parses the table of all commitments out of the page.
func TestTableEqualsTheSnapshot(t *testing.T) {
	s := snapshottest.Full()
	html := body(t, s)
	rows := 0
	for _, a := range s.Attainments {
		if a.Region != s.Region.Code || slices.ContainsFunc(s.Documents[0].Indicators,
			func(c kpi.Commitment) bool { return c.ID == a.ID }) {
			continue
		}
		_, row, found := strings.Cut(html, `<tr id="`+a.ID+`"`)
		if !found {
			t.Errorf("%s is not on the page", a.ID)
			continue
		}
		rows++
		row = row[:strings.Index(row, "</tr>")]
		cells := figureCell.FindAllStringSubmatch(row, -1)
		for column, want := range map[int]*float64{0: a.Value, 2: a.Rate, 3: a.Time, 4: a.Gap, 5: a.Left} {
			got := cells[column][1]
			if want == nil {
				if got != "" || cells[column][2] != "—" {
					t.Errorf("%s column %d: %q, want no figure", a.ID, column, cells[column][0])
				}
				continue
			}
			if v, err := strconv.ParseFloat(got, 64); err != nil || v != *want {
				t.Errorf("%s column %d: %q, want %v", a.ID, column, got, *want)
			}
		}
		light := string(a.Light)
		if a.Light == kpi.NoLight {
			light = "none"
		}
		if !strings.HasPrefix(row, ` data-light="`+light+`"`) {
			t.Errorf("%s does not show %s", a.ID, light)
		}
	}
	if rows != 22 {
		t.Errorf("%d rows compared, want 22", rows)
	}
}

func TestEmptyStatesSayWhatIsMissing(t *testing.T) {
	for name, want := range map[string][]string{
		"empty":                     {"尚未载入政策文件，暂无承诺事项。", "<h2>尚无数据</h2>", "载入政策文件：", "配置数据来源", "本版本无校核记录。"},
		"unconnected":               {"共 22 项承诺，均未接入数据", "<h2>尚无数据</h2>", "尚未接入数据来源", "责任单位和要问的问题。"},
		"nothing connected of many": {"共 220 项承诺，均未接入数据", "<h2>尚无数据</h2>"},
		"one quarter":               {"逾期未完成 2 项，滞后 5 项", "2026年第三季度登记", "只有一个季度的数据", "有目标而无数据 1 项："},
		"one district":              {"只有一个区报送，无从比较；其情况见<a href=\"r-320115.html\">江宁区</a>。"},
	} {
		html := body(t, every()[name])
		for _, text := range want {
			if !strings.Contains(html, text) {
				t.Errorf("%s: the page does not say %s", name, text)
			}
		}
		for _, id := range []string{"attention", "trends", "districts", "money"} {
			if there := strings.Contains(html, `id="`+id+`"`); there != (name == "one quarter" || name == "one district") {
				t.Errorf("%s: the section %s stands there: %v", name, id, there)
			}
		}
	}
}

// TestNothingUnfinished looks for what a template prints when something is
// missing, and for what would be run or fetched, on every page.
func TestNothingUnfinished(t *testing.T) {
	for name, s := range every() {
		for file, html := range files(t, written(t, s)) {
			if !strings.HasSuffix(file, ".html") {
				continue
			}
			for _, bad := range []string{"<nil>", "%!", "NaN", "+Inf", "ZgotmplZ", "0001-01-01", " style=", " onclick=",
				"http://", "https://", "<script>"} {
				if strings.Contains(strings.ReplaceAll(html, "http://evil.example", ""), bad) {
					t.Errorf("%s: %s holds %q", name, file, bad)
				}
			}
		}
	}
}

var href = regexp.MustCompile(`(?:href|src)="([^"#?]+)[^"]*"`)

// TestLinksLeadSomewhere follows every link of every page.
func TestLinksLeadSomewhere(t *testing.T) {
	for name, s := range every() {
		all, followed := files(t, written(t, s)), 0
		for file, html := range all {
			if !strings.HasSuffix(file, ".html") {
				continue
			}
			for _, m := range href.FindAllStringSubmatch(html, -1) {
				if m[1] == "data:," {
					continue
				}
				followed++
				if _, ok := all[m[1]]; !ok {
					t.Errorf("%s: %s links to %s, which is not there", name, file, m[1])
				}
			}
		}
		if followed < 60 { // an installation without documents has few pages
			t.Errorf("%s: only %d links followed", name, followed)
		}
	}
}

var keyed = regexp.MustCompile(`<data value="([^"]*)" data-kpi="([^"/]+)/([^"/]+)/([^"/]+)">([^<]*)</data>`)
var keyedRow = regexp.MustCompile(`(?s)<tr [^>]*data-kpi="([^"/]+)/([^"/]+)">(.*?)</tr>`)

// TestEveryFigureEqualsTheSnapshot parses every page and holds each figure that
// names itself, and every row of commitments, against the attainments: what kpi
// list prints.
func TestEveryFigureEqualsTheSnapshot(t *testing.T) {
	s := snapshottest.Full()
	at := map[string]kpi.Attainment{}
	for _, a := range s.Attainments {
		at[a.ID+"/"+a.Region] = a
	}
	targets := map[string]float64{}
	for _, d := range s.Documents {
		for _, c := range d.Commitments {
			if c.Target != nil {
				targets[c.ID] = c.Target.Value()
			}
		}
	}
	figures, rows := 0, 0
	for file, html := range files(t, written(t, s)) {
		same := func(key, name, got string, want *float64) {
			if want == nil {
				t.Errorf("%s: %s %s is %q, want none", file, key, name, got)
				return
			}
			if v, err := strconv.ParseFloat(got, 64); err != nil || v != *want {
				t.Errorf("%s: %s %s is %q, want %v", file, key, name, got, *want)
			}
		}
		for _, m := range keyed.FindAllStringSubmatch(html, -1) {
			figures++
			key := m[2] + "/" + m[3]
			a := at[key]
			want, ok := map[string]*float64{"value": a.Value, "attainment": a.Rate, "time_progress": a.Time, "pace_gap": a.Gap}[m[4]]
			if !ok {
				want = a.Also[m[4]]
			}
			same(key, m[4], m[1], want)
		}
		for _, m := range keyedRow.FindAllStringSubmatch(html, -1) {
			rows++
			a := at[m[1]+"/"+m[2]]
			target := targets[m[1]]
			cells := figureCell.FindAllStringSubmatch(m[3], -1)
			for column, want := range []*float64{a.Value, &target, a.Rate, a.Time, a.Gap, a.Left} {
				if got := cells[column][1]; got != "" {
					same(m[1], "column "+strconv.Itoa(column), got, want)
				} else if column != 1 && want != nil {
					t.Errorf("%s: %s column %d is empty, want %v", file, m[1], column, *want)
				}
			}
		}
	}
	if figures < 300 || rows < 60 {
		t.Errorf("%d figures and %d rows compared: too few for a site", figures, rows)
	}
}

// TestFactsReachTheFiles: a long list stands in files, its first rows in the
// page, and together they are what the figure counts.
func TestFactsReachTheFiles(t *testing.T) {
	s := snapshottest.Full()
	all := files(t, written(t, s))
	html, chunk := all["c-NJ88-005.html"], all["data/f-NJ88-005-1.js"]
	value := kpi.Series.At(s.Series, kpi.Key{ID: "NJ88-005", Region: s.Region.Code}, s.Release.AsOf)
	if want := fmt.Sprintf(`data-total="%v"`, *value); !strings.Contains(html, want) {
		t.Errorf("the page does not say %s", want)
	}
	if n := strings.Count(chunk, "\n["); n != int(*value) {
		t.Errorf("the file holds %d rows, want %v", n, *value)
	}
	if !strings.Contains(html, "新增 ") || !strings.Contains(html, "退出 ") || !strings.Contains(html, "示例企业") {
		t.Error("the page does not name who came and went")
	}
}

func TestMissingPartsLeaveNoHoles(t *testing.T) {
	html := body(t, snapshottest.OneQuarter())
	_, cards, _ := strings.Cut(html, `<section id="cards"`)
	cards, _, _ = strings.Cut(cards, `</section>`)
	if strings.Contains(cards, "sparkbox") || strings.Contains(cards, "环比") || strings.Contains(cards, "同比") {
		t.Error("a card with one quarter draws a sparkline or prints changes")
	}
	if !strings.Contains(cards, "bulletbox") {
		t.Error("a card with a value and a target has no bullet bar")
	}
}

// TestBetweenQuarterEnds: a daily run is as of any day; the day stands last on the
// axes, under its own date.
func TestBetweenQuarterEnds(t *testing.T) {
	s := snapshottest.Full()
	day := kpi.Date{Year: 2026, Month: 8, Day: 12}
	for _, line := range s.Series {
		if v, ok := line[snapshottest.AsOf]; ok {
			delete(line, snapshottest.AsOf)
			line[day] = v
		}
	}
	s.Release.AsOf = day
	for i := range s.Attainments {
		s.Attainments[i].AsOf = day
	}
	html := body(t, s)
	for _, want := range []string{`"2026Q1","2026Q2","2026-08-12"`, "<span>2024Q4</span><span>2026-08-12</span>"} {
		if !strings.Contains(html, want) {
			t.Errorf("the page does not hold %s", want)
		}
	}
}

func TestCardsFillTheirRows(t *testing.T) {
	for n, want := range map[int][2]int{1: {3, 1}, 4: {4, 0}, 6: {3, 0}, 8: {4, 0}, 9: {3, 0}, 10: {4, 2}, 11: {4, 3}} {
		perRow, rest := cardsPerRow(n)
		if [2]int{perRow, rest} != want {
			t.Errorf("cardsPerRow(%d) = %d, %d, want %v", n, perRow, rest, want)
		}
	}
}

func TestChecksAreAddedUpByKind(t *testing.T) {
	html := body(t, snapshottest.Full())
	for _, want := range []string{"通过 4 项，提示 1 项，未通过 0 项", `<b>报送规范</b><span>1 项提示，涉及 31 行</span>`, `<b>勾稽</b><span>2 项通过</span>`} {
		if !strings.Contains(html, want) {
			t.Errorf("the page does not say %s", want)
		}
	}
}

func TestCSSStringEndsNothing(t *testing.T) {
	got := cssString(`"</style>\`)
	if got != `"\000022\00003c\00002fstyle\00003e\00005c"` {
		t.Errorf("cssString = %s", got)
	}
}

func TestNamesThatRepeatAreCounted(t *testing.T) {
	got, more := named([]string{"甲", "乙校", "乙校", "丙", "乙校"})
	if fmt.Sprint(got) != "[乙校 × 3 甲 丙]" || more {
		t.Errorf("named %v, more %v", got, more)
	}
	var many []string
	for i := range namedMost + 1 {
		many = append(many, strconv.Itoa(i))
	}
	if got, more := named(many); len(got) != namedMost || !more {
		t.Errorf("%d of %d names, more %v", len(got), len(many), more)
	}
}
