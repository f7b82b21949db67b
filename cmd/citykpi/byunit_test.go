package main

import (
	"html"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var (
	unitTable = regexp.MustCompile(`(?s)<h3 class="sub">按(..)单位.*?data-units="([^"/]+)/([^"/]+)">(.*?)</table>`)
	unitRow   = regexp.MustCompile(`(?s)<tr data-unit="([^"]+)">(.*?)</tr>`)
	unitCount = regexp.MustCompile(`data-count="(\d+)"`)
	soleUnit  = regexp.MustCompile(`id="units" data-units="([^"/]+)/([^"/]+)"(?: data-v="([^"]+)")?>`)
	taskTotal = regexp.MustCompile(`id="tasks-total"><td>合计</td>` + strings.Repeat(`<td class="n">(\d+)</td>`, 5))
	factTotal = regexp.MustCompile(`data-rows="f-[^"]*" data-total="(\d+)"`)
)

// tasksAddUp: the units' tasks are as many as the commitment's own figures say.
func tasksAddUp(t *testing.T, site string) {
	raw, err := os.ReadFile(filepath.Join(site, "c-NJSG-035.html"))
	if err != nil {
		t.Fatal(err)
	}
	total := taskTotal.FindSubmatch(raw)
	if total == nil {
		t.Fatal("the page of the parks' tasks does not split them by unit")
	}
	for i, measure := range []string{"tasks", "red", "yellow", "green", "done"} {
		said := regexp.MustCompile(`<data value="(\d+)" data-kpi="NJSG-035/320100/` + measure + `">`).FindSubmatch(raw)
		if said == nil || string(said[1]) != string(total[i+1]) {
			t.Errorf("%s: the units have %s, the commitment says %q", measure, total[i+1], said)
		}
	}
}

// unitsAddUp: what units have of a figure adds up to it, and their rows to its rows.
func unitsAddUp(t *testing.T, known map[string]map[string]any, site string) {
	pages, err := filepath.Glob(filepath.Join(site, "c-*.html"))
	if err != nil {
		t.Fatal(err)
	}
	near := func(page, key string, got float64) {
		want, ok := known[key]["count"].(float64) // of what each must do the value is a share
		if !ok {
			want, ok = known[key]["value"].(float64)
		}
		within := 1e-9 * max(1, math.Abs(want)) // floats added in another order
		if known[key]["kind"] == "ratio" {
			within = 0.0050001 // kept to two decimals
		}
		if !ok || math.Abs(got-want) > within {
			t.Errorf("%s: the units' parts of %s make %v, kpi list says %v", page, key, got, known[key]["value"])
		}
	}
	number := func(text string) float64 {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil && text != "" {
			t.Errorf("%q is no number", text)
		}
		return v
	}
	units := map[string][]string{}
	added, alone := 0, 0
	for _, file := range pages {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text, page := string(raw), filepath.Base(file)
		for _, m := range unitTable.FindAllStringSubmatch(text, -1) {
			var first, second, rows float64
			for _, r := range unitRow.FindAllStringSubmatch(m[4], -1) {
				cells := siteCell.FindAllStringSubmatch(r[2], -1)
				if len(cells) > 2 { // a milestone's have no parts
					first, second = first+number(cells[0][1]), second+number(cells[1][1])
				}
				rows += number(unitCount.FindStringSubmatch(r[2])[1])
				units[m[2]+" "+m[1]] = append(units[m[2]+" "+m[1]], html.UnescapeString(r[1]))
			}
			switch known[m[2]+"/"+m[3]]["kind"] {
			case "milestone":
			case "ratio":
				near(page, m[2]+"/"+m[3], first/second*100)
			default:
				added++
				near(page, m[2]+"/"+m[3], first)
			}
			if total := factTotal.FindStringSubmatch(text); total == nil || number(total[1]) != rows {
				t.Errorf("%s: the units have %v rows, the list %v", page, rows, total)
			}
		}
		if m := soleUnit.FindStringSubmatch(text); m != nil && m[3] != "" {
			alone++
			near(page, m[1]+"/"+m[2], number(m[3]))
		}
	}
	if added < 5 || alone < 100 {
		t.Errorf("%d figures of several units and %d of one: want at least 5 and 100", added, alone)
	}
	tasksAddUp(t, site)
	for key, want := range map[string][]string{"NJ88-028 报送": {"市人社局", "市教育局"}, "NJ88-038 责任": {"市科技局", "市工信局"},
		"NJGT-023 报送": {"市科技局", "市统计局"}} {
		slices.Sort(units[key])
		slices.Sort(want)
		if !slices.Equal(units[key], want) {
			t.Errorf("%s单位 are %q, want %q", key, units[key], want)
		}
	}
}
