package main

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"sigs.k8s.io/yaml"
)

const (
	perApp  = 5  // objects
	perFile = 20 // apps of a namespace, which are one file of YAML
	// wrongEvery is the number of apps among which one has weights that don't sum to 100. Every
	// program must find it.
	wrongEvery = 100
)

// app is five objects of an app, as charts write them.
//
//go:embed app.yaml
var app string

// write writes n objects below a folder. YAML is one file for each namespace, as `helm template`
// prints it. JSON is one file for each object, because conftest reads only one document from a file
// of JSON. It returns how many RouteTables are wrong.
func write(folder, format string, n int) (wrong int, err error) {
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return 0, err
	}
	var file strings.Builder
	apps := n / perApp
	for i := range apps {
		weight := "90"
		if i%wrongEvery == wrongEvery/2 {
			weight = "80"
			wrong++
		}
		space := fmt.Sprintf("team-%d", i/perFile)
		text := strings.NewReplacer("NAME", fmt.Sprintf("app-%d", i), "SPACE", space, "WEIGHT", weight).Replace(app)
		if format == "json" {
			if err := writeJSON(folder, i, text); err != nil {
				return 0, err
			}
			continue
		}
		file.WriteString("---\n" + text)
		if (i+1)%perFile == 0 || i+1 == apps {
			if err := os.WriteFile(filepath.Join(folder, space+".yaml"), []byte(file.String()), 0o600); err != nil {
				return 0, err
			}
			file.Reset()
		}
	}
	syscall.Sync() // Otherwise the system would still write while the first program is measured.
	return wrong, nil
}

// writeJSON writes the objects of an app, one file each.
func writeJSON(folder string, app int, text string) error {
	for j, document := range strings.Split(text, "---\n") {
		asJSON, err := yaml.YAMLToJSON([]byte(document))
		if err != nil {
			return err
		}
		path := filepath.Join(folder, fmt.Sprintf("app-%d-%d.json", app, j))
		if err := os.WriteFile(path, asJSON, 0o600); err != nil {
			return err
		}
	}
	return nil
}
