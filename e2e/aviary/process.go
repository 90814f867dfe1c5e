package aviary

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"aviary.dev/e2e/controlplane"
)

// processName is the name of the first process and of its log.
const processName = "aviary"

// Start starts the process, unless it runs, and waits until it is ready.
func (i *Instance) Start(ctx context.Context) error {
	if err := i.Launch(); err != nil {
		return err
	}
	return i.waitReady(ctx)
}

// Launch starts the process, unless it runs, and does not wait until it is ready.
func (i *Instance) Launch() error {
	if i.Alive() {
		return nil
	}
	cmd := exec.Command(i.binary, append([]string{ //nolint:gosec // because it is the binary under test.
		"--config=" + i.ConfigFile(),
		"--cert-dir=" + string(i.certs),
		"--webhook-address=" + i.listen,
		"--health-address=" + i.health,
		"--metrics-address=" + i.metrics,
		"--kubeconfig=" + i.kubeconfig,
		"--namespace=" + namespace,
	}, i.options.Args...)...)
	if len(i.options.Env) > 0 {
		cmd.Env = append(os.Environ(), i.options.Env...)
	}
	return i.cp.Launch(i.name, cmd)
}

// process returns the process that was started last.
func (i *Instance) process() (found controlplane.Process, ok bool) {
	for _, p := range i.cp.Processes() {
		if p.Name == i.name {
			found, ok = p, true
		}
	}
	return found, ok
}

// Alive reports whether the process runs.
func (i *Instance) Alive() bool {
	p, ok := i.process()
	return ok && p.Alive()
}

// stopGrace is the terminationGracePeriodSeconds of the manifests. A stop takes some seconds if a
// client has just connected and sent nothing yet: net/http waits five seconds for its request.
const stopGrace = 30 * time.Second

// Stop ends the process as the kubelet does: with SIGTERM, then with SIGKILL. The webhook
// configurations stay. It is no error if the process has ended before.
func (i *Instance) Stop() error {
	if i.stopCerts != nil {
		i.stopCerts()
	}
	if p, ok := i.process(); ok {
		return p.StopWithin(stopGrace)
	}
	return nil
}

// Kill ends the process with SIGKILL.
func (i *Instance) Kill() error {
	p, ok := i.process()
	if !ok || !p.Alive() {
		return nil
	}
	if err := syscall.Kill(-p.PID, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return p.Stop() // Which waits until it is gone.
}

// Restart stops the process and starts it again.
func (i *Instance) Restart(ctx context.Context) error {
	if p, ok := i.process(); ok {
		if err := p.StopWithin(stopGrace); err != nil {
			return err
		}
	}
	return i.Start(ctx)
}

// Signal sends the process a signal, for example SIGSTOP to make it slow.
func (i *Instance) Signal(signal syscall.Signal) error { return syscall.Kill(i.PID(), signal) }

// PID returns the ID of the process that was started last.
func (i *Instance) PID() int {
	p, _ := i.process()
	return p.PID
}

// Logs returns the log of the process and of those before it.
func (i *Instance) Logs() string {
	p, ok := i.process()
	if !ok {
		return ""
	}
	content, err := os.ReadFile(p.Log)
	if err != nil {
		return err.Error()
	}
	return string(content)
}

// LogTail returns the last lines of the log.
func (i *Instance) LogTail(lines int) string {
	all := strings.Split(strings.TrimRight(i.Logs(), "\n"), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}
