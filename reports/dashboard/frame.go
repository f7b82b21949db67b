package dashboard

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
)

// frame is what stands around the content of every page.
type frame struct {
	Site, AsOf, Published, Release, Until string // Until: see digest

	Title  string // of the page; "" on the overview
	Crumbs []link
	Nav    []link
	pages  []link       // those the navigation leads to
	Head   template.CSS // the page's own head on paper
	Policy template.HTMLAttr
}

// link leads to another page.
type link struct {
	Href, Title string
	Note        string // what the title stands for: a document's code and full title
	Here        bool
}

// policy allows the site's own files, one style of the page by its hash, and nothing else.
const policy = "default-src 'none'; img-src data:; script-src 'self'; style-src 'self' 'sha256-%s'; base-uri 'none'; form-action 'none'"

// sections are the pages the navigation leads to.
var sections = []link{
	{Href: "index.html", Title: "总览"}, {Href: "documents.html", Title: "政策文件"}, {Href: "tiers.html", Title: "梯度培育"},
	{Href: "contracts.html", Title: "技术合同"}, {Href: "awards.html", Title: "奖补资金"}, {Href: "talent.html", Title: "人才与平台"},
	{Href: "parks.html", Title: "双高协同"}, {Href: "consortia.html", Title: "创新联合体"}, {Href: "province.html", Title: "千校万企"},
	{Href: "units.html", Title: "责任单位"}, {Href: "districts.html", Title: "各区"}, {Href: "quality.html", Title: "数据质量"},
	{Href: "definitions.html", Title: "口径"}, {Href: "runs.html", Title: "运行"},
}

// sections are the pages of this site: those about a document that the installation does
// not use, and of which nothing stands behind the figures, are left out.
func (w *site) sections() []link {
	asks := func(models ...string) bool {
		return slices.ContainsFunc(w.d.All(), func(it digest.Item) bool { return slices.Contains(models, it.Model) })
	}
	ofProvince := func(d kpi.Document) bool { return w.regions[d.Region].Kind == "province" }
	without := map[string]bool{
		"tiers.html":     len(w.detail.TierMoves) == 0 && len(w.tierItems()) == 0,
		"contracts.html": len(w.d.ContractQuarters()) == 0 && !asks("tech_contract"),
		"awards.html":    len(w.d.Snapshot.Payouts) == 0 && len(w.detail.Budgets) == 0 && !asks("award_payout", "award_rule_paid"),
		"talent.html":    len(w.detail.Platforms) == 0 && !asks(talentModels...),
		"parks.html":     len(w.detail.Parks) == 0 && !w.uses(func(d kpi.Document) bool { return d.ID == "NJSG" }),
		"consortia.html": len(w.d.Snapshot.Scorecards) == 0 && !w.uses(func(d kpi.Document) bool { return d.Scorecard != nil }),
		"province.html":  len(w.detail.Prefectures) == 0 && !w.uses(ofProvince),
	}
	return slices.DeleteFunc(slices.Clone(sections), func(l link) bool { return without[l.Href] })
}

func (w *site) uses(is func(kpi.Document) bool) bool {
	return slices.ContainsFunc(w.d.Snapshot.Documents, is)
}

// leads reports whether the site has the page.
func (w *site) leads(file string) bool {
	return slices.ContainsFunc(w.frame.pages, func(l link) bool { return l.Href == file })
}

// of is the frame of one page.
func (f frame) of(p page) frame {
	f.Title, f.Crumbs = p.title, p.crumbs
	f.Head = template.CSS(pageHead("@top-left", strings.TrimSuffix(f.Site+" · "+f.Title, " · ")))
	sum := sha256.Sum256([]byte(f.Head))
	f.Policy = template.HTMLAttr(`content="` + fmt.Sprintf(policy, base64.StdEncoding.EncodeToString(sum[:])) + `"`)
	under := p.file
	if len(p.crumbs) > 0 {
		under = p.crumbs[0].Href
	}
	for _, l := range f.pages {
		l.Here = l.Href == under
		f.Nav = append(f.Nav, l)
	}
	return f
}

// Overview reports whether the page is the first, which has a wall-screen look.
func (f frame) Overview() bool { return f.Title == "" }

// pageHeads prints date and release at the head of every sheet but the first, where
// they stand in the page; what is printed there of a single page is its Head.
func (f frame) pageHeads() string {
	return pageHead("@top-right", "数据截至 "+f.AsOf+" · 版本 "+f.Release)
}

// pageHead prints text in a corner of every sheet but the first.
func pageHead(corner, text string) string {
	return fmt.Sprintf("@page{%[1]s{content:%[2]s;font-size:8pt;color:#52606d}}@page:first{%[1]s{content:none}}", corner, cssString(text))
}

// cssString quotes text for a style sheet, every character but letters and
// digits escaped, so that it can end neither the string nor the element.
func cssString(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "\\%06x", r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
