package main

import (
	"fmt"
	"slices"
	"strings"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/warehouse"
	"citykpi/reports/digest"

	"github.com/spf13/cobra"
)

func (a *app) kpiExplainCmd() *cobra.Command {
	var f kpiFlags
	var rows int
	var region string
	var showSQL bool
	cmd := &cobra.Command{
		Use:   "explain ID",
		Short: "From the policy's words to the rows that were counted",
		Args:  usage(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			if rows < 0 {
				return fmt.Errorf("%w: --rows %d: want 0 (all) or more", errUsage, rows)
			}
			v, err := a.view(c, f)
			if err != nil {
				return err
			}
			defer v.Close()
			limit := rows
			if a.format != "table" && !c.Flags().Changed("rows") {
				limit = 0
			}
			e, err := v.Explain(c.Context(), args[0], region, limit)
			if err != nil {
				return err
			}
			return a.printExplanation(v, e, showSQL)
		},
	}
	f.bind(cmd)
	cmd.Flags().IntVar(&rows, "rows", 10, "facts to show in a table; 0 is all")
	cmd.Flags().StringVar(&region, "region", "", "a region's code instead of the whole jurisdiction")
	cmd.Flags().BoolVar(&showSQL, "sql", false, "print the model's SQL")
	return cmd
}

func (a *app) printExplanation(v *pipeline.View, e *pipeline.Explanation, showSQL bool) error {
	c, d, at := e.Commitment, e.Document, e.Attainment
	rec := explanation{ID: c.ID, Document: d.ID, Number: d.Number, Article: c.Article, Name: c.Name, Words: c.Words,
		Sentence: v.Catalogue.Sentences[c.ID], Summary: c.Summary, Decision: c.Decision, Counts: counted(c), Whole: c.Whole,
		Assumed: assumptions(d, c), Variant: c.Variant, Region: at.Region, AsOf: v.AsOf,
		Source: at.Source, Carried: datePtr(at.Carried), Data: datePtr(at.Data), Lacks: at.Lacks, Total: e.Total, Facts: e.Facts,
		Evidence: e.Evidence, Unjustified: e.Unjustified, Adjusted: e.Adjusted, Restated: e.Restated, Corrections: e.Corrections}
	rec.Begins = datePtr(c.CountsFrom(d))
	starts := c.CountedFrom(d)
	for _, s := range starts {
		if s.Of != "" || s.All != "" {
			rec.Starts = append(rec.Starts, counting{s.Of, datePtr(s.From), s.All})
		}
	}
	rec.Value, rec.Unit = at.Head(c.ValueUnit())
	rec.Missing = at.Shortfall()
	if rec.Corrections == nil {
		rec.Corrections = []kpi.Correction{}
	}
	if at.Verdict != nil {
		judged := newVerdict(*at.Verdict)
		rec.Verdict = &judged
	}
	rec.Awaits, rec.Unknown = newAwaited(at), newUnknown(at)
	rec.Given = at.Given
	if at.Named() != nil {
		for _, p := range kpi.EachPeriods(d, c, v.Snapshot.Duties, at.Cover, v.AsOf) {
			rec.Subjects = append(rec.Subjects, newSubjects(c, at, p))
		}
	}
	model, variant := c.Model, c.Variant
	if c.Of != nil {
		model, variant = c.Of.Model, c.Of.Variant
	}
	if model != "" {
		file := "sql/kpi/" + model + ".sql"
		rec.Model, rec.Variant = &file, variant
	}
	if a.format == "json" {
		return writeJSON(a.out, rec)
	}
	facts := factListing(v, e.Facts)
	if a.format == "csv" {
		return a.print(facts, nil)
	}
	fmt.Fprintf(a.out, "%s %s   %s · %s\n", c.ID, c.Name, v.Catalogue.RegionName(at.Region), v.AsOf)
	if c.Article == "" { // an indicator is watched, no article promises it
		fmt.Fprintf(a.out, "policy    %s 监测指标，文件未作承诺\n", d.Number)
	} else {
		fmt.Fprintf(a.out, "policy    %s %s：%s（%s）\n", d.Number, orDash(digest.ArticleName(c.Article)), orDash(c.Words), targetWords(c))
	}
	if rec.Sentence != "" {
		fmt.Fprintf(a.out, "original  %s\n", rec.Sentence)
	}
	if c.Summary != "" {
		fmt.Fprintf(a.out, "summary   %s\n", c.Summary)
	}
	fmt.Fprintf(a.out, "decision  %s\n", orDash(c.Decision))
	for _, part := range countsWords(c) {
		fmt.Fprintf(a.out, "%s  %s\n", part[0], part[1])
	}
	for _, s := range starts {
		text := digest.StartText(s)
		if s.Of == "" && s.All == "" {
			text = s.From.String()
		}
		fmt.Fprintf(a.out, "from      %s\n", text)
	}
	if len(rec.Assumed) > 0 {
		fmt.Fprintf(a.out, "推定      %s\n", strings.Join(rec.Assumed, "；"))
	}
	fmt.Fprintf(a.out, "value     %s\n", valueWords(c, at))
	if lacking := digest.Lacking(at); lacking != "" {
		fmt.Fprintf(a.out, "lacks     %s\n", lacking)
	}
	for i := len(rec.Subjects) - 1; i >= 0; i-- {
		s := rec.Subjects[i]
		not := slices.Clone(s.Not)
		for i, n := range s.Numbers {
			not[i] += "（" + number(&n) + " " + s.Unit + "）"
		}
		if s.Carried != nil {
			s.Period += "（沿用 " + s.Carried.String() + "）"
		}
		fmt.Fprintf(a.out, "subjects  %s   had to %d, did %d   not: %s\n", s.Period, s.Had, s.Did, orDash(strings.Join(not, "、")))
	}
	for _, g := range at.Given {
		fmt.Fprintf(a.out, "关账      %s %s\n", g.Quarter, digest.GivenText(digest.Item{Commitment: c, At: at}, g))
	}
	read := digest.Read(v.Snapshot)
	for _, r := range e.Restated {
		unit := read.RestatementUnit(r)
		fmt.Fprintf(a.out, "重述      %s %s %s   公布 %s，现为 %s %s   %s   新增 %d 条，减少 %d 条，变动 %d 条\n", r.Quarter,
			read.RegionName(r.Region), read.Measure(r),
			number(r.Old), number(r.New), unit, r.Reasons(), r.Came, r.Went, r.Changed)
	}
	if rec.Model == nil {
		return nil
	}
	if variant != "" {
		variant = " (variant " + variant + ")"
	}
	fmt.Fprintf(a.out, "model     %s%s\n", *rec.Model, variant)
	if showSQL {
		fmt.Fprintf(a.out, "\n%s\n", e.ModelSQL)
	}
	for _, u := range e.Unjustified {
		fmt.Fprintf(a.out, "unjust    %s %d：%s（%s %s 第 %d 行）\n", u.Consortium, u.Year, u.Words, u.File, u.Sheet, u.Row)
	}
	for _, u := range e.Adjusted {
		fmt.Fprintf(a.out, "adjusted  %s %d：%s（%s %s 第 %d 行）\n", u.Consortium, u.Year, u.Words, u.File, u.Sheet, u.Row)
	}
	fmt.Fprintf(a.out, "facts     %s, first %d\n", count(int64(e.Total)), len(e.Facts))
	if len(e.Facts) > 0 {
		if err := a.print(facts, nil); err != nil {
			return err
		}
	}
	if len(e.Corrections) > 0 {
		fmt.Fprintf(a.out, "\ncorrections in its sources %s, first %d\n", count(int64(e.Corrected)), len(e.Corrections))
		if err := a.print(correctionListing(e.Corrections), nil); err != nil {
			return err
		}
	}
	if len(e.Evidence) == 0 {
		return nil
	}
	fmt.Fprintf(a.out, "\nevidence of the year evaluated last, first %d; — is not counted\n", len(e.Evidence))
	return a.print(evidenceListing(e.Evidence), nil)
}

