package pull

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// What is wrong with a data source name, or with the database behind it, is said without
// the password in it.
func FuzzDSN(f *testing.F) {
	for _, rest := range []string{"localhost:1/db", "localhost:1/db?sslmode=disable", "tcp(127.0.0.1:1)/db",
		"tcp(127.0.0.1:1)/db?tls=x&timeout=1s", "[::1/db", "/", "%zz", "h:99999/db?connect_timeout=x", "@@@tcp(", "unix(/nowhere)/"} {
		f.Add(rest)
	}
	const secret = "geheim-7391"
	f.Fuzz(func(t *testing.T, rest string) {
		if strings.Contains(rest, "file") || strings.Contains(rest, "cert") || strings.Contains(rest, "key") ||
			strings.ContainsAny(rest, "\x00") {
			return // options that have the driver read files
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel() // nobody is called
		for driver, dsn := range map[string]string{Postgres: "postgres://user:" + secret + "@" + rest, MySQL: "user:" +
			secret + "@" + rest} {
			const variable = "CITYKPI_TEST_DSN"
			t.Setenv(variable, dsn)
			_, err := Connection{Driver: driver, DSNEnv: variable, Name: "registry"}.open(ended)
			var refused *Error
			if !errors.As(err, &refused) {
				t.Fatalf("%s %q: %v", driver, rest, err)
			}
			if text := err.Error(); strings.Contains(text, secret) || !strings.Contains(text, "registry") ||
				!strings.Contains(text, "Try: ") {
				t.Fatalf("%s %q: %s", driver, rest, text)
			}
		}
	})
}
