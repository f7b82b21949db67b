package dashboard

import (
	"context"
	"fmt"
	"html"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/snapshottest"
)

// TestPartsAddUp: every row is one unit's, by whose folder its file came in and by whom
// it names, and their parts are the whole.
func TestPartsAddUp(t *testing.T) {
	fact := func(file string, row int64, measure string, weight float64) kpi.Fact {
		return kpi.Fact{Measure: measure, File: file, Row: row, Weight: weight, On: kpi.Date{Year: 2026, Month: 3, Day: int(row)}}
	}
	for name, c := range map[string]struct {
		facts         []kpi.Fact
		named         map[kpi.Place]string
		filers, owner string // unit of/to rows
	}{
		"nothing": {},
		"two bureaus, the larger first": {
			facts:  []kpi.Fact{fact("市人社局/a.csv", 1, "", 1), fact("市教育局/b.csv", 2, "", 1), fact("市教育局/b.csv", 3, "", 2.5)},
			filers: "市教育局 3.5/0 2+0; 市人社局 1/0 1+0", owner: "未写明 4.5/0 3+0"},
		"as much: in the order of their names": {
			facts:  []kpi.Fact{fact("市教育局/b.csv", 2, "", 1), fact("市人社局/a.csv", 1, "", 1)},
			filers: "市人社局 1/0 1+0; 市教育局 1/0 1+0", owner: "未写明 2/0 2+0"},
		"a file no bureau's inbox had is of whom its contract names": {
			facts:  []kpi.Fact{fact("玄武区/c.csv", 1, "", 1), fact("d.csv", 1, "", 1)},
			filers: "市人社局 2/0 2+0", owner: "未写明 2/0 2+0"},
		"nobody knows the file": {
			facts:  []kpi.Fact{fact("玄武区/z.csv", 1, "", 1)},
			filers: "未写明 1/0 1+0", owner: "未写明 1/0 1+0"},
		"two sides of a ratio": {
			facts:  []kpi.Fact{fact("市人社局/a.csv", 1, "of", 3), fact("市教育局/b.csv", 1, "to", 4), fact("市人社局/a.csv", 2, "to", 5)},
			filers: "市人社局 3/5 1+1; 市教育局 0/4 0+1", owner: "未写明 3/9 1+2"},
		"rows that name whom": {
			facts: []kpi.Fact{fact("市人社局/a.csv", 1, "", 1), fact("市人社局/a.csv", 2, "", 2), fact("市人社局/a.csv", 3, "", 4)},
			named: map[kpi.Place]string{{File: "市人社局/a.csv", Row: 1}: "市科技局", {File: "市人社局/a.csv", Row: 3}: "市工信局",
				{File: "市人社局/b.csv", Row: 2}: "市财政局"},
			filers: "市人社局 7/0 3+0", owner: "市工信局 4/0 1+0; 未写明 2/0 1+0; 市科技局 1/0 1+0"},
	} {
		s := &kpi.Snapshot{Submissions: []kpi.Submission{{Bureau: "市人社局"}, {Bureau: "市教育局"}}}
		batches := []kpi.BatchLine{{File: "市人社局/a.csv", Bureau: "市人社局", Source: "x"}, {File: "市教育局/b.csv", Bureau: "市人社局", Source: "x"},
			{File: "玄武区/c.csv", Bureau: "市人社局", Source: "x"}, {File: "d.csv", Bureau: "市人社局", Source: "x"}}
		d := &divided{filingsOf(digest.Read(s), batches, nil), c.named, shares{}, shares{}}
		for _, f := range c.facts {
			d.add(f)
		}
		for what, pair := range map[string][2]string{"filers": {told(d.filer), c.filers}, "owners": {told(d.owner), c.owner}} {
			if pair[0] != pair[1] {
				t.Errorf("%s: the %s are %q, want %q", name, what, pair[0], pair[1])
			}
		}
	}
}

func told(s shares) string {
	var parts []string
	for _, unit := range s.units() {
		p := s[unit]
		parts = append(parts, fmt.Sprintf("%s %v/%v %d+%d", unit, p.of, p.to, p.rows, p.base))
	}
	return strings.Join(parts, "; ")
}

// TestDataDates: of a unit the dates of what it filed of the sources its rows are from,
// and how it fails the current period of one.
func TestDataDates(t *testing.T) {
	day := func(month, d int) kpi.Date { return kpi.Date{Year: 2026, Month: 1, Day: 1}.AddDays(31*(month-1) + d) }
	missing := kpi.CalendarRow{Source: "x", Unit: "市教育局", Cells: []kpi.CalendarCell{{State: kpi.NotFiled}}}
	s := &kpi.Snapshot{Submissions: []kpi.Submission{{Bureau: "市人社局"}, {Bureau: "市教育局"}}, Calendar: []kpi.CalendarRow{missing}}
	f := filingsOf(digest.Read(s), []kpi.BatchLine{
		{File: "市人社局/a.csv", Source: "x", DataDate: day(6, 3)}, {File: "市人社局/b.csv", Source: "x", DataDate: day(3, 3)},
		{File: "市人社局/c.csv", Source: "y", DataDate: day(9, 3)}, {File: "市教育局/d.csv", Source: "x", DataDate: day(2, 3)},
	}, nil)
	for unit, want := range map[string]string{"市人社局": day(3, 3).String() + " " + day(6, 3).String() + " ",
		"市教育局": day(2, 3).String() + " " + day(2, 3).String() + " 未报"} {
		days, behind := f.dates(unit, &part{sources: map[string]bool{"x": true}})
		if got := days.first.String() + " " + days.last.String() + " " + behind; got != want {
			t.Errorf("%s: %q, want %q", unit, got, want)
		}
	}
}

