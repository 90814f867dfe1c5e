package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"

	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/inventory"
)

// connect gives a client of the cluster that the flags and the kubeconfig say, and the namespace that they say.
func connect(flags *genericclioptions.ConfigFlags) (client.Reader, string, error) {
	config, err := flags.ToRESTConfig()
	if err == nil && !configured(flags, config.Host) || clientcmd.IsEmptyConfig(err) {
		err = errors.New("no kubeconfig says which")
	}
	if err != nil {
		return nil, "", inputError{[]string{fmt.Sprintf("no cluster: %v; say --kubeconfig or --context, or -f FILE to audit files", err)}}
	}
	namespace, _, err := flags.ToRawKubeConfigLoader().Namespace()
	if err != nil {
		return nil, "", inputError{[]string{err.Error()}}
	}
	// The API server's fairness bounds what is asked; JSON is the only form that Aviary's own types have.
	config.QPS, config.ContentType = -1, "application/json"
	c, err := client.New(config, client.Options{Scheme: inventory.NewScheme()})
	if err != nil {
		return nil, "", unreachable(err, config.Host)
	}
	return c, namespace, nil
}

// configured reports whether anything says which cluster; without, client-go tries an address that no cluster has today.
func configured(flags *genericclioptions.ConfigFlags, host string) bool {
	raw, err := flags.ToRawKubeConfigLoader().RawConfig()
	return err != nil || len(raw.Clusters) > 0 || *flags.APIServer != "" || host != "http://localhost:8080"
}

// unreachable words that the cluster does not answer; any other error stays as it is.
func unreachable(err error, host string) error {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		err = op.Err
	} else if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	} else {
		return inputError{[]string{err.Error()}}
	}
	return inputError{[]string{fmt.Sprintf("the cluster at %s does not answer: %v; is it up, and is it the right --context?", host, err)}}
}

// clusterFlags are those of kubectl's flags that say which cluster, and as whom.
func clusterFlags() *genericclioptions.ConfigFlags {
	f := genericclioptions.NewConfigFlags(true)
	f.DisableCompression = nil
	f.CacheDir = nil
	return f
}
