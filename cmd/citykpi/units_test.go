package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
)

var leagueRow = regexp.MustCompile(`(?s)<tr><td class="n">([^<]*)</td><th scope="row"><a href="[^"]+">([^<]+)</a></th>` +
	`<td class="n" data-v="(\d+)">.*?</td><td class="n" data-v="(\d+)">`)

// unitsAreThoseOfKPI holds the page of units, one ranking per jurisdiction, against
// kpi units.
func unitsAreThoseOfKPI(t *testing.T, dir, site string) {
	out, stderr, code := citykpi(t, "--project", dir, "--format", "json", "kpi", "units")
	var league []kpi.UnitStanding
	if err := json.Unmarshal([]byte(out), &league); code != 0 || err != nil {
		t.Fatalf("kpi units: exit %d, %v\n%s", code, err, stderr)
	}
	places := map[string]string{"南京市": "320100", "南通市": "320600", "黑龙江省": "230000"}
	on := map[string]string{}
	for _, section := range strings.Split(readPage(t, site, "units.html"), "<section><h2>")[1:] {
		place, table, _ := strings.Cut(section, "</h2>")
		for _, m := range leagueRow.FindAllStringSubmatch(table, -1) {
			on[places[place]+" "+m[2]] = fmt.Sprintf("%s %s %s", m[1], m[3], m[4])
		}
	}
	ranked := map[string]int{}
	for _, s := range league {
		rank := "—"
		if s.Rank > 0 {
			rank = fmt.Sprint(s.Rank)
			ranked[s.Region]++
		}
		want := fmt.Sprintf("%s %d %d", rank, s.Leads, s.Joins)
		found := false
		for key, figures := range on {
			region, name, _ := strings.Cut(key, " ")
			found = found || region == s.Region && strings.HasSuffix(name, s.Unit) && figures == want
		}
		if !found {
			t.Errorf("%s %s is not on the page with %s", s.Region, s.Unit, want)
		}
	}
	if len(ranked) < 2 || ranked["320100"] < 2 {
		t.Errorf("ranked by jurisdiction: %v", ranked)
	}
}
