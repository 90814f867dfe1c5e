// Package source reads Kubernetes manifests as they are kept in files: YAML streams, JSON, Lists, folders of these. It
// hands on one object's text after the other with the line where it begins, so that no file has to fit in memory.
package source
