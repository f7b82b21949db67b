package main

import (
	"debug/buildinfo"
	"debug/elf"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"citykpi/licences"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// builtVariable names the program as make has built it. make test sets it; without it
// these tests have nothing to look at.
const builtVariable = "CITYKPI_BUILT"

func built(t *testing.T) string {
	t.Helper()
	path := os.Getenv(builtVariable)
	if path == "" {
		t.Skipf("SKIPPED: %s names no program. Try: make test", builtVariable)
	}
	return path
}

// TestBuiltHard: the program stands at no address known before, and nothing that the
// loader filled in can be written afterwards.
func TestBuiltHard(t *testing.T) {
	f, err := elf.Open(built(t))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if f.Type != elf.ET_DYN {
		t.Errorf("it is %s, not position-independent", f.Type)
	}
	segments := map[elf.ProgType]elf.ProgFlag{}
	for _, p := range f.Progs {
		segments[p.Type] = p.Flags
		if p.Type == elf.PT_LOAD && p.Flags&(elf.PF_W|elf.PF_X) == elf.PF_W|elf.PF_X {
			t.Errorf("the segment at %#x can be written and run", p.Vaddr)
		}
	}
	if _, ok := segments[elf.PT_GNU_RELRO]; !ok {
		t.Error("no segment is made read-only after loading")
	}
	if flags, ok := segments[elf.PT_GNU_STACK]; !ok || flags&elf.PF_X != 0 {
		t.Error("its stack can be run")
	}
	flags, err := f.DynValue(elf.DT_FLAGS)
	if err != nil || len(flags) != 1 || elf.DynFlag(flags[0])&elf.DF_BIND_NOW == 0 {
		t.Errorf("functions are bound when first called, not when loaded: flags %v, %v", flags, err)
	}
	if paths, err := f.DynString(elf.DT_RUNPATH); err != nil || len(paths) > 0 {
		t.Errorf("libraries are looked for in %q, %v", paths, err)
	}
}

// TestStartsLight: a start prepares nothing of the project's own that only some commands need: each package of it sets up in
// less than a megabyte. The demo's stories were read before every command, for a tenth of a second.
func TestStartsLight(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), built(t), "--help")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	told, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatal(err)
	}
	setUp := regexp.MustCompile(`(?m)^init (citykpi/\S+) .*?(\d+) bytes`).FindAllSubmatch(told, -1)
	if len(setUp) < 5 {
		t.Fatalf("only %d packages tell how they are set up", len(setUp))
	}
	for _, p := range setUp {
		if bytes, _ := strconv.Atoi(string(p[2])); bytes > 1<<20 {
			t.Errorf("%s takes %s bytes at the start of every command", p[1], p[2])
		}
	}
}

