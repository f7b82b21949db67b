package workbook

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"citykpi/pipeline/kpi"
)

// RejectSheet is what goes back to a bureau: its own columns, the rows that
// could not be loaded, and why. One workbook per file that was read.
type RejectSheet struct {
	Letter Letter
	Title  string // 技术合同登记_2026Q3.xls 未通过校验的记录
	Note   string // what to do: 请在原列中更正后重新报送
	Header []string
	Rows   []RejectRow
}

// RejectRow is one refused row as the bureau wrote it, cell by cell.
type RejectRow struct {
	Sheet  string // of the bureau's workbook; empty for CSV
	Row    int    // in the bureau's file, counted from 1 as a spreadsheet does
	Cells  []string
	Faults []Fault
}

// Fault is one broken rule of a row.
type Fault struct {
	Column int    // index into Header; negative: the row as a whole
	Rule   string // id: credit_code.check_character
	Reason string // in Chinese
}

// Rejects writes a letter, then the bureau's columns unchanged and, after them,
// 原表, 行号, 规则 and 原因. Bad cells are coloured, and the first of them say in a
// comment what is wrong. Every cell is text, as the bureau wrote it: a credit code
// stays 18 characters and nothing is read as a formula. A text that would come back as
// another has a mark in its place (kpi.KeptCell). Rows shorter than the
// header are filled with empty cells; longer ones are an ErrShape. Same rows, same
// bytes.
func Rejects(w io.Writer, p Properties, sheet RejectSheet) error {
	b, err := newBook(p)
	if err != nil {
		return err
	}
	defer b.file.Close()
	t := sheet.table()
	for i, name := range []string{kpi.ReturnLetter, t.Name} {
		if err := b.name(i, name); err != nil {
			return err
		}
	}
	if err := b.letter(sheet); err != nil {
		return fmt.Errorf("rejects %s: %w", p.Title, err)
	}
	rows, err := b.file.NewStreamWriter(t.Name) // there may be thousands
	if err != nil {
		return err
	}
	if err := b.begin(rows, t, len(sheet.Rows)); err != nil {
		return err
	}
	for i, row := range sheet.Rows {
		if err := b.reject(rows, sheet, row, headerRows+1+i); err != nil {
			return fmt.Errorf("rejects %s: row %d: %w", p.Title, row.Row, err)
		}
	}
	if err := rows.Flush(); err != nil {
		return fmt.Errorf("rejects %s: %w", p.Title, err)
	}
	if _, err := b.file.WriteTo(w); err != nil {
		return fmt.Errorf("write rejects %s: %w", p.Title, err)
	}
	return nil
}

func (s RejectSheet) table() Table {
	t := Table{Name: kpi.ReturnRows, Title: s.Title, Note: s.Note}
	for c, h := range s.Header {
		widest := displayWidth(h) + 2 // room for the filter's arrow
		for _, row := range s.Rows {
			if c < len(row.Cells) {
				widest = max(widest, displayWidth(row.Cells[c]))
			}
		}
		t.Columns = append(t.Columns, Column{Title: h, Width: float64(min(max(widest+2, 8), 64))})
	}
	t.Columns = append(t.Columns,
		Column{Title: kpi.ReturnSheet, Width: 12}, Column{Title: kpi.ReturnRow, Kind: Count, Width: 9},
		Column{Title: "规则", Width: 26}, Column{Title: "原因", Width: 48})
	return t
}

// displayWidth is how many half-width characters a text takes.
func displayWidth(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r >= 0x1100 {
			n++
		}
	}
	return n
}

func (b *book) reject(w *excelize.StreamWriter, s RejectSheet, row RejectRow, line int) (err error) {
	if len(row.Cells) > len(s.Header) {
		return fmt.Errorf("%w: %d cells, %d columns", ErrShape, len(row.Cells), len(s.Header))
	}
	reasons := map[int][]string{}
	var rules, all []string
	for _, f := range row.Faults {
		rules, all = append(rules, f.Rule), append(all, f.Reason)
		if f.Column >= 0 {
			reasons[f.Column] = append(reasons[f.Column], f.Reason)
		}
	}
	n := len(s.Header)
	cells := make([]any, n, n+4)
	for c := range s.Header {
		value, role := "", "body"
		if c < len(row.Cells) {
			value, _ = kpi.KeptCell(row.Cells[c])
		}
		if reasons[c] != nil {
			role = "bad"
		}
		if cells[c], err = b.cell(Text, role, value); err != nil {
			return err
		}
		if err := b.comment(c+1, line, reasons[c]); err != nil {
			return err
		}
	}
	for c, value := range []any{row.Sheet, row.Row, strings.Join(rules, "\n"), strings.Join(all, "\n")} {
		k := Text
		if c == 1 {
			k = Count
		}
		cell, err := b.cell(k, "body", value)
		if err != nil {
			return err
		}
		cells = append(cells, cell)
	}
	return b.addRow(w, kpi.ReturnRows, line, textHeight(max(1, len(row.Faults))), cells)
}

// maxComments is how many cells say in a comment what is wrong; the column 原因
// says it of all. A sheet with more of them opens slowly.
const maxComments = 500

func (b *book) comment(column, line int, reasons []string) error {
	if len(reasons) == 0 || b.comments == maxComments {
		return nil
	}
	b.comments++
	cell, err := excelize.CoordinatesToCellName(column, line)
	if err != nil {
		return err
	}
	return b.file.AddComment(kpi.ReturnRows, excelize.Comment{
		Cell: cell, Author: "citykpi", Width: 240, Height: 80,
		Paragraph: []excelize.RichTextRun{{Text: strings.Join(reasons, "\n")}},
	})
}
