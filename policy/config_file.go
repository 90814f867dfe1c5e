package policy

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	kjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

// configFile is the configuration as the file has it. Pointers tell absent from empty.
type configFile struct {
	APIVersion  string  `json:"apiVersion"`
	Kind        string  `json:"kind"`
	Enforcement *string `json:"enforcement"`
	Defaults    struct {
		APIGroup       string             `json:"apiGroup"`
		CanaryHeaders  *map[string]string `json:"canaryHeaders"`
		Port           *int               `json:"port"`
		FallbackPolicy string             `json:"fallbackPolicy"`
	} `json:"defaults"`
	GateOnReadiness *bool `json:"gateOnReadiness"`
	Rules           map[string]struct {
		Mode   *modeText      `json:"mode"`
		Params map[string]any `json:"params"`
	} `json:"rules"`
	Namespaces []namespaceFile `json:"namespaces"`
	Exceptions []exceptionFile `json:"exceptions"`
	Policies   []string        `json:"policies"`
}

// decodeConfig returns what could be read, with an error for all that can be said without knowing
// the rules. A file that is wrong as a whole, or of another version, is fatal: then nothing of it
// means anything.
func decodeConfig(text []byte) (file configFile, fatal, err error) {
	if documents(text) > 1 {
		return file, errors.New("must be one YAML document"), nil
	}
	asJSON, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		return file, fmt.Errorf("parse YAML: %s", plain(err)), nil
	}
	if !bytes.HasPrefix(asJSON, []byte("{")) {
		const must = "must be a mapping that begins with apiVersion: %s, kind: %s"
		return file, fmt.Errorf(must, configAPIVersion, configKind), nil
	}
	// sigs.k8s.io/json, because it minds the case of keys and gives the whole path of an unknown
	// one.
	strict, err := kjson.UnmarshalStrict(asJSON, &file)
	if err != nil {
		return file, errors.New(plain(err)), nil
	}
	for i, e := range strict {
		strict[i] = errors.New(plain(e))
	}
	slices.SortFunc(strict, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	// The version first: the other errors may only come from a file of another version.
	switch {
	case file.APIVersion != configAPIVersion:
		return file, fmt.Errorf("apiVersion: %q must be %q", file.APIVersion, configAPIVersion), nil
	case file.Kind != configKind:
		return file, fmt.Errorf("kind: %q must be %q", file.Kind, configKind), nil
	}
	return file, nil, errors.Join(append(strict, file.checkModes()...)...)
}

// documents counts the documents with content. "---" in the first column marks one wherever it
// stands, and the decoder would silently drop all but the first.
func documents(text []byte) int {
	n, filled := 0, false
	for line := range strings.Lines(string(text)) {
		content := strings.TrimRight(line, " \t\r\n")
		rest, marker := strings.CutPrefix(content, "---")
		if marker && (rest == "" || rest[0] == ' ' || rest[0] == '\t') {
			filled = false
			content = strings.TrimLeft(rest, " \t")
		}
		content = strings.TrimLeft(content, " \t")
		if content != "" && content[0] != '#' && content != "..." && !filled {
			n, filled = n+1, true
		}
	}
	return n
}

// plain words a decoder's error for people who don't know Go, on one line.
func plain(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	for _, prefix := range []string{"error converting YAML to JSON: ", "yaml: unmarshal errors: ", "yaml: ", "json: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	if key, ok := strings.CutPrefix(text, "unknown field "); ok {
		return strings.Trim(key, `"`) + ": unknown key"
	}
	if rest, ok := strings.CutPrefix(text, "cannot unmarshal "); ok {
		if got, more, ok := strings.Cut(rest, " into Go "); ok {
			if place, kind, ok := strings.Cut(more, " of type "); ok {
				_, path, _ := strings.Cut(strings.TrimPrefix(place, "struct field "), ".")
				hint := ""
				if described(kind) == "a text" {
					hint = ": put it in quotes"
				}
				return fmt.Sprintf("%s: must be %s, is a %s%s", path, described(kind), got, hint)
			}
		}
	}
	return text
}

func described(goType string) string {
	switch {
	case strings.HasPrefix(goType, "[]"):
		return "a list"
	case strings.HasSuffix(goType, "int"):
		return "a whole number"
	case strings.HasSuffix(goType, "bool"):
		return "true or false"
	case strings.HasSuffix(goType, "string") && !strings.Contains(goType, "map["):
		return "a text"
	}
	return "a mapping"
}
