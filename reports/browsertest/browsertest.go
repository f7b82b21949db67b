// Package browsertest opens pages of the reports in a headless Chromium, for tests:
// it counts what a page complains about and every request it makes.
package browsertest

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// limit is how long one page may take, on a machine that is busy.
const limit = 90 * time.Second

// Page is an open page and what happened while it was.
type Page struct {
	ctx        context.Context
	close      func()
	folder     string // whose files the page may ask for; "": only its own
	mu         sync.Mutex
	complaints []string
	requests   []string
}

// Browser is one headless Chromium; it ends with the test that started it.
type Browser struct {
	ctx  context.Context
	mu   sync.Mutex
	idle []context.Context // tabs whose page was closed: another opens there in half the time, as its scripts are compiled
}

// Start starts a browser. The test is skipped, loudly, where there is none.
func Start(t *testing.T) *Browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(find(t)), chromedp.NoSandbox,
		chromedp.Flag("font-render-hinting", "none"), chromedp.Flag("lang", "zh-CN"))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	if err := chromedp.Run(ctx); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return &Browser{ctx: ctx}
}

// Open writes content to a file and opens it as file://…<query> in a tab of its own.
func (b *Browser) Open(t *testing.T, content []byte, query string, width, height int64) *Page {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return b.open(t, "", file, query, width, height)
}

// OpenFile opens a page of a site: the page may ask for files of its folder, and
// for nothing else.
func (b *Browser) OpenFile(t *testing.T, folder, file, query string, width, height int64) *Page {
	t.Helper()
	return b.open(t, folder, filepath.Join(folder, file), query, width, height)
}

func (b *Browser) open(t *testing.T, folder, file, query string, width, height int64) *Page {
	t.Helper()
	tab := b.tab(t)
	ctx, end := context.WithTimeout(tab, limit)
	p := &Page{ctx: ctx, folder: folder}
	p.close = sync.OnceFunc(func() {
		end() // no more is heard of this page
		b.leave(tab)
	})
	t.Cleanup(p.close)
	chromedp.ListenTarget(ctx, p.listen)
	url := "file://" + file + query
	err := chromedp.Run(ctx, network.Enable(), runtime.Enable(), log.Enable(),
		emulation.SetDeviceMetricsOverride(width, height, 1, width < 600),
		chromedp.Navigate(url), chromedp.WaitReady("body"))
	if err != nil {
		t.Fatalf("open %s: %v", url, err)
	}
	return p
}

// tab is one that no page uses.
func (b *Browser) tab(t *testing.T) context.Context {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if n := len(b.idle); n > 0 {
		tab := b.idle[n-1]
		b.idle = b.idle[:n-1]
		return tab
	}
	tab, _ := chromedp.NewContext(b.ctx)      // it ends with the browser
	if err := chromedp.Run(tab); err != nil { // a tab ends with the context of its first run
		t.Fatalf("open a tab: %v", err)
	}
	return tab
}

// leave empties a tab for the next page. One that does not become empty is not used again.
func (b *Browser) leave(tab context.Context) {
	ctx, end := context.WithTimeout(tab, limit)
	defer end()
	if chromedp.Run(ctx, chromedp.Navigate("about:blank")) != nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.idle = append(b.idle, tab)
}

func find(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("SKIPPED, LOUDLY: no Chromium on this machine, the page was not looked at. Try: apt-get install chromium fonts-noto-cjk")
	return ""
}

func (p *Page) listen(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		p.complaints = append(p.complaints, "exception: "+e.ExceptionDetails.Error())
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning {
			var words []string
			for _, a := range e.Args {
				words = append(words, string(a.Value))
			}
			p.complaints = append(p.complaints, "console: "+strings.Join(words, " "))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.LevelError || e.Entry.Level == log.LevelWarning {
			p.complaints = append(p.complaints, "log: "+e.Entry.Text)
		}
	case *network.EventRequestWillBeSent:
		if u := e.Request.URL; !strings.HasPrefix(u, "data:") {
			p.requests = append(p.requests, u)
		}
	}
}

