package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// memory is what a mutant that runs wild may take, in KiB of addresses; patience is how long one may wait for nothing.
const (
	memory   = 4 << 20
	patience = 10 * time.Minute
)

// atOnce is the cost of tests that run in one process; each that costs more has its own.
const atOnce = 100 * time.Millisecond

// suite is a package's tests, compiled with all mutants asleep in it.
type suite struct {
	binary, dir string
	tests       []test // cheap ones first
}

// test is one of a suite.
type test struct {
	name string
	cost time.Duration // of the processor
	asks []byte        // 1 for the id of each mutant that it comes by
}

// run is some of a suite's tests, in one process.
type run struct {
	*suite
	names []string
	cost  time.Duration
}

// newSuite compiles the tests and learns of each what it costs and which mutants it comes by.
func newSuite(ctx context.Context, dir, binary, overlay string, total int) (*suite, error) {
	s := &suite{binary: binary, dir: dir}
	// #nosec G204 -- paths of ours
	build := exec.CommandContext(ctx, "go", "test", "-c", "-vet=off", "-overlay="+overlay, "-o", s.binary, ".")
	build.Dir = s.dir
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build the tests in %s: %w\n%s", s.dir, err, bytes.TrimSpace(out))
	}
	list := exec.CommandContext(ctx, s.binary, "-test.list=.") // #nosec G204 -- a path of ours
	list.Dir = s.dir
	names, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("list the tests in %s: %w", s.dir, err)
	}
	for name := range strings.FieldsSeq(string(names)) {
		t, err := s.learn(ctx, name, total)
		if err != nil {
			return nil, err
		}
		s.tests = append(s.tests, t)
	}
	slices.SortStableFunc(s.tests, func(a, b test) int { return int(a.cost - b.cost) })
	return s, nil
}

// learn runs a test with all mutants asleep.
func (s *suite) learn(ctx context.Context, name string, total int) (test, error) {
	asked := filepath.Join(filepath.Dir(s.binary), "asked")
	if err := os.WriteFile(asked, make([]byte, total+1), 0o600); err != nil {
		return test{}, err
	}
	cmd := command(ctx, run{suite: s, names: []string{name}, cost: time.Minute}, 0)
	cmd.Env = append(cmd.Env, record+"="+asked)
	if out, err := cmd.CombinedOutput(); err != nil {
		return test{}, fmt.Errorf("%s in %s fails without a mutant: %w\n%s", name, s.dir, err, bytes.TrimSpace(out))
	}
	asks, err := os.ReadFile(asked) // #nosec G304 -- a file of ours
	return test{name, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), asks}, err
}

// runs are the tests that come by a mutant: the cheap ones in one process, each other one in its own.
func (s *suite) runs(id int) []run {
	var out []run
	for _, t := range s.tests {
		if t.asks[id] == 0 {
			continue
		}
		if last := len(out) - 1; last >= 0 && t.cost < atOnce {
			out[last].names, out[last].cost = append(out[last].names, t.name), out[last].cost+t.cost
			continue
		}
		out = append(out, run{s, []string{t.name}, t.cost})
	}
	return out
}

// kills reports whether a test fails that comes by the mutant; cheap ones are tried first.
func (s *suite) kills(ctx context.Context, id int) bool {
	return slices.ContainsFunc(s.runs(id), func(r run) bool { return !r.passes(ctx, id) })
}

// passes runs the tests on one mutant, until the first one fails. One that never ends is noticed, too.
func (r run) passes(ctx context.Context, id int) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cmd := command(ctx, r, id)
	cmd.Stdout = &untilFailure{stop: cancel}
	return cmd.Run() == nil
}

// command runs tests on one processor, with five times the time of it that they need.
func command(ctx context.Context, r run, id int) *exec.Cmd {
	limited := fmt.Sprintf(`ulimit -v %d; ulimit -t %d; exec "$0" "$@"`, memory, 3+int(5*r.cost/time.Second))
	// #nosec G204 -- a path of ours
	cmd := exec.CommandContext(ctx, "sh", "-c", limited, r.binary,
		"-test.run=^("+strings.Join(r.names, "|")+")$", "-test.failfast", "-test.short", "-test.v")
	cmd.Dir = r.dir
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1", "GOGC=400", fmt.Sprintf("%s=%d", variable, id))
	return cmd
}

// untilFailure reads what tests say, and stops them when one fails: tests that are parallel would go on.
type untilFailure struct {
	stop func()
	line []byte
}

func (u *untilFailure) Write(text []byte) (int, error) {
	u.line = append(u.line, text...)
	if bytes.Contains(u.line, []byte("--- FAIL: ")) {
		u.stop()
	}
	u.line = u.line[bytes.LastIndexByte(u.line, '\n')+1:]
	return len(text), nil
}
