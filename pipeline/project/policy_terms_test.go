package project_test

import (
	"path/filepath"
	"strings"
	"testing"

	"citykpi/pipeline/project"
	"citykpi/pipeline/projecttest"
)

// A commitment says each number and word that its model counts by, no others, and what others of its
// jurisdiction say of them.
func TestBadTerms(t *testing.T) {
	const head = `document: ZZ
title: 例
number: 例
issuer: 例
issued: 2024-01-01
region: "320100"
status: in_force
commitments:
`
	for _, c := range []struct{ name, commitment, want string }{
		{"a term that is not said", "kpi: deputy_contract, variant: deputy",
			"sql/kpi/deputy_contract.sql counts by amount, 单份合同成交额下限（元）, and the commitment does not say it. Try: terms: {amount: […]}"},
		{"an empty term", "kpi: deputy_contract, variant: deputy, terms: {amount: []}", "and the commitment does not say it"},
		{"a word for a number", "kpi: deputy_contract, variant: deputy, terms: {amount: [三十万]}",
			`terms: amount is ["三十万"], want one number`},
		{"two numbers", "kpi: deputy_contract, variant: deputy, terms: {amount: [300000, 5]}",
			`terms: amount is ["300000" "5"], want one number`},
		{"another number than another commitment's", "kpi: deputy_contract, variant: deputy, terms: {amount: [500000]}",
			`terms: amount is ["500000"], and ["300000"] of NJ88-021 at data/policies/nj88.yaml:`},
		{"a term of another variant", "kpi: industry_fund, variant: concept, terms: {kinds: [software]}",
			"terms: nothing is counted by kinds here"},
		{"a misspelt term", "kpi: industry_fund, variant: first_batch, terms: {kind: [software]}",
			`terms: nothing is counted by kind here, and by ["kinds"] there is`},
		{"a term of a kind of activity", `kpi: activity, variant: "ZZ-001:technology"`, "sql/kpi/activity.sql counts by technology"},
		{"a term of a second figure",
			"kpi: industry_fund, variant: concept, also: [{measure: named, title: 例, kpi: industry_fund, variant: first_batch}]",
			"sql/kpi/industry_fund.sql counts by kinds"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := projecttest.Folder(t)
			projecttest.Write(t, filepath.Join(dir, "data/policies/zz.yaml"),
				head+"  - {id: ZZ-001, article: \"1\", name: 例, kind: cumulative, unit: 项, "+c.commitment+"}\n")
			_, err := project.Open(dir)
			if err == nil || !strings.Contains(err.Error(), "data/policies/zz.yaml:9: ZZ-001: ") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v\nwant ZZ-001: … %s", err, c.want)
			}
		})
	}
}

// What is wrong with the rules of recognition is told with the file and what to write.
func TestBadRecognition(t *testing.T) {
	const rules = "rules: [{rule: \"2022\", title: 例, from: 2022-06-01}]\n"
	const tiers = "tiers: [{tier: innovative, years: 3}, {tier: specialised, years: 3}, " +
		"{tier: little_giant, years: 3}, {tier: champion, years: 3, beside: true}]\n"
	twice := strings.Replace(tiers, "specialised", "innovative", 1)
	for text, want := range map[string]string{
		rules + strings.Replace(tiers, "specialised, years: 3", "specialised, years: 0", 1): "specialised holds 0 years",
		rules + twice: `tiers are ["champion" "innovative" "innovative" "little_giant"]. Try: each of`,
		rules[:len(rules)-2] + ", {rule: \"2021\", title: 例, from: 2021-06-01}]\n" + tiers: `the rules "2021", 例, hold from "2021-06-01"`,
		tiers: "there are no rules",
	} {
		dir := projecttest.Folder(t)
		projecttest.Write(t, filepath.Join(dir, "data/recognition.yaml"), text)
		if _, err := project.Open(dir); err == nil || !strings.Contains(err.Error(), "data/recognition.yaml: "+want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}
