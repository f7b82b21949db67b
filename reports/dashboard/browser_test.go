package dashboard

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"citykpi/pipeline/show"
	"citykpi/reports/browsertest"
	"citykpi/reports/snapshottest"
)

// TestInBrowser looks at the page as people do, every look in a tab of one browser.
func TestInBrowser(t *testing.T) {
	browser := browsertest.Start(t)
	for name, look := range map[string]func(*testing.T, *browsertest.Browser){
		"every page is quiet":                        everyPageIsQuiet,
		"every kind of page on a desk":               everyKindOnADesk,
		"wall shows the overview without scrolling":  wallShowsTheOverviewWithoutScrolling,
		"cards stand on the first screen":            cardsOnTheFirstScreen,
		"charts are drawn":                           chartsAreDrawn,
		"choosing a ranking redraws bars and map":    choosingARankingRedrawsBarsAndMap,
		"keys alone are enough":                      byKeyboard,
		"a count opens to its rows in place":         countedInPlace,
		"a number opens to its rows":                 openedInTwo,
		"a map is drawn from outlines":               outlinesAreDrawn,
		"hostile names are text in page and tooltip": hostileNamesAreTextInPageAndTooltip,
		"sort and filter":                            sortAndFilter,
		"print is paper":                             printIsPaper,
		"long tables page, sort and search":          longTables,
		"search finds pages and enterprises":         searchFinds,
		"streams have names as text":                 streams,
		"downloads are files without formulas":       downloaded,
		"every kind of page on a phone":              everyKindOnAPhone,
		"a phone shows figures beside names":         figuresOnAPhone,
		"a wide table says that it scrolls":          scrolledTables,
		"the wall is the overview only":              wallIsTheOverviewOnly,
		"charts have room on a phone":                narrowCharts,
		"print keeps figures whole":                  printKeepsFigures,
		"districts stand side by side":               districtsInSight,
	} {
		t.Run(name, func(t *testing.T) { look(t, browser) })
	}
}

// kinds are one page of every kind.
var kinds = []string{"index", "documents", "d-NJ88", "c-NJ88-005", "c-NJ88-007", "c-NJ-TC01", "tiers", "contracts",
	"contracts-2025", "awards", "talent", "parks", "consortia", "province",
	"units", unitFile, "districts", "r-320115", "quality", "definitions", "runs"}

// unitFile is the page of a unit of the full city.
var unitFile = strings.TrimSuffix(unitPage("市科技局"), ".html")

// sparse are the pages that differ most where there is little to show.
var sparse = []string{"index", "c-NJ88-005", "tiers", "quality", "r-320115"}

// everyKindOnADesk: each kind of page is quiet, can be used without a mouse, and its words
// stand out.
func everyKindOnADesk(t *testing.T, browser *browsertest.Browser) {
	dir := written(t, snapshottest.Reviewed(snapshottest.Full()))
	for _, file := range kinds {
		p := browser.OpenFile(t, dir, file+".html", "", 1440, 900)
		usable(t, p, file)
		seen(t, p, file)
		quiet(t, p, file, 1440)
		p.Close()
	}
	wall := browser.OpenFile(t, dir, "index.html", "?theme=wall", 1920, 1080)
	defer wall.Close()
	seen(t, wall, "the wall")
}

// everyKindOnAPhone: each kind of page is quiet, and nothing of it is wider than the screen.
func everyKindOnAPhone(t *testing.T, browser *browsertest.Browser) {
	dir := written(t, snapshottest.Reviewed(snapshottest.Full()))
	for _, file := range kinds {
		p := browser.OpenFile(t, dir, file+".html", "", 390, 844)
		fits(t, p, file)
		quiet(t, p, file, 390)
		p.Close()
	}
}

