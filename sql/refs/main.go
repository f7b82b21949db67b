// Command refs writes what the models that are shipped read, as DuckDB parses them. Run it by
//
//	go generate ./sql
package main

import (
	"fmt"
	"os"

	"citykpi/pipeline/warehouse"
)

func main() {
	text, err := warehouse.ListRefs(os.DirFS("."))
	if err == nil {
		err = os.WriteFile(warehouse.RefsFile, text, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "list what models read:", err)
		os.Exit(1)
	}
}
