// Command bench measures citykpi against what its parts could do alone, side by
// side in one run, and prints ratios: they hold where seconds do not. Each side
// is a process of its own, measured from outside; the sides take turns.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"syscall"
	"time"
)

func main() {
	if side := os.Getenv(sideVariable); side != "" {
		if err := runSide(context.Background(), side, os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, "bench: "+err.Error())
			os.Exit(1)
		}
		return
	}
	b := bench{}
	flag.IntVar(&b.rows, "rows", 2_000_000, "rows of the registry CSV")
	flag.IntVar(&b.sheetRows, "sheet-rows", 200_000, "rows of the XLSX")
	flag.IntVar(&b.rounds, "rounds", 5, "rounds; medians are printed")
	flag.StringVar(&b.binary, "citykpi", "bin/citykpi", "the binary to measure")
	flag.StringVar(&b.dir, "dir", "", "where files are made (default: a temporary folder, removed at the end)")
	flag.StringVar(&b.only, "only", "", "one measurement: csv, gb18030, xlsx, bigsheet, json, rejects, run or paint")
	flag.Parse()
	if err := b.run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench: "+err.Error())
		os.Exit(1)
	}
}

type bench struct {
	rows, sheetRows, rounds int
	binary, dir, only       string
}

func (b *bench) run() error {
	binary, err := filepath.Abs(b.binary)
	if err != nil {
		return err
	}
	if b.binary = binary; b.dir == "" {
		if b.dir, err = os.MkdirTemp("", "citykpi-bench-"); err != nil {
			return err
		}
		defer os.RemoveAll(b.dir)
	}
	for _, m := range []struct {
		name string
		run  func() error
	}{
		{"csv", b.csv}, {"gb18030", b.gb18030}, {"xlsx", b.xlsx}, {"bigsheet", b.bigSheet}, {"json", b.json},
		{"rejects", b.rejects}, {"run", b.wholeRun}, {"paint", b.paint},
	} {
		if b.only != "" && b.only != m.name {
			continue
		}
		before, err := look()
		if err != nil {
			return err
		}
		if err := m.run(); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		after, err := look()
		if err != nil {
			return err
		}
		fmt.Println("  " + after.since(before))
	}
	return nil
}

// figure is one process from outside.
type figure struct {
	wall   time.Duration
	cpu    time.Duration
	peakMB float64
}

// measure runs a command to its end.
func measure(cmd *exec.Cmd) (figure, error) {
	cmd.Stderr = os.Stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return figure{}, fmt.Errorf("%s: %w", filepath.Base(cmd.Path), err)
	}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return figure{
		wall:   time.Since(start),
		cpu:    cmd.ProcessState.SystemTime() + cmd.ProcessState.UserTime(),
		peakMB: float64(usage.Maxrss) / 1024,
	}, nil
}

// compare lets two sides take turns and prints medians and the ratio ours / theirs.
func (b *bench) compare(title string, rows int, size int64, ours, theirs func() (figure, error), oursName, theirsName string) error {
	var a, o []figure
	for range b.rounds {
		x, err := ours()
		if err != nil {
			return err
		}
		y, err := theirs()
		if err != nil {
			return err
		}
		a, o = append(a, x), append(o, y)
	}
	fmt.Printf("\n%s: %d rows, %.0f MB, medians of %d\n", title, rows, float64(size)/1e6, b.rounds)
	x, y := median(a), median(o)
	printSide(oursName, x, rows, size)
	printSide(theirsName, y, rows, size)
	fmt.Printf("  ratio %-32s %.2f wall, %.2f cpu\n", oursName+" / "+theirsName, ratio(x.wall, y.wall), ratio(x.cpu, y.cpu))
	return nil
}

func printSide(name string, f figure, rows int, size int64) {
	s := f.wall.Seconds()
	fmt.Printf("  %-38s %6.2f s wall  %6.2f s cpu  %5.0f MB peak  %6.2f M rows/s  %5.0f MB/s\n",
		name, s, f.cpu.Seconds(), f.peakMB, float64(rows)/s/1e6, float64(size)/s/1e6)
}

