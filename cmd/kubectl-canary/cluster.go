package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"

	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/client-go/tools/clientcmd"

	"aviary.dev/dialect"
	"aviary.dev/inventory"
)

// connect returns a client of the cluster that the flags and the kubeconfig say, and the namespace
// that they say.
func connect(flags *genericclioptions.ConfigFlags, kinds *dialect.Kinds) (inventory.Cluster, string, error) {
	config, err := flags.ToRESTConfig()
	if err == nil && !configured(flags, config.Host) || clientcmd.IsEmptyConfig(err) {
		err = errors.New("no kubeconfig says which")
	}
	if err != nil {
		return nil, "", fmt.Errorf("no cluster: %w; say --kubeconfig or --context, or -f FILE to audit files", err)
	}
	namespace, _, err := flags.ToRawKubeConfigLoader().Namespace()
	if err != nil {
		return nil, "", err
	}
	config.QPS = -1 // the API server's fairness bounds what is asked
	c, err := inventory.NewCluster(config, kinds)
	if err != nil {
		return nil, "", unreachable(err, config.Host)
	}
	return c, namespace, nil
}

// configured reports whether anything says which cluster; without, client-go tries an address that no
// cluster has today.
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
		return err
	}
	return fmt.Errorf("the cluster at %s does not answer: %s; is it up, and is it the right --context?", host, err.Error())
}

// clusterFlags are those of kubectl's flags that say which cluster, and as whom.
func clusterFlags() *genericclioptions.ConfigFlags {
	f := genericclioptions.NewConfigFlags(true)
	f.DisableCompression = nil
	f.CacheDir = nil
	return f
}
