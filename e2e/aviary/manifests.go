package aviary

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// render returns the manifests as they are installed here.
func (i *Instance) render(ctx context.Context) ([]*unstructured.Unstructured, error) {
	root, err := Root()
	if err != nil {
		return nil, err
	}
	overlay := cmp.Or(i.options.Overlay, filepath.Join(root, "manifests", "base"))
	if i.options.CertManager {
		overlay = filepath.Join(root, "manifests", "cert-manager")
	}
	text, _, err := i.cp.Kubectl(ctx, "", "kustomize", overlay)
	if err != nil {
		return nil, err
	}
	objects, err := Decode(text)
	if err != nil {
		return nil, fmt.Errorf("decode %s: %w", overlay, err)
	}
	var installed []*unstructured.Unstructured
	for _, o := range objects {
		switch o.GetKind() {
		case "Deployment", "PodDisruptionBudget":
			continue // The process is instead of it.
		case "Service":
			err = i.patchService(o)
		case "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration":
			err = i.patchWebhooks(o)
		}
		if err != nil {
			return nil, fmt.Errorf("patch %s %s: %w", o.GetKind(), o.GetName(), err)
		}
		installed = append(installed, o)
	}
	return installed, nil
}

// patchService sets the Service's address to that of the process. No kube-proxy translates ports,
// so the Service has the port that the process listens on.
func (i *Instance) patchService(o *unstructured.Unstructured) error {
	if i.external {
		return nil
	}
	unstructured.RemoveNestedField(o.Object, "spec", "selector")
	return errors.Join(
		unstructured.SetNestedField(o.Object, i.host, "spec", "clusterIP"),
		unstructured.SetNestedSlice(o.Object, []any{map[string]any{
			"name": "webhook", "port": int64(i.port), "protocol": "TCP",
		}}, "spec", "ports"),
	)
}

// patchWebhooks points the webhooks to the process and sets their caBundle, unless cert-manager
// does.
func (i *Instance) patchWebhooks(o *unstructured.Unstructured) error {
	webhooks, found, err := unstructured.NestedSlice(o.Object, "webhooks")
	if err != nil || !found {
		return errors.Join(err, errors.New("it has no webhooks"))
	}
	for _, w := range webhooks {
		config, found, err := unstructured.NestedMap(w.(map[string]any), "clientConfig")
		if err != nil || !found {
			return errors.Join(err, errors.New("a webhook has no clientConfig"))
		}
		target := config["service"].(map[string]any)
		target["port"] = int64(i.port)
		if i.external {
			config["url"] = fmt.Sprintf("https://%s%s", i.Address, target["path"])
			delete(config, "service")
		}
		if i.CA != nil {
			config["caBundle"] = base64.StdEncoding.EncodeToString(i.CA.CertPEM)
		}
		w.(map[string]any)["clientConfig"] = config
	}
	return unstructured.SetNestedSlice(o.Object, webhooks, "webhooks")
}

// ApplyCRDs applies Gloo's CRDs and waits until their kinds are served.
func (i *Instance) ApplyCRDs(ctx context.Context) error {
	root, err := Root()
	if err != nil {
		return err
	}
	from := []string{"-k", filepath.Join(root, "manifests", "crds")}
	if i.options.CRDs != "" {
		from = []string{"-f", i.options.CRDs}
	}
	names, _, err := i.cp.Kubectl(ctx, "", append([]string{"apply", "--server-side", "-o", "name"}, from...)...)
	if err != nil {
		return err
	}
	_, _, err = i.cp.Kubectl(ctx, "",
		append([]string{"wait", "--for=condition=Established", "--timeout=60s"}, strings.Fields(names)...)...)
	return err
}

// apply applies either the webhook configurations or everything else.
func (i *Instance) apply(ctx context.Context, objects []*unstructured.Unstructured, webhooks bool) error {
	var text bytes.Buffer
	for _, o := range objects {
		if strings.HasSuffix(o.GetKind(), "WebhookConfiguration") != webhooks {
			continue
		}
		json, err := o.MarshalJSON()
		if err != nil {
			return err
		}
		fmt.Fprintf(&text, "---\n%s\n", json)
	}
	_, _, err := i.cp.Kubectl(ctx, text.String(), "apply", "--server-side", "-f", "-")
	return err
}

// Decode parses YAML with any number of documents.
func Decode(text string) (objects []*unstructured.Unstructured, err error) {
	decoder := yaml.NewYAMLOrJSONDecoder(strings.NewReader(text), 4096)
	for {
		o := &unstructured.Unstructured{}
		err := decoder.Decode(o)
		if errors.Is(err, io.EOF) {
			return objects, nil
		}
		if err != nil {
			return nil, err
		}
		if len(o.Object) > 0 { // An empty document is none.
			objects = append(objects, o)
		}
	}
}
