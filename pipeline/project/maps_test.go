package project

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"citykpi/pipeline/kpi"
)

var twoDistricts = []kpi.Region{
	{Code: "320100", Name: "南京市", Kind: "city"},
	{Code: "320102", Name: "玄武区", Short: "玄武", Kind: "district", Parent: "320100"},
	{Code: "320191", Name: "江北新区", Short: "江北", Kind: "functional", Parent: "320100", Alias: []string{"江北新区管委会"}},
	{Code: "320102-01", Name: "徐庄软件园", Kind: "park", Parent: "320102"},
}

const square = `[[118,32],[119,32],[119,33],[118,33],[118,32]]`

// feature is a district as a made-up square.
func feature(properties, kind, coordinates string) string {
	return fmt.Sprintf(`{"type":"Feature","properties":%s,"geometry":{"type":%q,"coordinates":%s}}`, properties, kind, coordinates)
}

func collection(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

func TestMapsAreReadByCodeAndByName(t *testing.T) {
	for name, properties := range map[string]string{
		"code": `{"code":"320191","note":"</script>"}`, "number": `{"code":320191}`, "name": `{"name":"江北新区"}`,
		"short": `{"name":"江北"}`, "alias": `{"name":"江北新区管委会"}`,
	} {
		text := collection(feature(properties, "Polygon", `[`+square+`]`),
			feature(`{"name":"玄武"}`, "MultiPolygon", `[[`+square+`],[`+square+`,`+square+`]]`))
		all, err := readMaps(fstest.MapFS{"maps/320100.geojson": {Data: []byte(text)}}, twoDistricts)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := all["320100"]
		if len(got) != 2 || got[0].Region != "320102" || got[1].Region != "320191" || len(got[0].Polygons) != 2 ||
			len(got[0].Polygons[1]) != 2 || got[1].Polygons[0][0][2] != [2]float64{119, 33} {
			t.Errorf("%s: read %+v", name, got)
		}
	}
	if none, err := readMaps(fstest.MapFS{}, twoDistricts); err != nil || len(none) != 0 {
		t.Errorf("without a file: %v, %v", none, err)
	}
}

func TestMapsSayWhatIsWrong(t *testing.T) {
	good := feature(`{"code":"320102"}`, "Polygon", `[`+square+`]`)
	for _, c := range []struct{ file, text, want string }{
		{"320100", `{"type":"Feature"}`, `data/maps/320100.geojson: type is "Feature" with 0 features. Try: a FeatureCollection`},
		{"320100", `{`, "no JSON"},
		{"999999", collection(good), "no region 999999 in data/regions. Try: name the file after a jurisdiction"},
		{"320100", collection(good, good), "feature 2: district 320102 has a feature already"},
		{"320100", collection(feature(`{"name":"鼓楼区"}`, "Polygon", `[`+square+`]`)),
			`feature 1: properties.name "鼓楼区" is no district of the file's region. Try: one of 320102 玄武区, 320191 江北新区`},
		{"320100", collection(feature(`{"name":"徐庄软件园"}`, "Polygon", `[`+square+`]`)), "is no district"},
		{"320100", collection(feature(`{"id":7}`, "Polygon", `[`+square+`]`)),
			`properties have neither code nor name. Try: "code": "320102"`},
		{"320100", collection(feature(`{"code":"320102"}`, "Point", `[118,32]`)), `geometry is "Point". Try: Polygon or MultiPolygon`},
		{"320100", collection(feature(`{"code":"320102"}`, "Polygon", `[[[118,32],[119,32],[119,33]]]`)), "a ring of 3 points"},
		{"320100", collection(feature(`{"code":"320102"}`, "Polygon", `[[[32,118],[33,118],[33,119],[32,118]]]`)),
			"is not on the globe. Try: degrees, longitude first"},
		{"320100", collection(feature(`{"code":"320102"}`, "Polygon", `[["x"]]`)), "coordinates: "},
		{"320100", collection(feature(`{"code":"320102"}`, "Polygon", `[]`)), "a polygon without a ring"},
		{"320100", collection(feature(`{"code":"320102"}`, "MultiPolygon", `[]`)), "no polygon"},
		{"320100", strings.Repeat(" ", mapBytes+1), "bytes, at most"},
		{"320100",
			collection(feature(`{"code":"320102"}`, "Polygon", `[[`+strings.Repeat(`[118,32],`, mapPoints)+`[118,32]]]`)),
			"more than 60000 points"},
	} {
		_, err := readMaps(fstest.MapFS{"maps/" + c.file + ".geojson": {Data: []byte(c.text)}}, twoDistricts)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "data/maps/"+c.file+".geojson: ") {
			t.Errorf("%.60s: %v, want %s", c.text, err, c.want)
		}
	}
}
