package kpi

// Nearest is the known word that differs least from word, for "did you mean";
// "" when none is close (more than a third of the letters, at least two, differ).
func Nearest(word string, known []string) string {
	best, distance := "", max(2, len([]rune(word))/3)+1
	for _, k := range known {
		if d := editDistance([]rune(word), []rune(k)); d < distance {
			best, distance = k, d
		}
	}
	return best
}

// editDistance counts the letters to insert, delete or change between a and b (Levenshtein).
func editDistance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			next := diagonal
			if a[i] != b[j] {
				next = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}
