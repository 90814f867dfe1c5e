package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// must is the part of the mutants that tests must kill, in percent.
const must = 98

// page is where survivors are explained.
const page = "docs/mutants.md"

// packages are the Go packages that are changed; judged is the one whose tests see what theirs leave alive.
var packages = []string{"convention", "route"}

const judged = "policy/judge"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := mutate(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

type options struct {
	n, workers int
	seed       uint64
	write, own bool
	only       []string
}

func (o options) wants(group string) bool { return len(o.only) == 0 || slices.Contains(o.only, group) }

func mutate(ctx context.Context) error {
	var o options
	flag.IntVar(&o.n, "n", 0, "test a sample of so many; 0 for all")
	flag.Uint64Var(&o.seed, "seed", 1, "which sample")
	flag.IntVar(&o.workers, "workers", runtime.GOMAXPROCS(0), "how many are tested at a time")
	flag.BoolVar(&o.write, "write", false, "write "+page+"; for all mutants only")
	flag.BoolVar(&o.own, "own", false, "leave out the tests of "+judged+", which take longest")
	flag.Parse()
	o.only = flag.Args()
	if o.write && (o.own || o.n > 0 || len(o.only) > 0) {
		return errors.New("-write is for all mutants and tests: say no -own, no -n, no packages and no rules")
	}
	root, err := findRoot()
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "mutants-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // it is a temporary one
	began := time.Now()
	all, err := findAll(ctx, o, root, folder)
	if err != nil {
		return err
	}
	number(all)
	tested := sample(all, o.n, o.seed)
	if len(tested) < len(all) {
		fmt.Printf("a sample of %d mutants of %d (-n=%d -seed=%d)\n", len(tested), len(all), o.n, o.seed)
	}
	if err := testAll(ctx, tested, o.workers, progress(len(tested))); err != nil {
		o.write = false
		return errors.Join(err, conclude(o, filepath.Join(root, page), tested)) // what is known so far
	}
	fmt.Printf("%d mutants in %s\n", len(tested), time.Since(began).Round(time.Second))
	return conclude(o, filepath.Join(root, page), tested)
}

// findAll finds the mutants of what is wanted.
func findAll(ctx context.Context, o options, root, folder string) ([]*mutant, error) {
	names := slices.DeleteFunc(slices.Clone(packages), func(name string) bool { return !o.wants(name) })
	var all []*mutant
	if len(names) > 0 {
		var err error
		last := judged
		if o.own {
			last = ""
		}
		if all, err = goMutants(ctx, root, names, last, folder); err != nil {
			return nil, err
		}
	}
	rego, err := regoMutants(root, o.wants)
	if all = append(all, rego...); err == nil && len(all) == 0 {
		err = fmt.Errorf("there are no mutants of %q; say %q or rules", o.only, packages)
	}
	return all, err
}

// findRoot finds the folder of the module, from within.
func findRoot() (string, error) {
	dir, err := os.Getwd()
	for ; err == nil; dir = filepath.Dir(dir) {
		if _, missing := os.Stat(filepath.Join(dir, rulesFolder)); missing == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("run it inside the repository")
		}
	}
	return "", err
}

// progress shows how far the work is, on a terminal only.
func progress(total int) func(int) {
	if !term.IsTerminal(int(os.Stderr.Fd())) { // #nosec G115 -- a descriptor is a small number
		return func(int) {}
	}
	bar := progressbar.NewOptions(total, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionShowCount(),
		progressbar.OptionClearOnFinish(), progressbar.OptionSetDescription("mutants"))
	return func(done int) { _ = bar.Set(done) }
}
