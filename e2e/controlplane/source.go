package controlplane

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
)

var (
	moduleLine     = regexp.MustCompile(`(?m)^module aviary\.dev/e2e$`)
	kubernetesLine = regexp.MustCompile(`(?m)^(?:require )?\s*k8s\.io/kubernetes (v(\d+)\.(\d+)\.\S+)`)
)

// source is the Go module of the one binary that holds all of Kubernetes.
type source struct {
	dir                   string
	version, major, minor string
}

// findSource finds the module beside this package: from the path that this file was compiled from
// or, in a binary built with -trimpath, from the working directory upwards.
func findSource() (source, error) {
	dirs := []string{}
	if _, file, _, ok := runtime.Caller(0); ok && filepath.IsAbs(file) {
		dirs = append(dirs, filepath.Dir(filepath.Dir(file)))
	}
	wd, err := os.Getwd()
	if err != nil {
		return source{}, err
	}
	for dir := wd; ; dir = filepath.Dir(dir) {
		dirs = append(dirs, dir, filepath.Join(dir, "e2e"))
		if dir == filepath.Dir(dir) {
			break
		}
	}
	for _, dir := range dirs {
		gomod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && moduleLine.Match(gomod) {
			return readSource(filepath.Join(dir, "kubernetes"))
		}
	}
	return source{}, errors.New("find the module aviary.dev/e2e: it is not above the working directory; " +
		"run from inside the repository or set KUBEBUILDER_ASSETS")
}

// readSource reads the version of Kubernetes from the module in dir.
func readSource(dir string) (source, error) {
	gomod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return source{}, err
	}
	match := kubernetesLine.FindSubmatch(gomod)
	if match == nil {
		return source{}, fmt.Errorf("%s/go.mod requires no version of k8s.io/kubernetes", dir)
	}
	return source{dir: dir, version: string(match[1]), major: string(match[2]), minor: string(match[3])}, nil
}

// ldflags stamp the version into the binary. Unstamped, every component calls itself v0.0.0-master.
// The servers read it from component-base, kubectl and the user agents from client-go.
func (s source) ldflags() string {
	flags := []string{"-s", "-w"}
	for _, pkg := range []string{"k8s.io/component-base/version", "k8s.io/client-go/pkg/version"} {
		for _, stamp := range [][2]string{
			{"gitVersion", s.version},
			{"gitMajor", s.major},
			{"gitMinor", s.minor},
			{"gitCommit", strings.Repeat("0", 40)},
			{"gitTreeState", "clean"},
			{"buildDate", "2026-01-01T00:00:00Z"},
		} {
			flags = append(flags, "-X", pkg+"."+stamp[0]+"="+stamp[1])
		}
	}
	return strings.Join(flags, " ")
}
