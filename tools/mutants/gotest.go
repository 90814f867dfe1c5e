package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// memory is what a mutant that runs wild may take, in KiB of addresses.
const memory = 6 << 20

// suite is a package's tests, compiled with all mutants asleep in it.
type suite struct {
	binary, dir string
	limit       time.Duration
}

// goMutants compiles the mutants of packages into their own tests and into those of judged, which what they leave alive
// meets then. The binaries are in folder.
func goMutants(ctx context.Context, root string, names []string, judged, folder string) ([]*mutant, error) {
	var packages []*goPackage
	ids, next := map[*goFile][]string{}, 0
	for _, name := range names {
		p, err := readPackage(ctx, root, name)
		if err != nil {
			return nil, err
		}
		packages = append(packages, p)
		for _, f := range p.files {
			for range f.sites {
				next++
				ids[f] = append(ids[f], strconv.Itoa(next))
			}
		}
	}
	name, err := overlay(packages, ids, folder)
	if err != nil {
		return nil, err
	}
	last := &suite{binary: filepath.Join(folder, "judged.test"), dir: filepath.Join(root, judged)}
	if err := last.build(ctx, name); err != nil {
		return nil, err
	}
	var all []*mutant
	for _, p := range packages {
		own := &suite{binary: filepath.Join(folder, p.name+".test"), dir: p.dir}
		if err := own.build(ctx, name); err != nil {
			return nil, err
		}
		for _, f := range p.files {
			for i, s := range f.sites {
				id := ids[f][i]
				all = append(all, &mutant{
					group: p.name, file: filepath.ToSlash(filepath.Join(p.name, filepath.Base(f.name))),
					in: s.in, line: s.line, change: s.change,
					test: func(ctx context.Context) outcome {
						if !own.passes(ctx, id) || !last.passes(ctx, id) {
							return killed
						}
						return survived
					},
				})
			}
		}
	}
	return all, nil
}

// build compiles the tests, and runs them once with all mutants asleep to learn how long they take.
func (s *suite) build(ctx context.Context, overlay string) error {
	// #nosec G204 -- paths of ours
	build := exec.CommandContext(ctx, "go", "test", "-c", "-vet=off", "-overlay="+overlay, "-o", s.binary, ".")
	build.Dir = s.dir
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build the tests in %s: %w\n%s", s.dir, err, bytes.TrimSpace(out))
	}
	began := time.Now()
	if out, err := s.run(ctx, "none").CombinedOutput(); err != nil {
		return fmt.Errorf("the tests in %s fail without a mutant: %w\n%s", s.dir, err, bytes.TrimSpace(out))
	}
	s.limit = 10*time.Second + 5*time.Since(began)
	return nil
}

// passes runs the tests on one mutant. One that never ends is noticed, too.
func (s *suite) passes(ctx context.Context, id string) bool {
	ctx, cancel := context.WithTimeout(ctx, s.limit)
	defer cancel()
	return s.run(ctx, id).Run() == nil
}

func (s *suite) run(ctx context.Context, id string) *exec.Cmd {
	limited := fmt.Sprintf(`ulimit -v %d; exec "$0" "$@"`, memory)
	// #nosec G204 -- a path of ours
	cmd := exec.CommandContext(ctx, "sh", "-c", limited, s.binary, "-test.failfast", "-test.short")
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), variable+"="+id)
	return cmd
}
