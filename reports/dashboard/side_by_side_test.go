package dashboard

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/browsertest"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
	"citykpi/reports/snapshottest"
)

var (
	acrossLine = regexp.MustCompile(`(?s)<tr><th scope="row"><a href="c-([^"]+)\.html">.*?<small> ([^<]*)</small></th>(.*?)</tr>`)
	acrossOne  = regexp.MustCompile(`<td class="n"(?: data-v="([^"]*)")?>(.*?)</td>`)
	acrossRank = regexp.MustCompile(`<small>(\d+)[^<]*</small>`)
)

// TestDistrictsStandSideBySide holds every value and place of the one table that
// compares all districts against the snapshot.
func TestDistrictsStandSideBySide(t *testing.T) {
	s := snapshottest.Full()
	some := digest.Read(s).Ranked()
	some = slices.DeleteFunc(some, func(it digest.Item) bool { return !it.Kind.Adds() })
	for i := range s.Attainments { // five of the first belong to no district
		if a := &s.Attainments[i]; a.ID == some[0].ID && a.Region == s.Region.Code {
			more := *a.Value + 5
			a.Value = &more
		}
	}
	at := map[string]kpi.Attainment{}
	for _, a := range s.Attainments {
		at[a.ID+"/"+a.Region] = a
	}
	units := map[string]string{}
	for _, d := range s.Documents {
		for _, c := range append(d.Commitments, d.Indicators...) {
			units[c.ID] = c.ValueUnit()
		}
	}
	_, table, _ := strings.Cut(textsOf(t, written(t, s))["districts.html"], `<section id="across">`)
	table, _, _ = strings.Cut(table, "</section>")
	lines, ranked, rests := acrossLine.FindAllStringSubmatch(table, -1), 0, 0
	for _, line := range lines {
		id, cells := line[1], acrossOne.FindAllStringSubmatch(line[3], -1)
		divisor := 1.0
		if units[id] == figure.Yuan {
			divisor = map[string]float64{"元": 1, "万元": 1e4, "亿元": 1e8}[line[2]]
		} else if line[2] != units[id] {
			t.Errorf("%s is in %s, want %s", id, line[2], units[id])
		}
		regions := append(slices.Clone(digest.Read(s).Districts()), s.Region)
		if strings.Contains(table, "不分区</th>") { // before the whole: districts and it add up to that
			at, sum := len(cells)-2, 0.0
			for _, c := range cells[:at+1] {
				v, _ := strconv.ParseFloat(c[1], 64)
				sum += v
			}
			if whole, _ := strconv.ParseFloat(cells[at+1][1], 64); cells[at][1] != "" && !kpi.Equal(sum, whole) {
				t.Errorf("%s: districts and 不分区 are %v of %v", id, sum, whole)
			} else if cells[at][1] != "" && cells[at][1] != "0" {
				rests++
			}
			cells = slices.Delete(cells, at, at+1)
		}
		if len(cells) != len(regions) {
			t.Fatalf("%s has %d cells, want one for each of %d regions", id, len(cells), len(regions))
		}
		for i, r := range regions {
			a := at[id+"/"+r.Code]
			if a.Value == nil {
				if cells[i][1] != "" {
					t.Errorf("%s in %s is %s, want none", id, r.Name, cells[i][1])
				}
			} else if got, err := strconv.ParseFloat(cells[i][1], 64); err != nil || got != *a.Value/divisor {
				t.Errorf("%s in %s is %q %s, want %v", id, r.Name, cells[i][1], line[2], *a.Value)
			}
			if m := acrossRank.FindStringSubmatch(cells[i][2]); m != nil {
				ranked++
				if m[1] != strconv.Itoa(a.Rank) {
					t.Errorf("%s in %s has place %s, want %d", id, r.Name, m[1], a.Rank)
				}
			}
		}
	}
	if len(lines) < 3 || ranked < 20 || rests == 0 {
		t.Errorf("%d items, %d places and %d with a part of no district, want a table", len(lines), ranked, rests)
	}
}

// districtsInSight: on a desk all districts of the table are seen at once, heading and
// names stay where they are, and the table stands on paper.
func districtsInSight(t *testing.T, browser *browsertest.Browser) {
	dir := written(t, manifold(snapshottest.Full()))
	p := browser.OpenFile(t, dir, "districts.html", "", 1440, 900)
	defer p.Close()
	var at struct {
		Wide, Room, Head, Name float64
	}
	p.Eval(t, `(() => {
		const box = document.querySelector('#across .scroll')
		box.scrollTop = 400
		const top = (e) => e.getBoundingClientRect().top - box.getBoundingClientRect().top
		box.scrollLeft = 0
		return { Wide: box.scrollWidth, Room: box.clientWidth, Head: top(box.querySelector('thead th')),
			Name: box.querySelector('tbody th').getBoundingClientRect().left - box.getBoundingClientRect().left }
	})()`, &at)
	if at.Wide > at.Room || at.Head > 2 || at.Head < 0 || at.Name > 2 {
		t.Errorf("the table is %+v, want it no wider than its room, its heading at the top", at)
	}
	if text := strings.Join(onPaper(t, p, "districts").sheets, "\n"); !strings.Contains(text, "各区完成值与位次") ||
		!strings.Contains(text, "高淳区") {
		t.Error("the table that compares the districts is not on paper")
	}
}

// Where districts do not add up to the city, what belongs to none of them stands beside them, on the page
// and in the workbook.
func TestWhatBelongsToNoDistrictStandsBesideThem(t *testing.T) {
	const id = "NJ88-003"
	s := snapshottest.Full()
	for i := range s.Attainments {
		if a := &s.Attainments[i]; a.ID == id && a.Region == s.Region.Code {
			more := *a.Value + 7
			a.Value = &more
		}
	}
	_, table, _ := strings.Cut(textsOf(t, written(t, s))["districts.html"], `<section id="across">`)
	table, _, _ = strings.Cut(table, "</section>")
	if !strings.Contains(table, `<th scope="col" class="n">不分区</th><th scope="col" class="n">南京市</th>`) {
		t.Error("the table has no column for what belongs to no district")
	}
	for _, line := range acrossLine.FindAllStringSubmatch(table, -1) {
		cells := acrossOne.FindAllStringSubmatch(line[3], -1)
		if rest := cells[len(cells)-2][1]; (line[1] == id) != (rest == "7") || line[1] != id && rest != "" {
			t.Errorf("%s: %q belongs to no district", line[1], rest)
		}
	}
	workbook, found := digest.Read(s).DistrictTable(), false
	for at, col := range workbook.Columns {
		for _, row := range workbook.Rows {
			if row.Cells[0] == "不分区" && fmt.Sprint(row.Cells[at]) == "7" {
				found = strings.HasPrefix(col.Title, name(s, id))
			}
		}
	}
	if !found {
		t.Error("the workbook does not say what belongs to no district")
	}
}

func name(s *kpi.Snapshot, id string) string {
	for _, d := range s.Documents {
		for _, c := range d.Commitments {
			if c.ID == id {
				return c.Name
			}
		}
	}
	return "?"
}
