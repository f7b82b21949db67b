package place

import (
	"slices"
	"testing"

	"citykpi/data"
	"citykpi/pipeline/kpi"

	"github.com/goccy/go-yaml"
)

// shippedRegions are those of Nanjing.
func shippedRegions(t testing.TB) *Index {
	t.Helper()
	b, err := data.FS.ReadFile("regions/320100.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var regions struct {
		Regions []kpi.Region `yaml:"regions"`
	}
	if err := yaml.Unmarshal(b, &regions); err != nil {
		t.Fatal(err)
	}
	return New(regions.Regions)
}

func TestPlaces(t *testing.T) {
	p := shippedRegions(t)
	for in, want := range map[string]string{"江宁区": "320115", "江宁": "320115", "南京市江宁区": "320115", "320121": "320115",
		"320115001": "320115", "江宁区工信局": "320115",
		"江北新区": "320191", "江宁开发区": "320115-01", "市本级": "320100", "南京市": "320100", "白下区": "320104", "苏州市": "", "330100": "", "园区": ""} {
		if got, ok := p.District(in); got != want || ok != (want != "") {
			t.Errorf("District(%s) = %s, %v", in, got, ok)
		}
	}
	for in, want := range map[string]string{"南京市浦口区江北新区星火路9号": "320191", "南京市江宁区鼓楼路1号": "320115", "江苏省南京市栖霞区南京经济技术开发区": "320192",
		"南京市江宁区江宁经济技术开发区": "320115-01", "南京市浦口区江北大道1号": "320111", "南京市江宁区江宁高新区": "320115-03", "南京市某路": "", "": "", "鼓楼中山路": "320106"} {
		if got, ok := p.Address([]byte(in)); ok != (want != "") || ok && got != want {
			t.Errorf("Address(%s) = %s, %v", in, got, ok)
		}
	}
	for in, want := range map[string]string{"91320191MA1XQ0A20P": "320191", "91320193MA1XQ0A20P": "320191",
		"320107000123456": "320106", "91320100MA1XQ8UM35": "320100", "91330100MA1XQ8UM35": "", "123": ""} {
		if got, ok := p.Code([]byte(in)); got != want || ok != (want != "") {
			t.Errorf("Code(%s) = %s, %v", in, got, ok)
		}
	}
}

// An address, a district and a code lead to a region there is, or to none.
func FuzzPlaces(f *testing.F) {
	for _, s := range []string{"江宁区秣陵街道", "南京市", "江北新区", "911101080000001238", "91350100M000100Y43", "320115000123456",
		"江苏省南京市建邺区江宁区路1号", ""} {
		f.Add(s)
	}
	p := shippedRegions(f)
	f.Fuzz(func(t *testing.T, s string) {
		known := func(how, code string, ok bool) {
			if ok && code == "" || code != "" && !slices.Contains(p.Codes(), code) {
				t.Fatalf("%s of %q is %q, %v", how, s, code, ok)
			}
		}
		address, ok := p.Address([]byte(s))
		known("the address", address, ok)
		if ok && address == p.Jurisdiction() {
			t.Fatalf("the address %q is said to be below the jurisdiction, and is it", s)
		}
		if again, _ := p.Address([]byte(s + " ")); again != address {
			t.Fatalf("%q is %s, and with a blank behind it %s", s, address, again)
		}
		district, ok := p.District(s)
		known("the district", district, ok)
		region, ok := p.Code([]byte(s))
		known("the code", region, ok)
	})
}
