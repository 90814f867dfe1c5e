package controlplane

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"sync"
)

// Launch starts one more process, for example a webhook under test, which [ControlPlane.Stop] stops
// before the control plane. Its output goes to log/<name>.log.
func (cp *ControlPlane) Launch(name string, cmd *exec.Cmd) error {
	if err := os.MkdirAll(cp.path("log"), 0o700); err != nil {
		return err
	}
	return cp.launch(name, cmd)
}

// launch starts a process and saves its ID at once, so that it can be stopped later even if this
// process is killed during the start.
func (cp *ControlPlane) launch(name string, cmd *exec.Cmd) error {
	p, err := startProcess(name, cp.path("log", name+".log"), cmd, cp.detach)
	if err != nil {
		return err
	}
	cp.mu.Lock()
	defer cp.mu.Unlock()
	// It replaces a process of that name that has ended.
	cp.processes = slices.DeleteFunc(cp.processes, func(old Process) bool { return old.Name == name && !old.Alive() })
	cp.processes = append(cp.processes, p)
	return cp.save()
}

// CloseAtStop has [ControlPlane.Stop] close a listener in the network, which the next control plane
// may get.
func (cp *ControlPlane) CloseAtStop(c io.Closer) {
	cp.mu.Lock()
	defer cp.mu.Unlock()
	cp.closers = append(cp.closers, c)
}

// Processes returns the processes of the control plane in the order in which they were started.
func (cp *ControlPlane) Processes() []Process {
	cp.mu.Lock()
	defer cp.mu.Unlock()
	return slices.Clone(cp.processes)
}

// Crashed returns an error, with the end of the log, if a process has ended by itself.
func (cp *ControlPlane) Crashed() error {
	for _, p := range cp.Processes() {
		if !p.Alive() {
			return p.exited()
		}
	}
	return nil
}

// crashedServer is Crashed for the control plane's own processes only: a launched process may end
// while a server is stopped.
func (cp *ControlPlane) crashedServer() error {
	for _, p := range cp.Processes() {
		if slices.Contains([]string{etcd, apiServer, controllerManager}, p.Name) && !p.Alive() {
			return p.exited()
		}
	}
	return nil
}

// StopAPIServer stops the API server and leaves the rest as it is.
func (cp *ControlPlane) StopAPIServer() error {
	if cp.external {
		return errExternal("stop the API server")
	}
	err := cp.stopNamed(func(name string) bool { return name == apiServer })
	cp.mu.Lock()
	defer cp.mu.Unlock()
	return errors.Join(err, cp.save())
}

// Stop stops all processes, the API server before etcd, and removes Dir unless [Options.Keep] is
// set. It is no error to stop twice.
func (cp *ControlPlane) Stop() error {
	if err := errors.Join(cp.closeAll(), cp.stopProcesses()); err != nil {
		return err // Dir stays, as it says which processes are left.
	}
	if cp.keep {
		return nil
	}
	return os.RemoveAll(cp.Dir)
}

// closeAll closes what [ControlPlane.CloseAtStop] got.
func (cp *ControlPlane) closeAll() (err error) {
	cp.mu.Lock()
	defer cp.mu.Unlock()
	for _, c := range cp.closers {
		err = errors.Join(err, c.Close())
	}
	cp.closers = nil
	return err
}

// stopProcesses stops all processes: first the launched ones, then the servers, then etcd.
func (cp *ControlPlane) stopProcesses() error {
	servers := []string{apiServer, controllerManager}
	return errors.Join(
		cp.stopNamed(func(name string) bool { return name != etcd && !slices.Contains(servers, name) }),
		cp.stopNamed(func(name string) bool { return slices.Contains(servers, name) }),
		cp.stopNamed(func(name string) bool { return name == etcd }),
	)
}

// stopNamed stops, in parallel, all processes whose name matches.
func (cp *ControlPlane) stopNamed(match func(name string) bool) error {
	processes := cp.Processes()
	errs := make([]error, len(processes))
	var wait sync.WaitGroup
	for i, p := range processes {
		if match(p.Name) {
			wait.Go(func() { errs[i] = p.Stop() })
		}
	}
	wait.Wait()
	cp.mu.Lock()
	defer cp.mu.Unlock()
	cp.processes = slices.DeleteFunc(cp.processes, func(p Process) bool { return match(p.Name) && !p.Alive() })
	return errors.Join(errs...)
}

// Alive reports whether all processes of the control plane still run.
func (cp *ControlPlane) Alive() bool { return cp.Crashed() == nil }
