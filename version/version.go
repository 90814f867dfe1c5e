// Package version says which build of Aviary a program is.
package version

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// stamp is set by -ldflags "-X aviary.dev/version.stamp=v1.2.3"; the Makefile takes its text from git describe.
var stamp string

// unknown is the version of a build that nothing says one of.
const unknown = "dev"

// Build is what a program was built from.
type Build struct {
	Version string `json:"version"`
	// Commit is known only where Go recorded it: go build of a clone, without -buildvcs=false.
	Commit   string `json:"commit,omitempty"`
	Modified bool   `json:"modified,omitempty"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

// Current returns the version of this program; it is never empty.
func Current() string { return Read().Version }

// Read returns what this program was built from.
func Read() Build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return read(stamp, info)
}

// read prefers the stamp to Go's own record, which has a version for go install aviary.dev/cmd/…@version.
func read(stamp string, info *debug.BuildInfo) Build {
	b := Build{Version: stamp, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	if recorded := info.Main.Version; b.Version == "" && recorded != "(devel)" {
		b.Version = recorded
	}
	if b.Version == "" {
		b.Version = unknown
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

// String returns one line: "v1.2.3 (go1.26.0, linux/amd64)", with the commit where it is known.
func (b Build) String() string {
	commit := ""
	if b.Commit != "" {
		commit = "commit " + b.Commit + ", "
		if b.Modified {
			commit = "commit " + b.Commit + " with changes, "
		}
	}
	return fmt.Sprintf("%s (%s%s, %s)", b.Version, commit, b.Go, b.Platform)
}
