package source

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/source/book"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/refusal"
)

// Return is what a corrected return workbook answers.
type Return struct {
	Batch string
	Rows  []Place
}

// Place is a row of a bureau's file.
type Place struct {
	Sheet string `json:"sheet,omitempty"`
	Row   int64  `json:"row"`
}

// Return reads what the file answers; nil if it is no return.
func (f *File) Return(ctx context.Context) (*Return, error) {
	if f.book == nil {
		return nil, nil
	}
	list := f.book.Sheets()
	letter := slices.IndexFunc(list, func(s book.Sheet) bool { return s.Name == kpi.ReturnLetter })
	rows := slices.IndexFunc(list, func(s book.Sheet) bool { return s.Name == kpi.ReturnRows })
	if letter < 0 || rows < 0 {
		return nil, nil
	}
	back := &Return{}
	err := f.eachRow(ctx, &list[letter], func(cells []string) {
		if i := slices.Index(cells, kpi.ReturnNumber); i >= 0 && i+1 < len(cells) {
			back.Batch = cells[i+1]
		}
	})
	if err != nil {
		return nil, err
	}
	if back.Batch == "" {
		return nil, &refusal.Error{File: f.Name, Sheet: kpi.ReturnLetter, Err: refusal.ErrNoReturnNumber,
			Try: "send the workbook back with its first sheet as it was"}
	}
	sheetAt, rowAt := -1, -1
	err = f.eachRow(ctx, &list[rows], func(cells []string) {
		if rowAt < 0 {
			sheetAt, rowAt = slices.Index(cells, kpi.ReturnSheet), slices.Index(cells, kpi.ReturnRow)
			return
		}
		if rowAt >= len(cells) || sheetAt < 0 {
			return
		}
		if no, err := strconv.ParseInt(strings.ReplaceAll(cells[rowAt], ",", ""), 10, 64); err == nil {
			back.Rows = append(back.Rows, Place{cells[sheetAt], no})
		}
	})
	return back, err
}

// eachRow calls do with the trimmed text of every row of a sheet.
func (f *File) eachRow(ctx context.Context, s *book.Sheet, do func(cells []string)) error {
	src := f.book.Rows(s, 0, nil)
	defer src.Close()
	for {
		more, err := src.Next(ctx, rowTexts(do))
		if err != nil || !more {
			return err
		}
	}
}

// rowTexts is a grid.Sink that hands on every row as text.
type rowTexts func(cells []string)

func (do rowTexts) Begin(int, bool) {}

func (do rowTexts) Row(_ int64, cells [][]byte, _ []grid.Kind) {
	texts := make([]string, len(cells))
	for i, c := range cells {
		texts[i] = strings.TrimSpace(string(c))
	}
	do(texts)
}
