package main

import (
	"archive/zip"
	"bytes"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/project"
	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/personal"
	"citykpi/pipeline/warehouse"

	"github.com/xuri/excelize/v2"
)

// planted is a person that no demo has, in every place a bureau has put one.
const plantedName = "龘麤靐"

// identity is the n-th of some identity numbers with a good check.
func identity(n int) string {
	digits := fmt.Sprintf("3201021980010%04d", 1000+n)
	sum := 0
	for i, w := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(digits[i]-'0') * w
	}
	return digits + string("10X98765432"[sum%11])
}

// plant puts files into the inbox that hold identity numbers where they do harm.
func plant(t *testing.T, p *project.Project) (numbers []string) {
	t.Helper()
	next := func() string {
		numbers = append(numbers, identity(len(numbers)))
		return numbers[len(numbers)-1]
	}
	put := func(name, text string) {
		path := p.Var("inbox", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put("市教育局/联合培养研究生台账_2026Q3_补报.csv", "学生编号,姓名,培养层次,培养高校,联合培养园区,协议签订日期\n"+
		next()+","+plantedName+",硕士,南京大学,江宁国家高新园,2026-08-01\n320102200103051234,"+plantedName+",硕士,南京大学,江宁国家高新园,2026-08-02\n")
	put("市科技局/创新平台认定名录_2026Q3_补报_"+next()+".csv", "平台编号,平台名称,平台类型,级别,认定日期\n"+
		next()+","+next()+",概念验证中心,省级,2026-08-01\nPT99001,"+strings.ToLower(next())+"工作室,概念验证中心,省级,2026-08-01\n")
	wide := strings.Map(func(r rune) rune { return r + 0xFEE0 }, next())
	put("市科技局/技术合同登记_2026Q3_补报.csv", "合同登记编号,项目名称,合同类别,合同签订日期,登记日期,卖方名称,买方名称,合同成交总金额（元）,技术交易额（元）\n"+
		"2026320111990001,备注：身份证"+next()+"已核,技术开发,2026-07-01,2026-07-02,南京大学,"+wide+",100,100\n"+
		"2026320111990002,"+next()[:6]+" "+numbers[len(numbers)-1][6:14]+" "+numbers[len(numbers)-1][14:]+
		",技术开发,2026-07-01,2026-07-02,南京大学,南京示例软件有限公司,100,100\n"+
		"2026320111990003,身份证"+next()+",技术开发,2026-07-01,2026-07-02,南京大学,"+next()+",一百,100\n")
	book := excelize.NewFile()
	sheet := "名单" + next()
	book.SetSheetName("Sheet1", sheet)
	book.SetSheetRow(sheet, "A1", &[]any{"人员编号", "姓名", "高校", "受聘企业", "签约日期"})
	book.SetSheetRow(sheet, "A2", &[]any{next(), plantedName, "南京大学", "南京示例软件有限公司", "2026-08-01"})
	if err := book.SaveAs(p.Var("inbox", "市科技局", "技术副总聘任台账_2026Q3_补报.xlsx")); err != nil {
		t.Fatal(err)
	}
	put("市科技局/不知何物_"+next()+".csv", "甲,乙"+next()+"\n1,2\n")
	return append(numbers, "320102200103051234")
}

// TestNoPersonLeavesTheLake looks for every person of a demo, and for those planted
// where no contract expects any, in all that is published, kept or printed.
func TestNoPersonLeavesTheLake(t *testing.T) {
	t.Parallel()
	dir := smallDemo(t)
	p, err := project.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	numbers := plant(t, p)
	var said bytes.Buffer
	for _, args := range [][]string{
		{"-v", "run"}, {"close", "2026Q3"}, {"--format", "json", "run"},
		{"rejects", "--rows", "0"}, {"--format", "json", "rejects", "--rows", "0"},
		{"--format", "csv", "rejects", "--rows", "0"}, {"rejects", "--by", "bureau"},
		{"--format", "json", "rejects", "--kind", "match", "--rows", "0"}, {"rejects", "--kind", "match"},
		{"sql", "-q", "show tables"}, // which makes lake.* and staging.*
		{"--format", "json", "kpi", "explain", "NJ88-023", "--rows", "0"}, {"doctor"},
	} {
		stdout, stderr, _ := citykpi(t, append([]string{"--project", dir}, args...)...)
		fmt.Fprintf(&said, "%s\n%s\n%s\n", args, stdout, stderr)
	}
	for _, want := range []string{"联合培养研究生台账_2026Q3_补报.csv", "looks like an identity number"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("nothing printed holds %q", want)
		}
	}
	known := personsOf(t, dir)
	if len(known) < 200 {
		t.Fatalf("only %d persons in the lake", len(known))
	}
	masked := false
	look := func(where string, text []byte) {
		masked = masked || string(text) == "龘**"
		for _, number := range numbers {
			for _, spelt := range []string{number, strings.ToLower(number), number[:6] + " " + number[6:14] + " " + number[14:],
				strings.Map(func(r rune) rune { return r + 0xFEE0 }, number)} {
				if at := bytes.Index(text, []byte(spelt)); at >= 0 {
					t.Errorf("%s holds the identity number %s: …%s…", where, spelt, text[max(0, at-80):min(len(text), at+60)])
					return
				}
			}
		}
		if bytes.Contains(text, []byte(plantedName[3:])) {
			t.Errorf("%s holds the name %s", where, plantedName)
		}
		for _, word := range regexp.MustCompile(`[A-Z]{2}[0-9]{8,12}`).FindAll(text, -1) {
			if known[string(word)] {
				t.Errorf("%s holds the person %s", where, word)
				return
			}
		}
	}
	look("what is printed", said.Bytes())
	files := 0
	err = filepath.WalkDir(filepath.Join(dir, "var"), func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(filepath.Join(dir, "var"), path)
		switch {
		case e.IsDir() && (name == "lake" || name == "outbox" || name == "inbox"):
			return fs.SkipDir
		case e.IsDir(), name == "lake.ledger": // which is the lake's: it names the files as they came
			return nil
		}
		files++
		text, err := os.ReadFile(path)
		look(path, append([]byte(name+"\n"), text...))
		if z, err := zip.NewReader(bytes.NewReader(text), int64(len(text))); err == nil { // workbooks and papers
			for _, member := range z.File {
				if inside, err := fs.ReadFile(z, member.Name); err == nil {
					look(path+"/"+member.Name, inside)
				}
			}
		}
		if strings.HasSuffix(name, ".duckdb") {
			lookThrough(t, path, known, look)
		}
		return err
	})
	if err != nil || files < 100 {
		t.Errorf("%d files, %v", files, err)
	}
	if !masked {
		t.Error("no table holds the planted person's masked name: what was planted never came in")
	}
	quality, err := os.ReadFile(filepath.Join(dir, "var", "releases", current(t, p), "site", "quality.html"))
	if err != nil || !bytes.Contains(quality, []byte("疑似身份证号码")) {
		t.Errorf("the office is not told: %v", err)
	}
}

