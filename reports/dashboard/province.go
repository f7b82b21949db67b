package dashboard

import (
	"html/template"

	"citykpi/reports/digest"
	"citykpi/reports/figure"
	"citykpi/reports/workbook"
)

// provinceView is the page about the province's programme.
type provinceView struct {
	Title       string
	Documents   []documentView
	Prefectures template.HTML
}

// province writes what other jurisdictions' documents promise, prefecture by prefecture.
func (w *site) province() error {
	v := &provinceView{Title: "千校万企"}
	for _, doc := range w.d.Snapshot.Documents {
		if doc.Region != "" && w.regions[doc.Region].Kind == "province" {
			v.Documents = append(v.Documents, w.document(doc))
			v.Title = w.regions[doc.Region].Name + "“千校万企”"
		}
	}
	t := workbook.New("市地", "没有市地数据", workbook.Text.Of("市地"), workbook.Count.Of("成果产业化（项）"),
		workbook.Money.Of("到位投资（万元）", "新增营业收入（万元）"), workbook.Count.Of("培育高新技术企业（家）", "按时报送（份）", "应报（份）"), workbook.Percent.Of("按时报送率（%）"))
	items := map[string]digest.Item{}
	for _, it := range w.items() {
		items[it.ID] = it
	}
	for _, p := range w.detail.Prefectures {
		r := w.regions[p.Code]
		open := func(cell any, id string) any {
			if it, ok := items[id]; ok {
				return w.opened(cell, it, r)
			}
			return cell
		}
		t.Add(p.Name, open(workbook.Value(p.Achievements), "HLJ-001"), open(wan(p.Invested), "HLJ-002"),
			open(wan(p.Revenue), "HLJ-003"), open(workbook.Value(p.HighTech), "HLJ-004"),
			open(workbook.Value(p.OnTime), "HLJ-024"), workbook.Value(p.Owed), workbook.Value(p.Rate))
	}
	var err error
	if v.Prefectures, err = w.linked(t).SortableHTML(); err != nil {
		return err
	}
	return w.put(page{file: "province.html", title: "千校万企", template: "province", data: v})
}

// wan is an amount in 万元 as a cell.
func wan(yuan *float64) any {
	if yuan == nil {
		return nil
	}
	return *yuan / figure.TableMoneyDivisor
}
