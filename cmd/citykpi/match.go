package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"citykpi/pipeline"
	"citykpi/pipeline/durable"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/project"
	"citykpi/pipeline/show"
	"citykpi/reports/workbook"
)

// matchSource is the contract of the decisions about names.
const matchSource = "match_decision"

// matchQueue prints what waits for a match and writes it as the workbook that,
// filled in and put into the inbox, decides.
func (a *app) matchQueue(ctx context.Context, p *project.Project, rows int) error {
	v, err := pipeline.OpenView(ctx, p, kpi.Date{})
	if err != nil {
		return err
	}
	defer v.Close()
	queue, err := v.MatchQueue(ctx)
	if err != nil {
		return err
	}
	shown := queue
	if rows > 0 {
		shown = queue[:min(rows, len(queue))]
	}
	l := listing{columns: []string{"named as", "name", "rows", "sources", "candidates"}, right: map[string]bool{"rows": true}}
	for _, m := range shown {
		l.rows = append(l.rows, []string{m.NamedAs, m.Name, count(m.Rows), m.Sources, candidates(m)})
	}
	if err := a.print(l, shown); err != nil {
		return err
	}
	if err := a.matchQuality(ctx, v); err != nil {
		return err
	}
	if len(shown) < len(queue) {
		fmt.Fprintf(a.err, "%d of %d texts; --rows 0 shows all\n", len(shown), len(queue))
	}
	if len(queue) == 0 {
		fmt.Fprintln(a.err, "nothing waits for a match")
		return nil
	}
	path, err := writeMatches(p, v, queue)
	if err != nil {
		return fmt.Errorf("write the queue: %w", err)
	}
	fmt.Fprintf(a.err, "to decide: fill in %s, then put it into the inbox\n", path)
	return nil
}

// matchQuality prints how each source's rows found their enterprises; beside a
// list that a program reads it would be in the way.
func (a *app) matchQuality(ctx context.Context, v *pipeline.View) error {
	if a.format != "table" {
		return nil
	}
	list, err := v.MatchQuality(ctx)
	if err != nil {
		return err
	}
	columns := []string{"行数", "按代码", "按注册号", "按曾用名", "按名称", "按认定", "待认定", "无匹配", "不计入"}
	l := listing{columns: append([]string{"数据"}, columns...), right: map[string]bool{}}
	for _, c := range columns {
		l.right[c] = true
	}
	for _, q := range list {
		row := []string{q.Name}
		for _, n := range []int64{q.Rows, q.ByCode, q.ByNumber, q.ByFormer, q.ByName, q.ByDecision, q.Pending, q.Strange, q.LeftOut} {
			row = append(row, count(n))
		}
		l.rows = append(l.rows, row)
	}
	fmt.Fprintln(a.out)
	return a.print(l, nil)
}

func candidates(m kpi.Match) string {
	var list []string
	for _, c := range m.Candidates {
		mark := "≈"
		if c.SameWords {
			mark = "="
		}
		list = append(list, mark+c.ID+" "+c.Name)
	}
	return strings.Join(list, "；")
}

// writeMatches writes one row per text: what is known of it, then the columns of
// the contract of decisions, empty.
func writeMatches(p *project.Project, v *pipeline.View, queue []kpi.Match) (string, error) {
	release := v.Snapshot.Release
	on := strings.ReplaceAll(release.AsOf.String(), "-", "")
	t := workbook.Table{Name: "待复核", Title: "企业匹配复核 " + on,
		Note: "在“认定统一社会信用代码”中填写所指企业，或在“不计入”中填“是”；未填写的行不作处理。= 名称或注册号相同，≈ 名称相近",
		Columns: []workbook.Column{
			{Title: "所用代码或名称", Width: 36}, {Title: "所写名称", Width: 36}, {Title: "行数", Kind: workbook.Count, Width: 8}, {Title: "数据", Width: 24},
			{Title: "候选企业", Width: 56}, {Title: "认定统一社会信用代码", Width: 24}, {Title: "不计入", Width: 8}, {Title: "说明", Width: 30},
		}}
	for _, m := range queue {
		t.Add(m.NamedAs, m.Name, m.Rows, m.Sources, candidates(m), "", "", "")
	}
	var b bytes.Buffer
	if err := workbook.WriteXLSX(&b, workbook.Properties{Title: t.Title, Created: release.CreatedAt}, t); err != nil {
		return "", err
	}
	bureau := matchSource
	for _, c := range p.Contracts {
		if c.Source == matchSource {
			bureau = c.Bureau
		}
	}
	path := p.Var("outbox", show.FileName(bureau), "企业匹配复核_"+on+".xlsx")
	if err := durable.MakeDir(filepath.Dir(path)); err != nil {
		return "", err
	}
	return path, durable.WriteFile(path, b.Bytes())
}
