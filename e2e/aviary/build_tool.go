package aviary

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"aviary.dev/e2e/internal/filelock"
)

// BuildTool builds the module in the folder e2e/<name>, unless its binary is in the cache, and
// returns the path of the binary. A module without Go files of its own is there for the tool that
// its go.mod names.
func BuildTool(ctx context.Context, name string, progress io.Writer) (path string, err error) {
	root, err := Root()
	if err != nil {
		return "", err
	}
	cache, err := cacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(root, "e2e", name)
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return "", err
	}
	what := "."
	if len(files) == 0 {
		what = "tool"
	}
	sum, err := hashSources(append(files, filepath.Join(dir, "go.mod"), filepath.Join(dir, "go.sum")))
	if err != nil {
		return "", err
	}
	path = filepath.Join(cache, name+"-"+sum)
	release, err := filelock.Acquire(ctx, path+".lock", func() {})
	if err != nil {
		return "", err
	}
	defer release()
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	temp := path + ".new"
	args := []string{"build", "-buildvcs=false", "-ldflags=-s -w", "-o", temp, what}
	if err := compile(ctx, dir, name, args, progress); err != nil {
		return "", err
	}
	return path, os.Rename(temp, path)
}

// hashSources returns a hash of files and of the compiler's version.
func hashSources(files []string) (string, error) {
	hash := sha256.New()
	fmt.Fprintln(hash, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(hash, "%s %d\n%s", filepath.Base(file), len(content), content)
	}
	return fmt.Sprintf("%x", hash.Sum(nil)[:8]), nil
}
