package stories

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
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
	s.step("a warning stands: an upstream that does not exist")
	stray := replace(s.table("stray", destination{"v1", 0}), "upstream: {name: echo", "upstream: {name: ecko")
	s.apply(stray).mustSucceed()
	reports := s.objects.Resource(schema.GroupVersionResource{Group: "openreports.io", Version: "v1alpha1", Resource: "reports"}).Namespace(s.namespace)
	s.eventually("the report to tell of it", func() error {
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
		return fmt.Errorf("it tells of %v", report.Object["results"])
	})
	s.step("it is gone, and so is the report")
	s.kubectl("", "delete", "routetable", "stray").mustSucceed()
	s.eventually("the report to go", func() error {
		report, err := reports.Get(s.Context(), "aviary", metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			return nil
		}
		if err == nil {
			err = fmt.Errorf("it tells of %v", report.Object["results"])
		}
		return err
	})
}

// openReportsCRD returns the path of the CRD of Reports.
func openReportsCRD(s *story) string {
	s.Helper()
	root, err := aviary.Root()
	if err != nil {
		s.Fatal(err)
	}
	find := exec.CommandContext(s.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/openreports/reports-api")
	find.Dir = root
	dir, err := find.Output()
	if err != nil {
		s.Fatal(errors.Join(err, errors.New("find the module of OpenReports")))
	}
	return filepath.Join(strings.TrimSpace(string(dir)), "config", "crd", "openreports.io_reports.yaml")
}
