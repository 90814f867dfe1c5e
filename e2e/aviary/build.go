package aviary

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
	"regexp"
	"runtime"
	"sync"
	"syscall"
	"time"

	"aviary.dev/e2e/internal/filelock"
)

var moduleLine = regexp.MustCompile(`(?m)^module aviary\.dev$`)

// Root returns the folder of the repository. It is above the file that this was compiled from or,
// in a binary built with -trimpath, above the working directory.
func Root() (string, error) {
	wd, err := os.Getwd()
	if err != nil {
		return "", err
	}
	starts := []string{wd}
	if _, file, _, ok := runtime.Caller(0); ok && filepath.IsAbs(file) {
		starts = []string{filepath.Dir(file), wd}
	}
	for _, start := range starts {
		for dir := start; ; dir = filepath.Dir(dir) {
			if gomod, err := os.ReadFile(filepath.Join(dir, "go.mod")); err == nil && moduleLine.Match(gomod) {
				return dir, nil
			}
			if dir == filepath.Dir(dir) {
				break
			}
		}
	}
	return "", errors.New("find the module aviary.dev: it is not above the working directory; " +
		"run from inside the repository")
}

var (
	buildOnce   sync.Once
	builtBinary string
	errBuild    error
)

// Build builds cmd/aviary, once per process, and returns the path of the binary. The binary has the
// race detector if this process has it.
func Build(ctx context.Context, progress io.Writer) (path string, err error) {
	buildOnce.Do(func() {
		builtBinary, errBuild = BuildProgram(ctx, "aviary", progress)
	})
	return builtBinary, errBuild
}

// BuildProgram builds cmd/<name> and returns the path of its binary. The go command decides whether
// the binary in the cache is up to date.
func BuildProgram(ctx context.Context, name string, progress io.Writer) (string, error) {
	path, args, err := target(name)
	if err != nil {
		return "", err
	}
	return path, build(ctx, path, name, args, progress)
}

// target returns the path of a program's binary, and arguments for its build.
func target(name string) (path string, args []string, err error) {
	root, err := Root()
	if err != nil {
		return "", nil, err
	}
	cache, err := cacheDir()
	if err != nil {
		return "", nil, err
	}
	// Each checkout has its own file, so that two of them don't replace each other's.
	path = filepath.Join(cache, fmt.Sprintf("%s-%.8x", name, sha256.Sum256([]byte(root))))
	if raceEnabled {
		path += "-race"
		args = append(args, "-race")
	}
	return path, args, nil
}

// build builds cmd/<name> at path.
func build(ctx context.Context, path, name string, args []string, progress io.Writer) error {
	root, err := Root()
	if err != nil {
		return err
	}
	release, err := filelock.Acquire(ctx, path+".lock", func() {})
	if err != nil {
		return err
	}
	defer release()
	stamp := "-X aviary.dev/version.stamp=" + describe(ctx, root)
	args = append([]string{"build", "-buildvcs=false", "-ldflags=" + stamp}, args...)
	return compile(ctx, root, name, append(args, "-o", path, "./cmd/"+name), progress)
}

// describe returns what git says of the checkout, or dev where it says nothing.
func describe(ctx context.Context, root string) string {
	out, err := exec.CommandContext(ctx, "git", "-C", root, "describe", "--tags", "--always", "--dirty").Output()
	if err != nil {
		return "dev"
	}
	return string(bytes.TrimSpace(out))
}

// cacheDir returns the folder of the binaries: outside the repository, beside those of Kubernetes.
func cacheDir() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "aviary", "bin")
	return dir, os.MkdirAll(dir, 0o755) //nolint:gosec // because programs are for everybody.
}

// buildPriority is how far a build and its compilers step back, from 0 to 19.
const buildPriority = 15

// compile runs go in dir, without the caller's GOFLAGS and workspace, and reports a build that
// takes long.
func compile(ctx context.Context, dir, what string, args []string, progress io.Writer) error {
	if progress == nil {
		progress = io.Discard
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PWD="+dir, "GOFLAGS=", "GOWORK=off")
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	began := time.Now()
	slow := time.AfterFunc(3*time.Second, func() { fmt.Fprintf(progress, "building %s …\n", what) })
	defer slow.Stop()
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("build %s: %w", what, err)
	}
	// Stories that run beside it have clocks to keep. Where it may not be, it takes its time all the same.
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, cmd.Process.Pid, buildPriority)
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", what, err, bytes.TrimSpace(output.Bytes()))
	}
	if took := time.Since(began); took > 3*time.Second {
		fmt.Fprintf(progress, "built %s in %s\n", what, took.Round(time.Second))
	}
	return nil
}
