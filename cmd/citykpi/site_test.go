package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"citykpi/pipeline/release"
)

// What the default demo's site may weigh; the city of this test is far smaller.
const (
	siteBytes     = 25 << 20
	overviewBytes = 600 << 10
)

var (
	siteFigure = regexp.MustCompile(`<data value="([^"]*)" data-kpi="([^"/]+)/([^"/]+)/([^"/]+)">`)
	siteRow    = regexp.MustCompile(`(?s)<tr [^>]*data-kpi="([^"/]+)/([^"/]+)">(.*?)</tr>`)
	siteCell   = regexp.MustCompile(`<td class="n"(?: data-v="([^"]*)")?>`)
)

// seconds are commitments whose second figures are compared as well, one kpi show each.
var seconds = map[string]bool{"NJ88-003": true, "NJ88-025": true, "HLJ-003": true, "NT-009": true}

// TestSite holds the pages of a release against what kpi list prints of it.
func TestSite(t *testing.T) {
	t.Parallel()
	dir, now := wholeDemo(t), demoNow
	known, site := listed(t, dir), currentSite(t, dir)
	t.Run("every figure equals kpi list", func(t *testing.T) { figuresEqual(t, known, site) })
	t.Run("facts are as many as the figure says", func(t *testing.T) { factsAddUp(t, known, site) })
	t.Run("counts open to as many rows", func(t *testing.T) { countsOpen(t, site) })
	t.Run("units' parts add up to the figure", func(t *testing.T) { unitsAddUp(t, known, site) })
	t.Run("returned rows are those of rejects", func(t *testing.T) { returnsAreThoseOfRejects(t, dir, site, now) })
	t.Run("the calendar is that of check", func(t *testing.T) { calendarIsThatOfCheck(t, dir, site, now) })
	t.Run("the units are those of kpi units", func(t *testing.T) { unitsAreThoseOfKPI(t, dir, site) })
}

// figuresEqual parses every page.
func figuresEqual(t *testing.T, known map[string]map[string]any, site string) {
	figures, rows, total := 0, 0, int64(0)
	err := filepath.WalkDir(site, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		total += int64(len(raw))
		page, html := e.Name(), string(raw)
		if page == "index.html" && len(raw) > overviewBytes {
			t.Errorf("the overview has %d bytes", len(raw))
		}
		if !strings.HasSuffix(page, ".html") {
			return nil
		}
		hold := func(key, name, text string) {
			figure, ok := known[key]
			if !ok {
				t.Errorf("%s shows %s, which kpi list does not know", page, key)
				return
			}
			got, err := strconv.ParseFloat(text, 64)
			if want, ok := figure[name].(float64); err != nil || !ok || got != want {
				t.Errorf("%s: %s %s is %s, kpi list says %v", page, key, name, text, figure[name])
			}
		}
		for _, m := range siteFigure.FindAllStringSubmatch(html, -1) {
			figures++
			if _, ok := known[m[2]+"/"+m[3]][m[4]]; ok {
				hold(m[2]+"/"+m[3], m[4], m[1])
			} else if seconds[m[2]] {
				hold(m[2]+"/"+m[3]+"/"+m[4], "value", m[1])
			}
		}
		for _, m := range siteRow.FindAllStringSubmatch(html, -1) {
			rows++
			cells := siteCell.FindAllStringSubmatch(m[3], -1)
			for i, name := range []string{"value", "target", "attainment", "time_progress", "pace_gap"} {
				if cells[i][1] != "" {
					hold(m[1]+"/"+m[2], name, cells[i][1])
				} else if i == 0 && known[m[1]+"/"+m[2]]["value"] != nil {
					t.Errorf("%s: %s shows no value, kpi list says %v", page, m[1], known[m[1]+"/"+m[2]]["value"])
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if figures < 3000 || rows < 500 || total > siteBytes {
		t.Errorf("%d figures, %d rows and %d bytes: want at least 3000, at least 500 and at most %d", figures, rows, total, siteBytes)
	}
}

// factsAddUp: what a page lists under a figure that counts things is as many rows
// as the figure says, and the files hold them all.
func factsAddUp(t *testing.T, known map[string]map[string]any, site string) {
	for _, id := range []string{"NJ88-003", "NJ88-004", "NJ88-005", "NJ88-006", "NJ88-023", "NJ88-028", "NJ-TC03"} {
		page, err := os.ReadFile(filepath.Join(site, "c-"+id+".html"))
		if err != nil {
			t.Fatal(err)
		}
		m := regexp.MustCompile(`data-rows="f-` + id + `" data-total="(\d+)" data-chunks="(\d+)"`).FindSubmatch(page)
		if m == nil {
			t.Errorf("the page of %s has no facts", id)
			continue
		}
		total, _ := strconv.ParseFloat(string(m[1]), 64)
		if want := known[id+"/320100"]["value"]; total != want {
			t.Errorf("%s lists %v rows, kpi list says %v", id, total, want)
		}
		rows := 0.0
		chunks, _ := strconv.Atoi(string(m[2]))
		for n := 1; n <= chunks; n++ {
			text, err := os.ReadFile(filepath.Join(site, "data", "f-"+id+"-"+strconv.Itoa(n)+".js"))
			if err != nil {
				t.Fatal(err)
			}
			rows += float64(strings.Count(string(text), "\n["))
		}
		if chunks > 0 && rows != total {
			t.Errorf("the files of %s hold %v rows, want %v", id, rows, total)
		}
	}
}

// listed are the figures of kpi list by commitment and region, the second
// figures of kpi show with the measure added.
func listed(t *testing.T, dir string) map[string]map[string]any {
	t.Helper()
	known := map[string]map[string]any{}
	read := func(args ...string) []map[string]any {
		out, stderr, code := citykpi(t, append([]string{"--project", dir, "--format", "json", "kpi"}, args...)...)
		var list []map[string]any
		if err := json.Unmarshal([]byte(out), &list); code != 0 || err != nil {
			t.Fatalf("kpi %v: exit %d, %v\n%s", args, code, err, stderr)
		}
		return list
	}
	for _, f := range read("list", "--by", "region", "--indicators") {
		known[f["id"].(string)+"/"+f["region_code"].(string)] = f
	}
	for id := range seconds {
		for _, f := range read("show", id) {
			if m, ok := f["measure"].(string); ok {
				known[id+"/"+f["region_code"].(string)+"/"+m] = f
			}
		}
	}
	return known
}

// currentSite is the folder of the release that serves.
func currentSite(t *testing.T, dir string) string {
	t.Helper()
	id, err := os.ReadFile(filepath.Join(dir, "var", "CURRENT"))
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "var", "releases", strings.TrimSpace(string(id)), release.SiteDir)
}
