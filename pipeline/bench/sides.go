package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"

	"citykpi/pipeline/warehouse"

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
		return copyCSV(ctx, args[0])
	case "excelize":
		return excelizeRows(args[0])
	}
	return fmt.Errorf("no side %q", side)
}

// copyCSV lets DuckDB read and write the file by itself, with the types it finds
// best: naming them (DECIMAL for money) would make it slower.
func copyCSV(ctx context.Context, file string) error {
	db, err := warehouse.Open(ctx, "", warehouse.Limits{})
	if err != nil {
		return err
	}
	defer db.Close()
	out := file + ".parquet"
	defer os.Remove(out)
	_, err = db.SQL().ExecContext(ctx, "copy (select * from read_csv("+warehouse.Literal(file)+
		")) to "+warehouse.Literal(out)+" (format parquet, compression zstd)")
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
