package dashboard

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"citykpi/reports/browsertest"
	"citykpi/reports/snapshottest"
)

// focused is what has the focus, and whether one sees it.
const focused = `(() => {
	const e = document.activeElement, s = getComputedStyle(e)
	return { What: e.id || e.textContent.trim(), Seen: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2,
		Href: e.getAttribute('href') || '' }
})()`

type focus struct {
	What, Href string
	Seen       bool
}

// tabTo presses Tab until what is looked for has the focus; every stop must be seen.
func tabTo(t *testing.T, p *browsertest.Page, most int, found func(focus) bool) focus {
	t.Helper()
	for range most {
		p.Press(t, kb.Tab)
		var at focus
		if p.Eval(t, focused, &at); !at.Seen {
			t.Errorf("the focus on %q is not seen", at.What)
		}
		if found(at) {
			return at
		}
	}
	t.Fatalf("not reached by %d tabs", most)
	return focus{}
}

// byKeyboard goes through search, theme, a long table and a chart's table with keys alone.
func byKeyboard(t *testing.T, browser *browsertest.Browser) {
	dir := written(t, snapshottest.Full())
	p := browser.OpenFile(t, dir, "index.html", "", 1440, 900)
	if at := tabTo(t, p, 1, func(focus) bool { return true }); at.Href != "#main" {
		t.Errorf("the first stop is %+v, want the way to the text", at)
	}
	tabTo(t, p, 6, func(at focus) bool { return at.What == "search" })
	p.Press(t, "技", "术", "副", "总")
	p.Until(t, "!document.getElementById('found').hidden && document.querySelector('#found a')")
	p.Press(t, kb.Escape)
	p.Until(t, "document.getElementById('found').hidden")
	p.Press(t, kb.Backspace, "总")
	p.Until(t, "!document.getElementById('found').hidden && document.querySelector('#found a')")
	p.Press(t, kb.ArrowDown)
	p.Go(t, kb.Enter)
	p.Until(t, "location.pathname.endsWith('/c-NJ88-020.html')")
	p.Quiet(t)
	p.Close()

	p = browser.OpenFile(t, dir, "index.html", "", 1440, 900)
	tabTo(t, p, 8, func(at focus) bool { return at.What == "大屏" })
	p.Go(t, kb.Enter)
	p.Until(t, "document.documentElement.dataset.theme === 'wall'")
	tabTo(t, p, 8, func(at focus) bool { return at.What == "退出大屏" })
	p.Go(t, kb.Enter)
	p.Until(t, "document.readyState === 'complete' && document.documentElement.dataset.theme !== 'wall'")
	p.Close()

	p = browser.OpenFile(t, dir, "c-NJ88-005.html", "", 1440, 900)
	tabTo(t, p, 60, func(at focus) bool { return at.What == "数据表" })
	p.Press(t, kb.Enter)
	p.Until(t, "document.activeElement.parentElement.open")
	p.Press(t, kb.Enter)
	p.Until(t, "!document.activeElement.parentElement.open")
	p.Eval(t, "(() => { document.querySelector('#facts input').focus(); return {} })()", &focus{})
	tabTo(t, p, 8, func(at focus) bool { return at.What == "下一页" })
	p.Press(t, kb.Enter)
	p.Until(t, "document.querySelector('#facts .shown').textContent.startsWith('第 21–40 行')")
	var at focus
	if p.Eval(t, focused, &at); !strings.Contains(at.What, "下一页") {
		t.Errorf("after paging the focus is on %q", at.What)
	}
	p.Quiet(t)
}