// everyPageIsQuiet looks at what cities differ in: hostile names on every kind of page, and the pages
// that differ most where there is little to show.
func everyPageIsQuiet(t *testing.T, browser *browsertest.Browser) {
	for name, s := range every() {
		dir := written(t, s)
		look := func(file, query string, width, height int64) {
			if _, err := os.Stat(filepath.Join(dir, file+".html")); err != nil {
				return // an empty city has fewer pages
			}
			p := browser.OpenFile(t, dir, file+".html", query, width, height)
			defer p.Close()
			quiet(t, p, name+": "+file+query, width)
		}
		switch name {
		case "full": // everyKindOnADesk, everyKindOnAPhone
		case "hostile":
			for _, file := range kinds {
				look(file, "", 390, 844)
			}
		default:
			for _, file := range sparse {
				look(file, "", 1440, 900)
			}
		}
		look("index", "?theme=wall", 1920, 1080)
	}
}

// quiet: no console error, no policy violation, no request but for files of the site; nothing
// sticks out, no name runs.
func quiet(t *testing.T, p *browsertest.Page, called string, width int64) {
	t.Helper()
	var wide int64
	if p.Eval(t, "document.documentElement.scrollWidth", &wide); wide > width {
		t.Errorf("%s at %d is %d wide", called, width, wide)
	}
	var squeezed []string
	if width < 600 {
		p.Eval(t,
			"[...document.querySelectorAll('section > .panel')].filter((e) => e.clientWidth > 0 && e.clientWidth < innerWidth * "+
				"0.8).map((e) => e.textContent.trim().slice(0, 20))", &squeezed)
	}
	if len(squeezed) > 0 {
		t.Errorf("%s at %d: panels do not take the width: %q", called, width, squeezed)
	}
	var hacked any
	if p.Eval(t, "window.hacked === undefined ? null : window.hacked", &hacked); hacked != nil {
		t.Errorf("%s: a name ran as code: %v", called, hacked)
	}
	p.Quiet(t)
}

func wallShowsTheOverviewWithoutScrolling(t *testing.T, browser *browsertest.Browser) {
	p := browser.OpenFile(t, written(t, snapshottest.Full()), "index.html", "?theme=wall", 1920, 1080)
	var height int64
	if p.Eval(t, "document.documentElement.scrollHeight", &height); height > 1080 {
		t.Errorf("the wall is %d high", height)
	}
	var cut []string
	p.Eval(t,
		`[...document.querySelectorAll('.card')].filter(c => c.scrollHeight > c.clientHeight + 1 || `+
			`c.getBoundingClientRect().bottom > innerHeight).map(c => c.textContent.trim())`, &cut)
	if len(cut) > 0 {
		t.Errorf("cards are cut off: %q", cut)
	}
}

func chartsAreDrawn(t *testing.T, browser *browsertest.Browser) {
	p := browser.OpenFile(t, written(t, snapshottest.Full()), "index.html", "", 1440, 900)
	var drawn, wanted int
	p.Eval(t, "document.querySelectorAll('.plot svg').length", &drawn)
	p.Eval(t, "document.querySelectorAll('.plot').length", &wanted)
	if wanted < 15 || drawn != wanted {
		t.Errorf("%d of %d charts are drawn, want all of at least 15", drawn, wanted)
	}
	var labels []string
	p.Eval(t, "[...document.querySelectorAll('#ranking-bars svg text')].map(e => e.textContent)", &labels)
	if text := strings.Join(labels, " "); !strings.Contains(text, "3,090") || !strings.Contains(text, "江宁") {
		t.Errorf("the ranking does not name 江宁 with 3,090: %s", text)
	}
	var axis []string
	p.Eval(t, "[...document.querySelectorAll('#chart-contracts svg text')].map(e => e.textContent)", &axis)
	if text := strings.Join(axis, " "); !strings.Contains(text, "成交额") || !strings.Contains(text, "2026") ||
		strings.Contains(text, "000000") {
		t.Errorf("the axis of the contracts is not in 亿元: %s", text)
	}
	p.Quiet(t)
}

