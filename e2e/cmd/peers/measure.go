package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

// measured is the result of one run of a program.
type measured struct {
	wall, cpu time.Duration
	peak      int64 // bytes, of resident memory
	findings  int
	// stopped says that it took longer than the limit, failed why its output can't be read.
	stopped bool
	failed  error
}

// measure runs the program over a folder once.
func (p program) measure(ctx context.Context, files string, limit time.Duration) (measured, error) {
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var out, messages bytes.Buffer
	cmd := exec.CommandContext(limited, p.binary, append(slices.Clip(p.args), files)...)
	cmd.Stdout, cmd.Stderr = &out, &messages
	began := time.Now()
	err := cmd.Run()
	m := measured{wall: time.Since(began)}
	if ctx.Err() != nil {
		return m, context.Cause(ctx)
	}
	if cmd.ProcessState == nil {
		return m, fmt.Errorf("run %s: %w", p.name, err)
	}
	m.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		m.peak = usage.Maxrss << 10
	}
	if limited.Err() != nil {
		m.stopped = true
		return m, nil
	}
	m.findings, m.failed = p.count(out.Bytes())
	if m.failed != nil {
		if first, _, _ := strings.Cut(strings.TrimSpace(messages.String()), "\n"); first != "" {
			m.failed = errors.New(first)
		}
	}
	return m, nil
}

// countAviary, countConftest and countGator count the findings in a program's output.
func countAviary(out []byte) (int, error) {
	var report struct {
		Findings []json.RawMessage `json:"findings"`
	}
	err := json.Unmarshal(out, &report)
	return len(report.Findings), err
}

func countConftest(out []byte) (int, error) {
	var results []struct {
		Failures []json.RawMessage `json:"failures"`
	}
	err := json.Unmarshal(out, &results)
	found := 0
	for _, r := range results {
		found += len(r.Failures)
	}
	return found, err
}

func countGator(out []byte) (int, error) {
	var results []json.RawMessage
	err := json.Unmarshal(out, &results)
	return len(results), err
}
