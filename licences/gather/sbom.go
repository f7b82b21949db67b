package main

import (
	"bytes"
	"debug/buildinfo"
	"fmt"
	"os"

	"citykpi/licences"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// sbom writes what a built program is made of beside it, as CycloneDX. The program's own
// record of its modules is the truth: one that is not in the notice ends the build.
func sbom(program, version string) error {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return err
	}
	list, err := licences.Load()
	if err != nil {
		return err
	}
	noted := map[string]bool{}
	for _, c := range list {
		if c.Kind == licences.Go {
			noted[c.Name+"@"+c.Version] = true
		}
	}
	for _, m := range info.Deps {
		if !noted[m.Path+"@"+m.Version] {
			return fmt.Errorf("%s is linked with %s %s, which is not in its notice. Try: make notice build", program, m.Path, m.Version)
		}
	}
	bom := cdx.NewBOM()
	main := cdx.Component{BOMRef: "citykpi", Type: cdx.ComponentTypeApplication, Name: "citykpi", Version: version}
	bom.Metadata = &cdx.Metadata{Component: &main}
	refs := map[string]string{}
	for _, c := range list {
		refs[c.Name] = c.PURL
	}
	components, dependencies, direct := []cdx.Component{}, []cdx.Dependency{}, []string{}
	for _, c := range list {
		components = append(components, component(c))
		on := []string{}
		for _, name := range c.Uses {
			on = append(on, refs[name])
		}
		dependencies = append(dependencies, cdx.Dependency{Ref: c.PURL, Dependencies: &on})
		if c.Direct {
			direct = append(direct, c.PURL)
		}
	}
	dependencies = append(dependencies, cdx.Dependency{Ref: main.BOMRef, Dependencies: &direct})
	bom.Components, bom.Dependencies = &components, &dependencies
	var text bytes.Buffer
	if err := cdx.NewBOMEncoder(&text, cdx.BOMFileFormatJSON).SetPretty(true).EncodeVersion(bom, cdx.SpecVersion1_6); err != nil {
		return err
	}
	return os.WriteFile(program+".cdx.json", text.Bytes(), 0o644)
}

// component is one of the notice, as CycloneDX says it.
func component(c licences.Component) cdx.Component {
	return cdx.Component{BOMRef: c.PURL, Type: cdx.ComponentTypeLibrary, Name: c.Name, PackageURL: c.PURL, Version: c.Version,
		ExternalReferences: &[]cdx.ExternalReference{{Type: cdx.ERTypeVCS, URL: c.Source}},
		Licenses:           &cdx.Licenses{{Expression: c.Licence}}}
}
