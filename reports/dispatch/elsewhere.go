package dispatch

import (
	"fmt"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
)

// part is a section, or a part of one, that only some installations have.
type part struct {
	Title     string
	Sentences []string
	Tables    []table
}

// elsewhere is one part for each other jurisdiction that has documents: how its
// commitments stand, what lags, where its regions stand, and its evaluations.
func elsewhere(d *digest.Digest) []part {
	var codes []string
	by := map[string][]digest.Item{}
	for _, it := range d.Elsewhere {
		code := it.Doc.Region
		if by[code] == nil {
			codes = append(codes, code)
		}
		by[code] = append(by[code], it)
	}
	slices.Sort(codes)
	var parts []part
	for i, code := range codes {
		name := d.RegionName(code)
		p := part{Title: han(i) + name}
		for _, s := range digest.ByDocument(by[code]) {
			p.Sentences = append(p.Sentences, fmt.Sprintf("《%s》共 %d 项：%s。", s.Doc.Title, len(s.Items), s.Tally()))
			if behind := s.Behind(); len(behind) > 0 {
				p.Sentences = append(p.Sentences, "滞后事项："+brief(behind))
			}
		}
		regions := slices.DeleteFunc(slices.Clone(d.Snapshot.Regions), func(r kpi.Region) bool { return r.Parent != code || r.Kind == "park" })
		if items := ranked(d, by[code], regions); len(items) > 0 {
			p.Tables = append(p.Tables, rankTable(d, "各地位次", items, regions, kpi.Region{Code: code, Name: name}))
		}
		p.Tables = append(p.Tables, scorecards(d, code)...)
		parts = append(parts, p)
	}
	return parts
}

// brief is items that lag in one sentence, the worst lights first.
func brief(items []digest.Item) string {
	var parts []string
	for _, l := range kpi.Behind {
		for _, it := range lit(items, l) {
			state := l.Chinese()
			if p := digest.Pace(it); p != "" {
				state += "，" + p
			}
			parts = append(parts, it.Name+"（"+state+"）")
		}
	}
	return strings.Join(parts, "；") + "。"
}

// scorecards is the latest evaluation of every holder in a jurisdiction beside the
// one before; nothing where there are none.
func scorecards(d *digest.Digest, jurisdiction string) []table {
	t := table{Class: "scorecards", Title: "联合体绩效评价", Note: "最近一次评价与上一次 · 补助金额单位：万元；历年见工作簿“绩效评价”",
		Columns: columns("..nn.nn.", "联合体", "所在地", "上次得分", "评价年度", "等级", "得分", "应补", "后果")}
	s := figure.Scale{Unit: figure.TableMoney, Divisor: figure.TableMoneyDivisor, Decimals: 1}
	list := slices.DeleteFunc(slices.Clone(d.Snapshot.Scorecards), func(r kpi.ScorecardResult) bool { return d.Jurisdiction(r.Region) != jurisdiction })
	for i, r := range list {
		if i+1 < len(list) && list[i+1].Consortium == r.Consortium {
			continue // a later year stands for it
		}
		before := cell{Text: figure.None, Class: "n"}
		if i > 0 && list[i-1].Consortium == r.Consortium {
			before = exact(figure.Number(list[i-1].Score, 1), &list[i-1].Score)
			before.Small = list[i-1].Grade
		}
		t.Rows = append(t.Rows, row{Cells: []cell{
			{Text: r.Name, Small: r.Consortium}, text(d.RegionName(r.Region)), before, {Text: fmt.Sprint(r.Year), Class: "n"}, text(r.Grade),
			exact(figure.Number(r.Score, 1), &r.Score), amount(r.Subsidy, s), text(r.Consequence),
		}})
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return []table{t}
}