func ratio(a, b time.Duration) float64 { return a.Seconds() / b.Seconds() }

// median is taken field by field.
func median(list []figure) figure {
	pick := func(by func(figure) float64) float64 {
		v := make([]float64, len(list))
		for i, f := range list {
			v[i] = by(f)
		}
		slices.Sort(v)
		return v[len(v)/2]
	}
	return figure{
		wall:   time.Duration(pick(func(f figure) float64 { return float64(f.wall) })),
		cpu:    time.Duration(pick(func(f figure) float64 { return float64(f.cpu) })),
		peakMB: pick(func(f figure) float64 { return f.peakMB }),
	}
}

// load is a fresh project loading one file.
func (b *bench) load(file string) func() (figure, error) {
	return func() (figure, error) {
		project := filepath.Join(b.dir, "project")
		if err := os.RemoveAll(project); err != nil {
			return figure{}, err
		}
		if out, err := exec.Command(b.binary, "init", project).CombinedOutput(); err != nil {
			return figure{}, fmt.Errorf("init: %w: %s", err, out)
		}
		return measure(exec.Command(b.binary, "--project", project, "load", file))
	}
}

func (b *bench) csv() error {
	file, size, err := b.registry("企业登记_20260930.csv", b.rows, utf8CSV)
	if err != nil {
		return err
	}
	for _, s := range []struct{ side, name string }{{"copytyped", "DuckDB COPY typed read_csv"}, {"copy", "DuckDB COPY untyped read_csv"}} {
		if err := b.compare("registry CSV, UTF-8", b.rows, size, b.load(file), b.side(s.side, file), "citykpi load", s.name); err != nil {
			return err
		}
	}
	return b.stages(file, b.rows, size)
}

// stages shows what a load is made of: hashing goes on beside reading, and what
// reading leaves is DuckDB writing Parquet.
func (b *bench) stages(file string, rows int, size int64) error {
	for _, s := range []struct{ side, name string }{{"hash", "stage: hash"}, {"read", "stage: read, check, type, Arrow"}} {
		var list []figure
		for range b.rounds {
			f, err := b.side(s.side, file)()
			if err != nil {
				return err
			}
			list = append(list, f)
		}
		printSide(s.name, median(list), rows, size)
	}
	return nil
}

// gb18030 compares with DuckDB's copy of the same table in UTF-8: it reads no GB18030.
func (b *bench) gb18030() error {
	file, size, err := b.registry("企业登记_20260930_gb18030.csv", b.rows, gb18030CSV)
	if err != nil {
		return err
	}
	utf8, _, err := b.registry("企业登记_20260930.csv", b.rows, utf8CSV)
	if err != nil {
		return err
	}
	if err := b.compare("registry CSV, GB18030", b.rows, size, b.load(file), b.side("copy", utf8),
		"citykpi load", "DuckDB COPY of the UTF-8 file"); err != nil {
		return err
	}
	return b.stages(file, b.rows, size)
}

func (b *bench) xlsx() error {
	file, size, err := b.workbook("企业登记_20260630.xlsx", b.sheetRows)
	if err != nil {
		return err
	}
	if err := b.compare("registry XLSX", b.sheetRows, size, b.load(file), b.side("excelize", file),
		"citykpi load", "excelize Rows"); err != nil {
		return err
	}
	return b.stages(file, b.sheetRows, size)
}

// bigSheetRows is about what one sheet can hold, and bigSheetMB what loading it may need.
const (
	bigSheetRows = 1_000_000
	bigSheetMB   = 1024
)

// bigSheet measures the memory that loading a full sheet takes: once, as it hardly varies.
func (b *bench) bigSheet() error {
	file, size, err := b.workbook("企业登记_20260331.xlsx", bigSheetRows)
	if err != nil {
		return err
	}
	f, err := b.load(file)()
	if err != nil {
		return err
	}
	fmt.Printf("\nfull sheet XLSX: %d rows, %.0f MB, once\n", bigSheetRows, float64(size)/1e6)
	printSide("citykpi load", f, bigSheetRows, size)
	fmt.Printf("  %-38s %.2f of %d MB\n", "peak memory", f.peakMB/bigSheetMB, bigSheetMB)
	return nil
}

