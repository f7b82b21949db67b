package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"

	"citykpi/data"
	"citykpi/pipeline/duck"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/source"
	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/place"

	"github.com/goccy/go-yaml"
	"github.com/xuri/excelize/v2"
)

// sideVariable makes a child of the program the other side of a comparison.
const sideVariable = "CITYKPI_BENCH_SIDE"

// side runs the program itself as the other side.
func (b *bench) side(name, file string) func() (figure, error) {
	return func() (figure, error) {
		self, err := os.Executable()
		if err != nil {
			return figure{}, err
		}
		cmd := exec.Command(self, file)
		cmd.Env = append(os.Environ(), sideVariable+"="+name)
		return measure(cmd)
	}
}

func runSide(ctx context.Context, side string, args []string) error {
	switch side {
	case "copy":
		return copyFile(ctx, "read_csv", args[0])
	case "copytyped":
		return copyFile(ctx, "read_csv", args[0], registryTypes...)
	case "copyjson":
		return copyFile(ctx, "read_json", args[0])
	case "read":
		return readOnly(ctx, args[0])
	case "hash":
		return hashOnly(args[0])
	case "excelize":
		return excelizeRows(args[0])
	}
	return fmt.Errorf("no side %q", side)
}

// copyFile lets DuckDB read and write the file by itself, into columns of the given
// types or, without them, of those it finds: what it guesses costs it less than DECIMAL.
func copyFile(ctx context.Context, reader, file string, types ...string) error {
	db, err := duck.Open(ctx, "", duck.Limits{})
	if err != nil {
		return err
	}
	defer db.Close()
	out := file + ".parquet"
	defer os.Remove(out)
	columns := ""
	for i, t := range types {
		columns += ", " + duck.Literal(registryHeader[i]) + ": " + duck.Literal(t)
	}
	if columns != "" {
		columns = ", columns = {" + columns[2:] + "}"
	}
	_, err = db.SQL().ExecContext(ctx, "copy (select * from "+reader+"("+duck.Literal(file)+
		columns+")) to "+duck.Literal(out)+" (format parquet, compression zstd)")
	return err
}

// readOnly takes a registry export through citykpi's reader and throws the
// Arrow batches away: what is left of a load is DuckDB writing Parquet.
func readOnly(ctx context.Context, file string) error {
	text, err := fs.ReadFile(data.FS, "sources/enterprise_registry.yaml")
	if err != nil {
		return err
	}
	contract, err := contract.Parse("data/sources/enterprise_registry.yaml", text)
	if err != nil {
		return err
	}
	f, err := source.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	var city struct {
		Regions []kpi.Region `yaml:"regions"`
	}
	if text, err = fs.ReadFile(data.FS, "regions/320100.yaml"); err != nil {
		return err
	}
	if err := yaml.Unmarshal(text, &city); err != nil {
		return err
	}
	r := &source.Reader{Places: place.New(city.Regions), Units: map[string]int64{"元": 1, "万元": 10000}}
	layout, err := r.Inspect(ctx, f, contract)
	if err != nil {
		return err
	}
	load, err := r.Read(ctx, f, layout, layout.DataDate, io.Discard)
	if err != nil {
		return err
	}
	defer load.Close()
	for _, s := range load.Streams {
		for s.Next() {
		}
	}
	if c := load.Counts(); c.Rejected > 0 && load.Err() == nil {
		return fmt.Errorf("%s: %d rows were rejected, which is not what is measured", file, c.Rejected)
	}
	return load.Err()
}

// hashOnly is the SHA-256 of the file's bytes.
func hashOnly(file string) error {
	f, err := source.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.SHA256()
	return err
}

// excelizeRows reads every cell as text and does nothing with it.
func excelizeRows(file string) error {
	f, err := excelize.OpenFile(file)
	if err != nil {
		return err
	}
	defer f.Close()
	rows, err := f.Rows(f.GetSheetName(0))
	if err != nil {
		return err
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		cells, err := rows.Columns()
		if err != nil {
			return err
		}
		n += len(cells)
	}
	if n == 0 {
		return fmt.Errorf("%s: no cells", file)
	}
	return rows.Error()
}
