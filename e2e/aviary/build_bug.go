package aviary

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Bug is a mistake in one file of the repository: every occurrence of Text is replaced.
type Bug struct{ File, Text, By string }

// BuildWithBugs builds cmd/aviary at path with bugs, each in a file of its own.
func BuildWithBugs(ctx context.Context, path string, bugs []Bug, progress io.Writer) error {
	root, err := Root()
	if err != nil {
		return err
	}
	replaced := map[string]string{}
	for i, bug := range bugs {
		file := filepath.Join(root, bug.File)
		planted := fmt.Sprintf("%s-%d.go", path, i)
		if err := bug.plant(file, planted); err != nil {
			return err
		}
		replaced[file] = planted
	}
	replace, err := json.Marshal(map[string]any{"Replace": replaced})
	if err != nil {
		return err
	}
	overlay := path + ".json"
	if err := os.WriteFile(overlay, replace, 0o600); err != nil {
		return err
	}
	return build(ctx, path, "aviary", []string{"-overlay=" + overlay}, progress)
}

// plant writes the file with the bug.
func (b Bug) plant(file, planted string) error {
	source, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if !bytes.Contains(source, []byte(b.Text)) {
		return fmt.Errorf("%s no longer says %q", file, b.Text)
	}
	return os.WriteFile(planted, bytes.ReplaceAll(source, []byte(b.Text), []byte(b.By)), 0o600)
}
