package main

import (
	"context"
	"path/filepath"
	"sync"
)

// goMutants compiles the mutants of packages into their own tests, and into those of judged unless that is "". The
// binaries are in folder.
func goMutants(ctx context.Context, root string, names []string, judged, folder string) ([]*mutant, error) {
	packages, ids, total, err := readPackages(ctx, root, names)
	if err != nil {
		return nil, err
	}
	name, err := overlay(packages, ids, total, folder)
	if err != nil {
		return nil, err
	}
	// Only what a package's own tests leave alive asks for these, which cost most.
	last := sync.OnceValues(func() (*suite, error) {
		if judged == "" {
			return &suite{}, nil
		}
		return newSuite(ctx, filepath.Join(root, judged), filepath.Join(folder, "judged.test"), name, total)
	})
	var all []*mutant
	for _, p := range packages {
		own, err := newSuite(ctx, p.dir, filepath.Join(folder, p.name+".test"), name, total)
		if err != nil {
			return nil, err
		}
		for _, f := range p.files {
			for i, s := range f.sites {
				id := ids[f][i]
				all = append(all, &mutant{
					group: p.name, file: filepath.ToSlash(filepath.Join(p.name, filepath.Base(f.name))),
					in: s.in, line: s.line, change: s.change,
					test: func(ctx context.Context) (outcome, error) { return testGo(ctx, id, own, last) },
				})
			}
		}
	}
	return all, nil
}

// readPackages finds the mutants of packages, and gives them ids: 1 to total.
func readPackages(ctx context.Context, root string, names []string) (
	packages []*goPackage, ids map[*goFile][]int, total int, err error,
) {
	ids = map[*goFile][]int{}
	for _, name := range names {
		p, err := readPackage(ctx, root, name)
		if err != nil {
			return nil, nil, 0, err
		}
		packages = append(packages, p)
		for _, f := range p.files {
			for range f.sites {
				total++
				ids[f] = append(ids[f], total)
			}
		}
	}
	return packages, ids, total, nil
}

// testGo runs a package's own tests on a mutant, then the last ones.
func testGo(ctx context.Context, id int, own *suite, last func() (*suite, error)) (outcome, error) {
	if own.kills(ctx, id) {
		return killed, nil
	}
	s, err := last()
	if err == nil && s.kills(ctx, id) {
		return killed, nil
	}
	return survived, err
}
