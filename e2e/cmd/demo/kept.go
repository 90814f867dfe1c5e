package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"aviary.dev/e2e/controlplane"
)

// keptDir returns the folder of a demo that is left running.
func keptDir() (string, error) {
	cache, err := os.UserCacheDir()
	return filepath.Join(cache, "aviary", "demo"), err
}

// down stops a demo that was left running.
func down(out *screen) error {
	dir, err := keptDir()
	if err != nil {
		return err
	}
	cp, err := controlplane.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		out.line("no demo was left running")
		return os.RemoveAll(dir)
	}
	if err != nil {
		return err
	}
	if err := cp.Stop(); err != nil {
		return err
	}
	out.line("the demo is stopped")
	return nil
}

// sayHowToGoOn prints how to use what is left running.
func (s *stage) sayHowToGoOn() {
	s.out.line("\nIt goes on running. To look around:\n")
	s.out.line("  export KUBECONFIG=%s", s.cp.Kubeconfig)
	s.out.line("  alias kubectl=%s", s.cp.KubectlPath())
	s.out.line("  cd %s", s.team)
	s.out.line("\nTo stop it:\n\n  make demo-down")
}
