package main

import (
	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericclioptions"

	"aviary.dev/convention"
	"aviary.dev/report"
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

const auditLong = `Judge manifests, or what is live, by the rules that admission has.

With -f, the manifests (YAML with any number of documents, JSON, Lists) are judged as if they were all there is; no
cluster is asked, and what Aviary would keep beside annotated Deployments counts as there. With --with-cluster too, they
are laid over what is live. Without -f, what is live is judged: one namespace (-n, else the current one), or all (-A).
Objects of kinds that no rule asks about are skipped and counted.

Routes and upstreams point across namespaces, so all of them are read. Kinds that you may not list everywhere are read
in the one namespace (-n, else the current one) and named in a note: what leads to its tables from elsewhere, who else
has its paths, and workloads and upstreams of other namespaces are then not known, and findings about them may be
missing or too many.

The findings go to stdout: a finding of mode deny would be refused at admission, warn is admitted with a warning, and
audit is silent there. Notes and a progress bar (on a terminal) go to stderr.

Exit codes: 0 no finding of the mode of --fail-on or above; 1 there are; 2 the audit could not run.`

// gcPercent trades a tenth of the time for a quarter of the memory: nearly all of it is facts, which
// stay to the end.
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
		Use:     "audit [-f FILE|DIR|-] [-A|-n NAMESPACE]",
		Short:   "Judge manifests, or what is live, by the rules that admission has",
		Long:    auditLong,
		Example: auditExample,
		Args:    onlyFlags,
		RunE:    func(c *cobra.Command, _ []string) error { return o.run(c) },
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringArrayVarP(&o.files, "filename", "f", nil, filesUsage)
	f.BoolVarP(&o.recursive, "recursive", "R", false, "also read the folders in a folder")
	f.BoolVar(&o.withCluster, "with-cluster", false, "lay the files over what is live")
	f.BoolVarP(&o.all, "all-namespaces", "A", false, "judge what is live in all namespaces")
	f.StringVarP(&o.output, "output", "o", "table", "table, wide, json, yaml, sarif, junit or github")
	f.StringVar(&o.failOn, "fail-on", "deny", "the mode from which findings make the exit code 1: deny or warn")
	f.StringVar(&o.config, "config", "", "Aviary's configuration file; built-in defaults without it")
	f.StringVar(&o.labelKeys, "label-keys", convention.DefaultLabelKeys().String(), labelKeysUsage)
	o.cluster.AddFlags(f)
	f.Lookup("namespace").Usage = "the namespace to judge; of files, that of objects that name none"
	complete(c, "output", report.Describe()...)
	complete(c, "fail-on", "deny\tfindings that admission refuses", "warn\twarnings, too")
	return c
}
