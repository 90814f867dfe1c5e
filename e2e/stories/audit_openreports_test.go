package stories

import (
	"fmt"
	"path/filepath"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/e2e/aviary"
)

// TestReports has a namespace's findings reported as an OpenReports Report, which goes with the
// last finding. The CRD is the one of the OpenReports module.
func TestReports(t *testing.T) {
	t.Parallel()
	s := begin(t, "reports")
	s.exposeTables()
	s.kubectl("", "apply", "--server-side", "-f", openReportsCRD(s)).mustSucceed()
	s.rolloutTo("weight=50")
	s.step("a finding: an upstream that does not exist")
	stray := replace(s.table("stray", destination{"v1", 0}), "upstream: {name: echo", "upstream: {name: ecko")
	s.apply(stray).mustSucceed()
	reports := s.objects.Resource(schema.GroupVersionResource{
		Group: "openreports.io", Version: "v1alpha1", Resource: "reports",
	}).Namespace(s.namespace)
	s.eventually("the Report to have the finding", func() error {
		report, err := reports.Get(s.Context(), "aviary", metav1.GetOptions{})
		if err != nil {
			return err
		}
		for _, result := range list(report.Object, "results") {
			subjects := list(result, "resources")
			if result["policy"] == "upstream-known" && len(subjects) == 1 && subjects[0]["name"] == "stray" {
				if warned, _, _ := unstructured.NestedInt64(report.Object, "summary", "warn"); warned < 1 {
					return fmt.Errorf("its summary counts %d warnings", warned)
				}
				return nil
			}
		}
		return fmt.Errorf("it has %v", report.Object["results"])
	})
	s.step("the RouteTable is deleted, and so is the Report")
	s.kubectl("", "delete", "routetable", "stray").mustSucceed()
	s.eventually("the Report to be deleted", func() error {
		report, err := reports.Get(s.Context(), "aviary", metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			return nil
		}
		if err == nil {
			err = fmt.Errorf("it has %v", report.Object["results"])
		}
		return err
	})
}

// openReportsCRD returns the path of the CRD of Reports.
func openReportsCRD(s *story) string {
	s.Helper()
	root, err := aviary.Root()
	s.must(err)
	module := s.moduleDir(root, "github.com/openreports/reports-api")
	return filepath.Join(module, "config", "crd", "openreports.io_reports.yaml")
}
