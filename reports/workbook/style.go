package workbook

import (
	"strings"

	"github.com/xuri/excelize/v2"
)

const (
	fontFamily = "宋体"
	ink        = "1F2933"
	secondary  = "52606D"
	lineColour = "D5DAE0"
)

// style is the id of a cell style, made once per workbook.
func (b *book) style(st style) (int, error) {
	if id, ok := b.styles[st]; ok {
		return id, nil
	}
	id, err := b.file.NewStyle(st.definition())
	if err != nil {
		return 0, err
	}
	if st.literal {
		id = b.quoted(id)
	}
	b.styles[st] = id
	return id, nil
}

// quoted is a copy of a style with quotePrefix: a spreadsheet then keeps the
// cell's text as text even after it was edited.
func (b *book) quoted(id int) int {
	xfs := b.file.Styles.CellXfs
	yes, xf := true, xfs.Xf[id]
	xf.QuotePrefix = &yes
	xfs.Xf = append(xfs.Xf, xf)
	xfs.Count = len(xfs.Xf)
	return xfs.Count - 1
}

func (st style) definition() *excelize.Style {
	s := &excelize.Style{
		Font:      &excelize.Font{Family: fontFamily, Size: 10.5, Color: ink},
		Alignment: &excelize.Alignment{Vertical: "center"},
	}
	switch st.role {
	case "title":
		s.Font = &excelize.Font{Family: "黑体", Size: 16, Color: ink}
		return s
	case "heading":
		s.Font = &excelize.Font{Family: "黑体", Size: 20, Color: ink}
		s.Alignment.Horizontal = "center"
		return s
	case "letter":
		s.Font = &excelize.Font{Family: fontFamily, Size: 12, Color: ink}
		s.Alignment.WrapText = true
		return s
	case "note":
		s.Font = &excelize.Font{Family: fontFamily, Size: 10, Color: secondary}
		return s
	}
	s.Border = grid()
	switch st.role {
	case "head":
		s.Font.Bold = true
		s.Alignment.Horizontal, s.Alignment.WrapText = "center", true
		s.Fill = fill("EDF1F5")
		return s
	case "total":
		s.Font.Bold = true
		s.Fill = fill("F7F8FA")
	case "bad":
		s.Fill = fill("FBE3E0")
	}
	s.Alignment.Horizontal = "left"
	switch {
	case st.kind.numeric():
		s.Alignment.Horizontal = "right"
		format := st.numberFormat()
		s.CustomNumFmt = &format
	case st.kind == Day:
		s.Alignment.Horizontal = "center"
		format := "yyyy-mm-dd"
		s.CustomNumFmt = &format
	case st.kind == Light:
		s.Font.Color = lightColour[st.light]
	default:
		s.Alignment.WrapText = true
	}
	return s
}

func (st style) numberFormat() string {
	switch {
	case st.fixed:
		form := "#,##0"
		if st.decimals > 0 {
			form += "." + strings.Repeat("0", st.decimals)
		}
		if st.kind == Signed {
			form = "+" + form + ";-" + form + ";0"
		}
		return form
	case st.kind == Money:
		return "#,##0.00"
	case st.kind == Percent && st.fine:
		return "0.0###"
	case st.kind == Percent:
		return "0.0"
	case st.kind == Points && st.fine:
		return "+0.0###;-0.0###;0.0"
	case st.kind == Points:
		return "+0.0;-0.0;0.0"
	case st.kind == Signed && st.whole:
		return "+#,##0;-#,##0;0"
	case st.kind == Signed:
		return "+#,##0.0#;-#,##0.0#;0"
	case st.whole:
		return "#,##0"
	}
	return "#,##0.0#"
}

func fill(colour string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
}

func grid() []excelize.Border {
	var borders []excelize.Border
	for _, side := range []string{"left", "top", "right", "bottom"} {
		borders = append(borders, excelize.Border{Type: side, Color: lineColour, Style: 1})
	}
	return borders
}