// json compares a quarter of the rows, as lines of JSON, with DuckDB's own reader.
func (b *bench) json() error {
	rows := b.rows / 4
	file, size, err := b.registry("企业登记_20260930.json", rows, jsonLines)
	if err != nil {
		return err
	}
	return b.compare("registry JSON lines", rows, size, b.load(file), b.side("copyjson", file),
		"citykpi load", "DuckDB COPY read_json to Parquet")
}

// rejects compares a file of which every row is rejected with one that loads.
func (b *bench) rejects() error {
	rows := b.rows / 4
	bad, size, err := b.registry("企业登记_20260930_bad.csv", rows, wrongCodes)
	if err != nil {
		return err
	}
	good, _, err := b.registry("企业登记_20260930_good.csv", rows, utf8CSV)
	if err != nil {
		return err
	}
	return b.compare("registry CSV, every row rejected", rows, size, b.load(bad), b.load(good),
		"citykpi load, all rejected", "citykpi load, all loaded")
}

// settled is for how long the demo's files lie in the inbox before a run is timed: for those that came within the last
// seconds (settle) it would wait.
const settled = 4 * time.Second

// wholeRun times run on the default demo, from its files in the inbox on, then run with nothing new.
func (b *bench) wholeRun() error {
	var whole, idle []figure
	for range b.rounds {
		project := filepath.Join(b.dir, "demo")
		if err := os.RemoveAll(project); err != nil {
			return err
		}
		if out, err := exec.Command(b.binary, "demo", "--write-only", "--dir", project).CombinedOutput(); err != nil {
			return fmt.Errorf("demo: %w: %s", err, out)
		}
		time.Sleep(settled)
		for _, into := range []*[]figure{&whole, &idle} {
			f, err := measure(exec.Command(b.binary, "--project", project, "run"))
			if err != nil {
				return err
			}
			*into = append(*into, f)
		}
	}
	w, i := median(whole), median(idle)
	fmt.Printf("\ndefault demo, medians of %d\n", b.rounds)
	fmt.Printf("  %-38s %6.2f s wall  %6.2f s cpu  %5.0f MB peak\n", "run", w.wall.Seconds(), w.cpu.Seconds(), w.peakMB)
	fmt.Printf("  %-38s %6.2f s wall  %6.2f s cpu  %5.0f MB peak\n", "run with nothing new", i.wall.Seconds(), i.cpu.Seconds(), i.peakMB)
	if err := b.quarters(filepath.Join(b.dir, "demo")); err != nil {
		return err
	}
	cmd := exec.Command(b.binary, "--project", filepath.Join(b.dir, "demo"), "-v", "run", "--full")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stdout
	fmt.Println("  stages of a full run:")
	return cmd.Run()
}

// quarters computes the same facts at 17 and at 34 quarter ends: the cost must
// follow the facts.
func (b *bench) quarters(project string) error {
	config := filepath.Join(project, "citykpi.yml")
	kept, err := os.ReadFile(config)
	if err != nil {
		return err
	}
	defer func() { _ = os.WriteFile(config, kept, 0o644) }()
	since := regexp.MustCompile(`since: .*`)
	var medians []figure
	for _, first := range []string{"2022-09-30", "2018-06-30"} {
		if err := os.WriteFile(config, since.ReplaceAll(kept, []byte("since: "+first)), 0o644); err != nil {
			return err
		}
		var list []figure
		for range b.rounds {
			f, err := measure(exec.Command(b.binary, "--project", project, "run", "--full"))
			if err != nil {
				return err
			}
			list = append(list, f)
		}
		medians = append(medians, median(list))
	}
	fmt.Printf("  %-38s %6.2f s and %6.2f s wall, ratio %.2f\n", "full run at 17 and at 34 quarter ends",
		medians[0].wall.Seconds(), medians[1].wall.Seconds(), ratio(medians[1].wall, medians[0].wall))
	return nil
}
