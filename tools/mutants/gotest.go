package main

import (
	"context"
	"path/filepath"
	"sync"
)

// goMutants compiles the mutants of packages into their own tests, and into those of judged unless that is "". The
// binaries are in folder.
func goMutants(ctx context.Context, root string, names []string, judged, folder string) ([]*mutant, error) {
	var packages []*goPackage
	ids, total := map[*goFile][]int{}, 0
	for _, name := range names {
		p, err := readPackage(ctx, root, name)
		if err != nil {
			return nil, err
		}
		packages = append(packages, p)
		for _, f := range p.files {
			for range f.sites {
				total++
				ids[f] = append(ids[f], total)
			}
		}
	}
	name, err := overlay(packages, ids, total, folder)
	if err != nil {
		return nil, err
	}
	// Only what a package's own tests leave alive asks for these, which cost most.
	last := sync.OnceValues(func() (*suite, error) {
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
					test: func(ctx context.Context) (outcome, error) {
						if own.kills(ctx, id) {
							return killed, nil
						}
						if judged == "" {
							return survived, nil
						}
						s, err := last()
						if err == nil && s.kills(ctx, id) {
							return killed, nil
						}
						return survived, err
					},
				})
			}
		}
	}
	return all, nil
}
