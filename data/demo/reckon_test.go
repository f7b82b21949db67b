package demo

import (
	"fmt"
	"math/big"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
)

// The tests here work some figures out again from the files alone, slowly and
// plainly, the way a clerk would: what the truth says must be there to be read.

// record is one row of a file by canonical column.
type record struct {
	file  string
	cells map[string]string
	unit  string // of its money columns
}

func (r record) day(column string) (day, bool) { return readDay(r.cells[column]) }

// readDay reads the styles of dateStyle.
func readDay(s string) (day, bool) {
	if n, err := strconv.Atoi(s); err == nil && len(s) == 5 {
		return day(n - 25569), true
	}
	if len(s) == 8 && !strings.ContainsAny(s, "-/.") {
		s = s[:4] + "-" + s[4:6] + "-" + s[6:]
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("-/.年月日", r) })
	if len(parts) != 3 {
		return 0, false
	}
	for i := range parts {
		if len(parts[i]) == 1 {
			parts[i] = "0" + parts[i]
		}
	}
	d, err := kpi.ParseDate(strings.Join(parts, "-"))
	return dayOf(d), err == nil
}

// records reads all files of a source, those of earlier quarters first.
func records(t *testing.T, dir string, truth Truth, source string) []record {
	t.Helper()
	columns := contracts(t, source)
	files := slices.Clone(truth.Files)
	slices.SortStableFunc(files, func(a, b FileTruth) int { return strings.Compare(sortable(a.File), sortable(b.File)) })
	var list []record
	for _, f := range files {
		if f.Source != source {
			continue
		}
		rows := grid(t, filepath.Join(dir, "var", "inbox", filepath.FromSlash(f.File)))
		header, at := headed(t, f.File, rows, columns)
		unit := "元"
		for _, cells := range rows[:header+1] {
			if strings.Contains(strings.Join(cells, " "), "万元") {
				unit = "万元"
			}
		}
		for _, cells := range rows[header+1 : len(rows)-f.Footers] {
			r := record{file: f.File, cells: map[string]string{}, unit: unit}
			for name, i := range at {
				if i < len(cells) {
					r.cells[name] = cells[i]
				}
			}
			list = append(list, r)
		}
	}
	return list
}

// sortable puts 2024Q2 and 20240630 where they belong among each other.
func sortable(file string) string {
	for n, last := range []string{"0331", "0630", "0930", "1231"} {
		file = strings.ReplaceAll(file, last, "Q"+strconv.Itoa(n+1))
	}
	return file
}

// plainName leaves out brackets and spaces, and knows one word for 有限公司.
func plainName(s string) string {
	return strings.NewReplacer("(", "", ")", "", "（", "", "）", "", " ", "", "　", "", "有限责任公司", "有限公司").Replace(s)
}

// clerk knows the registry: who is meant, and who is active where at each export.
type clerk struct {
	ends  []day
	keys  map[string]string // code, number or name to code; "" for shared ones
	state []map[string]string
}

func newClerk(t *testing.T, dir string, truth Truth) *clerk {
	t.Helper()
	c := &clerk{keys: map[string]string{}}
	note := func(key, code string) {
		if other, ok := c.keys[key]; ok && other != code {
			code = ""
		}
		if key != "" {
			c.keys[key] = code
		}
	}
	file := ""
	for _, r := range records(t, dir, truth, "enterprise_registry") {
		if r.file != file {
			file = r.file
			end, _ := readDay(file[len(file)-12 : len(file)-4])
			c.ends, c.state = append(c.ends, end), append(c.state, map[string]string{})
		}
		code := r.cells["enterprise_code"]
		if _, ok := readDay(r.cells["established_on"]); !ok || len(code) != 18 || creditCode(code[:17]) != code {
			continue
		}
		note(code, code)
		note(r.cells["registration_no"], code)
		note(plainName(r.cells["enterprise_name"]), code)
		switch r.cells["status"] {
		case "存续", "在业", "开业", "存续（在营、开业、在册）":
			c.state[len(c.state)-1][code] = districtOf(r.cells["district"], r.cells["address"], code)
		}
	}
	return c
}

