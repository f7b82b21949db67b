package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
)

var recordRow = regexp.MustCompile(`(?s)<tr><th scope="row">(?:<a href="([^"]+)">)?([^<]+)(?:</a>)?</th>(.*?)</tr>`)
var recordCell = regexp.MustCompile(`<td class="n[^"]*"(?: data-v="([^"]*)")?>`)

// returnsAreThoseOfRejects holds what the site says of each bureau's returned rows
// against rejects --by bureau on the day of the release: the page of all bureaus, the
// page of each, and the files with open rows.
func returnsAreThoseOfRejects(t *testing.T, dir, site, now string) {
	out, stderr, code := citykpi(t, "--project", dir, "--format", "json", "--now", now, "rejects", "--by", "bureau")
	var all []kpi.Returns
	if err := json.Unmarshal([]byte(out), &all); code != 0 || err != nil || len(all) < 5 {
		t.Fatalf("rejects --by bureau: exit %d, %v, %d bureaus\n%s", code, err, len(all), stderr)
	}
	quality := readPage(t, site, "quality.html")
	pages := records(t, quality)
	for _, r := range all {
		want := fmt.Sprint(float64(r.Returned), float64(r.Corrected), r.Rate(), float64(r.Open), float64(r.Days))
		called := onPages(r.Bureau)
		on, ok := pages[called]
		if !ok || on.figures != want {
			t.Errorf("the page says %q of %s, rejects say %s", on.figures, r.Bureau, want)
		}
		if own := records(t, readPage(t, site, on.page)); own[called].figures != want {
			t.Errorf("its own page says %q of %s, rejects say %s", own[called].figures, r.Bureau, want)
		}
		var open, byReason int64
		for _, f := range r.Files {
			open += f.Open
		}
		for _, reason := range r.Reasons {
			byReason += int64(reason.Rows)
		}
		if open != r.Open || byReason != r.Open {
			t.Errorf("%s: %d rows open, %d by file, %d by reason", r.Bureau, r.Open, open, byReason)
		}
	}
}

// onPages is a bureau as the pages call it: with its place where that is not the city.
func onPages(bureau string) string {
	if strings.HasPrefix(bureau, "省") {
		return "黑龙江" + bureau
	}
	return bureau
}

type recordOnPage struct{ page, figures string }

// records are the lines of the bureaus' record on a page: what was returned, corrected,
// at which rate, what is open and for how long.
func records(t *testing.T, html string) map[string]recordOnPage {
	t.Helper()
	_, table, ok := strings.Cut(html, `<table class="data sortable records">`)
	if !ok {
		t.Fatal("a page has no record of returns")
	}
	table, _, _ = strings.Cut(table, "</table>")
	found := map[string]recordOnPage{}
	for _, row := range recordRow.FindAllStringSubmatch(table, -1) {
		cells := recordCell.FindAllStringSubmatch(row[3], -1)
		var figures []any
		for _, c := range cells[5:] {
			var v float64
			fmt.Sscan(c[1], &v)
			figures = append(figures, v)
		}
		found[row[2]] = recordOnPage{row[1], fmt.Sprint(figures...)}
	}
	return found
}

func readPage(t *testing.T, site, page string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(site, page))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// calendarIsThatOfCheck holds every cell of the page's calendar against check.
func calendarIsThatOfCheck(t *testing.T, dir, site, now string) {
	out, stderr, _ := citykpi(t, "--project", dir, "--format", "json", "--now", now, "check")
	var check struct {
		Calendar []kpi.CalendarRow `json:"calendar"`
	}
	if err := json.Unmarshal([]byte(out), &check); err != nil || len(check.Calendar) < 60 {
		t.Fatalf("check: %v, %d rows\n%s", err, len(check.Calendar), stderr)
	}
	html, cells := readPage(t, site, "quality.html"), 0
	for _, r := range check.Calendar {
		_, row, ok := strings.Cut(html, `<tr><th scope="row">`+r.Name+`</th><td class="unit`)
		for ok && !strings.Contains(row[:strings.Index(row, "</td>")], ">"+onPages(r.Unit)) { // the same source of another unit
			_, row, ok = strings.Cut(row, `<tr><th scope="row">`+r.Name+`</th><td class="unit`)
		}
		if !ok {
			t.Errorf("%s of %s is not on the page", r.Name, r.Unit)
			continue
		}
		row, _, _ = strings.Cut(row, "</tr>")
		on := strings.Split(row, "<td ")[1:]
		for i, c := range r.Cells {
			cells++
			want := []string{c.Symbol() + "</i> " + c.Word(), `data-l="` + kpi.PeriodLabel(r.Every, c.End) + `"`, c.Length(), c.Batch}
			if !c.On.IsZero() {
				want = append(want, "<small>"+c.On.String())
			}
			for _, text := range want {
				if !strings.Contains(on[i], text) {
					t.Errorf("%s %s: the page says %s, check %s", r.Name, c.End, on[i], text)
				}
			}
		}
	}
	if cells != len(check.Calendar)*kpi.CalendarPeriods {
		t.Errorf("%d cells compared", cells)
	}
}
