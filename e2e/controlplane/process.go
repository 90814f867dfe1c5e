package controlplane

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// stopGrace is how long a process may take to end before it is killed.
const stopGrace = 2 * time.Second

// Process is a process that a control plane started. The start time distinguishes it from a later
// process with the same ID.
type Process struct {
	Name    string
	PID     int
	Started uint64 // In clock ticks since the machine started.
	Log     string // The path of its output.
}

// startProcess starts cmd in a process group of its own, with its output appended to the file log.
// Unless detached, the process is killed when this process dies.
func startProcess(name, log string, cmd *exec.Cmd, detach bool) (Process, error) {
	output, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return Process{}, err
	}
	defer output.Close() //nolint:errcheck // because the process has its own copy.
	cmd.Stdout, cmd.Stderr = output, output
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if detach {
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	}
	started := make(chan error, 1)
	go func() {
		// Pdeathsig fires when the starting thread ends, so this thread is kept until the process
		// has ended: https://go.dev/issue/27505.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // How it ended can be read in its log.
		}
	}()
	if err := <-started; err != nil {
		return Process{}, fmt.Errorf("start %s: %w", name, err)
	}
	p := Process{Name: name, PID: cmd.Process.Pid, Log: log}
	if _, p.Started, err = processStat(p.PID); err != nil {
		return Process{}, p.exited()
	}
	return p, nil
}

// Alive reports whether the process still runs.
func (p Process) Alive() bool {
	state, started, err := processStat(p.PID)
	return err == nil && started == p.Started && state != "Z" && state != "X"
}

// Stop ends the process with SIGTERM, and after two seconds with SIGKILL. It is no error if the
// process has ended before.
func (p Process) Stop() error { return p.StopWithin(stopGrace) }

// StopWithin is Stop with another time before SIGKILL.
func (p Process) StopWithin(grace time.Duration) error {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		if !p.Alive() {
			return nil
		}
		if err := syscall.Kill(-p.PID, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("stop %s: %w", p.Name, err)
		}
		if p.waitExit(grace) {
			return nil
		}
	}
	return fmt.Errorf("stop %s: process %d does not end", p.Name, p.PID)
}

// waitExit reports whether the process ended within the given time.
func (p Process) waitExit(limit time.Duration) bool {
	deadline := time.After(limit)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for p.Alive() {
		select {
		case <-deadline:
			return !p.Alive()
		case <-tick.C:
		}
	}
	return true
}

// exitError is the error for a process that ended by itself, with the end of its log.
type exitError struct{ name, log, tail string }

func (e *exitError) Error() string {
	return fmt.Sprintf("%s exited; the end of %s:\n%s", e.name, e.log, e.tail)
}

// exited returns the error for a process that no longer runs.
func (p Process) exited() error {
	const lines = 10
	content, err := os.ReadFile(p.Log)
	if err != nil {
		return fmt.Errorf("%s exited: %w", p.Name, err)
	}
	all := strings.Split(strings.TrimSpace(string(content)), "\n")
	return &exitError{name: p.Name, log: p.Log, tail: strings.Join(all[max(0, len(all)-lines):], "\n")}
}

// portTaken reports whether a process exited because a port was in use.
func portTaken(err error) bool {
	var exit *exitError
	return errors.As(err, &exit) && strings.Contains(exit.tail, "address already in use")
}

// processStat reads a process's state and start time from /proc. The fields are counted after the
// name, which may contain anything: see proc(5).
func processStat(pid int) (state string, started uint64, err error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", 0, err
	}
	fields := strings.Fields(string(content[strings.LastIndexByte(string(content), ')')+1:]))
	if len(fields) < 20 {
		return "", 0, fmt.Errorf("read /proc/%d/stat: only %d fields", pid, len(fields))
	}
	started, err = strconv.ParseUint(fields[19], 10, 64)
	return fields[0], started, err
}
