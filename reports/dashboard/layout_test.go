package dashboard

import (
	"fmt"
	"strings"
	"testing"

	"citykpi/reports/browsertest"
	"citykpi/reports/snapshottest"
)

// fits: no kind of page scrolls sideways on a phone, and what scrolls within it
// is a table.
func fits(t *testing.T, p *browsertest.Page, file string) {
	t.Helper()
	var at struct {
		Page, Screen int64
		Cut          []string
	}
	p.Eval(t, `({ Page: document.documentElement.scrollWidth, Screen: innerWidth,
		Cut: [...document.querySelectorAll('main *')].filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 &&
			getComputedStyle(e).display !== 'inline' && !e.closest('.scroll, svg, .plot'))
			.map((e) => e.tagName + '.' + e.className + ' ' + e.textContent.trim().slice(0, 20)) })`, &at)
	if at.Page > at.Screen {
		t.Errorf("%s is %d wide on a screen of %d", file, at.Page, at.Screen)
	}
	if len(at.Cut) > 0 {
		t.Errorf("%s: wider than its box: %q", file, at.Cut)
	}
}

// figuresOnAPhone: a table of units shows what its rows are about, not names alone.
func figuresOnAPhone(t *testing.T, browser *browsertest.Browser) {
	dir := written(t, snapshottest.Reviewed(snapshottest.Full()))
	for file, table := range map[string]string{"units": ".units", "consortia": ".grades"} {
		p := browser.OpenFile(t, dir, file+".html", "", 390, 844)
		var unseen []string
		p.Eval(t, `(() => {
			const table = document.querySelector('`+table+`')
			if (!table || !table.rows[1]) return ['no table']
			return [...table.querySelectorAll('tbody td')].filter((e) => !e.classList.contains('blank')).filter((e) => {
				const r = e.getBoundingClientRect()
				return r.width === 0 || r.right > innerWidth || !e.dataset.l
			}).map((e) => e.textContent.trim())
		})()`, &unseen)
		if len(unseen) > 0 {
			t.Errorf("%s: cells beside the screen or without a name: %q", file, unseen)
		}
		p.Close()
	}
}

// scrolledTables: a table that is wider than the screen lies in a box that draws a shadow at the edge behind
// which there is more (scroll) and covers it where the table ends (local), on the colour it stands on.
func scrolledTables(t *testing.T, browser *browsertest.Browser) {
	dir := written(t, snapshottest.Reviewed(snapshottest.Full()))
	for _, file := range []string{"awards", "quality", "c-NJ88-003"} {
		p := browser.OpenFile(t, dir, file+".html", "", 390, 844)
		var at struct {
			Wide  int
			Plain []string
		}
		p.Eval(t, `(() => {
			const behind = (e) => {
				for (; e; e = e.parentElement) {
					const c = getComputedStyle(e).backgroundColor
					if (c !== 'rgba(0, 0, 0, 0)') return c
				}
			}
			const wide = [...document.querySelectorAll('.scroll')].filter((e) => e.scrollWidth > e.clientWidth + 1)
			return { Wide: wide.length, Plain: wide.filter((e) => {
				const style = getComputedStyle(e)
				return style.backgroundAttachment !== 'local, local, scroll, scroll' || style.overflowX !== 'auto' ||
					!e.matches('.tall, .sheet, #submissions *') && style.backgroundColor !== behind(e.parentElement)
			}).map((e) => e.textContent.trim().slice(0, 20)) }
		})()`, &at)
		if at.Wide == 0 || len(at.Plain) > 0 {
			t.Errorf("%s: of %d tables wider than the screen these do not say so: %q", file, at.Wide, at.Plain)
		}
		p.Close()
	}
}

// faint are the words of a page with less contrast than WCAG 2 AA asks for: 4.5 to 1,
// large ones 3 to 1. The symbol of a light is a shape, told apart without its colour.
const faint = `(() => {
	const rgb = (text) => { const n = text.match(/[\d.]+/g).map(Number); return { c: n.slice(0, 3), a: n.length > 3 ? n[3] : 1 } }
	const light = (c) => {
		const [r, g, b] = c.map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
		return 0.2126 * r + 0.7152 * g + 0.0722 * b
	}
	const behind = (e) => {
		for (; e; e = e.parentElement) {
			const b = rgb(getComputedStyle(e).backgroundColor)
			if (b.a === 1) return b.c
		}
		return [255, 255, 255]
	}
	const found = new Set()
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
	while (walk.nextNode()) {
		const e = walk.currentNode.parentElement, words = walk.currentNode.data.trim()
		if (!words || e.closest('[aria-hidden], .badge > i, svg, script, style, noscript') || !e.getClientRects().length) continue
		const style = getComputedStyle(e)
		const [a, b] = [light(rgb(style.color).c), light(behind(e))].sort((x, y) => y - x)
		const large = parseFloat(style.fontSize) >= 24 || parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700
		const ratio = (a + 0.05) / (b + 0.05)
		if (ratio < (large ? 3 : 4.5)) {
			found.add(ratio.toFixed(2) + ' ' + e.tagName + '.' + e.className + ' ' + style.color + ' ' + words.slice(0, 12))
		}
	}
	return [...found].slice(0, 12)
})()`

