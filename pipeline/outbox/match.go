package outbox

import (
	"bytes"
	"fmt"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/project"
	"citykpi/pipeline/show"
	"citykpi/pipeline/source/contract"
	"citykpi/reports/workbook"
)

// matchSource is the contract of the decisions about names.
const matchSource = "match_decision"

// matchWidths are those of the columns that are filled in, by what they hold.
var matchWidths = map[contract.Type]float64{contract.CreditCode: 24, contract.Boolean: 8, contract.Text: 30}

// WriteMatches writes what waits for a match in a release as the workbook that, filled in and put into the
// inbox, decides, and returns where it lies. It has a row for each text: what is known of it, then the columns of
// the contract of decisions, empty, under the headers that this contract knows.
func WriteMatches(p *project.Project, r kpi.Release, queue []kpi.Match) (string, error) {
	c := p.Contract(matchSource)
	if c == nil {
		return "", fmt.Errorf("no contract has the source %s. Try: restore data/sources/%[1]s.yaml", matchSource)
	}
	header := map[string]string{}
	for _, name := range []string{"named_as", "enterprise_code", "left_out"} {
		column := c.Column(name)
		if column == nil {
			return "", fmt.Errorf("%s: no column %s. Try: restore the contract", c.File, name)
		}
		header[name] = column.CN[0]
	}
	on := strings.ReplaceAll(r.AsOf.String(), "-", "")
	t := workbook.Table{Name: "待复核", Title: "企业匹配复核 " + on,
		Note: fmt.Sprintf("在“%s”中填写所指企业，或在“%s”中填“是”；未填写的行不作处理。= 名称或注册号相同，≈ 名称相近", header["enterprise_code"], header["left_out"]),
		Columns: []workbook.Column{
			{Title: header["named_as"], Width: 36}, {Title: "所写名称", Width: 36}, {Title: "行数", Kind: workbook.Count, Width: 8},
			{Title: "数据", Width: 24},
			{Title: "候选企业", Width: 56},
		}}
	var empty []any // one for each column of the decision
	for _, column := range c.Columns {
		if column.Name != "named_as" {
			t.Columns = append(t.Columns, workbook.Column{Title: column.CN[0], Width: matchWidths[column.Type]})
			empty = append(empty, "")
		}
	}
	for _, m := range queue {
		t.Add(append([]any{m.NamedAs, m.Name, m.Rows, m.Sources, Candidates(m)}, empty...)...)
	}
	var b bytes.Buffer
	if err := workbook.WriteXLSX(&b, workbook.Properties{Title: t.Title, Created: r.CreatedAt}, t); err != nil {
		return "", err
	}
	path := p.Var("outbox", show.FileName(c.Bureau), "企业匹配复核_"+on+".xlsx")
	return path, put(path, b.Bytes())
}

// Candidates are the enterprises that a text may mean: = of the same words or number, ≈ of a similar name.
func Candidates(m kpi.Match) string {
	var list []string
	for _, c := range m.Candidates {
		mark := "≈"
		if c.SameWords {
			mark = "="
		}
		list = append(list, mark+c.ID+" "+c.Name)
	}
	return strings.Join(list, "；")
}
