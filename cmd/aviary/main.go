// Command aviary is what runs in the cluster: the webhooks on every replica, the expander on the
// one that leads.
package main

import (
	"fmt"
	"os"

	ctrl "sigs.k8s.io/controller-runtime"
)

func main() {
	if err := command().ExecuteContext(ctrl.SetupSignalHandler()); err != nil {
		fmt.Fprintln(os.Stderr, "aviary:", err)
		os.Exit(1)
	}
}
