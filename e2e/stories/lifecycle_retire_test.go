package stories

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRetire deletes a folder with two versions that have traffic. The denial names a command, and
// after that command the same deletion succeeds.
func TestRetire(t *testing.T) {
	t.Parallel()
	s := begin(t, "retire")
	dir := t.TempDir()
	for _, x := range []version{v("v1", "role=primary"), v("v2", "role=canary", "weight=50")} {
		if err := os.WriteFile(filepath.Join(dir, x.deployment()+".yaml"), []byte(x.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.kubectl("", "apply", "-f", dir).mustSucceed()
	s.waitAvailable("echo-v1", "echo-v2")
	s.waitTraffic("echo", halfToV2)

	s.step("kubectl delete -f dir/ is refused, as v1 carries half of the traffic; the denial names a command")
	out := s.kubectl("", "delete", "-f", dir+"/echo-v1.yaml").mustFail("[stranded-traffic]")
	command := s.commandIn(out.stderr, "kubectl annotate deployment ")

	s.step("%s", strings.Join(command, " "))
	s.kubectl("", command[1:]...).mustSucceed()
	s.waitGone("routetables", "echo-routes")
	s.mustGet("services", "echo")
	s.kubectl("", "delete", "-f", dir).mustSucceed()
	s.waitNoSiblings()

	s.step("the app may be created again; retire in a file works as well, with the deletion right after")
	s.kubectl("", "apply", "-f", dir).mustSucceed()
	s.waitTraffic("echo", halfToV2)
	s.apply(v("v1", "role=primary", "retire=true").String()).mustSucceed()
	s.kubectl("", "delete", "-f", dir).mustSucceed()
	s.waitNoSiblings()
}

// commandIn returns the command that a message names.
func (s *story) commandIn(message, command string) []string {
	s.Helper()
	_, found, ok := strings.Cut(message, command)
	if !ok {
		s.Fatalf("the message must name the command %q, but is:\n%s", command, message)
	}
	line, _, _ := strings.Cut(found, "\n")
	line, _, _ = strings.Cut(line, ";")
	return strings.Fields(command + line)
}
