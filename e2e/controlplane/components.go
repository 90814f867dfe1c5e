package controlplane

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// startEtcd starts etcd, which inherits the reservation of the network. So the network stays
// reserved for as long as etcd lives, whoever started it.
func (cp *ControlPlane) startEtcd(reservation *os.File) error {
	client := fmt.Sprintf("http://%s:%d", cp.network.Address, cp.network.EtcdClient)
	peer := fmt.Sprintf("http://%s:%d", cp.network.Address, cp.network.EtcdPeer)
	cmd := exec.Command(filepath.Join(cp.assets, etcd), append([]string{
		"--name=e2e",
		"--data-dir=" + cp.path("etcd"),
		"--listen-client-urls=" + client,
		"--advertise-client-urls=" + client,
		"--listen-peer-urls=" + peer,
		"--initial-advertise-peer-urls=" + peer,
		"--initial-cluster=e2e=" + peer,
		"--unsafe-no-fsync", // The data need not survive the machine.
		"--log-level=warn",
	}, cp.etcdArgs...)...)
	cmd.ExtraFiles = []*os.File{reservation}
	return cp.launch(etcd, cmd)
}

// StartAPIServer starts the API server again, on the address it had before
// [ControlPlane.StopAPIServer], and waits until it is ready. One that still runs is stopped first.
func (cp *ControlPlane) StartAPIServer(ctx context.Context) error {
	if cp.external {
		return errExternal("start the API server")
	}
	if err := cp.StopAPIServer(); err != nil {
		return err
	}
	if err := cp.launchAPIServer(); err != nil {
		return err
	}
	return cp.waitReady(ctx)
}

// launchAPIServer starts the API server and does not wait until it is ready.
func (cp *ControlPlane) launchAPIServer() error {
	pki := func(name string) string { return cp.path("pki", name) }
	args := []string{
		"--bind-address=" + cp.network.Address,
		"--advertise-address=" + cp.network.Address,
		"--secure-port=" + strconv.Itoa(cp.network.APIServer),
		// The Service kubernetes has no endpoints, as they must not be loopback addresses.
		"--endpoint-reconciler-type=none",
		"--service-cluster-ip-range=" + cp.network.Range,
		fmt.Sprintf("--etcd-servers=http://%s:%d", cp.network.Address, cp.network.EtcdClient),
		"--tls-cert-file=" + pki("apiserver.crt"),
		"--tls-private-key-file=" + pki("apiserver.key"),
		"--client-ca-file=" + pki("ca.crt"),
		"--authorization-mode=Node,RBAC",
		"--enable-admission-plugins=NodeRestriction",
		"--allow-privileged=true",
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + pki("sa.key"),
		"--service-account-signing-key-file=" + pki("sa.key"),
		"--audit-policy-file=" + pki("audit-policy.yaml"),
		"--audit-log-path=" + cp.AuditLog,
	}
	if !cp.controllers {
		// Nothing makes the ServiceAccounts that this plugin asks for.
		args = append(args, "--disable-admission-plugins=ServiceAccount")
	}
	cmd := exec.Command(filepath.Join(cp.assets, apiServer), append(args, cp.apiServerArgs...)...)
	cmd.Env = append(os.Environ(), "GOGC=300") // An eighth of its work was to collect garbage; memory is at hand.
	return cp.launch(apiServer, cmd)
}

// startControllerManager starts the controllers. It can sign tokens and certificates, as in a real
// cluster.
func (cp *ControlPlane) startControllerManager() error {
	pki := func(name string) string { return cp.path("pki", name) }
	return cp.launch(controllerManager, exec.Command(filepath.Join(cp.assets, controllerManager),
		"--kubeconfig="+pki("controller-manager.kubeconfig"),
		"--bind-address="+cp.network.Address,
		"--secure-port="+strconv.Itoa(cp.network.ControllerManager),
		"--leader-elect=false",
		// Simulated nodes send no heartbeats, which this controller would miss.
		"--controllers=*,-node-lifecycle-controller",
		"--use-service-account-credentials",
		// The default is a system folder, which it would make.
		"--flex-volume-plugin-dir="+cp.path("flexvolume"),
		// Before it first looks at a HorizontalPodAutoscaler, it waits for as long, which is 15 s else.
		"--horizontal-pod-autoscaler-sync-period=1s",
		"--kube-api-qps=200",
		"--kube-api-burst=400",
		"--service-account-private-key-file="+pki("sa.key"),
		"--root-ca-file="+pki("ca.crt"),
		"--cluster-signing-cert-file="+pki("ca.crt"),
		"--cluster-signing-key-file="+pki("ca.key"),
		"--service-cluster-ip-range="+cp.network.Range,
	))
}
