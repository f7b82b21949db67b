package project

import (
	"strings"
	"testing"
	"testing/fstest"
)

// A word or a code that means two regions of a jurisdiction is refused: which one a row is of would be a guess.
func TestRegionsAreToldApart(t *testing.T) {
	const district = `kind: district, parent: "320100"`
	const city = `- {code: "320100", name: 南京市, short: 南京, kind: city}
- {code: "320115", name: 江宁区, short: 江宁, ` + district + `, codes: ["320121"]}
`
	for more, want := range map[string]string{
		`{code: "320115", name: 鼓楼区, short: 鼓楼, ` + district + `}`:                              "320115 is the code of 江宁区 and of 鼓楼区",
		`{code: "320106", name: 江宁区, short: 鼓楼, ` + district + `}`:                              "江宁区 means 320115 江宁区 and 320106 江宁区",
		`{code: "320106", name: 鼓楼区, short: 鼓楼, kind: district, parent: "320115", alias: [江宁]}`: "江宁 means 320115 江宁区 and 320106 鼓楼区",
		`{code: "320106", name: 鼓楼区, short: 鼓楼, ` + district + `, codes: ["320121"]}`:           "320121 means 320115 江宁区 and 320106 鼓楼区",
		`{code: "320106", name: 鼓楼区, short: 鼓楼, ` + district + `, alias: [鼓楼]}`:                 "",
		`{code: "230000", name: 黑龙江省, short: 江宁, kind: province}`:                               "", // another jurisdiction
	} {
		p := &Project{Config: DefaultConfig, Data: fstest.MapFS{"regions/x.yaml": {Data: []byte("regions:\n" + city + "- " + more + "\n")}}}
		err := p.readRegions()
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want+". Try: ") {
			t.Errorf("%s: %v, want %s", more, err, want)
		}
	}
}
