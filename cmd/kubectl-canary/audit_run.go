package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/util/validation"

	"aviary.dev/audit"
	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/dryrun"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
	"aviary.dev/report"
	"aviary.dev/version"
)

func (o *auditOptions) check() (convention.LabelKeys, error) {
	namespace := *o.cluster.Namespace
	keys, err := convention.ParseLabelKeys(o.labelKeys)
	if err != nil {
		return keys, fmt.Errorf("--label-keys: %w", err)
	}
	if err := report.Check(o.output); err != nil {
		return keys, fmt.Errorf("--output %w", err)
	}
	switch {
	case o.failOn != "deny" && o.failOn != "warn":
		return keys, fmt.Errorf("--fail-on %q must be deny or warn", o.failOn)
	case namespace != "" && len(validation.IsDNS1123Label(namespace)) > 0:
		return keys, fmt.Errorf("--namespace %q must be the name of a namespace", namespace)
	}
	return keys, o.checkSources()
}

// checkSources refuses flags that contradict each other in what is judged.
func (o *auditOptions) checkSources() error {
	switch {
	case o.all && *o.cluster.Namespace != "":
		return errors.New("-A and -n contradict each other; say one of them")
	case o.all && len(o.files) > 0:
		return errors.New("-A judges what is live, -f files; to judge files beside what is live, say -f and --with-cluster")
	case o.withCluster && len(o.files) == 0:
		return errors.New("--with-cluster needs files to lay over what is live; say -f FILE, " +
			"or leave it out to judge what is live")
	}
	return nil
}

func (o *auditOptions) run(c *cobra.Command) error {
	keys, err := o.check()
	if err != nil {
		return err
	}
	j, engine, err := newJudge(c.Context(), o.config, keys, c.ErrOrStderr())
	if err != nil {
		return err
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	bar := newProgress(c.ErrOrStderr())
	result, notes, err := o.audit(c.Context(), c.InOrStdin(), j, bar)
	bar.clear()
	for _, n := range notes {
		_, _ = fmt.Fprintln(c.ErrOrStderr(), "note: "+n)
	}
	if err != nil {
		return err
	}
	err = report.Write(c.OutOrStdout(), o.output, result, report.Options{
		Rules: append(engine.Rules(), audit.Readable()), Color: colors(c.OutOrStdout()), Version: version.Current(),
	})
	limit, _ := policy.ParseMode(o.failOn)
	if err == nil && result.Worst() >= limit {
		return found{}
	}
	return err
}

// audit reads and judges. The notes are there with an error, too.
func (o *auditOptions) audit(
	ctx context.Context, in io.Reader, j *judge.Judge, bar *progress,
) (audit.Result, []string, error) {
	set, err := o.read(ctx, in, j.Kinds(), bar)
	var result audit.Result
	if err == nil {
		result, err = set.Judge(ctx, j)
	}
	return result, set.Notes(), o.explain(ctx, err)
}

// read reads what the flags say: what is live, files, or both. The set is there with an error, too.
func (o *auditOptions) read(
	ctx context.Context, in io.Reader, kinds *dialect.Kinds, bar *progress,
) (*audit.Set, error) {
	set := audit.NewSet(kinds, cmp.Or(*o.cluster.Namespace, "default"))
	if len(o.files) == 0 || o.withCluster {
		cluster, current, err := connect(o.cluster, kinds)
		if err != nil {
			return set, err
		}
		set = audit.NewSet(kinds, current)
		if o.all {
			current = ""
		}
		set.Progress = bar.show
		if err := set.ReadCluster(ctx, cluster, current, !o.withCluster); err != nil {
			return set, err
		}
	}
	set.Progress = bar.show
	if len(o.files) == 0 {
		return set, nil
	}
	return set, set.ReadFiles(ctx, dryrun.Source{Names: o.files, Recursive: o.recursive, Stdin: in})
}

// explain words why there is no result, a line for each reason.
func (o *auditOptions) explain(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil {
		return ctx.Err()
	}
	if _, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err); ok {
		host := "?"
		if config, e := o.cluster.ToRESTConfig(); e == nil {
			host = config.Host
		}
		err = unreachable(err, host)
	}
	return unreadable(err)
}
