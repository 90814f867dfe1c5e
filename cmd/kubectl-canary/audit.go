package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/cli-runtime/pkg/genericclioptions"

	"aviary.dev/audit"
	"aviary.dev/audit/report"
	"aviary.dev/convention"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
	"aviary.dev/version"
)

const auditExample = `  # A folder of manifests, as a gate in CI
  kubectl canary audit -f deploy/ -R

  # The same as annotations of a pull request
  kubectl canary audit -f deploy/ -R -o github

  # What a chart would install, as annotations of the workflow's run
  helm template . | kubectl canary audit -f - -o github

  # What is live, in one namespace or in all
  kubectl canary audit -n echo
  kubectl canary audit -A -o wide

  # Files laid over what is live, as if they were applied
  kubectl canary audit -f app.yaml --with-cluster`

// gcPercent trades a tenth of the time for a quarter of the memory: nearly all of it is facts, which stay to the end.
const gcPercent = 40

type auditOptions struct {
	files                             []string
	recursive, all, withCluster       bool
	output, failOn, config, labelKeys string
	cluster                           *genericclioptions.ConfigFlags
}

func auditCommand() *cobra.Command {
	o := auditOptions{cluster: clusterFlags()}
	c := &cobra.Command{
		Use:   "audit [-f FILE|DIR|-] [-A|-n NAMESPACE]",
		Short: "Judge manifests, or what is live, by the rules that admission has",
		Long: `Judge manifests, or what is live, by the rules that admission has.

With -f, the manifests (YAML with any number of documents, JSON, Lists) are judged as if they were all there is; no
cluster is asked, and what Aviary would keep beside annotated Deployments counts as there. With --with-cluster too, they
are laid over what is live. Without -f, what is live is judged: one namespace (-n, else the current one), or all (-A).
Objects of kinds that no rule asks about are skipped and counted.

Routes and upstreams point across namespaces, so all of them are read. Kinds that you may not list everywhere are read in
the one namespace (-n, else the current one) and named in a note: what leads to its tables from elsewhere, who else has
its paths, and workloads and upstreams of other namespaces are then not known, and findings about them may be missing or
too many.

The findings go to stdout: a finding of mode deny would be refused at admission, warn is admitted with a warning, and
audit is silent there. Notes and a progress bar (on a terminal) go to stderr.

Exit codes: 0 no finding of the mode of --fail-on or above; 1 there are; 2 the audit could not run.`,
		Example: auditExample,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("%q is no flag; say -f %s", args[0], args[0])
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return o.run(c) },
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringArrayVarP(&o.files, "filename", "f", nil, "a file, a folder (its .yaml, .yml and .json files), or - for stdin; may be repeated")
	f.BoolVarP(&o.recursive, "recursive", "R", false, "also read the folders in a folder")
	f.BoolVar(&o.withCluster, "with-cluster", false, "lay the files over what is live")
	f.BoolVarP(&o.all, "all-namespaces", "A", false, "judge what is live in all namespaces")
	f.StringVarP(&o.output, "output", "o", "table", "table, wide, json, yaml, sarif, junit or github")
	f.StringVar(&o.failOn, "fail-on", "deny", "the mode from which findings make the exit code 1: deny or warn")
	f.StringVar(&o.config, "config", "", "Aviary's configuration file; built-in defaults without it")
	f.StringVar(&o.labelKeys, "label-keys", convention.DefaultLabelKeys().String(), "the keys of the labels, as Aviary in the cluster has them")
	o.cluster.AddFlags(f)
	f.Lookup("namespace").Usage = "the namespace to judge; of files, that of objects that name none"
	complete(c, "output", report.Describe()...)
	complete(c, "fail-on", "deny\tfindings that admission refuses", "warn\twarnings, too")
	return c
}

func (o *auditOptions) check(keys *convention.LabelKeys) (err error) {
	namespace := *o.cluster.Namespace
	if *keys, err = convention.ParseLabelKeys(o.labelKeys); err != nil {
		return fmt.Errorf("--label-keys: %w", err)
	}
	if err := report.Check(o.output); err != nil {
		return fmt.Errorf("--output %w", err)
	}
	switch {
	case o.failOn != "deny" && o.failOn != "warn":
		return fmt.Errorf("--fail-on %q must be deny or warn", o.failOn)
	case namespace != "" && len(validation.IsDNS1123Label(namespace)) > 0:
		return fmt.Errorf("--namespace %q must be the name of a namespace", namespace)
	case o.all && namespace != "":
		return errors.New("-A and -n contradict each other; say one of them")
	case o.all && len(o.files) > 0:
		return errors.New("-A judges what is live, -f files; to judge files beside what is live, say -f and --with-cluster")
	case o.withCluster && len(o.files) == 0:
		return errors.New("--with-cluster needs files to lay over what is live; say -f FILE, or leave it out to judge what is live")
	}
	return nil
}

func (o *auditOptions) run(c *cobra.Command) error {
	var keys convention.LabelKeys
	if err := o.check(&keys); err != nil {
		return err
	}
	config, err := loadConfig(o.config, c.ErrOrStderr())
	if err != nil {
		return err
	}
	engine, err := policy.New(c.Context(), config)
	if err != nil {
		return inputError{[]string{err.Error()}}
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	bar := newProgress(c.ErrOrStderr())
	result, notes, err := o.audit(c.Context(), c.InOrStdin(), judge.New(engine, config.Settings(keys)), bar)
	bar.clear()
	for _, n := range notes {
		_, _ = fmt.Fprintln(c.ErrOrStderr(), "note: "+n)
	}
	if err != nil {
		return err
	}
	err = report.Write(c.OutOrStdout(), o.output, result, report.Options{
		Rules: engine.Rules(), Color: colors(c.OutOrStdout()), Version: version.Current(),
	})
	limit, _ := policy.ParseMode(o.failOn)
	if err == nil && result.Worst() >= limit {
		return found{}
	}
	return err
}

func (o *auditOptions) audit(ctx context.Context, in io.Reader, j *judge.Judge, bar *progress) (audit.Result, []string, error) {
	namespace := *o.cluster.Namespace
	if namespace == "" {
		namespace = "default"
	}
	set := audit.NewSet(j.Settings().Keys, namespace)
	if len(o.files) == 0 || o.withCluster {
		cluster, current, err := connect(o.cluster)
		if err != nil {
			return audit.Result{}, nil, err
		}
		set = audit.NewSet(j.Settings().Keys, current)
		if o.all {
			current = ""
		}
		set.Progress = bar.show
		if err := set.ReadCluster(ctx, cluster, current, !o.withCluster); err != nil {
			return audit.Result{}, set.Notes(), o.unread(ctx, err)
		}
	}
	set.Progress = bar.show
	if len(o.files) > 0 {
		if err := set.ReadFiles(ctx, o.files, o.recursive, in); err != nil {
			return audit.Result{}, set.Notes(), o.unread(ctx, err)
		}
	}
	result, err := set.Judge(ctx, j)
	if err != nil {
		err = o.unread(ctx, err)
	}
	return result, set.Notes(), err
}

// unread words what could not be read, a line each.
func (o *auditOptions) unread(ctx context.Context, err error) error {
	if ctx.Err() != nil {
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
		return unreachable(err, host)
	}
	var lines []string
	for _, e := range flatten(err) {
		lines = append(lines, e.Error())
	}
	return inputError{lines}
}

// flatten gives the errors that were joined.
func flatten(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
}
