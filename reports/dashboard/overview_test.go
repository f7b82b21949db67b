package dashboard

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/browsertest"
	"citykpi/reports/digest"
	"citykpi/reports/snapshottest"
)

// mixed is a city with a draft, another city's document and sources, a commitment
// that names no unit, and a restated figure.
func mixed() *kpi.Snapshot {
	s := snapshottest.Full()
	doc := &s.Documents[0]
	copied := func(id, region, status string) kpi.Document {
		d := *doc
		d.ID, d.Title, d.Region, d.Status, d.Commitments, d.Indicators = id, id+"办法", region, status, nil, nil
		for _, c := range doc.Commitments[:6] {
			for _, a := range s.Attainments {
				if a.ID == c.ID && a.Region == doc.Region {
					c.ID, a.ID, a.Region = id+c.ID, id+c.ID, region
					d.Commitments, s.Attainments = append(d.Commitments, c), append(s.Attainments, a)
					break
				}
			}
		}
		return d
	}
	s.Documents = append(s.Documents, copied("G", doc.Region, "draft"), copied("N", "320600", "in_force"))
	doc = &s.Documents[0]
	s.Regions = append(s.Regions, kpi.Region{Code: "320600", Name: "南通市", Short: "南通", Kind: "city"})
	for i := range s.Documents[2].Commitments {
		s.Documents[2].Commitments[i].Units = []string{"市文旅局"}
	}
	sub, row := s.Submissions[6], s.Calendar[5]
	sub.Source, sub.Bureau, sub.Region = "away", "市文旅局", "320600"
	row.Source, row.Unit = "away", "市文旅局"
	s.Submissions, s.Calendar = append(s.Submissions, sub), append(s.Calendar, row)
	s.Answers = map[string][]string{"skilled_worker_placement": {"skilled_worker_placement"}}
	for i := range doc.Commitments {
		if c := &doc.Commitments[i]; c.ID == "NJ88-028" {
			c.Units = nil
		}
	}
	old, now := 12800.0, 12873.0
	s.Restated = []kpi.Restatement{{Quarter: snapshottest.Quarter, ID: "NJ88-003", Region: doc.Region, Old: &old, New: &now,
		Cause: kpi.LateData},
		{Quarter: snapshottest.Quarter, ID: "NJ88-004", Region: "320115", Old: &old, New: &now, Cause: kpi.LateData}}
	return s
}

func section(t *testing.T, html, id string) string {
	t.Helper()
	_, text, found := strings.Cut(html, `<section id="`+id+`"`)
	if !found {
		t.Fatalf("there is no section %s", id)
	}
	text, _, _ = strings.Cut(text, "</section>")
	return text
}

var tile = regexp.MustCompile(`data-light-filter="([^"]+)"[^>]*><b>(\d+)</b>`)

// TestTheTableListsWhatTheTilesCount: choosing a light below the tiles gives as many
// rows as the tile says.
func TestTheTableListsWhatTheTilesCount(t *testing.T) {
	html := body(t, mixed())
	table, tiles := section(t, html, "commitments"), tile.FindAllStringSubmatch(html, -1)
	total := 0
	for _, m := range tiles {
		if n := strings.Count(table, ` data-light="`+m[1]+`"`); fmt.Sprint(n) != m[2] {
			t.Errorf("%s: the tile says %s, the table has %d", m[1], m[2], n)
		} else {
			total += n
		}
	}
	if len(tiles) != 10 || total != 22 {
		t.Errorf("%d tiles, %d rows", len(tiles), total)
	}
	for _, want := range []string{`<a href="d-G.html">征求意见稿 6 项</a>`, `<a href="d-N.html">南通市《N》 6 项</a>`,
		`<a href="d-NJ88.html">NJ88监测指标 2 项</a>`} {
		if !strings.Contains(table, want) {
			t.Errorf("the table does not lead to %s", want)
		}
	}
}

func TestTheOverviewSpeaksOfItsOwn(t *testing.T) {
	html := body(t, mixed())
	for _, want := range []string{
		`另有<a href="d-G.html" title="G办法">征求意见稿 6 项</a>只报告不考核。`,
		`已关账季度重述 2 个数字，见<a href="quality.html#restated">数据质量</a>`,
		`<b>本期报送</b><span>应报 7 项，`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the overview does not say %s", want)
		}
	}
	for _, other := range []string{"市文旅局", "c-GNJ88", "c-NNJ88"} {
		if attention := section(t, html, "attention"); strings.Contains(attention, other) {
			t.Errorf("%s stands on the first screen", other)
		}
	}
	cards := section(t, html, "cards")
	if n := strings.Count(cards, ">已重述</abbr>"); n != 1 || !strings.Contains(cards, `title="2026年第三季度公布 12,800 家，现为 12,873 家（迟报数据）"`) {
		t.Errorf("%d cards are marked as restated", n)
	}
	attention := section(t, html, "attention")
	if !strings.Contains(attention, `title="文中未列责任单位，由市人社局报送">市人社局（报送）</td>`) {
		t.Error("who files the worst item is not named beside it")
	}
	for _, text := range []string{"数据止于", "未报送", "沿用旧数"} {
		if strings.Contains(attention, text) {
			t.Errorf("the first screen says %s, which is no word of the calendar", text)
		}
	}
}

