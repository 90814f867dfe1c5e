package controlplane

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// stateFile is the file in Dir by which Open finds a control plane again.
const stateFile = "controlplane.json"

// state is the content of the state file.
type state struct {
	Kubeconfig, AuditLog, Assets string
	External, Controllers        bool
	Network                      network
	APIServerArgs                []string
	Processes                    []Process
}

// save writes the state file. cp.mu must be held.
func (cp *ControlPlane) save() error {
	content, err := json.MarshalIndent(state{
		Kubeconfig:    cp.Kubeconfig,
		AuditLog:      cp.AuditLog,
		Assets:        cp.assets,
		External:      cp.external,
		Controllers:   cp.controllers,
		Network:       cp.network,
		APIServerArgs: cp.apiServerArgs,
		Processes:     cp.processes,
	}, "", "  ")
	if err != nil {
		return err
	}
	temp := cp.path(stateFile + ".new")
	if err := os.WriteFile(temp, append(content, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(temp, cp.path(stateFile))
}

// Open returns the control plane that was started, detached, with the given Dir. It returns an
// error that is [os.ErrNotExist] if there is none.
func Open(dir string) (*ControlPlane, error) {
	content, err := os.ReadFile(filepath.Join(dir, stateFile))
	if err != nil {
		return nil, err
	}
	var s state
	if err := json.Unmarshal(content, &s); err != nil {
		return nil, fmt.Errorf("parse %s: %w", filepath.Join(dir, stateFile), err)
	}
	cp := &ControlPlane{
		Kubeconfig:    s.Kubeconfig,
		Dir:           dir,
		AuditLog:      s.AuditLog,
		assets:        s.Assets,
		external:      s.External,
		controllers:   s.Controllers,
		detach:        true,
		network:       s.Network,
		apiServerArgs: s.APIServerArgs,
		processes:     s.Processes,
	}
	if !cp.external {
		if cp.ca, err = loadCA(cp.path("pki")); err != nil {
			return nil, err
		}
	}
	return cp, cp.loadConfig()
}