func current(t *testing.T, p *project.Project) string {
	t.Helper()
	m, err := pipeline.Releases(p).Current()
	if err != nil {
		t.Fatal(err)
	}
	return m.ID
}

// personsOf are all numbers and names of persons in the lake, as they stand there.
func personsOf(t *testing.T, dir string) map[string]bool {
	t.Helper()
	p, err := project.OpenSources(dir)
	if err != nil {
		t.Fatal(err)
	}
	l, err := lake.Open(p.Var("lake"))
	if err != nil {
		t.Fatal(err)
	}
	db, err := warehouse.Open(t.Context(), "", warehouse.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	persons := map[string]bool{}
	contracts := map[string]*contract.Contract{}
	for _, c := range p.Contracts {
		contracts[c.Source] = c
	}
	for _, b := range l.Batches(time.Time{}) {
		for _, col := range contracts[b.Source].Columns {
			if col.Personal == "" {
				continue
			}
			name, file := warehouse.Ident(col.Name), warehouse.Literal(b.Rows())
			rows, err := db.SQL().QueryContext(t.Context(),
				"select distinct "+name+" from read_parquet("+file+") where "+name+" is not null")
			if err != nil {
				t.Fatal(err)
			}
			for rows.Next() {
				var v string
				if err := rows.Scan(&v); err != nil {
					t.Fatal(err)
				}
				if col.Personal != personal.Party || (personal.Masker{}).Party(v) != v { // a firm is none
					persons[v] = true
				}
			}
			rows.Close()
		}
	}
	return persons
}

// lookThrough reads every text of every table of a database.
func lookThrough(t *testing.T, path string, persons map[string]bool, look func(string, []byte)) {
	t.Helper()
	db, err := sql.Open("duckdb", path+"?access_mode=read_only")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(),
		"select schema_name, table_name, column_name from duckdb_columns() where not internal and data_type = 'VARCHAR' and "+
			"database_name = current_database()")
	if err != nil {
		t.Fatal(err)
	}
	var columns [][3]string
	for rows.Next() {
		var c [3]string
		if err := rows.Scan(&c[0], &c[1], &c[2]); err != nil {
			t.Fatal(err)
		}
		columns = append(columns, c)
	}
	rows.Close()
	if len(columns) < 50 {
		t.Errorf("%s has only %d columns of texts", path, len(columns))
	}
	var catalog string // a schema may bear its name
	if err := db.QueryRowContext(t.Context(), "select current_database()").Scan(&catalog); err != nil {
		t.Fatal(err)
	}
	catalog = warehouse.Ident(catalog)
	for _, c := range columns {
		schema, table, column := warehouse.Ident(c[0]), warehouse.Ident(c[1]), warehouse.Ident(c[2])
		rows, err := db.QueryContext(t.Context(),
			"select distinct "+column+" from "+catalog+"."+schema+"."+table+" where "+column+" is not null")
		if err != nil {
			t.Fatal(err)
		}
		where := filepath.Base(path) + " " + strings.Join(c[:], ".")
		for rows.Next() {
			var v string
			if err := rows.Scan(&v); err != nil {
				t.Fatal(err)
			}
			if persons[v] {
				t.Errorf("%s holds the person %s", where, v)
				break
			}
			look(where, []byte(v))
		}
		rows.Close()
	}
}

