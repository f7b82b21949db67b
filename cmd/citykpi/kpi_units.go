package main

import (
	"fmt"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"

	"github.com/spf13/cobra"
)

func (a *app) kpiUnitsCmd() *cobra.Command {
	var f kpiFlags
	cmd := &cobra.Command{
		Use:   "units",
		Short: "Responsible units of each jurisdiction ranked by the commitments they lead",
		Args:  usage(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			v, err := a.view(c, f)
			if err != nil {
				return err
			}
			defer v.Close()
			league := kpi.League(v.Snapshot.Documents, v.Snapshot.Attainments)
			slices.SortStableFunc(league, func(a, b kpi.UnitStanding) int { // the installation's own jurisdiction first
				own := v.Snapshot.Region.Code
				switch {
				case a.Region == own && b.Region != own:
					return -1
				case a.Region != own && b.Region == own:
					return 1
				}
				return 0
			})
			l := listing{columns: []string{"region", "rank", "unit", "leads", "joins", "judged", "on pace", "mean gap", "behind"},
				right: []string{"rank", "leads", "joins", "judged", "on pace", "mean gap"}}
			for _, s := range league {
				rank, pace, gap := "—", "—", "—"
				if s.Judged > 0 {
					rank, pace, gap = fmt.Sprint(s.Rank), percent(&s.OnPace), points(s.Gap)
				}
				l.add(v.Catalogue.RegionName(s.Region), rank, s.Unit, fmt.Sprint(s.Leads), fmt.Sprint(s.Joins),
					fmt.Sprint(s.Judged), pace, gap, strings.Join(s.Behind, " "))
			}
			return a.print(l, league)
		},
	}
	cmd.Flags().StringVar(&f.asOf, "as-of", "", "date of the figures (default: the release's)")
	return cmd
}
