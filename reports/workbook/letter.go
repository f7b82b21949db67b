package workbook

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/xuri/excelize/v2"

	"citykpi/pipeline/kpi"
)

// Letter is what the first sheet of a return says: 数据退回通知.
type Letter struct {
	Bureau   string
	File     string // as the bureau named it
	DataDate kpi.Date
	Received time.Time
	Due      kpi.Date // corrected rows are awaited by then
	Number   string   // of the batch: a corrected workbook is recognised by it

	Read, Loaded, Rejected, Dropped int64
}

// reason is one kind of fault and how many rows have it.
type reason struct {
	text, rule string
	others     bool // other rows break the rule in other words
	rows       int
}

// reasons counts the faults of the rows, the most frequent first. A row with the
// same fault twice counts once.
func (s RejectSheet) reasons() []reason {
	at := map[string]int{}
	var list []reason
	for _, row := range s.Rows {
		seen := map[string]bool{}
		for _, f := range row.Faults {
			if seen[f.Rule] {
				continue
			}
			seen[f.Rule] = true
			i, ok := at[f.Rule]
			if !ok {
				i = len(list)
				at[f.Rule] = i
				list = append(list, reason{text: f.Reason, rule: f.Rule})
			}
			list[i].rows++
			if f.Reason != list[i].text {
				list[i].others = true
			}
		}
	}
	slices.SortStableFunc(list, func(a, b reason) int { return cmp.Compare(b.rows, a.rows) })
	return list
}

// letter writes the first sheet.
func (b *book) letter(s RejectSheet) error {
	l := s.Letter
	f := b.file
	for column, width := range map[string]float64{"A": 12, "B": 46, "C": 34, "D": 12} {
		if err := f.SetColWidth(kpi.ReturnLetter, column, column, width); err != nil {
			return err
		}
	}
	dropped := ""
	if l.Dropped > 0 {
		dropped = fmt.Sprintf("，略过合计、说明等 %d 行", l.Dropped)
	}
	row := 1
	line := func(role, text string, height float64) error {
		from, to := fmt.Sprint("A", row), fmt.Sprint("D", row)
		if err := f.MergeCell(kpi.ReturnLetter, from, to); err != nil {
			return err
		}
		if err := f.SetRowHeight(kpi.ReturnLetter, row, height); err != nil {
			return err
		}
		err := b.set(kpi.ReturnLetter, 1, row, Text, role, text)
		row++
		return err
	}
	for _, p := range []struct {
		role, text string
		height     float64
	}{
		{"heading", "数据退回通知", 44},
		{"letter", l.Bureau + "：", 24},
		{"letter", fmt.Sprintf("    贵单位报送的《%s》（数据截至%s）已于%s接收。经校验，共读取 %d 行，装载 %d 行%s，退回 %d 行。",
			l.File, l.DataDate.Chinese(), kpi.DateOf(l.Received).Chinese(), l.Read, l.Loaded, dropped, l.Rejected), 48},
		{"letter", fmt.Sprintf("    退回的记录见“%s”表：列名和顺序与原表一致，有问题的单元格已着色并附批注。请于%s前在原列中更正，并将本工作簿直接报回；已装载的记录无需重报。",
			kpi.ReturnRows, l.Due.Chinese()), 48},
		{"letter", "", 10},
	} {
		if err := line(p.role, p.text, p.height); err != nil {
			return err
		}
	}
	for c, head := range []string{"序号", "退回原因", "规则", "行数"} {
		if err := b.set(kpi.ReturnLetter, c+1, row, Text, "head", head); err != nil {
			return err
		}
	}
	for i, r := range s.reasons() {
		row++
		text := r.text
		if r.others {
			text += " 等"
		}
		for c, v := range []any{i + 1, text, r.rule, r.rows} {
			k := Text
			if c == 0 || c == 3 {
				k = Count
			}
			if err := b.set(kpi.ReturnLetter, c+1, row, k, "body", v); err != nil {
				return err
			}
		}
	}
	row += 2
	if err := b.set(kpi.ReturnLetter, 1, row, Text, "note", kpi.ReturnNumber); err != nil {
		return err
	}
	if err := b.set(kpi.ReturnLetter, 2, row, Text, "note", l.Number); err != nil {
		return err
	}
	return b.paper(kpi.ReturnLetter, "portrait")
}

// paper fits a sheet to the width of A4.
func (b *book) paper(sheet, orientation string) error {
	yes, a4, one, any := true, 9, 1, 0
	if err := b.file.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &yes}); err != nil {
		return err
	}
	page := excelize.PageLayoutOptions{Size: &a4, Orientation: &orientation, FitToWidth: &one, FitToHeight: &any}
	if err := b.file.SetPageLayout(sheet, &page); err != nil {
		return err
	}
	return b.file.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{OddFooter: "&C— &P —"})
}
