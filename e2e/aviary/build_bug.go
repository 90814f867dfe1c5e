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

// BuildWithBug builds cmd/aviary at path with a bug: in one file of the repository, every
// occurrence of text is replaced.
func BuildWithBug(ctx context.Context, path, file, text, by string, progress io.Writer) error {
	root, err := Root()
	if err != nil {
		return err
	}
	file = filepath.Join(root, file)
	source, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if !bytes.Contains(source, []byte(text)) {
		return fmt.Errorf("%s no longer says %q", file, text)
	}
	planted, overlay := path+".go", path+".json"
	if err := os.WriteFile(planted, bytes.ReplaceAll(source, []byte(text), []byte(by)), 0o600); err != nil {
		return err
	}
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{file: planted}})
	if err != nil {
		return err
	}
	if err := os.WriteFile(overlay, replace, 0o600); err != nil {
		return err
	}
	return build(ctx, path, "aviary", []string{"-overlay=" + overlay}, progress)
}
