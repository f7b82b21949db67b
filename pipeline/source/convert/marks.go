package convert

import (
	"bytes"

	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/parse"
)

var struckProblem = &parse.Problem{Rule: "cell.struck", Reason: "单元格中有划去（加删除线）的文字，是否有效无法判断，请删去划去的部分或取消删除线后重新导出"}

// struckIn refuses a cell with a text that is struck out.
func struckIn(cell []byte) *parse.Problem {
	if bytes.Contains(cell, []byte(grid.StruckOpen)) {
		return struckProblem
	}
	return nil
}

var garbledProblem = &parse.Problem{Rule: "text.replacement", Reason: "文字是乱码：导出前已被当作另一种编码读过，请从原系统以 UTF-8 或 GB18030 重新导出"}
