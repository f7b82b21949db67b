package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"citykpi/pipeline/durable"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/project"
	"citykpi/pipeline/release"
	"citykpi/pipeline/warehouse"
)

// extractDir holds, for the release that serves, lake.* and staging.* for analysts:
// var/extract/<release>/lake.duckdb. It is derived and may be deleted at any time.
const extractDir = "extract"

// LakeOf is the database of a release's lake and staging tables, masked. It is made
// when it is first asked for, from the batches and definitions the release was made from: making is told
// then, as it takes a while.
func LakeOf(ctx context.Context, p *project.Project, m release.Manifest, making func()) (string, error) {
	path := p.Var(extractDir, m.ID, warehouse.LakeFile)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	dir := Releases(p).Dir(m.ID)
	c, err := readCatalogue(dir)
	if err != nil {
		return "", err
	}
	switch {
	case c.Lake == nil:
		return "", fmt.Errorf("release %s was made by an older version of citykpi and has no lake.* and staging.*. "+
			"Try: citykpi run --full", m.ID)
	case c.Key != p.Mask.Fingerprint():
		return "", fmt.Errorf("lake.* of release %s is masked with another key than %s has. Try: citykpi run --full", m.ID, p.Dir)
	}
	in := warehouse.Inputs{Tables: c.Lake, Models: c.Staging, Mask: p.Mask}
	if in.Batches, err = batchesOf(p, m); err != nil {
		return "", err
	}
	if err := durable.SameOwner(p.Var()); err != nil {
		return "", err
	}
	if err := durable.MakeDir(p.Var(extractDir)); err != nil {
		return "", durable.Disk(err)
	}
	pruneExtracts(p, m.ID)
	temp, err := os.MkdirTemp(p.Var(extractDir), fmt.Sprintf("%s%d-", extracting, os.Getpid()))
	if err != nil {
		return "", durable.Disk(err)
	}
	defer os.RemoveAll(temp)
	making()
	database := filepath.Join(dir, release.DatabaseFile)
	if err := warehouse.Extract(ctx, filepath.Join(temp, warehouse.LakeFile), database, in, filepath.Join(temp, "tmp")); err != nil {
		return "", fmt.Errorf("make lake.* and staging.* of release %s: %w", m.ID, durable.Disk(err))
	}
	os.Remove(filepath.Join(temp, "tmp"))
	err = os.Rename(temp, filepath.Dir(path))
	if errors.Is(err, fs.ErrExist) { // somebody else asked at the same time and was first
		err = nil
	}
	return path, durable.Disk(err)
}

// batchesOf are the batches a release was made from.
func batchesOf(p *project.Project, m release.Manifest) ([]lake.Batch, error) {
	l, err := openLake(p)
	if err != nil {
		return nil, err
	}
	others := func(b lake.Batch) bool { return !slices.Contains(m.Batches, b.Batch) }
	batches := slices.DeleteFunc(slices.Clone(l.Batches(time.Time{})), others)
	if len(batches) < len(m.Batches) {
		return nil, fmt.Errorf("release %s was made from %d batches, of which the lake has %d. "+
			"Try: restore var/lake from a backup", m.ID, len(m.Batches), len(batches))
	}
	return batches, nil
}

// extracting begins the name of an extract in the making; the number of its process follows.
const extracting = ".building-"

// pruneExtracts removes what was extracted for other releases than the one that serves,
// and what a process that died left half made. What is being read stays until it is closed.
func pruneExtracts(p *project.Project, serving string) {
	entries, _ := os.ReadDir(p.Var(extractDir)) // none is no harm
	for _, e := range entries {
		if rest, ok := strings.CutPrefix(e.Name(), extracting); ok {
			maker, _, _ := strings.Cut(rest, "-")
			if pid, err := strconv.Atoi(maker); err == nil && !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
				continue
			}
		}
		if e.Name() != serving {
			os.RemoveAll(p.Var(extractDir, e.Name()))
		}
	}
}
