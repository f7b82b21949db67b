package dashboard

import (
	"fmt"
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/reports/figure"
)

// parksView is the page about the key parks.
type parksView struct {
	Sentence string
	Items    [5]string
	Cohorts  []cohort
	Tasks    *rows
	Stands   *rows
	Lines    []line
	Document string
}

type cohort struct {
	Name     string // also what its rows are listed under
	Parks    []kpi.Park
	Sum      kpi.Park
	Full     [5]int // parks that have each of the five
	Plans    int    // parks that have a plan
	Five     int    // parks that have all five
	Promised [5]promise
}

// promise is the figure of the commitment that counts what a column of the matrix shows
// standing; it counts what was ever recognised, and each once.
type promise struct {
	fig
	Href string // "": no commitment counts it
}

// promised are the models and variants that count the columns 共建平台, 联培研究生, 领军人才,
// 顶尖人才 and 新赛道 for a cohort.
func (w *site) promised(cohort string) (list [5]promise) {
	for i, m := range [5][2]string{
		{"park_platform", cohort}, {"joint_graduate", cohort}, {"park_talent", cohort + "_leading"},
		{"park_talent", cohort + "_top"}, {"new_track", cohort},
	} {
		list[i].Text = figure.None
		if it, ok := w.lister(m[0], m[1]); ok && it.At.Value != nil {
			list[i] = promise{figOf(it.At, "value", figure.Count(*it.At.Value), it.At.Value), commitmentPage(it.ID)}
		}
	}
	return list
}

// fiveOne are the five things every park shall have, fiveTopics what their rows are of.
var (
	fiveOne    = [5]string{"产业方向", "科创平台", "领军人才", "转化基金", "标杆项目"}
	fiveTopics = [5]string{"direction", "platform", "talent", "fund", "project"}
)

var cohortNames = []struct{ key, name string }{{"pilot", "省级试点园区"}, {"trial", "市级试行园区"}}

// colours are the states of a task.
var colours = map[string][2]string{"green": {"●", "绿"}, "yellow": {"▲", "黄"}, "red": {"■", "红"}, "done": {"◆", "完成"}}

// parkTopics are what stands in a park, as its list names it.
var parkTopics = map[string]string{
	"direction": "产业方向", "platform": "科创平台", "talent": "领军人才（五个一）", "fund": "转化基金", "project": "标杆项目", "joint_plan": "协同方案",
	"pairing": "结对高校", "research": parkPlatforms, "verification": parkPlatforms, "integration": parkPlatforms,
	"graduate": "联培研究生", "leading": "领军人才", "top": "顶尖人才", "track": "新赛道",
}

const parkPlatforms = "共建平台"

// stands is a number of things of a park or of a cohort, leading to their list.
func stands(column, name, topic string, n int) any {
	return counted(n, where("parks.html", "k-items", column, name, "内容", topic))
}

// has is a dot of a park that leads to what it stands for, if the park has it.
func has(park, topic string, stands bool) any {
	return different(map[bool]int{true: 1}[stands], "园区", where("parks.html", "k-items", "园区", park, "内容", parkTopics[topic]))
}

// having is how many parks of a cohort have something, leading to what they have.
func having(cohort, topic string, n int) any {
	return different(n, "园区", where("parks.html", "k-items", "批次", cohort, "内容", parkTopics[topic]))
}

// ofFive is how many of the five a park has, leading to all of them.
func ofFive(park string, n int) any {
	return different(n, "内容", where("parks.html", "k-items", "园区", park, "五个一", "是"))
}

// charged is a number of tasks of a colour, likewise.
func charged(column, name, colour string, n int) any {
	return counted(n, where("parks.html", "k-tasks", column, name, "状态", colours[colour][0]+" "+colours[colour][1]))
}

// taskLists are the lists that tasks stand in.
var taskLists = map[string]string{"park": "园区清单", "city": "市级清单"}

