package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"golang.org/x/sync/errgroup"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	found, err := shape(ctx, ".")
	stop()
	for _, v := range found {
		fmt.Println(v)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "shape:", err)
	}
	if err != nil || len(found) > 0 {
		os.Exit(1)
	}
}

// violation is one thing that is wrong.
type violation struct {
	file string // below the root
	line int
	text string
}

func (v violation) String() string { return fmt.Sprintf("%s:%d: %s", v.file, v.line, v.text) }

// shape returns what is wrong in the module at root and in e2e below it, sorted by place.
func shape(ctx context.Context, root string) ([]violation, error) {
	var long, spare []violation
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		files, err := readFiles(root)
		long = tooLong(files)
		return err
	})
	group.Go(func() (err error) {
		spare, err = unused(ctx, root)
		return err
	})
	err := group.Wait()
	found := slices.Concat(long, spare)
	slices.SortStableFunc(found, func(a, b violation) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line), cmp.Compare(a.text, b.text))
	})
	return found, err
}
