package dashboard

import (
	"bytes"
	"strings"
	"testing"

	"citykpi/reports/browsertest"
	"citykpi/reports/snapshottest"
)

// TestInBrowser looks at the page as people do, every look in a tab of one browser.
func TestInBrowser(t *testing.T) {
	browser := browsertest.Start(t)
	for name, look := range map[string]func(*testing.T, *browsertest.Browser){
		"every page is quiet":                        everyPageIsQuiet,
		"wall shows the overview without scrolling":  wallShowsTheOverviewWithoutScrolling,
		"charts are drawn":                           chartsAreDrawn,
		"choosing a ranking redraws bars and map":    choosingARankingRedrawsBarsAndMap,
		"hostile names are text in page and tooltip": hostileNamesAreTextInPageAndTooltip,
		"sort and filter":                            sortAndFilter,
		"print is paper":                             printIsPaper,
	} {
		t.Run(name, func(t *testing.T) { look(t, browser) })
	}
}

// everyPageIsQuiet: no console error, no policy violation, no request but for
// the file itself, on a desk, on the wall and on a phone; nothing sticks out.
func everyPageIsQuiet(t *testing.T, browser *browsertest.Browser) {
	for name, s := range every() {
		html := render(t, s)
		for _, v := range []struct {
			query         string
			width, height int64
		}{{"", 1440, 900}, {"?theme=wall", 1920, 1080}, {"", 390, 844}} {
			p := browser.Open(t, html, v.query, v.width, v.height)
			var width int64
			p.Eval(t, "document.documentElement.scrollWidth", &width)
			if width > v.width {
				t.Errorf("%s%s at %d: the page is %d wide", name, v.query, v.width, width)
			}
			var hacked any
			if p.Eval(t, "window.hacked === undefined ? null : window.hacked", &hacked); hacked != nil {
				t.Errorf("%s: a name ran as code: %v", name, hacked)
			}
			p.Quiet(t)
		}
	}
}

func wallShowsTheOverviewWithoutScrolling(t *testing.T, browser *browsertest.Browser) {
	p := browser.Open(t, render(t, snapshottest.Full()), "?theme=wall", 1920, 1080)
	var height int64
	if p.Eval(t, "document.documentElement.scrollHeight", &height); height > 1080 {
		t.Errorf("the wall is %d high", height)
	}
	var cut []string
	p.Eval(t, `[...document.querySelectorAll('.card')].filter(c => c.scrollHeight > c.clientHeight + 1 || c.getBoundingClientRect().bottom > innerHeight).map(c => c.textContent.trim())`, &cut)
	if len(cut) > 0 {
		t.Errorf("cards are cut off: %q", cut)
	}
}

func chartsAreDrawn(t *testing.T, browser *browsertest.Browser) {
	p := browser.Open(t, render(t, snapshottest.Full()), "", 1440, 900)
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
	if text := strings.Join(axis, " "); !strings.Contains(text, "成交额") || !strings.Contains(text, "2026") || strings.Contains(text, "000000") {
		t.Errorf("the axis of the contracts is not in 亿元: %s", text)
	}
	p.Quiet(t)
}

func choosingARankingRedrawsBarsAndMap(t *testing.T, browser *browsertest.Browser) {
	p := browser.Open(t, render(t, snapshottest.Full()), "", 1440, 900)
	var after struct{ Title, Bars, Tiles string }
	p.Eval(t, `(() => {
		const choice = document.getElementById('ranking-choice')
		choice.value = 'NJ-TC01'
		choice.dispatchEvent(new Event('change'))
		const text = (id) => [...document.querySelectorAll('#' + id + ' svg text')].map(e => e.textContent).join(' ')
		return { Title: document.getElementById('ranking-title').textContent, Bars: text('ranking-bars'), Tiles: text('ranking-tiles') }
	})()`, &after)
	if after.Title != "技术合同成交额（亿元）" || !strings.Contains(after.Bars, "63.98") || !strings.Contains(after.Tiles, "63.98") {
		t.Errorf("after the choice: %+v", after)
	}
	p.Quiet(t)
}

func hostileNamesAreTextInPageAndTooltip(t *testing.T, browser *browsertest.Browser) {
	p := browser.Open(t, render(t, snapshottest.Hostile()), "", 1440, 900)
	for _, name := range snapshottest.HostileNames {
		var found bool
		p.Eval(t, "document.querySelector('main').textContent.includes("+quote(name)+")", &found)
		if !found {
			t.Errorf("%q does not appear as text", name)
		}
	}
	var at struct{ X, Y float64 }
	p.Eval(t, `(() => { const e = document.getElementById('ranking-bars'); e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect(); return {X: r.left + 180, Y: r.top + 20} })()`, &at)
	p.Hover(t, at.X, at.Y)
	var tip struct {
		Text     string
		Elements []string
	}
	p.Eval(t, `(() => { const t = document.querySelector('.tip'); return t ? {Text: t.textContent, Elements: [...t.querySelectorAll('*')].map(e => e.tagName)} : {} })()`, &tip)
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
	p := browser.Open(t, render(t, snapshottest.Full()), "", 1440, 900)
	order := "[...document.querySelectorAll('#commitments tbody tr')].filter(r => !r.hidden).map(r => r.id)"
	var ids []string
	p.Eval(t, `(() => { document.querySelectorAll('#commitments thead th button')[7].click(); return `+order+` })()`, &ids)
	if ids[0] != "NJ88-028" || ids[len(ids)-1] == "NJ88-004" {
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
	p.Quiet(t)
}

func printIsPaper(t *testing.T, browser *browsertest.Browser) {
	p := browser.Open(t, render(t, snapshottest.Full()), "", 1440, 900)
	pdf := p.PDF(t)
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		t.Fatal("the print is no PDF")
	}
	pages := bytes.Count(pdf, []byte("/Type /Page\n"))
	if pages < 4 || pages > 12 {
		t.Errorf("the print has %d pages", pages)
	}
	if !bytes.Contains(pdf, []byte("/MediaBox [0 0 841")) {
		t.Error("the print is not A4 landscape")
	}
	p.Quiet(t)
}
