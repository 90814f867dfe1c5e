package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/util/validation"

	"aviary.dev/convention"
	"aviary.dev/dryrun"
	"aviary.dev/preview"
)

const expandExample = `  # What would stand beside the app, before anything is applied
  kubectl canary expand -f app.yaml

  # All manifests of a folder and the folders in it, as a List
  kubectl canary expand -f deploy/ -R -o json

  # In a pipeline, without Aviary in the cluster
  kustomize build . | kubectl canary expand -n echo -f - | kubectl apply -f -`

const expandLong = `Show annotated Deployments with defaults, and the siblings that Aviary keeps beside them.

Reads manifests (YAML with any number of documents, JSON, Lists) and writes them in the same order: Deployments with the
annotation aviary.dev/app get the labels and the selector that they leave out and, where it is absent, the namespace;
after the last Deployment of an app come its Service, Upstreams and RouteTable, in place of what earlier calls wrote.
All else passes through untouched. No cluster is asked: every version counts as available, so the declared weights are
the plan. What only a cluster knows is left out: times of promotions, owners, and who was primary before.

Findings go to stderr, as warnings and as errors. If there is an error, all of them are told at once and nothing is
written.

Exit codes: 0 written (warnings or not); 1 something in the manifests is wrong; 2 wrong flags, or input that can't be
read.`

// What flags of expand and audit mean.
const (
	filesUsage     = "a file, a folder (its .yaml, .yml and .json files), or - for stdin; may be repeated"
	labelKeysUsage = "the keys of the labels, as Aviary in the cluster has them"
)

type expandOptions struct {
	files                                []string
	recursive                            bool
	output, namespace, config, labelKeys string
}

func expandCommand() *cobra.Command {
	var o expandOptions
	c := &cobra.Command{
		Use:     "expand -f FILE|DIR|-",
		Short:   "Show annotated Deployments with defaults, and the siblings that Aviary keeps beside them",
		Long:    expandLong,
		Example: expandExample,
		Args:    onlyFlags,
		RunE:    func(c *cobra.Command, _ []string) error { return o.run(c) },
	}
	f := c.Flags()
	f.StringArrayVarP(&o.files, "filename", "f", nil, filesUsage)
	f.BoolVarP(&o.recursive, "recursive", "R", false, "also read the folders in a folder")
	f.StringVarP(&o.output, "output", "o", "yaml", "yaml, or json for one List")
	f.StringVarP(&o.namespace, "namespace", "n", "default", "the namespace of objects that name none")
	f.StringVar(&o.config, "config", "", "Aviary's configuration file, for its defaults; built-in defaults without it")
	f.StringVar(&o.labelKeys, "label-keys", convention.DefaultLabelKeys().String(), labelKeysUsage)
	return c
}

// onlyFlags tells who names a file without -f.
func onlyFlags(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%q is no flag; say -f %s", args[0], args[0])
	}
	return nil
}

func (o *expandOptions) check() (convention.LabelKeys, error) {
	keys, err := convention.ParseLabelKeys(o.labelKeys)
	switch {
	case err != nil:
		return keys, fmt.Errorf("--label-keys: %w", err)
	case len(o.files) == 0:
		return keys, errors.New("nothing to read; say -f FILE, -f FOLDER, or -f - for stdin")
	case o.output != "yaml" && o.output != "json":
		return keys, fmt.Errorf("--output %q must be yaml or json", o.output)
	case len(validation.IsDNS1123Label(o.namespace)) > 0:
		return keys, fmt.Errorf("--namespace %q must be the name of a namespace", o.namespace)
	}
	return keys, nil
}

func (o *expandOptions) run(c *cobra.Command) error {
	keys, err := o.check()
	if err != nil {
		return err
	}
	j, _, err := newJudge(c.Context(), o.config, keys, c.ErrOrStderr())
	if err != nil {
		return err
	}
	files := dryrun.Source{Names: o.files, Recursive: o.recursive, Stdin: c.InOrStdin()}
	result, err := preview.Expand(c.Context(), j, files, o.namespace)
	if err != nil {
		return unreadable(err)
	}
	var errs refused
	for _, f := range result.Findings {
		if !f.Warning {
			errs = append(errs, f.Text)
			continue
		}
		_, _ = fmt.Fprintln(c.ErrOrStderr(), "warning: "+f.Text)
	}
	if len(errs) > 0 {
		return errs
	}
	return write(c.OutOrStdout(), result.Manifests, o.output)
}