func choosingARankingRedrawsBarsAndMap(t *testing.T, browser *browsertest.Browser) {
	p := browser.OpenFile(t, written(t, snapshottest.Full()), "index.html", "", 1440, 900)
	var after struct{ Title, Bars, Tiles string }
	p.Eval(t, `(() => {
		const choice = document.getElementById('ranking-choice')
		choice.value = 'NJ-TC01'
		choice.dispatchEvent(new Event('change'))
		const text = (id) => [...document.querySelectorAll('#' + id + ' svg text')].map(e => e.textContent).join(' ')
		return { Title: document.getElementById('ranking-title').textContent, Bars: text('ranking-bars'), Tiles: text('ranking-map') }
	})()`, &after)
	if after.Title != "技术合同成交额（亿元）" || !strings.Contains(after.Bars, "63.98") || !strings.Contains(after.Tiles, "63.98") {
		t.Errorf("after the choice: %+v", after)
	}
	p.Quiet(t)
}

// outlinesAreDrawn: where outlines are installed the map has a shape for each, and
// the name of what hovers over is text.
func outlinesAreDrawn(t *testing.T, browser *browsertest.Browser) {
	s := snapshottest.Hostile()
	dir := t.TempDir()
	b := behind(s)
	b.Map = true
	if err := Site(t.Context(), dir, s, b); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{"", "?theme=wall"} {
		p := browser.OpenFile(t, dir, "index.html", query, 1920, 1080)
		p.Until(t, "document.querySelector('#ranking-map svg, #ranking-map canvas')")
		var shapes int
		if p.Eval(t, "document.querySelectorAll('#ranking-map svg path').length", &shapes); query == "" && shapes < 11 {
			t.Errorf("%d shapes are drawn, want one for each of 11 districts", shapes)
		}
		var note string
		if p.Eval(t, "document.querySelector('#districts figure .note').textContent", &note); !strings.Contains(note, "图中没有") {
			t.Errorf("the note %q does not name the district without an outline", note)
		}
		var at struct{ X, Y float64 }
		p.Eval(t,
			`(() => { const e = document.getElementById('ranking-map'); e.scrollIntoView({block: 'center'}); `+
				`const r = e.getBoundingClientRect(); return {X: r.left + r.width / 2, Y: r.top + r.height / 2} })()`, &at)
		var tip string
		for n := 0; n < 9 && tip == ""; n++ { // the middle may lie beside every district
			p.Hover(t, at.X+float64(n%3-1)*60, at.Y+float64(n/3-1)*40)
			p.Eval(t, `(() => { const t = document.querySelector('.tip'); return t ? t.textContent : '' })()`, &tip)
		}
		named := false
		for _, name := range snapshottest.HostileNames {
			named = named || strings.Contains(tip, name)
		}
		if !named {
			t.Errorf("%s: the tooltip says %q, want a hostile name as text", query, tip)
		}
		var hacked any
		if p.Eval(t, "window.hacked === undefined ? null : window.hacked", &hacked); hacked != nil {
			t.Errorf("a name ran as code: %v", hacked)
		}
		p.Quiet(t)
		p.Close()
	}
}

func hostileNamesAreTextInPageAndTooltip(t *testing.T, browser *browsertest.Browser) {
	p := browser.OpenFile(t, written(t, snapshottest.Hostile()), "index.html", "", 1440, 900)
	for _, name := range snapshottest.HostileNames {
		var found bool
		p.Eval(t, "document.querySelector('main').textContent.includes("+quote(show.Text(name))+")", &found)
		if !found {
			t.Errorf("%q does not appear as text", name)
		}
	}
	var at struct{ X, Y float64 }
	p.Eval(t,
		`(() => { const e = document.getElementById('ranking-bars'); e.scrollIntoView({block: 'center'}); `+
			`const r = e.getBoundingClientRect(); return {X: r.left + 180, Y: r.top + 20} })()`, &at)
	p.Hover(t, at.X, at.Y)
	var tip struct {
		Text     string
		Elements []string
	}
	p.Eval(t,
		`(() => { const t = document.querySelector('.tip'); return t ? {Text: t.textContent, `+
			`Elements: [...t.querySelectorAll('*')].map(e => e.tagName)} : {} })()`, &tip)
	hit := false
	for _, name := range snapshottest.HostileNames {
		hit = hit || strings.Contains(tip.Text, name)
	}
	if !hit {
		t.Errorf("the tooltip says %q, want a hostile name as text", tip.Text)
	}
	for _, tag := range tip.Elements {
		if tag != "DIV" && tag != "SPAN" && tag != "B" {
			t.Errorf("the tooltip holds a %s", tag)
		}
	}
	p.Quiet(t)
}

