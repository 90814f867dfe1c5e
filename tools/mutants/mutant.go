package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
)

// mutant is one small mistake.
type mutant struct {
	// group is the package or the rule, file is relative to the root, in names the function or the rule's head.
	group, file, in string
	line            int
	// change says what was done, in the words of the source.
	change string
	// alike counts, from 1, mutants of a file that read the same.
	alike int
	// test runs the tests on it.
	test func(context.Context) (outcome, error)

	outcome outcome
}

// outcome is what became of a mutant.
type outcome int

const (
	untested outcome = iota
	survived
	killed
	// stillborn does not compile, and isn't counted.
	stillborn
)

// key names the mutant by what stays when lines move.
func (m *mutant) key() string {
	return fmt.Sprintf("%s (%s) | %s", m.file, m.in, m.words())
}

func (m *mutant) words() string {
	if m.alike > 1 {
		return fmt.Sprintf("%s (%d.)", m.change, m.alike)
	}
	return m.change
}

// number tells apart those that read the same.
func number(all []*mutant) {
	seen := map[string]int{}
	for _, m := range all {
		m.alike = 0
		seen[m.key()]++
		m.alike = seen[m.key()]
	}
}

// sample picks n of them, in their order; all for 0.
func sample(all []*mutant, n int, seed uint64) []*mutant {
	if n <= 0 || n >= len(all) {
		return all
	}
	picked := rand.New(rand.NewPCG(seed, 0)).Perm(len(all))[:n] // #nosec G404 -- a sample that can be had again
	slices.Sort(picked)
	out := make([]*mutant, n)
	for i, at := range picked {
		out[i] = all[at]
	}
	return out
}

// testAll tests all of them, some at a time, and tells after each how many are done.
func testAll(ctx context.Context, all []*mutant, workers int, done func(int)) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var next, ready atomic.Int64
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() {
			for ctx.Err() == nil {
				at := int(next.Add(1)) - 1
				if at >= len(all) {
					return
				}
				got, err := all[at].test(ctx)
				if err != nil {
					stop(err)
				}
				if ctx.Err() != nil {
					return // tests that were stopped say nothing
				}
				all[at].outcome = got
				done(int(ready.Add(1)))
			}
		})
	}
	wait.Wait()
	return context.Cause(ctx)
}
