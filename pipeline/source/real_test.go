package source

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/convert"
)

// realFile is a file of the folder beside the repository, which may be absent.
func realFile(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "real", name)
	if _, err := os.Stat(path); err != nil {
		t.Skip("real files are not beside the repository")
	}
	return path
}

func testContract(t testing.TB, source string) *contract.Contract {
	t.Helper()
	text, err := os.ReadFile("testdata/contracts/" + source + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	return contractOf(t, source+".yaml", string(text))
}

// A real registry extract: capital in seven spellings, six of them in foreign
// currency, and the district only in the address.
func TestRealRegistry(t *testing.T) {
	out := load(t, Reader{Workers: 2}, realFile(t, "registry_nanjing_2019.csv"), testContract(t, "public_registry"))
	if n := out.Counts(); n != (convert.Counts{Read: 2090, Loaded: 2090}) {
		t.Fatalf("%+v: %+v", n, out.rejects[0])
	}
	absent, foreign := 0, 0
	regions := map[any]int{}
	for _, r := range out.rows {
		regions[r["region_code"]]++
		switch {
		case r["capital_currency"] == "USD" && r["capital"] == nil && r["capital_foreign"] != nil:
			foreign++
		case r["capital"] == nil:
			absent++
		}
	}
	if absent != 155 || foreign != 6 {
		t.Errorf("capital: %d absent, %d foreign", absent, foreign)
	}
	if regions["320191"] != 288 || regions["320118"] != 96 || regions["320100"] > 20 {
		t.Errorf("regions: %v", regions)
	}
	if d := out.Layout.DataDate.String(); d < "2019-04-24" || d > "2019-12-31" {
		t.Errorf("data date %s", d)
	}
}

func TestRealNameList(t *testing.T) {
	out := load(t, Reader{}, realFile(t, "moa-firm-leader_list-full-2023.xlsx"), testContract(t, "agricultural_leader"))
	if n := out.Counts(); n != (convert.Counts{Read: 1952, Loaded: 1952}) {
		t.Fatalf("%+v: %+v", n, out.rejects)
	}
	if out.rows[0]["row_no"] != 2.0 || out.rows[1951]["row_no"] != 1953.0 || out.Layout.DataDate.String() != "2023-12-31" {
		t.Errorf("%v, %s", out.rows[0], out.Layout.DataDate)
	}
}

func TestRealYearbookTable(t *testing.T) {
	out := load(t, Reader{}, realFile(t, "techmarket_push_RAW_amount-2023.xlsx"), testContract(t, "techmarket_yearbook"))
	if n := out.Counts(); n.Rejected != 0 || n.Read != 38 {
		t.Fatalf("%+v: %+v", n, out.rejects)
	}
	if r := out.rows[0]; out.Layout.HeaderRow != 5 || r["region_name"] != "全国" || r["contracts_2023"] != 945946.0 || r["row_no"] != 6.0 {
		t.Errorf("%v", r)
	}
}

// The legacy workbook is the same table as the .xlsx beside it.
func TestRealLegacyWorkbook(t *testing.T) {
	c := testContract(t, "techmarket_yearbook")
	old := load(t, Reader{}, realFile(t, "techmarket_push_RAW_amount-2023.xls"), c)
	now := load(t, Reader{}, realFile(t, "techmarket_push_RAW_amount-2023.xlsx"), c)
	// one of them writes line ends as Windows does
	text := func(r *result) string { return strings.ReplaceAll(fmt.Sprint(r.rows), "\r", "") }
	if text(old) != text(now) || !reflect.DeepEqual(old.Layout.Header, now.Layout.Header) ||
		!reflect.DeepEqual(old.Layout.Titles, now.Layout.Titles) {
		t.Errorf("%+v\n%+v\n%q\n%q", old.Counts(), now.Counts(), old.Layout.Titles, now.Layout.Titles)
	}
}
