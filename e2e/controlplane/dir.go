package controlplane

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// makeDir creates Dir, and fails if it isn't empty, because Stop removes it.
func (cp *ControlPlane) makeDir(dir string) (err error) {
	if dir == "" {
		cp.Dir, err = os.MkdirTemp("", "aviary-controlplane-")
		return err
	}
	if cp.Dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(cp.Dir, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(cp.Dir)
	if err == nil && len(entries) > 0 {
		err = fmt.Errorf("folder %s of the control plane must be empty, but holds %s", cp.Dir, entries[0].Name())
	}
	return err
}

// removeContent empties a folder.
func removeContent(dir string) error {
	entries, err := os.ReadDir(dir)
	for _, entry := range entries {
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, entry.Name())))
	}
	return err
}

// path joins names to the path of a file in Dir.
func (cp *ControlPlane) path(names ...string) string {
	return filepath.Join(append([]string{cp.Dir}, names...)...)
}
