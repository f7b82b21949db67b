package duck

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Ident quotes an identifier.
func Ident(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// Literal quotes a text, for the places where DuckDB takes no parameter. What SQL is built from is quoted by one of the two, or
// stands in the program.
func Literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// Parquet reads these files and no others, as the from of a query. DuckDB takes a path for a
// pattern, and a folder named year=2025 for a column.
func Parquet(paths ...string) string {
	quoted := make([]string, len(paths))
	for i, path := range paths {
		quoted[i] = Literal(exactly(path))
	}
	return "read_parquet([" + strings.Join(quoted, ", ") + "], hive_partitioning = false)"
}

// exactly is the pattern that only this path matches. There is none for a path that holds a
// backslash as well: UsablePath refuses it.
func exactly(path string) string {
	if !strings.ContainsAny(path, "*?[") {
		return path
	}
	return strings.NewReplacer("*", "[*]", "?", "[?]", "[", "[[]").Replace(path)
}

// UsablePath refuses a folder that DuckDB has no name for.
func UsablePath(dir string) error {
	if strings.Contains(dir, `\`) && strings.ContainsAny(dir, "*?[") {
		return fmt.Errorf("%s: a path that holds a backslash together with *, ? or [ cannot be read. Try: rename the folder", dir)
	}
	return nil
}

// plainPath is a path to the same database that the driver does not misread: it takes paths for
// URLs, and ?, # and % in a folder's name for parts of one. The folder's descriptor stands in
// for it. DuckDB follows that, and would put its log elsewhere where there is a ?: what is
// written is written to a folder of its own, and done puts it in its place.
func plainPath(path string, write bool) (plain string, done func() error, err error) {
	whole, err := filepath.Abs(path) // DuckDB makes it so itself, and the working folder's name may hold such a sign
	if err != nil {
		return "", nil, err
	}
	if path == "" || !strings.ContainsAny(whole, "?#%") {
		return path, func() error { return nil }, nil
	}
	dir, base := filepath.Split(whole)
	if strings.ContainsAny(base, "?#%") {
		return "", nil, fmt.Errorf("%s: the file's own name holds ?, # or %%. Try: rename it", path)
	}
	if write && strings.Contains(dir, "?") {
		temp, err := os.MkdirTemp("", "citykpi-")
		if err == nil && strings.ContainsAny(temp, "?#%") {
			err = fmt.Errorf("TMPDIR (%s) holds ?, # or %%, as the project's folder does. Try: another TMPDIR", os.TempDir())
		}
		plain := filepath.Join(temp, base)
		return plain, func() error { defer os.RemoveAll(temp); return bring(plain, path) }, err
	}
	folder, err := os.Open(dir)
	if err != nil {
		return "", nil, err
	}
	return fmt.Sprintf("/proc/self/fd/%d/%s", folder.Fd(), base), folder.Close, nil
}

// bring moves a closed database to where it belongs, which may be another disk.
func bring(from, to string) error {
	err := os.Rename(from, to)
	if !errors.Is(err, syscall.EXDEV) {
		return err
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	defer out.Close()
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	return out.Close()
}
