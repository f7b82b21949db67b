package chart

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
)

func v(f float64) *float64 { return &f }

func TestNiceAxisHoldsTheValueInFewSteps(t *testing.T) {
	for _, c := range []struct{ value, end, step float64 }{
		{0, 1, 1}, {1, 1, 0.2}, {108, 125, 25}, {5400, 6000, 2000}, {324, 400, 100}, {13900, 15000, 5000}, {0.45, 0.5, 0.1},
	} {
		end, step := niceAxis(c.value, false)
		if diff := end - c.end; diff > 1e-9 || diff < -1e-9 {
			t.Errorf("niceAxis(%v) ends at %v, want %v", c.value, end, c.end)
		}
		if diff := step - c.step; diff > 1e-9 || diff < -1e-9 {
			t.Errorf("niceAxis(%v) steps by %v, want %v", c.value, step, c.step)
		}
	}
	for value := 0.01; value < 1e11; value *= 1.37 {
		end, step := niceAxis(value, false)
		if n := end / step; end < value || n > 5.001 || end > value*2 {
			t.Errorf("niceAxis(%v) = %v by %v", value, end, step)
		}
	}
}

func TestCountsStandOnWholeSteps(t *testing.T) {
	for value, want := range map[float64]float64{1: 1, 1.08: 1, 2.16: 1, 5.4: 2, 12: 5, 54: 20, 10800: 2500} {
		if end, step := niceAxis(value, true); step != want || end < value || end/step > 5 {
			t.Errorf("niceAxis(%v) of a count = %v by %v, want steps of %v", value, end, step, want)
		}
	}
	axis := func(unit string, values ...float64) float64 {
		d := TrendData{Unit: unit, Names: make([]string, len(values)), Target: v(1)}
		for _, value := range values {
			d.Values = append(d.Values, v(value))
		}
		raw, err := json.Marshal(Trend(d).Option["yAxis"])
		if err != nil {
			t.Fatal(err)
		}
		var back []struct{ MinInterval float64 }
		if err := json.Unmarshal(raw, &back); err != nil {
			t.Fatal(err)
		}
		return back[0].MinInterval
	}
	if step := axis("批", 0, 1); step != 1 {
		t.Errorf("批 are counted in steps of %v", step)
	}
	if step := axis("万件", 0.2, 0.9); step >= 1 {
		t.Errorf("what is measured in fractions has steps of %v", step)
	}
}

// TestHuesAreNoLights: a category in the colour of a light would look judged.
func TestHuesAreNoLights(t *testing.T) {
	css, err := os.ReadFile("../assets/src/base.css")
	if err != nil {
		t.Fatal(err)
	}
	lights := regexp.MustCompile(`--(green|yellow|orange|red): (#[0-9a-f]{6});`).FindAllSubmatch(css, -1)
	if len(lights) != 4 {
		t.Fatalf("%d lights in base.css, want 4", len(lights))
	}
	for _, light := range lights {
		if slices.Contains(hues, string(light[2])) {
			t.Errorf("%s is the colour of the light %s", light[2], light[1])
		}
	}
}

func TestSpark(t *testing.T) {
	gap := string(Spark([]*float64{v(1), nil, v(3), v(4)}, false, "走势"))
	if strings.Count(gap, "M") != 3 { // two runs and the last dot
		t.Errorf("a gap is bridged: %s", gap)
	}
	if got := Spark([]*float64{nil, nil}, false, "走势"); got != "" {
		t.Errorf("a line without values is drawn: %s", got)
	}
	bars := string(Spark([]*float64{v(0), v(2), v(4)}, true, "走势"))
	if !strings.Contains(bars, `class="spark-bar last" x="176" y="2"`) || !strings.Contains(bars, `height="40"`) {
		t.Errorf("columns do not start at zero and end at the largest: %s", bars)
	}
	if flat := string(Spark([]*float64{v(5), v(5)}, false, "走势")); strings.Contains(flat, "NaN") {
		t.Errorf("a flat line: %s", flat)
	}
}

