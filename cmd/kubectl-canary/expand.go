package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/util/validation"

	"aviary.dev/convention"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

const expandExample = `  # What would stand beside the app, before anything is applied
  kubectl canary expand -f app.yaml

  # All manifests of a folder and the folders in it, as a List
  kubectl canary expand -f deploy/ -R -o json

  # In a pipeline, without Aviary in the cluster
  kustomize build . | kubectl canary expand -n echo -f - | kubectl apply -f -`

type expandOptions struct {
	files                                []string
	recursive                            bool
	output, namespace, config, labelKeys string
}

func expandCommand() *cobra.Command {
	var o expandOptions
	c := &cobra.Command{
		Use:   "expand -f FILE|DIR|-",
		Short: "Show annotated Deployments with defaults, and the siblings that Aviary keeps beside them",
		Long: `Show annotated Deployments with defaults, and the siblings that Aviary keeps beside them.

Reads manifests (YAML with any number of documents, JSON, Lists) and writes them in the same order: Deployments with the
annotation aviary.dev/app get the labels and the selector that they leave out and, where it is absent, the namespace;
after the last Deployment of an app come its Service, Upstreams and RouteTable, in place of what earlier calls wrote.
All else passes through untouched. No cluster is asked: every version counts as available, so the declared weights are
the plan. What only a cluster knows is left out: times of promotions, owners, and who was primary before.

Warnings and problems go to stderr. If there is a problem, all of them are told at once and nothing is written.

Exit codes: 0 written (warnings or not); 1 something in the manifests is wrong; 2 wrong flags, or input that can't be
read.`,
		Example: expandExample,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("%q is no flag; say -f %s", args[0], args[0])
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return o.run(c) },
	}
	f := c.Flags()
	f.StringArrayVarP(&o.files, "filename", "f", nil, "a file, a folder (its .yaml, .yml and .json files), or - for stdin; may be repeated")
	f.BoolVarP(&o.recursive, "recursive", "R", false, "also read the folders in a folder")
	f.StringVarP(&o.output, "output", "o", "yaml", "yaml, or json for one List")
	f.StringVarP(&o.namespace, "namespace", "n", "default", "the namespace of objects that name none")
	f.StringVar(&o.config, "config", "", "Aviary's configuration file, for its defaults; built-in defaults without it")
	f.StringVar(&o.labelKeys, "label-keys", convention.DefaultLabelKeys().String(), "the keys of the labels, as Aviary in the cluster has them")
	return c
}

func (o *expandOptions) run(c *cobra.Command) error {
	keys, err := convention.ParseLabelKeys(o.labelKeys)
	switch {
	case err != nil:
		return fmt.Errorf("--label-keys: %w", err)
	case len(o.files) == 0:
		return errors.New("nothing to read; say -f FILE, -f FOLDER, or -f - for stdin")
	case o.output != "yaml" && o.output != "json":
		return fmt.Errorf("--output %q must be yaml or json", o.output)
	case len(validation.IsDNS1123Label(o.namespace)) > 0:
		return fmt.Errorf("--namespace %q must be the name of a namespace", o.namespace)
	}
	config, err := loadConfig(o.config, c.ErrOrStderr())
	if err != nil {
		return err
	}
	manifests, err := readAll(o.files, o.recursive, c.InOrStdin())
	if err != nil {
		return err
	}
	engine, err := policy.New(c.Context(), config)
	if err != nil {
		return inputError{[]string{err.Error()}}
	}
	x := &expansion{judge: judge.New(engine, config.Settings(keys)), namespace: o.namespace, manifests: manifests}
	out, err := x.expand(c.Context())
	for _, w := range x.tell(true) {
		_, _ = fmt.Fprintln(c.ErrOrStderr(), "warning: "+w)
	}
	if err != nil {
		return err
	}
	return write(c.OutOrStdout(), out, o.output)
}

// problems are what is wrong in manifests that could be read, a line each.
type problems []string

func (p problems) Error() string {
	lines := make([]string, len(p))
	for i, line := range p {
		lines[i] = "error: " + line
	}
	return strings.Join(lines, "\n")
}

// inputError is input that could not be read, a line each.
type inputError struct{ lines []string }

func (e inputError) Error() string { return problems(slices.Clone(e.lines)).Error() }
