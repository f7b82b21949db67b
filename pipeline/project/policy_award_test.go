package project_test

import (
	"path/filepath"
	"strings"
	"testing"

	"citykpi/pipeline/project"
	"citykpi/pipeline/projecttest"
)

// A rule that cannot be reckoned is refused with its file and line and what to write.
func TestBadAwards(t *testing.T) {
	for _, c := range []struct{ name, award, want string }{
		{"a rate above the whole", "{rate: 1.5, base: 保费, per: project}", "award rate 1.5: write a share above 0 and up to 1"},
		{"a rate of nothing named", "{rate: 0.5, per: project}", "award has a rate and no base"},
		{"a share and a piece rate", "{rate: 0.5, each: 5, base: 保费, per: project}", "and no rate beside it"},
		{"a cap of nothing", "{cap: 0, per: project}", "award cap 0: write an amount in 元 above 0"},
		{"a cap for nobody", "{cap: 100}", "award has a cap and no per"},
		{"a cap for something unheard of", "{cap: 100, per: park}", `award per "park": want one of`},
		{"a window without length", "{from: basis}", `award window of 0 months from "basis"`},
		{"a tier that is none", "{tier: giant}", `award tier "giant": want innovative`},
		{"a clause that means another rule", "{clauses: [第6条]}", `clause "第6条" means NJ88-018 already`},
		{"a twin with another twin", "{twin: NJ88-012}", `twin "NJ88-012" names "NJGT-027" as its own twin`},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := projecttest.Folder(t)
			projecttest.Write(t, filepath.Join(dir, "data/policies/zz.yaml"),
				"document: ZZ\ntitle: 例\nnumber: 例\nissuer: 例\nissued: 2024-01-01\nregion: \"320100\"\nstatus: in_force\n"+
					"commitments:\n  - {id: ZZ-001, article: \"1\", name: 例, kind: award_rule, award: "+c.award+"}\n")
			_, err := project.Open(dir)
			if err == nil || !strings.Contains(err.Error(), "data/policies/zz.yaml:9: ZZ-001: ") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v\nwant ZZ-001: … %s", err, c.want)
			}
		})
	}
}
