package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"k8s.io/client-go/dynamic"

	"aviary.dev/e2e/aviary"
	"aviary.dev/e2e/controlplane"
)

// files are the files of the team and of the platform team.
//
//go:embed team platform
var files embed.FS

// stage is a control plane with a node and Aviary, on which the demo runs.
type stage struct {
	out     *screen
	cp      *controlplane.ControlPlane
	aviary  *aviary.Instance
	objects *dynamic.DynamicClient
	team    string // The team's folder, in which kubectl runs.
	before  siblings
}

// bringUp starts everything. After a failure it stops what it has started.
func bringUp(ctx context.Context, out *screen, keep bool) (_ *stage, err error) {
	s := &stage{out: out}
	options := controlplane.Options{Detach: keep, Progress: out}
	if keep {
		if options.Dir, err = keptDir(); err != nil {
			return nil, err
		}
		if _, err := controlplane.Open(options.Dir); err == nil {
			return nil, errors.New("a demo was left running: stop it with make demo-down")
		}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	building := make(chan error, 1)
	go func() { // It takes about as long as the control plane.
		_, err := aviary.Build(ctx, out)
		building <- err
	}()
	for _, part := range []struct {
		name, what string
		start      func() error
	}{
		{"control plane", "etcd, kube-apiserver, kube-controller-manager", func() error {
			s.cp, err = controlplane.Start(ctx, options)
			return err
		}},
		{"node", "a simulated one: Pods become ready, nothing runs in them", func() error { return s.startNode(ctx) }},
		{"Aviary", "its manifests, as the ServiceAccount they name; enforcement: deny", func() error {
			if err := <-building; err != nil {
				return err
			}
			s.aviary, err = aviary.Install(ctx, s.cp, aviary.Options{Progress: out})
			return err
		}},
		{"platform team", "namespace echo, VirtualService for the API group example", func() error {
			return s.prepare(ctx)
		}},
	} {
		began := time.Now()
		if err := part.start(); err != nil {
			return s, fmt.Errorf("start %s: %w", part.name, err)
		}
		out.done(part.name, part.what, time.Since(began))
	}
	return s, nil
}

// prepare does what a platform team does beforehand, and creates the team's folder.
func (s *stage) prepare(ctx context.Context) (err error) {
	if s.objects, err = dynamic.NewForConfig(s.cp.Config()); err != nil {
		return err
	}
	s.team = filepath.Join(s.cp.Dir, "team")
	if err := os.Mkdir(s.team, 0o700); err != nil {
		return err
	}
	platform, err := files.ReadFile("platform/example.yaml")
	if err != nil {
		return err
	}
	if _, _, err := s.cp.Kubectl(ctx, string(platform), "apply", "-f", "-"); err != nil {
		return err
	}
	_, _, err = s.cp.Kubectl(ctx, "", "wait", "--for=create", "--timeout=60s", "-n", namespace,
		"serviceaccount/default")
	return err
}

// close stops the control plane, and with it the node and Aviary.
func (s *stage) close() error {
	if s.cp == nil {
		return nil
	}
	return s.cp.Stop() // With Aviary and the node, which were launched on it.
}
