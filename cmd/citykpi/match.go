package main

import (
	"context"
	"fmt"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/outbox"
	"citykpi/pipeline/project"
)

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
	l := listing{columns: []string{"named as", "name", "rows", "sources", "candidates"}, right: []string{"rows"}}
	for _, m := range shown {
		l.add(m.NamedAs, m.Name, count(m.Rows), m.Sources, outbox.Candidates(m))
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
	path, err := outbox.WriteMatches(p, v.Snapshot.Release, queue)
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
	l := listing{columns: append([]string{"数据"}, columns...), right: columns}
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
