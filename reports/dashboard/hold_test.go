package dashboard

import (
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"citykpi/reports/browsertest"
	"citykpi/reports/snapshottest"
)

var fetched = regexp.MustCompile(`<(?:script|link|img|iframe|object|embed|video|audio|source)\b[^>]*?(?:src|href)="([^"]*)"`)

// TestPagesFetchNothingButStyleAndScript: what a page waits for before it can be
// painted is one style sheet, and the script stands at its end.
func TestPagesFetchNothingButStyleAndScript(t *testing.T) {
	pages := 0
	for file, html := range textsOf(t, written(t, snapshottest.Hostile())) {
		pages++
		var asked []string
		for _, m := range fetched.FindAllStringSubmatch(html, -1) {
			asked = append(asked, m[1])
		}
		if !slices.Equal(asked, []string{"data:,", "assets/site.css", "assets/site.js"}) {
			t.Errorf("%s fetches %q", file, asked)
		}
		if !strings.HasSuffix(strings.TrimSpace(html), "<script src=\"assets/site.js\"></script>\n</body>\n</html>") {
			t.Errorf("%s: the script does not stand at the end", file)
		}
		if _, csp, _ := strings.Cut(html, "Content-Security-Policy"); strings.Contains(csp[:200], "unsafe") ||
			!strings.Contains(csp[:200], "default-src 'none'") {
			t.Errorf("%s allows more than the site's own files: %s", file, csp[:200])
		}
	}
	if pages < 40 {
		t.Errorf("%d pages looked at, want a site", pages)
	}
}

// usable: every page has its landmarks, headings in order, a name for whatever is
// operated, all of it reachable by keyboard, and words for every chart.
func usable(t *testing.T, p *browsertest.Page, file string) {
	t.Helper()
	var faults []string
	p.Eval(t, `(() => {
		const faults = []
		const one = (what) => { const n = document.querySelectorAll(what).length; if (n !== 1) faults.push(n + ' × ' + what) }
		const once = ['h1', 'main', 'body > header', 'header nav[aria-label]', 'body > footer', '[role=search]', 'a.skip[href="#main"]']
		once.forEach(one)
		let level = 0
		for (const h of document.querySelectorAll('h1,h2,h3,h4')) {
			const n = Number(h.tagName[1])
			if (n > level + 1) faults.push('h' + n + ' after h' + level + ': ' + h.textContent.trim().slice(0, 20))
			level = n
		}
		const named = (e) => e.textContent.trim() || e.getAttribute('aria-label') || e.title || (e.labels && e.labels.length > 0)
		for (const e of document.querySelectorAll('a[href],button,input,select,summary,[tabindex],[onclick]')) {
			if (!named(e)) faults.push('no name: ' + e.outerHTML.slice(0, 80))
			if (e.tabIndex < 0 && !e.disabled) faults.push('no keyboard: ' + e.outerHTML.slice(0, 80))
		}
		for (const plot of document.querySelectorAll('.plot')) {
			if (!(plot.getAttribute('aria-label') || '').trim()) faults.push('no words: ' + plot.id)
		}
		for (const table of document.querySelectorAll('table')) {
			for (const th of table.querySelectorAll('thead th')) if (th.scope !== 'col') faults.push('no scope: ' + th.textContent)
		}
		return faults
	})()`, &faults)
	for _, fault := range faults {
		t.Errorf("%s: %s", file, fault)
	}
}

// openedInTwo: the number of a district opens, by its link, to the rows of that district alone.
func openedInTwo(t *testing.T, browser *browsertest.Browser) {
	dir := written(t, snapshottest.Full())
	p := browser.OpenFile(t, dir, "index.html", "", 1440, 900)
	var link string
	p.Eval(t,
		`[...document.querySelectorAll('[data-ranking-table="NJ88-005"] a[href*="region="]')].map((a) => `+
			`a.getAttribute('href')).find((h) => h.includes(encodeURIComponent('江宁区')))`, &link)
	p.Close()
	file, rest, ok := strings.Cut(link, ".html")
	if !ok {
		t.Fatalf("the number leads to %q", link)
	}
	p = browser.OpenFile(t, dir, file+".html", rest, 1440, 900)
	p.Until(t, "document.querySelector('#facts .shown') && /共 3\\d 行/.test(document.querySelector('#facts .shown').textContent)")
	var places []string
	p.Eval(t, `[...new Set([...document.querySelectorAll('#facts tbody td.r')].map((td) => td.textContent))]`, &places)
	if !slices.Equal(places, []string{"江宁区"}) {
		t.Errorf("the rows lie in %q", places)
	}
	var chosen string
	if p.Eval(t, "document.querySelector('#facts select').value", &chosen); chosen != "江宁区" {
		t.Errorf("the choice says %q", chosen)
	}
	p.Quiet(t)
}

// countedInPlace: a count of a table leads to the list of what it counts, narrowed to it.
func countedInPlace(t *testing.T, browser *browsertest.Browser) {
	dir := written(t, snapshottest.Full())
	for _, c := range []struct{ file, table, has, shown string }{
		{"parks", "k-tasks", "状态=", "只列"}, {"tiers", "t-moved", "原层级=", "只列"}, {"tiers", "facts", "行业门类=", "只列制造业。"},
		{"documents", "articles", "light=red", "只列红 "}, {"parks", "k-items", "内容=产业方向", "只列"},
		{"contracts", "x-firms", "高校=", "只列"}, {"quality", "q-matched", "识别=按名称", "只列"},
	} {
		text := files(t, dir)[c.file+".html"]
		var link string
		for _, m := range regexp.MustCompile(`<a href="([^"]+)" data-count="`).FindAllStringSubmatch(text, -1) {
			href := html.UnescapeString(m[1])
			if plain, err := url.QueryUnescape(href); err == nil && strings.Contains(plain, c.has) &&
				strings.HasSuffix(plain, "#"+c.table) {
				link = href
				break
			}
		}
		file, query, ok := strings.Cut(link, ".html")
		if !ok {
			t.Errorf("%s: no count leads to %s by %s", c.file, c.table, c.has)
			continue
		}
		p := browser.OpenFile(t, dir, file+".html", query, 1440, 900)
		p.Until(t, "[...document.querySelectorAll('#"+c.table+" .note')].some((n) => n.textContent.includes("+quote(c.shown)+"))")
		p.Quiet(t)
		p.Close()
	}
}