// tasks is a table of tasks of the parks.
func (w *site) tasks(id string, list []kpi.ParkTask) (*rows, error) {
	t := w.rows(id, asText.of("状态"), asWords.of("任务"), asText.of("编号", "清单", "园区", "批次", "区", "责任单位"), asDay.of("完成时限", "状态自"), placed)
	t.Empty = "没有任务清单"
	cohorts := map[string]string{}
	for _, p := range w.detail.Parks {
		cohorts[p.Name] = cohortName(p.Cohort)
	}
	for _, v := range list {
		c := colours[v.Colour]
		t.add(c[0]+" "+c[1], v.Task, v.No, taskLists[v.Level], v.Park, cohorts[v.Park], w.holder(v.Region),
			v.Unit, dueDay(v.Due), v.Since, v.Place)
	}
	return t, t.end()
}

// dueDay is a day that may not be set.
func dueDay(d kpi.Date) any {
	if d.IsZero() {
		return nil
	}
	return d
}

// standing lists what stands in the parks.
func (w *site) standing(v *parksView) error {
	v.Stands = w.rows("k-items", asText.of("园区", "批次", "内容", "五个一"), asWords.of("名称"), asText.of("编号"), asDay.of("起"), placed)
	v.Stands.Empty = "没有园区台账"
	for _, i := range w.detail.ParkItems {
		if topic, ok := parkTopics[i.Topic]; ok {
			five := ""
			if slices.Contains(fiveTopics[:], i.Topic) {
				five = "是"
			}
			v.Stands.add(i.Park, cohortName(i.Cohort), topic, five, i.Name, i.ID, i.From, i.Place)
		}
	}
	return v.Stands.end()
}

func cohortName(key string) string {
	for _, c := range cohortNames {
		if c.key == key {
			return c.name
		}
	}
	return key
}

func (w *site) parks() error {
	v := &parksView{Items: fiveOne}
	complete, red := 0, 0
	for _, c := range cohortNames {
		one := cohort{Name: c.name, Promised: w.promised(c.key)}
		for _, p := range w.detail.Parks {
			if p.Cohort != c.key {
				continue
			}
			p.Region = w.region(p.Region)
			one.Parks = append(one.Parks, p)
			one.add(p)
		}
		complete += one.Five
		if len(one.Parks) > 0 {
			v.Cohorts = append(v.Cohorts, one)
		}
	}
	var err error
	if v.Tasks, err = w.tasks("k-tasks", w.detail.Tasks); err != nil {
		return err
	}
	for _, t := range w.detail.Tasks {
		if t.Colour == "red" {
			red++
		}
	}
	if err := w.standing(v); err != nil {
		return err
	}
	if n := len(w.detail.Parks); n > 0 {
		v.Sentence = fmt.Sprintf("截至 %s，重点园区 %s 个，“五个一”齐备 %d 个；清单任务 %d 项，红灯 %d 项。",
			w.d.AsOf().Chinese(), figure.Count(float64(n)), complete, len(w.detail.Tasks), red)
	}
	for _, it := range w.items() {
		if it.Doc.ID == "NJSG" {
			v.Document = it.Doc.ID
			v.Lines = append(v.Lines, newLine(w.d, it))
		}
	}
	return w.put(page{file: "parks.html", title: "双高协同", template: "parks", data: v})
}

func (c *cohort) add(p kpi.Park) {
	s := &c.Sum
	for i, has := range p.Has {
		if has {
			c.Full[i]++
		}
	}
	if p.Plan {
		c.Plans++
	}
	if p.FiveOne == len(fiveOne) {
		c.Five++
	}
	s.Universities += p.Universities
	s.Platforms += p.Platforms
	s.Graduates += p.Graduates
	s.Leading += p.Leading
	s.Top += p.Top
	s.Tracks += p.Tracks
	s.Green += p.Green
	s.Yellow += p.Yellow
	s.Red += p.Red
	s.Done += p.Done
}
