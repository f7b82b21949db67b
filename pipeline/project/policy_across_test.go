package project_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"citykpi/pipeline/project"
	"citykpi/pipeline/projecttest"
)

// document is a policy file of 320100 with its commitments on the lines from 9 on.
func document(id, issued, status, commitments string) string {
	return fmt.Sprintf("document: %s\ntitle: 例\nnumber: 例\nissuer: 例\nissued: %s\nregion: \"320100\"\n"+
		"status: %s\ncommitments:\n%s", id, issued, status, commitments)
}

// entry is a commitment of such a file.
func entry(id, rest string) string {
	return fmt.Sprintf("  - {id: %s, article: \"1\", name: 例, %s}", id, rest)
}

func zz(rest string) string { return entry("ZZ-001", rest) }

// What is wrong between commitments and between documents is refused with its
// line and what to write instead.
func TestBadPoliciesBesideOthers(t *testing.T) {
	const managers = "kind: cumulative, target: {at_least: 9, unit: 名, by: 2027-12-31}, kpi: technology_manager"
	meetings := zz("kind: obligation, unit: 场, kpi: activity, variant: ZZ-001") + "\n"
	cases := []struct {
		name, commitments, status, other string
		want                             string // "": nothing is wrong
	}{
		{name: "a ledger's variant is nobody's id", commitments: zz("kind: obligation, unit: 场, kpi: activity, variant: ZZ-01"),
			want: `zz.yaml:9: ZZ-001: variant: no commitment has the id "ZZ-01". Did you mean ZZ-001?`},
		{name: "a ledger's variant with an ending it has not",
			commitments: zz("kind: obligation, unit: 场, kpi: activity, variant: \"ZZ-001:firms\""),
			want: `zz.yaml:9: ZZ-001: sql/kpi/activity.sql has no variant "ZZ-001:firms": want a commitment's id followed by one ` +
				`of ["" ":signed" ":amount" ":technology" ":achievement" ":enterprise"]`},
		{name: "a second figure's too",
			commitments: zz("kind: obligation, unit: 场, kpi: activity, variant: ZZ-001, also: [{measure: signed, title: 例, " +
				"variant: \"ZZ-002:signed\"}]"),
			want: `zz.yaml:9: ZZ-001: variant: no commitment has the id "ZZ-002"`},
		{name: "a twin that is not in its document", commitments: zz("kind: award_rule, award: {twin: NJ88-912}"),
			want: `zz.yaml:9: ZZ-001: twin: no commitment has the id "NJ88-912". Did you mean NJ88-012?`},
		{name: "a twin in a document the project goes without", commitments: zz("kind: award_rule, award: {twin: ZY-001}")},
		{name: "no such model", commitments: zz("kind: cumulative, unit: 名, kpi: technology_managers"),
			want: "zz.yaml:9: ZZ-001: no model sql/kpi/technology_managers.sql. Did you mean technology_manager?"},
		{name: "a parameter without its model", commitments: zz("kind: cumulative, unit: 名, variant: person"),
			want: `zz.yaml:9: ZZ-001: variant "person" without kpi: name the model of sql/kpi`},
		{name: "a ratio of nothing", commitments: zz("kind: ratio, unit: \"%\", of: {kind: cumulative, kpi: technology_manager}"),
			want: "zz.yaml:9: ZZ-001: a ratio needs of and to"},

		{name: "the same count twice at one time", commitments: zz(managers),
			want: "zz.yaml:9: ZZ-001: counts the same as NJ88-023 (data/policies/nj88.yaml:"},
		{name: "and what to write", commitments: zz(managers), want: "sql/kpi/technology_manager.sql. " +
			"Try: same_as: NJ88-023, or another variant"},
		{name: "said to be the same", commitments: zz("same_as: NJ88-023, " + managers)},
		{name: "twice in one file", commitments: zz("same_as: NJ88-023, "+managers) + "\n" + entry("ZZ-002", managers),
			want: "zz.yaml:10: ZZ-002: counts the same as"},
		{name: "the same as nobody", commitments: zz("same_as: NJ88-O23, " + managers),
			want: `zz.yaml:9: ZZ-001: same_as: no commitment has the id "NJ88-O23". Did you mean NJ88-023?`},
		{name: "the same as what counts something else", commitments: zz("same_as: NJ88-003, " + managers),
			want: "zz.yaml:9: ZZ-001: same_as NJ88-003, which counts sql/kpi/enterprise_tier.sql variant innovative and not " +
				"sql/kpi/technology_manager.sql"},
		{name: "the same as itself", commitments: zz("same_as: ZZ-001, " + managers),
			want: "zz.yaml:9: ZZ-001: same_as names the commitment itself"},
		{name: "the same as a copy", commitments: zz("same_as: NJ88-023, "+managers) + "\n" + entry("ZZ-002", "same_as: ZZ-001, "+managers),
			want: "zz.yaml:10: ZZ-002: same_as ZZ-001, which is itself the same as NJ88-023"},
		{name: "the same count after the other's deadline", commitments: meetings,
			other: document("ZY", "2026-01-01", "in_force", entry("ZY-001", managers))},

		{name: "one document in two files", commitments: meetings, other: document("ZZ", "2024-01-01", "in_force", ""),
			want: `zz.yaml:1: ZZ: document "ZZ" stands in data/policies/zy.yaml already`},
		{name: "a document without an id", commitments: meetings, other: document("\"\"", "2024-01-01", "in_force", ""),
			want: "zy.yaml:1: document is missing: write the id its commitments begin with"},
		{name: "one id in two documents", commitments: meetings, other: document("ZY", "2024-01-01", "in_force", meetings),
			want: "zz.yaml:9: ZZ-001: the id stands at data/policies/zy.yaml:9 already"},
		{name: "a successor nobody has", commitments: meetings, status: "superseded\nsuperseded_by: ZX",
			want: `zz.yaml:8: ZZ: superseded_by: no document has the id "ZX"`},
		{name: "superseded and in force", commitments: meetings, status: "in_force\nsuperseded_by: NJSG",
			want: `zz.yaml:8: ZZ: superseded_by NJSG, but status is "in_force": write status: superseded`},
		{name: "a successor from before", commitments: meetings, status: "superseded\nsuperseded_by: NT",
			want: "zz.yaml:8: ZZ: superseded_by NT, which was issued before it, on 2021-01-01"},
		{name: "a circle of two", commitments: meetings, status: "superseded\nsuperseded_by: ZY",
			other: document("ZY", "2024-01-01", "superseded\nsuperseded_by: ZZ", ""),
			want:  "zz.yaml:8: ZZ: the documents supersede each other in a circle, ZZ → ZY → ZZ: the one in force has no superseded_by"},
		{name: "a circle of one", commitments: meetings, status: "superseded\nsuperseded_by: ZZ", want: "in a circle, ZZ → ZZ"},
		{name: "replaced in good order", commitments: zz("same_as: NJ88-023, " + managers), status: "superseded\nsuperseded_by: NJSG"},

		{name: "more than the whole", commitments: zz("kind: ratio, target: {at_least: 101, unit: \"%\"}"),
			want: "zz.yaml:9: ZZ-001: target 101 of a ratio: write percent of the whole"},
		{name: "a share where percent are meant", commitments: zz("kind: ratio, target: {at_least: 0.8, unit: \"%\"}"),
			want: "zz.yaml:9: ZZ-001: target 0.8 of a ratio: write percent of the whole, above 1 and up to 100; four fifths are 80"},
		{name: "a bound with a deadline", commitments: zz("kind: ratio, target: {at_least: 80, bound: true, unit: \"%\", by: 2027-12-31}"),
			want: "zz.yaml:9: ZZ-001: target bound: it belongs to a ratio that must hold at any time"},
		{name: "a rhythm of no year", commitments: zz("kind: cumulative, target: {at_least: 1, every: year, unit: 批}"),
			want: `zz.yaml:9: ZZ-001: target every "year": write quarter, half_year or year, beside per: year`},
		{name: "an assumption about something else", commitments: meetings, status: "in_force\nassumed: {region: 取南京}",
			want: `zz.yaml:8: ZZ: assumed "region": write one of [issued issuer number] and why`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := projecttest.Folder(t)
			if c.status == "" {
				c.status = "in_force"
			}
			projecttest.Write(t, filepath.Join(dir, "data/policies/zz.yaml"), document("ZZ", "2024-01-01", c.status, c.commitments))
			if c.other != "" {
				projecttest.Write(t, filepath.Join(dir, "data/policies/zy.yaml"), c.other)
			}
			_, err := project.Open(dir)
			switch {
			case c.want == "" && err != nil:
				t.Errorf("refused: %v", err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("error %v\nwant … %s", err, c.want)
			}
		})
	}
}

// An assumed date of issue stands beside every figure that is measured from it.
func TestDocumentsSayWhatIsAssumed(t *testing.T) {
	p := projecttest.New(t)
	const why = "方案未署日期，依据文为2022年，起算日取2023-01-01"
	beside := map[string]bool{}
	for _, d := range p.Documents {
		for _, c := range d.Commitments {
			for _, a := range c.Assumed {
				beside[c.ID] = beside[c.ID] || a == why
			}
		}
	}
	for id, want := range map[string]bool{"HLJ-001": true, "HLJ-011": true, "HLJ-008": false, "HLJ-028": true, "NJ88-001": false} {
		if beside[id] != want {
			t.Errorf("%s: assumed date of issue %v, want %v", id, beside[id], want)
		}
	}
}
