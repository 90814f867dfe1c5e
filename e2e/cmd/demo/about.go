package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// ownersOf returns the names of an object's owners, sorted.
func ownersOf(o *unstructured.Unstructured) (names []string) {
	for _, owner := range o.GetOwnerReferences() {
		names = append(names, owner.Name)
	}
	slices.Sort(names)
	return names
}

// aboutService describes a Service in a few words, aboutUpstream an Upstream.
func aboutService(o *unstructured.Unstructured) (string, error) {
	var service struct {
		Spec struct {
			Selector map[string]string
			Ports    []struct {
				Port       int
				TargetPort any
			}
		}
	}
	err := decode(o, &service)
	if err != nil || len(service.Spec.Ports) != 1 || len(service.Spec.Selector) != 1 ||
		service.Spec.Selector["app"] != app {
		return "", errors.Join(err,
			fmt.Errorf("must have one port and select app=%s alone, has %+v", app, service.Spec))
	}
	port := service.Spec.Ports[0]
	return fmt.Sprintf("port %d → %v, Pods of app=%s", port.Port, port.TargetPort, app), nil
}

func aboutUpstream(o *unstructured.Unstructured) (string, error) {
	var upstream struct {
		Spec struct {
			Kube struct {
				ServiceName string
				ServicePort int
				SubsetSpec  struct{ Selectors []struct{ Keys []string } }
			}
		}
	}
	err := decode(o, &upstream)
	kube := upstream.Spec.Kube
	if err != nil || len(kube.SubsetSpec.Selectors) != 1 ||
		!slices.Equal(kube.SubsetSpec.Selectors[0].Keys, []string{"version"}) {
		return "", errors.Join(err, fmt.Errorf("must have subsets by version, has %+v", kube))
	}
	return fmt.Sprintf("Service %s:%d, in subsets by version", kube.ServiceName, kube.ServicePort), nil
}

// decode converts the part of an object that into has fields for.
func decode(o *unstructured.Unstructured, into any) error {
	text, err := o.MarshalJSON()
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}
