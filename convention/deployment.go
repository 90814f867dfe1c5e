package convention

import (
	"encoding/json"
	"slices"

	jsonv2 "github.com/go-json-experiment/json"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Meta is ObjectMeta without the managed fields, which are the larger half of a typical object: they are skipped while
// decoding, where nobody asks whether Aviary wrote the object.
type Meta struct {
	metav1.ObjectMeta
	ManagedFields skipped `json:"managedFields,omitzero"`
}

type skipped struct{}

func (*skipped) UnmarshalJSON([]byte) error { return nil }

// Deployment is what Aviary reads of an apps/v1 Deployment; StatefulSets and DaemonSets fit as well. One decoder serves
// admission, watches, live reads and files, so that all of them see the same.
type Deployment struct {
	metav1.TypeMeta
	Meta   `json:"metadata"`
	Spec   DeploymentSpec   `json:"spec"`
	Status DeploymentStatus `json:"status"`
}

// DeploymentSpec is the part of the spec that is read.
type DeploymentSpec struct {
	Replicas *int32                `json:"replicas,omitempty"`
	Selector *metav1.LabelSelector `json:"selector,omitempty"`
	Template Template              `json:"template"`
}

// Template is a pod template: the parts that are read, and the text that they were read from.
type Template struct {
	Labels, Annotations map[string]string
	Containers          []Container
	// Sidecars are the init containers that go on running.
	Sidecars    []Container
	raw         json.RawMessage
	hasMetadata bool
}

// Container is a container with its ports.
type Container struct {
	Name  string          `json:"name"`
	Ports []ContainerPort `json:"ports,omitempty"`
	// RestartPolicy is an init container's: one with Always goes on running.
	RestartPolicy string `json:"restartPolicy,omitempty"`
}

// ContainerPort is a port that a container lists.
type ContainerPort struct {
	Name          string `json:"name,omitempty"`
	ContainerPort int32  `json:"containerPort"`
	// Protocol is TCP where it is empty.
	Protocol string `json:"protocol,omitempty"`
}

// DeploymentStatus is the part of the status that is read.
type DeploymentStatus struct {
	AvailableReplicas int32 `json:"availableReplicas,omitempty"`
	ReadyReplicas     int32 `json:"readyReplicas,omitempty"`
	// NumberReady and NumberAvailable are a DaemonSet's.
	NumberReady     int32 `json:"numberReady,omitempty"`
	NumberAvailable int32 `json:"numberAvailable,omitempty"`
}

// UnmarshalJSON keeps a copy of the text, for Template.hash.
func (t *Template) UnmarshalJSON(data []byte) error {
	var in struct {
		Metadata *struct {
			Labels      map[string]string `json:"labels"`
			Annotations map[string]string `json:"annotations"`
		} `json:"metadata"`
		Spec struct {
			Containers []Container `json:"containers"`
			Sidecars   []Container `json:"initContainers"`
		} `json:"spec"`
	}
	if err := jsonv2.Unmarshal(data, &in); err != nil {
		return err
	}
	sidecars := slices.DeleteFunc(in.Spec.Sidecars, func(c Container) bool { return c.RestartPolicy != "Always" })
	*t = Template{Containers: in.Spec.Containers, Sidecars: sidecars, hasMetadata: in.Metadata != nil}
	if in.Metadata != nil {
		t.Labels, t.Annotations = in.Metadata.Labels, in.Metadata.Annotations
	}
	t.raw = append(json.RawMessage(nil), data...)
	return nil
}

// MarshalJSON returns back the text that was read.
func (t Template) MarshalJSON() ([]byte, error) {
	if t.raw == nil {
		return []byte("{}"), nil
	}
	return t.raw, nil
}

// DeepCopyObject makes a Deployment a runtime.Object, for client-go.
func (d *Deployment) DeepCopyObject() runtime.Object {
	out := *d
	out.ObjectMeta = *d.DeepCopy()
	out.Spec.Selector = d.Spec.Selector.DeepCopy()
	return &out // the template is never written to
}

// DeploymentList is a list of Deployments.
type DeploymentList struct {
	metav1.TypeMeta
	metav1.ListMeta `json:"metadata"`
	Items           []Deployment `json:"items"`
}

// DeepCopyObject makes a DeploymentList a runtime.Object.
func (l *DeploymentList) DeepCopyObject() runtime.Object {
	out := *l
	out.Items = make([]Deployment, len(l.Items))
	for i := range l.Items {
		out.Items[i] = *l.Items[i].DeepCopyObject().(*Deployment)
	}
	return &out
}
