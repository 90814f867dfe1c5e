package convention

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/util/validation"
)

// Read makes a Version of an annotated Deployment and says what is wrong with it. It always returns
// a version if the Deployment belongs to an app, so that a broken one still counts; it returns nil
// if it does not.
func Read(d *Deployment, keys LabelKeys) (*Version, []Finding) {
	r := reader{annotations: d.Annotations}
	r.unknownKeys()
	r.findings = append(r.findings, Misplaced(deploymentKind, d)...)
	app, ok := r.annotations[KeyApp]
	if !ok {
		r.needsApp()
		return nil, r.findings
	}
	v := &Version{
		Namespace: d.Namespace, Deployment: d.Name, UID: d.UID,
		Created: d.CreationTimestamp.Time, App: app, Replicas: 1,
		Available: d.Status.AvailableReplicas, Ready: d.Status.ReadyReplicas,
		template: &d.Spec.Template,
	}
	if d.Spec.Replicas != nil {
		v.Replicas = *d.Spec.Replicas
	}
	for _, c := range d.Spec.Template.Containers {
		v.Ports = append(v.Ports, c.Ports...)
		v.Unlisted = v.Unlisted || len(c.Ports) == 0
	}
	for _, c := range d.Spec.Template.Sidecars {
		v.SidecarPorts = append(v.SidecarPorts, c.Ports...)
		v.Unlisted = v.Unlisted || len(c.Ports) == 0
	}
	r.check(KeyApp, parseApp(app), "name the app like its Service, for example echo")
	if d.Namespace == SystemNamespace {
		r.warn(KeyApp, "has no effect in namespace "+d.Namespace+", where Aviary keeps nothing", "use another namespace")
	}
	name, known := r.version(d, app, keys)
	v.Name = name
	r.rollout(v)
	if !known { // its pods can't be told apart, so it gets no traffic and moves none
		v.Role, v.Weight, v.Unreadable = Standby, 0, true
	}
	r.appWide(v)
	r.hands(v)
	r.stamps(v)
	return v, r.findings
}

type reader struct {
	annotations map[string]string
	findings    []Finding
}

func (r *reader) add(key, message, fix string) {
	r.findings = append(r.findings, Finding{Key: key, Field: Annotation(key), Message: message, Fix: fix})
}

func (r *reader) warn(key, message, fix string) {
	r.add(key, message, fix)
	r.findings[len(r.findings)-1].Warning = true
}

// check reports err, if there is one, and whether there was none.
func (r *reader) check(key string, err error, fix string) bool {
	if err != nil {
		r.add(key, err.Error(), fix)
	}
	return err == nil
}

func (r *reader) unknownKeys() {
	for _, key := range slices.Sorted(maps.Keys(r.annotations)) {
		switch {
		case !strings.HasPrefix(key, Prefix) || strings.HasPrefix(key, freePrefix):
		case !slices.Contains(deploymentKeys, key):
			fix := "remove it; keys of your own may begin with " + freePrefix
			if near := Nearest(key, deploymentKeys); near != "" {
				fix = "did you mean " + near + "?"
			}
			r.add(key, "is not an annotation that Aviary knows", fix)
		case len(r.annotations[key]) > maxAnnotationBytes:
			r.add(key, fmt.Sprintf("must have at most %d bytes, not %d", maxAnnotationBytes, len(r.annotations[key])),
				"shorten it")
			r.annotations = maps.Clone(r.annotations)
			r.annotations[key] = r.annotations[key][:maxAnnotationBytes] // no parser sees more
		}
	}
}

func (r *reader) needsApp() {
	for _, key := range deploymentKeys {
		if _, ok := r.annotations[key]; ok && !slices.Contains(appless, key) {
			r.add(KeyApp, "is missing, so "+key+" has no effect",
				"set "+KeyApp+" to the app's name, or remove Aviary's annotations")
			return
		}
	}
}

