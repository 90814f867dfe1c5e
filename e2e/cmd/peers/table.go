package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"
)

// row is a program's run over n objects, of which wrong have a finding.
type row struct {
	program  string
	n, wrong int
	measured
}

// whole reports whether the program finished.
func (r row) whole() bool { return !r.stopped && r.failed == nil }

// table is the result with files of one format.
type table struct {
	format string
	rows   []row
}

// measure creates a folder of n objects, runs each program over it, and removes it.
func (t *table) measure(ctx context.Context, all []program, files string, n int, limit time.Duration) error {
	wrong, err := write(files, t.format, n)
	if err != nil {
		return err
	}
	for _, p := range all {
		m, err := p.measure(ctx, files, limit)
		if err != nil {
			return err
		}
		t.rows = append(t.rows, row{p.name, n, wrong, m})
		fmt.Printf("%s, %d objects: %s in %s\n", t.format, n, p.name, m.wall.Round(10*time.Millisecond))
	}
	return os.RemoveAll(files)
}

// print prints the runs, and for each program how its memory grew from the fewest objects to the
// most.
func (t *table) print(out io.Writer) error {
	load, _ := os.ReadFile("/proc/loadavg") // not everywhere
	fmt.Fprintf(out, "\n%s (load of the machine now: %s)\n", t.format, strings.TrimSpace(string(load)))
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, strings.Join([]string{
		"program", "objects", "objects/s", "objects/CPU s", "wall (s)", "CPU (s)", "peak (MB)", "MB per 10,000 more",
		"findings", "",
	}, "\t"))
	for i, r := range t.rows {
		rate := fmt.Sprintf("%.0f\t%.0f", float64(r.n)/r.wall.Seconds(), float64(r.n)/r.cpu.Seconds())
		findings := fmt.Sprintf("%d of %d", r.findings, r.wrong)
		if r.stopped {
			rate, findings = "\t", "stopped"
		} else if r.failed != nil {
			rate, findings = "\t", "failed"
		}
		fmt.Fprintf(w, "%s\t%d\t%s\t%.1f\t%.1f\t%.0f\t%s\t%s\t\n",
			r.program, r.n, rate, r.wall.Seconds(), r.cpu.Seconds(), megabytes(r.peak), t.slope(i), findings)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, r := range t.rows {
		if r.failed != nil {
			fmt.Fprintf(out, "%s, %d objects: %v\n", r.program, r.n, r.failed)
		}
	}
	return nil
}

// slope returns how much more memory this run took than the program's run over fewer objects.
func (t *table) slope(at int) string {
	r := t.rows[at]
	for _, less := range t.rows[:at] {
		if less.program == r.program && less.n < r.n && r.whole() && less.whole() {
			return fmt.Sprintf("%.1f", megabytes(r.peak-less.peak)*10_000/float64(r.n-less.n))
		}
	}
	return ""
}

func megabytes(bytes int64) float64 { return float64(bytes) / 1e6 }
