package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/chromedp/chromedp"
)

// paint says how soon the overview of the default demo is first painted in a
// headless browser that has nothing of it in its cache, and what it weighs.
func (b *bench) paint() error {
	site, err := b.site()
	if err != nil {
		return err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.WindowSize(1440, 900))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	defer stop()
	ctx, stop = chromedp.NewContext(ctx)
	defer stop()
	if err := chromedp.Run(ctx); err != nil {
		fmt.Printf("\nfirst paint: not measured, no browser starts (%v). Try: apt-get install chromium\n", err)
		return nil
	}
	var paints, loads []float64
	for range b.rounds {
		var at struct{ Paint, Load float64 }
		tab, end := chromedp.NewContext(ctx)
		err := chromedp.Run(tab, chromedp.Navigate("file://"+filepath.Join(site, "index.html")),
			chromedp.Poll("performance.getEntriesByName('first-contentful-paint').length > 0", nil),
			chromedp.Evaluate(`({
				Paint: performance.getEntriesByName('first-contentful-paint')[0].startTime,
				Load: performance.getEntriesByType('navigation')[0].loadEventEnd,
			})`, &at))
		end()
		if err != nil {
			return err
		}
		paints, loads = append(paints, at.Paint), append(loads, at.Load)
	}
	slices.Sort(paints)
	slices.Sort(loads)
	fmt.Printf("\noverview of the default demo in a headless browser, medians of %d\n", b.rounds)
	fmt.Printf("  %-38s %6.0f ms\n  %-38s %6.0f ms\n", "first contentful paint", paints[len(paints)/2], "loaded, charts drawn",
		loads[len(loads)/2])
	return weigh(site)
}

// site is that of a default demo, made where there is none yet.
func (b *bench) site() (string, error) {
	project := filepath.Join(b.dir, "demo")
	current := filepath.Join(project, "var", "CURRENT")
	if _, err := os.Stat(current); err != nil {
		if out, err := exec.Command(b.binary, "demo", "--dir", project).CombinedOutput(); err != nil {
			return "", fmt.Errorf("demo: %w: %s", err, out)
		}
	}
	id, err := os.ReadFile(current)
	return filepath.Join(project, "var", "releases", strings.TrimSpace(string(id)), "site"), err
}

// weigh prints the bytes of the site, of its overview and of what all pages share.
func weigh(site string) error {
	var total int64
	err := filepath.WalkDir(site, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		total += info.Size()
		switch name := e.Name(); name {
		case "index.html", "site.js", "site.css":
			fmt.Printf("  %-38s %6.0f kB\n", name, float64(info.Size())/1e3)
		}
		return nil
	})
	fmt.Printf("  %-38s %6.1f MB\n", "all pages", float64(total)/1e6)
	return err
}
