package project

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/syntax"
	"citykpi/pipeline/warehouse"

	"github.com/goccy/go-yaml/ast"
)

// choose leaves the documents and jurisdictions out that citykpi.yml does not name, with
// what was only filed for them: they are in no release. What bureaus file of it is loaded
// all the same, so that another choice finds it. Neither key: everything that is installed.
func (p *Project) choose(config *ast.File) error {
	wrong := p.choiceProblems(config)
	if wrong != nil {
		return wrong.err()
	}
	chosen := func(d kpi.Document) bool {
		return (p.Config.Jurisdictions == nil || slices.Contains(p.Config.Jurisdictions, d.Region)) &&
			(p.Config.Documents == nil || slices.Contains(p.Config.Documents, d.ID))
	}
	var keep []kpi.Document
	answers, spare := map[string]bool{}, map[string]bool{} // sources that chosen documents are answered from, and others
	for _, d := range p.Documents {
		into := spare
		if chosen(d) {
			keep, into = append(keep, d), answers
		} else {
			p.Spare = append(p.Spare, d)
			for _, c := range slices.Concat(d.Commitments, d.Indicators) {
				delete(p.Sentences, c.ID)
			}
		}
		for _, l := range warehouse.Lines(d) {
			for _, s := range p.Models.Sources("kpi." + l.Model) {
				into[s] = true
			}
		}
	}
	p.Documents, p.Idle = keep, map[string]bool{}
	for _, d := range p.Documents {
		for _, list := range [][]kpi.Commitment{d.Commitments, d.Indicators} {
			for i := range list {
				p.unmention(&list[i])
			}
		}
	}
	for _, c := range p.Contracts {
		elsewhere := p.Config.Jurisdictions != nil && !slices.Contains(p.Config.Jurisdictions, cmp.Or(c.Jurisdiction, p.Config.Region))
		if elsewhere || spare[c.Source] && !answers[c.Source] {
			p.Idle[c.Source] = true
		}
	}
	return nil
}

// Installed are all documents of data/policies, chosen or not.
func (p *Project) Installed() []kpi.Document { return slices.Concat(p.Documents, p.Spare) }

// mentioned is a commitment's id in a text: NJGT-027, NT-S09.
var mentioned = regexp.MustCompile(`[A-Z]+[0-9]*-[A-Z]*[0-9]+`)

// unmention takes out of a commitment's texts what they say of documents that are left out and of their commitments: whoever
// does not use a document is not sent to it. A text says one thing between two ；, as policies write it.
func (p *Project) unmention(c *kpi.Commitment) {
	elsewhere := func(said string) bool {
		return slices.ContainsFunc(mentioned.FindAllString(said, -1), p.LeftOut) ||
			slices.ContainsFunc(p.Spare, func(d kpi.Document) bool { return d.Number != "" && strings.Contains(said, d.Number) })
	}
	without := func(text string) string {
		return strings.Join(slices.DeleteFunc(strings.Split(text, "；"), elsewhere), "；")
	}
	c.Decision, c.Summary = without(c.Decision), without(c.Summary)
	c.Assumed = slices.DeleteFunc(slices.Clone(c.Assumed), elsewhere)
	if p.LeftOut(c.SameAs) {
		c.SameAs = ""
	}
}

// choiceProblems holds what citykpi.yml names against what is installed.
func (p *Project) choiceProblems(config *ast.File) (wrong problems) {
	bad := func(key string, i int, format string, args ...any) {
		wrong = append(wrong, fmt.Errorf("%s:%d: %s: %s", ConfigFile, syntax.Line(config, key)+i, key, fmt.Sprintf(format, args...)))
	}
	var ids, tops []string
	region := map[string]string{}
	for _, d := range p.Documents {
		ids, region[d.ID] = append(ids, d.ID), d.Region
	}
	for _, r := range p.Regions {
		if r.Parent == "" {
			tops = append(tops, r.Code)
		}
	}
	for _, code := range p.Config.Jurisdictions {
		if !slices.Contains(tops, code) {
			bad("jurisdictions", 0, "%q is no jurisdiction of data/regions. Try: one of %q", code, tops)
		}
	}
	if p.Config.Jurisdictions != nil && !slices.Contains(p.Config.Jurisdictions, p.Config.Region) {
		bad("jurisdictions", 0, "the installation's own region %s is missing. Try: add it", p.Config.Region)
	}
	for _, id := range p.Config.Documents {
		switch {
		case !slices.Contains(ids, id):
			bad("documents", 0, "no document of data/policies has the id %q%s", id, didYouMean(id, ids))
		case p.Config.Jurisdictions != nil && !slices.Contains(p.Config.Jurisdictions, region[id]):
			bad("documents", 0, "%s is a document of %s, which jurisdictions leaves out. "+
				"Try: name it there, or leave the document out", id, region[id])
		}
	}
	return wrong
}

// LeftOut reports whether a commitment is one of a document that citykpi.yml leaves out.
func (p *Project) LeftOut(id string) bool {
	for _, d := range p.Spare {
		for _, list := range [][]kpi.Commitment{d.Commitments, d.Indicators} {
			if slices.ContainsFunc(list, func(c kpi.Commitment) bool { return c.ID == id }) {
				return true
			}
		}
	}
	return false
}

// Places are the regions of the chosen jurisdictions.
func (p *Project) Places() []kpi.Region {
	if p.Config.Jurisdictions == nil {
		return p.Regions
	}
	var list []kpi.Region
	for _, code := range p.Config.Jurisdictions {
		list = append(list, p.Within(code)...)
	}
	return list
}
