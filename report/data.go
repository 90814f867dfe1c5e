package report

import (
	"encoding/json"
	"io"

	"sigs.k8s.io/yaml"

	"aviary.dev/audit"
)

func asJSON(out io.Writer, r audit.Result, _ Options) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(r)
}

func asYAML(out io.Writer, r audit.Result, _ Options) error {
	text, err := yaml.Marshal(r)
	if err != nil {
		return err
	}
	_, err = out.Write(text)
	return err
}
