package main

import (
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	countLink = regexp.MustCompile(`<a href="([^"]+)" data-count="([^"]+)"`)
	listHead  = regexp.MustCompile(`data-rows="([^"]+)" data-total="(\d+)" data-chunks="(\d+)"`)
	listTitle = regexp.MustCompile(`<th scope="col" data-kind="(\w)"[^>]*>([^<]*)</th>`)
	listRow   = regexp.MustCompile(`(?s)<tr>(.*?)</tr>`)
	listCell  = regexp.MustCompile(`<td class="\w">([^<]*)</td>`)
	quarterOf = regexp.MustCompile(`^(\d{4})Q([1-4])$`)
)

// longList is a long table of a page with all its rows, as the script reads them.
type longList struct {
	kinds, titles []string
	rows          [][]string
}

// countsOpen: whatever number of a table says that it is a count leads to a list that
// has, with what the address asks for, as many rows.
func countsOpen(t *testing.T, site string) {
	pages, err := filepath.Glob(filepath.Join(site, "*.html"))
	if err != nil {
		t.Fatal(err)
	}
	lists, opened := map[string]longList{}, map[string]int{}
	for _, file := range pages {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range countLink.FindAllSubmatch(text, -1) {
			href := html.UnescapeString(string(m[1]))
			to, err := url.Parse(href)
			if err != nil {
				t.Fatal(err)
			}
			key := to.Path + "#" + to.Fragment
			if _, known := lists[key]; !known {
				lists[key] = readList(t, site, to.Path, to.Fragment)
			}
			opened[filepath.Base(file)+" "+strings.SplitN(to.Path, "-", 2)[0]+"#"+to.Fragment]++
			if got := lists[key].count(t, href, to.Query()); strconv.Itoa(got) != string(m[2]) {
				t.Errorf("%s: %s says %s, the list has %d rows", filepath.Base(file), href, m[2], got)
			}
		}
	}
	for _, kind := range []string{"tiers.html tiers.html#t-moved", "tiers.html tiers.html#t-expiring", "tiers.html c#facts", "contracts.html contracts.html#x-contracts",
		"awards.html awards.html#a-payments", "awards.html awards.html#a-all", "talent.html talent.html#p-platforms", "parks.html parks.html#k-items",
		"parks.html parks.html#k-tasks", "province.html c#facts", "districts.html c#facts"} {
		if opened[kind] == 0 {
			t.Errorf("no number leads from %s", kind)
		}
	}
}

// count is how many rows have the values that an address asks for.
func (l longList) count(t *testing.T, href string, asked url.Values) int {
	t.Helper()
	n := 0
	for _, row := range l.rows {
		all := true
		for title, values := range asked {
			column := -1
			for i := range l.titles {
				if l.titles[i] == title || title == "region" && l.kinds[i] == "r" {
					column = i
				}
			}
			if column < 0 {
				t.Fatalf("%s: there is no column %s in %q", href, title, l.titles)
			}
			all = all && asksFor(row[column], l.kinds[column], values[0])
		}
		if all {
			n++
		}
	}
	return n
}

func asksFor(cell, kind, value string) bool {
	if kind != "d" {
		return cell == value
	}
	if q := quarterOf.FindStringSubmatch(value); q != nil && len(cell) == len("2026-09-30") {
		month, _ := strconv.Atoi(cell[5:7])
		return strings.HasPrefix(cell, q[1]) && strconv.Itoa((month+2)/3) == q[2]
	}
	return strings.HasPrefix(cell, value)
}

func readList(t *testing.T, site, page, id string) longList {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(site, page))
	if err != nil {
		t.Fatal(err)
	}
	_, text, found := strings.Cut(string(raw), `id="`+id+`"`)
	m := listHead.FindStringSubmatch(text)
	if !found || m == nil {
		t.Fatalf("%s has no list %s", page, id)
	}
	var l longList
	head, body, _ := strings.Cut(text[strings.Index(text, "<thead>"):], "</thead>")
	for _, c := range listTitle.FindAllStringSubmatch(head, -1) {
		l.kinds, l.titles = append(l.kinds, c[1]), append(l.titles, html.UnescapeString(c[2]))
	}
	chunks, _ := strconv.Atoi(m[3])
	for n := 1; n <= chunks; n++ {
		l.rows = append(l.rows, readChunk(t, filepath.Join(site, "data", fmt.Sprintf("%s-%d.js", m[1], n)))...)
	}
	body, _, _ = strings.Cut(body, "</tbody>")
	for _, r := range listRow.FindAllStringSubmatch(body, -1) {
		var row []string
		for _, c := range listCell.FindAllStringSubmatch(r[1], -1) {
			row = append(row, html.UnescapeString(c[1]))
		}
		if chunks == 0 && len(row) == len(l.titles) {
			l.rows = append(l.rows, row)
		}
	}
	if fmt.Sprint(len(l.rows)) != m[2] {
		t.Errorf("%s#%s holds %d rows and says %s", page, id, len(l.rows), m[2])
	}
	return l
}

// readChunk reads a file of rows: citykpi.rows("id",1,[words],[rows]), a cell [n] being the n-th word.
func readChunk(t *testing.T, file string) (rows [][]string) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	call := strings.TrimSuffix(strings.TrimPrefix(string(raw), "citykpi.rows("), ")\n")
	var parts []any
	if err := json.Unmarshal([]byte("["+call+"]"), &parts); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	words := parts[2].([]any)
	for _, r := range parts[3].([]any) {
		var row []string
		for _, c := range r.([]any) {
			switch c := c.(type) {
			case nil:
				row = append(row, "—")
			case []any:
				row = append(row, words[int(c[0].(float64))].(string))
			default:
				row = append(row, fmt.Sprint(c))
			}
		}
		rows = append(rows, row)
	}
	return rows
}