// noticed are the components that the built program says it has.
func noticed(t *testing.T, args ...string) (list []licences.Component) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), built(t), append([]string{"--format", "json", "licences"}, args...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// TestBuiltNotice: every module that the linker says it has linked is in the notice,
// with the words of a licence that is allowed.
func TestBuiltNotice(t *testing.T) {
	info, err := buildinfo.ReadFile(built(t))
	if err != nil {
		t.Fatal(err)
	}
	list := noticed(t, "--full")
	for _, m := range info.Deps {
		at := slices.IndexFunc(list, func(c licences.Component) bool { return c.Kind == licences.Go && c.Name == m.Path })
		if at < 0 || list[at].Version != m.Version {
			t.Errorf("%s %s is linked and not in the notice", m.Path, m.Version)
		}
	}
	if len(info.Deps) < 30 {
		t.Errorf("only %d modules are linked", len(info.Deps))
	}
	kinds := map[string]int{}
	for _, c := range list {
		kinds[c.Kind]++
		if err := licences.Check(c); err != nil {
			t.Error(err)
		}
	}
	if kinds[licences.Go] < len(info.Deps)+1 || kinds[licences.NPM] < 3 || kinds[licences.Cxx] < 20 {
		t.Errorf("components by kind: %v", kinds)
	}
	for _, c := range noticed(t) {
		if len(c.Texts) > 0 {
			t.Errorf("the list without --full prints the words of %s", c.Name)
		}
	}
	out, err := exec.CommandContext(t.Context(), built(t), "licences", "--full").Output()
	if err != nil {
		t.Fatal(err)
	}
	_, mysql, found := strings.Cut(string(out), "github.com/go-sql-driver/mysql v")
	if !found || !strings.Contains(mysql[:400], "https://github.com/go-sql-driver/mysql\nIts source code") ||
		!strings.Contains(mysql, "Mozilla Public License") {
		t.Error("the notice does not say where the source of the module under MPL-2.0 is")
	}
}

// TestBuiltBOM: what stands beside the program is CycloneDX by its schema, and names
// what the notice names, with version, package URL and licence.
func TestBuiltBOM(t *testing.T) {
	type bom struct {
		Metadata struct {
			Component struct{ Name, Version string }
		}
		Components []struct {
			Name, Version, PURL string
			Licenses            []struct{ Expression string }
		}
		Dependencies []struct {
			Ref       string
			DependsOn []string
		}
	}
	text, err := os.ReadFile(built(t) + ".cdx.json")
	if err != nil {
		t.Fatal(err)
	}
	var got bom
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	validBOM(t, text)
	said := map[string]bool{}
	refs := map[string]bool{"citykpi": true}
	for _, c := range got.Components {
		refs[c.PURL] = true
		if len(c.Licenses) == 1 {
			said[c.Name+" "+c.Version+" "+c.PURL+" "+c.Licenses[0].Expression] = true
		}
	}
	list := noticed(t)
	for _, c := range list {
		if !said[c.Name+" "+c.Version+" "+c.PURL+" "+c.Licence] {
			t.Errorf("%s %s is not in it", c.Name, c.Version)
		}
	}
	if len(said) != len(list) || len(got.Components) != len(list) {
		t.Errorf("it has %d components, the notice %d", len(got.Components), len(list))
	}
	reached := map[string]bool{"citykpi": true}
	for _, d := range got.Dependencies {
		for _, on := range d.DependsOn {
			if !refs[on] {
				t.Errorf("%s depends on %s, which is no component", d.Ref, on)
			}
			reached[on] = true
		}
	}
	for ref := range refs {
		if !reached[ref] {
			t.Errorf("nothing depends on %s", ref)
		}
	}
	version, err := exec.CommandContext(t.Context(), built(t), "--version").Output()
	if err != nil || !strings.HasSuffix(strings.TrimSpace(string(version)), " "+got.Metadata.Component.Version) ||
		got.Metadata.Component.Name != "citykpi" {
		t.Errorf("it is of %+v, the program of %s, %v", got.Metadata.Component, version, err)
	}
	for _, chance := range []string{"serialNumber", "timestamp"} {
		if strings.Contains(string(text), chance) {
			t.Errorf("it has a %s: two builds would differ", chance)
		}
	}
}

// validBOM holds a document against the schema that comes with the library that wrote it.
func validBOM(t *testing.T, text []byte) {
	t.Helper()
	dir, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/CycloneDX/cyclonedx-go").Output()
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	const at = "http://cyclonedx.org/schema/"
	for url, file := range map[string]string{"bom-1.6.schema.json": "bom-1.6.schema.json",
		"spdx.schema.json": "spdx.schema.json", "jsf-0.82.schema.json": "jsf-0.82.schemax.json"} {
		f, err := os.Open(filepath.Join(strings.TrimSpace(string(dir)), "schema", file))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(f)
		f.Close()
		if err != nil {
			t.Fatal(file, err)
		}
		if err := c.AddResource(at+url, doc); err != nil {
			t.Fatal(err)
		}
	}
	schema, err := c.Compile(at + "bom-1.6.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(doc); err != nil {
		t.Error(err)
	}
}
