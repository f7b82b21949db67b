package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"citykpi/licences"
)

// linkedPackage is what go list says of a package.
type linkedPackage struct {
	ImportPath, Dir string
	Imports         []string
	Standard        bool
	Module          *struct {
		Path, Version, Dir string
		Main               bool
		Replace            *struct{ Path, Version string }
	}
}

// linked are the modules of which a package is in the program, and Go itself.
func linked(tags string) ([]licences.Component, error) {
	packages, err := listed(program, tags)
	if err != nil {
		return nil, err
	}
	moduleOf := map[string]string{}
	for _, p := range packages {
		if p.Module != nil {
			moduleOf[p.ImportPath] = p.Module.Path
		}
	}
	var own string
	components, uses, folders := map[string]*licences.Component{}, map[string]map[string]bool{}, map[string]map[string]bool{}
	for _, p := range packages {
		if p.Module == nil {
			continue
		}
		m := p.Module
		if uses[m.Path] == nil {
			uses[m.Path], folders[m.Path] = map[string]bool{}, map[string]bool{}
		}
		for _, imported := range p.Imports {
			if other := moduleOf[imported]; other != "" && other != m.Path {
				uses[m.Path][other] = true
			}
		}
		if m.Main {
			own = m.Path
			continue
		}
		if m.Replace != nil {
			return nil, fmt.Errorf("%s is replaced by %s, whose licence would stand under the wrong name. "+
				"Try: require it itself", m.Path, m.Replace.Path)
		}
		if components[m.Path] == nil {
			components[m.Path] = &licences.Component{Kind: licences.Go, Name: m.Path, Version: m.Version, Source: "https://" + m.Path,
				PURL: "pkg:golang/" + m.Path + "@" + strings.ReplaceAll(m.Version, "+", "%2B")}
		}
		for dir := p.Dir; len(dir) >= len(m.Dir); dir = filepath.Dir(dir) { // a vendored part may have terms of its own
			folders[m.Path][dir] = true
		}
	}
	version := strings.TrimPrefix(runtime.Version(), "go")
	goes := licences.Component{Kind: licences.Go, Name: "std", Direct: true, Version: version, Source: "https://go.dev",
		PURL: "pkg:golang/std@" + version}
	root, err := goroot()
	if err != nil {
		return nil, err
	}
	if goes.Texts, err = texts(root, root); err != nil {
		return nil, err
	}
	if err := granted(&goes); err != nil {
		return nil, err
	}
	list := []licences.Component{goes}
	for path, c := range components {
		var root string
		for _, dir := range slices.Sorted(maps.Keys(folders[path])) {
			if root == "" {
				root = dir // the shortest path sorts first
			}
			found, err := texts(root, dir)
			if err != nil {
				return nil, err
			}
			c.Texts = append(c.Texts, found...)
		}
		if err := granted(c); err != nil {
			return nil, err
		}
		c.Uses, c.Direct = slices.Sorted(maps.Keys(uses[path])), uses[own][path]
		list = append(list, *c)
	}
	return list, nil
}

// goroot is where Go itself is, with its licence.
func goroot() (string, error) {
	out, err := exec.Command("go", "env", "GOROOT").Output()
	return strings.TrimSpace(string(out)), err
}

// listed are the packages that one is made of, itself last, as they are built with tags
// for this system.
func listed(program, tags string) (packages []linkedPackage, err error) {
	var stderr bytes.Buffer
	cmd := exec.Command("go", "list", "-deps", "-tags", tags, "-json=ImportPath,Dir,Imports,Standard,Module", program)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, stderr.String())
	}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p linkedPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return packages, nil
		} else if err != nil {
			return nil, err
		}
		packages = append(packages, p)
	}
}

// texts are the legal files in a folder, named from root.
func texts(root, dir string) (list []licences.Text, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.IsDir() || !legalName.MatchString(e.Name()) || strings.HasSuffix(e.Name(), ".go") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		name, err := filepath.Rel(root, filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		list = append(list, licences.Text{File: filepath.ToSlash(name), Text: string(text)})
	}
	return list, nil
}
