package main

import (
	"citykpi/licences"

	"github.com/spf13/cobra"
)

func (a *app) licencesCmd() *cobra.Command {
	var full bool
	cmd := &cobra.Command{
		Use:   "licences",
		Short: "What others' works are part of this program, and under which licences",
		Long: `Licences lists every Go module linked into this program, every npm package bundled
for its pages and every library inside its database engine, as gathered when it was built.
With --full it prints the notice to be handed on together with the program: the words of
all these licences.`,
		Example: "  citykpi licences --full > NOTICE",
		Args:    usage(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			list, err := licences.Load()
			if err != nil {
				return err
			}
			if full && a.format != "json" {
				return licences.Write(a.out, list)
			}
			l := listing{columns: []string{"kind", "name", "version", "licence", "source"}}
			for i, c := range list {
				l.add(c.Kind, c.Name, c.Version, c.Licence, c.Source)
				if !full {
					list[i].Texts = nil
				}
			}
			return a.print(l, list)
		},
	}
	cmd.Flags().BoolVar(&full, "full", false, "print the words of every licence")
	return cmd
}
