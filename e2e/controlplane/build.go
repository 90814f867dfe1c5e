package controlplane

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"aviary.dev/e2e/internal/filelock"
)

// progressInterval is how often a running build says that it still runs.
const progressInterval = 15 * time.Second

// build returns the folder in cache that holds the binary and its symbolic links, and builds it
// first if needed. The folder's name is a hash of all that goes into the binary, and the folder is
// created atomically.
func (s source) build(ctx context.Context, cache string, progress io.Writer) (string, error) {
	key, err := s.key(ctx)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, key)
	if hasAsset(dir, kubectl) {
		return dir, nil
	}
	release, err := filelock.Acquire(ctx, filepath.Join(cache, "build.lock"), func() {
		fmt.Fprintf(progress, "waiting for another process that builds Kubernetes %s\n", s.version)
	})
	if err != nil {
		return "", err
	}
	defer release()
	if hasAsset(dir, kubectl) { // The other process made it.
		return dir, nil
	}
	temp, err := os.MkdirTemp(cache, "build-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(temp) //nolint:errcheck // because after the rename there is nothing to remove.
	if err := s.compile(ctx, filepath.Join(temp, "kubernetes"), progress); err != nil {
		return "", fmt.Errorf("build Kubernetes %s: %w", s.version, err)
	}
	for _, name := range []string{etcd, apiServer, controllerManager, kubectl} {
		if err := os.Symlink("kubernetes", filepath.Join(temp, name)); err != nil {
			return "", err
		}
	}
	if err := os.Chmod(temp, 0o755); err != nil { //nolint:gosec // because programs are for everybody.
		return "", err
	}
	return dir, os.Rename(temp, dir)
}

// key returns a name with a hash of all that determines the binary: its module, the compiler and
// the flags.
func (s source) key(ctx context.Context) (string, error) {
	hash := sha256.New()
	for _, name := range []string{"go.mod", "go.sum", "main.go"} {
		content, err := os.ReadFile(filepath.Join(s.dir, name))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(hash, "%s %d\n%s", name, len(content), content)
	}
	version, err := s.command(ctx, "env", "GOVERSION", "GOOS", "GOARCH").Output()
	if err != nil {
		return "", fmt.Errorf("ask for the version of go: %w", err)
	}
	fmt.Fprintf(hash, "%s%s", version, s.ldflags())
	return fmt.Sprintf("kubernetes-%s-%x", s.version, hash.Sum(nil)[:8]), nil
}

// compile builds the binary at path and reports its progress from time to time.
func (s source) compile(ctx context.Context, path string, progress io.Writer) error {
	started := time.Now()
	say := func(end string) {
		fmt.Fprintf(progress, "building Kubernetes %s from modules (once, about 10 minutes on 2 cores) … %s%s\n",
			s.version, time.Since(started).Round(time.Second), end)
	}
	say("")
	var output bytes.Buffer
	build := s.command(ctx, "build", "-mod=readonly", "-buildvcs=false", "-ldflags", s.ldflags(), "-o", path, ".")
	build.Stdout, build.Stderr = &output, &output
	done := make(chan error, 1)
	go func() { done <- build.Run() }()
	tick := time.NewTicker(progressInterval)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			say("")
		case err := <-done:
			if err != nil {
				return errors.Join(ctx.Err(), fmt.Errorf("%w\n%s", err, bytes.TrimSpace(output.Bytes())))
			}
			say(", done")
			return nil
		}
	}
}

// command returns a go command in the module, without the caller's GOFLAGS and workspace. When ctx
// is done its compilers end with it.
func (s source) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "PWD="+s.dir, "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = 5 * time.Second
	return cmd
}