// quote is a JavaScript string of the name.
func quote(name string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range name {
		switch r {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case '\u2028':
			b.WriteString(`\u2028`)
		case '\u2029':
			b.WriteString(`\u2029`)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func sortAndFilter(t *testing.T, browser *browsertest.Browser) {
	p := browser.OpenFile(t, written(t, snapshottest.Full()), "index.html", "", 1440, 900)
	order := "[...document.querySelectorAll('#commitments tbody tr')].filter(r => !r.hidden).map(r => r.id)"
	var ids []string
	p.Eval(t, `(() => { document.querySelectorAll('#commitments thead th button')[7].click(); return `+order+` })()`, &ids)
	// fell back to half of it; a third of the year behind
	if ids[0] != "NJ88-031" || ids[1] != "NJ88-028" || ids[len(ids)-1] == "NJ88-004" {
		t.Errorf("sorted by gap: %v, want the widest gap first and rows without a gap last", ids)
	}
	p.Eval(t, `(() => { document.querySelectorAll('#commitments thead th button')[7].click(); return `+order+` })()`, &ids)
	if ids[0] != "NJ88-004" {
		t.Errorf("sorted by gap, descending: %v", ids)
	}
	p.Eval(t, `(() => { document.querySelector('.counts [data-light-filter=red]').click(); return `+order+` })()`, &ids)
	if len(ids) != 1 || ids[0] != "NJ88-028" {
		t.Errorf("filtered to red: %v", ids)
	}
	p.Eval(t,
		`(() => { const choice = document.getElementById('commitment-light'); choice.value = 'overdue red fallen orange yellow'; `+
			`choice.dispatchEvent(new Event('change')); return `+order+` })()`, &ids)
	if len(ids) != 7 {
		t.Errorf("filtered to what is behind: %v", ids)
	}
	p.Eval(t, `(() => { document.querySelector('.counts [data-light-filter=fallen]').click(); return `+order+` })()`, &ids)
	if len(ids) != 1 || ids[0] != "NJ88-031" {
		t.Errorf("filtered to what fell back: %v", ids)
	}
	p.Quiet(t)
}

func longTables(t *testing.T, browser *browsertest.Browser) {
	p := browser.OpenFile(t, written(t, snapshottest.Full()), "c-NJ88-005.html", "", 1440, 900)
	first := "document.querySelector('#facts tbody td').textContent"
	var text string
	p.Eval(t, "(() => { [...document.querySelectorAll('#facts .pager button')][1].click(); return '' })()", &text)
	p.Until(t, first+" === '示例企业0020'")
	p.Eval(t, "document.querySelector('#facts .shown').textContent", &text)
	if text != "第 21–40 行，共 361 行" {
		t.Errorf("the second page says %q", text)
	}
	p.Eval(t, "(() => { const s = document.querySelector('#facts input'); s.value = '企业0123'; "+
		"s.dispatchEvent(new Event('input')); return '' })()", &text)
	p.Until(t, first+" === '示例企业0123'")
	p.Eval(t, "document.querySelectorAll('#facts tbody tr').length + document.querySelector('#facts .shown').textContent", &text)
	if text != "1第 1–1 行，共 1 行" {
		t.Errorf("the search shows %q", text)
	}
	p.Eval(t, "(() => { const s = document.querySelector('#facts input'); s.value = ''; s.dispatchEvent(new Event('input')); "+
		"[...document.querySelectorAll('#facts thead button')].at(-1).click(); "+
		"[...document.querySelectorAll('#facts thead button')].at(-1).click(); return '' })()", &text)
	p.Until(t, first+" === '示例企业0360'")
	p.Quiet(t)
}

func searchFinds(t *testing.T, browser *browsertest.Browser) {
	p := browser.OpenFile(t, written(t, snapshottest.Full()), "index.html", "", 1440, 900)
	for words, want := range map[string]string{"技术副总": "c-NJ88-020.html", "市科技局": unitFile + ".html", "企业0123": "c-NJ88-"} {
		var none string
		p.Eval(t,
			"(() => { const s = document.getElementById('search'); s.value = "+quote(words)+"; s.dispatchEvent(new "+
				"Event('input')); return '' })()", &none)
		p.Until(t, "[...document.querySelectorAll('#found a')].some(a => a.href.includes("+quote(want)+"))")
	}
	p.Quiet(t)
}

// streams hovers over a Sankey of hostile names.
func streams(t *testing.T, browser *browsertest.Browser) {
	p := browser.OpenFile(t, written(t, snapshottest.Hostile()), "contracts.html", "", 1440, 900)
	var at struct{ X, Y float64 }
	p.Eval(t, "(() => { const e = document.getElementById('chart-flows'); e.scrollIntoView({block: 'center'}); "+
		"const r = e.getBoundingClientRect(); return {X: r.left + 8, Y: r.top + 60} })()", &at)
	p.Hover(t, at.X, at.Y)
	var tip struct {
		Text  string
		Inner int
	}
	p.Eval(t, "(() => { const t = document.querySelector('.tip'); "+
		"return t ? {Text: t.textContent, Inner: t.querySelectorAll('script, img').length} : {} })()", &tip)
	if !strings.Contains(tip.Text, snapshottest.HostileNames[0]) || tip.Inner > 0 {
		t.Errorf("the tooltip says %q", tip.Text)
	}
	p.Quiet(t)
}

// downloaded catches what the buttons of a table of hostile names would save.
func downloaded(t *testing.T, browser *browsertest.Browser) {
	p := browser.OpenFile(t, written(t, snapshottest.Hostile()), "c-NJ88-005.html", "", 1440, 900)
	var none string
	p.Eval(t, `(() => {
		window.saved = {}
		let blob
		URL.createObjectURL = (made) => { blob = made; return 'data:,' }
		HTMLAnchorElement.prototype.click = function () {
			const kind = this.download.split('.').pop()
			blob.arrayBuffer().then((b) => { window.saved[kind] = [...new Uint8Array(b)] })
		}
		document.querySelectorAll('#facts .downloads button').forEach((b) => b.click())
		return ''
	})()`, &none)
	p.Until(t, "window.saved.csv && window.saved.xlsx")
	var saved struct{ CSV, XLSX []int }
	p.Eval(t, "({CSV: window.saved.csv, XLSX: window.saved.xlsx})", &saved)
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(octets(saved.CSV), []byte("\xef\xbb\xbf")))).ReadAll()
	if err != nil || len(rows) != 362 {
		t.Fatalf("the CSV has %d rows, want 362: %v", len(rows), err)
	}
	for _, row := range rows {
		if bare := strings.TrimLeft(row[0], "\u200e\u2060\"\u3000 "); strings.HasPrefix(bare, "=") || strings.HasPrefix(bare, "＝") {
			t.Errorf("a formula in the CSV: %q", row[0])
		}
	}
	f, err := excelize.OpenReader(bytes.NewReader(octets(saved.XLSX)))
	if err != nil {
		t.Fatalf("the workbook cannot be read: %v", err)
	}
	defer f.Close()
	cells, err := f.GetRows("数据")
	if err != nil || len(cells) != 362 {
		t.Fatalf("the workbook has %d rows, want 362: %v", len(cells), err)
	}
	for i, row := range cells {
		if formula, _ := f.GetCellFormula("数据", fmt.Sprintf("A%d", i+1)); formula != "" {
			t.Errorf("row %d is the formula %s", i+1, formula)
		}
		if i == 4 && row[0] != snapshottest.HostileNames[3] {
			t.Errorf("row 5 names %q, want %q", row[0], snapshottest.HostileNames[3])
		}
	}
}

func octets(list []int) []byte {
	out := make([]byte, len(list))
	for i, b := range list {
		out[i] = byte(b)
	}
	return out
}