// Close closes the tab; pages not closed close with the test.
func (p *Page) Close() { p.close() }

// Quiet fails the test if the page complained or asked for anything but itself.
func (p *Page) Quiet(t *testing.T) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.complaints {
		t.Error(c)
	}
	if p.folder == "" && len(p.requests) != 1 {
		t.Errorf("the page made %d requests, want only its own: %v", len(p.requests), p.requests)
	}
	for _, r := range p.requests {
		if p.folder != "" && !strings.HasPrefix(r, "file://"+p.folder+"/") {
			t.Errorf("the page asked for %s", r)
		}
	}
}

// Until waits until an expression is true in the page.
func (p *Page) Until(t *testing.T, expression string) {
	t.Helper()
	if err := chromedp.Run(p.ctx, chromedp.Poll(expression, nil)); err != nil {
		t.Fatalf("wait until %s: %v", expression, err)
	}
}

// Eval runs an expression in the page and decodes its JSON result into out.
func (p *Page) Eval(t *testing.T, expression string, out any) {
	t.Helper()
	var raw string
	if err := chromedp.Run(p.ctx, chromedp.Evaluate("JSON.stringify("+expression+")", &raw)); err != nil {
		t.Fatalf("evaluate %s: %v", expression, err)
	}
	if err := json.Unmarshal([]byte(raw), out); err != nil {
		t.Fatalf("evaluate %s: %s: %v", expression, raw, err)
	}
}

// Hover moves the pointer to a point of the viewport.
func (p *Page) Hover(t *testing.T, x, y float64) {
	t.Helper()
	if err := chromedp.Run(p.ctx, chromedp.MouseEvent("mouseMoved", x-1, y-1), chromedp.MouseEvent("mouseMoved", x, y)); err != nil {
		t.Fatal(err)
	}
}

// PDF prints the page on the paper its style sheet asks for.
func (p *Page) PDF(t *testing.T) []byte {
	t.Helper()
	var pdf []byte
	err := chromedp.Run(p.ctx, chromedp.ActionFunc(func(ctx context.Context) (err error) {
		pdf, _, err = page.PrintToPDF().WithPreferCSSPageSize(true).WithPrintBackground(true).Do(ctx)
		return err
	}))
	if err != nil {
		t.Fatalf("print: %v", err)
	}
	return pdf
}

// Screenshot is the viewport, or the whole page, as PNG.
func (p *Page) Screenshot(t *testing.T, whole bool) []byte {
	t.Helper()
	var png []byte
	err := chromedp.Run(p.ctx, chromedp.ActionFunc(func(ctx context.Context) (err error) {
		shot := page.CaptureScreenshot()
		if whole {
			shot = shot.WithCaptureBeyondViewport(true)
			_, _, _, _, _, size, err := page.GetLayoutMetrics().Do(ctx)
			if err != nil {
				return err
			}
			shot = shot.WithClip(&page.Viewport{Width: size.Width, Height: size.Height, Scale: 1})
		}
		png, err = shot.Do(ctx)
		return err
	}))
	if err != nil {
		t.Fatalf("screenshot: %v", err)
	}
	return png
}

// Press presses keys one after another, as a person at the keyboard does: text, or
// the keys of chromedp/kb.
func (p *Page) Press(t *testing.T, keys ...string) {
	t.Helper()
	for _, k := range keys {
		if err := chromedp.Run(p.ctx, chromedp.KeyEvent(k)); err != nil {
			t.Fatalf("press %q: %v", k, err)
		}
	}
}

// Go presses a key that leads to another page, and waits for that.
func (p *Page) Go(t *testing.T, key string) {
	t.Helper()
	if _, err := chromedp.RunResponse(p.ctx, chromedp.KeyEvent(key)); err != nil {
		t.Fatalf("press %q and follow: %v", key, err)
	}
}