// districtOf follows the order of the contract: column, address, office in the code.
func districtOf(column, address, code string) string {
	for _, words := range []string{column, address} {
		if strings.Contains(words, "江北新区") || strings.Contains(words, "高新区") {
			return "320191"
		}
		for _, full := range []bool{true, false} {
			for _, d := range districts() {
				inPark := d.Park != "" && (strings.Contains(words, d.Park) || strings.Contains(words, d.ParkFull))
				if full && (strings.Contains(words, d.Name) || inPark) || !full && words == d.Short {
					return d.Code
				}
			}
		}
	}
	office, _ := strconv.Atoi(code[2:8])
	if i := officeRegion(int32(office)); i >= 0 {
		return districts()[i].Code
	}
	return cityCode
}

// who resolves a row's enterprise; ok is false where the row is rejected or nobody can tell.
func (c *clerk) who(code, name string) (string, bool) {
	if len(code) == 18 && creditCode(code[:17]) != code {
		return "", false
	}
	if code == "" {
		code = plainName(name)
	}
	id := c.keys[code]
	return id, id != ""
}

// award is a recognition as read.
type award struct {
	tier     tier
	from, to day
}

func (c *clerk) awards(t *testing.T, dir string, truth Truth) map[string][]award {
	t.Helper()
	list := map[string][]award{}
	for _, r := range records(t, dir, truth, "sme_tier_recognition") {
		at := slices.IndexFunc(tierWords[:], func(words []string) bool { return slices.Contains(words, r.cells["tier"]) })
		from, ok := r.day("recognised_on")
		id, known := c.who(r.cells["enterprise_code"], r.cells["enterprise_name"])
		if at < 0 || !ok || !known {
			continue
		}
		to, given := r.day("valid_to")
		if !given {
			to = from.threeYears()
		}
		if strings.Contains(r.file, "更正") { // it has one row, which takes another back
			list[id] = slices.DeleteFunc(list[id], func(a award) bool { return a.tier == tier(at) && a.from == from })
			continue
		}
		list[id] = append(list[id], award{tier(at), from, to})
	}
	return list
}

func TestReckonedFromFiles(t *testing.T) {
	dir, truth := written(t, Options{Enterprises: 2500, Seed: 11})
	c := newClerk(t, dir, truth)
	awards := c.awards(t, dir, truth)
	got := map[Value]float64{}
	c.reckonStocks(awards, got)
	c.reckonPlacements(t, dir, truth, awards, got)
	reckonContracts(t, dir, truth, got)
	compared, nonZero := 0, 0
	for key, want := range valueOf(truth) {
		switch {
		case key.Measure != "":
			continue
		case slices.Contains([]string{"NJ88-003", "NJ88-004", "NJ88-005", "NJ88-006", "NJ88-028", "NJ-TC01", "NJ-TC03"}, key.ID):
			compared++
			if want > 0 {
				nonZero++
			}
			if d := got[key] - want; d > 0.001 || d < -0.001 {
				t.Errorf("%s %s %s: the files say %v, the truth %v", key.ID, key.Region, key.AsOf, got[key], want)
			}
		}
	}
	if compared < 7*13*17 || nonZero < compared/3 {
		t.Errorf("%d figures compared, %d of them above 0", compared, nonZero)
	}
}

func (c *clerk) reckonStocks(awards map[string][]award, got map[Value]float64) {
	for q, end := range c.ends {
		for id, list := range awards {
			region, active := c.state[q][id]
			highest := -1
			for _, a := range list {
				if !active || a.from > end || end > a.to {
					continue
				}
				if a.tier != champion {
					highest = max(highest, int(a.tier))
				}
			}
			count := func(id string) {
				got[Value{ID: id, Region: region, AsOf: end.date()}]++
				if region != cityCode {
					got[Value{ID: id, Region: cityCode, AsOf: end.date()}]++
				}
			}
			for t := range highest + 1 {
				count(tierIDs[t])
			}
			if active && slices.ContainsFunc(list, func(a award) bool { return a.tier == champion && a.from <= end && end <= a.to }) {
				count("NJ88-006")
			}
		}
	}
}