func TestBulletShowsPaceOnlyBeforeTheTarget(t *testing.T) {
	before := string(Bullet(62, 100, v(75), kpi.Orange, "完成率"))
	after := string(Bullet(120, 100, v(100), kpi.Met, "完成率"))
	if !strings.Contains(before, "bullet-pace") || strings.Contains(after, "bullet-pace") {
		t.Errorf("before: %s\nafter: %s", before, after)
	}
	if !strings.Contains(before, "fill-orange") || !strings.Contains(after, "fill-met") {
		t.Error("the bar does not take the colour of its light")
	}
}

func TestProgressesCutWhatIsBeyondTheScale(t *testing.T) {
	got := string(Progresses([]Progress{
		{Name: `"><script>`, Rate: 32.6, Time: v(75), Light: kpi.Red}, {Name: "专精特新", Rate: 168.8, Time: v(100), Light: kpi.Met},
	}, "进度"))
	if strings.Count(got, `class="break"`) != 1 || !strings.Contains(got, "168.8%") || !strings.Contains(got, "32.6%") {
		t.Errorf("the bar beyond the scale is not marked, or a rate is missing: %s", got)
	}
	if strings.Contains(got, "<script>") {
		t.Error("a name became markup")
	}
}

func TestColumnsTakeTheScaleOfTheLargest(t *testing.T) {
	got := string(Columns([]Group{{"2026Q2", []float64{2.1e10, 1.7e10}}, {"2026Q3", []float64{2.666e10, 2.186e10}}},
		[]string{"成交额", "技术交易额"}, "技术合同"))
	for _, want := range []string{"单位：亿元", ">300<", ">0<", "series-2", "技术交易额", "2026Q3"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
}

func TestInteractiveEscapesAndScales(t *testing.T) {
	c := Ranking("</script><script>", "元", []Bar{{"甲\u2028", 3.2e9}, {"__f__alert(1)__f__", 1e8}})
	raw, err := c.JSON()
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"<", ">", "&", "\u2028"} {
		if strings.Contains(string(raw), bad) {
			t.Errorf("the JSON holds %q: %s", bad, raw)
		}
	}
	var back struct {
		Unit    string
		Divisor float64
		Option  struct {
			Series []struct {
				Data []struct{ Value float64 }
			}
			YAxis []struct{ Data []string }
		}
	}
	if err := json.Unmarshal([]byte(raw), &back); err != nil {
		t.Fatal(err)
	}
	if back.Unit != "亿元" || back.Divisor != 1e8 || back.Option.Series[0].Data[0].Value != 3.2e9 ||
		back.Option.YAxis[0].Data[1] != "__f__alert(1)__f__" {
		t.Errorf("the chart says %+v", back)
	}
}

func TestTrendIsTheSameEveryTime(t *testing.T) {
	data := TrendData{Label: "小巨人", Unit: "家", Names: []string{"2026Q1", "2026Q2", "2026Q3", "2026Q4"},
		Values: []*float64{v(0), nil, v(361), nil},
		Pace:   []*float64{v(100), v(200), v(300), v(300)}, Forecast: []*float64{nil, nil, v(361), v(400)},
		Target: v(300), Goal: "目标 300 家"}
	first, err := Trend(data).JSON()
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if again, _ := Trend(data).JSON(); again != first {
			t.Fatal("two renderings differ")
		}
	}
	for _, want := range []string{`"yAxis":300`, `"name":"目标 300 家"`, `"type":"dashed"`, `{"value":0}`, `{"value":"-"}`} {
		if !strings.Contains(string(first), want) {
			t.Errorf("no %s in %s", want, first)
		}
	}
}

func TestSankeyKeepsOrderAndGreysPlaces(t *testing.T) {
	c := Sankey("流向", "元", []Node{{"甲</script>", 0}, {"→ 乙", Grey}}, []Stream{{"甲</script>", "→ 乙", 2e8}})
	json, err := c.JSON()
	if err != nil {
		t.Fatal(err)
	}
	text := string(json)
	if strings.Contains(text, "</script>") || c.Unit != "亿元" {
		t.Errorf("a name ends the element, or the unit is %s: %s", c.Unit, text)
	}
	first, second := strings.Index(text, hues[0]), strings.Index(text, grey)
	if first < 0 || second < first {
		t.Errorf("the nodes are not coloured in their order: %s", text)
	}
}
