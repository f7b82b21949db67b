package xlsx

import "citykpi/pipeline/source/fold"

// strikesOut reports a <strike> or a <strike val=…> of a workbook, by the value of val.
func strikesOut(val string) bool { return val != "0" && val != "false" }

// readStruck learns which cell styles have a font that strikes a text out.
func (w *Book) readStruck(part string) error {
	var doc struct {
		Fonts []struct {
			Strike *struct {
				Val string `xml:"val,attr"`
			} `xml:"strike"`
		} `xml:"fonts>font"`
		Cells []struct {
			Font string `xml:"fontId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := w.decode(part, &doc); err != nil {
		return err
	}
	for i, c := range doc.Cells {
		if at := fold.Digits([]byte(c.Font)); at >= 0 && at < len(doc.Fonts) && doc.Fonts[at].Strike != nil &&
			strikesOut(doc.Fonts[at].Strike.Val) {
			w.styles.Struck = append(w.styles.Struck, make([]bool, len(doc.Cells)-len(w.styles.Struck))...)
			w.styles.Struck[i] = true
		}
	}
	return nil
}
