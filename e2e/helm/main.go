// Command render fills in the chart of the two-phased canary's third part with
// Helm's own engine, so that the stories run what its readers ran.
//
// chart/ holds the final templates of that text letter for letter (values are
// not quoted, nothing bounds a weight, the Deployments' file ends in a
// separator), values/ the six files of its walk-through in their order:
//
//	1  v1 alone                       4  half of the traffic to v2
//	2  v2 deployed, not routed        5  all of it
//	3  v2 for those who send stage:   6  v1 gone, v2 primary
//	   canary, at weight 0
//
// In 3 no weight is given: `sub 100 nil` is 100 and `add 0 nil` is 0 in Helm, so
// a file with `weight: 0` renders the same.
//
//	go run . -release echo -namespace echo -values values/4.yaml
//
// prints the documents template by template; with -order, in the order in which
// Helm would send them (kinds it doesn't know last, sorted by name: RouteTable
// comes before Upstream).
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"sort"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/engine"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
)

func main() {
	err := run(os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "render:", err)
		os.Exit(1)
	}
}

type options struct {
	chart, release, namespace, values string
	order                             bool
}

func run(args []string, stdout, stderr io.Writer) error {
	var o options
	fs := flag.NewFlagSet("render", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.StringVar(&o.chart, "chart", "chart", "folder of the chart")
	fs.StringVar(&o.release, "release", "echo", "name of the release")
	fs.StringVar(&o.namespace, "namespace", "echo", "namespace of the release")
	fs.StringVar(&o.values, "values", "", "values file (required)")
	fs.BoolVar(&o.order, "order", false, "print in Helm's install order")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if o.values == "" || fs.NArg() > 0 {
		return errors.New("usage: render -values FILE [-release NAME] [-namespace NAME] [-chart DIR] [-order]")
	}
	files, err := render(o)
	if err != nil {
		return err
	}
	var out bytes.Buffer // nothing is printed of a chart that fails half-way
	if o.order {
		err = writeOrdered(&out, files)
	} else {
		writeByTemplate(&out, files)
	}
	if err != nil {
		return err
	}
	_, err = out.WriteTo(stdout)
	return err
}

// render returns the chart's templates, filled in, by path.
func render(o options) (map[string]string, error) {
	chart, err := loader.Load(o.chart)
	if err != nil {
		return nil, fmt.Errorf("load chart: %w", err)
	}
	values, err := common.ReadValuesFile(o.values)
	if err != nil {
		return nil, fmt.Errorf("read values: %w", err)
	}
	release := common.ReleaseOptions{Name: o.release, Namespace: o.namespace, Revision: 1, IsInstall: true}
	all, err := util.ToRenderValues(chart, values, release, nil)
	if err != nil {
		return nil, fmt.Errorf("merge values: %w", err)
	}
	return engine.Render(chart, all)
}

func writeOrdered(w io.Writer, files map[string]string) error {
	_, manifests, err := releaseutil.SortManifests(files, nil, releaseutil.InstallOrder)
	if err != nil {
		return fmt.Errorf("sort: %w", err)
	}
	for _, m := range manifests {
		writeDocument(w, m.Name, m.Content)
	}
	return nil
}

func writeByTemplate(w io.Writer, files map[string]string) {
	for _, path := range slices.Sorted(maps.Keys(files)) {
		docs := releaseutil.SplitManifests(files[path])
		keys := slices.Collect(maps.Keys(docs))
		sort.Sort(releaseutil.BySplitManifestsOrder(keys))
		for _, k := range keys {
			writeDocument(w, path, docs[k])
		}
	}
}

func writeDocument(w io.Writer, path, content string) {
	fmt.Fprintf(w, "---\n# Source: %s\n%s\n", path, strings.TrimRight(content, "\n"))
}
