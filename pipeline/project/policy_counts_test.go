package project_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/project"
	"citykpi/pipeline/projecttest"
	"citykpi/pipeline/warehouse"

	"github.com/goccy/go-yaml"
)

// TestEveryFilterStandsInTheDecision reads the shipped policies and the models they name: what a
// commitment says it counts is what its model holds rows to, written out and not inherited.
func TestEveryFilterStandsInTheDecision(t *testing.T) {
	p := projecttest.New(t)
	figures := 0
	for _, d := range p.Documents {
		for _, c := range slices.Concat(d.Commitments, d.Indicators) {
			parts := []kpi.Part{{Model: c.Model, Variant: c.Variant, Counts: c.Counts}}
			if c.Of != nil {
				parts = []kpi.Part{*c.Of, *c.To}
			}
			for _, part := range parts {
				m, ok := p.Models.Find("kpi." + part.Model)
				if part.Model == "" || !ok {
					continue
				}
				figures++
				variant := part.Variant
				if len(m.Spec.Columns["variant"].IDs) > 0 {
					_, after, found := strings.Cut(variant, ":")
					if variant = after; found {
						variant = ":" + after
					}
				}
				if applied := m.Counts(variant, c.Terms); !slices.Equal(applied, part.Counts) {
					t.Errorf("%s says %q, sql/%s applies %q", c.ID, part.Counts, m.File, applied)
				}
			}
		}
	}
	if figures < 190 {
		t.Fatalf("only %d figures", figures)
	}
	for _, file := range []string{"hlj", "nj88", "njgt", "njsg", "nt"} { // a figure that says nothing would inherit
		checkWritten(t, p, "policies/"+file+".yaml")
	}
}

// TestFilterAndDecisionHoldEachOther changes one of them and not the other.
func TestFilterAndDecisionHoldEachOther(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"the model does not", "counts: [按学校标识码去重，取首次]", "counts: [按学校标识码去重，取首次, 学校在宁]",
			`NJ88-002: counts "学校在宁", which sql/kpi/agreement_university.sql does not hold rows to`},
		{"the decision does not", "身份为在校博士研究生或青年教师, ", "",
			`NJ88-025: sql/kpi/doctoral_service.sql leaves out what is not "身份为在校博士研究生或青年教师"`},
		{"a number that is another", "terms: {amount: [300000]}", "terms: {amount: [500000]}",
			`counts "单份合同成交额30万元以上（含）", which sql/kpi/deputy_contract.sql does not hold rows to`},
		{"a side of a ratio", "counts: [推荐申报“小巨人”, 企业与高校联合攻关]", "counts: [推荐申报“小巨人”]",
			`NJ88-011: of: sql/kpi/tier_application.sql leaves out what is not "企业与高校联合攻关"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := projecttest.Folder(t)
			ownPolicy(t, dir, c.old, c.new)
			if _, err := project.Open(dir); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
}

// checkWritten wants counts in a policy file beside every model that leaves rows out.
func checkWritten(t *testing.T, p *project.Project, file string) {
	t.Helper()
	text, err := fs.ReadFile(p.Data, file)
	if err != nil {
		t.Fatal(err)
	}
	var d kpi.Document
	if err := yaml.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	for _, c := range slices.Concat(d.Commitments, d.Indicators) {
		for _, part := range []kpi.Part{{Model: c.Model, Counts: c.Counts}, orNone(c.Of), orNone(c.To)} {
			m, ok := p.Models.Find("kpi." + part.Model)
			if ok && part.Counts == nil && len(m.Spec.Filters) > 0 &&
				slices.ContainsFunc(m.Spec.Filters, func(f warehouse.Filter) bool { return f.Variants == nil }) {
				t.Errorf("%s: %s has no counts beside kpi: %s", file, c.ID, part.Model)
			}
		}
	}
}

func orNone(p *kpi.Part) kpi.Part {
	if p == nil {
		return kpi.Part{}
	}
	return *p
}