// correctionListing are rows that withdraw, replace or bring back others, and what they speak of.
func correctionListing(list []kpi.Correction) listing {
	l := listing{columns: []string{"step", "source", "key", "new key", "known on", "file", "sheet", "row", "replaced file",
		"sheet", "row", "remark"}, right: []string{"row"}}
	for _, c := range list {
		old := ""
		if c.OldFile != "" {
			old = count(c.OldRow)
		}
		l.add(c.Words, c.Name, c.Key, c.NewKey, c.On.String(), c.File, c.Sheet, count(c.Row), c.OldFile, c.Old, old, c.Remark)
	}
	return l
}

// evidenceListing are the rows a scorecard item's points were given or refused for.
func evidenceListing(list []warehouse.Evidence) listing {
	l := listing{columns: []string{"consortium", "year", "condition", "counts", "subject", "name", "quantity", "amount", "file", "row"},
		right: []string{"quantity", "amount", "row"}}
	for _, e := range list {
		counts := "—"
		if e.Counted {
			counts = "✓"
		}
		l.add(e.Consortium, fmt.Sprint(e.Year), e.Condition, counts, e.Subject, e.Name,
			number(e.Quantity), number(e.Amount), e.File, fmt.Sprint(e.Row))
	}
	return l
}

func factListing(v *pipeline.View, facts []warehouse.Fact) listing {
	l := listing{columns: []string{"entity", "name", "region", "weight", "date", "match", "file", "sheet", "row"},
		right: []string{"weight", "row"}}
	for _, f := range facts {
		when := ""
		switch {
		case f.EventDate != nil:
			when = f.EventDate.String()
		case f.ValidTo != nil && f.ValidTo.Before(kpi.OpenEnd):
			when = f.ValidFrom.String() + " – " + f.ValidTo.AddDays(-1).String()
		case f.ValidFrom != nil:
			when = f.ValidFrom.String() + " –"
		}
		l.add(f.EntityID, f.EntityName, v.Catalogue.RegionName(f.Region), number(&f.Weight), when, kpi.MatchedBy(f.MatchedBy),
			f.File, f.Sheet, count(f.Row))
	}
	return l
}
