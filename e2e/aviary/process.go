package aviary

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"

	"aviary.dev/e2e/controlplane"
)

// processName is the name of the first process and of its log.
const processName = "aviary"

// readyTimeout is generous, because the machine may be busy.
const readyTimeout = time.Minute

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

// waitReady waits until Aviary is ready or the process ends.
func (i *Instance) waitReady(ctx context.Context) error {
	var last error
	err := wait.PollUntilContextTimeout(ctx, 200*time.Millisecond, readyTimeout, true,
		func(ctx context.Context) (bool, error) {
			if !i.Alive() {
				return false, fmt.Errorf("aviary exited; the end of its log:\n%s", i.LogTail(10))
			}
			last = i.Ready(ctx)
			return last == nil, nil
		})
	if wait.Interrupted(err) {
		return fmt.Errorf("wait for Aviary to be ready: %w; the end of its log:\n%s", errors.Join(err, last),
			i.LogTail(10))
	}
	return err
}

// Ready asks /readyz once. The error says why Aviary isn't ready.
func (i *Instance) Ready(ctx context.Context) error {
	_, err := get(ctx, "http://"+i.health+"/readyz?verbose")
	return err
}

func get(ctx context.Context, url string) (body []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close() //nolint:errcheck // because all was read that is wanted.
	if body, err = io.ReadAll(response.Body); err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s", url, response.Status, body)
	}
	return body, err
}
