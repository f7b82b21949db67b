package main

import (
	"errors"
	"fmt"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/outbox"
	"citykpi/pipeline/returns"
	"citykpi/pipeline/show"
	"citykpi/pipeline/source/reject"

	"github.com/spf13/cobra"
)

type rejectRecord struct {
	File   string `json:"file"`
	Bureau string `json:"bureau"`
	Batch  string `json:"batch_id"`
	reject.Line
}

func (a *app) rejectsCmd() *cobra.Command {
	var bureau, kind, by string
	var rows int
	cmd := &cobra.Command{
		Use:   "rejects",
		Short: "Rows that broke their contract, and the workbooks that take them back to the bureaus",
		Args:  usage(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := a.open()
			if err != nil {
				return err
			}
			switch kind {
			case "match":
				return a.matchQueue(c.Context(), p, rows)
			case "row":
			default:
				return fmt.Errorf("%w: --kind %s: want row or match", errUsage, kind)
			}
			now, err := a.clock()
			if err != nil {
				return err
			}
			list, damage := returns.Of(p, bureau)
			if damage != nil && !errors.Is(damage, lake.ErrDamaged) {
				return damage
			}
			today := kpi.DateOf(now)
			switch by {
			case "":
			case "bureau":
				return errors.Join(a.bureauReturns(list, today), damage)
			default:
				return fmt.Errorf("%w: --by %s: want bureau", errUsage, by)
			}
			records, shown := []rejectRecord{}, []string{}
			var total int64
			for _, r := range list {
				total += r.Open()
				for row, err := range r.Rows() {
					if err != nil {
						return err
					}
					if rows > 0 && len(records) >= rows {
						break
					}
					row = r.Shown(row)
					records = append(records, rejectRecord{r.Name(), r.Bureau, r.Batch, row})
					shown = append(shown, r.Blamed(row))
				}
			}
			l := listing{columns: []string{"file", "sheet", "row", "column", "value", "rule", "reason"}, right: []string{"row"}}
			for i, r := range records {
				if a.format != "table" { // a program wants the cell
					shown[i] = r.Value
				}
				l.add(r.File, r.Sheet, count(r.Row), r.Column, shown[i], r.Rule, r.Reason)
			}
			if err := a.print(l, records); err != nil {
				return err
			}
			if int64(len(records)) < total {
				fmt.Fprintf(a.err, "%d of %d rejected rows; --rows 0 shows all\n", len(records), total)
			}
			for _, r := range list {
				if r.Open() > 0 {
					fmt.Fprintf(a.err, "%s  %d rows open for %d days  %s\n", show.Line(r.Name()), r.Open(), r.Age(today),
						show.Line(p.Mask.Text(outbox.Path(p, r))))
				}
			}
			for _, r := range returns.Tally(list, today) {
				fmt.Fprintf(a.err, "%s  %d of %d rejected rows came back corrected, %s\n", show.Line(r.Bureau), r.Corrected,
					r.Returned, r.RateText())
			}
			return damage // of other batches: what is listed is whole
		},
	}
	cmd.Flags().StringVar(&kind, "kind", "row", "row: rows that broke their contract; match: names that fit no enterprise, or several")
	cmd.Flags().StringVar(&bureau, "bureau", "", "only this bureau: 市工信局")
	cmd.Flags().StringVar(&by, "by", "", "bureau: no rows, but how many each bureau got back, how many are open for how long, "+
		"how many came back corrected")
	cmd.Flags().IntVar(&rows, "rows", 50, "rows to show; 0 is all")
	return cmd
}

// bureauReturns lists what went back to each bureau and what came of it.
func (a *app) bureauReturns(list []returns.Rejected, today kpi.Date) error {
	all := returns.Tally(list, today)
	if err := returns.ReadReasons(list, all); err != nil {
		return err
	}
	l := listing{columns: []string{"bureau", "returned", "corrected", "rate", "open", "oldest days", "mostly"},
		right: []string{"returned", "corrected", "rate", "open", "oldest days"}}
	for _, r := range all {
		mostly := "—"
		if rules := r.Rules(); len(rules) > 0 {
			mostly = fmt.Sprintf("%s %s (%d)", rules[0].Rule, rules[0].Words, rules[0].Rows)
		}
		l.add(r.Bureau, count(r.Returned), count(r.Corrected), r.RateText(), count(r.Open), count(int64(r.Days)), mostly)
	}
	return a.print(l, all)
}
