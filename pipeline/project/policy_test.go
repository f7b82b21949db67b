package project_test

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"citykpi/data"
	"citykpi/pipeline/project"
	"citykpi/pipeline/projecttest"
)

func TestBadPoliciesAreRefusedWithTheirLine(t *testing.T) {
	cases := []struct{ name, old, new, want string }{
		{"tolerance of a range", "target: {at_least: 1000, unit: 家, by: 2025-12-31}\n    units: []\n" +
			"    kpi: agreement_enterprise", "target: {at_most: 1000, tolerance: 0.1, unit: 家}\n    units: []\n" +
			"    kpi: agreement_enterprise", "NJ88-001: target tolerance 0.1"},
		{"no unit", "target: {at_least: 1000, unit: 家, by: 2025-12-31}\n    units: []\n    kpi: agreement_enterprise",
			"target: {at_least: 1000, by: 2025-12-31}\n    units: []\n    kpi: agreement_enterprise", "NJ88-001: target has no unit"},
		{"deadline before issue", "by: 2025-12-31", "by: 2021-12-31",
			"NJ88-001: the deadline 2021-12-31 lies before the document's issue date 2022-09-01"},
		{"two ids", "id: NJ88-002", "id: NJ88-001", "the id stands at data/policies/nj88.yaml:"},
		{"two bounds", "target: {at_least: 1000, unit: 家", "target: {at_least: 1000, at_most: 2000, unit: 家",
			"exactly one of at_least, at_most and between"},
		{"unknown kind", "kind: cumulative", "kind: cumulatif", `kind is "cumulatif"`},
		{"wrong kind for the model", "kind: stock", "kind: cumulative", "does not fit sql/kpi/enterprise_tier.sql"},
		{"unknown variant", "variant: innovative\n", "variant: innovatif\n", `has no variant "innovatif"`},
		{"unknown key", "decision: 2022-09-01起签订校企", "decison: 2022-09-01起签订校企", "unknown field"},
		{"no such region", `region: "320100"`, `region: "320199"`, `region "320199" is not in data/regions`},
		{"no such day", "issued: 2022-09-01", "issued: 2022-09-31", "2022-09-31"},
		{"short title that is long", "short: 校企协同措施", "short: 南京市专精特新企业示范城市若干政策措施", "at most 14 characters"},
		{"short title of another", "short: 校企协同措施", "short: 千校万企方案", "stands at data/policies/hlj.yaml:4 already"},
		{"breaks no bound", "title: 协议数, unit: 份,", "title: 协议数, breaks: true, unit: 份,",
			`measure "agreements" breaks: it belongs to a constraint with a target`},
		{"each of a sum", "variant: NJ88-042\n", "each: 主办单位\n    variant: NJ88-042\n", "mapping key"},
		{"each without a rhythm", "    every: quarter\n    each: 主办单位\n", "    each: 主办单位\n",
			"NJ88-042: each says whom an obligation binds in every period"},
		{"each in another rhythm", "    every: quarter\n    each: 主办单位\n", "    every: half_year\n    each: 主办单位\n",
			"NJ88-042: each: what each had to do of kpi activity is told by quarter. Try: every: quarter"},
		{"each of what is no obligation", "    kind: cumulative\n    target: {at_least: 1000", "    kind: cumulative\n" +
			"    each: 企业\n    target: {at_least: 1000", "NJ88-001: each says whom an obligation binds"},
		{"each of a bound that nobody tells apart", "    kind: cumulative\n" +
			"    target: {at_least: 1000, unit: 家, by: 2025-12-31}", "    kind: constraint\n    each: 企业\n" +
			"    target: {at_least: 1000, unit: 家}",
			"NJ88-001: each: sql/mart/bound.sql does not say how many each has of kpi agreement_enterprise"},
		{"each of what nobody tells apart", "    kind: obligation\n    unit: 场\n    units: [领导小组各成员单位]\n    kpi: activity\n" +
			"    variant: NJ88-042\n", "    kind: obligation\n    unit: 场\n    units: [领导小组各成员单位]\n    kpi: activity\n" +
			"    variant: NJ88-042:signed\n", "NJ88-042: each: sql/mart/duty.sql does not say what each had to do of kpi activity"},
		{"each that is misspelt", "    each: 主办单位\n", "    eachh: 主办单位\n", "unknown field \"eachh\""},
		{"a rhythm that is misspelt", "    every: quarter\n    each: 主办单位\n", "    every: quarterly\n    each: 主办单位\n",
			`NJ88-042: every "quarterly"`},
		{"from of what adds nothing up", "    kind: stock\n", "    kind: stock\n    from: 2023-01-01\n",
			"from says where a sum begins, and stock adds nothing up. Try: kind: cumulative"},
		{"from on no day", "    kind: cumulative\n    target: {at_least: 1000", "    kind: cumulative\n    from: 2023-02-30\n" +
			"    target: {at_least: 1000", "2023-02-30"},
		{"flow of no measure", "    kind: cumulative\n    target: {at_least: 1000", "    kind: cumulative\n    flow: year\n" +
			"    target: {at_least: 1000", "NJ88-001: flow: year is none of its measures. Try: one of those under also"},
		{"long quotation", "words: 组织1000家专精特新企业", "words: 组织1000家专精特新企业" + strings.Repeat("，围绕关键核心技术攻关", 4), "quote at most 40"},
	}
	for _, c := range cases {
		dir := projecttest.Folder(t)
		ownPolicy(t, dir, c.old, c.new)
		_, err := project.Open(dir)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "data/policies/nj88.yaml:") {
			t.Errorf("%s: %v\nwant %q with file and line", c.name, err, c.want)
		}
	}
}

func TestOriginalsGiveTheWholeSentence(t *testing.T) {
	p := projecttest.New(t)
	projecttest.Write(t, filepath.Join(p.Dir, "data", "policies", "originals", "NJ88.txt"),
		"第十条\n鼓励各类人员从事技术转移活动，培养并认定 100名技术经理人。另一句。")
	p = projecttest.Open(t, p.Dir)
	want := "鼓励各类人员从事技术转移活动，培养并认定 100名技术经理人。"
	if got := p.Sentences["NJ88-023"]; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := p.Sentences["NJ88-003"]; got != "" {
		t.Errorf("a sentence that is not there: %q", got)
	}
}

// ownPolicy copies the embedded policy into the project in dir, changed.
func ownPolicy(t *testing.T, dir, old, new string) {
	t.Helper()
	text, err := fs.ReadFile(data.FS, "policies/nj88.yaml")
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(text), old, new, 1)
	if changed == string(text) {
		t.Fatalf("nj88.yaml does not hold %q", old)
	}
	projecttest.Write(t, filepath.Join(dir, "data", "policies", "nj88.yaml"), changed)
}