// seen: words stand out from what is behind them, in daylight and on the wall,
// and no table is cut at the right edge.
func seen(t *testing.T, p *browsertest.Page, file string) {
	t.Helper()
	var words []string
	if p.Eval(t, faint, &words); len(words) > 0 {
		t.Errorf("%s: too faint: %q", file, words)
	}
	p.Eval(t,
		"[...document.querySelectorAll('.scroll')].filter((e) => !e.closest('details:not([open])') && e.scrollWidth > "+
			"e.clientWidth + 1).map((e) => e.scrollWidth + ' in ' + e.clientWidth + ': ' + e.textContent.trim().slice(0, 20))", &words)
	if len(words) > 0 {
		t.Errorf("%s: cut at the right edge: %q", file, words)
	}
}

// wallIsTheOverviewOnly: any other page stays as it is, with its way on.
func wallIsTheOverviewOnly(t *testing.T, browser *browsertest.Browser) {
	p := browser.OpenFile(t, written(t, snapshottest.Full()), "awards.html", "?theme=wall", 1920, 1080)
	var at struct {
		Theme string
		Nav   float64
	}
	p.Eval(t, "({ Theme: document.documentElement.dataset.theme || '', Nav: "+
		"document.querySelector('.top > nav').getBoundingClientRect().height })", &at)
	if at.Theme != "" || at.Nav == 0 {
		t.Errorf("the awards page takes the look of a wall: %+v", at)
	}
	p.Quiet(t)
}

// narrowCharts: on a phone a legend takes the rows it needs above the plot, streams
// leave their names to the table beside them, and a long name stands on two lines.
func narrowCharts(t *testing.T, browser *browsertest.Browser) {
	dir := written(t, snapshottest.Full())
	p := browser.OpenFile(t, dir, "contracts.html", "", 390, 844)
	var at struct {
		Over, Names []string
		Open        bool
	}
	p.Eval(t, `(() => {
		const box = (e) => e.getBoundingClientRect()
		const over = (a, b) => a.left < b.right && b.left < a.right && a.top + 2 < b.bottom && b.top + 2 < a.bottom
		const found = []
		for (const plot of document.querySelectorAll('.plot.quarters, .plot.ranking')) {
			const words = [...plot.querySelectorAll('svg text')].filter((e) => e.textContent.trim())
			words.forEach((a, i) => words.slice(i + 1).forEach((b) => {
				if (over(box(a), box(b))) found.push(a.textContent + ' / ' + b.textContent)
			}))
		}
		const streams = document.querySelector('.plot.sankey')
		return { Over: found, Names: [...streams.querySelectorAll('svg text')].map((e) => e.textContent),
			Open: streams.parentElement.querySelector('details').open }
	})()`, &at)
	if len(at.Over) > 0 {
		t.Errorf("words lie on words: %q", at.Over)
	}
	if len(at.Names) > 0 || !at.Open {
		t.Errorf("streams on a phone: names %q, table open %v", at.Names, at.Open)
	}
	p.Quiet(t)
}

// printKeepsFigures: on paper no figure is broken however large it is, a list that is
// longer says so, and every sheet but the first names its page.
func printKeepsFigures(t *testing.T, browser *browsertest.Browser) {
	dir := written(t, snapshottest.Full())
	for file, title := range map[string]string{"awards": "奖补资金", "contracts": "技术合同", "c-NJ88-005": "专精特新“小巨人”企业"} {
		p := browser.OpenFile(t, dir, file+".html", "", 1440, 900)
		var figures int
		p.Eval(t,
			`[...document.querySelectorAll('main td:is(.n, .m)')].filter((e) => !e.closest('.behind, `+
				`details:not([open])')).map((e) => { e.textContent = '1,168,630.00' }).length`, &figures)
		sheets := onPaper(t, p, file).sheets
		text := strings.Join(sheets, "\n")
		if whole := strings.Count(text, "1,168,630.00"); figures < 20 || whole < figures {
			t.Errorf("%s: %d of %d figures are whole on paper", file, whole, figures)
		}
		for n, sheet := range sheets {
			if head := strings.SplitN(strings.TrimSpace(sheet), "\n", 2)[0]; n > 0 && !strings.Contains(head, title) {
				t.Errorf("%s: sheet %d is headed %q", file, n+1, head)
			}
		}
		if file == "c-NJ88-005" && !strings.Contains(text, fmt.Sprintf("共 361 行，纸面列前 %d 行，全部见下载", rowsShown)) {
			t.Error("a list of 361 rows is printed as if it were whole")
		}
		p.Close()
	}
}