// version is the annotation; else the pod template's label; else what follows "<app>-" in the name. It reports whether
// that is a version.
func (r *reader) version(d *Deployment, app string, keys LabelKeys) (string, bool) {
	if text, ok := r.annotations[KeyVersion]; ok {
		return text, r.check(KeyVersion, parseVersion(text), "for example v2")
	}
	text, from := d.Spec.Template.Labels[keys.Version], "the pod template's label "+keys.Version
	if text == "" {
		text, _ = strings.CutPrefix(d.Name, app+"-")
		if from = "the Deployment's name"; text == d.Name {
			why := fmt.Sprintf("is missing, and the name %s does not begin with %s", quote(d.Name), quote(app+"-"))
			if d.Name == "" {
				why = "is missing, and the Deployment has no name yet from which it could be taken"
			}
			r.add(KeyVersion, why, "set it, for example to v2")
			return text, false
		}
	}
	err := parseVersion(text)
	if err != nil {
		r.add(KeyVersion, "is missing, and cannot be taken from "+from+": "+err.Error(), "set it, for example to v2")
	}
	return text, err == nil
}

// rollout reads what moves traffic.
func (r *reader) rollout(v *Version) {
	if text, ok := r.annotations[KeyRole]; ok {
		role, err := parseRole(text)
		v.Role = role
		if !r.check(KeyRole, err, "for example canary") {
			v.Role, v.Unreadable = Standby, true
		}
	}
	if text, ok := r.annotations[KeyWeight]; ok {
		n, err := parseInt(text, 0, 100)
		v.Weight = n
		switch {
		case !r.check(KeyWeight, err, `for example "10"`):
			v.Unreadable = true
		case v.Role != Canary:
			r.warn(KeyWeight, "has no effect on a version that is no canary", "set "+KeyRole+": canary, or remove it")
			v.Weight = 0
		}
	}
	if text, ok := r.annotations[KeyHeaders]; ok {
		headers, err := parseHeaders(text)
		v.Headers, v.HeadersStated = headers, true
		if r.check(KeyHeaders, err, "for example stage=canary") && v.Role != Canary {
			r.warn(KeyHeaders, "has no effect on a version that is no canary", "set "+KeyRole+": canary, or remove it")
		}
	}
	v.Ungated = r.truth(KeyUngated)
}

func (r *reader) truth(key string) bool {
	text, ok := r.annotations[key]
	if ok && text != "true" && text != "false" {
		r.add(key, quote(text)+` must be "true" or "false"`, "remove it, or quote the value")
	}
	return text == "true"
}

// hands reads what binds or frees Aviary's own hands.
func (r *reader) hands(v *Version) {
	v.Retire = r.truth(KeyRetire)
	if text, ok := r.annotations[KeyUse]; ok {
		v.Use = parseUse(text)
	}
	if text, ok := r.annotations[KeyOverride]; ok {
		var err error
		v.Override, err = ParseOverride(text)
		r.check(KeyOverride, err, `for example "stranded-traffic: INC-42"`)
	}
}

// appWide reads what belongs to the app as a whole.
func (r *reader) appWide(v *Version) {
	if text, ok := r.annotations[KeyAPIGroup]; ok {
		v.APIGroup = text
		r.check(KeyAPIGroup, parseLabelValue(text), "for example example")
	}
	if text, ok := r.annotations[KeyPaths]; ok {
		paths, err := parsePaths(text)
		v.Paths = paths
		if !r.check(KeyPaths, err, "for example /echo") {
			v.Unreadable = true // the default may drop paths that are live
		}
	}
	if text, ok := r.annotations[KeyPort]; ok {
		n, err := parseInt(text, 1, 65535)
		v.Port = int32(n) //nolint:gosec // at most 65535
		r.check(KeyPort, err, `for example "80"`)
	}
	if text, ok := r.annotations[KeyTargetPort]; ok {
		v.TargetPort = text
		if _, err := parseInt(text, 1, 65535); err != nil && len(validation.IsValidPortName(text)) > 0 {
			r.add(KeyTargetPort, quote(text)+" must be a number from 1 to 65535 or the name of a container port",
				`for example "8080"`)
		}
	}
}

func (r *reader) stamps(v *Version) {
	v.PromotedAt = r.stamp(KeyPromotedAt)
	v.WeightRaisedAt = r.stamp(KeyWeightRaisedAt)
	v.OverriddenAt = r.stamp(KeyOverriddenAt)
}

func (r *reader) stamp(key string) time.Time {
	text, ok := r.annotations[key]
	if !ok {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		r.add(key, quote(text)+" must be a time in RFC 3339", "remove it: Aviary sets it")
	}
	return t
}
