package manifest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"sigs.k8s.io/yaml"
)

// deployment is an object as charts write it. %d makes its name.
const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: echo-%d
  namespace: echo
  annotations:
    aviary.dev/app: echo
    aviary.dev/weight: "10"
spec:
  replicas: 3
  selector:
    matchLabels:
      app: echo
      version: v2
  template:
    metadata:
      labels:
        app: echo
        version: v2
    spec:
      containers:
      - name: main
        image: registry.example.com/team/echo:v2
        args: ["-listen=:8080", '-log=json'] # both
        env:
        - name: LOG_LEVEL
          value: info
        ports:
        - {name: http, containerPort: 8080}
        resources:
          limits: {cpu: 500m, memory: 256Mi}
`

// BenchmarkRead reads 20,000 objects, in each form that they come in.
func BenchmarkRead(b *testing.B) {
	const n = 20_000
	var stream, list, jsonStream bytes.Buffer
	list.WriteString("apiVersion: v1\nitems:\n")
	items := make([]json.RawMessage, n)
	for i := range items {
		object := fmt.Appendf(nil, deployment, i)
		fmt.Fprintf(&stream, "---\n%s", object)
		lines := bytes.ReplaceAll(bytes.TrimSpace(object), []byte("\n"), []byte("\n  "))
		fmt.Fprintf(&list, "- %s\n", lines)
		var err error
		if items[i], err = yaml.YAMLToJSON(object); err != nil {
			b.Fatal(err)
		}
		fmt.Fprintf(&jsonStream, "%s\n", items[i])
	}
	list.WriteString("kind: List\n")
	jsonList := map[string]any{"apiVersion": "v1", "items": items, "kind": "List"}
	line, _ := json.Marshal(jsonList)
	pretty, _ := json.MarshalIndent(jsonList, "", "    ")
	for _, form := range []struct {
		name string
		text []byte
	}{
		{"JSON List", pretty},
		{"JSON List in one line", line},
		{"JSON stream", jsonStream.Bytes()},
		{"YAML List", list.Bytes()},
		{"YAML stream", stream.Bytes()},
	} {
		b.Run(form.name, func(b *testing.B) {
			b.SetBytes(int64(len(form.text)))
			b.ReportAllocs()
			for b.Loop() {
				documents := 0
				err := read("x", bytes.NewReader(form.text), func(Document) error { documents++; return nil })
				if err != nil || documents != n {
					b.Fatal(documents, err)
				}
			}
		})
	}
}

// BenchmarkFastYAML compares the fast reader with the library, to which it leaves what is unusual.
func BenchmarkFastYAML(b *testing.B) {
	text := fmt.Appendf(nil, deployment, 1)
	for _, reader := range []struct {
		name   string
		toJSON func([]byte) ([]byte, bool)
	}{
		{"fast", fastYAML},
		{"library", func(text []byte) ([]byte, bool) {
			out, err := yaml.YAMLToJSON(text)
			return out, err == nil
		}},
	} {
		b.Run(reader.name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, ok := reader.toJSON(text); !ok {
					b.Fatal("not read")
				}
			}
		})
	}
}
