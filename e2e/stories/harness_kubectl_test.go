package stories

import "strings"

// outcome is the result of a run of kubectl.
type outcome struct {
	s              *story
	args           []string
	stdout, stderr string
	err            error
}

// kubectl runs kubectl in the story's namespace, again if Aviary had no time to decide.
func (s *story) kubectl(stdin string, args ...string) outcome {
	s.Helper()
	if s.namespace != "" {
		args = append([]string{"--namespace=" + s.namespace}, args...)
	}
	if s.userKubeconfig != "" {
		args = append([]string{"--kubeconfig=" + s.userKubeconfig}, args...)
	}
	o := outcome{s: s, args: args}
	o.err = decided(func() (err error) {
		o.stdout, o.stderr, err = s.Kubectl(s.Context(), stdin, args...)
		return err
	})
	return o
}

// apply applies manifests.
func (s *story) apply(manifests string, args ...string) outcome {
	s.Helper()
	return s.kubectl(manifests, append([]string{"apply", "-f", "-"}, args...)...)
}

// mergePatch merges a patch into an object with kubectl.
func (s *story) mergePatch(kind, name, patch string) outcome {
	s.Helper()
	return s.kubectl("", "patch", kind, name, "--type=merge", "-p="+patch)
}

// jsonPatch applies the operations of a JSON patch, which is a list, to an object with kubectl.
func (s *story) jsonPatch(kind, name, operations string) outcome {
	s.Helper()
	return s.kubectl("", "patch", kind, name, "--type=json", "-p="+operations)
}

// mustSucceed ends the story if kubectl failed.
func (o outcome) mustSucceed() outcome {
	o.s.Helper()
	if o.err != nil {
		o.s.Fatalf("%v", o.err)
	}
	return o
}

// mustFail ends the story if kubectl succeeded, or failed for another reason.
func (o outcome) mustFail(reasons ...string) outcome {
	o.s.Helper()
	if o.err == nil {
		o.s.Fatalf("kubectl %s must be refused, but: %s%s", strings.Join(o.args, " "), o.stdout, o.stderr)
	}
	for _, reason := range reasons {
		if !strings.Contains(o.stderr, reason) {
			o.s.Fatalf("kubectl %s must be refused with %q, but the message is:\n%s", strings.Join(o.args, " "), reason,
				o.stderr)
		}
	}
	return o
}

// warnings returns the admission warnings that kubectl printed.
func (o outcome) warnings() (texts []string) {
	for line := range strings.Lines(o.stderr) {
		if text, ok := strings.CutPrefix(strings.TrimSpace(line), "Warning: "); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// mustWarn fails the test unless kubectl succeeded with such a warning.
func (s *story) mustWarn(what string, out outcome) {
	s.Helper()
	if text := strings.Join(out.mustSucceed().warnings(), "\n"); !strings.Contains(text, what) {
		s.Errorf("kubectl %s must warn of %s, warns: %q", strings.Join(out.args, " "), what, text)
	}
}

// containsAll reports whether a text contains all parts.
func containsAll(text string, parts []string) bool {
	for _, part := range parts {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}
