package source_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/source"
	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/place"
	"citykpi/pipeline/source/reject"
)

const exampleContract = `
source: platform
name: 平台名单
bureau: 市科技局
files: ["*平台*"]
mode: append
key: [platform_no]
data_date: [file_name]
columns:
  platform_no: {cn: [平台编号], type: text, required: true}
  built_on: {cn: [建成日期], type: date, range: [2010-01-01, data_date]}
  invested: {cn: [投资额], type: money}
`

// An export becomes Arrow: which contract it answers, where its columns stand, its rows, and what is wrong with the others.
func Example() {
	if err := readExample(context.Background()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// platform 2025-06-30 header in row 1
	// platform_no utf8 ["A1"]
	// built_on date32 [2024-03-01]
	// invested decimal(20, 2) [1205000]
	// {Read:2 Loaded:1 Rejected:1 Dropped:0}
	// 3 建成日期 2025-13-01 日历上没有这一天
}

func readExample(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "source-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "平台名单_2025Q2.csv")
	if err := os.WriteFile(path, []byte("平台编号,建成日期,投资额（万元）\nA1,2024年3月1日,120.5\nA2,2025-13-01,80\n"), 0o600); err != nil {
		return err
	}

	c, err := contract.Parse("platform.yaml", []byte(exampleContract))
	if err != nil {
		return err
	}
	f, err := source.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if c, _, err = source.Match([]*contract.Contract{c}, f); err != nil {
		return err
	}
	reader := source.Reader{Places: place.New(nil), Units: map[string]int64{"万元": 10000}, NotAfter: kpi.YearEnd(2025)}
	layout, err := reader.Inspect(ctx, f, c)
	if err != nil {
		return err
	}
	fmt.Println(c.Source, layout.DataDate, "header in row", layout.HeaderRow)

	var rejects bytes.Buffer
	load, err := reader.Read(ctx, f, layout, layout.DataDate, &rejects)
	if err != nil {
		return err
	}
	defer load.Close()
	for _, stream := range load.Streams {
		for stream.Next() {
			batch := stream.RecordBatch()
			for i, field := range batch.Schema().Fields()[:len(c.Columns)] {
				fmt.Println(field.Name, field.Type, batch.Column(i))
			}
		}
	}
	if err := load.Err(); err != nil {
		return err
	}
	fmt.Printf("%+v\n", load.Counts())
	var bad reject.Line
	if err := json.Unmarshal(rejects.Bytes(), &bad); err != nil {
		return err
	}
	fmt.Println(bad.Row, bad.Column, bad.Value, bad.Reason)
	return nil
}
