package pipeline_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/project"
)

// A folder with a bureau's list in its inbox becomes a release, whose figures are read and opened down to their rows. Those
// of persons come in the order of words that are made with the project's own key.
func ExampleRun() {
	if err := runExample(context.Background()); err != nil {
		fmt.Println(err)
	}
	// Unordered output:
	// 2025-06-30 培养并认定技术经理人 2 名
	// 2025-05-20 市科技局/技术经理人_2025Q2.csv 3
	// 2024-03-01 市科技局/技术经理人_2025Q2.csv 2
}

func runExample(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "project-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	inbox := filepath.Join(dir, "var", "inbox", "市科技局")
	if err := os.MkdirAll(inbox, 0o700); err != nil {
		return err
	}
	for name, text := range map[string]string{
		filepath.Join(dir, project.ConfigFile):   "region: \"320100\"\nsince: 2022-09-30\ndocuments: [NJ88]\n",
		filepath.Join(inbox, "技术经理人_2025Q2.csv"): managers + "C1,J1,甲,2024-03-01,江宁区\nC2,J2,乙,2025-05-20,鼓楼区\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			return err
		}
	}

	p, err := project.Open(dir)
	if err != nil {
		return err
	}
	if _, err := pipeline.Run(ctx, p, pipeline.Options{
		Now:    time.Date(2025, time.July, 10, 8, 0, 0, 0, time.FixedZone("CST", 8*3600)),
		Render: func(string, *kpi.Snapshot, *pipeline.Site) error { return nil }, // no pages
	}); err != nil {
		return err
	}

	v, err := pipeline.OpenView(ctx, p, kpi.Date{})
	if err != nil {
		return err
	}
	defer v.Close()
	e, err := v.Explain(ctx, "NJ88-023", "320100", 10)
	if err != nil {
		return err
	}
	fmt.Println(v.AsOf, e.Commitment.Name, *e.Attainment.Value, e.Commitment.ValueUnit())
	for _, f := range e.Facts {
		fmt.Println(f.EventDate, f.File, f.Row)
	}
	return nil
}
