package main

import (
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"aviary.dev/audit"
)

// isTerminal reports whether a person looks at what is written.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) // #nosec G115 -- a descriptor is a small number
}

// colors reports whether to write colours: on terminals that can, unless the user does not want them (no-color.org).
func colors(w io.Writer) bool {
	return isTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// progress shows how far the work is, on a terminal only.
type progress struct {
	out   io.Writer
	since time.Time
	bar   *progressbar.ProgressBar
	stage audit.Stage
}

// patience is how long a person waits without being told.
const patience = 500 * time.Millisecond

func newProgress(out io.Writer) *progress {
	if !isTerminal(out) {
		out = nil
	}
	return &progress{out: out, since: time.Now()}
}

func (p *progress) show(stage audit.Stage, done, total int) {
	if p.out == nil || time.Since(p.since) < patience {
		return
	}
	if p.bar == nil || p.stage != stage {
		p.clear()
		if total == 0 {
			total = -1 // a spinner
		}
		p.stage, p.bar = stage, progressbar.NewOptions(total,
			progressbar.OptionSetWriter(p.out), progressbar.OptionSetDescription(string(stage)), progressbar.OptionShowCount(),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionSetSpinnerChangeInterval(0), // or it would go on drawing by itself
			progressbar.OptionClearOnFinish(), progressbar.OptionSetElapsedTime(false), progressbar.OptionSetPredictTime(false))
	}
	_ = p.bar.Set(done)
}

func (p *progress) clear() {
	if p.bar != nil {
		_ = p.bar.Clear()
		_ = p.bar.Exit()
		p.bar = nil
	}
}

// complete makes shells offer the values of a flag; a tab parts a value from what it means.
func complete(c *cobra.Command, flag string, values ...string) {
	err := c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	if err != nil {
		panic(err) // the command has no such flag
	}
}
