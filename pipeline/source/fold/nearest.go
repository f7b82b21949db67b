package fold

// Nearest is the candidate with the smallest edit distance to s; the first of equals.
func Nearest(s string, candidates []string) string {
	best, cost := "", 1<<30
	for _, c := range candidates {
		if d := distance([]rune(s), []rune(c)); d < cost {
			best, cost = c, d
		}
	}
	return best
}

func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			cost := diagonal
			if x != y {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
