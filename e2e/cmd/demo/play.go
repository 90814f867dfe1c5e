package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// play goes through the steps and the refusals.
func (s *stage) play(ctx context.Context) error {
	for i, step := range steps {
		s.out.heading(fmt.Sprintf("Step %d of %d", i+1, len(steps)), step.title, step.note)
		var now siblings
		for _, a := range step.actions {
			var err error
			if now, err = s.perform(ctx, a); err != nil {
				return fmt.Errorf("step %d: %w", i+1, err)
			}
		}
		s.show(now)
	}
	for i, r := range refusals {
		s.out.heading(fmt.Sprintf("Refusal %d of %d", i+1, len(refusals)), r.title, r.note)
		if r.before != nil {
			now, err := s.perform(ctx, *r.before)
			if err != nil {
				return fmt.Errorf("before refusal %d: %w", i+1, err)
			}
			s.show(now)
			s.out.line("")
		}
		if err := s.beRefused(ctx, r); err != nil {
			return fmt.Errorf("refusal %d: %w", i+1, err)
		}
	}
	return nil
}

// perform does an action that must succeed, and waits until the siblings are as expected.
func (s *stage) perform(ctx context.Context, a action) (siblings, error) {
	if err := s.edit(a); err != nil {
		return siblings{}, err
	}
	said, err := s.kubectl(ctx, a.kubectl)
	if err != nil {
		return siblings{}, fmt.Errorf("kubectl %s must work: %w", strings.Join(a.kubectl, " "), err)
	}
	s.out.answer(said)
	began := time.Now()
	now, err := s.await(ctx, a)
	if err == nil {
		s.out.wait(now.pods, time.Since(began))
	}
	return now, err
}

// beRefused does an action that must be refused, and checks that nothing has changed.
func (s *stage) beRefused(ctx context.Context, r refusal) error {
	if err := s.edit(r.action); err != nil {
		return err
	}
	said, err := s.kubectl(ctx, r.kubectl)
	var exit *exec.ExitError
	switch {
	case err == nil:
		return fmt.Errorf("kubectl %s must be refused, but it said: %s", strings.Join(r.kubectl, " "), said)
	case !errors.As(err, &exit):
		return err
	case !strings.Contains(said, "["+r.rule+"]"):
		return fmt.Errorf("kubectl %s must be refused by the rule %s, but it said: %s", strings.Join(r.kubectl, " "),
			r.rule, said)
	}
	s.out.refusal(said)
	now, err := s.read(ctx)
	if err != nil {
		return err
	}
	if err := now.check(r.action); err != nil {
		return fmt.Errorf("a refusal must change nothing, but: %w", err)
	}
	if now.versions != s.before.versions {
		return fmt.Errorf("a refusal must change nothing, but the resource versions went from %s to %s",
			s.before.versions, now.versions)
	}
	s.out.refused()
	return nil
}

// edit writes an action's file into the team's folder and shows how it differs from the old one.
func (s *stage) edit(a action) error {
	if a.file == "" {
		return nil
	}
	content, err := files.ReadFile(path.Join("team", a.file))
	if err != nil {
		return err
	}
	name := path.Base(a.file)
	target := filepath.Join(s.team, name)
	old, err := os.ReadFile(target)
	switch {
	case err == nil:
		s.out.edited(name, diff(string(old), string(content)))
	case a.from != "":
		if old, err = os.ReadFile(filepath.Join(s.team, a.from)); err != nil {
			return err
		}
		s.out.edited(name+", a copy of "+a.from, diff(string(old), string(content)))
	default:
		s.out.edited(name, diff("", interesting(string(content))))
	}
	return os.WriteFile(target, content, 0o600)
}

// interesting returns all of a new Deployment, and only the spec of anything else.
func interesting(content string) string {
	if i := strings.Index(content, "\nspec:\n"); i >= 0 && !strings.Contains(content, "kind: Deployment") {
		return content[i+1:]
	}
	return content
}

// kubectl runs kubectl in the team's folder and returns all that it printed.
func (s *stage) kubectl(ctx context.Context, args []string) (string, error) {
	s.out.command("kubectl " + strings.Join(args, " "))
	cmd := exec.CommandContext(ctx, s.cp.KubectlPath(), args...)
	cmd.Dir = s.team
	cmd.Env = append(os.Environ(), s.cp.KubectlEnv()...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	said := strings.TrimSpace(out.String())
	if err != nil {
		err = fmt.Errorf("%w: %s", err, said)
	}
	return said, err
}

// show prints what changed since the last time, and which version gets the traffic.
func (s *stage) show(now siblings) {
	s.out.changes(s.before, now)
	s.out.traffic(now.traffic)
	s.before = now
}
