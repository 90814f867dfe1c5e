package version

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	t.Parallel()
	vcs := []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.modified", Value: "true"}}
	built := "(" + runtime.Version() + ", " + runtime.GOOS + "/" + runtime.GOARCH + ")"
	for name, c := range map[string]struct {
		stamp, recorded string
		settings        []debug.BuildSetting
		want            string
	}{
		"stamped":               {stamp: "v1.2.3", want: "v1.2.3 " + built},
		"stamp before record":   {stamp: "v1.2.3-4-gabc-dirty", recorded: "v0.9.0", want: "v1.2.3-4-gabc-dirty " + built},
		"installed as a module": {recorded: "v0.9.0", want: "v0.9.0 " + built},
		"built from a clone":    {recorded: "(devel)", settings: vcs, want: "dev (commit abc with changes, " + built[1:]},
		"of a clean clone":      {settings: vcs[:1], want: "dev (commit abc, " + built[1:]},
		"nothing is known":      {want: "dev " + built},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			info := &debug.BuildInfo{Main: debug.Module{Version: c.recorded}, Settings: c.settings}
			if got := read(c.stamp, info).String(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestCurrentIsNeverEmpty(t *testing.T) {
	t.Parallel()
	if Current() == "" {
		t.Error("there is no version")
	}
}

// TestStampedByEveryBuild takes the flag from each place that builds a program, and builds one with it. A flag that
// names a variable that isn't there is no error: it does nothing.
func TestStampedByEveryBuild(t *testing.T) {
	t.Parallel()
	flag := regexp.MustCompile(`-X aviary\.dev/[^=\s]+=`)
	for _, file := range []string{"Makefile", "Dockerfile", "e2e/aviary/build.go"} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(filepath.Join("..", file))
			if err != nil {
				t.Fatal(err)
			}
			stamp := flag.FindString(string(text))
			if stamp == "" {
				t.Fatalf("%s builds without %s", file, flag)
			}
			show := exec.CommandContext(t.Context(), "go", "run", "-ldflags="+stamp+"v1.2.3", "./testdata/show")
			got, err := show.CombinedOutput()
			if err != nil || strings.TrimSpace(string(got)) != "v1.2.3" {
				t.Errorf("with %sv1.2.3 the version is %q (%v)", stamp, got, err)
			}
		})
	}
}