func (c *clerk) reckonPlacements(t *testing.T, dir string, truth Truth, awards map[string][]award, got map[Value]float64) {
	t.Helper()
	schools, err := vocationalSchools()
	if err != nil {
		t.Fatal(err)
	}
	type hit struct {
		on     day
		region string
	}
	first := map[string]hit{} // by person and year
	for _, r := range records(t, dir, truth, "skilled_worker_placement") {
		on, ok := r.day("insured_on")
		id, known := c.who(r.cells["employer_code"], r.cells["employer_name"])
		local := slices.ContainsFunc(schools, func(s School) bool { return s.Code == r.cells["school_code"] })
		if !ok || !known || !local || !slices.ContainsFunc(awards[id], func(a award) bool {
			return (a.tier == specialised || a.tier == littleGiant) && a.from <= on && on <= a.to
		}) {
			continue
		}
		q, exact := slices.BinarySearch(c.ends, on)
		if !exact {
			q = max(0, q-1)
		}
		region, active := c.state[q][id]
		key := r.cells["person_no"] + on.date().String()[:4]
		if earlier, seen := first[key]; active && (!seen || on < earlier.on) {
			first[key] = hit{on, region}
		}
	}
	for _, h := range first {
		for _, end := range c.ends {
			if end >= h.on && end.date().Year == h.on.date().Year {
				got[Value{ID: "NJ88-028", Region: h.region, AsOf: end.date()}]++
				got[Value{ID: "NJ88-028", Region: cityCode, AsOf: end.date()}]++
			}
		}
	}
}

func reckonContracts(t *testing.T, dir string, truth Truth, got map[Value]float64) {
	t.Helper()
	type deal struct {
		end    kpi.Date
		region string
		amount *big.Rat
	}
	last, rates, abroad := map[string]deal{}, monthlyRates(t, dir, truth), 0
	for _, r := range records(t, dir, truth, "tech_contract") {
		on, _ := r.day("registered_on")
		amount, foreign := rates.yuan(r.cells["amount"], on.date())
		if foreign {
			abroad++
		} else {
			var ok bool
			amount, ok = new(big.Rat).SetString(r.cells["amount"])
			technical, ok2 := new(big.Rat).SetString(r.cells["tech_amount"])
			if !ok || !ok2 {
				t.Fatalf("%s: amounts %q", r.file, r.cells)
			}
			if technical.Cmp(amount) > 0 {
				continue
			}
			if r.unit == "万元" {
				amount.Mul(amount, big.NewRat(10000, 1))
			}
		}
		code := r.cells["seller_code"]
		if code == "" {
			code = "910000000000000000"
		}
		last[r.cells["contract_no"]] = deal{kpi.QuarterOf(on.date()).End(), districtOf(r.cells["seller_district"], "", code), amount}
	}
	if abroad == 0 {
		t.Error("no contract in a foreign currency")
	}
	for _, d := range last {
		fen, _ := d.amount.Float64()
		for _, region := range []string{d.region, cityCode} {
			got[Value{ID: "NJ-TC01", Region: region, AsOf: d.end}] += fen
			got[Value{ID: "NJ-TC03", Region: region, AsOf: d.end}]++
		}
	}
}

// rateTable is what a unit of each currency is worth in 元, by month.
type rateTable map[string]*big.Rat

func monthlyRates(t *testing.T, dir string, truth Truth) rateTable {
	t.Helper()
	rates := rateTable{}
	for _, r := range records(t, dir, truth, "exchange_rate") {
		rate, ok := new(big.Rat).SetString(r.cells["rate"])
		units, ok2 := new(big.Rat).SetString(r.cells["units"])
		if !ok || !ok2 {
			t.Fatalf("%s: %q", r.file, r.cells)
		}
		rates[r.cells["currency"]+r.cells["rate_on"]] = rate.Quo(rate, units)
	}
	return rates
}

// yuan converts an amount that is written in a foreign currency to the fen; without a
// rate it is worth nothing.
func (rates rateTable) yuan(cell string, on kpi.Date) (amount *big.Rat, foreign bool) {
	cell = strings.NewReplacer("（", "", "）", "").Replace(cell)
	end := strings.LastIndexAny(cell, "0123456789") + 1
	word, wan := strings.CutPrefix(cell[end:], "万")
	if word == "" {
		return nil, false
	}
	amount, _ = new(big.Rat).SetString(cell[:end])
	if wan {
		amount.Mul(amount, big.NewRat(10000, 1))
	}
	rate := rates[fmt.Sprintf("%s%d年%d月", word, on.Year, on.Month)]
	if rate == nil {
		return new(big.Rat), true
	}
	amount, _ = amount.SetString(amount.Mul(amount, rate).FloatString(2))
	return amount, true
}
