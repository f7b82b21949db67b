package main

import (
	"encoding/json"
	"fmt"
	"html"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var (
	countLink = regexp.MustCompile(`<a href="([^"]+)" data-(count|sum)="([^"]+)"(?: data-of="([^"]*)")?`)
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
	exact         bool // as the files have them, not as the page prints them
}

// countsOpen: whatever number of a table says that it is a count, or what a column adds up
// to, leads to a list that has, with what the address asks for, as many rows, or that sum.
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
			href, said, of := html.UnescapeString(string(m[1])), string(m[3]), html.UnescapeString(string(m[4]))
			to, err := url.Parse(href)
			if err != nil {
				t.Fatal(err)
			}
			from := strings.SplitN(filepath.Base(file), "-", 2)[0] + " " // r-320115.html is one of r
			if light := to.Query().Get("light"); light != "" {
				opened[from+"light"]++
				if got := litLines(t, site, to.Path, to.Fragment, light); strconv.Itoa(got) != said {
					t.Errorf("%s: %s says %s, the section has %d commitments", filepath.Base(file), href, said, got)
				}
				continue
			}
			key := to.Path + "#" + to.Fragment
			if _, known := lists[key]; !known {
				lists[key] = readList(t, site, to.Path, to.Fragment)
			}
			how := string(m[2])
			if how == "count" && of != "" {
				how = "different"
			}
			opened[from+strings.SplitN(to.Path, "-", 2)[0]+"#"+strings.TrimRight(to.Fragment, "-0123456789")+" "+how]++
			rows := lists[key].asked(t, href, to.Query())
			if problem := lists[key].says(rows, how, of, said); problem != "" {
				t.Errorf("%s: %s: %s", filepath.Base(file), href, problem)
			}
		}
	}
	for _, kind := range []string{"tiers.html tiers.html#t-moved count", "tiers.html tiers.html#t-expiring count",
		"tiers.html c#facts count",
		"contracts.html contracts.html#x-contracts count", "contracts.html contracts.html#x-contracts sum",
		"contracts.html contracts.html#x-firms count",
		"contracts.html contracts#x-contracts count", "contracts.html contracts#x-contracts sum", "contracts contracts#x-contracts sum",
		"awards.html awards.html#a-payments count", "awards.html awards.html#a-payments sum", "awards.html awards.html#a-all count",
		"talent.html talent.html#p-platforms count", "talent.html talent.html#p-platforms different",
		"parks.html parks.html#k-items count", "parks.html parks.html#k-items different",
		"parks.html parks.html#k-tasks count", "province.html c#facts count", "districts.html c#facts count", "d light",
		"u light", "documents.html light", "province.html light", "r contracts.html#x-contracts count", "r contracts#x-contracts sum",
		"quality.html quality.html#q-matched count", "quality.html quality.html#q-rejects sum",
		"awards.html awards.html#a-budgets sum", "quality.html runs.html#q-batches count", "quality.html runs.html#q-batches sum",
		"runs.html runs.html#q-batches count", "runs.html runs.html#q-batches sum", "consortia.html consortia.html#n-points sum"} {
		if opened[kind] == 0 {
			t.Errorf("no number leads from %s", kind)
		}
	}
	matrixAgrees(t, site, lists["parks.html#k-items"])
}

// says is what is wrong with a number that says it is the count of the rows, of the
// different values in a column of theirs, or the sum of that column; "" if it is.
func (l longList) says(rows [][]string, how, of, said string) string {
	column := slices.Index(l.titles, of)
	if of != "" && column < 0 {
		return fmt.Sprintf("there is no column %s in %q", of, l.titles)
	}
	want, err := strconv.ParseFloat(said, 64)
	if err != nil {
		return err.Error()
	}
	got, near := float64(len(rows)), 0.0
	if how == "different" {
		values := map[string]bool{}
		for _, r := range rows {
			values[r[column]] = true
		}
		got = float64(len(values))
	}
	if how == "sum" {
		got, near = 0, 1e-6+1e-12*math.Abs(want)
		for _, r := range rows {
			v, err := strconv.ParseFloat(strings.ReplaceAll(strings.Replace(r[column], "—", "0", 1), ",", ""), 64)
			if err != nil {
				return err.Error()
			}
			got += v
		}
		if !l.exact {
			near += 0.005 * float64(len(rows))
		}
	}
	if math.Abs(got-want) > near {
		return fmt.Sprintf("the page says %s, by %s of %d rows it is %v", said, how, len(rows), got)
	}
	return ""
}

// litLines is how many commitments of a section of a page show a light.
func litLines(t *testing.T, site, page, section, light string) int {
	t.Helper()
	_, text, found := strings.Cut(readPage(t, site, page), `<section id="`+section+`">`)
	if !found {
		t.Fatalf("%s has no section %s", page, section)
	}
	text, _, _ = strings.Cut(text, "</section>")
	return strings.Count(text, ` data-light="`+light+`"`)
}

var (
	parkRow  = regexp.MustCompile(`<tr><th scope="row">([^<]+)</th><td class="t">[^<]*</td>(.*?)</tr>`)
	parkDots = regexp.MustCompile(`<td class="c (yes|lacks)" data-v="([01])">`)
)

// matrixAgrees: a park whose dot says that it lacks something has no row of it; that a dot
// says it has something leads to a row is held by countsOpen.
func matrixAgrees(t *testing.T, site string, items longList) {
	topics := []string{"产业方向", "科创平台", "领军人才（五个一）", "转化基金", "标杆项目", "协同方案"}
	parks, lacks := 0, 0
	for _, row := range parkRow.FindAllStringSubmatch(readPage(t, site, "parks.html"), -1) {
		dots := parkDots.FindAllStringSubmatch(row[2], -1)
		if len(dots) != len(topics) {
			t.Fatalf("%s has %d dots", row[1], len(dots))
		}
		parks++
		for i, dot := range dots {
			if dot[1] == "yes" {
				continue
			}
			lacks++
			if n := len(items.asked(t, row[1], url.Values{"园区": {html.UnescapeString(row[1])}, "内容": {topics[i]}})); n > 0 {
				t.Errorf("%s lacks %s, the list has %d", row[1], topics[i], n)
			}
		}
	}
	if parks < 20 || lacks == 0 {
		t.Errorf("%d parks with %d gaps compared", parks, lacks)
	}
}

// asked are the rows that have the values an address asks for.
func (l longList) asked(t *testing.T, href string, asked url.Values) (rows [][]string) {
	t.Helper()
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
			rows = append(rows, row)
		}
	}
	return rows
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
	l.exact = chunks > 0
	for n := 1; n <= chunks; n++ {
		l.rows = append(l.rows, readChunk(t, filepath.Join(site, "data", fmt.Sprintf("%s-%d.js", m[1], n)), l.kinds)...)
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

// readChunk reads a file of rows: citykpi.rows("id",1,[words],[rows]), where in a column of
// words a number is the place of a word, from one, and 0 is none.
func readChunk(t *testing.T, file string, kinds []string) (rows [][]string) {
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
	words := append([]any{"—"}, parts[2].([]any)...)
	for _, r := range parts[3].([]any) {
		var row []string
		for i, c := range r.([]any) {
			switch c := c.(type) {
			case nil:
				row = append(row, "—")
			case float64:
				if kinds[i] == "n" || kinds[i] == "m" {
					row = append(row, strconv.FormatFloat(c, 'f', -1, 64))
				} else {
					row = append(row, words[int(c)].(string))
				}
			default:
				row = append(row, fmt.Sprint(c))
			}
		}
		rows = append(rows, row)
	}
	return rows
}