// bureaus is a city in which what one commitment counts came from two bureaus.
type bureaus struct {
	snapshottest.Behind
	id string
}

func (b bureaus) Facts(ctx context.Context, k kpi.Commitment, region string, each func(kpi.Fact)) error {
	n := 0
	return b.Behind.Facts(ctx, k, region, func(f kpi.Fact) {
		if n++; k.ID == b.id && n%3 == 0 {
			f.File = "市科技局/认定名单_2026Q3.xlsx"
		}
		each(f)
	})
}

func (b bureaus) Detail(ctx context.Context) (*kpi.Detail, error) {
	d, err := b.Behind.Detail(ctx)
	d.Units = map[kpi.Place]string{}
	for i, name := range snapshottest.HostileNames {
		d.Units[kpi.Place{File: "市工信局/认定名单_2026Q3.xlsx", Sheet: "名单", Row: int64(i + 4)}] = name
	}
	return d, err
}

// TestUnitsOnThePage: two units are a table, one is a line, and a list of facts has
// their column only where it tells rows apart.
func TestUnitsOnThePage(t *testing.T) {
	s, dir := snapshottest.Full(), t.TempDir()
	if err := Site(t.Context(), dir, s, bureaus{behind(s), "NJ88-003"}); err != nil {
		t.Fatal(err)
	}
	pages := textsOf(t, dir)
	several, one, none := pages["c-NJ88-003.html"], files(t, written(t, s))["c-NJ88-003.html"], pages["c-NJ88-008.html"]
	for _, want := range []string{`data-unit="市工信局"`, `data-unit="市科技局"`, `<th scope="col" data-kind="t">报送单位</th>`,
		`<th scope="col" data-kind="t">责任单位</th>`, `data-unit="未写明"`, html.EscapeString("=HYPERLINK(")} {
		if !strings.Contains(several, want) {
			t.Errorf("the page of two units has no %s", want)
		}
	}
	if strings.Contains(several, snapshottest.HostileNames[0]) {
		t.Error("the name of a unit stands unescaped")
	}
	if !strings.Contains(one, `data-v="12873">按单位：计入的 12,873 行全部由<a href="`+unitPage("市工信局")+`">市工信局</a>报送`) ||
		strings.Contains(one, `data-unit="`) {
		t.Error("the page of one unit does not say so in a line")
	}
	if strings.Contains(none, `id="units"`) {
		t.Error("a commitment nobody filed for is split by unit")
	}
}

// TestColumnThatTellsNothing goes, or out of sight where files have it already.
func TestColumnThatTellsNothing(t *testing.T) {
	for _, total := range []int{3, rowsShown + 1, 2*rowsChunk + 1} {
		dir := t.TempDir()
		r := (&site{dir: filepath.Dir(dir)}).rows("x", asText.of("名称", filerColumn), asNumber.of("行"))
		r.dir = dir
		for i := range total {
			r.add(fmt.Sprint("甲", i), "市科技局", i)
		}
		r.without(filerColumn)
		if err := r.end(); err != nil {
			t.Fatal(err)
		}
		n := slices.IndexFunc(r.Columns, func(c column) bool { return c.Title == filerColumn })
		switch {
		case total < rowsChunk && (n >= 0 || len(r.Columns) != 2 || len(r.First[0]) != 2):
			t.Errorf("%d rows keep the column: %v, %v", total, r.Columns, r.First[0])
		case total > rowsChunk && (n != 1 || r.Columns[n].Kind != asHidden || len(r.First[0]) != 3):
			t.Errorf("%d rows: the columns are %v", total, r.Columns)
		}
	}
}

// TestTasksByUnit: what lags stands first, and tasks that name nobody are counted too.
func TestTasksByUnit(t *testing.T) {
	w := &site{detail: &kpi.Detail{}, filings: &filings{paged: map[string]bool{"甲局": true}}}
	for _, task := range []string{"甲局 green", "乙局 yellow", " red", "甲局 done", "乙局 green", "丙局 red", "丙局 green"} {
		unit, colour, _ := strings.Cut(task, " ")
		w.detail.Tasks = append(w.detail.Tasks, kpi.ParkTask{Unit: unit, Colour: colour})
	}
	counts := digest.Item{Commitment: kpi.Commitment{Also: []kpi.Measure{{Name: "tasks", Model: "park_task"}}}}
	got := fmt.Sprint(w.taskUnits(counts), taskSum(w.taskUnits(counts)))
	if want := "[{丙局 false 2 1 0 1 0} {— false 1 1 0 0 0} {乙局 false 2 0 1 1 0} {甲局 true 2 0 0 1 1}] { false 7 2 1 3 1}"; got != want {
		t.Errorf("units %s, want %s", got, want)
	}
	if list := w.taskUnits(digest.Item{}); list != nil {
		t.Errorf("a commitment that counts no tasks has units %v", list)
	}
}