// A bureau writes an identity number into a file's name. The lake keeps the name; what is said of the
// kept file, also that it is lost, does not. What was said can be typed again.
func TestNamesOfOriginalsAreMasked(t *testing.T) {
	dir := hostileProject(t)
	number := identity(7)
	put(t, filepath.Join(dir, "var", "inbox", "局", "小表_20250201_"+number+".csv"), []byte("编号,名称\nN1,甲\n"))
	stdout, stderr, code := citykpi(t, "--project", dir, "--now", "2025-12-01T08:00", "load")
	if code != 0 {
		t.Fatalf("load: exit %d: %s%s", code, stdout, stderr)
	}
	kept, err := filepath.Glob(filepath.Join(dir, "var", "lake", "originals", "*", "*"+number+"*"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("the original is %v, %v", kept, err)
	}
	if err := os.Rename(kept[0], filepath.Join(t.TempDir(), "lost")); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "var", "inbox", "局", number+".txt"), nil)
	if err := os.Chmod(filepath.Join(dir, "var", "inbox", "局", number+".txt"), 0o644); err != nil {
		t.Fatal(err)
	}
	word := ""
	for _, args := range [][]string{{"verify"}, {"verify", "--all"}, {"load"}, {"run"}, {"check"}, {"rejects"}, {"lake", "log"},
		{"--format", "json", "lake", "log"}, {"doctor"}} {
		stdout, stderr, _ := citykpi(t, append([]string{"--project", dir, "--now", "2025-12-01T09:00"}, args...)...)
		if strings.Contains(stdout+stderr, number) {
			t.Errorf("%v says the number: %s%s", args, stdout, stderr)
		}
		if found := regexp.MustCompile(`originals/[0-9a-f]{16}/小表_20250201_P[0-9a-f]{16}\.csv`).FindString(stdout + stderr); found != "" {
			word = found
		}
	}
	if word == "" {
		t.Fatal("the original was never named")
	}
	stdout, stderr, code = citykpi(t, "--project", dir, "--now", "2025-12-01T10:00", "lake", "forget", word, "--reason", "市某局撤回")
	if code != 0 || strings.Contains(stdout+stderr, number) {
		t.Errorf("forget: exit %d: %s%s", code, stdout, stderr)
	}
	if stdout, stderr, code := citykpi(t, "--project", dir, "--now", "2025-12-01T11:00", "verify", "--all"); code != 0 {
		t.Errorf("verify: exit %d: %s%s", code, stdout, stderr)
	}
}

// Nothing is said to be missing where nobody could look.
func TestNothingToLoadIsSaidOnlyWhenKnown(t *testing.T) {
	dir := hostileProject(t)
	put(t, filepath.Join(dir, "var", "private", "run.lock", "x"), nil) // a folder
	stdout, stderr, code := citykpi(t, "--project", dir, "--now", "2025-12-01T08:00", "load")
	if code == 0 || strings.Contains(stdout, "nothing to load") {
		t.Errorf("exit %d: %s%s", code, stdout, stderr)
	}
}
