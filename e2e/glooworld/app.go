package glooworld

// loose is an object as Generate writes it, with what the model itself doesn't read.
type loose struct {
	object
	Spec map[string]any `json:"spec"`
}

// newStatic returns an Upstream outside of the cluster.
func newStatic(namespace, name string) loose {
	hosts := []map[string]any{{"addr": name + ".example", "port": 80}}
	return loose{
		head("gloo.solo.io", "Upstream", namespace, name),
		map[string]any{"static": map[string]any{"hosts": hosts}},
	}
}

// app makes an app with three versions: Deployments, a Service, and an Upstream, mostly with a subset for each.
func (d *draft) app() {
	labels := map[string]string{"app": "echo"}
	kube := map[string]any{
		"serviceName": "echo", "serviceNamespace": "a", "servicePort": 80, "selector": labels,
	}
	if keys := pick(d, []string{"version"}, []string{"version"}, []string{"version", "zone"}, nil); keys != nil {
		kube["subsetSpec"] = map[string]any{"selectors": []map[string]any{{"keys": keys}}}
	}
	d.others = append(d.others,
		loose{head("gloo.solo.io", "Upstream", "a", "echo"), map[string]any{"kube": kube}},
		loose{newCore("Service", "a", "echo"), map[string]any{
			"selector": labels, "ports": []map[string]any{{"port": 80, "targetPort": 8080}},
		}})
	for _, version := range []string{"v1", "v2", "v3"} {
		d.others = append(d.others, newDeployment(version))
	}
}

func newCore(kind, namespace, name string) object {
	o := head("", kind, namespace, name)
	o.APIVersion = "v1"
	return o
}

func newDeployment(version string) loose {
	labels := map[string]string{"app": "echo", "version": version}
	container := map[string]any{"name": "app", "image": "app:" + version}
	return loose{head("apps", "Deployment", "a", "echo-"+version), map[string]any{
		"selector": map[string]any{"matchLabels": labels},
		"template": map[string]any{
			"metadata": map[string]any{"labels": labels},
			"spec":     map[string]any{"containers": []map[string]any{container}},
		},
	}}
}
