package source

import "citykpi/pipeline/source/parse"

var garbledProblem = &parse.Problem{Rule: "text.replacement", Reason: "文字是乱码：导出前已被当作另一种编码读过，请从原系统以 UTF-8 或 GB18030 重新导出"}