// TestUnitPagesAddUp: what the overview counts as behind is somebody's, each once.
func TestUnitPagesAddUp(t *testing.T) {
	s := mixed()
	d := digest.Read(s)
	units := unitsOf(d, nil)
	for _, l := range kpi.Behind {
		want, got := 0, 0
		for _, it := range d.Commitments {
			if it.Light() == l {
				want++
			}
		}
		for _, u := range units {
			for _, it := range append(u.Leads[:len(u.Leads):len(u.Leads)], u.Files...) {
				if it.Light() == l && u.Region.Code == s.Region.Code {
					got++
				}
			}
		}
		if want == 0 || got != want {
			t.Errorf("%s: the units have %d, the overview %d", l, got, want)
		}
	}
	at := slices.IndexFunc(units, func(u unit) bool { return u.Name == "南通市文旅局" })
	if at < 0 || len(units[at].Leads) != 6 || len(units[at].Sources) != 1 ||
		slices.ContainsFunc(units, func(u unit) bool { return u.Name == "市文旅局" }) {
		t.Error("another city's bureau is not one unit named by its place")
	}
	site := files(t, written(t, s))
	page := site[unitPage("市人社局")]
	if !strings.Contains(page, "报送事项（文中未列责任单位）") || !strings.Contains(section(t, page, "reported"), `id="NJ88-028"`) {
		t.Error("the page of who files an item without a unit does not list it")
	}
	if strings.Contains(section(t, page, "reported"), "责任单位</th>") {
		t.Error("the table of a unit's items has a column for the unit")
	}
	list := site["units.html"]
	if one, other := strings.Index(list, "<h2>南京市</h2>"), strings.Index(list, "<h2>南通市</h2>"); one < 0 || other < one {
		t.Error("the jurisdictions do not stand apart, the own one first")
	}
}

// TestAUnitsItemsAreWorstFirst: the lights in their order, within a light the widest gap.
func TestAUnitsItemsAreWorstFirst(t *testing.T) {
	for _, u := range unitsOf(digest.Read(mixed()), nil) {
		for i := 1; i < len(u.Leads); i++ {
			a, b := u.Leads[i-1], u.Leads[i]
			if x, y := newBadge(a.Light()).Order, newBadge(b.Light()).Order; x > y || x == y && a.At.Gap != nil &&
				b.At.Gap != nil && *a.At.Gap > *b.At.Gap {
				t.Errorf("%s: %s stands before %s", u.Name, a.ID, b.ID)
			}
		}
	}
}

func TestATargetWithoutALightSaysWhy(t *testing.T) {
	n := 30.0
	watched := digest.Item{Commitment: kpi.Commitment{Target: &kpi.Target{AtLeast: &n}}}
	if b := badgeOf(watched); b.Word != "监测·文中无期限" || b.Key != "none" {
		t.Errorf("%+v", b)
	}
	if b := badgeOf(digest.Item{}); b.Word != "监测" {
		t.Errorf("%+v", b)
	}
}

// TestAsksOnItsOwnPage: what is behind says on its page what to ask and whom; what is
// not, or only reported, asks nothing.
func TestAsksOnItsOwnPage(t *testing.T) {
	s := mixed()
	site := files(t, written(t, s))
	page := site["c-NJ88-028.html"]
	d := digest.Read(s)
	it, _ := d.Find("NJ88-028")
	want := question(d, it)
	if !strings.Contains(page, "<span>要问</span>"+want+"</p>") ||
		!strings.Contains(page, `文中未列，由<a href="`+unitPage("市人社局")+`">市人社局</a>报送`) {
		t.Errorf("the page does not ask %s of who files the item", want)
	}
	for _, id := range []string{"NJ88-004", "GNJ88-001"} { // met; behind, under a draft
		if strings.Contains(site["c-"+id+".html"], "<span>要问</span>") {
			t.Errorf("the page of %s asks a question", id)
		}
	}
}

// cardsOnTheFirstScreen: a leader sees what is behind and the first row of cards
// without scrolling.
func cardsOnTheFirstScreen(t *testing.T, browser *browsertest.Browser) {
	p := browser.OpenFile(t, written(t, mixed()), "index.html", "", 1440, 900)
	var bottom float64
	if p.Eval(t, "document.querySelector('.card').getBoundingClientRect().bottom", &bottom); bottom > 905 || bottom < 400 {
		t.Errorf("the first card ends at %v of 900", bottom)
	}
	var heading string
	if p.Eval(t, "document.querySelector('#attention h2').innerText", &heading); strings.Contains(heading, "列前 5") {
		t.Errorf("the heading speaks of the wall's rows: %s", heading)
	}
}

// What is still to be filed is said as the report says it: nothing is filed in full before it is due.
func TestNothingOwedIsNotAllFiled(t *testing.T) {
	s := snapshottest.Full()
	s.Submissions = slices.DeleteFunc(slices.Clone(s.Submissions), func(s kpi.Submission) bool { return s.Rejected > 0 })
	word := func(state kpi.FilingState) string {
		cells := []kpi.CalendarCell{{State: state}}
		s.Calendar = []kpi.CalendarRow{{Source: s.Submissions[0].Source, Name: s.Submissions[0].Name,
			Unit: s.Submissions[0].Bureau, Cells: cells}}
		var v view
		v.owe(digest.Read(s))
		return v.OwedNone
	}
	if got, want := word(kpi.NotYetDue), "本期应报 1 项，待报 1 项，待报的未到应报日期；无退回记录。"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got, want := word(kpi.Filed), "各单位数据均已报送，无退回记录。"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
